import { paraglideVitePlugin } from "@inlang/paraglide-js";
import optimizeLocales from "@react-aria/optimize-locales-plugin";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

/** While developing, messages are compiled as they change; the other scripts compile them once before (`npm run messages`). */
const messages = () =>
  paraglideVitePlugin({
    project: "./project.inlang",
    outdir: "./src/paraglide",
    strategy: ["globalVariable", "baseLocale"],
    emitTsDeclarations: true,
    emitReadme: false,
    emitPrettierIgnore: false,
  });

/** In the mode `fake` the window talks to a desk in memory (src/backend/fake.ts); else to the shell. */
export default defineConfig(({ command, mode }) => {
  const fake = mode !== "production";
  return {
    define: { __FAKE_BACKEND__: JSON.stringify(fake) },
    plugins: [
      command === "serve" && mode === "fake" ? messages() : null,
      react(),
      // Not every dictionary of React Aria has British English: its own default stays.
      { ...optimizeLocales.vite({ locales: ["de-DE", "en-GB", "en-US"] }), enforce: "pre" as const },
    ],
    // KERN's sources use an old form of Sass's if(); nothing of ours.
    css: { preprocessorOptions: { scss: { silenceDeprecations: ["if-function"] } } },
    build: {
      outDir: mode === "fake" ? "dist-fake" : "dist",
      // What Tauri's web views are at least: WebKitGTK like Safari 16, WebView2 like Chrome 120.
      target: ["safari16", "chrome120"],
      // The content security policy allows no data: addresses.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
    },
    server: { host: "127.0.0.1" },
    preview: { host: "127.0.0.1" },
    test: {
      // Whole visits by keyboard take their time on a busy machine.
      testTimeout: 30_000,
      environment: "happy-dom",
      include: ["tests/**/*.test.{ts,tsx}"],
      setupFiles: ["tests/setup.ts"],
      css: false,
    },
  };
});
