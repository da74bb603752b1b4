import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

import type { AppError } from "../src/backend/bindings";
import { setLanguage } from "../src/state/preferences";
import { advice } from "../src/texts/errors";

/** Every code of the generated type, with whatever data its sentence may need. */
function errorsOfTheBridge(): AppError[] {
  const bindings = readFileSync("src/backend/bindings.ts", "utf8");
  const declaration = /export type AppError = ([^;]+(?:;[^;]*)*?)\n\n/u.exec(bindings)?.[1] ?? "";
  const codes = [...declaration.matchAll(/"code": "(\w+)"/gu)].map(([, code]) => code);
  const params = {
    kind: "hba",
    file: "EF.PD",
    transportCode: "0x8010002f",
    field: "visit_number",
    problem: "missing",
    refusal: "open_code_exists",
    key: "printing.uri",
    incident: "0199",
  };
  return codes.map((code) => ({ code, params }) as unknown as AppError);
}

describe("the texts of errors", () => {
  it("know every code of the bridge", () => {
    expect(errorsOfTheBridge().length).toBeGreaterThan(30);
  });

  it.each(["de", "en"] as const)("say what happened and what to do next, in %s", (language) => {
    setLanguage(language);
    for (const error of errorsOfTheBridge()) {
      const { what, next } = advice(error);
      expect(what, error.code).toMatch(/\S.*[.“”]$/u);
      expect(next, error.code).toMatch(/\S{3}/u);
      expect(what + next, error.code).not.toMatch(/undefined|\{/u);
    }
  });

  it("are other sentences in the other language", () => {
    for (const error of errorsOfTheBridge()) {
      setLanguage("de");
      const german = advice(error);
      setLanguage("en");
      expect(advice(error).what, error.code).not.toBe(german.what);
    }
  });
});
