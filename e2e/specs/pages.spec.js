import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { allPages } from "../pages.js";
import { expect, test } from "../base.js";

// axe as @axe-core/playwright brings it, evaluated once for a page.
const require = createRequire(import.meta.url);
const axe = readFileSync(createRequire(require.resolve("@axe-core/playwright")).resolve("axe-core/axe.min.js"), "utf8");

// What depends on width or colour is asked in all four looks, the rest in two.
const looks = [
  { width: 390, colorScheme: "light", whole: true },
  { width: 390, colorScheme: "dark" },
  { width: 1280, colorScheme: "light" },
  { width: 1280, colorScheme: "dark", whole: true },
];
const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const visual = ["color-contrast", "target-size", "scrollable-region-focusable", "link-in-text-block"];

async function violations(page, { width, colorScheme, whole }) {
  await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
  await page.setViewportSize({ width, height: 844 });
  return page.evaluate(async (runOnly) => {
    const { violations } = await axe.run(document, { runOnly, resultTypes: ["violations"], rules: { "target-size": { enabled: true } } });
    return violations.map((v) => `${v.id}: ${v.nodes.slice(0, 3).map((n) => n.target.join(" ")).join(" | ")}`);
  }, whole ? { type: "tag", values: tags } : { type: "rule", values: visual });
}

// GUILDHALL_ONLY narrows a run to the pages whose name it matches.
const only = new RegExp(process.env.GUILDHALL_ONLY || "");

test.describe.configure({ mode: "parallel" });

// Every page the walk finds: no axe violation at phone and desk width in light
// and dark, one h1, nothing wider than 320 pixels, no console error (see as).
// Buyers and sellers have so many that two workers share them.
const walks = [["guest", 1], ["buyer", 2], ["seller", 2], ["agent", 1], ["operator", 1]]
  .flatMap(([group, parts]) => Array.from({ length: parts }, (_, part) => ({ group, part, parts })));
for (const { group, part, parts } of walks) {
  test(`pages of ${/^[ao]/.test(group) ? "an" : "a"} ${group}${parts > 1 ? `, ${part + 1} of ${parts}` : ""}`, async ({ as }) => {
    test.setTimeout(300_000);
    const pages = {};
    const get = async (who, at) => {
      pages[who] ??= await as(who);
      await pages[who].goto(at, { waitUntil: "domcontentloaded" });
      return pages[who];
    };
    const wrong = [];
    const all = (await allPages(get, group)).filter((p) => p.who === group && only.test(p.name));
    const list = all.filter((_, i) => i % parts === part);
    for (const { name, who, at } of list) {
      const page = await get(who, at);
      const tops = await page.locator("h1").count();
      if (tops !== 1) wrong.push(`${name}: ${tops} h1`);
      await page.evaluate(axe);
      for (const look of looks) {
        for (const v of await violations(page, look)) wrong.push(`${name} ${look.width} ${look.colorScheme}: ${v}`);
      }
      await page.setViewportSize({ width: 320, height: 640 });
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      if (wide > 320) wrong.push(`${name}: ${wide} pixels wide at 320`);
    }
    expect(all.length).toBeGreaterThan(process.env.GUILDHALL_ONLY ? 0 : 3 * parts);
    expect(wrong).toEqual([]);
  });
}
