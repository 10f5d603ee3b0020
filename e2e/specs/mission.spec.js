// Questions that people asked of another market and nobody could answer, asked
// again here: what they did is played, and the answer must stand on a page with
// the numbers that the API gives. Those that need days are in mission.clock.spec.js.
import { expect, test } from "../base.js";
import { api, placed } from "../calls.js";
import { person } from "../house.js";
import { agreed, asked, cancelFor, decided, finished, gigOf, listed, openShop, rated, saidBy, sold } from "../shops.js";

const buyer = api("buyer"), other = api("buyer2");

test("“Looked at one way the reviews are 4, and another way they are 6”", async ({ as }) => {
  const [guest, page] = [await as("guest"), await as("guest")];
  const shop = await openShop(page, "Nadia Roth");
  const [signs, doors] = [await gigOf(shop, "paint a pub sign"), await gigOf(shop, "number a door")];
  for (const stars of [5, 4, 5]) await sold(shop, signs, stars);
  for (const stars of [5, 5]) await sold(shop, doors, stars, other);
  const unjust = await sold(shop, signs, 1, other, "The number on my door is crooked.");
  const waits = await sold(shop, signs);
  await saidBy(buyer, waits, 2, "Nobody reads this before the other side has written.");
  const { case: matter } = await shop.api("POST", `/orders/${unjust}/review/challenge`, { reason: "wrong_offer", text: "They speak of another gig.", passage: "number on my door" });
  await decided(api("agent"), matter, { remove_review: "wrong_offer" });

  await test.step("one number for each fact, from whichever side it is asked", async () => {
    const all = { count: 6, shown: 5, removed: 1 };
    expect((await buyer("GET", `/gigs/${signs.id}/reviews`)).sums).toMatchObject({ count: 4, shown: 3, removed: 1 });
    expect((await buyer("GET", `/gigs/${doors.id}/reviews`)).sums).toMatchObject({ count: 2, shown: 2, removed: 0 });
    expect((await buyer("GET", `/members/${shop.id}/reviews?as=seller`)).sums).toMatchObject(all);
    expect((await buyer("GET", `/sellers/${shop.handle}/standing`)).rating).toMatchObject({ lifetime_reviews: all.shown, lifetime_removed: all.removed });
    expect((await shop.api("GET", "/standing")).rating).toMatchObject({ reviews: all.shown, removed: all.removed });
  });
  await test.step("the gig’s page and its card say 4, and where the others are", async () => {
    await guest.goto(`/gigs/${signs.slug}`);
    await expect(guest.locator(".review-mean")).toContainText("4 reviews, 1 of them removed");
    await expect(guest.locator("#reviews .reviews > li")).toHaveCount(4);
    await expect(guest.locator("#reviews .review-grave")).toHaveCount(1);
    await expect(guest.locator(".page-head .rating")).toContainText("(4)");
    await expect(guest.locator("main")).toContainText("Nadia Roth has 6 reviews in all: 4 of this gig and 2 of others.");
    await guest.goto("/search?q=" + encodeURIComponent(signs.title));
    await expect(guest.locator(".gig-card", { has: guest.locator(`a[href='/gigs/${signs.slug}']`) }).locator(".rating")).toContainText("(4)");
  });
  await test.step("the seller’s page says 6, and each names its gig", async () => {
    await guest.goto(`/members/${shop.handle}`);
    await expect(guest.locator(".review-mean")).toContainText("6 reviews, 1 of them removed");
    await expect(guest.locator(".short-record")).toContainText("6 reviews, 1 of them removed");
    await expect(guest.getByRole("link", { name: "As a seller" }).locator(".count")).toHaveText("6");
    await expect(guest.locator("#reviews .reviews > li")).toHaveCount(6);
    await expect(guest.locator("#reviews .review-line", { hasText: doors.title.slice(1) })).toHaveCount(2);
    await expect(guest.locator("#reviews .review-line", { hasText: signs.title.slice(1) })).toHaveCount(3);
    await expect(guest.locator("main")).toContainText("Each review names its gig.");
    for (const [gig, n] of [[signs, 4], [doors, 2]]) {
      await expect(guest.locator(".gig-card", { has: guest.locator(`a[href='/gigs/${gig.slug}']`) }).locator(".rating")).toContainText(`(${n})`);
    }
  });
  await test.step("the seller’s own list is as long, and what waits is said to wait", async () => {
    expect(await listed(page, "/standing/rating")).toBe(6);
    await expect(page.locator(".tabs-line .count")).toHaveText(["6", "5", "1"]);
    expect(await listed(page, "/standing/rating?mark=excluded")).toBe(1);
    await page.goto(`/orders/${waits}/review`);
    await expect(page.locator("main")).toContainText(person("buyer").name + " has written");
  });
});

test("“My buyer ordered by mistake. Does cancelling affect my gig?”", async ({ as }) => {
  const [seller, page] = [await as("guest"), await as("buyer")];
  const shop = await openShop(seller, "Ines Malo");
  const gig = await gigOf(shop, "gild a mirror");
  await sold(shop, gig, 0);
  const before = (await shop.api("GET", "/standing")).completion;
  const moved = async (excluded) => {
    const now = (await shop.api("GET", "/standing")).completion;
    expect(now).toMatchObject({ for: before.for, against: before.against, excluded: before.excluded + excluded, text: before.text });
  };
  await test.step("ordering twice within the hour is asked about first", async () => {
    await page.goto(`/gigs/${gig.slug}`);
    await page.getByRole("button", { name: "See the price and the terms" }).click();
    await expect(page.getByLabel("Order it once more")).toBeVisible();
  });
  const mistake = await placed(buyer, gig.id);
  await asked(buyer, mistake, cancelFor("mistake"));
  await test.step("the seller sees before the click that agreeing costs nothing", async () => {
    await seller.goto(`/orders/${mistake}`);
    await seller.getByRole("link", { name: "Agree" }).click();
    const row = seller.locator(".effect tbody tr").first();
    await expect(row).toContainText("It counts against nobody.");
    await expect(row).not.toContainText("→");
    await seller.getByRole("button", { name: "Agree to cancel · $80.00 back" }).click();
    await expect(seller.locator("main")).toContainText("Does not count in your completion rate.");
    await moved(1);
  });
  await test.step("declining and support do not cost anything either, where nobody is to blame", async () => {
    const again = await placed(buyer, gig.id);
    await shop.api("POST", `/orders/${again}/requests/${await asked(buyer, again, cancelFor("mistake"))}/decline`, {});
    const { id } = await shop.api("POST", "/cases", { kind: "cancel", about: "order", subject: again, text: "They ordered by mistake; here is what they wrote." });
    await decided(api("agent"), id, { cancel: { fault: "nobody", cause: "mistake", share: 10000 } });
    await moved(2);
    await seller.goto(`/cases/${id}`);
    await expect(seller.locator("main")).toContainText("nobody’s fault");
  });
  await test.step("the list behind the number names every one of them with its rule", async () => {
    expect(await listed(seller, "/standing/completion?mark=excluded")).toBe(before.excluded + 2);
    expect(await listed(seller, "/standing/completion?mark=against")).toBe(0);
    await seller.goto("/sales?tab=cancelled");
    await expect(seller.locator("li.row")).toHaveCount(2);
    await expect(seller.locator("li.row").filter({ hasText: "Canceled: mutual" })).toHaveCount(1);
  });
});

test("“Who may leave feedback, and when is a review deleted?”", async ({ as }) => {
  const [seller, page, guest] = [await as("guest"), await as("buyer"), await as("guest")];
  const shop = await openShop(seller, "Tomas Weir");
  const gig = await gigOf(shop, "engrave a cup");
  const [ended, unstarted] = [await placed(buyer, gig.id), await placed(buyer, gig.id)];
  const { id } = await buyer("POST", "/cases", { kind: "cancel", about: "order", subject: ended, text: "The cup has broken." });
  await decided(api("agent"), id, { cancel: { fault: "nobody", cause: "other", share: 10000 } });
  await agreed(buyer, shop.api, unstarted, cancelFor("changed_mind"));
  await test.step("a cancelled order can be rated, beside what the clocks say; one that was agreed away cannot", async () => {
    await page.goto(`/orders/${ended}/review`);
    await expect(page.locator("#write fieldset")).toHaveCount(3);
    for (const asks of ["Order fulfilment", "Start time", "Communication"]) await expect(page.locator("#write")).toContainText(asks);
    await expect(page.locator("#write .review-measured")).toContainText("Paid");
    await page.goto(`/orders/${unstarted}/review`);
    await expect(page.locator("main")).toContainText((await buyer("GET", `/orders/${unstarted}/review`)).why);
  });
  await rated(shop, ended, 2, buyer, "It broke, and a new one was too dear.");
  const outcome = await test.step("its end is printed on it", async () => {
    await guest.goto(`/gigs/${gig.slug}`);
    const { items: [public_] } = await buyer("GET", `/gigs/${gig.id}/reviews`);
    await expect(guest.locator("#reviews .review")).toContainText(public_.outcome_words);
    return public_.outcome_words;
  });
  expect(outcome).toMatch(/cancel/i);
  await test.step("the reasons are a closed list, and a low rating is none of them", async () => {
    await seller.goto(`/orders/${ended}/review`);
    await seller.getByRole("link", { name: "Challenge this review" }).click();
    for (const reason of ["Attack by a competitor", "Meant for another offer", "Written to force a discount or a refund", "Has nothing to do with the order"]) {
      await expect(seller.getByLabel(reason)).toBeVisible();
    }
    await expect(seller.locator("main")).toContainText("A low rating alone is no reason; these are all there are.");
    await expect(seller.locator("main")).toContainText("Asking can never earn you a warning");
    await seller.getByLabel("Meant for another offer").check();
    await seller.getByLabel("What is wrong, and how it can be seen").fill("A cup breaks by itself; this is not my work.");
    await seller.getByLabel("The words of the review that are wrong").fill("It broke");
    await seller.getByRole("button", { name: /^Challenge this review/ }).click();
    await expect(seller.locator("main")).toContainText("Decision by");
  });
  await test.step("what was decided is a letter with its rule and a way on; the review stays", async () => {
    const at = new URL(seller.url()).pathname;
    await decided(api("agent"), at.split("/").at(-1), { dismiss: true, facts: "It is about this very cup." });
    await seller.goto(at);
    for (const part of ["The rule that fits", "It is about this very cup.", "to somebody who had no part in it"]) await expect(seller.locator("main")).toContainText(part);
    await seller.goto(`/orders/${ended}/review`);
    await expect(seller.locator("main")).toContainText("the review stays as it is");
    expect((await buyer("GET", `/gigs/${gig.id}/reviews`)).sums).toMatchObject({ count: 1, shown: 1, removed: 0 });
  });
});

test("“Which of my orders is where, and what if I need more time?”", async ({ as }) => {
  const seller = await as("guest");
  const shop = await openShop(seller, "Lena Brook");
  const gig = await gigOf(shop, "bind an album", "Which paper?");
  const orders = [];
  for (let i = 0; i < 6; i++) orders.push(await placed(buyer, gig.id));
  const [, running, slow, delivered, done, cancelled] = orders;
  for (const order of orders.slice(1)) await shop.api("POST", `/orders/${order}/waive`, {});
  await shop.api("POST", `/orders/${running}/progress`, { text: "The paper is cut." });
  await shop.api("POST", `/orders/${delivered}/deliver`, { text: "Here it is." });
  for (const order of [running, slow, cancelled]) await agreed(shop.api, buyer, order, { kind: "extend", days: 4 });
  await finished(shop, done);
  await agreed(shop.api, buyer, cancelled, cancelFor("out_of_scope"));
  await test.step("each tab says how many there are, lists as many, and so does the API", async () => {
    const { tabs } = await shop.api("GET", "/sales");
    for (const [tab, n] of Object.entries({ active: 3, pending: 3, delivered: 1, completed: 1, cancelled: 1 })) {
      await seller.goto("/sales?tab=" + tab);
      await expect(seller.locator(".tabs-line a[aria-current] .count")).toHaveText(String(n));
      await expect(seller.locator("main .rows li.row:has(.badge-state)")).toHaveCount(n);
      expect(tabs.find((t) => t.name === tab).count, tab).toBe(n);
    }
    await expect(seller.locator("li.row")).toContainText("Canceled: mutual");
  });
  await test.step("showing progress is not a delivery and stops no clock", async () => {
    await seller.goto(`/orders/${running}`);
    await expect(seller.locator("main")).toContainText("The paper is cut.");
    await expect(seller.locator(".page-head")).toContainText("In progress");
  });
  await test.step("who extends again and again is told what to promise", async () => {
    await seller.goto(`/gigs/${gig.id}/edit`);
    await expect(seller.locator("main")).toContainText("you and your buyers agreed on 3 extensions");
    await expect(seller.locator("main")).toContainText("Counting that time, 6 days would have been enough");
  });
});

test("“One star because I would not send it by e-mail: who decides about that?”", async ({ as }) => {
  const [seller, guest, agent] = [await as("guest"), await as("guest"), await as("agent")];
  const shop = await openShop(seller, "Arif Noor");
  const gig = await gigOf(shop, "trace a logo");
  await sold(shop, gig, 5);
  const order = await placed(other, gig.id);
  const { id: buyer2 } = await other("GET", "/me");
  const wish = "Send the files to my mail instead, I do not open pages.";
  await other("POST", "/messages", { to: shop.id, text: wish });
  await shop.api("POST", "/messages", { to: buyer2, text: "I can't send them by e-mail; here they are, on the page of the order." });
  await finished(shop, order, other);
  await rated(shop, order, 1, other, "Would not send it by e-mail.");
  const rating = async () => (await shop.api("GET", "/standing")).rating;
  await test.step("it weighs as any other until somebody has decided", async () => {
    await seller.goto("/standing/rating");
    await expect(seller.locator(".behind > li")).toHaveCount(2);
    expect(await rating()).toMatchObject({ reviews: 2, removed: 0, text: "3.0" });
    await expect(seller.getByRole("heading", { level: 1 })).toContainText("3.0");
  });
  const at = await test.step("the seller says why, with the message that asked for it", async () => {
    await seller.goto(`/orders/${order}/review`);
    await seller.getByRole("link", { name: "Challenge this review" }).click();
    await seller.getByLabel("The buyer had asked for a breach of the terms").check();
    await seller.getByLabel("What is wrong, and how it can be seen").fill("They asked for it by e-mail, and I said no.");
    await seller.getByText("Choose from your newest messages").click();
    await seller.locator("label.choice", { hasText: wish }).locator("input").check();
    await seller.getByRole("button", { name: /^Challenge this review/ }).click();
    await expect(seller.locator("main")).toContainText("Decision by");
    await guest.goto(`/gigs/${gig.slug}`);
    await expect(guest.locator("#reviews")).toContainText("Under challenge since");
    return new URL(seller.url()).pathname;
  });
  await test.step("who decides has the request, the refusal and the rating before them", async () => {
    await agent.goto(at.replace("/cases/", "/desk/"));
    for (const part of [wish, "I can't send them by e-mail", "Would not send it by e-mail."]) await expect(agent.locator("main")).toContainText(part);
    await decided(api("agent"), at.split("/").at(-1), { remove_review: "asked_for_breach", facts: "The refusal was right." });
  });
  await test.step("the answer: who, by which rule, and what it does to the figures", async () => {
    await seller.goto(at);
    for (const part of ["The rule that fits", "The refusal was right.", "support agent"]) await expect(seller.locator("main")).toContainText(part);
    expect(await rating()).toMatchObject({ reviews: 1, removed: 1, text: "5.0" });
    expect(await listed(seller, "/standing/rating")).toBe(2);
    await expect(seller.getByRole("heading", { level: 1 })).toContainText("5.0");
    expect(await listed(seller, "/standing/rating?mark=for")).toBe(1);
    await guest.goto(`/gigs/${gig.slug}`);
    await expect(guest.locator("#reviews .review-grave")).toContainText("Decided by a support agent.");
    await expect(guest.locator(".review-mean")).toContainText("2 reviews, 1 of them removed");
  });
});
