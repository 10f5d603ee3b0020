import { deliver, expect, makeGig, pay, test } from "../base.js";
import { ask, started } from "../requests.js";

const stamp = () => Date.now().toString(36);

test("a cancellation: seen beforehand, asked, agreed to", async ({ as }) => {
  const [seller, buyer] = [await as("seller"), await as("buyer")];
  const at = await started(seller, buyer, { title: "carve a stamp no. " + stamp() });

  await seller.goto(at);
  await seller.getByRole("link", { name: "Ask for a change" }).click();
  await seller.getByRole("link", { name: "Ask to cancel" }).click();
  await seller.getByRole("button", { name: "See what each answer means" }).click();
  await expect(seller.locator(".faults")).toContainText("Choose the cause"); // and nothing typed is lost
  await seller.getByLabel("What is the cause?").selectOption("out_of_scope");
  await seller.getByLabel("Your words to").fill("It grew into three stamps.");
  await seller.getByRole("button", { name: "See what each answer means" }).click();
  const card = seller.locator(".effect tbody tr");
  await expect(card).toHaveCount(3);
  await expect(card.nth(0)).toContainText("cancelled by agreement (mutual)");
  await expect(card.nth(0)).toContainText("$80.00 goes back to");
  await expect(card.nth(1)).toContainText("exactly as before");
  await expect(card.nth(2)).toContainText("recorded as unanswered");
  await expect(card.nth(2)).toContainText("→");
  await test.step("change something: what was typed is still there", async () => {
    await seller.getByRole("button", { name: "Change something" }).click();
    await expect(seller.getByLabel("Your words to")).toHaveValue("It grew into three stamps.");
    await seller.getByLabel("How much goes back").fill("75");
    await seller.getByRole("button", { name: "See what each answer means" }).click();
  });
  await seller.getByRole("button", { name: "Ask to cancel · $60.00 back if accepted" }).click();
  await expect(seller.getByRole("status")).toContainText("Sent");
  await expect(seller.locator(".request")).toContainText("Paused: a request to cancel is open");

  await buyer.goto(at);
  await expect(buyer.locator(".request")).toContainText("It grew into three stamps.");
  await expect(buyer.locator(".request")).toContainText("$60.00 (75% of $80.00)");
  await buyer.getByRole("link", { name: "Agree" }).click();
  await expect(buyer.locator(".effect")).toContainText("$60.00 goes back to Visa ending 4242");
  await buyer.getByRole("button", { name: "Agree to cancel · $60.00 back" }).click();
  await expect(buyer.locator("main")).toContainText("$60.00 back to Visa ending 4242");
  await expect(buyer.locator("main .refund-way").first()).toContainText("Booked");
  await seller.goto("/sales?tab=cancelled");
  await expect(seller.locator("li.row", { has: seller.locator(`a[href='${at}']`) })).toContainText("Canceled: mutual");
});

test("a cancellation is declined, and the order goes on", async ({ as }) => {
  const [seller, buyer] = [await as("seller"), await as("buyer")];
  const at = await started(seller, buyer, { title: "fold a map no. " + stamp() });
  await ask(buyer, at, "cancel", { cause: "changed_mind", reason: "I found it in the drawer." }, /^Ask to cancel · \$80\.00 back/);
  await seller.goto(at);
  await seller.getByRole("link", { name: "Decline" }).click();
  await expect(seller.locator(".effect")).toContainText("You do not answer");
  await seller.getByLabel("Your words to").fill("It is nearly done.");
  await seller.getByRole("button", { name: "Decline" }).click();
  await expect(seller.getByRole("status")).toContainText("goes on as before");
  await buyer.goto(at);
  await expect(buyer.locator("main")).toContainText("It is nearly done.");
  await expect(buyer.locator("main")).toContainText("When the clocks stood still");
  await deliver(seller, at);
});

test("a cancellation is countered and agreed to", async ({ as }) => {
  const [seller, buyer] = [await as("seller"), await as("buyer")];
  const at = await started(seller, buyer, { title: "bind a diary no. " + stamp() });
  await ask(buyer, at, "cancel", { cause: "changed_mind", reason: "I write on loose leaves now." }, /^Ask to cancel · \$80\.00 back/);
  await seller.goto(at);
  await seller.getByRole("link", { name: "Propose something else" }).click();
  await expect(seller.getByLabel("How much goes back")).toHaveValue("100");
  await seller.getByLabel("How much goes back").fill("50");
  await seller.getByLabel("Your words to").fill("Half of it is bound.");
  await seller.getByRole("button", { name: "See what each answer means" }).click();
  await expect(seller.locator(".effect tbody tr")).toHaveCount(3);
  await expect(seller.locator(".effect tbody tr").nth(0)).toContainText("$40.00 goes back to");
  await seller.getByRole("button", { name: /^Propose something else · \$40\.00 back/ }).click();
  await expect(seller.getByRole("status")).toContainText("Sent");
  await expect(seller.locator(".request")).toContainText("$40.00 (50% of $80.00)");

  await buyer.goto(at);
  await expect(buyer.locator(".request")).toContainText("Half of it is bound.");
  await buyer.getByRole("link", { name: "Agree" }).click();
  await expect(buyer.locator(".effect")).toContainText("$40.00 goes back to Visa ending 4242");
  await buyer.getByRole("button", { name: "Agree to cancel · $40.00 back" }).click();
  await expect(buyer.locator("main")).toContainText("$40.00 back to Visa ending 4242");
  await seller.goto("/sales?tab=cancelled");
  await expect(seller.locator("li.row", { has: seller.locator(`a[href='${at}']`) })).toContainText("Canceled: mutual");
});

test("an extension is countered and agreed to", async ({ as }) => {
  const [seller, buyer] = [await as("seller"), await as("buyer")];
  const at = await started(seller, buyer, { title: "knit a scarf no. " + stamp() });
  await ask(seller, at, "extend", { days: "7", reason: "The wool is late." }, /^Ask for more time · due /);
  await buyer.goto(at);
  await buyer.getByRole("link", { name: "Propose something else" }).click();
  await expect(buyer.getByLabel("How many more days")).toHaveValue("7");
  await buyer.getByLabel("How many more days").fill("3");
  await buyer.getByLabel("Your words to").fill("Three would do.");
  await buyer.getByRole("button", { name: "See what each answer means" }).click();
  await expect(buyer.locator(".effect tbody tr")).toHaveCount(3);
  await buyer.getByRole("button", { name: /^Propose something else · due / }).click();
  await expect(buyer.getByRole("status")).toContainText("Sent");
  await seller.goto(at);
  await seller.getByRole("link", { name: "Agree" }).click();
  await seller.getByRole("button", { name: "Agree to more time" }).click();
  await expect(seller.locator("main")).toContainText("The due date is now");
});

test("added work is agreed to and paid", async ({ as }) => {
  const [seller, buyer] = [await as("seller"), await as("buyer")];
  const at = await started(seller, buyer, { title: "glaze a bowl no. " + stamp() });
  await ask(seller, at, "add_extra", { extra: "A second bowl", price: "20", days: "1", reason: "They look well as a pair." }, /^Offer more work · \$20\.00 more/);
  await buyer.goto(at);
  await buyer.getByRole("link", { name: "Agree" }).click();
  await buyer.getByRole("button", { name: "Agree · pay $20.00 next" }).click();
  await buyer.waitForURL(/\/pay_more$/);
  await pay(buyer, "4000 0000 0000 0002");
  await expect(buyer.getByRole("status")).toContainText("declined");
  await pay(buyer);
  await expect(buyer.getByRole("status")).toContainText("part of the order now");
  await expect(buyer.locator("main")).toContainText("$100.00 paid and held");
});

test("a swap moves the money along and records no cancellation", async ({ as }) => {
  const [seller, buyer] = [await as("seller"), await as("buyer")];
  const other = "paint a tile no. " + stamp();
  await makeGig(seller, { title: other, price: "50" });
  const at = await started(seller, buyer, { title: "paint a wall no. " + stamp() });
  const label = new RegExp("Small, .*\\$50\\.00 \\(\\$30\\.00 back\\)");
  await buyer.goto(at + "/resolve/swap");
  const value = await buyer.locator(`optgroup[label='${other[0].toUpperCase() + other.slice(1)}'] option`).first().getAttribute("value");
  await expect(buyer.locator(`option[value='${value}']`)).toHaveText(label);
  await ask(buyer, at, "swap", { into: value, reason: "A tile will do." }, "Ask to swap · $30.00 back if accepted");
  await seller.goto(at);
  await seller.getByRole("link", { name: "Agree" }).click();
  await expect(seller.locator(".effect")).toContainText("No cancellation is recorded");
  await seller.getByRole("button", { name: "Agree · $30.00 back" }).click();
  await expect(seller.getByRole("heading", { level: 1 })).toContainText(other.slice(1));
  await expect(seller.locator(".page-head")).toContainText("In progress");
});

test("what has changed meanwhile is shown again before it is done", async ({ as }) => {
  const [seller, buyer] = [await as("seller"), await as("buyer")];
  const at = await started(seller, buyer, { title: "frame a print no. " + stamp() });
  await ask(seller, at, "discount", { share: "25", reason: "The frame has a scratch." }, /\$20\.00 back if accepted/);
  await buyer.goto(at + "/agree");
  await seller.goto(at + "/withdraw");
  await seller.getByRole("button", { name: "Withdraw the request" }).click();
  await expect(seller.getByRole("status")).toContainText("Withdrawn");
  await buyer.getByRole("button", { name: /^Agree · / }).click();
  await expect(buyer.locator("main")).toContainText("This request is not open any more.");
  await expect(buyer.locator(".request")).toHaveCount(0);
});
