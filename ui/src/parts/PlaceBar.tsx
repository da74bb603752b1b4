import { useRef } from "react";
import { Button, ToggleButton, ToggleButtonGroup } from "react-aria-components";
import { useLandmark } from "react-aria/useLandmark";

import type { Operator, Place } from "../backend/bindings";
import { m } from "../paraglide/messages";
import { setLanguage, setTheme, usePreferences, type Language } from "../state/preferences";
import { roles } from "../texts/visit";
import { Icon } from "./Icon";

import "./PlaceBar.css";

interface PlaceBarProps {
  place: Place;
  operator: Operator;
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
      <p className="place-bar__place">
        {place.place} · {place.desk}
      </p>
      <div className="place-bar__tools">
        <LanguageSwitch />
        <ThemeSwitch />
        <p className="place-bar__operator">
          <span className="place-bar__initials" aria-hidden="true">
            {operator.initials}
          </span>
          <span className="kern-sr-only">{m.operator_label()}: </span>
          <span>{operator.name}</span>
          <span className="place-bar__role">{roles[operator.role]()}</span>
        </p>
      </div>
    </header>
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
