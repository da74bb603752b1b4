import { convertFileSrc, invoke } from "@tauri-apps/api/core";
import { listen } from "@tauri-apps/api/event";

import type { Backend } from "./Backend";
import type { Snapshot } from "./bindings";

const CHANGED = "workstation-changed";
/** The scheme under which the shell gives out the picture of a chip. */
const FACE = "face";

/** The shell. The only file that knows Tauri. */
export const tauriBackend: Backend = {
  call: (name, ...input) => invoke(name, input.length === 0 ? {} : { input: input[0] }),
  listen: (onChange) => listen<Snapshot>(CHANGED, (event) => onChange(event.payload)),
  faceUrl: (token) => convertFileSrc(token, FACE),
};
