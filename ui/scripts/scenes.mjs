// What is photographed: a scene of src/backend/fakeScenes.ts and what the clerk does there.

const press =
  (...keys) =>
  async (page) => {
    for (const key of keys) await page.keyboard.press(key);
  };
const type = (text) => (page) => page.keyboard.type(text);
const steps =
  (...actions) =>
  async (page) => {
    for (const action of actions) await action(page);
  };
const sees = (text) => (page) => page.getByText(text).first().waitFor();

const both = (de, en) => new RegExp(`${de}|${en}`, "u");
const dates = steps(
  type("8806220"),
  sees(both("wie auf der Karte", "same as on the card")),
  type("3107313"),
  sees(both("stimmt, gültig", "still valid")),
);

export const pictures = [
  { name: "starting" },
  { name: "blocked" },
  { name: "start" },
  { name: "start-no-reader" },
  { name: "reading" },
  { name: "read-not-insured" },
  { name: "failed" },
  { name: "concern" },
  { name: "concern-typed", scene: "concern", act: type("h8d3mpw") },
  {
    name: "concern-problem",
    scene: "concern",
    act: steps(type("h8d3mpw"), press("Enter"), sees(both("fehlen", "too few"))),
  },
  { name: "concern-unknown-day" },
  { name: "concern-abort", scene: "concern", act: press("Escape") },
  { name: "document" },
  { name: "document-typed", scene: "document", act: steps(dates, press("F9", "F9")) },
  {
    name: "document-problem",
    scene: "document",
    act: steps(
      type("8806227"),
      sees(both("Prüfziffer stimmt nicht", "check digit is wrong")),
      press("Tab"),
      type("2403317"),
      sees(both("Abgelaufen", "Expired")),
    ),
  },
  {
    name: "document-failed",
    scene: "document",
    act: steps(dates, press("F9", "Shift+F9"), (page) =>
      page.getByText(both("unklar", "unclear")).nth(2).click(),
    ),
  },
  { name: "document-complete" },
  { name: "face" },
  { name: "face-typed", scene: "face", act: press("1") },
  {
    name: "face-doubt",
    scene: "face",
    act: steps(press("2", "Enter"), sees(both("zweite Person dazuholen und", "with you"))),
  },
  { name: "summary" },
  { name: "summary-printer-gone" },
  { name: "printing" },
  { name: "printing-waiting" },
  { name: "hand-over" },
  {
    name: "hand-over-typed",
    scene: "hand-over",
    act: steps(type("ynk"), press("Tab", "Tab", "Space", "Tab", "Space")),
  },
  {
    name: "hand-over-problem",
    scene: "hand-over",
    act: steps(type("ynkh"), press("Enter"), sees(both("hier bestätigen", "confirm it here"))),
  },
  { name: "hand-over-late" },
  {
    name: "hand-over-discard",
    scene: "hand-over",
    act: (page) => page.getByRole("button", { name: both("verwerfen", "void") }).click(),
  },
  { name: "done" },
  { name: "done-voided" },
  // The whole way by keyboard in a real browser.
  {
    name: "walk-to-print",
    scene: "concern",
    act: steps(
      type("h8d3mpwc"),
      press("Enter"),
      sees(both("Ausweis ansehen", "Look at the ID document")),
      dates,
      press("F9", "F9", "F9", "F9", "F9", "Control+Enter"),
      sees(both("Passt das Foto", "Does the photo")),
      press("1", "Enter"),
      sees(both("Schreiben drucken", "Print the letter")),
      press("Enter"),
      sees(both("wird gedruckt", "Printing")),
    ),
  },
  {
    name: "walk-to-end",
    scene: "hand-over",
    act: steps(
      type("ynkh"),
      press("Tab", "Tab", "Space", "Tab", "Space", "Enter"),
      sees(both("Fertig", "Done")),
      press("Enter"),
      sees(both("einstecken", "Insert")),
    ),
  },
];
