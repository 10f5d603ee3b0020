// Shops of a test's own: sellers whose whole history the test has made, so that
// it knows every number that the pages say of them.
import { expect } from "./base.js";
import { api, calls, placed } from "./calls.js";

// openShop signs somebody up on a page and opens their shop.
export async function openShop(page, name) {
  const once = Date.now().toString(36);
  await page.goto("/signup");
  await page.getByLabel("Your name").fill(name);
  await page.getByLabel("E-mail").fill(`${name.split(" ")[0].toLowerCase()}.${once}@example.com`);
  await page.getByLabel("Password").fill("a long enough password");
  await page.getByRole("button", { name: "Create my account" }).click();
  await page.waitForURL((u) => u.pathname !== "/signup");
  const made = await page.request.post("/api/v1/tokens", { data: { name: "story", scopes: ["read", "buy", "sell", "manage"] } });
  const call = calls((await made.json()).secret);
  const { id, handle } = await call("PUT", "/me/seller", { tagline: "Hand-painted signs", skills: [] });
  return { id, handle, name, page, api: call, keys: await page.context().storageState() };
}

// gigOf publishes a gig of a shop. Without questions work on it begins with the
// payment.
export async function gigOf(shop, title, ...questions) {
  const { items } = await shop.api("GET", "/categories");
  const made = await shop.api("POST", "/gigs", {
    title: `${title} no. ${Date.now().toString(36)}`, description: "By hand, in the letters that fit your words.",
    category: items.at(-1).id, tags: [], questions: questions.map((text) => ({ kind: "text", text, required: true })),
    packages: [{ tier: "basic", name: "Small", description: "One of them.", price: { minor: 8000, currency: "USD" }, days: 2, revisions: 1 }],
  });
  return await shop.api("POST", `/gigs/${made.id}/publish`);
}

// sold is an order of a gig that was delivered and accepted. Given stars, both
// sides have rated it.
export async function sold(shop, gig, stars, buyer = api("buyer"), text = "") {
  const order = await placed(buyer, gig.id);
  await finished(shop, order, buyer);
  if (stars) await rated(shop, order, stars, buyer, text);
  return order;
}

// finished delivers an order and accepts it.
export async function finished(shop, order, buyer = api("buyer")) {
  await shop.api("POST", `/orders/${order}/deliver`, { text: "Here it is." });
  await buyer("POST", `/orders/${order}/accept`);
}

// rated lets both sides of an order say what they think.
export async function rated(shop, order, stars, buyer = api("buyer"), text = "") {
  await saidBy(buyer, order, stars, text);
  await shop.api("POST", `/orders/${order}/review`, { stars: { overall: 5 } });
}

// saidBy is the review of a buyer alone.
export async function saidBy(buyer, order, n, text) {
  await buyer("POST", `/orders/${order}/review`, { stars: { fulfilment: n, start_time: n, communication: n }, text });
}

// asked is the number of a request that one side makes.
export async function asked(by, order, wanted) {
  await by("POST", `/orders/${order}/requests`, { reason: "It cannot go on as it was agreed.", ...wanted });
  return (await by("GET", `/orders/${order}`)).request.no;
}

// agreed lets the other side agree to one.
export async function agreed(by, to, order, wanted) {
  await to("POST", `/orders/${order}/requests/${await asked(by, order, wanted)}/agree`, {});
}

export const cancelFor = (cause) => ({ kind: "cancel", cause });

// decided takes a case to the desk and ends it there.
export async function decided(agent, id, decision) {
  const d = { rule: "The rule that fits.", facts: "Both sides were heard.", ...decision };
  await agent("POST", `/desk/${id}/take`);
  const { digest } = await agent("POST", `/desk/${id}/preview`, d);
  await agent("POST", `/desk/${id}/decide`, { ...d, digest });
}

// listed opens the list behind a number and counts its lines.
export async function listed(page, at) {
  await page.goto(at);
  expect(await page.locator("a[rel='next']").count(), "one page holds it").toBe(0);
  return page.locator(".behind > li").count();
}

// behind clicks a number and answers with the address of its list.
export async function behind(page, number) {
  const popover = page.locator("#" + (await number.getAttribute("popovertarget")));
  await number.click();
  await expect(popover).toBeVisible();
  const at = await popover.getByRole("link", { name: /^See / }).getAttribute("href");
  await page.keyboard.press("Escape");
  return at;
}
