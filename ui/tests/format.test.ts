import { describe, expect, it } from "vitest";

import { clock, day, longDay, month } from "../src/format/dates";
import { looksLikeFileNumber } from "../src/format/fileNumber";
import {
  accept,
  caretAfter,
  DAY,
  grouped,
  isWholeMrzNumber,
  MRZ_DATE,
  mrzNumber,
  REFERENCE_TAIL,
  REPRESENTATIVE_NUMBER,
  visitNumber,
  withoutFillers,
} from "../src/format/grouped";
import { setLanguage } from "../src/state/preferences";
import { mrzName } from "../src/texts/visit";

describe("days", () => {
  it.each([
    ["1988-06-22", "22.06.1988"],
    ["1931-00-00", "1931, Tag und Monat unbekannt"],
    ["1931-04-00", "04/1931, Tag unbekannt"],
  ])("%s is written %s in German", (date, text) => {
    expect(day(date)).toBe(text);
  });

  it.each([
    ["1988-06-22", "22 Jun 1988"],
    ["1931-00-00", "1931, day and month unknown"],
  ])("%s is written %s in English", (date, text) => {
    setLanguage("en");
    expect(day(date)).toBe(text);
  });

  it("have their weekday in sentences", () => {
    expect(longDay("2026-12-05")).toBe("Samstag, 5. Dezember 2026");
  });

  it("shrink to month and year on cards", () => {
    expect(month("2029-06-30")).toBe("06/2029");
  });
});

describe("spans of time", () => {
  it.each([
    [204_000, "03:24"],
    [3_729_000, "1:02:09"],
    [-5, "00:00"],
  ])("%i ms are %s", (milliseconds, text) => {
    expect(clock(milliseconds)).toBe(text);
  });
});

describe("grouped characters", () => {
  it("are shown as on the person's telephone", () => {
    expect(grouped("H8D3MPWC", visitNumber(8))).toBe("H8D3 MPWC");
    expect(grouped("H8D3", visitNumber(8))).toBe("H8D3");
  });

  it("are shown as in the machine-readable zone", () => {
    expect(grouped("6408125", MRZ_DATE)).toBe("640812 5");
  });

  it("take small letters, blanks and hyphens as people type and paste them", () => {
    expect(accept(" h8d3-mp wc", visitNumber(8))).toEqual({ value: "H8D3MPWC", stranger: null });
  });

  it("name the first character that can't occur and leave it out", () => {
    expect(accept("H8O3U", visitNumber(8))).toEqual({ value: "H83", stranger: "O" });
  });

  it("hold no more than their length", () => {
    expect(accept("YNKHX", REFERENCE_TAIL).value).toBe("YNKH");
  });

  it("keep the caret behind the character that was typed", () => {
    expect(caretAfter(4, visitNumber(8))).toBe(4);
    expect(caretAfter(5, visitNumber(8))).toBe(6);
  });
});

describe("days as they are typed", () => {
  it.each([
    ["3.2.1941", "03.02.1941"],
    ["03021941", "03.02.1941"],
    ["22.6.19", "22.06.19"],
    ["3.", "03"],
  ])("%s is shown as %s", (typed, shown) => {
    expect(grouped(accept(typed, DAY).value, DAY)).toBe(shown);
  });
});

describe("a representative's number", () => {
  it.each(["V-H8D3 MPWC", "v-h8d3mpwc", "H8D3MPWC", "V-V-H8D3MPWC"])(
    "%s is the same with its prefix or without",
    (typed) => {
      expect(accept(typed, REPRESENTATIVE_NUMBER).value).toBe("H8D3MPWC");
    },
  );

  it("may begin with the letter of its prefix", () => {
    expect(grouped(accept("V-VH8D", REPRESENTATIVE_NUMBER).value, REPRESENTATIVE_NUMBER)).toBe("V-VH8D");
  });

  it("keeps the caret behind the character that was typed", () => {
    expect(caretAfter(1, REPRESENTATIVE_NUMBER)).toBe(3);
    expect(caretAfter(5, REPRESENTATIVE_NUMBER)).toBe(8);
  });
});

describe("a document's number in the zone", () => {
  it("has ten characters with its check digit, a short one with fillers in between", () => {
    expect(accept("l898902c<3 6", mrzNumber("")).value).toBe("L898902C<3");
    expect(isWholeMrzNumber("L898902C<")).toBe(false);
    expect(isWholeMrzNumber("L898902C<3")).toBe(true);
    expect(withoutFillers("L898902C<3")).toBe("L898902C<3");
  });

  // Doc 9303-11, appendix D.2
  it("goes on behind a filler in the tenth place, until the next", () => {
    expect(isWholeMrzNumber("D23145890<")).toBe(false);
    expect(accept("D23145890<7349", mrzNumber("D23145890<")).value).toBe("D23145890<7349");
    expect(isWholeMrzNumber("D23145890<7349")).toBe(false);
    expect(isWholeMrzNumber("D23145890<7349<")).toBe(true);
    expect(withoutFillers("D23145890<7349<")).toBe("D231458907349");
  });
});

describe("file numbers of guardianship courts", () => {
  it.each(["12 XVII 345/23", "2 XVII 888/92", "XVII 12/2026", "4a XVII B 77/25"])(
    "%s looks like one",
    (typed) => {
      expect(looksLikeFileNumber(typed)).toBe(true);
    },
  );

  it.each(["345/23", "12 C 345/23", "XVII"])("%s doesn't", (typed) => {
    expect(looksLikeFileNumber(typed)).toBe(false);
  });
});

describe("names of the machine-readable zone", () => {
  it.each([
    ["GRAF<VON<UND<ZU<BUNTSPECHT<<BERND<BENJAMIN", "GRAF VON UND ZU BUNTSPECHT, BERND BENJAMIN"],
    ["KIEBITZ<<KARIN<<<<<<<", "KIEBITZ, KARIN"],
  ])("%s reads %s", (zone, text) => {
    expect(mrzName(zone)).toBe(text);
  });
});
