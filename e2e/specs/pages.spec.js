import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { allPages } from "../pages.js";
import { answer, expect, makeGig, order, test } from "../base.js";
import { api } from "../calls.js";

// axe as @axe-core/playwright brings it, evaluated once for a page.
const require = createRequire(import.meta.url);
const axe = readFileSync(createRequire(require.resolve("@axe-core/playwright")).resolve("axe-core/axe.min.js"), "utf8");

// Four looks. Between light and dark only colours may change: where nothing has
// moved since the look before, only the rules about colour are asked again.
const looks = [
  { width: 390, colorScheme: "light" },
  { width: 390, colorScheme: "dark" },
  { width: 1280, colorScheme: "dark" },
  { width: 1280, colorScheme: "light" },
];
const whole = { type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] };
const colours = { type: "rule", values: ["color-contrast", "link-in-text-block"] };

async function violations(page, { width, colorScheme }, before) {
  await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
  await page.setViewportSize({ width, height: 844 });
  const layout = await page.evaluate(placed);
  const found = await page.evaluate(async (runOnly) => {
    const { violations } = await axe.run(document, { runOnly, resultTypes: ["violations"], rules: { "target-size": { enabled: true } } });
    return violations.map((v) => `${v.id}: ${v.nodes.slice(0, 3).map((n) => n.target.join(" ")).join(" | ")}`);
  }, layout === before ? colours : whole);
  return { found, layout };
}

// placed is where everything stands, and whether it is seen there: all that a
// rule can go by that is not about colour, while the document stays the same.
function placed() {
  return innerWidth + " " + document.body.outerHTML + Array.from(document.body.querySelectorAll("*"), (e) => {
    const { x, y, width, height } = e.getBoundingClientRect();
    const { display, visibility, opacity, overflow, position, zIndex, fontSize } = getComputedStyle(e);
    return [x, y, width, height, display, visibility, opacity, overflow, position, zIndex, fontSize].join();
  }).join("\n");
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
      let before = "";
      for (const look of looks) {
        const { found, layout } = await violations(page, look, before);
        for (const v of found) wrong.push(`${name} ${look.width} ${look.colorScheme}: ${v}`);
        before = layout;
      }
      await page.setViewportSize({ width: 320, height: 640 });
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      if (wide > 320) wrong.push(`${name}: ${wide} pixels wide at 320`);
    }
    expect(all.length).toBeGreaterThan(process.env.GUILDHALL_ONLY ? 0 : 3 * parts);
    expect(wrong).toEqual([]);
  });
}

// What people write may hold words that nothing breaks: addresses, compounds.
test("long words make no page wider than a phone", async ({ as }) => {
  const long = (n) => "https://example.com/".padEnd(n, "abcdefghijklmno");
  const seller = await as("seller2");
  const buyer = await as("buyer2");
  const wide = [];
  const look = async (page, at) => {
    await page.setViewportSize({ width: 320, height: 640 });
    await page.goto(at);
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    if (width > 320) wide.push(`${at}: ${width} pixels wide at 320`);
    await page.setViewportSize({ width: 1280, height: 720 });
  };
  const gig = await makeGig(seller, { title: "read " + long(60), description: long(200), questions: [long(90)] });
  await look(buyer, gig);
  await buyer.goto(gig);
  await buyer.getByRole("button", { name: "See the price and the terms" }).click();
  await look(buyer, buyer.url());
  const at = await order(buyer, gig);
  await answer(buyer, at, long(300));
  for (const way of ["", "/resolve", "/resolve/cancel", "/review/report_demand"]) await look(buyer, at + way);
  for (const way of ["", "/deliver", "/resolve/extend"]) await look(seller, at + way);
  await look(buyer, "/purchases");
  await look(seller, "/sales");
  await seller.goto(gig);
  await seller.getByRole("link", { name: "Edit this gig" }).click();
  await seller.getByRole("button", { name: "Pause it" }).click(); // it shall not stand among the others
  expect(wide).toEqual([]);
});

// On paper nothing scrolls: the whole conversation stands below what came before.
test("an order on paper holds its conversation in its place", async ({ as }) => {
  const buyer = await as("buyer2");
  const gig = await makeGig(await as("seller2"), { title: "print a card no. " + Date.now().toString(36) });
  const at = await order(buyer, gig);
  const { seller } = await api("buyer2")("GET", "/orders/" + at.split("/").pop());
  for (let n = 1; n <= 12; n++) await api("buyer2")("POST", "/messages", { to: seller.id ?? seller, text: `Line ${n} of what we agree on.\n\nAnd what it means.\n\nAnd why.` });
  await buyer.goto(at);
  await buyer.emulateMedia({ media: "print" });
  const [box, first] = await buyer.evaluate(() => [".talk-log", ".talk-entries > *"].map((s) => document.querySelector(s).getBoundingClientRect().top));
  expect(first).toBeGreaterThanOrEqual(box);
});
