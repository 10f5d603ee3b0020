import { answer, expect, makeGig, order, pay, test } from "../base.js";

let gig;
test.beforeAll(async ({ browser }) => {
  const { stateOf } = await import("../house.js");
  const context = await browser.newContext({ baseURL: process.env.GUILDHALL_URL, storageState: stateOf("seller") });
  gig = await makeGig(await context.newPage(), { title: "carve a stamp no. " + Date.now().toString(36) });
  await context.close();
});

test("a declined card charges nothing and can be tried again", async ({ as }) => {
  const buyer = await as("buyer");
  await buyer.goto(gig);
  await buyer.getByRole("button", { name: "See the price and the terms" }).click();
  await pay(buyer, "4000 0000 0000 0002");
  await expect(buyer.getByText(/not enough money/).first()).toBeVisible();
  if (!/\/pay$/.test(buyer.url())) await buyer.getByRole("link", { name: /^Pay \$/ }).click();
  await pay(buyer);
  await expect(buyer.getByRole("heading", { name: "Your move" })).toBeVisible();
  await expect(buyer.locator("main")).toContainText("paid and held until you accept the work");
});

test("a card that asks for a second step", async ({ as }) => {
  const buyer = await as("buyer2");
  await buyer.goto(gig);
  await buyer.getByRole("button", { name: "See the price and the terms" }).click();
  await pay(buyer, "4000 0025 0000 3155");
  await buyer.getByRole("button", { name: /^Approve paying/ }).click();
  await expect(buyer.getByRole("heading", { name: "Your move" })).toBeVisible();
  await expect(buyer.locator("main")).toContainText("paid and held until you accept the work");
});

test("undo before the start brings everything back", async ({ as }) => {
  const buyer = await as("buyer2");
  const at = await order(buyer, gig);
  await buyer.goto(at);
  await buyer.getByRole("link", { name: "Undo the order" }).click();
  await expect(buyer.locator("main")).toContainText("It has no effect on the seller.");
  await buyer.getByRole("button", { name: /^Undo the order · \$80\.00 back/ }).click();
  await expect(buyer.getByRole("status")).toContainText("undone");
  await expect(buyer.locator("main")).toContainText("before the start");
});

test("without scripts everything works", async ({ as }) => {
  const buyer = await as("buyer", { javaScriptEnabled: false });
  const at = await order(buyer, gig);
  await answer(buyer, at);
  const seller = await as("seller", { javaScriptEnabled: false });
  await seller.goto(at + "/deliver");
  await seller.getByLabel("What you hand over").fill("Without a script.");
  await seller.getByRole("button", { name: "Deliver the work" }).click();
  await buyer.goto(at);
  await expect(buyer.getByText("Without a script.")).toBeVisible();
  await buyer.getByRole("link", { name: "Accept the delivery" }).click();
  await buyer.getByRole("button", { name: "Accept and complete the order" }).click();
  await expect(buyer.getByRole("status")).toContainText("Completed");
  await buyer.goto("/help/orders");
  await buyer.getByRole("button", { name: "Yes, it did" }).click();
  await expect(buyer.locator("#answered")).toContainText("Thank you");
});

test("with the keyboard alone", async ({ as }) => {
  const buyer = await as("buyer2");
  await buyer.goto(gig);
  await buyer.keyboard.press("Tab");
  await expect(buyer.locator(":focus")).toHaveText("Skip to the content");
  await buyer.keyboard.press("Enter");
  await tabTo(buyer, "See the price and the terms");
  await buyer.keyboard.press("Enter");
  await buyer.waitForURL(/\/checkout/);
  for (const [label, text] of [["Card number", "4242424242424242"], ["Valid until", "12/40"], ["Security code", "123"]]) {
    await tabTo(buyer, label);
    await buyer.keyboard.type(text);
  }
  const again = buyer.getByLabel("Order it once more");
  if (await again.count()) {
    await again.focus();
    await buyer.keyboard.press("Space");
  }
  await tabTo(buyer, /^Pay \$/);
  await buyer.keyboard.press("Enter");
  await buyer.waitForURL(/\/orders\/[^/]+$/);
  await tabTo(buyer, "Undo the order");
  await buyer.keyboard.press("Enter");
  await buyer.waitForURL(/\/undo$/);
  await tabTo(buyer, /^Undo the order · /);
  await buyer.keyboard.press("Enter");
  await expect(buyer.getByRole("status")).toContainText("undone");
});

// tabTo presses Tab until the focus stands on what is named so, and holds the
// focus to be seen wherever it comes by.
async function tabTo(page, name) {
  for (let i = 0; i < 80; i++) {
    await page.keyboard.press("Tab");
    const at = await page.evaluate(() => {
      const e = document.activeElement;
      const style = getComputedStyle(e);
      return {
        name: (e.labels?.[0]?.textContent || e.getAttribute("aria-label") || e.textContent).trim(),
        seen: style.outlineStyle !== "none" || style.boxShadow !== "none",
        tag: e.tagName,
      };
    });
    if (at.tag !== "BODY") expect(at.seen, `focus is visible on ${at.name}`).toBe(true);
    if (typeof name === "string" ? at.name === name : name.test(at.name)) return;
  }
  throw new Error(`Tab never came to ${name}`);
}
