import { screen, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";

import type { BlockedView, BlockingState } from "../src/backend/bindings";
import { fakeToday } from "../src/backend/fakeLists";
import { BLOCKING_NUMBER } from "../src/backend/fakeRecords";
import { setLanguage } from "../src/state/preferences";
import { recordedText } from "../src/texts/blocking";
import { openDesk, sentBy, type OpenDesk } from "./desk";

const title = () => screen.getByRole("heading", { level: 1 });
const number = new RegExp(BLOCKING_NUMBER.replaceAll(" ", "\\s"), "u");
const primary = () => screen.getByRole("button", { name: /^Jetzt sperren/u });

/** Everything with the keyboard, from the number to the choice. */
async function typePerson({ user }: OpenDesk, choice: "1" | "2") {
  await user.keyboard("A123456780");
  await user.tab();
  await user.keyboard("Amsel");
  await user.tab();
  await user.keyboard("Andrea");
  await user.tab();
  await user.keyboard("24121971");
  await user.tab();
  await user.keyboard(choice);
}

describe("blocking a code or a device", () => {
  it.each(["start", "start-supervisor"] as const)("begins with F6 for everybody: %s", async (scene) => {
    const open = await openDesk(scene);
    await open.user.keyboard("{F6}");
    expect(sentBy(open)).toEqual(["show_block"]);
    expect(title()).toHaveTextContent("Code oder Gerät sperren");
    expect(screen.getByLabelText(/^Versichertennummer/u)).toHaveFocus();
  });

  it("can be begun without a line, when hardly anything else can", async () => {
    const open = await openDesk("start-offline");
    await open.user.keyboard("{F6}");
    expect(title()).toHaveTextContent("Code oder Gerät sperren");
  });

  it.each([
    ["1", "codes"],
    ["2", "app"],
  ] as const)("needs no more than number, name, birth date and the choice %s", async (digit, target) => {
    const open = await openDesk("block");
    expect(primary()).toBeDisabled();
    await typePerson(open, digit);
    expect(primary()).toBeEnabled();
    const inputs: unknown[] = [];
    const call = open.desk.call;
    open.desk.call = ((name: string, input: never) => {
      if (name === "block") inputs.push(input);
      return call(name as "block", input);
    }) as typeof call;
    await open.user.keyboard("{Enter}");
    const person = {
      kvnr: "A123456780",
      familyName: "Amsel",
      givenNames: "Andrea",
      birthDate: "24.12.1971",
      own: true,
      cardNumberTail: null,
    };
    expect(inputs).toEqual([{ person, target }]);
  });

  it("asks for no document and no Kennnummer", async () => {
    await openDesk("block");
    expect(screen.getAllByRole("textbox")).toHaveLength(4);
  });

  it("does nothing before it is said what is to be blocked", async () => {
    const open = await openDesk("block");
    await open.user.keyboard("A123456780{Enter}");
    expect(sentBy(open)).toEqual([]);
    expect(screen.getByText("Bitte wählen, was gesperrt werden soll.")).toBeVisible();
  });

  it("gives the number that blocks at any hour, with a line and without", async () => {
    const open = await openDesk("block");
    expect(screen.getByText(number)).toBeVisible();
    await open.happens((desk) => desk.setDesk({ line: { state: "locked", since: "2026-11-20T08:00:00Z" } }));
    expect(screen.getByText("Die Sperre wird nur vorgemerkt.").closest("[role=status]")).not.toBeNull();
    expect(screen.getByText(number)).toBeVisible();
  });

  it("says of every failure that nothing is blocked, and keeps what was typed", async () => {
    const open = await openDesk("block");
    await typePerson(open, "1");
    await open.happens((desk) => desk.fail({ code: "data_mismatch" }));
    const alert = screen
      .getByText("Die Angaben stimmen nicht mit unseren Daten überein.")
      .closest("[role=alert]");
    expect(alert).toHaveTextContent(/Es ist nichts gesperrt\..*040/u);
    expect(screen.getByLabelText(/^Versichertennummer/u)).toHaveValue("A123456780");
    expect(screen.getAllByText(/stimmen nicht mit unseren Daten überein/u)).toHaveLength(1);
  });

  it("says at the field what is wrong with it", async () => {
    const open = await openDesk("block");
    await typePerson(open, "1");
    await open.user.tab({ shift: true });
    await open.user.keyboard("{Backspace}{Enter}");
    expect(screen.getByLabelText(/^Geburtsdatum/u)).toHaveAttribute("aria-invalid", "true");
    expect(screen.queryByText(/Es ist nichts gesperrt/u)).toBeNull();
  });

  it("leads back with Escape", async () => {
    const open = await openDesk("block");
    await open.user.keyboard("{Escape}");
    expect(sentBy(open)).toEqual(["show_start"]);
  });
});

describe("what was recorded", () => {
  it("is said to be blocked only once the service has it", async () => {
    const open = await openDesk("block-ordered");
    expect(title()).toHaveTextContent("Sperre vorgemerkt");
    expect(screen.getByText("Noch nicht gesperrt.").closest("[role=status]")).not.toBeNull();
    await open.happens((desk) => desk.blocked("in_force"));
    expect(title()).toHaveTextContent("Gesperrt");
    expect(
      screen.getByText("Kein offener Code lässt sich mehr einlösen.").closest("[role=status]"),
    ).not.toBeNull();
  });

  it("goes with the number that blocks at once, while there is no line", async () => {
    await openDesk("block-ordered-offline");
    expect(screen.getByText(number)).toHaveTextContent(/Noch nicht gesperrt\./u);
    expect(screen.getByText("noch nicht geprüft")).toBeVisible();
  });

  it("says that nothing is blocked when the service refuses", async () => {
    await openDesk("block-refused");
    expect(title()).toHaveTextContent("Nicht gesperrt");
    expect(screen.getByText(number)).toBeVisible();
  });

  it("shows no name, and no whole number", async () => {
    await openDesk("block-in-force");
    expect(screen.getByText("A••••••780")).toBeVisible();
    expect(document.body).not.toHaveTextContent(/Amsel|A123456780/u);
  });

  it("goes on with F6 to an empty form", async () => {
    const open = await openDesk("block-app");
    await open.user.keyboard("{F6}");
    expect(screen.getByLabelText(/^Versichertennummer/u)).toHaveValue("");
  });

  it("ends with Enter", async () => {
    const open = await openDesk("block-app");
    await open.user.keyboard("{Enter}");
    expect(sentBy(open)).toEqual(["show_start"]);
  });

  it.each(["de", "en"] as const)("is told for every state, target and line, in %s", (language) => {
    setLanguage(language);
    const states: BlockingState[] = ["ordered", "in_force", "refused"];
    const texts = states.flatMap((state) =>
      (["codes", "app"] as const).flatMap((target) =>
        [true, false].map((hasLine) => {
          const view: BlockedView = {
            kvnrMasked: "A••••••780",
            confirmed: hasLine,
            blocking: { target, state },
          };
          return recordedText(view, BLOCKING_NUMBER, hasLine);
        }),
      ),
    );
    for (const { title, lead, what, next } of texts) {
      expect(title).toMatch(/\S.*[^.]$/u);
      for (const sentence of [lead, what, next]) expect(sentence).toMatch(/\.$/u);
    }
    expect(
      texts.filter(({ tone }) => tone === "good").every(({ title }) => /^(Gesperrt|Blocked)$/u.test(title)),
    ).toBe(true);
  });
});

describe("a blocking in lists", () => {
  it("is a row without a reference", async () => {
    const open = await openDesk("start");
    open.desk.today = fakeToday(open.desk.now());
    await open.user.keyboard("{F4}");
    const row = screen.getByText("Sperre: Codes").closest("tr");
    expect(row).not.toBeNull();
    if (row === null) return;
    expect(within(row).getByText("gesperrt")).toBeVisible();
    expect(row).not.toHaveTextContent(/A-/u);
  });

  it("waits for no supervisor, who can still look at it", async () => {
    const open = await openDesk("review-blocking");
    const group = screen.getByRole("group", { name: "Sperren, nicht zu prüfen" });
    expect(within(group).getByRole("option")).toHaveTextContent("Sperre: Codes");
    expect(screen.getByText("Eine Sperre wird nicht geprüft.")).toBeVisible();
    expect(screen.queryByText("Ausweis")).toBeNull();
    expect(screen.queryByRole("button", { name: /^Unterschreiben/u })).toBeNull();
    const waiting = open.desk.reviews.visits.filter(
      ({ review, id }) => review === null && id !== "r-9",
    ).length;
    expect(screen.getByText(new RegExp(`^${waiting} `, "u"))).toBeVisible();
  });
});
