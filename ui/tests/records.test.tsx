import { readFileSync } from "node:fs";

import { screen, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";

import type {
  AccessAlertId,
  FindInput,
  HoldInput,
  OpenInput,
  RecoveryCause,
  VisitRow,
} from "../src/backend/bindings";
import type { CommandName } from "../src/backend/commands";
import { fakeReviews } from "../src/backend/fakeLists";
import { recoveries } from "../src/backend/fakeRecords";
import { setLanguage } from "../src/state/preferences";
import { recoveryText } from "../src/texts/recovery";
import { deletion, deletionSentence } from "../src/texts/retention";
import { openDesk, sentBy, type OpenDesk } from "./desk";

const button = (name: RegExp) => screen.getByRole("button", { name });
const title = () => screen.getByRole("heading", { level: 1 });

/** What was sent with a command. */
function inputsOf<Input>({ desk }: OpenDesk, command: CommandName): Input[] {
  const inputs: Input[] = [];
  const call = desk.call;
  desk.call = ((name: CommandName, input: never) => {
    if (name === command) inputs.push(input);
    return call(name, input);
  }) as typeof call;
  return inputs;
}

describe("records that can't be used", () => {
  const scenes = Object.keys(recoveries) as RecoveryCause["kind"][];

  it("are told for every cause of the bridge", () => {
    const bindings = readFileSync("src/backend/bindings.ts", "utf8");
    const declaration = /export type RecoveryCause = ([^\n]+)/u.exec(bindings)?.[1] ?? "";
    const kinds = [...declaration.matchAll(/"kind": "(\w+)"/gu)].map(([, kind]) => kind);
    expect(scenes.toSorted()).toEqual(kinds.toSorted());
  });

  it.each(["de", "en"] as const)("say what happened and what to do, in %s", (language) => {
    setLanguage(language);
    const texts = scenes.map((kind) => recoveryText(recoveries[kind].cause));
    for (const { title, what, next } of texts) {
      expect(title).toMatch(/\S.*[^.]$/u);
      expect(what).toMatch(/\.$/u);
      expect(next).toMatch(/\.$/u);
    }
    expect(new Set(texts.map((each) => each.title)).size).toBe(scenes.length);
  });

  it.each(scenes)("say that nothing was deleted, and can be tried again with Enter: %s", async (kind) => {
    const open = await openDesk(`recovery-${kind.replaceAll("_", "-")}` as "recovery-missing");
    expect(screen.getByText(/Gelöscht ist nichts\.|Das Programm hat nichts gelöscht\./u)).toBeVisible();
    expect(button(/^Noch einmal versuchen/u)).toHaveFocus();
    await open.user.keyboard("{Enter}");
    expect(sentBy(open)).toEqual(["try_again"]);
    expect(screen.queryByRole("button", { name: /^Sperren/u })).toBeNull();
  });

  it.each(["wrong_key", "key_lost", "keyring_locked", "newer_program", "in_use", "read_only"] as const)(
    "offer no new beginning where the old records may still open: %s",
    async (kind) => {
      await openDesk(`recovery-${kind.replaceAll("_", "-")}` as "recovery-missing");
      expect(screen.queryByRole("button", { name: /^Neu beginnen/u })).toBeNull();
    },
  );

  it("tell IT support where they are", async () => {
    await openDesk("recovery-quarantined");
    expect(screen.getByText(/quarantine\/2026-11-23T08-15-02Z$/u)).toBeVisible();
  });

  it("give out what the account service lacks, once, and say where it is", async () => {
    const open = await openDesk("recovery-quarantined");
    expect(screen.getByText(/^3 Nachrichten daraus hat der Kontodienst noch nicht/u)).toBeVisible();
    button(/^Versiegelt sichern/u).focus();
    await open.user.keyboard("{Enter}");
    expect(sentBy(open)).toEqual(["export_undelivered"]);
    expect(screen.getByText(/\.jwe$/u)).toBeVisible();
    expect(screen.queryByRole("button", { name: /^Versiegelt sichern/u })).toBeNull();
    expect(document.activeElement).toHaveTextContent(/^Gesichert\./u);
  });

  it("offer nothing to give out where that can't be said", async () => {
    await openDesk("recovery-unknown");
    expect(screen.getByText(/lässt sich hier nicht sagen/u)).toBeVisible();
    expect(screen.queryByRole("button", { name: /^Versiegelt sichern/u })).toBeNull();
  });

  it("begin anew only after being asked, with what isn't saved yet", async () => {
    const open = await openDesk("recovery-quarantined");
    await open.user.click(button(/^Neu beginnen …/u));
    expect(sentBy(open)).toEqual([]);
    const question = screen.getByRole("alertdialog", { name: "Mit leeren Aufzeichnungen beginnen?" });
    expect(question).toHaveAccessibleDescription(
      /bleiben unverändert liegen.*3 Nachrichten.*nicht gesichert/u,
    );
    await open.user.click(within(question).getByRole("button", { name: /^Nein, zurück/u }));
    expect(sentBy(open)).toEqual([]);
    await open.user.click(button(/^Neu beginnen …/u));
    await open.user.click(screen.getByRole("button", { name: "Neu beginnen" }));
    expect(sentBy(open)).toEqual(["begin_anew"]);
  });

  it("warn of nothing when all is saved", async () => {
    const open = await openDesk("recovery-exported");
    await open.user.click(button(/^Neu beginnen …/u));
    expect(screen.getByRole("alertdialog")).not.toHaveAccessibleDescription(/nicht gesichert/u);
  });
});

describe("a desk out of service", () => {
  it.each([
    ["wiped-revoked", "Zulassung dieses Platzes widerrufen", /\.jwe$/u],
    ["wiped-ordered", "angeordnet, diesen Platz zu löschen", /^Alles war schon übertragen\./u],
  ] as const)("says who did it and what is left: %s", async (scene, who, left) => {
    await openDesk(scene);
    expect(title()).toHaveTextContent("Dieser Platz ist außer Betrieb");
    expect(title()).toHaveFocus();
    expect(screen.getByText(new RegExp(who, "u"))).toBeVisible();
    expect(screen.getByText(left)).toBeVisible();
    expect(within(screen.getByRole("main")).queryByRole("button")).toBeNull();
  });
});

describe("when a visit goes", () => {
  const [first] = fakeReviews(0).visits;
  const row = (more: Partial<VisitRow>): VisitRow => ({ ...first!, ...more });
  const held = { since: "2026-11-20T09:00:00Z", by: "Z. Zaunkönig", reason: "legal_proceedings" } as const;

  it.each<[string, Partial<VisitRow>, string, string]>([
    ["its day is settled", { deleteOn: "2026-12-07" }, "am 07.12.2026", "wird gelöscht am 07.12.2026"],
    ["not everything is delivered", { deleteOn: null }, "noch nicht festgelegt", "noch nicht festgelegt"],
    ["it is gone", { deleteOn: null, wiped: true }, "gelöscht", "gelöscht"],
    [
      "it is kept",
      { deleteOn: "2026-12-07", held },
      "aufbewahrt",
      "aufbewahrt seit 20.11.2026 wegen eines Rechtsstreits",
    ],
  ])("is said when %s", (_, more, inTable, sentence) => {
    expect(deletion(row(more)).text).toBe(inTable);
    expect(deletionSentence(row(more)).text).toBe(sentence);
  });

  it("is a column of today's list", async () => {
    await openDesk("today");
    const table = screen.getByRole("table", { name: "Ihre Besuche heute" });
    expect(within(table).getByRole("columnheader", { name: "Löschung" })).toBeVisible();
    expect(within(table).getByText("gelöscht")).toBeVisible();
    expect(table).toHaveTextContent(/aufbewahrtseit .+ wegen einer Beschwerde/u);
  });
});

describe("keeping a visit", () => {
  const section = () => screen.getByRole("region", { name: "Löschung" });
  const question = () => screen.queryByRole("dialog", { name: "Warum wird dieser Besuch aufbewahrt?" });

  it("takes a reason by keyboard, and gives the focus back", async () => {
    const open = await openDesk("review-keep");
    const kept = inputsOf<HoldInput>(open, "hold_visit");
    button(/^Nicht löschen/u).focus();
    await open.user.keyboard("{Enter}");
    expect(question()).toBeVisible();
    await open.user.keyboard("{Enter}");
    expect(kept).toEqual([]);
    await open.user.keyboard("3{Enter}");
    expect(kept).toEqual([{ visit: "r-5", reason: "legal_proceedings" }]);
    expect(question()).toBeNull();
    expect(section()).toHaveTextContent(/aufbewahrt seit .+ wegen eines Rechtsstreits/u);
    expect(section()).toHaveTextContent("festgelegt von Z. Zaunkönig");
    expect(button(/^Freigeben/u)).toHaveFocus();
  });

  it("signs no judgement on the way", async () => {
    const open = await openDesk("review-carer");
    screen.getByRole("radio", { name: /^einverstanden/u }).focus();
    await open.user.keyboard("1");
    await open.user.click(button(/^Nicht löschen/u));
    await open.user.keyboard("1{Enter}");
    expect(sentBy(open)).toEqual(["hold_visit"]);
  });

  it("ends only after being asked", async () => {
    const open = await openDesk("review-held");
    await open.user.click(button(/^Freigeben …/u));
    expect(sentBy(open)).toEqual([]);
    await open.user.click(screen.getByRole("button", { name: "Freigeben" }));
    expect(sentBy(open)).toEqual(["release_hold"]);
    expect(section()).toHaveTextContent(/wird gelöscht am/u);
  });

  it("is to be seen in the list of visits", async () => {
    await openDesk("reviews");
    expect(screen.getByRole("option", { name: /G••••••344/u })).toHaveTextContent("aufbewahrt");
  });
});

describe("a supervisor's tasks", () => {
  it("are counted in the bar and open there", async () => {
    const open = await openDesk("start-tasks");
    const bar = screen.getByRole("banner");
    await open.user.click(within(bar).getByRole("button", { name: /^3 Aufgaben/u }));
    expect(sentBy(open)).toEqual(["show_reviews"]);
    expect(screen.getByRole("heading", { name: "3 Aufgaben für die Teamleitung" })).toBeVisible();
  });

  it("don't lead away from a visit", async () => {
    const { happens } = await openDesk("start-tasks");
    await happens((desk) => desk.beginVisit());
    const bar = screen.getByRole("banner");
    expect(within(bar).getByText("3 Aufgaben")).toBeVisible();
    expect(within(bar).queryByRole("button", { name: /Aufgaben/u })).toBeNull();
  });

  it("say what it is, what to do, and why", async () => {
    await openDesk("reviews-tasks");
    const [code, , segment] = within(
      screen.getByRole("region", { name: "3 Aufgaben für die Teamleitung" }),
    ).getAllByRole("listitem");
    expect(code).toHaveTextContent(/^Ein Code ist nicht angekommen\. Das Schreiben wirkt nicht\./u);
    expect(code).toHaveTextContent("A-7KQ4XR9BTW");
    expect(code).toHaveTextContent("vom Kontodienst abgelehnt: REGISTRATION_UNKNOWN");
    expect(within(segment!).queryByRole("button", { name: /^Besuch öffnen/u })).toBeNull();
  });

  it("open their visit", async () => {
    const open = await openDesk("reviews-tasks");
    await open.user.click(button(/^Besuch öffnen: Ein Code ist nicht angekommen, A-7KQ4XR9BTW/u));
    expect(sentBy(open)).toEqual(["open_review"]);
    expect(await screen.findByRole("heading", { name: /^Besuch vom /u })).toHaveFocus();
  });

  it("are done only after being asked, and the focus stays among them", async () => {
    const open = await openDesk("reviews-tasks");
    const done = () => screen.queryAllByRole("button", { name: /^Erledigt …/u });
    const confirm = () => open.user.click(screen.getByRole("button", { name: "Erledigt" }));
    await open.user.click(done()[0]!);
    expect(sentBy(open)).toEqual([]);
    await confirm();
    expect(sentBy(open)).toEqual(["close_task"]);
    expect(screen.getByRole("heading", { name: "2 Aufgaben für die Teamleitung" })).toHaveFocus();
    await open.user.click(done()[0]!);
    await confirm();
    await open.user.click(done()[0]!);
    await confirm();
    expect(screen.queryByText(/für die Teamleitung/u)).toBeNull();
    expect(document.activeElement?.closest("[role=listbox]")).not.toBeNull();
  });
});

describe("what else a supervisor looks after", () => {
  const list = () => screen.getByRole("region", { name: "3 Aufgaben für die Teamleitung" });
  const alertSeen = () => screen.getByRole("button", { name: /^Gesehen …/u });

  it("says that a deletion isn't confirmed, and whom to call", async () => {
    await openDesk("reviews-care");
    const [erasure] = within(list()).getAllByRole("listitem");
    expect(erasure).toHaveTextContent(/^Löschung vom .+ nicht bestätigt\. Bitte die IT-Betreuung anrufen\./u);
    expect(within(erasure!).queryByRole("button")).toBeNull();
  });

  it("tells everybody so in the desk's state", async () => {
    const { user, happens } = await openDesk("start");
    await happens((desk) => desk.setDesk({ unprovenErasures: 1 }));
    await user.keyboard("{F1}");
    expect(screen.getByRole("dialog", { name: "Zustand des Platzes" })).toHaveTextContent(
      /Löschungen\s*eine nicht bestätigt, bitte die IT-Betreuung anrufen/u,
    );
  });

  it("says who looked up how many people without a visit, and nobody's number", async () => {
    await openDesk("reviews-care");
    const [, alert] = within(list()).getAllByRole("listitem");
    expect(alert).toHaveTextContent(/: 13 Abfragen ohne Besuch in einer Stunde\. Bitte klären/u);
    expect(alert).toHaveTextContent("von 16 Abfragen insgesamt");
    expect(alert).not.toHaveTextContent("•");
  });

  it("is noted as seen after being asked, and never by whom it is about", async () => {
    const open = await openDesk("reviews-care");
    const seen = inputsOf<AccessAlertId>(open, "close_access_alert");
    const [, , own] = within(list()).getAllByRole("listitem");
    expect(own).toHaveTextContent("Das vermerkt jemand anderes.");
    await open.user.click(alertSeen());
    expect(seen).toEqual([]);
    await open.user.click(screen.getByRole("button", { name: "Gesehen" }));
    expect(seen).toEqual([{ staffId: "s-204", hour: expect.any(String) as string }]);
    expect(screen.getByRole("heading", { name: "2 Aufgaben für die Teamleitung" })).toHaveFocus();
  });
});

describe("a visit on the supervisor's page", () => {
  it("comes first and says so when its code was given out without a line", async () => {
    await openDesk("reviews-care");
    const [first, second] = screen.getAllByRole("option");
    expect(first).toHaveTextContent("ohne Verbindung ausgegeben");
    expect(second).not.toHaveTextContent("ohne Verbindung ausgegeben");
  });

  it("that is only kept still shows nothing before a reason is given", async () => {
    const open = await openDesk("reviews-care");
    const opened = inputsOf<OpenInput>(open, "open_review");
    const kept = screen.getByRole("option", { name: /Angaben gesperrt/u });
    expect(kept).toHaveTextContent("aufbewahrt");
    expect(kept).not.toHaveTextContent("•");
    await open.user.click(kept);
    expect(opened).toEqual([]);
    expect(screen.getByRole("dialog", { name: "Warum öffnen Sie diesen Besuch?" })).toBeVisible();
    await open.user.keyboard("{Enter}");
    expect(opened).toEqual([]);
    await open.user.keyboard("2{Enter}");
    expect(opened).toEqual([{ visit: "r-8", reason: "complaint" }]);
    expect(await screen.findByRole("heading", { name: /^Besuch vom /u })).toHaveFocus();
    expect(screen.getByRole("table")).toHaveTextContent("F••••••231");
  });

  it("stays closed when nobody says why", async () => {
    const open = await openDesk("reviews-care");
    await open.user.click(screen.getByRole("option", { name: /Angaben gesperrt/u }));
    await open.user.click(button(/^Nein, zurück/u));
    expect(screen.queryByRole("dialog")).toBeNull();
    expect(sentBy(open)).toEqual([]);
    expect(screen.queryByRole("heading", { name: /^Besuch vom /u })).toBeNull();
  });
});

describe("searching for a visit", () => {
  const field = () => screen.getByLabelText("Referenz");

  it.each(["start", "today"] as const)("is one key away from %s", async (scene) => {
    const open = await openDesk(scene);
    await open.user.keyboard("{F7}");
    expect(sentBy(open)).toEqual(["show_search"]);
    expect(title()).toHaveTextContent("Besuch suchen");
  });

  it("needs a reason before it is sent", async () => {
    const open = await openDesk("search");
    await open.user.click(field());
    await open.user.keyboard("a-h8d3mpwcrz{Enter}");
    expect(sentBy(open)).toEqual([]);
    expect(button(/^Suchen/u)).toHaveAccessibleDescription("Bitte zuerst einen Grund wählen.");
  });

  it("goes by keyboard alone: reason, reference, Enter, and the result is read", async () => {
    const open = await openDesk("search");
    const found = inputsOf<FindInput>(open, "find_visit");
    await open.user.keyboard("2");
    expect(field()).toHaveFocus();
    await open.user.keyboard("h8d3mpwcrz{Enter}");
    expect(found).toEqual([{ reference: "A-H8D3MPWCRZ", reason: "complaint" }]);
    const result = await screen.findByRole("region", { name: "Referenz A‑H8D3MPWCRZ" });
    expect(within(result).getByRole("heading")).toHaveFocus();
    expect(within(result).getByRole("table")).toHaveTextContent("B••••••895App freischaltenübergeben");
    expect(document.body.textContent).not.toMatch(/Buntspecht/u);
  });

  it("asks for a reason each time anew", async () => {
    const open = await openDesk("search");
    await open.user.keyboard("2h8d3mpwcrz{Enter}");
    await screen.findByRole("region", { name: /^Referenz/u });
    const reasons = screen.getByRole("radiogroup", { name: "Warum suchen Sie?" });
    expect(within(reasons).queryAllByRole("radio", { checked: true })).toHaveLength(0);
    expect(field()).toHaveValue("");
    expect(button(/^Suchen/u)).toBeDisabled();
  });

  it("keeps reason and reference when something is missing in it", async () => {
    const open = await openDesk("search");
    await open.user.keyboard("2h8d3{Enter}");
    expect(field()).toHaveFocus();
    expect(field()).toHaveAccessibleDescription("Eine Referenz hat nach A- zehn Zeichen.");
    expect(field()).toHaveValue("A-H8D3");
    expect(screen.getByRole("radio", { name: /^Beschwerde/u })).toBeChecked();
  });

  it("says that nothing is recorded, and what that can mean", async () => {
    await openDesk("search-not-found");
    expect(screen.getByText("Dazu ist hier nichts festgehalten.")).toBeVisible();
    expect(screen.queryByRole("table")).toBeNull();
  });

  it("opens the visit for a supervisor, and for nobody else", async () => {
    const open = await openDesk("search-supervisor");
    await open.user.click(button(/^Besuch öffnen/u));
    expect(sentBy(open)).toEqual(["open_review"]);
  });

  it("shows a clerk the row alone", async () => {
    await openDesk("search-found");
    expect(screen.queryByRole("button", { name: /^Besuch öffnen/u })).toBeNull();
  });
});

describe("what is set at this desk", () => {
  it("is told with who has set it", async () => {
    const open = await openDesk("about");
    const values = screen.getByRole("table", { name: "Werte und ihre Herkunft" });
    expect(
      within(values).getByRole("row", { name: /^code\.valid_days 14 signiertes Paket Nr\. 12$/u }),
    ).toBeVisible();
    expect(within(values).getByRole("row", { name: /^offline\.codes 5 .*desk\.toml$/u })).toBeVisible();
    expect(
      within(values).getByRole("row", { name: /^visit\.resume_minutes 15 mit dem Programm$/u }),
    ).toBeVisible();
    expect(screen.getByText("21.12.2026")).toBeVisible();
    await open.user.keyboard("{Escape}");
    expect(sentBy(open)).toEqual(["show_start"]);
  });

  it("says so when nothing has come from the insurer yet", async () => {
    await openDesk("about-shipped");
    expect(screen.getByText(/^noch kein signiertes Paket/u)).toBeVisible();
    expect(screen.getByText("noch nicht bestätigt")).toBeVisible();
    expect(screen.getByText("noch keines")).toBeVisible();
  });
});
