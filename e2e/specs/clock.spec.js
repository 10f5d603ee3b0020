import { answer, deliver, expect, makeGig, order, test } from "../base.js";

// The rehearsal's clock moves for the whole house, so these run alone and last.
test("a late order is cancelled, and silence completes another", async ({ as }) => {
  const seller = await as("seller");
  const buyer = await as("buyer");
  const gig = await makeGig(seller, { title: "bind a book no. " + Date.now().toString(36) });
  const late = await order(buyer, gig);
  await answer(buyer, late);
  const silent = await order(buyer, gig);
  await answer(buyer, silent);
  await deliver(seller, silent);

  await buyer.goto(late);
  await expect(buyer.getByRole("link", { name: "Cancel, it is late" })).toHaveCount(0);
  await expect(buyer.locator("main")).toContainText("You can cancel for lateness once it is");
  await buyer.getByRole("button", { name: "3 days forward" }).click();
  await expect(buyer.locator("main")).toContainText("is late");
  await expect(buyer.locator("main")).toContainText("You may cancel now and get everything back.");
  await buyer.getByRole("link", { name: "Cancel, it is late" }).click();
  await expect(buyer.locator("main")).toContainText("It counts against the seller's completion rate. It has no effect on your record.");
  await buyer.getByRole("button", { name: /^Cancel, it is late · \$80\.00 back/ }).click();
  await expect(buyer.getByRole("status")).toContainText("cancelled");

  await seller.goto("/sales?tab=cancelled");
  await expect(seller.locator("li.row", { has: seller.locator(`a[href='${late}']`) })).toContainText("Canceled: late");
  await buyer.goto(silent);
  await buyer.getByRole("button", { name: "1 day forward" }).click();
  await expect(buyer.locator("main")).toContainText("Completed by itself");
  await seller.goto(silent);
  await expect(seller.locator("main")).toContainText("yours to withdraw from");
});
