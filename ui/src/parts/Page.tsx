import { useEffect, useId, useRef, type ReactNode } from "react";

import type { AppError } from "../backend/bindings";
import { m } from "../paraglide/messages";
import { useWorkstationState } from "../state/workstation";
import { Foot, type Exits, type Primary } from "./Foot";
import { LastError } from "./Notice";

import "./Page.css";

interface PageProps extends Exits {
  title: string;
  lead: string;
  /** Stands beside the question, in screens before a visit. */
  picture?: ReactNode;
  children?: ReactNode;
  primary?: Primary | null;
  /** An error that the screen shows itself. */
  ownError?: AppError["code"];
}

/** One question and its foot. When a page appears, the focus is on what to answer first, else on the question. */
export function Page(props: PageProps) {
  const { title, lead, picture, children, primary = null, ownError, ...exits } = props;
  const { busy } = useWorkstationState();
  const page = useRef<HTMLFormElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const titleId = useId();

  useEffect(() => {
    document.title = `${title} – ${m.product()}`;
  }, [title]);

  useEffect(() => {
    // Fields that ask for the focus have it by now: children's effects run first.
    if (page.current?.contains(document.activeElement) !== true) heading.current?.focus();
  }, []);

  return (
    <form
      ref={page}
      className={picture === undefined ? "page" : "page page--picture"}
      aria-labelledby={titleId}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (!busy && primary?.shortcut === "Enter" && primary.isDisabled !== true) primary.onPress();
      }}
    >
      <div className="page__content">
        <hgroup className="page__question">
          <h1 ref={heading} id={titleId} tabIndex={-1}>
            {title}
          </h1>
          <p>{lead}</p>
        </hgroup>
        {picture !== undefined && <div className="page__picture">{picture}</div>}
        <div className="page__side">
          <LastError {...(ownError === undefined ? {} : { except: ownError })} />
          {children}
        </div>
      </div>
      <Foot primary={primary} exits={exits} />
    </form>
  );
}
