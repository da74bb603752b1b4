import "./Path.css";

/** Where a file is: whole, in one direction, and broken where it has to be. */
export function Path({ children }: { children: string }) {
  return (
    <code className="path" dir="ltr">
      {children}
    </code>
  );
}
