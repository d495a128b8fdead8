import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    exclude: ["**/node_modules/**", "**/dist/**", "**/.assay/**"],
    pool: "forks",
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // The machine may be busy: a condition that comes true late is as good as one that comes true at once.
    expect: { poll: { timeout: 30_000 } },
    projects: [
      {
        extends: true,
        test: {
          name: "plain",
          include: ["{packages,proto,runners,frontend,source-tool,sources,scripts,fuzz}/**/*.test.{ts,tsx}"],
        },
      },
      {
        extends: true,
        test: {
          name: "database",
          include: ["{backend,tests,bench}/**/*.test.ts"],
          globalSetup: ["vitest.global-setup.ts"],
        },
      },
    ],
  },
});
