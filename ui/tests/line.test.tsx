import { screen, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";

import type { ClockView, LineView } from "../src/backend/bindings";
import { fakeObstacles } from "../src/backend/fakeLine";
import { momentNear } from "../src/format/dates";
import { setLanguage } from "../src/state/preferences";
import { limit } from "../src/texts/line";
import { openDesk, sentBy } from "./desk";

const footer = () => screen.getByRole("contentinfo");
const button = (name: RegExp) => screen.getByRole("button", { name });

const right: ClockView = { state: "right" };
const connected: LineView = { state: "connected" };
const [since, until] = ["2026-11-23T06:00:00Z", "2026-11-24T06:00:00Z"];
const offline: LineView = { state: "offline", since, until, codesLeft: 2 };
const usedUp: LineView = { ...offline, codesLeft: 0 };
const deliveryOnly: LineView = { state: "delivery_only", since, until };
const locked: LineView = { state: "locked", since };

describe("what can't lead to a code", () => {
  it.each<[string, LineView, ClockView, boolean, string | null, boolean]>([
    ["connected", connected, right, true, null, false],
    ["not asked yet", { state: "unknown" }, right, true, null, false],
    ["offline", offline, right, true, "Ohne Verbindung nicht möglich: Betreuung", false],
    ["offline, codes used up", usedUp, right, true, "Keine neuen Codes, bis die Verbindung", true],
    ["offline, new staff", offline, right, false, "Keine neuen Codes ohne Verbindung für alle, die", true],
    ["delivery only", deliveryOnly, right, true, "Keine neuen Codes, bis die Verbindung", true],
    ["locked", locked, right, true, "Kein Besuch möglich", true],
    ["clock a little off", connected, { state: "off", minutes: 6 }, true, null, false],
    ["clock wrong", connected, { state: "wrong", minutes: 16 }, true, "Keine neuen Codes, bis die Uhr", true],
    ["clock set back", offline, { state: "stepped_back" }, true, "Keine neuen Codes, bis der Konto", true],
  ])("is one sentence: %s", (_, line, clock, knowsStaff, begins, isForAll) => {
    const obstacles = fakeObstacles({ line, clock }, { knowsStaff, outOfService: null });
    const said = limit({ line, clock, obstacles });
    if (begins === null) expect(said).toBeNull();
    else expect(said?.text.startsWith(begins)).toBe(true);
    expect(said?.isForAll ?? false).toBe(isForAll);
  });
});

describe("a moment near now", () => {
  const now = new Date(2026, 10, 23, 9, 18).getTime();
  const at = (day: number, hour: number) => new Date(2026, 10, day, hour, 5).toISOString();

  it.each([
    [at(23, 0), "00:05"],
    [at(23, 23), "23:05"],
    [at(24, 0), "morgen, 00:05"],
    [at(22, 23), "gestern, 23:05"],
    [at(25, 8), "Mi., 25.11., 08:05"],
  ])("%s is told by the calendar, not by hours: %s", (instant, text) => {
    expect(momentNear(instant, now)).toBe(text);
  });

  it("is told in English as well", () => {
    setLanguage("en");
    expect(momentNear(at(24, 8), now)).toBe("tomorrow, 08:05");
  });
});

describe("the status line", () => {
  it("is calm while all is well: no sentence, no clock, no counting", async () => {
    await openDesk("start");
    expect(within(footer()).getByRole("status")).toBeEmptyDOMElement();
    expect(footer()).not.toHaveTextContent(/Uhr|Codes|möglich/u);
    expect(footer()).toHaveTextContent("Kontodienst: verbunden");
  });

  it.each([
    ["start-offline", "Ohne Verbindung nicht möglich: Betreuung, Besuch ohne Gesundheitskarte, ePA."],
    ["start-offline-codes", "Keine neuen Codes, bis die Verbindung zum Kontodienst wieder da ist."],
    ["start-delivery-only", "Keine neuen Codes, bis die Verbindung zum Kontodienst wieder da ist."],
    ["start-line-locked", "Kein Besuch möglich, bis die Verbindung zum Kontodienst wieder da ist."],
    ["start-desk-locked", "An diesem Platz kann niemand bedient werden."],
    ["start-records-behind", "An diesem Platz kann niemand bedient werden."],
    ["start-clock-wrong", "Keine neuen Codes, bis die Uhr dieses Platzes wieder stimmt."],
    ["start-clock-stepped-back", "Keine neuen Codes, bis der Kontodienst die Uhrzeit bestätigt hat."],
  ] as const)("says in one sentence what isn't possible: %s", async (scene, sentence) => {
    await openDesk(scene);
    expect(within(footer()).getByRole("status")).toHaveTextContent(sentence);
  });

  it.each([
    ["start-offline", /Kontodienst: nicht erreichbar seit .+, noch 17 Codes bis .+/u],
    ["start-delivery-only", /Kontodienst: nicht erreichbar seit .+, ab .+ gesperrt/u],
    ["start-clock-off", /Achtung: Uhr: 6 Minuten vor/u],
    ["start-clock-wrong", /Störung: Uhr: 17 Minuten nach/u],
    ["start-clock-stepped-back", /Störung: Uhr: zurückgestellt/u],
  ] as const)("says since when, until when, how much: %s", async (scene, text) => {
    await openDesk(scene);
    expect(footer()).toHaveTextContent(text);
  });

  it("keeps the sentence in sight in a visit, and takes it back when the line is there", async () => {
    const { happens } = await openDesk("concern-offline");
    expect(footer()).toHaveTextContent("Ohne Verbindung nicht möglich");
    await happens((desk) => desk.setDesk({ line: connected, service: connected }));
    expect(within(footer()).getByRole("status")).toBeEmptyDOMElement();
  });
});

describe("a desk out of service", () => {
  it("asks for no card, says why, and reads none until it is over", async () => {
    const { happens } = await openDesk("start-desk-locked");
    expect(screen.getByRole("heading", { level: 1 })).toHaveTextContent("Dieser Platz ist außer Betrieb");
    expect(screen.getByText("Die Krankenkasse hat diesen Platz gesperrt.")).toBeVisible();
    for (const name of [/^Betreuerin/u, /^Ohne Karte/u, /^Code oder Gerät sperren/u]) {
      expect(button(name)).toBeDisabled();
    }
    await happens((desk) => desk.showCard({ state: "failed", error: { code: "desk_locked" } }));
    expect(screen.getByRole("heading", { level: 1 })).toHaveTextContent("Dieser Platz ist außer Betrieb");
    expect(screen.queryByRole("button", { name: /^Noch einmal lesen/u })).toBeNull();
    await happens((desk) => {
      desk.outOfService = null;
      desk.setDesk({});
    });
    expect(button(/^Noch einmal lesen/u)).toBeVisible();
  });
});

describe("a desk that isn't open", () => {
  it("looks for nothing, and says which program it is", async () => {
    await openDesk("recovery-missing");
    expect(footer()).toHaveTextContent(/^Identplatz 0\.1\.0$/u);
  });
});

describe("the state in detail", () => {
  const details = () => screen.queryByRole("dialog", { name: "Zustand des Platzes" });

  it("is one key away and closes with the same key or Escape", async () => {
    const open = await openDesk("start-offline");
    await open.user.keyboard("{F1}");
    expect(details()).toHaveTextContent(
      /Gerade nicht möglich.*Betreuerin, Betreuer.*Möglich.*17 Codes für versicherte Personen/u,
    );
    expect(details()).toHaveTextContent("6 Nachrichten warten");
    await open.user.keyboard("{F1}");
    expect(details()).toBeNull();
    await open.user.keyboard("{F1}{Escape}");
    expect(details()).toBeNull();
    expect(sentBy(open)).toEqual([]);
  });

  it("leads to what is set here, outside of a visit only", async () => {
    const open = await openDesk("start");
    await open.user.keyboard("{F1}");
    expect(details()).toHaveTextContent("Alles ist möglich.");
    await open.user.click(button(/^Über diesen Platz/u));
    expect(sentBy(open)).toEqual(["show_about"]);
    expect(await screen.findByRole("heading", { level: 1, name: "Über diesen Platz" })).toBeVisible();
  });

  it.each(["concern", "sign-in", "locked"] as const)("doesn't lead there from %s", async (scene) => {
    const { user } = await openDesk(scene);
    await user.keyboard("{F1}");
    expect(details()).toBeVisible();
    expect(screen.queryByRole("button", { name: /^Über diesen Platz/u })).toBeNull();
  });

  it("tells a clerk that tasks wait for the team lead", async () => {
    const { user, happens } = await openDesk("start");
    await happens((desk) => desk.setDesk({ tasks: 2 }));
    expect(screen.queryByText("2 Aufgaben")).toBeNull();
    await user.keyboard("{F1}");
    expect(details()).toHaveTextContent("2 Aufgaben warten");
  });
});

describe("beginning without a line", () => {
  it("says at each way why it can't be gone, and its key does nothing", async () => {
    const open = await openDesk("start-offline");
    expect(button(/^Betreuerin/u)).toBeDisabled();
    expect(button(/^Betreuerin/u)).toHaveAccessibleDescription(
      "Ohne Verbindung ist das Verzeichnis der Betreuungen nicht erreichbar.",
    );
    expect(button(/^Ohne Karte/u)).toHaveAccessibleDescription(
      "Ohne Verbindung geht es nur mit gültiger Gesundheitskarte.",
    );
    await open.user.keyboard("{F2}{F3}");
    expect(screen.getByRole("heading", { level: 1 })).toHaveTextContent("Gesundheitskarte einstecken");
    await open.user.keyboard("{F4}");
    expect(sentBy(open)).toEqual(["show_today"]);
  });

  it.each([
    ["start-offline-codes", "Zurzeit keine neuen Codes", "offline_not_possible"],
    ["start-offline-staff", "Zurzeit keine neuen Codes", "offline_not_possible"],
    ["start-delivery-only", "Zurzeit keine neuen Codes", "offline_not_possible"],
    ["start-line-locked", "Warten auf die Verbindung", "line_lost"],
    ["start-clock-wrong", "Zurzeit keine neuen Codes", "clock_wrong"],
  ] as const)("asks nobody for a card in vain: %s", async (scene, title, code) => {
    await openDesk(scene);
    expect(screen.getByRole("heading", { level: 1, name: title })).toBeVisible();
    expect(document.querySelectorAll(`[data-error=${code}]`)).toHaveLength(1);
    expect(button(/^Betreuerin/u)).toBeDisabled();
    // Once is enough: not at each way again.
    expect(button(/^Betreuerin/u)).not.toHaveAccessibleDescription();
  });

  it("goes on by itself as soon as the line is back", async () => {
    const { happens } = await openDesk("start-delivery-only");
    await happens((desk) => desk.setDesk({ line: connected, service: connected }));
    expect(screen.getByRole("heading", { level: 1 })).toHaveTextContent("Gesundheitskarte einstecken");
    expect(button(/^Betreuerin/u)).toBeEnabled();
  });

  it.each([
    ["{F2}", "Vertreternummer", "v-h8d3mpwc{Enter}"],
    ["{F3}", "Versichertennummer (KVNR)", "b234567895{Enter}"],
  ])("says so in a form that is open when the line goes: %s", async (key, field, typed) => {
    const open = await openDesk("start");
    await open.user.keyboard(key);
    await open.happens((desk) => desk.setDesk({ line: offline }));
    expect(document.querySelectorAll("[data-error=offline_not_possible]")).toHaveLength(1);
    expect(screen.getByLabelText(field)).toHaveFocus();
    await open.user.keyboard(typed);
    expect(sentBy(open)).toEqual([]);
    expect(button(/^Besuch beginnen/u)).toHaveAccessibleDescription("Gerade nicht möglich.");
  });

  it("says what the shell refuses once, where the screen says it already", async () => {
    const { happens } = await openDesk("start-delivery-only");
    await happens((desk) => desk.fail({ code: "offline_not_possible", params: { why: "lease" } }));
    expect(document.querySelectorAll("[data-error=offline_not_possible]")).toHaveLength(1);
  });
});

describe("a visit without a line", () => {
  it("offers no ePA, and says why", async () => {
    const { happens } = await openDesk("concern-offline");
    const epa = () => screen.getByRole("radio", { name: /^ePA freischalten/u });
    expect(epa()).toBeDisabled();
    expect(screen.getByRole("radiogroup", { name: "Anliegen" })).toHaveAccessibleDescription(
      /Ohne Verbindung gibt es keinen Code für das Vertrauensniveau „hoch“/u,
    );
    expect(button(/^Weiter/u)).toBeEnabled();
    await happens((desk) => desk.setDesk({ line: connected }));
    expect(epa()).toBeEnabled();
  });

  it("says so before the print, and that the code takes effect later", async () => {
    const open = await openDesk("summary-offline");
    await screen.findByRole("heading", { name: "Ohne Verbindung geprüft. Schreiben drucken?" });
    expect(screen.getByText(/Der Code wird wirksam, sobald er übertragen ist/u)).toBeVisible();
    await open.user.keyboard("{Enter}");
    expect(sentBy(open)).toEqual(["sign_and_print"]);
  });

  it("prints nothing while no code can be given out, and promises none", async () => {
    const open = await openDesk("summary-delivery-only");
    expect(screen.getByRole("heading", { level: 1 })).toHaveTextContent("Noch nicht bereit zum Drucken");
    expect(screen.queryByText(/Der Code gilt/u)).toBeNull();
    expect(button(/^Unterschreiben und drucken/u)).toBeDisabled();
    await open.user.keyboard("{Enter}");
    expect(sentBy(open)).toEqual([]);
    await open.happens((desk) => desk.setDesk({ line: connected }));
    expect(button(/^Unterschreiben und drucken/u)).toBeEnabled();
  });

  it("says to a carer at once that it can't lead to a code, and goes on when the line is back", async () => {
    const { happens } = await openDesk("representation-offline");
    expect(screen.getByText(/Verzeichnis der Betreuungen nicht erreichbar/u)).toBeVisible();
    await happens((desk) => desk.setDesk({ line: connected }));
    expect(screen.queryByText(/Verzeichnis der Betreuungen nicht erreichbar/u)).toBeNull();
  });
});
