import type { ReactNode } from "react";

import type { AppError } from "../backend/bindings";
import { useWorkstationState } from "../state/workstation";
import { advice } from "../texts/errors";
import { Icon, type IconName } from "./Icon";

import "./Notice.css";

export type Tone = "good" | "info" | "attention" | "bad";

const icons: Record<Tone, IconName> = { good: "check", info: "dot", attention: "attention", bad: "octagon" };

interface NoticeProps {
  tone: Tone;
  title: string;
  /** Which error this is, for whoever drives the window. */
  code?: AppError["code"];
  children?: ReactNode;
}

/** One sentence that matters now, in its colour. */
export function Notice({ tone, title, code, children }: NoticeProps) {
  return (
    <div className={`notice notice--${tone}`} data-error={code}>
      <Icon name={icons[tone]} />
      <p>
        <strong>{title}</strong> {children}
      </p>
    </div>
  );
}

/** An error: what happened, and what to do next. */
export function ErrorNotice({ error, tone = "bad" }: { error: AppError; tone?: Tone }) {
  const { what, next } = advice(error);
  return (
    <Notice tone={tone} title={what} code={error.code}>
      {next}
    </Notice>
  );
}

/** Problems of one field are shown there (useFieldProblem). */
const AT_A_FIELD: AppError["code"][] = ["field_invalid", "pin_wrong"];

/** What went wrong with the last thing the clerk did, unless a field or the screen itself (`except`) shows it. */
export function LastError({ except }: { except?: AppError["code"] }) {
  const { notice } = useWorkstationState();
  const shown = notice !== null && !AT_A_FIELD.includes(notice.code) && notice.code !== except;
  return <div role="alert">{shown && <ErrorNotice error={notice} />}</div>;
}
