import { answer, deliver, expect, makeGig, pay, test } from "../base.js";

test("sign up, sell, and live an order through to its end, while the other page follows", async ({ as }) => {
  const seller = await as("guest");
  const name = "Wilma Oakes " + Date.now().toString(36);
  await test.step("sign up", async () => {
    await seller.goto("/signup");
    await seller.getByRole("button", { name: "Create my account" }).click();
    await expect(seller.locator(".faults")).toBeVisible();
    await seller.getByLabel("Your name").fill(name);
    await seller.getByLabel("E-mail").fill(`wilma.${Date.now()}@example.com`);
    await seller.getByLabel("Password").fill("a long enough password");
    await seller.getByRole("button", { name: "Create my account" }).click();
    await seller.waitForURL((u) => u.pathname !== "/signup");
  });
  await test.step("become a seller", async () => {
    await seller.goto("/profile/seller");
    await seller.getByLabel("What you do, in one line").fill("Hand-painted signs for small shops");
    await seller.getByRole("button", { name: "Open my seller profile" }).click();
    await expect(seller.getByRole("status")).toBeVisible();
  });
  const title = "letter a sign no. " + Date.now().toString(36);
  await test.step("publish a gig", () => makeGig(seller, { title }));

  const sales = await seller.context().newPage();
  await sales.goto("/sales");
  const buyer = await as("buyer");
  const at = await test.step("search, look, order and pay", async () => {
    await buyer.goto("/");
    await buyer.locator("main").getByRole("searchbox").fill(title);
    await buyer.locator("main").getByRole("searchbox").press("Enter");
    await buyer.getByRole("link", { name: title[0].toUpperCase() + title.slice(1) }).first().click();
    await expect(buyer.getByRole("heading", { level: 1 })).toContainText(title.slice(1));
    await buyer.getByRole("button", { name: "See the price and the terms" }).click();
    await expect(buyer.getByRole("heading", { name: "What happens to your money" })).toBeVisible();
    await pay(buyer);
    await buyer.waitForURL(/\/orders\/[^/]+$/);
    await expect(buyer.getByRole("heading", { name: "Your move" })).toBeVisible();
    return new URL(buyer.url()).pathname;
  });
  await test.step("the seller's open list has it, and its tabs count it", async () => {
    await expect(sales.getByRole("link", { name: title[0].toUpperCase() + title.slice(1) })).toBeVisible();
    for (const tab of ["Active", "Pending"]) await expect(sales.getByRole("link", { name: tab + " 1", exact: true })).toBeVisible();
    await sales.close();
  });
  await test.step("answer the seller's question", () => answer(buyer, at, "Elm Street Bakery"));

  await test.step("the buyer's open page hears of progress and of the delivery", async () => {
    await buyer.goto(at);
    await seller.goto(at + "/progress");
    await seller.getByLabel("How far you are").fill("The first coat is dry.");
    await seller.getByRole("button", { name: "Show progress" }).click();
    await expect(buyer.getByText("The first coat is dry.")).toBeVisible();
    await deliver(seller, at, "First version.");
    await expect(buyer.getByRole("link", { name: "Accept the delivery" })).toBeVisible();
  });
  await test.step("fetch the file", async () => {
    const waits = buyer.waitForEvent("download");
    await buyer.getByRole("link", { name: /sign\.txt/ }).first().click();
    expect((await waits).suggestedFilename()).toBe("sign.txt");
  });
  await test.step("ask for a revision", async () => {
    await buyer.getByRole("link", { name: "Ask for a revision" }).click();
    await buyer.getByRole("button", { name: "Ask for a revision" }).click();
    await expect(buyer.locator(".faults")).toBeVisible(); // what should change is missing
    await buyer.getByLabel("What should change").fill("A little larger, please.");
    await buyer.getByRole("button", { name: "Ask for a revision" }).click();
    await expect(buyer.getByRole("status")).toContainText("asked for a revision");
  });
  await test.step("deliver again, accept", async () => {
    await deliver(seller, at, "Second version, larger.");
    await expect(buyer.getByRole("link", { name: "Accept the delivery" })).toBeVisible();
    await buyer.getByRole("link", { name: "Accept the delivery" }).click();
    await buyer.getByRole("button", { name: "Accept and complete the order" }).click();
    await expect(buyer.getByRole("status")).toContainText("Completed");
  });
  await test.step("the seller's statement and sales show it", async () => {
    await seller.goto("/sales?tab=completed");
    await expect(seller.locator(`a[href='${at}']`)).toBeVisible();
    await seller.goto("/statement?pot=pending");
    await expect(seller.locator("tbody")).toContainText("$72.00");
  });
});
