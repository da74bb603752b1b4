import type { BundleView, SettingSource } from "../backend/bindings";
import { shortDay } from "../format/dates";
import { m } from "../paraglide/messages";

/** Who has set a value. */
export interface SourceText {
  /** Set for this desk, beside what the insurer says. */
  isLocal: boolean;
  text: string;
  /** Where it is set. */
  path: string | null;
}

export function sourceText(source: SettingSource): SourceText {
  switch (source.kind) {
    case "shipped":
      return { isLocal: false, text: m.source_shipped(), path: null };
    case "signed":
      return { isLocal: false, text: m.source_signed({ serial: source.serial }), path: null };
    case "managed":
      return { isLocal: true, text: m.source_managed(), path: source.file };
  }
}

export function bundleText(bundle: BundleView | null): string {
  if (bundle === null) return m.about_bundle_none();
  return m.about_bundle_signed({ serial: bundle.serial, date: shortDay(bundle.issuedAt) });
}
