import { screen, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";

import { CAN, CARD_NUMBER_TAIL } from "../src/backend/fakeCard";
import { amsel } from "../src/backend/fakePeople";
import { openDesk, sentBy } from "./desk";

const heading = (name: string) => screen.findByRole("heading", { level: 1, name });
const pane = () => screen.getByRole("complementary", { name: "Stand des Besuchs" });

describe("a health card on the contactless reader", () => {
  const field = () => screen.getByLabelText("Kartenzugangsnummer (CAN)");

  it("is opened by its number, which is sent with the sixth digit and forgotten", async () => {
    const open = await openDesk("can");
    await heading("Gesundheitskarte liegt auf dem Leser");
    expect(field()).toHaveFocus();
    expect(field()).toHaveAttribute("inputmode", "numeric");
    await open.user.keyboard(CAN.slice(0, 5));
    expect(sentBy(open)).toEqual([]);
    await open.user.keyboard(CAN.slice(5));
    expect(sentBy(open)).toEqual(["enter_can"]);
    await heading("Gesundheitskarte wird gelesen");
    expect(screen.getByRole("progressbar")).toHaveAccessibleName("Schritt 3 von 9: Geschützte Verbindung");
    expect(document.body.innerHTML).not.toContain(CAN);
  });

  it("stays closed with a wrong number, says so at the empty field and can be tried without end", async () => {
    const open = await openDesk("can");
    for (const wrong of ["000000", "999999", "321321"]) {
      await open.user.keyboard(wrong);
      expect(field()).toHaveValue("");
      expect(field()).toHaveFocus();
      expect(field()).toHaveAccessibleDescription(/öffnet den Chip nicht. Bitte noch einmal ablesen/u);
    }
    await open.user.keyboard("1");
    expect(field()).toBeValid();
    await open.user.keyboard(CAN.slice(1));
    await heading("Gesundheitskarte wird gelesen");
  });

  it("keeps the digits when some are missing, and says how many there are", async () => {
    const open = await openDesk("can");
    await open.user.keyboard("123{Enter}");
    expect(field()).toHaveValue("123");
    expect(field()).toHaveAccessibleDescription("Die CAN hat sechs Ziffern. Bitte noch einmal ablesen.");
    await open.user.keyboard("123");
    expect(sentBy(open)).toEqual(["enter_can", "enter_can"]);
  });

  it("takes digits only", async () => {
    const open = await openDesk("can");
    await open.user.keyboard("12a");
    expect(field()).toHaveValue("12");
    expect(field()).toHaveAccessibleDescription(/„A“ gehört nicht dazu/u);
  });

  it("isn't read when Escape says so, and a card that is put in instead needs no number", async () => {
    const open = await openDesk("can");
    expect(screen.getByText(/Karte stattdessen einstecken/u)).toBeVisible();
    await open.user.keyboard("12{Escape}");
    expect(sentBy(open)).toEqual(["cancel_reading"]);
    await heading("Karte nicht gelesen");
    await open.happens((desk) => desk.insertCard());
    await heading("Gesundheitskarte wird gelesen");
    expect(screen.getByRole("progressbar")).toHaveAccessibleName("Schritt 1 von 8: Verbindung zur Karte");
  });

  it("names the next person that a carer acts for, before anything else is asked", async () => {
    const open = await openDesk("representation-refused");
    await open.happens((desk) => desk.layCard(amsel));
    expect(field()).toHaveFocus();
    await open.user.keyboard("{Enter}");
    expect(field()).toHaveAccessibleDescription("Bitte die sechs Ziffern von der Vorderseite eingeben.");
    expect(sentBy(open)).toEqual(["enter_can"]);
    await open.user.keyboard(CAN);
    expect(
      await screen.findByRole("heading", { level: 2, name: /^Vertretungsnachweis für Andrea/u }),
    ).toBeVisible();
  });

  it("doesn't end a carer's visit when its reading is cancelled with Escape", async () => {
    const open = await openDesk("representation-can");
    await open.user.keyboard("{Escape}");
    expect(sentBy(open)).toEqual(["cancel_reading"]);
    expect(screen.queryByRole("alertdialog")).toBeNull();
    expect(screen.getByText("Das Lesen wurde abgebrochen.")).toBeVisible();
  });
});

describe("the authenticity of a health card", () => {
  it("is one short line while all is well", async () => {
    await openDesk("concern");
    expect(
      within(pane()).getByRole("button", { name: /^Gesundheitskarte echt \(Chip geprüft\)/u }),
    ).toBeVisible();
    expect(within(pane()).getByRole("button", { name: /^Karte G2.1, Daten vom 10.10.2026/u })).toBeVisible();
  });

  it("has its reasons one key away, and the focus is back at the question afterwards", async () => {
    const open = await openDesk("concern-unproven");
    const question = screen.getByLabelText("Besuchsnummer aus der App");
    expect(question).toHaveFocus();
    await open.user.keyboard("h8{Control>}i{/Control}");
    const why = screen.getByRole("dialog", { name: "Echtheit der Gesundheitskarte" });
    expect(why).toHaveTextContent("Nachweis durch den Chip: nicht möglich");
    expect(why).toHaveTextContent("Bei älteren Karten ist das üblich.");
    expect(why).toHaveTextContent("Nachweis durch das Zertifikat: nicht prüfbar");
    expect(why).toHaveTextContent("Die IT-Betreuung kann das nachholen.");
    expect(why).toHaveTextContent("Die Person weist sich mit dem Ausweis aus.");

    await open.user.keyboard("{Escape}");
    expect(screen.queryByRole("dialog")).toBeNull();
    expect(screen.queryByRole("alertdialog")).toBeNull();
    expect(question).toHaveFocus();
    expect(question).toHaveValue("H8");
    expect(sentBy(open)).toEqual([]);
  });

  it("goes on to the card's state with the same key, and ends with it", async () => {
    const open = await openDesk("concern-unproven");
    await open.user.keyboard("{Control>}ii{/Control}");
    const state = screen.getByRole("dialog", { name: "Zustand der Gesundheitskarte" });
    const facts = within(state)
      .getAllByRole("definition")
      .map(({ textContent }) => textContent.trim());
    expect(facts).toEqual([
      "G2",
      "02.03.2021",
      "01.01.2008 bis 30.06.2026",
      "jaBitte klären, ob die Person noch bei uns versichert ist.",
      "nein",
      "nicht beendetBitte die Angaben mit der Person vergleichen.",
      "nein",
    ]);
    await open.user.keyboard("{Control>}i{/Control}");
    expect(screen.queryByRole("dialog")).toBeNull();
  });

  it("opens from its line with Enter, and keys of the question rest meanwhile", async () => {
    const open = await openDesk("concern");
    const line = within(pane()).getByRole("button", { name: /^Gesundheitskarte echt/u });
    line.focus();
    await open.user.keyboard("{Enter}");
    expect(screen.getByRole("dialog", { name: "Echtheit der Gesundheitskarte" })).toBeVisible();
    await open.user.keyboard("{Enter}{Control>}{Enter}{/Control}");
    expect(sentBy(open)).toEqual([]);
    await open.user.keyboard("{Escape}");
    expect(line).toHaveFocus();
  });

  it("is gone from the window as soon as the desk is locked", async () => {
    const open = await openDesk("concern");
    await open.user.keyboard("{Control>}il{/Control}");
    await heading("Dieser Platz ist gesperrt");
    expect(screen.queryByRole("dialog")).toBeNull();
  });

  it("stands among the facts of a card that begins no visit", async () => {
    await openDesk("read-partly-proven");
    expect(screen.getByText("Daten passen zum Zertifikat der Karte")).toBeVisible();
  });

  it("is told once: what the card's state says is no warning as well", async () => {
    await openDesk("concern-unproven");
    expect(pane()).toHaveTextContent("abgelaufen, Aktualisierung nicht beendet");
    expect(pane()).not.toHaveTextContent("Die letzte Aktualisierung der Karte wurde nicht beendet");
    expect(pane()).toHaveTextContent("Das Geburtsdatum auf der Karte ist unvollständig.");
  });
});

describe("a health card that can't be used", () => {
  it.each(["failed-not-usable", "failed-unproven"] as const)(
    "%s goes on by number with Enter",
    async (scene) => {
      const open = await openDesk(scene);
      await heading("Weiter ohne Karte");
      expect(screen.getByRole("button", { name: /^Ohne Karte/u })).toHaveFocus();
      expect(screen.queryByRole("button", { name: /^Noch einmal lesen/u })).toBeNull();
      await open.user.keyboard("{Enter}");
      await heading("Besuch ohne Gesundheitskarte");
    },
  );

  it("is read again from where it lies when it has moved", async () => {
    const open = await openDesk("failed-channel-lost");
    expect(screen.getByText(/flach auf den Leser legen/u)).toBeVisible();
    await open.user.keyboard("{F8}");
    expect(sentBy(open)).toEqual(["read_again"]);
  });
});

describe("the end of the Kennnummer", () => {
  const tail = () => screen.getByLabelText("Letzte 6 Ziffern der Kennnummer");
  const person = "b234567895{Tab}Graf von und zu Buntspecht{Tab}Bernd Benjamin{Tab}22.6.1988{Tab}";

  it("may be typed where the card is at hand, and is proven then", async () => {
    const open = await openDesk("start");
    await open.user.keyboard(`{F3}${person}`);
    expect(tail()).toHaveFocus();
    await open.user.keyboard(`111111{Enter}`);
    expect(tail()).toHaveAccessibleDescription(/nicht die Nummer der aktuellen Karte/u);
    expect(tail()).toHaveFocus();
    await open.user.keyboard(`{Backspace>6/}${CARD_NUMBER_TAIL}{Enter}`);
    await heading("Worum geht es?");
    expect(pane()).toHaveTextContent("Kennnummer stimmt (letzte 6 Ziffern)");
  });

  it("may stay empty where the card isn't there", async () => {
    const open = await openDesk("start");
    await open.user.keyboard(`{F3}${person}{Enter}`);
    await heading("Worum geht es?");
    expect(pane()).not.toHaveTextContent("Kennnummer");
  });

  it("isn't asked for where the profile never wants it", async () => {
    const open = await openDesk("start");
    await open.happens((desk) => {
      desk.cardNumber = { digits: 4, ask: "never" };
      desk.showCard({ state: "empty" });
    });
    await open.user.keyboard("{F3}");
    expect(screen.queryByLabelText(/Kennnummer/u)).toBeNull();
  });

  it("has as many digits as the profile says", async () => {
    const open = await openDesk("start");
    await open.happens((desk) => {
      desk.cardNumber = { digits: 4, ask: "without_chip" };
      desk.showCard({ state: "empty" });
    });
    await open.user.keyboard("{F3}");
    expect(screen.getByLabelText("Letzte 4 Ziffern der Kennnummer")).toBeVisible();
  });

  it("is offered for the next person of a carer, too", async () => {
    const open = await openDesk("representation");
    await open.user.keyboard("{F3}");
    expect(tail()).toHaveAccessibleDescription(/nicht dabei: leer lassen/u);
  });

  it("is needed with the concern where the profile always wants it, whichever field is typed first", async () => {
    const open = await openDesk("concern-card-number");
    await open.user.keyboard("h8d3mpwc");
    expect(tail()).toHaveFocus();
    expect(sentBy(open)).toEqual([]);
    await open.user.keyboard("{Enter}");
    expect(tail()).toHaveAccessibleDescription(/^Bitte die letzten Ziffern der Kennnummer/u);
    await open.user.keyboard(CARD_NUMBER_TAIL);
    await heading("Ausweis ansehen");
    expect(sentBy(open)).toEqual(["choose_concern", "choose_concern"]);
  });

  it("leads back to the visit number when that is still missing", async () => {
    const open = await openDesk("concern-card-number");
    tail().focus();
    await open.user.keyboard(CARD_NUMBER_TAIL);
    expect(screen.getByLabelText("Besuchsnummer aus der App")).toHaveFocus();
    await open.user.keyboard("h8d3mpwc");
    await heading("Ausweis ansehen");
  });
});

describe("the PIN of the health card", () => {
  const section = () => screen.getByRole("region", { name: "PIN der Gesundheitskarte (freiwillig)" });

  it("isn't mentioned where the profile doesn't offer it", async () => {
    await openDesk("concern");
    await heading("Worum geht es?");
    expect(screen.queryByText(/PIN/u)).not.toBeInTheDocument();
  });

  it("is asked for by F6, at the reader alone: the window has no field for it", async () => {
    const open = await openDesk("concern-pin");
    await open.user.keyboard("{F6}");
    expect(sentBy(open)).toEqual(["prove_with_pin"]);
    expect(within(section()).getByRole("status")).toHaveTextContent(
      "Bitte die Person, die PIN am Lesegerät einzugeben. Noch 3 Versuche. Abbrechen: rote Taste am Lesegerät.",
    );
    expect(within(section()).queryByRole("textbox")).not.toBeInTheDocument();
  });

  it("is waited for, and can be done without", async () => {
    const open = await openDesk("concern-pin-at-reader");
    expect(screen.getByRole("button", { name: /Weiter$/u })).toBeDisabled();
    await open.user.click(screen.getByRole("button", { name: "Ohne PIN weiter" }));
    expect(sentBy(open)).toEqual(["cancel_pin"]);
    expect(screen.getByRole("button", { name: /PIN am Lesegerät eingeben/u })).toBeVisible();
  });

  it("isn't asked for with one try left before the person says so", async () => {
    const open = await openDesk("concern-pin-last-try");
    expect(section()).toHaveTextContent("Bei dieser Karte bleibt nur noch ein Versuch.");
    expect(screen.getByRole("button", { name: "Ohne PIN weiter" })).toHaveFocus();
    await open.user.keyboard("{F6}");
    expect(sentBy(open)).toEqual([]);
    await open.user.click(screen.getByRole("button", { name: "Letzten Versuch nutzen" }));
    expect(sentBy(open)).toEqual(["prove_with_pin"]);
    expect(section()).toHaveTextContent("Nur noch ein Versuch.");
  });

  it("can be typed again after a wrong one", async () => {
    const open = await openDesk("concern-pin-wrong");
    expect(section()).toHaveTextContent("Die PIN ist falsch. Noch 2 Versuche.");
    await open.user.keyboard("{F6}");
    expect(sentBy(open)).toEqual(["prove_with_pin"]);
  });

  it("proves nothing as long as it is the one of the letter, and that is explained", async () => {
    await openDesk("concern-pin-transport");
    expect(section()).toHaveTextContent("Die PIN wurde noch nicht geändert.");
    expect(within(section()).queryByRole("button")).not.toBeInTheDocument();
  });

  it("is a line of what is proven once the card has signed", async () => {
    await openDesk("concern-pin-verified");
    expect(pane()).toHaveTextContent("PIN der Karte am Lesegerät eingegeben");
    expect(screen.queryByRole("region", { name: /PIN der Gesundheitskarte/u })).not.toBeInTheDocument();
  });
});
