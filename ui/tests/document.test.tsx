import { screen, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";

import type { DocumentInput } from "../src/backend/bindings";
import type { CommandName } from "../src/backend/commands";
import type { FakeDesk } from "../src/backend/fake";
import type { SceneName } from "../src/backend/fakeScenes";
import { BIRTH_DATE, LICENCE_NUMBER } from "../src/backend/fakeTyped";
import { openDesk, sentBy } from "./desk";

const birthDate = () => screen.getByLabelText("Geburtsdatum");
const expiryDate = () => screen.getByLabelText("Gültig bis");
const number = () => screen.getByLabelText("Nummer aus Feld 5");
const focusedRow = () => document.activeElement?.closest("li");

/** What the window sends about the document from now on. */
function enteredAt(desk: FakeDesk): DocumentInput[] {
  const entered: DocumentInput[] = [];
  const call = desk.call;
  desk.call = ((name: CommandName, input: never) => {
    if (name === "enter_document") entered.push(input);
    return call(name, input);
  }) as typeof desk.call;
  return entered;
}

describe("a document that isn't enough for the concern", () => {
  const others = () => screen.getByRole("group", { name: "Reicht für dieses Anliegen nicht aus" });

  it("is told from the others before anybody chooses it, and out of the way until somebody asks", async () => {
    const open = await openDesk("document-epa");
    expect(screen.queryByRole("radio", { name: "Führerschein" })).toBeNull();
    await open.user.click(screen.getByRole("button", { name: "Andere Ausweise (4)" }));
    const names = within(others())
      .getAllByRole("radio")
      .map((radio) => radio.closest("label")?.textContent);
    expect(names).toEqual([
      "Vorläufiger Personalausweis",
      "Anderer Reisepass",
      "Führerschein",
      "Schwerbehindertenausweis",
    ]);
  });

  it("is named when it is chosen, with the level that is needed and all documents that will do", async () => {
    const open = await openDesk("document-epa");
    await open.user.click(screen.getByRole("button", { name: "Andere Ausweise (4)" }));
    await open.user.click(screen.getByRole("radio", { name: "Anderer Reisepass" }));
    const told = await screen.findByText(/^Anderer Reisepass reicht für dieses Anliegen nicht aus/u);
    expect(told.parentElement).toHaveTextContent(
      "Nötig ist das Vertrauensniveau „hoch“. Es reichen: Personalausweis ab 08/2021, Personalausweis bis 07/2021, " +
        "Reisepass, Reisepass EU/EWR/CH, EU-Identitätskarte, Aufenthaltstitel.",
    );
    expect(screen.queryByText(/Vertrauensniveau ist nicht erreicht/u)).toBeNull();
  });

  it("asks for nothing to be typed, and the visit can be refused or go on with another one", async () => {
    const open = await openDesk("document-insufficient");
    expect(screen.queryByRole("textbox")).toBeNull();
    expect(screen.queryByRole("list", { name: /^Merkmale/u })).toBeNull();
    expect(screen.getByRole("button", { name: "Besuch mit Ablehnung beenden" })).toBeVisible();
    await open.user.keyboard("{F9}{Control>}{Enter}{/Control}");
    expect(sentBy(open)).toEqual([]);

    await open.user.click(screen.getByRole("radio", { name: "Reisepass" }));
    expect(screen.getByLabelText("Geburtsdatum und Prüfziffer")).toBeVisible();
    expect(screen.queryByRole("button", { name: "Besuch mit Ablehnung beenden" })).toBeNull();
  });
});

describe("a document without a machine-readable zone", () => {
  it("is typed as it is printed, by keyboard alone, and its number last", async () => {
    const open = await openDesk("document-printed");
    const entered = enteredAt(open.desk);
    birthDate().focus();
    await open.user.keyboard("22.6.1988");
    expect(birthDate()).toHaveValue("22.06.1988");
    expect(await screen.findByText("Datum wie auf der Karte")).toBeVisible();
    expect(expiryDate()).toHaveFocus();
    await open.user.keyboard("31072031");
    expect(number()).toHaveFocus();
    await open.user.keyboard(LICENCE_NUMBER.toLowerCase());
    expect(focusedRow()).toHaveTextContent("Vorderseite");
    expect(entered).toEqual([
      expect.objectContaining({ birthDate: "22.06.1988", expiryDate: null, number: null }),
      expect.objectContaining({ birthDate: "22.06.1988", expiryDate: "31.07.2031", number: null }),
      expect.objectContaining({ expiryDate: "31.07.2031", number: LICENCE_NUMBER, unlimited: false }),
    ]);
  });

  it("compares the name with the insurer's, as people write it", async () => {
    await openDesk("document-printed");
    expect(screen.getByText(/Wie in unseren Daten:/u)).toHaveTextContent(
      "Graf von und zu Buntspecht, Bernd Benjamin",
    );
  });

  it("says what is wrong with a number, and its features wait until it is right", async () => {
    const open = await openDesk("document-printed");
    birthDate().focus();
    await open.user.keyboard("220619883107203150000000A12");
    expect(number()).toHaveFocus();
    expect(number()).toBeInvalid();
    expect(number()).toHaveAccessibleDescription(/Prüfzeichen stimmt nicht/u);
    expect(screen.getByRole("button", { name: /^Weiter/u })).toHaveAccessibleDescription(
      "Als Nächstes: Nummer aus Feld 5",
    );
    for (const answer of screen.getAllByRole("radio", { name: /in Ordnung/u })) expect(answer).toBeDisabled();
    await open.user.keyboard("{Backspace}{Backspace}{Backspace}A01");
    expect(focusedRow()).toHaveTextContent("Vorderseite");
  });

  it("says which form a date has when it has none", async () => {
    const open = await openDesk("document-printed");
    birthDate().focus();
    await open.user.keyboard("31021988");
    expect(birthDate()).toHaveAccessibleDescription(/Anders als in den Versichertendaten/u);
    await open.user.keyboard("{Backspace>8/}22131988");
    expect(birthDate()).toHaveAccessibleDescription(/Diesen Tag gibt es nicht/u);
  });

  it("may leave the century to the reader: Enter or Tab says that no more digits come", async () => {
    const open = await openDesk("document-printed");
    const entered = enteredAt(open.desk);
    birthDate().focus();
    await open.user.keyboard("220688");
    expect(entered).toEqual([]);
    expect(screen.queryByText("Datum wie auf der Karte")).toBeNull();
    await open.user.keyboard("{Enter}");
    expect(entered).toEqual([expect.objectContaining({ birthDate: "22.06.88" })]);
    expect(screen.getByText("Datum wie auf der Karte")).toBeVisible();
    expect(expiryDate()).toHaveFocus();
    await open.user.keyboard("310731{Tab}");
    expect(entered.at(-1)).toMatchObject({ expiryDate: "31.07.31" });
    expect(number()).toHaveFocus();
  });

  it("ends with a month where it could be valid without an end", async () => {
    const open = await openDesk("document-unlimited");
    const entered = enteredAt(open.desk);
    birthDate().focus();
    await open.user.keyboard("22061988122027");
    expect(expiryDate()).toHaveValue("12/2027");
    expect(entered.at(-1)).toMatchObject({ expiryDate: "12/2027" });
    expect(focusedRow()).toHaveTextContent("Vorderseite");
  });

  it("can be valid without an end, and that can be taken back", async () => {
    const open = await openDesk("document-unlimited");
    const entered = enteredAt(open.desk);
    birthDate().focus();
    await open.user.keyboard("22061988{Tab} ");
    expect(expiryDate()).toBeDisabled();
    expect(screen.getByText("gültig, unbefristet")).toBeVisible();
    expect(entered.at(-1)).toMatchObject({ unlimited: true, expiryDate: null });
    await open.user.keyboard(" ");
    expect(expiryDate()).toBeEnabled();
    expect(screen.queryByText(/^gültig/u)).toBeNull();
    expect(entered.at(-1)).toMatchObject({ unlimited: false, expiryDate: "" });
  });

  it("takes no digit of another form along", async () => {
    const open = await openDesk("document-printed");
    const entered = enteredAt(open.desk);
    birthDate().focus();
    await open.user.keyboard("22061988");
    await open.user.click(screen.getByRole("radio", { name: "Reisepass" }));
    expect(screen.getByLabelText("Geburtsdatum und Prüfziffer")).toHaveValue("");
    expect(entered.at(-1)).toMatchObject({ documentType: "de-passport", birthDate: null });
  });
});

describe("the scanner", () => {
  it("fills both dates, and the focus goes on to the features", async () => {
    const open = await openDesk("document-scan-ready");
    expect(screen.getByText(/^Scanner bereit/u)).toBeVisible();
    await open.user.keyboard("8806");
    await open.happens((desk) => desk.scanned());
    const field = screen.getByLabelText("Geburtsdatum und Prüfziffer");
    expect(field).toHaveValue("");
    expect(field).toHaveAttribute("placeholder", "vom Scanner gelesen");
    expect(screen.getByText("Der Scanner hat beide Daten gelesen.")).toBeVisible();
    expect(focusedRow()).toHaveTextContent("Vorderseite");
  });

  it("asks for a look at the dates when characters were put right", async () => {
    await openDesk("document-scanned");
    expect(screen.getByText(/2 Zeichen verwechselt/u)).toBeVisible();
    expect(screen.getByText(/beide Daten auf dem Ausweis ansehen/u)).toBeVisible();
  });

  it.each<[SceneName, RegExp]>([
    ["document-scan-bad", /ein anderer Ausweis/u],
    ["document-scan-unavailable", /antwortet nicht/u],
  ])("is never in the way of typing: %s", async (scene, told) => {
    const open = await openDesk(scene);
    expect(screen.getByText(told)).toBeVisible();
    expect(screen.getByLabelText("Geburtsdatum und Prüfziffer")).toHaveFocus();
    await open.user.keyboard(BIRTH_DATE);
    expect(sentBy(open)).toEqual(["enter_document"]);
    expect(screen.getByLabelText("Gültig bis und Prüfziffer")).toHaveFocus();
  });
});
