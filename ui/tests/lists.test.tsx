import { screen, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";

import type { ConcernSummary, VisitRow } from "../src/backend/bindings";
import { fakeToday } from "../src/backend/fakeLists";
import { PIN } from "../src/backend/fakePeople";
import { count, outcome } from "../src/texts/lists";
import { openDesk, sentBy } from "./desk";

const heading = (name: string | RegExp) => screen.findByRole("heading", { name });

const concern: ConcernSummary = {
  kvnrMasked: "A••••••780",
  purpose: "app_activation",
  refused: null,
  reference: null,
  code: null,
  blocking: null,
};
const visit: VisitRow = {
  id: "v",
  openedAt: "2026-11-23T07:00:00Z",
  closedAt: "2026-11-23T07:05:00Z",
  operator: "s-204",
  second: null,
  aborted: false,
  refused: null,
  representative: false,
  wiped: false,
  concerns: [concern],
  review: null,
  deleteOn: null,
  held: null,
  restricted: false,
  offline: false,
};

describe("what became of a concern", () => {
  it.each<[string, Partial<VisitRow>, Partial<ConcernSummary>, string]>([
    ["its code works", {}, { code: "active" }, "übergeben"],
    ["the service has not answered yet", {}, { code: "handed_over" }, "übergeben"],
    ["its blocking is under way", {}, { blocking: { target: "app", state: "ordered" } }, "vorgemerkt"],
    ["its blocking is in force", {}, { blocking: { target: "codes", state: "in_force" } }, "gesperrt"],
    ["its blocking was refused", {}, { blocking: { target: "codes", state: "refused" } }, "nicht gesperrt"],
    ["its code was voided", {}, { code: "voided" }, "verworfen"],
    ["the service refused its code", {}, { code: "refused" }, "vom Kontodienst abgelehnt"],
    ["its code was ended after the service took it", {}, { code: "ended" }, "gesperrt"],
    ["a supervisor revoked its code", {}, { code: "revoked" }, "gesperrt"],
    ["it was refused", {}, { refused: "area_missing" }, "abgelehnt"],
    ["the whole visit was refused", { aborted: true, refused: "document_expired" }, {}, "abgelehnt"],
    ["the visit was broken off", { aborted: true }, {}, "abgebrochen"],
    ["the visit goes on", { closedAt: null }, {}, "läuft"],
    [
      "it was handed over before the visit was broken off",
      { aborted: true },
      { code: "active" },
      "übergeben",
    ],
  ])("is said when %s", (_, row, more, word) => {
    expect(outcome({ ...visit, ...row }, { ...concern, ...more }).word).toBe(word);
  });

  it("tells a code that works from one that doesn't yet by symbol, too", () => {
    const works = outcome(visit, { ...concern, code: "active" });
    const waits = outcome(visit, { ...concern, code: "handed_over" });
    expect(works.icon).not.toBe(waits.icon);
    expect(works.detail).not.toBe(waits.detail);
  });
});

describe("the figures of the day", () => {
  it("count letters and refusals by concern, and broken-off visits once", () => {
    expect(count(fakeToday(0).visits)).toEqual({ handedOver: 3, refused: 2, aborted: 1 });
  });

  it("count a visit that was refused before it had a concern", () => {
    const refused: VisitRow = { ...visit, aborted: true, refused: "document_expired", concerns: [] };
    expect(count([refused])).toEqual({ handedOver: 0, refused: 1, aborted: 0 });
  });
});

describe("today's list", () => {
  it("has a line for every concern, without names, and is left with Escape", async () => {
    const open = await openDesk("today");
    const table = screen.getByRole("table", { name: "Ihre Besuche heute" });
    expect(within(table).getAllByRole("row")).toHaveLength(9);
    expect(table).toHaveTextContent("H••••••459Zugang als VertretungabgelehntBetreuung war befristet");
    expect(document.body.textContent).not.toMatch(/Habicht|Amsel|Kiebitz/u);
    await open.user.keyboard("{Escape}");
    expect(sentBy(open)).toEqual(["show_start"]);
    await heading("Gesundheitskarte einstecken");
  });

  it("says so when there was no visit yet", async () => {
    await openDesk("today-empty");
    expect(screen.getByText("Heute gab es noch keinen Besuch.")).toBeVisible();
    expect(screen.queryByRole("table")).toBeNull();
  });
});

describe("the supervisor's page", () => {
  const judgements = () => screen.queryByRole("radiogroup", { name: "Ihr Urteil" });
  const judgement = (name: RegExp) => screen.getByRole("radio", { name });

  it("goes by keyboard alone: through the list, a judgement, the PIN", async () => {
    const open = await openDesk("reviews");
    await open.user.keyboard("{ArrowDown}");
    expect(sentBy(open)).toEqual([]);
    await open.user.keyboard("{Enter}");
    expect(await heading(/^Besuch vom /u)).toHaveFocus();
    await open.user.keyboard("{Tab}1");
    expect(judgement(/^einverstanden/u)).toBeChecked();
    expect(screen.getByLabelText("Ihre PIN")).toHaveFocus();
    expect(screen.getByLabelText("Ihre PIN")).toHaveValue("");
    await open.user.keyboard(`${PIN}{Enter}`);
    expect(sentBy(open)).toEqual(["open_review", "review"]);
    expect(screen.getByText("3 Besuche warten auf eine Prüfung.")).toBeVisible();
    expect(document.activeElement?.closest("[role=listbox]")).not.toBeNull();
  });

  it("shows what the document's chip proved, and how the person agreed, where it was read", async () => {
    await openDesk("review-chip");
    const shown = screen.getByRole("article");
    for (const text of [
      "ePA freischalten",
      "Daten: geprüft",
      "Keine Kopie: geprüft",
      "Name: stimmt überein",
      "Aufdruck: stimmt überein",
      "Zustimmung: am Bildschirm angetippt",
      "hoch",
    ]) {
      expect(shown).toHaveTextContent(text);
    }
  });

  it("says nothing of a chip where none was read", async () => {
    await openDesk("review-carer");
    expect(screen.getByRole("article")).not.toHaveTextContent("Chip");
  });

  it("shows what was proven: document, checks, name, faces, level, authority, codes", async () => {
    await openDesk("review-carer");
    const shown = screen.getByRole("article");
    for (const text of [
      "Personalausweis ab 08/2021",
      "UV-Licht: in Ordnung",
      "stimmt überein",
      "substanziell",
      "12 XVII 345/23 vom 11.05.2023",
      "A-7KQ4XR9BTW",
      "Betreuung war befristet",
    ]) {
      expect(shown).toHaveTextContent(text);
    }
    expect(within(shown).getAllByText("passt")).toHaveLength(2);
  });

  it("says plainly what a substantial defect revokes before it is signed", async () => {
    const open = await openDesk("review-carer");
    expect(screen.queryByText(/wird sofort gesperrt/u)).toBeNull();
    judgement(/^einverstanden/u).focus();
    await open.user.keyboard("3");
    expect(screen.getByText("Mit Ihrer Unterschrift wird sofort gesperrt: A‑7KQ4XR9BTW.")).toBeVisible();
    expect(screen.getByRole("button", { name: /^Unterschreiben und Codes sperren/u })).toBeEnabled();
    await open.user.keyboard(`${PIN}{Enter}`);
    expect(sentBy(open)).toEqual(["review"]);
  });

  it("promises to revoke nothing where there is no code to revoke", async () => {
    const open = await openDesk("review-refused");
    judgement(/^einverstanden/u).focus();
    await open.user.keyboard("3");
    expect(screen.getByText("Aus diesem Besuch gibt es keinen Code zu sperren.")).toBeVisible();
    expect(screen.getByRole("button", { name: /^Urteil unterschreiben/u })).toBeEnabled();
  });

  it("signs nothing without a judgement", async () => {
    const open = await openDesk("review-carer");
    await open.user.click(screen.getByLabelText("Ihre PIN"));
    await open.user.keyboard(`${PIN}{Enter}`);
    expect(sentBy(open)).toEqual([]);
    expect(screen.getByRole("button", { name: /^Urteil unterschreiben/u })).toHaveAccessibleDescription(
      "Bitte zuerst ein Urteil wählen.",
    );
  });

  it("keeps the judgement and forgets the PIN when the PIN was wrong", async () => {
    const open = await openDesk("review-carer");
    judgement(/^einverstanden/u).focus();
    await open.user.keyboard("2111111{Enter}");
    expect(judgement(/^formaler Mangel/u)).toBeChecked();
    expect(screen.getByLabelText("Ihre PIN")).toHaveValue("");
    expect(screen.getByLabelText("Ihre PIN")).toHaveAccessibleDescription(/Noch 4 Versuche/u);
  });

  it("takes no judgement along to the next visit", async () => {
    const open = await openDesk("review-carer");
    judgement(/^einverstanden/u).focus();
    await open.user.keyboard("1");
    await open.user.click(screen.getByRole("option", { name: /K••••••781/u }));
    expect(judgement(/^einverstanden/u)).not.toBeChecked();
  });

  it.each([
    ["review-took-part", "Sie waren an diesem Besuch beteiligt."],
    ["review-judged", "Schon geprüft: erheblicher Mangel."],
  ] as const)("says in %s why there is nothing to judge", async (scene, why) => {
    await openDesk(scene);
    expect(screen.getByText(why)).toBeVisible();
    expect(judgements()).toBeNull();
    expect(screen.queryByLabelText("Ihre PIN")).toBeNull();
  });

  it("says that a visit that goes on can be judged later", async () => {
    const { happens } = await openDesk("review-carer");
    await happens((desk) => {
      const { screen: reviews } = desk.snapshot();
      if (reviews.kind !== "reviews" || reviews.step.selected === null) throw new Error("nothing is open");
      const selected = { ...reviews.step.selected, judge: "not_over" as const };
      desk.show({ ...reviews, step: { ...reviews.step, selected } });
    });
    expect(screen.getByText("Dieser Besuch läuft noch.")).toBeVisible();
    expect(judgements()).toBeNull();
  });

  it("is left with Escape", async () => {
    const open = await openDesk("reviews");
    await open.user.keyboard("{Escape}");
    expect(sentBy(open)).toEqual(["show_start"]);
  });
});
