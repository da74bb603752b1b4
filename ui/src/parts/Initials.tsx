import "./Initials.css";

/** Somebody of the staff as a disc, beside the name. */
export function Initials({ children }: { children: string }) {
  return (
    <span className="initials" aria-hidden="true">
      {children}
    </span>
  );
}
