import { screen } from "@testing-library/react";
import { describe, expect, it } from "vitest";

import { openDesk, sentBy } from "./desk";

describe("what went wrong", () => {
  it("stands at the field it belongs to, which gets the focus, and not in an alert", async () => {
    const open = await openDesk("concern");
    await open.user.keyboard("h8d3");
    screen.getByRole("button", { name: /^Weiter/u }).focus();
    await open.user.keyboard("{Enter}");
    const field = screen.getByLabelText("Besuchsnummer aus der App");
    expect(field).toHaveFocus();
    expect(field).toHaveAccessibleDescription(/Es fehlen Zeichen/u);
    expect(screen.queryByText(/Eine Angabe stimmt noch nicht/u)).toBeNull();
  });

  it("leaves the field as soon as it is edited", async () => {
    const open = await openDesk("concern");
    await open.user.keyboard("h8d3{Enter}");
    expect(screen.getByLabelText("Besuchsnummer aus der App")).toBeInvalid();
    await open.user.keyboard("m");
    expect(screen.getByLabelText("Besuchsnummer aus der App")).toBeValid();
  });

  it("comes back with the focus when the same mistake is made again", async () => {
    const open = await openDesk("concern");
    await open.user.keyboard("h8d3{Enter}m");
    screen.getByRole("button", { name: /^Weiter/u }).focus();
    await open.user.keyboard("{Enter}");
    expect(screen.getByLabelText("Besuchsnummer aus der App")).toBeInvalid();
    expect(screen.getByLabelText("Besuchsnummer aus der App")).toHaveFocus();
  });

  it("is otherwise an alert that says what happened and what to do next, until the next action", async () => {
    const open = await openDesk("summary-printer-gone");
    expect(screen.getByRole("alert")).toHaveTextContent(
      "Der Drucker ist nicht erreichbar. Bitte prüfen, ob er eingeschaltet ist",
    );
    await open.user.keyboard("{Alt>}{ArrowLeft}{/Alt}");
    expect(screen.getByRole("alert")).toBeEmptyDOMElement();
  });

  it("is said once when card and notice say the same", async () => {
    await openDesk("failed");
    expect(screen.getAllByText("Die Karte antwortet nicht.")).toHaveLength(1);
  });

  it("moves through the hand-over from field to field", async () => {
    const open = await openDesk("hand-over");
    await open.user.keyboard("{Enter}");
    expect(screen.getByLabelText("Letzte vier Zeichen der Referenz")).toHaveFocus();
    await open.user.keyboard("ynkh{Tab}{Enter}");
    expect(
      screen.getByRole("checkbox", { name: "Ausweis und Gesundheitskarte zurückgegeben" }),
    ).toHaveFocus();
    expect(screen.getByText(/^Bitte .* zurückgeben und hier bestätigen/u)).toBeVisible();
    await open.user.keyboard(" {Enter}");
    expect(sentBy(open).at(-1)).toBe("hand_over");
    expect(await screen.findByRole("heading", { level: 1, name: "Fertig" })).toBeVisible();
  });

  it("says when a character can't be in a visit number", async () => {
    const open = await openDesk("concern");
    await open.user.keyboard("h8o");
    const field = screen.getByLabelText("Besuchsnummer aus der App");
    expect(field).toHaveValue("H8");
    expect(field).toHaveAccessibleDescription(/Das Zeichen „O“ kommt in der Besuchsnummer nicht vor/u);
    expect(sentBy(open)).toEqual([]);
  });
});
