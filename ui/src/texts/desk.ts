import type { Desk, PrinterStatus, ReaderStatus, ServiceStatus } from "../backend/bindings";
import { timeOfDay } from "../format/dates";
import { m } from "../paraglide/messages";
import { clockStatus, lineText } from "./line";

/** How a part of the desk is: its symbol and colour. */
export type Sign = "good" | "waiting" | "attention" | "broken";

/** One entry of the status line. */
export interface Status {
  sign: Sign;
  text: string;
}

/** What printers complain of: IPP `printer-state-reasons` without their severity (RFC 8011, 5.4.12). */
const reasons: Partial<Record<string, () => string>> = {
  "media-empty": m.reason_media_empty,
  "media-low": m.reason_media_low,
  "media-jam": m.reason_media_jam,
  "media-needed": m.reason_media_needed,
  "toner-empty": m.reason_toner_empty,
  "marker-supply-empty": m.reason_toner_empty,
  "toner-low": m.reason_toner_low,
  "marker-supply-low": m.reason_toner_low,
  "cover-open": m.reason_cover_open,
  "door-open": m.reason_door_open,
  "output-area-full": m.reason_output_area_full,
  "input-tray-missing": m.reason_input_tray_missing,
  paused: m.reason_paused,
};

export function printerReason(reason: string): string {
  return reasons[reason]?.() ?? m.reason_other({ reason });
}

export function readerStatus(reader: ReaderStatus): Status {
  const status = (sign: Sign, state: string): Status => ({ sign, text: m.status_reader({ state }) });
  switch (reader.state) {
    case "starting":
      return status("waiting", m.status_reader_starting());
    case "service_down":
      return status("broken", m.status_reader_service_down());
    case "service_denied":
      return status("broken", m.status_reader_service_denied());
    case "no_reader":
      return status("broken", m.status_reader_none());
    case "ready":
      return status("good", m.status_reader_ready());
    case "card_present":
      return status("good", m.status_reader_card());
    case "card_mute":
      return status("attention", m.status_reader_mute());
  }
}

export function printerStatus(printer: PrinterStatus): Status {
  switch (printer.state) {
    case "unknown":
      return { sign: "waiting", text: m.status_printer({ state: m.status_printer_unknown() }) };
    case "ready":
      return named("good", printer, m.status_printer_ready());
    case "busy":
      return named("good", printer, m.status_printer_busy());
    case "stopped":
      return named("attention", printer, printerReason(printer.reason));
    case "unreachable":
      return named("broken", printer, m.status_printer_unreachable());
  }
}

function named(sign: Sign, { name }: { name: string }, state: string): Status {
  return { sign, text: m.status_printer_named({ name, state }) };
}

/** The service by itself: `state` is told where its name stands beside it. */
export function serviceStatus(service: ServiceStatus): Status & { state: string } {
  const status = (sign: Sign, state: string) => ({ sign, state, text: m.status_service({ state }) });
  switch (service.state) {
    case "unknown":
      return status("waiting", m.status_service_unknown());
    case "connected":
      return status("good", m.status_service_connected());
    case "offline":
      return status("attention", m.status_service_offline({ time: timeOfDay(service.since) }));
  }
}

/** The line says more than the service's last answer. */
function lineStatus({ line, service }: Pick<Desk, "line" | "service">, now: number): Status {
  const state = lineText(line, now);
  if (state === null) return serviceStatus(service);
  return { sign: line.state === "offline" ? "attention" : "broken", text: m.status_service({ state }) };
}

/** Reader, printer, service, and the clock when it is wrong: the status line from left to right. */
export function deskStatus(desk: Desk, now: number): Status[] {
  const clock = clockStatus(desk.clock);
  return [
    readerStatus(desk.reader),
    printerStatus(desk.printer),
    lineStatus(desk, now),
    ...(clock === null ? [] : [clock]),
  ];
}

export const signs: Record<Sign, () => string> = {
  good: m.status_sign_good,
  waiting: m.status_sign_waiting,
  attention: m.status_sign_attention,
  broken: m.status_sign_broken,
};
