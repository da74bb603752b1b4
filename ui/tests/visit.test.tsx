import { screen, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";

import { PIN } from "../src/backend/fakePeople";
import { BIRTH_DATE, EXPIRED_DATE, EXPIRY_DATE } from "../src/backend/fakeTyped";
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
    await user.keyboard("h8d3mpw");
    expect(screen.getByLabelText("Besuchsnummer aus der App")).toHaveValue("H8D3 MPW");
    await user.keyboard("c");

    await heading("Ausweis ansehen");
    expect(screen.getByLabelText("Geburtsdatum und Prüfziffer")).toHaveFocus();
    await user.keyboard(BIRTH_DATE);
    expect(screen.getByLabelText("Gültig bis und Prüfziffer")).toHaveFocus();
    await user.keyboard(EXPIRY_DATE);
    await user.keyboard("{F9}{F9}{F9}{F9}{F9}");

    await heading("Gesicht vergleichen");
    await user.keyboard("1");

    await heading("Alles geprüft. Schreiben drucken?");
    await user.keyboard("{Enter}");
    await heading("Schreiben wird gedruckt");

    await happens((desk) => desk.printed());
    await heading("Schreiben übergeben");
    await user.keyboard("ynkh");
    await user.keyboard("{Tab}{Tab} {Enter}");
    await heading("Fertig");
    await user.keyboard("{Enter}");
    await heading("Gesundheitskarte einstecken");

    expect(sentBy(open)).toEqual([
      "choose_concern",
      "enter_document",
      "enter_document",
      ...Array<string>(5).fill("answer_check"),
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
  it("answers row after row with F9 and Shift+F9, wherever the focus is, and asks before a no", async () => {
    const open = await openDesk("document-dates");
    await open.user.keyboard("{F9}{Shift>}{F9}{/Shift}");
    expect(sentBy(open)).toEqual(["answer_check"]);
    await open.user.click(screen.getByRole("button", { name: /^Ja, es ist falsch/u }));
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

    await open.user.keyboard(`${BIRTH_DATE}${EXPIRY_DATE}{F9}{F9}{F9}{F9}`);
    await open.user.click(screen.getAllByRole("radio", { name: "unklar" }).at(-1)!);
    expect(next()).toBeEnabled();
    expect(next()).toHaveAccessibleDescription(/eine zweite Person sieht mit hin/u);
    await open.user.keyboard("{Control>}{Enter}{/Control}");
    await heading("Gesicht vergleichen");
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
    await open.user.keyboard("h8d3mpwc");
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

  it("may not lie further ahead than such documents are issued for", async () => {
    await openDesk("document-too-long");
    expect(await screen.findByText(/So ein Ausweis gilt höchstens 3 Monate/u)).toBeVisible();
  });
});

describe("the visit number", () => {
  it("is sent once, when its last symbol is typed", async () => {
    const { desk, user } = await openDesk("concern");
    const sent: string[] = [];
    desk.call = ((name: string) => {
      sent.push(name);
      return new Promise(() => undefined);
    }) as typeof desk.call;
    await user.keyboard("h8d3mpwc");
    await user.keyboard("x");
    expect(sent).toEqual(["choose_concern"]);
  });

  it("is sent again when it was refused and is edited to its full length", async () => {
    const { desk, user } = await openDesk("concern");
    const sent: string[] = [];
    desk.call = ((name: string) => {
      sent.push(name);
      const error = { code: "field_invalid", params: { field: "visit_number", problem: "check_symbol" } };
      // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- commands reject with an AppError
      return Promise.reject(error);
    }) as typeof desk.call;
    await user.keyboard("h8d3mpwx");
    expect(screen.getByLabelText("Besuchsnummer aus der App")).toHaveFocus();
    expect(sent).toHaveLength(1);
    await user.keyboard("{Backspace}");
    expect(sent).toHaveLength(1);
    await user.keyboard("c");
    expect(sent).toHaveLength(2);
  });
});

describe("the face", () => {
  it("goes on at once with 1, and waits for Enter with doubt", async () => {
    const open = await openDesk("face");
    await open.user.keyboard("2");
    expect(sentBy(open)).toEqual([]);
    await open.user.keyboard("1");
    expect(sentBy(open)).toEqual(["answer_face"]);
    await heading("Alles geprüft. Schreiben drucken?");
  });

  it("leads to a second person when there is doubt", async () => {
    const open = await openDesk("face");
    await open.user.keyboard("2{Enter}");
    await heading("Vier-Augen-Prüfung");
  });
});

describe("a final no", () => {
  it("can end the visit as a refusal, after a question, and is confirmed on paper", async () => {
    const open = await openDesk("face-denied");
    await open.user.click(screen.getByRole("button", { name: "Besuch mit Ablehnung beenden" }));
    const dialog = screen.getByRole("alertdialog", { name: "Besuch mit Ablehnung beenden?" });
    await open.user.click(within(dialog).getByRole("button", { name: /^Mit Ablehnung/u }));
    await heading("Besuch mit Ablehnung beendet");
    await open.user.keyboard("{F7}");
    expect(await screen.findByText("An den Drucker gesendet")).toBeVisible();
    expect(sentBy(open)).toEqual(["refuse_visit", "print_refusal"]);
  });

  it("is offered when a feature of the document is false or it has expired, and not before", async () => {
    const open = await openDesk("document");
    const refuse = () => screen.queryByRole("button", { name: "Besuch mit Ablehnung beenden" });
    await open.user.keyboard(BIRTH_DATE);
    expect(refuse()).toBeNull();
    await open.user.keyboard(EXPIRED_DATE);
    expect(refuse()).toBeVisible();
    await open.user.keyboard(`{Backspace>7/}${EXPIRY_DATE}`);
    expect(refuse()).toBeNull();
    await open.user.keyboard("{Shift>}{F9}{/Shift}");
    expect(refuse()).toBeNull();
    await open.user.click(screen.getByRole("button", { name: /^Ja, es ist falsch/u }));
    expect(refuse()).toBeVisible();
  });
});

describe("an interrupted visit", () => {
  it("is gone on with by Enter, or thrown away after a question", async () => {
    const open = await openDesk("start-interrupted");
    expect(screen.getByText(/Bitte das Blatt vernichten/u)).toBeVisible();
    await open.user.click(screen.getByRole("button", { name: "Besuch verwerfen" }));
    expect(sentBy(open)).toEqual([]);
    await open.user.click(screen.getByRole("button", { name: /^Nein/u }));
    screen.getByRole("button", { name: /^Besuch fortsetzen/u }).focus();
    await open.user.keyboard("{Enter}");
    expect(sentBy(open)).toEqual(["resume_visit"]);
  });
});

describe("an insured person without their card", () => {
  it("is typed once, by keyboard alone", async () => {
    const open = await openDesk("start");
    await open.user.keyboard(
      "{F3}b234567895{Tab}Graf von und zu Buntspecht{Tab}Bernd Benjamin{Tab}22.6.1988",
    );
    expect(screen.getByLabelText("Geburtsdatum")).toHaveValue("22.06.1988");
    await open.user.keyboard("{Enter}");
    await heading("Worum geht es?");
    expect(
      screen.getByText("Nummer, Name und Geburtsdatum stimmen. Das häufigste Anliegen ist vorausgewählt."),
    ).toBeVisible();
    expect(sentBy(open)).toEqual(["begin_with_number"]);
  });

  it("goes back to the start with Escape", async () => {
    const open = await openDesk("start");
    await open.user.keyboard("{F3}{Escape}");
    await heading("Gesundheitskarte einstecken");
  });
});

describe("a code that the account service refuses", () => {
  it("is said once, and what to do with its letter", async () => {
    await openDesk("done-refused");
    await heading("Code abgelehnt");
    const said = screen.getAllByText("Der Kontodienst hat den Code abgelehnt.");
    expect(said).toHaveLength(1);
    expect(screen.getByText(/Das Schreiben ist wertlos/u)).toBeVisible();
  });
});

describe("the step-up", () => {
  it("sends the PIN and forgets it", async () => {
    const open = await openDesk("summary-step-up");
    const field = screen.getByLabelText("Ihre PIN");
    expect(field).toHaveFocus();
    expect(field).toHaveAttribute("type", "password");
    await open.user.keyboard("111111{Enter}");
    expect(field).toHaveValue("");
    expect(field).toHaveFocus();
    await open.user.keyboard(`${PIN}{Enter}`);
    await heading("Schreiben wird gedruckt");
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
