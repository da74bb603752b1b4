import { act, render, screen, within } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";

import { App } from "../src/App";
import type { Screen } from "../src/backend/bindings";
import { FakeDesk } from "../src/backend/fake";
import { scenes, type SceneName } from "../src/backend/fakeScenes";
import { openWorkstation } from "../src/state/workstation";
import { openDesk, sentBy } from "./desk";

afterEach(() => {
  vi.useRealTimers();
});

describe("every scene", () => {
  it.each(Object.keys(scenes) as SceneName[])("%s asks one question and names its regions", async (scene) => {
    await openDesk(scene);
    expect(screen.getAllByRole("heading", { level: 1 })).toHaveLength(1);
    expect(screen.getByRole("main")).toBeVisible();
    expect(screen.getByRole("contentinfo", { name: "Zustand des Platzes" })).toBeVisible();
    expect(document.title).toMatch(/ – Identplatz$/u);
    expect(document.body.textContent).not.toMatch(/undefined|\[object|\{\w+\}/u);
  });
});

describe("the window", () => {
  it("changes its language, the document's too, and keeps what was typed", async () => {
    const { user } = await openDesk("concern");
    await user.keyboard("h8d3");
    await user.click(screen.getByRole("radio", { name: "English" }));
    expect(document.documentElement.lang).toBe("en");
    expect(screen.getByRole("heading", { level: 1 })).toHaveTextContent("What is the visit about?");
    expect(screen.getByLabelText("Visit number from the app")).toHaveValue("H8D3");
  });

  it("remembers language and theme and nothing else", async () => {
    const { user } = await openDesk("concern");
    await user.keyboard("h8d3mpwc{Enter}");
    await user.click(screen.getByRole("radio", { name: "English" }));
    await user.click(screen.getByRole("button", { name: "Dark appearance" }));
    expect(document.documentElement.dataset.kernTheme).toBe("dark");
    expect(Object.entries(localStorage).sort()).toEqual([
      ["identplatz.language", "en"],
      ["identplatz.theme", "dark"],
    ]);
    expect(sessionStorage).toHaveLength(0);
  });

  it("says all the time that a workshop build is one", async () => {
    const { desk, happens } = await openDesk("concern");
    expect(screen.getByText("Werkstatt-Build: nur für Test und Vorführung")).toBeVisible();

    const snapshot = desk.snapshot.bind(desk);
    desk.snapshot = () => ({ ...snapshot(), workshop: false });
    await happens(() => desk.setDesk({ outbox: 1 }));
    expect(screen.queryByText(/Werkstatt-Build/u)).toBeNull();
  });

  it("goes from region to region with F6", async () => {
    const { user } = await openDesk("concern");
    expect(screen.getByRole("main")).toContainElement(document.activeElement as HTMLElement);
    await user.keyboard("{F6}");
    expect(screen.getByRole("complementary")).toHaveFocus();
    await user.keyboard("{F6}");
    expect(screen.getByRole("contentinfo")).toHaveFocus();
  });

  it("says so when the shell doesn't answer at all", async () => {
    const desk = new FakeDesk();
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- commands reject with an AppError
    desk.call = () => Promise.reject({ code: "store_unavailable" });
    render(<App workstation={openWorkstation(desk)} />);
    expect(await screen.findByText("Der Speicher dieses Platzes ist nicht zugänglich.")).toBeVisible();
  });

  it("offers to load itself again when it can't be drawn", async () => {
    vi.spyOn(console, "error").mockImplementation(() => undefined);
    const { happens } = await openDesk("concern");
    await happens((desk) => desk.show({ kind: "document" } as unknown as Screen));
    expect(screen.getByRole("button", { name: "Fenster neu laden" })).toHaveFocus();
    vi.restoreAllMocks();
  });

  it("says what the register doesn't know of a birth date", async () => {
    await openDesk("concern-unknown-day");
    const pane = screen.getByRole("complementary", { name: "Stand des Besuchs" });
    expect(pane).toHaveTextContent("geb. 1933, Tag und Monat unbekannt");
  });

  it("shows in words which steps are done and which is the current one", async () => {
    await openDesk("face");
    const steps = within(screen.getByRole("navigation", { name: "Schritte des Besuchs" })).getAllByRole(
      "listitem",
    );
    expect(steps.map((step) => step.getAttribute("aria-current"))).toEqual([null, null, "step", null, null]);
    expect(steps[0]).toHaveTextContent("Anliegen, erledigt");
  });
});

describe("the end of a visit", () => {
  it("calls the code effective only when the account service has accepted the hand-over", async () => {
    const { happens, desk } = await openDesk("done");
    expect(screen.getByText("Der Code ist wirksam.")).toBeVisible();

    const { screen: done } = desk.snapshot();
    if (done.kind !== "done" || done.pane.code === null) throw new Error("not done");
    const pane = { ...done.pane, code: { ...done.pane.code, acceptedAt: null } };
    await happens(() => desk.show({ ...done, pane }));
    expect(screen.getByText("Der Code ist noch nicht wirksam.")).toBeVisible();
    expect(screen.queryByText("Der Code ist wirksam.")).toBeNull();
  });
});

describe("a review of catalogue or checklist", () => {
  it("is told on the start screen: what, until when, and what is reached from then on", async () => {
    await openDesk("start-review-due");
    expect(screen.getByText("Ausweiskatalog: Durchsicht bis 13.12.2026 fällig")).toBeVisible();
    expect(screen.getByText(/höchstens das Vertrauensniveau „substanziell“/u)).toBeVisible();
  });

  it("is told with its place to call when it is overdue", async () => {
    const { happens } = await openDesk("start-review-overdue");
    const told = screen.getByText("Ausweiskatalog: Durchsicht überfällig").closest(".notice");
    expect(told).toHaveTextContent(/„normal“ erreichbar\. Bitte die IT-Betreuung anrufen/u);
    expect(screen.getByText("Prüfliste: Durchsicht bis 01.12.2026 fällig")).toBeVisible();
    await happens((desk) => desk.setDesk({ reviews: [{ part: "checklist", until: null, then: "none" }] }));
    expect(screen.getByText(/kann hier niemand identifiziert werden/u)).toBeVisible();
  });

  it("is told nowhere else", async () => {
    const { user, happens } = await openDesk("start-review-due");
    await user.keyboard("{F3}");
    expect(screen.queryByText(/Durchsicht/u)).toBeNull();
    await happens((desk) => desk.beginVisit());
    expect(screen.queryByText(/Durchsicht/u)).toBeNull();
  });
});

describe("reading a card", () => {
  it("can be stopped with Escape and begun again with F8", async () => {
    const open = await openDesk("reading");
    expect(screen.getByRole("progressbar")).toHaveAccessibleName("Schritt 7 von 8: Versicherung");
    await open.user.keyboard("{Escape}");
    expect(screen.getByText("Das Lesen wurde abgebrochen.")).toBeVisible();
    await open.user.keyboard("{F8}");
    expect(sentBy(open)).toEqual(["cancel_reading", "read_again"]);
  });
});

describe("the time that a code waits for its hand-over", () => {
  it("is shown every second and said aloud only now and then", async () => {
    vi.useFakeTimers({
      toFake: ["Date", "setInterval", "clearInterval"],
      now: new Date("2026-11-23T08:00:00Z"),
    });
    await openDesk("hand-over");
    const said = () => screen.getByTestId("countdown-said").textContent;
    expect(screen.getByText("13:42")).toBeVisible();
    expect(said()).toBe("");

    act(() => void vi.advanceTimersByTime(4 * 60_000));
    expect(screen.getByText("09:42")).toBeVisible();
    expect(said()).toBe("Ohne Bestätigung verfällt der Code in 10 Minuten.");

    act(() => void vi.advanceTimersByTime(8 * 60_000 + 50_000));
    expect(said()).toBe("Ohne Bestätigung verfällt der Code in einer Minute.");

    act(() => void vi.advanceTimersByTime(60_000));
    expect(said()).toBe("Die Zeit ist um. Der Code ist verfallen.");
  });
});
