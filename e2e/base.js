// What every spec shares: people who are signed in, a watch over everything
// that a page does, and the few steps that many journeys begin with.
import { test as base, expect } from "@playwright/test";
import { stateOf } from "./house.js";

export { expect };

export const test = base.extend({
  // as(name) opens a page as one of the demo's people, or as a guest.
  as: async ({ browser }, use) => {
    const opened = [];
    const wrong = [];
    await use(async (name, options = {}) => {
      const context = await browser.newContext({
        baseURL: process.env.GUILDHALL_URL, reducedMotion: "reduce", locale: "en-GB", timezoneId: "UTC",
        storageState: name && name !== "guest" ? stateOf(name) : undefined, ...options,
      });
      context.setDefaultTimeout(8_000);
      opened.push(context);
      context.on("page", (page) => watch(page, wrong));
      return context.newPage();
    });
    for (const context of opened) await context.close();
    expect(wrong, "what pages did that they must not").toEqual([]);
  },
});

// watch notes errors in the console, scripts that failed, dialogs, and requests
// that leave the house. That a refused form answers 4xx is no error.
function watch(page, wrong) {
  const own = new URL(process.env.GUILDHALL_URL).origin;
  page.on("console", (m) => {
    if (m.type() === "error" && !/Failed to load resource.* 4\d\d /.test(m.text())) wrong.push(`console: ${m.text()}`);
  });
  page.on("pageerror", (err) => wrong.push(`script: ${err.message}`));
  page.on("dialog", (d) => { wrong.push(`dialog: ${d.message()}`); d.dismiss(); });
  page.on("request", (r) => {
    if (!r.url().startsWith(own + "/") && !r.url().startsWith("data:")) wrong.push(`off origin: ${r.url()}`);
  });
}

export const gigDefaults = {
  title: "paint a small sign for your door",
  description: "A sign on wood, painted by hand. You choose the words and I choose the letters that fit them.",
  price: "80", days: "2", revisions: "1",
  questions: ["What shall the sign say?"],
};

// makeGig publishes a gig and returns its address.
export async function makeGig(page, wanted = {}) {
  const g = { ...gigDefaults, ...wanted };
  await page.goto("/gigs/new");
  await page.getByLabel("I will …").fill(g.title);
  await page.getByLabel("Category").selectOption({ index: 2 });
  await page.getByLabel("Description", { exact: true }).fill(g.description);
  await page.locator("[name='packages.0.name']").fill("Small");
  await page.locator("[name='packages.0.description']").fill("One sign, two colours.");
  await page.locator("[name='packages.0.price']").fill(g.price);
  await page.locator("[name='packages.0.days']").fill(g.days);
  await page.locator("[name='packages.0.revisions']").fill(g.revisions);
  for (const [i, question] of g.questions.entries()) {
    await page.locator("button[value='add-questions']").click();
    await page.locator(`[name='questions.${i}.text']`).fill(question);
    await page.locator(`[name='questions.${i}.required']`).check();
  }
  await page.locator("button[value='publish']").click();
  await expect(page).not.toHaveURL(/\/new$/);
  await expect(page.locator(".faults")).toHaveCount(0);
  await page.goto("/gigs");
  const title = g.title[0].toUpperCase() + g.title.slice(1);
  return page.getByRole("link", { name: title }).first().evaluate((a) => a.getAttribute("href").replace(/\/edit$/, ""));
}

// pay fills the card form of a checkout and sends it.
export async function pay(page, card = "4242 4242 4242 4242") {
  await page.getByLabel("Card number").fill(card);
  await page.getByLabel("Valid until").fill("12/40");
  await page.getByLabel("Security code").fill("123");
  const again = page.getByLabel("Order it once more");
  if (await again.count()) await again.check();
  await page.getByRole("button", { name: /^Pay / }).click();
}

// order goes from a gig's page to a paid order and returns the order's address.
export async function order(page, gig, card) {
  await page.goto(gig);
  await page.getByRole("button", { name: "See the price and the terms" }).click();
  await pay(page, card);
  await page.waitForURL(/\/orders\/[^/]+$/);
  return new URL(page.url()).pathname;
}

// answer sends the requirements.
export async function answer(page, at, text = "Elm Street Bakery") {
  await page.goto(at + "/submit_requirements");
  for (const field of await page.locator("main [name^='answers.']").all()) await field.fill(text);
  await page.getByRole("button", { name: "Send your answers" }).click();
  await expect(page.getByRole("status")).toContainText("the work has started");
}

// deliver hands over the work.
export async function deliver(page, at, text = "Here is the sign.") {
  await page.goto(at + "/deliver");
  await page.getByLabel("What you hand over").fill(text);
  await page.locator("input[type=file]").setInputFiles({ name: "sign.txt", mimeType: "text/plain", buffer: Buffer.from("the sign") });
  await page.getByRole("button", { name: "Deliver the work" }).click();
  await expect(page.getByRole("status")).toContainText("Delivered");
}
