import { useEffect, useEffectEvent } from "react";

/** Keys by their name, modifiers first: `F9`, `Shift+F9`, `Alt+ArrowLeft`, `Control+Enter`. */
export type Hotkeys = Partial<Record<string, () => void>>;

/**
 * Elements that do something of their own with the Enter key. Fields don't: left to the browser, Enter would press the
 * form's button as a mouse does, and what appears next would wait with its focus.
 */
const ANSWERS_TO_ENTER = "a, button, select, textarea, [role=button], [role=option]";

/** Questions that must be answered first, and explanations that Escape closes. */
const QUESTION = "dialog[open]";
const POPOVER = "[role=dialog]";

/** In what the keys work as well: explanations; or everything. */
type EvenIn = "popovers" | "dialogs";

/**
 * Keys that work wherever the focus is. They rest while a dialog or a popover is open (unless `evenIn` it) and while a
 * key is held down, so that one long press never answers two questions.
 */
export function useHotkeys(hotkeys: Hotkeys, { evenIn }: { evenIn?: EvenIn } = {}) {
  const onKeyDown = useEffectEvent((event: KeyboardEvent) => {
    if (evenIn !== "dialogs" && document.querySelector(QUESTION) !== null) return;
    if (evenIn === undefined && document.querySelector(POPOVER) !== null) return;
    const name = nameOf(event);
    if (name === "Enter" && answersToEnter(event.target)) return;
    const action = hotkeys[name];
    if (action === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    if (!event.repeat) action();
  });

  useEffect(() => {
    // Captured on the way down: press handlers on the way up keep Enter to themselves.
    const listener = (event: KeyboardEvent) => onKeyDown(event);
    addEventListener("keydown", listener, { capture: true });
    return () => removeEventListener("keydown", listener, { capture: true });
  }, []);
}

function nameOf(event: KeyboardEvent): string {
  const modifiers = [
    event.ctrlKey ? "Control+" : "",
    event.altKey ? "Alt+" : "",
    event.shiftKey ? "Shift+" : "",
  ];
  return modifiers.join("") + event.key;
}

function answersToEnter(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest(ANSWERS_TO_ENTER) !== null;
}
