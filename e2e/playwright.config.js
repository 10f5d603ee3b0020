import { defineConfig } from "@playwright/test";
import { browser, workers } from "./house.js";

// One server, two workers: the run must fit two small cores in three minutes.
export default defineConfig({
  testDir: "specs",
  globalSetup: "./house.js",
  outputDir: "../test-results",
  fullyParallel: false,
  workers,
  forbidOnly: !!process.env.CI,
  timeout: 60_000,
  expect: { timeout: 8_000 },
  reporter: [["list"]],
  // The clock of a rehearsal is everybody's: what moves it comes last and alone.
  projects: [
    { name: "now", testIgnore: /clock\.spec/ },
    { name: "later", testMatch: /clock\.spec/, dependencies: ["now"], workers: 1 },
  ],
  use: {
    baseURL: process.env.GUILDHALL_URL,
    launchOptions: browser,
    locale: "en-GB",
    timezoneId: "UTC",
    actionTimeout: 8_000,
    trace: "off",
    screenshot: "only-on-failure",
  },
});
