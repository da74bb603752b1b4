import { m } from "../paraglide/messages";
import { getLocale } from "../paraglide/runtime";

const LOCALES = { de: "de-DE", en: "en-GB" } as const;

function inLanguage(date: Date, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat(LOCALES[getLocale()], options).format(date);
}

/** The BCP 47 tag of the language in use. */
export function localeTag(): string {
  return LOCALES[getLocale()];
}

/**
 * A day as on the card: `1988-06-22` → 22.06.1988. The register leaves out what it doesn't know:
 * `1931-00-00` → "1931, Tag und Monat unbekannt".
 */
export function day(date: string): string {
  const [year = "", month = "", dayOfMonth = ""] = date.split("-");
  if (month === "00" || month === "") return m.date_year_only({ year });
  if (dayOfMonth === "00" || dayOfMonth === "") return m.date_month_only({ year, month });
  if (getLocale() === "de") return `${dayOfMonth}.${month}.${year}`;
  return inLanguage(utc(date), { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });
}

/** A whole day as it is typed and sent, in any language: `1988-06-22` → 22.06.1988. */
export function typedDay(date: string): string {
  return date.split("-").reverse().join(".");
}

/** A day with its weekday: "Freitag, 5. Dezember 2026". */
export function longDay(date: string): string {
  return inLanguage(utc(date), { dateStyle: "full", timeZone: "UTC" });
}

/** Month and year: `2029-06-30` → 06/2029. */
export function month(date: string): string {
  const [year = "", monthOfYear = ""] = date.split("-");
  return `${monthOfYear}/${year}`;
}

/** The time of an instant (RFC 3339) on the desk's clock: 09:17. */
export function timeOfDay(instant: string): string {
  return inLanguage(new Date(instant), { hour: "2-digit", minute: "2-digit" });
}

/** Day and time of an instant (RFC 3339) in a list: "Fr., 20.11., 08:56". */
export function dayAndTime(instant: string): string {
  return inLanguage(new Date(instant), {
    weekday: "short",
    day: "2-digit",
    month: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
  });
}

/** An instant (RFC 3339) as people near it say: "09:17", "morgen, 09:17", "gestern, 18:02"; further off with its day. */
export function momentNear(instant: string, now: number): string {
  const days = calendarDay(Date.parse(instant)) - calendarDay(now);
  const time = timeOfDay(instant);
  if (days === 0) return time;
  if (Math.abs(days) > 1) return dayAndTime(instant);
  const day = new Intl.RelativeTimeFormat(localeTag(), { numeric: "auto" }).format(days, "day");
  return m.time_of_day_on({ day, time });
}

/** The number of the day on the desk's calendar. */
function calendarDay(milliseconds: number): number {
  const date = new Date(milliseconds);
  return Date.UTC(date.getFullYear(), date.getMonth(), date.getDate()) / 86_400_000;
}

/** The day of an instant (RFC 3339) on the desk's calendar, in figures: 20.11.2026. */
export function shortDay(instant: string): string {
  const date = new Date(instant);
  return inLanguage(date, {
    day: "2-digit",
    month: getLocale() === "de" ? "2-digit" : "short",
    year: "numeric",
  });
}

/** The day of an instant (RFC 3339) on the desk's calendar: "Freitag, 20. November 2026". */
export function dayOfInstant(instant: string): string {
  return inLanguage(new Date(instant), { dateStyle: "full" });
}

/** A span as minutes and seconds, with hours only when there are any: 03:24, 1:02:09. Never below zero. */
export function clock(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  const two = (value: number) => String(value).padStart(2, "0");
  const hours = Math.floor(seconds / 3600);
  const minutesAndSeconds = `${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return hours > 0 ? `${hours}:${minutesAndSeconds}` : minutesAndSeconds;
}

function utc(date: string): Date {
  return new Date(`${date}T00:00:00Z`);
}
