// Photographs every moment of the desk in light and dark, German and English, and some in a small window and in forced
// colours. Fails when axe finds anything, when the page is wider than the window, or when the browser complains.
//
//   npm run pictures [-- FOLDER [NAME [LOOK]]]     NAME as in scenes.mjs, LOOK like de-dark, zoomed, forced
//   npm run pictures -- FOLDER --in-turn           every moment in two of the looks, so that all six get their turn
import { mkdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";

import { launch, serve } from "./browser.mjs";
import { pictures } from "./scenes.mjs";

const inTurn = process.argv.includes("--in-turn");
const [folder = "pictures-out", onlyName = "", onlyLook = ""] = process.argv
  .slice(2)
  .filter((each) => each !== "--in-turn");
const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
/** So many pages are drawn at once. */
const PHOTOGRAPHERS = 2;
const NOW = new Date("2026-11-23T09:18:00+01:00");

const DESK = { width: 1440, height: 900 };
/** 1440 × 900 at 200 % zoom. */
const ZOOMED = { width: 720, height: 450 };

const looks = [
  { suffix: "de-light", theme: "light", language: "de" },
  { suffix: "de-dark", theme: "dark", language: "de" },
  { suffix: "en-light", theme: "light", language: "en" },
  { suffix: "en-dark", theme: "dark", language: "en" },
  { suffix: "zoomed", theme: "light", language: "de", viewport: ZOOMED, fullPage: true },
  { suffix: "forced", theme: "dark", language: "de", forcedColors: "active" },
];

async function photograph(browser, address, look, picture) {
  const { theme, language, viewport = DESK, forcedColors = "none", fullPage = false, suffix } = look;
  const context = await browser.newContext({
    viewport,
    forcedColors,
    colorScheme: theme,
    reducedMotion: "reduce",
    locale: "de-DE",
    timezoneId: "Europe/Berlin",
  });
  const page = await context.newPage();
  const complaints = [];
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(String(error)));
  await page.clock.setFixedTime(NOW);
  await page.addInitScript(
    ([language, theme]) => {
      localStorage.setItem("identplatz.language", language);
      localStorage.setItem("identplatz.theme", theme);
      // The shell freezes it, too.
      Object.freeze(Object.prototype);
    },
    [language, theme],
  );

  await page.goto(`${address}#${picture.scene ?? picture.name}`);
  await page.locator("h1").waitFor();
  await page.evaluate(() => document.fonts.ready.then(() => undefined));
  await picture.act?.(page);
  await page.screenshot({ path: join(folder, `${picture.name}.${suffix}.png`), fullPage });

  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => window.axe.run());
  for (const { id, nodes } of violations) {
    complaints.push(
      ...nodes.map(({ html, failureSummary }) => `axe ${id}: ${html}\n      ${failureSummary}`),
    );
  }
  const { wide, window: room } = await page.evaluate(() => ({
    wide: document.documentElement.scrollWidth,
    window: window.innerWidth,
  }));
  if (wide > room) complaints.push(`page is ${wide} px wide in a window of ${room} px`);
  await context.close();
  return complaints.map((complaint) => `${picture.name}.${suffix}: ${complaint}`);
}

await mkdir(folder, { recursive: true });
const server = await serve(resolve("dist-fake"));
const browser = await launch();
const complaints = [];
let taken = 0;
/** The looks of the picture in that place: German and light, in which it is drawn, and one of the others in turn. */
function looksOf(place) {
  const [first, ...others] = looks;
  return inTurn ? [first, others[place % others.length]] : looks;
}

const wanted = pictures
  .filter(({ name }) => name.startsWith(onlyName))
  .flatMap((picture, place) => looksOf(place).map((look) => ({ picture, look })))
  .filter(({ look }) => look.suffix.startsWith(onlyLook));

async function photographer() {
  for (let next = wanted.shift(); next !== undefined; next = wanted.shift()) {
    complaints.push(...(await photograph(browser, server.address, next.look, next.picture)));
    taken += 1;
  }
}

try {
  await Promise.all(Array.from({ length: PHOTOGRAPHERS }, photographer));
} finally {
  await browser.close();
  server.close();
}
for (const complaint of complaints) console.error(complaint);
console.log(`${taken} pictures in ${folder}, ${complaints.length} complaints`);
process.exitCode = complaints.length === 0 ? 0 : 1;
