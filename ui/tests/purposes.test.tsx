import { screen } from "@testing-library/react";
import { describe, expect, it } from "vitest";

import type { ConcernInput, PurposeOption } from "../src/backend/bindings";
import type { CommandName } from "../src/backend/commands";
import { openDesk, sentBy, type OpenDesk } from "./desk";

const group = () => screen.getByRole("radiogroup", { name: "Anliegen" });
const epa = () => screen.getByRole("radio", { name: /^ePA freischalten/u });
const visitNumber = () => screen.getByLabelText("Besuchsnummer aus der App");

/** The desk offers other purposes. */
function offers({ happens, desk }: OpenDesk, purposes: PurposeOption[]) {
  const { screen: concern } = desk.snapshot();
  if (concern.kind !== "concern") throw new Error("no concern");
  return happens((desk) => desk.show({ ...concern, step: { ...concern.step, purposes } }));
}

describe("the ePA", () => {
  it("is chosen with its digit, says what it needs, and the visit number stays", async () => {
    const open = await openDesk("concern");
    const chosen: ConcernInput[] = [];
    const call = open.desk.call;
    open.desk.call = ((name: CommandName, input: never) => {
      if (name === "choose_concern") chosen.push(input);
      return call(name, input);
    }) as typeof call;
    await open.user.keyboard("h8d3{Shift>}{Tab}{/Shift}2");
    expect(epa()).toBeChecked();
    expect(screen.getByText("Die ePA braucht das Vertrauensniveau „hoch“.")).toBeVisible();
    expect(screen.getByText(/sieht immer eine zweite Person mit hin/u)).toBeVisible();
    expect(visitNumber()).toHaveFocus();
    expect(visitNumber()).toHaveValue("H8D3");
    await open.user.keyboard("mpwc");
    await screen.findByRole("heading", { level: 1, name: "Ausweis ansehen" });
    expect(chosen).toEqual([expect.objectContaining({ purpose: "epa", visitNumber: "H8D3MPWC" })]);
    expect(screen.getByRole("navigation", { name: "Schritte des Besuchs" })).toHaveTextContent("Vier Augen");
  });

  it("says nothing of its needs before it is chosen", async () => {
    await openDesk("concern");
    expect(screen.queryByText(/Die ePA braucht/u)).toBeNull();
  });

  it.each(["concern-number", "concern-epa-unproven"] as const)(
    "can't be chosen without a genuine health card, and says so: %s",
    async (scene) => {
      const open = await openDesk(scene);
      expect(epa()).toBeDisabled();
      expect(group()).toHaveAccessibleDescription(
        /ePA freischalten geht heute nicht: Dafür muss die eigene Gesundheitskarte gelesen/u,
      );
      await open.user.keyboard("{Shift>}{Tab}{/Shift}2");
      expect(epa()).not.toBeChecked();
      expect(sentBy(open)).toEqual([]);
    },
  );
});

describe("a purpose that isn't possible", () => {
  it("is never sent, not even when the visit number is complete", async () => {
    const open = await openDesk("concern");
    await offers(open, [
      { purpose: "app_activation", problem: "app_active_already", against: null },
      { purpose: "epa", problem: null, against: null },
    ]);
    await open.user.keyboard("h8d3mpwc{Enter}");
    expect(sentBy(open)).toEqual([]);
    expect(screen.getByRole("button", { name: /^Weiter/u })).toBeDisabled();
    expect(screen.getByRole("button", { name: /^Weiter/u })).toHaveAccessibleDescription(
      "Bitte ein anderes Anliegen wählen.",
    );
    await open.user.click(epa());
    await open.user.keyboard("{Control>}{Enter}{/Control}");
    expect(sentBy(open)).toEqual(["choose_concern"]);
  });

  it.each<[NonNullable<PurposeOption["problem"]>, RegExp]>([
    ["app_active_already", /schon freigeschaltet/u],
    ["account_not_registered", /Zuerst in der App registrieren/u],
    ["review_overdue", /zu lange nicht durchgesehen/u],
  ])("says why: %s", async (problem, why) => {
    const open = await openDesk("concern");
    await offers(open, [{ purpose: "app_activation", problem, against: null }]);
    expect(group()).toHaveAccessibleDescription(why);
  });
});
