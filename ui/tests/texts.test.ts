import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

import type {
  AppError,
  CardCheckReason,
  ChipCheck,
  ChipCheckName,
  ChipReason,
  Field,
  FieldProblem,
  OfflineObstacle,
  RefusalReason,
  TaskSubject,
} from "../src/backend/bindings";
import { setLanguage } from "../src/state/preferences";
import { checkText, stateFacts, stateLine } from "../src/texts/card";
import { chipCheck, chipGroups, chipVerdict } from "../src/texts/chip";
import { advice } from "../src/texts/errors";
import { fieldProblem } from "../src/texts/fields";
import { refusal } from "../src/texts/reasons";
import { taskText } from "../src/texts/tasks";

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
    triesLeft: 3,
    until: "2026-11-23T08:32:00Z",
    why: "representation",
  };
  return codes.map((code) => ({ code, params }) as unknown as AppError);
}

/** The words of a generated type that is nothing but words. */
function wordsOf(type: string): string[] {
  const bindings = readFileSync("src/backend/bindings.ts", "utf8");
  const declaration = new RegExp(`export type ${type} = ([^;]+);`, "u").exec(bindings)?.[1] ?? "";
  return [...declaration.matchAll(/"(\w+)"/gu)].map(([, word]) => word!);
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

describe("what can't be done without a line", () => {
  const obstacles = wordsOf("OfflineObstacle") as OfflineObstacle[];

  it.each(["de", "en"] as const)("is told for every obstacle of the bridge, in %s", (language) => {
    setLanguage(language);
    expect(obstacles.length).toBeGreaterThan(4);
    const texts = obstacles.map((why) => advice({ code: "offline_not_possible", params: { why } }));
    for (const { what, next } of texts) expect(`${what} ${next}`).toMatch(/^\S.*\. \S.*\.$/u);
    expect(new Set(texts.map(({ what }) => what)).size).toBe(obstacles.length);
  });
});

describe("the texts of tasks", () => {
  const subjects = wordsOf("TaskSubject") as TaskSubject[];

  it.each(["de", "en"] as const)("say what it is and what to do, in %s", (language) => {
    setLanguage(language);
    expect(subjects.length).toBeGreaterThan(6);
    for (const what of subjects) {
      const task = { id: "t", since: "2026-11-23T08:00:00Z", what, reference: null, visit: null };
      const refused = taskText({ ...task, why: { kind: "refused", problem: "CODE_UNKNOWN" } });
      expect(refused.title, what).toMatch(/^\S.*[^.]$/u);
      expect(refused.next, what).toMatch(/\.$/u);
      expect(refused.why, what).toContain("CODE_UNKNOWN");
      expect(taskText({ ...task, why: { kind: "unreadable" } }).why, what).not.toBe(refused.why);
    }
  });
});

describe("the tries that are left for a PIN", () => {
  it.each([
    [4, "Noch 4 Versuche."],
    [1, "Noch ein Versuch, dann wird sie für eine Weile gesperrt."],
  ])("%i are said in words", (triesLeft, text) => {
    expect(advice({ code: "pin_wrong", params: { triesLeft } }).next).toBe(text);
  });
});

describe("the texts of refusals", () => {
  const reasons = wordsOf("RefusalReason") as RefusalReason[];

  it("know every reason of the bridge", () => {
    expect(reasons.length).toBeGreaterThan(15);
  });

  it.each([
    ["de", /^„.+“$/u],
    ["en", /^“.+”$/u],
  ] as const)("give the clerk a sentence and the words to say, in %s", (language, quoted) => {
    setLanguage(language);
    for (const reason of reasons) {
      const { title, clerk, say } = refusal(reason);
      expect(title, reason).toMatch(/^\S.*[^.]$/u);
      expect(clerk, reason).toMatch(/^\S.*\.$/u);
      expect(say, reason).toMatch(quoted);
    }
  });

  it.each(["de", "en"] as const)("never hint at a suspicion or at what was noticed, in %s", (language) => {
    setLanguage(language);
    const telltale =
      /fälsch|gefälscht|unecht|verdacht|verdächt|betrug|gesicht|foto|merkmal|forg|fake|fraud|suspic|suspect|\bface|photo|feature/iu;
    for (const reason of reasons) {
      const { title, clerk, say } = refusal(reason);
      expect(`${title} ${clerk} ${say}`, reason).not.toMatch(telltale);
    }
  });

  it("tell a death in the same neutral words as the end of a representation", () => {
    expect(refusal("subject_deceased")).toEqual(refusal("representation_ended"));
  });
});

describe("the proofs of a health card", () => {
  const reasons = wordsOf("CardCheckReason") as CardCheckReason[];
  const results = ["invalid", "not_verifiable", "not_supported"] as const;

  it("know every reason of the bridge", () => {
    expect(reasons.length).toBeGreaterThan(12);
  });

  it.each(["de", "en"] as const)("are explained in sentences, whatever came of them, in %s", (language) => {
    setLanguage(language);
    for (const which of ["chip", "certificate"] as const) {
      expect(checkText(which, { result: "valid" }).what).toMatch(/^\S.*\.$/u);
      for (const result of results) {
        for (const reason of reasons) {
          const { what, next, isValid } = checkText(which, { result, reason });
          expect(isValid).toBe(false);
          expect(what, `${which} ${result} ${reason}`).toMatch(/^\S.*\.$/u);
          expect(next ?? "Nothing.", reason).toMatch(/^\S.*\.$/u);
        }
      }
    }
  });

  it.each(["de", "en"] as const)("always name a way on when one fails, in %s", (language) => {
    setLanguage(language);
    for (const reason of reasons) {
      expect(checkText("chip", { result: "invalid", reason }).next, reason).not.toBeNull();
    }
  });

  it.each(["de", "en"] as const)("and its refusal accuse nobody and teach no forger, in %s", (language) => {
    setLanguage(language);
    const telltale = /fälsch|unecht|verdacht|betrug|manip|kopi|emul|forg|fake|fraud|suspic|copy|clone/iu;
    const refusals = (["health_card_not_usable", "health_card_unproven"] as const).map((code) =>
      advice({ code }),
    );
    for (const { what, next } of refusals) expect(what + next).not.toMatch(telltale);
    for (const reason of reasons) {
      const { what, next, result } = checkText("chip", { result: "invalid", reason });
      expect(`${result} ${what} ${next ?? ""}`, reason).not.toMatch(telltale);
    }
    const notUsable = advice({ code: "health_card_not_usable" });
    expect(notUsable.what + notUsable.next).not.toMatch(/chip|zertifikat|certificate|echt|genuine/iu);
  });
});

describe("the checks of a document's chip", () => {
  const reasons = wordsOf("ChipReason") as ChipReason[];
  const checks = wordsOf("ChipCheckName") as ChipCheckName[];

  it("know every check and reason of the bridge, and put each check in one group", () => {
    expect(reasons.length).toBeGreaterThan(20);
    const lines = checks.map((check) => ({ check, state: { state: "valid" } as const }));
    const grouped = chipGroups(lines).flatMap((group) => group.checks.map(({ check }) => check));
    expect(grouped.sort()).toEqual([...checks].sort());
  });

  it.each(["de", "en"] as const)("are told in sentences that accuse nobody, in %s", (language) => {
    setLanguage(language);
    const telltale =
      /fälsch|unecht|verdacht|betrug|manip|kopi|emul|forg|fake|fraud|suspic|\bcop(y|ied)|clone/iu;
    for (const check of checks) {
      expect(chipCheck({ check, state: { state: "valid" } }).what, check).toMatch(/^\S.*\.$/u);
      for (const reason of reasons) {
        for (const state of ["invalid", "not_verifiable", "not_supported"] as const) {
          const { name, what, next, result } = chipCheck({ check, state: { state, reason } });
          expect(what, reason).toMatch(/^\S.*\.$/u);
          expect(next ?? "Nothing.", reason).toMatch(/^\S.*\.$/u);
          expect(`${name} ${result} ${what} ${next ?? ""}`, reason).not.toMatch(telltale);
        }
      }
    }
    for (const counts of ["proves", "nothing", "contradicts"] as const) {
      const { text, next } = chipVerdict(counts, []);
      expect(`${text} ${next ?? ""}`).not.toMatch(telltale);
    }
  });

  it("leave out what nobody asked for, and nothing else", () => {
    const weight = (state: ChipCheck) => chipCheck({ check: "face", state }).weight;
    expect(weight({ state: "not_supported", reason: "not_asked" })).toBe("left_out");
    expect(weight({ state: "not_supported", reason: "not_offered" })).toBe("open");
    expect(weight({ state: "not_verifiable", reason: "no_trust_store" })).toBe("open");
    expect(weight({ state: "invalid", reason: "not_asked" })).toBe("invalid");
  });
});

describe("the state of a health card", () => {
  const inOrder = {
    generation: "G2.1",
    dataAsOf: "2026-10-10",
    validFrom: "2008-01-01",
    validUntil: null,
    expired: false,
    locked: false,
    transactionOpen: false,
    contactless: null,
  };

  it("is short while nothing speaks against it", () => {
    expect(stateLine(inOrder)).toEqual({ text: "Karte G2.1, Daten vom 10.10.2026", detail: null });
    expect(stateFacts(inOrder).filter(({ next }) => next !== null)).toEqual([]);
  });

  it("names all that speaks against it, and what isn't known", () => {
    const card = { ...inOrder, dataAsOf: null, validFrom: null, locked: true, expired: true };
    expect(stateLine(card)).toEqual({
      text: "Karte G2.1, Datenstand unbekannt",
      detail: "gesperrt, abgelaufen",
    });
    expect(stateFacts(card).map(({ value }) => value)).toEqual([
      "G2.1",
      "unbekannt",
      "unbekannt",
      "ja",
      "ja",
      "abgeschlossen",
      "nicht gefragt",
    ]);
  });
});

describe("the texts of fields", () => {
  const fields = wordsOf("Field") as Field[];
  const problems = wordsOf("FieldProblem") as FieldProblem[];

  it.each(["de", "en"] as const)("say for every field what is wrong with it, in %s", (language) => {
    setLanguage(language);
    for (const field of fields) {
      for (const problem of problems) {
        expect(fieldProblem(field, problem), `${field} ${problem}`).toMatch(/^\S.*[.?]$/u);
      }
    }
  });

  it("speak of the code's alphabet only where a code is typed", () => {
    const speaking = fields.filter((field) => fieldProblem(field, "character").includes("kein 0, 1"));
    expect(speaking).toEqual(["representative_number", "visit_number", "reference", "reference_tail"]);
  });
});
