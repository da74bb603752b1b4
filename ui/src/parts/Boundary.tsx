import { Component, type ReactNode } from "react";

import { m } from "../paraglide/messages";
import { Action } from "./Action";
import { ErrorNotice } from "./Notice";

interface BoundaryProps {
  children: ReactNode;
}

/** Catches a defect in drawing the window. The window holds no truth, so loading it again loses nothing. */
export class Boundary extends Component<BoundaryProps, { hasFailed: boolean }> {
  override state = { hasFailed: false };

  static getDerivedStateFromError() {
    return { hasFailed: true };
  }

  override render() {
    if (!this.state.hasFailed) return this.props.children;
    return (
      <main className="page">
        <div className="page__content" role="alert">
          <h1>{m.boundary_title()}</h1>
          <ErrorNotice error={{ code: "internal", params: { incident: "window" } }} />
          <div>
            <Action look="primary" label={m.boundary_reload()} onPress={() => location.reload()} autoFocus />
          </div>
        </div>
      </main>
    );
  }
}
