import { screen, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";

import { BIRTH_DATE, EXPIRY_DATE } from "../src/backend/fakeScenes";
import { openDesk, sentBy } from "./desk";

const heading = (name: string) => screen.findByRole("heading", { level: 1, name });

describe("a visit", () => {
  it("goes from the card to the hand-over by keyboard alone", async () => {
    const open = await openDesk("start");
    const { user, happens } = open;
    await heading("Gesundheitskarte einstecken");

    await happens((desk) => desk.beginVisit());
    await heading("Worum geht es?");
    expect(screen.getByLabelText("Besuchsnummer aus der App")).toHaveFocus();
    await user.keyboard("h8d3mpwc");
    expect(screen.getByLabelText("Besuchsnummer aus der App")).toHaveValue("H8D3 MPWC");
    await user.keyboard("{Enter}");

    await heading("Ausweis ansehen");
    expect(screen.getByLabelText("Geburtsdatum und Prüfziffer")).toHaveFocus();
    await user.keyboard(BIRTH_DATE);
    expect(screen.getByLabelText("Gültig bis und Prüfziffer")).toHaveFocus();
    await user.keyboard(EXPIRY_DATE);
    await user.keyboard("{F9}{F9}{F9}{F9}{F9}");
    await user.keyboard("{Control>}{Enter}{/Control}");

    await heading("Gesicht vergleichen");
    await user.keyboard("1{Enter}");

    await heading("Alles geprüft. Schreiben drucken?");
    await user.keyboard("{Enter}");
    await heading("Schreiben wird gedruckt");

    await happens((desk) => desk.printed());
    await heading("Schreiben übergeben");
    await user.keyboard("ynkh");
    await user.keyboard("{Tab}{Tab} {Tab} {Enter}");
    await heading("Fertig");
    await user.keyboard("{Enter}");
    await heading("Gesundheitskarte einstecken");

    expect(sentBy(open)).toEqual([
      "choose_concern",
      "enter_document",
      "enter_document",
      ...Array<string>(5).fill("answer_check"),
      "confirm_document",
      "answer_face",
      "sign_and_print",
      "hand_over",
      "finish_visit",
    ]);
  });

  it("asks before it is thrown away, and Escape means no", async () => {
    const open = await openDesk("face");
    await open.user.keyboard("{Escape}");
    const dialog = screen.getByRole("alertdialog", { name: "Besuch abbrechen?" });
    await open.user.keyboard("{F9}{Alt>}{ArrowLeft}{/Alt}");
    expect(sentBy(open)).toEqual([]);
    await open.user.click(within(dialog).getByRole("button", { name: /^Besuch abbrechen/u }));
    expect(sentBy(open)).toEqual(["abort_visit"]);
    await heading("Gesundheitskarte einstecken");
  });

  it("goes back with Alt and the left arrow", async () => {
    const open = await openDesk("face");
    await open.user.keyboard("{Alt>}{ArrowLeft}{/Alt}");
    await heading("Ausweis ansehen");
  });
});

describe("the checklist", () => {
  it("answers row after row with F9 and Shift+F9, wherever the focus is", async () => {
    const open = await openDesk("document-dates");
    await open.user.keyboard("{F9}{Shift>}{F9}{/Shift}");
    const [front, tilt, back] = within(screen.getByRole("list", { name: /^Merkmale/u })).getAllByRole(
      "radiogroup",
    );
    expect(within(front!).getByRole("radio", { name: /in Ordnung/u })).toBeChecked();
    expect(within(tilt!).getByRole("radio", { name: /falsch/u })).toBeChecked();
    expect(back?.closest("li")).toHaveAttribute("aria-current", "step");
  });

  it("waits until both dates are right", async () => {
    const open = await openDesk("document");
    await open.user.keyboard("{F9}");
    expect(sentBy(open)).toEqual([]);
    for (const answer of screen.getAllByRole("radio", { name: /in Ordnung/u })) expect(answer).toBeDisabled();
  });

  it("takes the focus along to the next row", async () => {
    const open = await openDesk("document");
    await open.user.keyboard(`${BIRTH_DATE}${EXPIRY_DATE}`);
    const focusedRow = () => document.activeElement?.closest("li");
    expect(focusedRow()).toHaveTextContent("Vorderseite");
    await open.user.keyboard("{F9}");
    expect(focusedRow()).toHaveTextContent("Kippen");
  });

  it("never answers one row twice, however fast the keys come", async () => {
    const { desk } = await openDesk("document-dates");
    const answered: string[] = [];
    desk.call = ((name: string, input?: { check: string }) => {
      if (name === "answer_check" && input !== undefined) answered.push(input.check);
      return new Promise(() => undefined);
    }) as typeof desk.call;
    dispatchEvent(new KeyboardEvent("keydown", { key: "F9" }));
    dispatchEvent(new KeyboardEvent("keydown", { key: "F9" }));
    expect(answered).toEqual(["front", "tilt"]);
  });

  it("ignores a key that is held down", async () => {
    const open = await openDesk("document-dates");
    dispatchEvent(new KeyboardEvent("keydown", { key: "F9", repeat: true }));
    expect(sentBy(open)).toEqual([]);
  });

  it("opens the next step only when all is answered", async () => {
    const open = await openDesk("document");
    const next = () => screen.getByRole("button", { name: /^Weiter/u });
    expect(next()).toBeDisabled();
    expect(next()).toHaveAccessibleDescription("Als Nächstes: Geburtsdatum und Prüfziffer");
    await open.user.keyboard("{Control>}{Enter}{/Control}");
    expect(sentBy(open)).toEqual([]);

    await open.user.keyboard(`${BIRTH_DATE}${EXPIRY_DATE}{F9}{F9}{F9}{F9}{F9}`);
    expect(next()).toBeEnabled();
  });
});

describe("the dates of the machine-readable zone", () => {
  it("are sent when their seven digits are there, and never come back", async () => {
    const open = await openDesk("document");
    await open.user.keyboard(BIRTH_DATE.slice(0, 6));
    expect(sentBy(open)).toEqual([]);
    await open.user.keyboard(BIRTH_DATE.slice(6));
    expect(sentBy(open)).toEqual(["enter_document"]);
    expect(await screen.findByText("Prüfziffer stimmt, Datum wie auf der Karte")).toBeVisible();

    await open.user.keyboard("{Alt>}{ArrowLeft}{/Alt}");
    await heading("Worum geht es?");
    await open.user.keyboard("h8d3mpwc{Enter}");
    await heading("Ausweis ansehen");
    expect(screen.getByLabelText("Geburtsdatum und Prüfziffer")).toHaveValue("");
    expect(screen.getByText("Prüfziffer stimmt, Datum wie auf der Karte")).toBeVisible();
  });

  it("keep the focus and say why when a check digit is wrong", async () => {
    const open = await openDesk("document");
    await open.user.keyboard("8806227");
    const field = screen.getByLabelText("Geburtsdatum und Prüfziffer");
    expect(field).toHaveFocus();
    expect(field).toBeInvalid();
    expect(field).toHaveAccessibleDescription(/Prüfziffer stimmt nicht/u);
  });
});

describe("digits", () => {
  it("answer inside the focused group only", async () => {
    const open = await openDesk("face");
    await open.user.keyboard("2");
    expect(screen.getByRole("radio", { name: /^Zweifel/u })).toBeChecked();
    screen.getByRole("button", { name: /^Zurück/u }).focus();
    await open.user.keyboard("1");
    expect(screen.getByRole("radio", { name: /^Zweifel/u })).toBeChecked();
  });
});
