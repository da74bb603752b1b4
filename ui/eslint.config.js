import js from "@eslint/js";
import a11y from "eslint-plugin-jsx-a11y";
import hooks from "eslint-plugin-react-hooks";
import globals from "globals";
import tseslint from "typescript-eslint";

const onlyInTauri = "Only src/backend/tauri.ts knows Tauri; everything else goes through Backend.";

export default tseslint.config(
  { ignores: ["dist", "dist-fake", "pictures-out", "src/paraglide", "src/backend/bindings.ts"] },
  js.configs.recommended,
  {
    files: ["**/*.{ts,tsx}"],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "@typescript-eslint/consistent-type-definitions": "off",
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "@typescript-eslint/switch-exhaustiveness-check": "error",
    },
  },
  {
    files: ["src/**/*.tsx", "src/**/*.ts"],
    extends: [a11y.flatConfigs.strict, hooks.configs.flat.recommended],
    rules: {
      "jsx-a11y/no-autofocus": ["error", { ignoreNonDOM: true }],
      "no-restricted-imports": ["error", { patterns: [{ group: ["@tauri-apps/*"], message: onlyInTauri }] }],
    },
  },
  { files: ["tests/**"], rules: { "@typescript-eslint/no-non-null-assertion": "off" } },
  { files: ["src/backend/tauri.ts"], rules: { "no-restricted-imports": "off" } },
  { files: ["scripts/*.mjs"], languageOptions: { globals: { ...globals.node, ...globals.browser } } },
);
