import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

import "./styles/kern.scss";
import "./styles/fonts.css";
import "./styles/base.css";

import { App } from "./App";
import type { Backend } from "./backend/Backend";
import { openWorkstation } from "./state/workstation";

async function backend(): Promise<Backend> {
  if (!__FAKE_BACKEND__) return (await import("./backend/tauri")).tauriBackend;
  const [{ FakeDesk }, { play }] = await Promise.all([
    import("./backend/fake"),
    import("./backend/fakeScenes"),
  ]);
  const desk = new FakeDesk();
  play(desk, location.hash.slice(1));
  addEventListener("hashchange", () => location.reload());
  return desk;
}

const root = document.getElementById("desk");
if (root === null) throw new Error("index.html has no #desk");
createRoot(root).render(
  <StrictMode>
    <App workstation={openWorkstation(await backend())} />
  </StrictMode>,
);
