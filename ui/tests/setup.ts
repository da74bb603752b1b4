import "@testing-library/jest-dom/vitest";

import { cleanup } from "@testing-library/react";
import { afterEach, beforeEach } from "vitest";

import { setLanguage, setTheme } from "../src/state/preferences";

beforeEach(() => {
  setLanguage("de");
  setTheme("light");
});

afterEach(cleanup);
