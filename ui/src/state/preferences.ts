import { useSyncExternalStore } from "react";

import { setLocale } from "../paraglide/runtime";

export type Language = "de" | "en";
export type Theme = "light" | "dark";

export interface Preferences {
  language: Language;
  theme: Theme;
}

const LANGUAGE_KEY = "identplatz.language";
const THEME_KEY = "identplatz.theme";

const subscribers = new Set<() => void>();
let preferences: Preferences = {
  language: localStorage.getItem(LANGUAGE_KEY) === "en" ? "en" : "de",
  theme: storedTheme() ?? systemTheme(),
};
apply();

function storedTheme(): Theme | null {
  const stored = localStorage.getItem(THEME_KEY);
  return stored === "light" || stored === "dark" ? stored : null;
}

function systemTheme(): Theme {
  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}

/** The document says which language and theme it is in; texts follow the language. */
function apply() {
  void setLocale(preferences.language, { reload: false });
  document.documentElement.lang = preferences.language;
  document.documentElement.dataset.kernTheme = preferences.theme;
}

function change(next: Preferences) {
  preferences = next;
  apply();
  subscribers.forEach((onChange) => onChange());
}

export function setLanguage(language: Language) {
  localStorage.setItem(LANGUAGE_KEY, language);
  change({ ...preferences, language });
}

export function setTheme(theme: Theme) {
  localStorage.setItem(THEME_KEY, theme);
  change({ ...preferences, theme });
}

function subscribe(onChange: () => void) {
  subscribers.add(onChange);
  return () => subscribers.delete(onChange);
}

/** Language and theme: the only things the window remembers, and they are about nobody. */
export function usePreferences(): Preferences {
  return useSyncExternalStore(subscribe, () => preferences);
}
