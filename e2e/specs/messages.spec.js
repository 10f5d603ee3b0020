import { expect, test } from "../base.js";

const payloads = ["<script>alert(1)</script>", `"><img src=x onerror=alert(1)>`, "javascript:alert(1)", "{{constructor.constructor('alert(1)')()}}"];

test("two people talk, each window follows the other; report, block, unblock", async ({ as }) => {
  const buyer = await as("buyer"), seller = await as("seller");
  await seller.goto("/");
  const handle = (await seller.locator(".menu-who small").textContent()).slice(1);
  const talk = await test.step("begin on the seller's page", async () => {
    await buyer.goto("/members/" + handle);
    await buyer.getByRole("link", { name: /^Write to / }).click();
    await buyer.getByRole("button", { name: "Send the message" }).click();
    await expect(buyer.locator(".field-error")).toContainText("Write something");
    await buyer.getByLabel(/^Write to /).fill("Could you draw a heron?");
    await buyer.getByRole("button", { name: "Send the message" }).click();
    await buyer.waitForURL(/\/messages\/thread_/);
    return new URL(buyer.url()).pathname;
  });
  await test.step("the other window follows and keeps what is typed", async () => {
    await seller.goto(talk);
    await seller.getByLabel(/^Write to /).fill("half a sentence");
    for (const p of payloads) {
      await buyer.getByLabel(/^Write to /).fill(p);
      await buyer.getByRole("button", { name: "Send the message" }).click();
      await expect(seller.locator(".talk-log").getByText(p, { exact: true }).last()).toBeVisible();
    }
    await expect(seller.getByLabel(/^Write to /)).toHaveValue("half a sentence");
    expect(await seller.locator(".talk-log img, .talk-log script").count()).toBe(0);
  });
  await test.step("a window whose line could not be opened at first follows all the same", async () => {
    let refused = 0;
    await seller.route(/\/live\?/, (route) => (refused++ === 0 ? route.fulfill({ status: 429, body: "later" }) : route.fallback()));
    await seller.goto(talk);
    await expect.poll(() => refused).toBeGreaterThan(1);
    await buyer.getByLabel(/^Write to /).fill("Do you still hear me?");
    await buyer.getByRole("button", { name: "Send the message" }).click();
    await expect(seller.locator(".talk-log").getByText("Do you still hear me?")).toBeVisible();
  });
  await test.step("report a message", async () => {
    await seller.locator(".talk-message a.talk-flag").last().click();
    await seller.getByRole("button", { name: "Report the message" }).click();
    await expect(seller.locator(".faults")).toBeVisible();
    await seller.getByLabel("It is advertising").check();
    await seller.getByRole("button", { name: "Report the message" }).click();
    await expect(seller.locator(".talk-log").getByText("Reported").last()).toBeVisible();
  });
  await test.step("block and unblock", async () => {
    await seller.getByRole("link", { name: /^Block / }).click();
    await seller.getByRole("button", { name: /^Block / }).click();
    await expect(seller.getByRole("button", { name: "Unblock" })).toBeVisible();
    await buyer.goto(talk);
    await expect(buyer.getByText("takes no messages from you")).toBeVisible();
    await seller.getByRole("button", { name: "Unblock" }).click();
    await buyer.goto(talk);
    await expect(buyer.getByRole("button", { name: "Send the message" })).toBeVisible();
  });
});
