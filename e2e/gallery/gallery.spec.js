import { mkdirSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "@playwright/test";
import { roles, stateOf } from "../house.js";
import { allPages } from "../pages.js";

const out = process.env.GUILDHALL_GALLERY || path.join(path.dirname(fileURLToPath(import.meta.url)), "..", "..", "gallery");
const only = process.env.GUILDHALL_ONLY && new RegExp(process.env.GUILDHALL_ONLY);

// Every page in every state, at 390 and 1280 pixels, light and dark.
test("gallery", async ({ browser }) => {
  mkdirSync(out, { recursive: true });
  const contexts = {};
  const pages = {};
  const get = async (who, at) => {
    contexts[who] ??= await browser.newContext({ baseURL: process.env.GUILDHALL_URL, storageState: roles[who] && stateOf(who), reducedMotion: "reduce" });
    pages[who] ??= await contexts[who].newPage();
    await pages[who].goto(at);
    return pages[who];
  };
  for (const { name, who, at } of await allPages(get)) {
    if (only && !only.test(name)) continue;
    const page = await get(who, at);
    await page.evaluate(() => document.fonts.ready);
    for (const width of [390, 1280]) {
      await page.setViewportSize({ width, height: 844 });
      for (const colorScheme of ["light", "dark"]) {
        await page.emulateMedia({ colorScheme });
        await page.screenshot({ path: path.join(out, `${name}-${width}-${colorScheme}.png`), fullPage: true });
      }
    }
  }
});
