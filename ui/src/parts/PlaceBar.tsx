import { useRef } from "react";
import { Button, ToggleButton, ToggleButtonGroup } from "react-aria-components";
import { useLandmark } from "react-aria/useLandmark";

import type { Operator, Place } from "../backend/bindings";
import { m } from "../paraglide/messages";
import { setLanguage, setTheme, usePreferences, type Language } from "../state/preferences";
import { isOpen } from "../state/session";
import { useCall, useWorkstationState } from "../state/workstation";
import { roles } from "../texts/visit";
import { Action } from "./Action";
import { Badge } from "./Badge";
import { useHotkeys } from "./hotkeys";
import { Icon } from "./Icon";
import { Initials } from "./Initials";

import "./PlaceBar.css";

interface PlaceBarProps {
  place: Place;
  /** `null`: nobody has signed in. */
  operator: Operator | null;
  /** A build with developers' powers says so all the time. */
  isWorkshop: boolean;
}

/** Where this desk stands and who works at it. */
export function PlaceBar({ place, operator, isWorkshop }: PlaceBarProps) {
  const bar = useRef<HTMLElement>(null);
  const { landmarkProps } = useLandmark({ role: "banner", "aria-label": m.region_place() }, bar);
  return (
    <header {...landmarkProps} ref={bar} className="place-bar">
      {isWorkshop && <p className="place-bar__workshop">{m.workshop_marker()}</p>}
      <p className="place-bar__product">{m.product()}</p>
      {/* Before the desk is open nobody knows where it stands. */}
      {place.desk !== "" && (
        <p className="place-bar__place">
          {place.place} · {place.desk}
        </p>
      )}
      <div className="place-bar__tools">
        <LanguageSwitch />
        <ThemeSwitch />
        {operator !== null && <Session operator={operator} />}
      </div>
    </header>
  );
}

/** Who works here, and the ways to leave the desk. */
function Session({ operator }: { operator: Operator }) {
  const { snapshot } = useWorkstationState();
  if (snapshot === null || !isOpen(snapshot.screen)) return null;
  const { screen } = snapshot;
  const isVisitOpen = "pane" in screen;
  const tasks = operator.role === "supervisor" ? snapshot.desk.tasks : 0;
  return (
    <>
      {tasks > 0 && <Tasks count={tasks} canOpen={!isVisitOpen && screen.kind !== "reviews"} />}
      <LeaveDesk canSignOut={!isVisitOpen} />
      <p className="place-bar__operator">
        <Initials>{operator.initials}</Initials>
        <span className="kern-sr-only">{m.operator_label()}: </span>
        <span>{operator.name}</span>
        <span className="place-bar__role">{roles[operator.role]()}</span>
      </p>
    </>
  );
}

/** What waits for a supervisor; it opens where that is done. */
function Tasks({ count, canOpen }: { count: number; canOpen: boolean }) {
  const call = useCall();
  const text = m.tasks_badge({ count });
  if (!canOpen) return <Badge tone="attention">{text}</Badge>;
  return (
    <Button
      className="place-bar__tasks"
      aria-label={m.tasks_badge_label({ count })}
      onPress={() => void call("show_reviews")}
    >
      <Badge tone="attention">{text}</Badge>
    </Button>
  );
}

/** The desk can be locked at any moment, even while a dialog is open; signing out waits until the visit is over. */
function LeaveDesk({ canSignOut }: { canSignOut: boolean }) {
  const call = useCall();
  const lock = () => void call("lock");
  useHotkeys({ "Control+l": lock, "Control+L": lock }, { evenIn: "dialogs" });
  return (
    <div className="place-bar__leave">
      <Action
        look="plain"
        label={m.action_lock()}
        onPress={lock}
        hint={m.key_control_l()}
        shortcut="Control+L"
      />
      {canSignOut && (
        <Action look="plain" label={m.action_sign_out()} onPress={() => void call("sign_out")} />
      )}
    </div>
  );
}

function LanguageSwitch() {
  const { language } = usePreferences();
  return (
    <ToggleButtonGroup
      className="switch"
      aria-label={m.language_label()}
      selectionMode="single"
      disallowEmptySelection
      selectedKeys={[language]}
      onSelectionChange={([chosen]) => setLanguage(chosen as Language)}
    >
      <ToggleButton id="de" aria-label={m.language_de()} lang="de" className="switch__option">
        DE
      </ToggleButton>
      <ToggleButton id="en" aria-label={m.language_en()} lang="en" className="switch__option">
        EN
      </ToggleButton>
    </ToggleButtonGroup>
  );
}

function ThemeSwitch() {
  const { theme } = usePreferences();
  const isDark = theme === "dark";
  return (
    <Button
      className="switch switch__option"
      aria-label={isDark ? m.theme_to_light() : m.theme_to_dark()}
      onPress={() => setTheme(isDark ? "light" : "dark")}
    >
      <Icon name={isDark ? "sun" : "moon"} />
    </Button>
  );
}
