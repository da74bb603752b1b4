import { fireEvent, screen, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";

import type { ChipKeyInput, ChipProblem } from "../src/backend/bindings";
import { CHIP_KEYS, chipLines, chipRead, needsKey } from "../src/backend/fakeChip";
import { openDesk, sentBy, type OpenDesk } from "./desk";

const heading = (name: string) => screen.findByRole("heading", { level: 1, name });
const panel = () => screen.getByRole("region", { name: "Chip des Ausweises (freiwillig)" });
const pane = () => screen.getByRole("complementary", { name: "Stand des Besuchs" });
const button = (name: RegExp) => screen.getByRole("button", { name });

/** What is sent to open the chip, from now on. */
function keysSentBy({ desk }: OpenDesk): ChipKeyInput[] {
  const sent: ChipKeyInput[] = [];
  const call = desk.call;
  desk.call = ((name: string, input?: ChipKeyInput) => {
    if (name === "open_chip" && input !== undefined) sent.push(input);
    return (call as (name: string, input?: unknown) => Promise<unknown>)(name, input);
  }) as typeof desk.call;
  return sent;
}

describe("the person's consent", () => {
  const page = () => screen.getByRole("dialog", { name: "Dürfen wir den Chip Ihres Ausweises lesen?" });

  it("is asked for on a page of its own, with the focus on its heading and both answers alike", async () => {
    const open = await openDesk("chip-offered");
    await open.user.keyboard("{F8}");
    expect(within(page()).getByRole("heading")).toHaveFocus();
    const [agree, decline] = [/^Ich willige ein/u, /^Lieber nicht/u].map((name) => button(name));
    expect(agree!.className).toBe(decline!.className);
    expect(page()).toHaveTextContent("Das hat für Sie keine Nachteile.");
  });

  it("is no key of the clerk's: Enter, blank, digits and function keys answer nothing", async () => {
    const open = await openDesk("chip-offered");
    await open.user.keyboard("{F8}{Enter} 1{F9}{F8}{Control>}{Enter}{/Control}");
    expect(page()).toBeVisible();
    expect(sentBy(open)).toEqual([]);
  });

  it("stays open when Escape leads back", async () => {
    const open = await openDesk("chip-offered");
    await open.user.keyboard("{F8}");
    fireEvent(page(), new Event("cancel", { cancelable: true }));
    expect(screen.queryByRole("dialog")).toBeNull();
    expect(screen.queryByRole("alertdialog")).toBeNull();
    expect(sentBy(open)).toEqual([]);
    expect(panel()).toHaveAttribute("data-chip", "offered");
  });

  it("is given by a tap, in the wording that was shown, and the key is asked for next", async () => {
    const open = await openDesk("chip-offered");
    const given: unknown[] = [];
    const call = open.desk.call;
    open.desk.call = ((name: string, input?: unknown) => {
      if (name === "agree_to_chip") given.push(input);
      return (call as (name: string, input?: unknown) => Promise<unknown>)(name, input);
    }) as typeof open.desk.call;
    await open.user.keyboard("{F8}");
    await open.user.click(button(/^Ich willige ein/u));
    expect(given).toEqual([{ form: "tapped", wording: "chip-consent@1" }]);
    expect(screen.queryByRole("dialog")).toBeNull();
    expect(screen.getByLabelText("Nummer aus der Zone")).toHaveFocus();
  });

  it("may be signed instead, once the page was printed", async () => {
    const open = await openDesk("chip-offered");
    await open.user.keyboard("{F8}");
    expect(screen.queryByRole("button", { name: /^Die Unterschrift/u })).toBeNull();
    await open.user.click(button(/^Seite drucken/u));
    expect(within(page()).getByRole("status")).toHaveTextContent("Die Seite wird gedruckt.");
    await open.user.click(button(/^Die Unterschrift liegt vor/u));
    expect(sentBy(open)).toEqual(["print_chip_consent", "agree_to_chip"]);
  });

  it("isn't offered to be signed while the page can't be printed, and that is said there", async () => {
    const open = await openDesk("chip-offered");
    const call = open.desk.call;
    open.desk.call = ((name: string, input?: unknown) => {
      // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- commands reject with an AppError
      if (name === "print_chip_consent") return Promise.reject({ code: "printer_unreachable" });
      return (call as (name: string, input?: unknown) => Promise<unknown>)(name, input);
    }) as typeof open.desk.call;
    await open.user.keyboard("{F8}");
    await open.user.click(button(/^Seite drucken/u));
    expect(within(page()).getByRole("status")).toHaveTextContent(/Drucker/u);
    expect(screen.queryByRole("button", { name: /^Die Unterschrift/u })).toBeNull();
  });

  it("may be refused, goes on by eye then, and can be given after all", async () => {
    const open = await openDesk("chip-offered");
    await open.user.keyboard("{F8}");
    await open.user.click(button(/^Lieber nicht/u));
    expect(sentBy(open)).toEqual(["decline_chip"]);
    expect(panel()).toHaveTextContent("Weiter nach Augenschein, ohne Nachteil.");
    await open.user.keyboard("{F9}");
    expect(sentBy(open)).toEqual(["decline_chip", "answer_check"]);
    await open.user.keyboard("{F8}");
    await open.user.click(button(/^Ich willige ein/u));
    expect(panel()).toHaveAttribute("data-chip", "needs_key");
  });

  it.each(["chip-number", "chip-needs-document", "chip-proves"] as const)(
    "is taken back from %s, after a question",
    async (scene) => {
      const open = await openDesk(scene);
      await open.user.click(button(/^Einwilligung zurücknehmen/u));
      expect(sentBy(open)).toEqual([]);
      await open.user.click(button(/^Ja, sie ist zurückgenommen/u));
      expect(sentBy(open)).toEqual(["revoke_chip"]);
      expect(panel()).toHaveAttribute("data-chip", "offered");
      expect(pane()).not.toHaveTextContent("Chip des Ausweises");
    },
  );

  it("is taken back in later steps, too, beside what is proven", async () => {
    const open = await openDesk("summary-chip");
    await open.user.click(within(pane()).getByRole("button", { name: /^Einwilligung zurücknehmen/u }));
    await open.user.click(button(/^Ja, sie ist zurückgenommen/u));
    expect(sentBy(open)).toEqual(["revoke_chip"]);
  });
});

describe("the number that opens the chip", () => {
  const field = () => screen.getByLabelText("Nummer aus der Zone");

  it("is sent with its tenth character in capitals, and forgotten", async () => {
    const open = await openDesk("chip-number");
    const sent = keysSentBy(open);
    expect(field()).toHaveFocus();
    expect(field()).toHaveAccessibleDescription("Datenseite, untere Zeile: die ersten 10 Zeichen");
    await open.user.keyboard("c01x00t47");
    expect(field()).toHaveValue("C01X00T47");
    await open.user.keyboard("8");
    expect(sent).toEqual([{ key: "number", value: CHIP_KEYS.number }]);
    expect(document.body.innerHTML).not.toContain("C01X00T47");
    expect(panel()).toHaveAttribute("data-chip", "needs_document");
    expect(panel()).toHaveFocus();
  });

  it("can be tried without end when it is wrong, at the empty field", async () => {
    const open = await openDesk("chip-number");
    for (const wrong of ["L898902C<3", "T220001293"]) {
      await open.user.keyboard(wrong);
      expect(field()).toHaveValue("");
      expect(field()).toHaveFocus();
      expect(field()).toHaveAccessibleDescription(/öffnet den Chip nicht.*beliebig oft/u);
    }
    await open.user.keyboard(CHIP_KEYS.number);
    expect(panel()).toHaveAttribute("data-chip", "needs_document");
  });

  it("is looked at again when Enter sends too little of it", async () => {
    const open = await openDesk("chip-number");
    await open.user.keyboard("c01{Enter}");
    expect(sentBy(open)).toEqual(["open_chip"]);
    expect(field()).toHaveValue("");
    expect(field()).toHaveAccessibleDescription(/Nummer und Prüfziffer passen so nicht/u);
  });

  // Doc 9303-11, appendix D.2: the TD1 document number D23145890734.
  it("goes on behind a filler in the tenth place, and is sent without the fillers", async () => {
    const open = await openDesk("chip-can");
    const sent = keysSentBy(open);
    await open.user.keyboard("{F8}d23145890<");
    expect(field()).toHaveAccessibleDescription(/^Lange Nummer/u);
    await open.user.keyboard("7349<");
    expect(sent).toEqual([{ key: "number", value: "D231458907349" }]);
  });

  it("holds letters, digits and fillers only", async () => {
    const open = await openDesk("chip-number");
    await open.user.keyboard("ä");
    expect(field()).toHaveValue("");
    expect(field()).toHaveAccessibleDescription(/„Ä“ gehört nicht dazu/u);
  });

  it("leaves the window with the field, sent or not", async () => {
    const open = await openDesk("chip-number");
    await open.user.keyboard("c01x00t");
    await open.happens((desk) => desk.chipStands({ state: "needs_document" }));
    await open.happens((desk) => desk.chipStands(needsKey(["number"])));
    expect(field()).toHaveValue("");
  });
});

describe("the card access number of a document", () => {
  const field = () => screen.getByLabelText("Kartenzugangsnummer (CAN)");

  it("is asked for first where the document has one, and opens the chip with its sixth digit", async () => {
    const open = await openDesk("chip-can");
    const sent = keysSentBy(open);
    expect(field()).toHaveFocus();
    expect(field()).toHaveAccessibleDescription("6 Ziffern, auf der Vorderseite unten rechts");
    await open.user.keyboard(CHIP_KEYS.can);
    expect(sent).toEqual([{ key: "can", value: CHIP_KEYS.can }]);
    expect(document.body.innerHTML).not.toContain(CHIP_KEYS.can);
  });

  it("gives way to the number with F8, and comes back with it", async () => {
    const open = await openDesk("chip-can");
    await open.user.keyboard("12{F8}");
    expect(screen.getByLabelText("Nummer aus der Zone")).toHaveFocus();
    expect(screen.getByLabelText("Nummer aus der Zone")).toHaveAccessibleDescription(
      /^Rückseite, erste Zeile/u,
    );
    await open.user.keyboard("{F8}");
    expect(field()).toHaveValue("");
  });

  it("says what is wrong with it, whatever is asked for first", async () => {
    const open = await openDesk("chip-can");
    await open.user.keyboard("{F8}L898902C<3");
    expect(screen.getByLabelText("Nummer aus der Zone")).toHaveAccessibleDescription(
      /öffnet den Chip nicht/u,
    );
    await open.user.keyboard("{F8}999{Enter}");
    expect(field()).toHaveAccessibleDescription("Die CAN hat sechs Ziffern. Bitte noch einmal ablesen.");
    await open.user.keyboard("999999");
    expect(field()).toHaveAccessibleDescription(/Diese Nummer öffnet den Chip nicht/u);
  });
});

describe("a chip that wasn't read", () => {
  const problems: [ChipProblem, RegExp][] = [
    [{ why: "number_needed" }, /öffnet sich nur mit der Nummer/u],
    [{ why: "can_needed" }, /öffnet sich nur mit der Zugangsnummer/u],
    [{ why: "not_a_travel_document" }, /kein Ausweis mit lesbarem Chip/u],
    [{ why: "other_type_than_chosen" }, /andere Art von Ausweis.*Art oben richtig wählen/u],
    [{ why: "authorities_only" }, /dürfen nur Behörden.*weiter nach Augenschein, ohne Nachteil/iu],
    [{ why: "unreadable" }, /ließ sich nicht lesen.*weiter nach Augenschein/u],
    [{ why: "cancelled" }, /abgebrochen.*weiter nach Augenschein/u],
    [{ why: "card", error: { code: "card_removed" } }, /zu früh bewegt/u],
    [{ why: "card", error: { code: "card_mute" } }, /Chip antwortet nicht/u],
    [{ why: "card", error: { code: "no_reader" } }, /Kartenleser/u],
  ];

  it.each(problems)(
    "because of %j says so and what to do, and the checklist goes on",
    async (problem, said) => {
      const open = await openDesk("chip-number");
      await open.happens((desk) => desk.chipStands(needsKey(["number"], problem)));
      expect(within(panel()).getByRole("status")).toHaveTextContent(said);
      await open.user.keyboard("{F9}");
      expect(sentBy(open)).toEqual(["answer_check"]);
    },
  );

  it("because only authorities may asks for nothing more, but can be tried again", async () => {
    const open = await openDesk("chip-authorities-only");
    expect(screen.queryByLabelText("Nummer aus der Zone")).toBeNull();
    await open.user.keyboard("{F8}");
    expect(screen.getByLabelText("Nummer aus der Zone")).toHaveFocus();
  });
});

describe("reading the chip", () => {
  it("says how far it is, and Escape stops it and not the visit", async () => {
    const open = await openDesk("chip-reading");
    expect(screen.getByRole("progressbar")).toHaveAttribute("aria-valuetext", "Echtheit wird geprüft");
    await open.user.keyboard("{Escape}");
    expect(sentBy(open)).toEqual(["cancel_chip"]);
    expect(screen.queryByRole("alertdialog")).toBeNull();
    expect(panel()).toHaveTextContent("Das Lesen wurde abgebrochen.");
    await open.user.keyboard("{Escape}");
    expect(screen.getByRole("alertdialog", { name: "Besuch abbrechen?" })).toBeVisible();
  });

  it("waits for the document, and can be stopped then, too", async () => {
    const open = await openDesk("chip-needs-document");
    expect(panel()).toHaveTextContent("Ausweis auf den Leser legen.");
    await open.user.keyboard("{Escape}");
    expect(sentBy(open)).toEqual(["cancel_chip"]);
  });

  it("leaves the checklist to the clerk meanwhile", async () => {
    const open = await openDesk("chip-reading");
    await open.user.keyboard("{F9}{F9}");
    expect(sentBy(open)).toEqual(["answer_check", "answer_check"]);
  });

  it("goes from the dates to the face by keyboard, but for the person's own answer", async () => {
    const open = await openDesk("chip-offered");
    await open.user.keyboard("{F8}");
    await open.user.click(button(/^Ich willige ein/u));
    await open.user.keyboard(CHIP_KEYS.number);
    for (const done of [0, 1, 2, 3, 4]) await open.happens((desk) => desk.readChip(done));
    expect(panel()).toHaveAttribute("data-counts", "proves");
    await open.user.keyboard("{F9}{F9}{F9}{F9}{F9}");
    await heading("Gesicht vergleichen");
  });
});

describe("a chip that was read", () => {
  it("counts in one sentence, with a line of each check in its group", async () => {
    await openDesk("chip-proves");
    expect(within(panel()).getByRole("status")).toHaveTextContent(
      "Der Chip ist echt und gehört zu diesem Ausweis.",
    );
    const groups = within(panel())
      .getAllByRole("term")
      .map(({ textContent, parentElement }) => [textContent, parentElement?.querySelectorAll("dd").length]);
    expect(groups).toEqual([
      ["Daten und Signatur", 2],
      ["Aussteller", 4],
      ["Chip", 1],
      ["Angaben", 4],
    ]);
  });

  it("says which checks are open, and leaves alone what nobody asked for", async () => {
    await openDesk("chip-not-verifiable");
    expect(panel()).toHaveTextContent("Der Chip zählt nicht mit. Nicht alles ließ sich prüfen.");
    expect(panel()).toHaveTextContent("Behörde: nicht prüfbar");
    const face = panel().querySelector("[data-check=face]");
    expect(face).toHaveAttribute("data-weight", "left_out");
    expect(face).toHaveTextContent("Foto: nicht vorgesehen");
  });

  it("has the reasons one key away, there and in the pane", async () => {
    const open = await openDesk("chip-not-verifiable");
    await open.user.keyboard("{F8}");
    const why = () => screen.getByRole("dialog", { name: "Prüfung des Chips" });
    expect(why()).toHaveTextContent("Dieser Aussteller ist an diesem Platz nicht bekannt.");
    expect(why()).toHaveTextContent("Technisch: issuer, unknown_issuer");
    await open.user.keyboard("{F8}");
    expect(screen.queryByRole("dialog")).toBeNull();
    await open.user.keyboard("{Control>}iii{/Control}");
    expect(why()).toHaveTextContent("erst sagen, wenn Daten und Signatur bestätigt sind");
    await open.user.keyboard("{Escape}");
    expect(screen.queryByRole("dialog")).toBeNull();
    expect(sentBy(open)).toEqual([]);
  });

  it("isn't held against anybody for spelling the name otherwise", async () => {
    await openDesk("chip-other-name");
    expect(panel()).toHaveTextContent(
      "Er nennt den Namen anders, als wir ihn kennen. Weiter nach Augenschein.",
    );
    expect(screen.queryByRole("button", { name: /Ablehnung/u })).toBeNull();
  });

  it("ends in the known refusal when it contradicts the document", async () => {
    await openDesk("chip-contradicts");
    expect(panel()).toHaveTextContent("Chip und Ausweis passen nicht zusammen.");
    expect(button(/Ablehnung/u)).toBeVisible();
    expect(button(/^Weiter/u)).toBeDisabled();
  });

  it.each([
    ["proves", "Chip des Ausweises echt"],
    ["nothing", "nicht vollständig bestätigt, zählt nicht mit"],
    ["contradicts", "passt nicht zum Ausweis"],
  ] as const)("that %s is a line of what is proven", async (counts, text) => {
    const open = await openDesk("chip-number");
    await open.happens((desk) => desk.chipStands(chipRead(counts, chipLines())));
    expect(pane()).toHaveTextContent(text);
  });

  it("is a row of the summary", async () => {
    await openDesk("summary-chip");
    const row = screen.getByRole("row", { name: /^Chip des Ausweises/u });
    expect(row).toHaveTextContent("echt");
  });
});

describe("the picture out of the chip", () => {
  const picture = () => screen.getByRole("img", { name: "Foto aus dem Chip des Ausweises" });

  it("stands beside the question, and can't be dragged or asked for a menu", async () => {
    await openDesk("face-picture");
    expect(picture()).toHaveAttribute("draggable", "false");
    expect(fireEvent.contextMenu(picture())).toBe(false);
    expect(
      screen.getByText(/^Vergleichen Sie die Person mit diesem Foto und mit dem Foto im Ausweis/u),
    ).toBeVisible();
  });

  it("leaves the window with the answer, before the shell has taken it", async () => {
    const open = await openDesk("face-picture");
    open.desk.call = () => new Promise(() => undefined);
    await open.user.keyboard("1");
    expect(screen.queryByRole("img", { name: /Chip/u })).toBeNull();
    await heading("Gesicht vergleichen");
  });

  it("is done without when it can't be fetched", async () => {
    await openDesk("face-picture");
    fireEvent.error(picture());
    expect(screen.queryByRole("img", { name: /Chip/u })).toBeNull();
    expect(screen.getByText(/lässt sich nicht mehr zeigen/u)).toBeVisible();
    expect(screen.getByRole("heading", { name: "Achten Sie auf" })).toBeVisible();
  });

  it("isn't there without a chip", async () => {
    await openDesk("face");
    expect(screen.queryByRole("img", { name: /Chip/u })).toBeNull();
  });
});
