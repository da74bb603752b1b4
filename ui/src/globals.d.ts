/** Set by vite.config.ts: whether the window talks to a desk in memory instead of the shell. */
declare const __FAKE_BACKEND__: boolean;
