import "./KeyHint.css";

/** The key that does what stands beside it. Screen readers get it from `aria-keyshortcuts`. */
export function KeyHint({ children }: { children: string }) {
  return (
    <kbd className="key-hint" aria-hidden="true">
      {children}
    </kbd>
  );
}
