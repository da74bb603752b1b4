import { describe, expect, it } from "vitest";

import { clock, day, longDay, month } from "../src/format/dates";
import { accept, caretAfter, grouped, MRZ_DATE, REFERENCE_TAIL, visitNumber } from "../src/format/grouped";
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

describe("names of the machine-readable zone", () => {
  it.each([
    ["GRAF<VON<UND<ZU<BUNTSPECHT<<BERND<BENJAMIN", "GRAF VON UND ZU BUNTSPECHT, BERND BENJAMIN"],
    ["KIEBITZ<<KARIN<<<<<<<", "KIEBITZ, KARIN"],
  ])("%s reads %s", (zone, text) => {
    expect(mrzName(zone)).toBe(text);
  });
});
