import { screen, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";

import { PIN } from "../src/backend/fakePeople";
import { openDesk, sentBy } from "./desk";

const heading = (name: string) => screen.findByRole("heading", { level: 1, name });
const pinField = () => screen.getByLabelText("Ihre PIN");
const chosen = () => screen.queryAllByRole("option", { selected: true }).map((each) => each.textContent);

describe("signing in", () => {
  it("chooses nobody by itself where several people work", async () => {
    const open = await openDesk("sign-in");
    // Another window came to the front and went again.
    screen.getByRole("listbox").blur();
    screen.getByRole("listbox").focus();
    expect(chosen()).toEqual([]);
    expect(screen.getByRole("button", { name: /^Anmelden/u })).toBeDisabled();
    await open.user.click(pinField());
    await open.user.keyboard(`${PIN}{Enter}`);
    expect(sentBy(open)).toEqual([]);
  });

  it("goes by keyboard alone: the letters of a name, Enter, the PIN, Enter", async () => {
    const open = await openDesk("sign-in");
    await open.user.keyboard("z{Enter}");
    expect(chosen()).toEqual([expect.stringContaining("Z. Zaunkönig")]);
    expect(pinField()).toHaveFocus();
    await open.user.keyboard(`${PIN}{Enter}`);
    await heading("Gesundheitskarte einstecken");
    expect(sentBy(open)).toEqual(["sign_in"]);
    expect(screen.getByRole("banner")).toHaveTextContent("Z. Zaunkönig");
  });

  it("goes on to the PIN when a name is clicked", async () => {
    const open = await openDesk("sign-in");
    await open.user.click(screen.getByRole("option", { name: /F\. Fasan/u }));
    expect(chosen()).toEqual([expect.stringContaining("F. Fasan")]);
    expect(pinField()).toHaveFocus();
  });

  it("asks who is alone for nothing but the PIN", async () => {
    await openDesk("sign-in-one");
    expect(chosen()).toEqual([expect.stringContaining("D. Dohle")]);
    expect(pinField()).toHaveFocus();
  });

  it("says at the field how many tries are left, and forgets the wrong PIN", async () => {
    const open = await openDesk("sign-in-one");
    await open.user.keyboard("111111{Enter}");
    expect(pinField()).toHaveFocus();
    expect(pinField()).toHaveValue("");
    expect(pinField()).toHaveAccessibleDescription("Die PIN stimmt nicht. Noch 4 Versuche.");
    expect(screen.getByRole("alert")).toBeEmptyDOMElement();
  });

  it("says until when a PIN is locked", async () => {
    await openDesk("sign-in-locked-out");
    expect(screen.getByRole("alert")).toHaveTextContent(/^Diese PIN ist bis \d\d:\d\d Uhr gesperrt\./u);
  });

  it("forgets a typed PIN when somebody else is chosen", async () => {
    const open = await openDesk("sign-in");
    await open.user.click(screen.getByRole("option", { name: /D\. Dohle/u }));
    await open.user.keyboard("258");
    await open.user.click(screen.getByRole("option", { name: /F\. Fasan/u }));
    expect(pinField()).toHaveValue("");
  });

  it("never shows a PIN, offers to remember it or keeps it", async () => {
    const open = await openDesk("sign-in-one");
    await open.user.keyboard(PIN);
    expect(pinField()).toHaveAttribute("type", "password");
    expect(pinField()).toHaveAttribute("autocomplete", "off");
    expect(JSON.stringify(Object.entries(localStorage))).not.toContain(PIN);
    expect(document.body.textContent).not.toContain(PIN);
  });

  it("shows nobody in the bar, and no way to lock", async () => {
    const open = await openDesk("sign-in");
    expect(screen.queryByRole("button", { name: /^Sperren/u })).toBeNull();
    await open.user.keyboard("{Control>}l{/Control}");
    expect(sentBy(open)).toEqual([]);
  });
});

describe("locking", () => {
  it.each(["concern", "document", "face", "summary", "hand-over", "start", "today"] as const)(
    "works with Ctrl+L from %s, wherever the focus is",
    async (scene) => {
      const open = await openDesk(scene);
      await open.user.keyboard("{Control>}l{/Control}");
      await heading("Dieser Platz ist gesperrt");
      expect(sentBy(open)).toEqual(["lock"]);
    },
  );

  it("works while a question is open", async () => {
    const open = await openDesk("concern");
    await open.user.keyboard("{Escape}");
    screen.getByRole("alertdialog");
    await open.user.keyboard("{Control>}l{/Control}");
    await heading("Dieser Platz ist gesperrt");
    expect(screen.queryByRole("alertdialog")).toBeNull();
  });

  it("works with Caps Lock on", async () => {
    const open = await openDesk("start");
    await open.user.keyboard("{Control>}L{/Control}");
    expect(sentBy(open)).toEqual(["lock"]);
  });

  it("shows nothing of the visit, not even that it has steps", async () => {
    const open = await openDesk("document");
    expect(document.body.textContent).toContain("Buntspecht");
    await open.user.keyboard("{Control>}l{/Control}");
    await heading("Dieser Platz ist gesperrt");
    expect(document.body.textContent).not.toMatch(/Buntspecht|1988|895/u);
    expect(screen.queryByRole("complementary")).toBeNull();
    expect(screen.queryByRole("navigation")).toBeNull();
    expect(document.title).not.toContain("Ausweis");
  });

  it("brings the visit back with the PIN of who locked it", async () => {
    const open = await openDesk("document");
    await open.user.keyboard("{Control>}l{/Control}");
    expect(pinField()).toHaveFocus();
    await open.user.keyboard(`${PIN}{Enter}`);
    await heading("Ausweis ansehen");
    expect(sentBy(open)).toEqual(["lock", "unlock"]);
  });

  it("says who may unlock an open visit, and that a supervisor takes it over", async () => {
    const open = await openDesk("locked-visit");
    expect(screen.getByText(/Entsperren können D\. Dohle und die Teamleitung/u)).toBeVisible();
    expect(screen.getAllByRole("option")).toHaveLength(2);
    expect(screen.queryByText("Sie übernehmen den offenen Besuch.")).toBeNull();
    await open.user.click(screen.getByRole("option", { name: /Zaunkönig/u }));
    expect(screen.getByText("Sie übernehmen den offenen Besuch.")).toBeVisible();
    expect(screen.getByRole("button", { name: /^Entsperren und Besuch übernehmen/u })).toBeVisible();
  });

  it("warns of a letter in the printer, and only then", async () => {
    const { happens } = await openDesk("locked-sheet");
    const warning = "Im Drucker liegt noch ein Aktivierungsschreiben.";
    expect(within(screen.getByRole("main")).getByText(warning)).toBeVisible();
    await happens((desk) => {
      const { screen: locked } = desk.snapshot();
      if (locked.kind === "locked") desk.show({ ...locked, step: { ...locked.step, sheetInTray: false } });
    });
    expect(screen.queryByText(warning)).toBeNull();
  });
});

describe("signing out", () => {
  it("leads back to the question who works here", async () => {
    const open = await openDesk("start");
    await open.user.click(screen.getByRole("button", { name: "Abmelden" }));
    await heading("Wer arbeitet an diesem Platz?");
  });

  it("isn't offered while a visit is open", async () => {
    await openDesk("concern");
    expect(screen.getByRole("button", { name: /^Sperren/u })).toBeVisible();
    expect(screen.queryByRole("button", { name: "Abmelden" })).toBeNull();
  });
});
