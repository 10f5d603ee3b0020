import { answer, deliver, expect, makeGig, order, test } from "../base.js";
import { api, card } from "../calls.js";
import { offered } from "../offers.js";
import { ask, started } from "../requests.js";

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

test("a request that nobody answers ends by itself, and is never called mutual", async ({ as }) => {
  const [seller, buyer] = [await as("seller"), await as("buyer")];
  const at = await started(seller, buyer, { title: "mend a clock no. " + Date.now().toString(36) });
  await ask(seller, at, "cancel", { cause: "out_of_scope", reason: "It needs a watchmaker." }, /^Ask to cancel/);
  await buyer.goto(at);
  await expect(buyer.locator(".request")).toContainText("Time to answer");
  await buyer.getByRole("button", { name: "3 days forward" }).click();
  await expect(buyer.locator("main")).toContainText("Canceled: unanswered");
  const ending = buyer.locator("section", { has: buyer.getByRole("heading", { name: "How it ended" }) }).last();
  await expect(ending).toContainText("Unanswered");
  await expect(ending).not.toContainText(/mutual/i); // other orders of the two stand in their conversation
  await seller.goto("/sales?tab=cancelled");
  await expect(seller.locator("li.row", { has: seller.locator(`a[href='${at}']`) })).toContainText("Canceled: unanswered");
});

test("an offer that nobody pays for a day cannot be paid", async ({ as }) => {
  const [seller, buyer] = [await as("seller"), await as("buyer")];
  await makeGig(seller, { title: "carve numbers no. " + Date.now().toString(36), questions: [] });
  const { id } = await api("buyer")("GET", "/me");
  const at = await offered(seller, id, "carve a date " + Date.now().toString(36));
  await buyer.goto(at);
  await expect(buyer.getByRole("link", { name: /^Pay/ })).toBeVisible();
  const { quote } = await api("buyer")("GET", at);
  await buyer.getByRole("button", { name: "1 day forward" }).click();
  await expect(buyer.locator("main")).toContainText("The time to pay this offer was over on");
  await expect(buyer.getByRole("link", { name: /^Pay/ })).toHaveCount(0);
  await expect(buyer.getByRole("link", { name: /^Decline/ })).toHaveCount(0);
  await api("buyer")("POST", at + "/pay", { shown: quote.total, card }, 410);
  expect((await buyer.goto(at + "/pay")).status()).toBe(410);
});

test("one review alone opens when the window ends", async ({ as }) => {
  const [seller, buyer, guest] = [await as("seller"), await as("buyer"), await as("guest")];
  const gig = await makeGig(seller, { title: "paint a dial no. " + Date.now().toString(36) });
  const at = await order(buyer, gig);
  await answer(buyer, at);
  await deliver(seller, at);
  const id = at.split("/").at(-1);
  await api("buyer")("POST", `/orders/${id}/accept`);
  const text = "Every hour is where it belongs.";
  await api("buyer")("POST", `/orders/${id}/review`, { stars: { fulfilment: 5, start_time: 5, communication: 4 }, text });
  await guest.goto(gig);
  await expect(guest.locator("#reviews")).not.toContainText(text);
  await buyer.goto(at + "/review");
  await buyer.getByRole("button", { name: "14 days forward" }).click();
  await expect(buyer.locator("main")).toContainText("Your review is public");
  await seller.goto(at + "/review");
  await expect(seller.locator("main")).toContainText(text);
  await expect(seller.locator("main")).toContainText("you wrote none");
  await expect(seller.getByRole("button", { name: "Send your review" })).toHaveCount(0);
  await expect(buyer.locator("main")).toContainText("Window closed, no review");
  await guest.goto(gig);
  await expect(guest.locator("#reviews")).toContainText(text);
  await expect(guest.locator("#reviews .review-mean")).toContainText("4.6");
});
