// Every language has the same messages, with the same inputs; none is empty and each is used.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const settings = JSON.parse(readFileSync("project.inlang/settings.json", "utf8"));
const read = (locale) => {
  const messages = JSON.parse(readFileSync(`messages/${locale}.json`, "utf8"));
  delete messages.$schema;
  return messages;
};
const inputs = (message) => [...new Set(JSON.stringify(message).match(/\{\w+\}/g) ?? [])].sort().join(" ");

const base = read(settings.baseLocale);
const sources = readdirSync("src", { recursive: true })
  .filter((path) => /\.tsx?$/.test(path) && !path.startsWith("paraglide"))
  .map((path) => readFileSync(join("src", path), "utf8"));
const used = new Set(sources.flatMap((text) => text.match(/(?<=\bm\.)\w+/g) ?? []));

const problems = Object.keys(base)
  .filter((key) => !used.has(key))
  .map((key) => `${key} is not used`);
for (const locale of settings.locales) {
  const messages = read(locale);
  for (const key of new Set([...Object.keys(base), ...Object.keys(messages)])) {
    if (!(key in messages)) problems.push(`${locale}: ${key} is missing`);
    else if (!(key in base)) problems.push(`${locale}: ${key} is unknown to ${settings.baseLocale}`);
    else if (messages[key] === "") problems.push(`${locale}: ${key} is empty`);
    else if (inputs(messages[key]) !== inputs(base[key])) problems.push(`${locale}: ${key} has other inputs`);
  }
}

for (const problem of problems) console.error(problem);
process.exitCode = problems.length === 0 ? 0 : 1;
