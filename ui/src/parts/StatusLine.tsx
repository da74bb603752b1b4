import { useRef } from "react";
import { useLandmark } from "react-aria/useLandmark";

import type { Desk, Product } from "../backend/bindings";
import { m } from "../paraglide/messages";
import { deskStatus, signs, type Sign } from "../texts/desk";
import { Icon, type IconName } from "./Icon";

import "./StatusLine.css";

const icons: Record<Sign, IconName> = {
  good: "dot",
  waiting: "ring",
  attention: "attention",
  broken: "octagon",
};

interface StatusLineProps {
  desk: Desk;
  product: Product;
}

/** How the desk is: calm while all is well. */
export function StatusLine({ desk, product }: StatusLineProps) {
  const line = useRef<HTMLElement>(null);
  const { landmarkProps } = useLandmark({ role: "contentinfo", "aria-label": m.region_status() }, line);
  return (
    <footer {...landmarkProps} ref={line} className="status-line" data-reader={desk.reader.state}>
      <ul>
        {deskStatus(desk).map(({ sign, text }, place) => (
          <li key={place} className={`status status--${sign}`}>
            <Icon name={icons[sign]} />
            <span className="kern-sr-only">{signs[sign]()}: </span>
            <span>{text}</span>
          </li>
        ))}
        <li className="status">{m.status_outbox({ count: desk.outbox })}</li>
      </ul>
      <p>
        {m.status_product({
          version: product.version,
          profile: product.profileName,
          profileVersion: product.profileVersion,
        })}
      </p>
    </footer>
  );
}
