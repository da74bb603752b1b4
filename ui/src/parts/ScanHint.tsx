import type { ScanStep } from "../backend/bindings";
import { m } from "../paraglide/messages";
import { scanProblem } from "../texts/document";
import { Icon, type IconName } from "./Icon";
import { Notice } from "./Notice";

import "./ScanHint.css";

/** What the scanner for documents says. It is never in the way of typing. */
export function ScanHint({ scan }: { scan: ScanStep }) {
  return (
    <div role="status" data-scan={scan.state}>
      <ScanNews scan={scan} />
    </div>
  );
}

function ScanNews({ scan }: { scan: ScanStep }) {
  switch (scan.state) {
    case "ready":
      return <Quiet icon="dot">{m.scan_ready()}</Quiet>;
    case "unavailable":
      return <Quiet icon="attention">{m.scan_unavailable()}</Quiet>;
    case "read":
      return scan.corrected === 0 ? (
        <Quiet icon="check">{m.scan_read()}</Quiet>
      ) : (
        <Notice tone="attention" title={m.scan_corrected_title({ count: scan.corrected })}>
          {m.scan_corrected_text()}
        </Notice>
      );
    case "bad": {
      const { what, next } = scanProblem(scan.problem);
      return (
        <Notice tone="attention" title={what}>
          {next}
        </Notice>
      );
    }
  }
}

function Quiet({ icon, children }: { icon: IconName; children: string }) {
  return (
    <p className={`scan-hint scan-hint--${icon}`}>
      <Icon name={icon} /> {children}
    </p>
  );
}
