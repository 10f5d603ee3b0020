import { answer, deliver, expect, makeGig, order, test } from "../base.js";
import { api } from "../calls.js";
import { person } from "../house.js";

const stamp = () => Date.now().toString(36);

// done is the address of a completed order of a gig.
async function done(seller, buyer, gig) {
  const at = await order(buyer, gig);
  await answer(buyer, at);
  await deliver(seller, at);
  await buyer.goto(at + "/accept");
  await buyer.getByRole("button", { name: /^Accept/ }).click();
  await expect(buyer.getByRole("status")).toContainText("Completed");
  return at;
}

// rate gives stars to each thing that is asked, by keyboard, and sends them.
async function rate(page, at, stars, words) {
  await page.goto(at + "/review");
  const asked = page.locator("#write fieldset");
  for (let i = 0; i < (await asked.count()); i++) {
    const first = asked.nth(i).getByRole("radio").first();
    await first.focus();
    await page.keyboard.press("Space");
    for (let n = 1; n < (stars[i] ?? stars.at(-1)); n++) await page.keyboard.press("ArrowRight");
  }
  if (words) await page.getByLabel("In your words").fill(words);
  await page.getByRole("button", { name: "Send your review" }).click();
  await expect(page.getByRole("status")).toContainText("Your review is in");
}

const letters = "Even letters, and the paint smells of nothing";

test("nobody reads a review before both are in; then everybody does", async ({ as }) => {
  const [seller, buyer, guest] = [await as("seller"), await as("buyer"), await as("guest")];
  const gig = await makeGig(seller, { title: "letter a boat no. " + stamp() });
  const at = await done(seller, buyer, gig);
  await test.step("the buyer writes; a refused form keeps what was typed", async () => {
    await buyer.goto(at);
    await buyer.getByRole("link", { name: "Write your review" }).first().click();
    await expect(buyer.locator("#write")).toContainText("Requirements in");
    await buyer.getByLabel("In your words").fill("short");
    await buyer.getByRole("radio", { name: "4 stars: Good" }).first().check({ force: true });
    await buyer.getByRole("button", { name: "Send your review" }).click();
    await expect(buyer.locator(".faults li")).toHaveCount(3);
    await expect(buyer.getByLabel("In your words")).toHaveValue("short");
    await expect(buyer.getByRole("radio", { name: "4 stars: Good" }).first()).toBeChecked();
    await rate(buyer, at, [5, 4, 5], letters);
    await expect(buyer.locator("main")).toContainText("stays closed until");
  });
  await test.step("nobody else finds a word or a star of it", async () => {
    await seller.goto(at + "/review");
    await expect(seller.locator("main")).toContainText(person("buyer").name + " has written");
    for (const [page, place] of [[seller, at + "/review"], [seller, at], [guest, gig], [guest, "/members/" + (await api("seller")("GET", "/me")).handle]]) {
      await page.goto(place);
      await expect(page.locator("main")).not.toContainText(letters);
    }
    await guest.goto(gig);
    await expect(guest.locator("#reviews")).toContainText("None yet");
  });
  await test.step("the seller writes, and both are public", async () => {
    await rate(seller, at, [5], "Knew what the boat was called.");
    await expect(seller.locator("main")).toContainText(letters);
    await guest.goto(gig);
    await expect(guest.locator("#reviews")).toContainText(letters);
    await expect(guest.locator("#reviews .review-mean")).toContainText("4.6");
    await expect(guest.locator("#reviews .review-mean")).toContainText("1 review");
    await expect(guest.locator("#reviews")).toContainText("Order completed");
    await guest.locator("#reviews").getByRole("link", { name: "5 stars", exact: true }).click();
    await expect(guest.locator("#reviews")).toContainText("None of them is like that.");
    await guest.locator("#reviews").getByRole("link", { name: "4 stars", exact: true }).first().click();
    await expect(guest.locator("#reviews")).toContainText(letters);
  });
  await test.step("the seller replies; the buyer changes a word and lets the sign be seen", async () => {
    await seller.getByRole("link", { name: "Reply in public" }).click();
    await expect(seller.locator("main")).toContainText("A reply that helps");
    await seller.getByLabel("Your public reply").fill("The paint is made of milk, if you wonder.");
    await seller.getByRole("button", { name: "Reply in public · everybody reads it" }).click();
    await seller.getByRole("link", { name: "Offer a work sample" }).click();
    await seller.getByLabel("sign.txt").check();
    await seller.getByRole("button", { name: /^Ask .* about this file/ }).click();
    await guest.goto(gig);
    await expect(guest.locator("#reviews")).toContainText("made of milk");
    await expect(guest.locator("#reviews")).not.toContainText("sign.txt");
    await buyer.goto(at + "/review");
    await buyer.getByRole("link", { name: "Answer about the work sample" }).click();
    await buyer.getByRole("button", { name: /^Agree/ }).click();
    await buyer.getByRole("link", { name: "Change your review" }).click();
    await buyer.getByLabel("In your words").fill("Even letters. After a storm they still are.");
    await buyer.getByRole("button", { name: /^Change your review/ }).click();
    await expect(buyer.getByRole("status")).toContainText("changed");
    await guest.goto(gig);
    await expect(guest.locator("#reviews")).toContainText("After a storm");
    const file = guest.locator("#reviews a", { hasText: "sign.txt" });
    expect((await guest.request.get(await file.getAttribute("href"))).status()).toBe(200);
    await guest.getByText("see what was written first").click();
    await expect(guest.locator("#reviews .review-was")).toContainText(letters);
  });
});

test("a demand is reported; the review is challenged, and a note stays in its place", async ({ as }) => {
  const [seller, buyer, guest, agent] = [await as("seller"), await as("buyer2"), await as("guest"), await as("agent")];
  const gig = await makeGig(seller, { title: "gild a frame no. " + stamp() });
  const at = await order(buyer, gig);
  await answer(buyer, at);
  const threat = "Half of it back or one star " + stamp();
  await api("buyer2")("POST", "/messages", { to: (await api("seller")("GET", "/me")).id, text: threat });
  await test.step("the seller reports it while the work goes on", async () => {
    await seller.goto(at);
    await seller.getByRole("link", { name: "Report it now" }).click();
    await seller.getByLabel("What was demanded, and for what").fill("They want half of the price for their stars.");
    await seller.getByText("Choose from your newest messages").click();
    await seller.locator("label.choice", { hasText: threat }).locator("input").check();
    await seller.getByRole("button", { name: "Report it to support" }).click();
    await expect(seller.getByRole("status")).toContainText("with support");
    await buyer.goto(at + "/review");
    await expect(buyer.locator("main")).not.toContainText("half of the price");
  });
  await deliver(seller, at);
  await buyer.goto(at + "/accept");
  await buyer.getByRole("button", { name: /^Accept/ }).click();
  await rate(buyer, at, [1], "They would not give anything back.");
  await rate(seller, at, [2]);
  const there = await test.step("the seller challenges it", async () => {
    await seller.goto(at + "/review");
    await seller.getByRole("link", { name: "Challenge this review" }).click();
    await expect(seller.locator("main")).toContainText("Asking can never earn you a warning");
    await expect(seller.locator("main")).toContainText("decides by");
    await seller.getByRole("button", { name: /^Challenge this review/ }).click();
    await expect(seller.locator(".faults")).toBeVisible();
    await seller.getByLabel("Written to force a discount or a refund").check();
    await seller.getByLabel("What is wrong, and how it can be seen").fill("The demand came first; I said no to it.");
    await seller.getByRole("button", { name: /^Challenge this review/ }).click();
    await expect(seller.locator("main")).toContainText("Decision by");
    await guest.goto(gig);
    await expect(guest.locator("#reviews")).toContainText("Under challenge since");
    return new URL(seller.url()).pathname.replace("/cases/", "/desk/");
  });
  await test.step("the agent sees the record and removes it", async () => {
    await agent.goto(there);
    await expect(agent.locator("main")).toContainText("A demand, reported by " + person("seller").name);
    await expect(agent.locator("main")).toContainText(threat);
    await agent.getByRole("button", { name: "Take this case" }).click();
    await expect(agent.locator("[name='warn']")).toHaveCount(1); // never whoever asked
    await agent.locator("[name='remove_review']").selectOption("extortion");
    await expect(agent.locator("#effect")).toContainText(/It is removed: \d\.\d \(\d+ reviews?.*\) → /);
    await agent.locator("[name='rule']").selectOption({ index: 1 });
    await agent.locator("[name='facts']").fill("A part of the price was asked for stars.");
    await agent.getByRole("button", { name: "Decide and send the letter" }).click();
    await expect(agent.getByRole("status")).toContainText("Decided");
  });
  await test.step("everybody sees the note and the same number", async () => {
    const { handle } = await api("seller")("GET", "/me");
    for (const place of [gig, "/members/" + handle]) {
      await guest.goto(place);
      const list = guest.locator("#reviews");
      await expect(list).toContainText("A review stood here.");
      await expect(list).toContainText("Written to force a discount or a refund. Decided by a support agent.");
      await expect(list).not.toContainText("would not give anything back");
    }
    await guest.goto(gig);
    await expect(guest.locator("#reviews .review-mean")).toContainText("1 review, removed");
    await seller.goto(at + "/review");
    await expect(seller.locator("main")).toContainText("A review stood here.");
    await buyer.goto(at + "/review");
    await expect(buyer.locator("main")).toContainText("Only you still see what you wrote");
  });
});
