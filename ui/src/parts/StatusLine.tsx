import { useRef } from "react";
import { useLandmark } from "react-aria/useLandmark";

import type { Desk, Product } from "../backend/bindings";
import { m } from "../paraglide/messages";
import { useNow } from "../state/clock";
import { deskStatus, signs, type Sign } from "../texts/desk";
import { limit } from "../texts/line";
import { DeskState } from "./DeskState";
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

/** How the desk is: calm while all is well, and one sentence more while something isn't possible. */
export function StatusLine({ desk, product }: StatusLineProps) {
  const now = useNow();
  const line = useRef<HTMLElement>(null);
  const { landmarkProps } = useLandmark({ role: "contentinfo", "aria-label": m.region_status() }, line);
  return (
    <footer
      {...landmarkProps}
      ref={line}
      className="status-line"
      data-reader={desk.reader.state}
      data-line={desk.line.state}
      data-clock={desk.clock.state}
    >
      <Limit desk={desk} />
      <div className="status-line__parts">
        {/* Before the desk is open it looks for nothing, and nobody knows whose profile it has. */}
        {product.profileName === "" ? (
          <p>{m.status_version({ version: product.version })}</p>
        ) : (
          <>
            <ul>
              {deskStatus(desk, now).map(({ sign, text }, place) => (
                <li key={place} className={`status status--${sign}`}>
                  <Icon name={icons[sign]} />
                  <span className="kern-sr-only">{signs[sign]()}: </span>
                  <span>{text}</span>
                </li>
              ))}
              <li className="status">{m.status_outbox({ count: desk.outbox })}</li>
            </ul>
            <div className="status-line__about">
              <p>
                {m.status_product({
                  version: product.version,
                  profile: product.profileName,
                  profileVersion: product.profileVersion,
                })}
              </p>
              <DeskState desk={desk} />
            </div>
          </>
        )}
      </div>
    </footer>
  );
}

/** What isn't possible just now; said aloud when it changes. */
function Limit({ desk }: { desk: Desk }) {
  const now = limit(desk);
  return (
    <div role="status">
      {now !== null && (
        <p className={`status-line__limit status-line__limit--${now.isForAll ? "all" : "some"}`}>
          <Icon name={now.isForAll ? "octagon" : "attention"} />
          <span>{now.text}</span>
        </p>
      )}
    </div>
  );
}
