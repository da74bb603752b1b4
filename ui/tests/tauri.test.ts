import { beforeEach, describe, expect, it, vi } from "vitest";

import { tauriBackend } from "../src/backend/tauri";

const invoke = vi.hoisted(() => vi.fn());
vi.mock("@tauri-apps/api/core", () => ({
  invoke,
  convertFileSrc: (path: string, protocol: string) => `${protocol}://localhost/${path}`,
}));

describe("the line to the shell", () => {
  beforeEach(() => {
    invoke.mockReset();
    invoke.mockResolvedValue(null);
  });

  it("sends a command's data as one argument called input", async () => {
    await tauriBackend.call("answer_face", { answer: "matches" });
    expect(invoke).toHaveBeenCalledWith("answer_face", { input: { answer: "matches" } });
  });

  it("sends a command without data without arguments", async () => {
    await tauriBackend.call("confirm_document");
    expect(invoke).toHaveBeenCalledWith("confirm_document", {});
  });

  it("fetches the picture of a chip under a scheme of its own", () => {
    expect(tauriBackend.faceUrl("one-time")).toBe("face://localhost/one-time");
  });

  it("hands on what the shell rejects with", async () => {
    invoke.mockRejectedValue({ code: "not_now" });
    await expect(tauriBackend.call("go_back")).rejects.toEqual({ code: "not_now" });
  });
});
