// Questions that people asked of another market and nobody could answer, asked
// again here. These two need days to pass; the others are in mission.spec.js.
import { expect, test } from "../base.js";
import { api, later, placed } from "../calls.js";
import { agreed, asked, behind, cancelFor, gigOf, listed, openShop, rated, sold } from "../shops.js";

// One seller lives through both: eleven orders sold, two of them cancelled
// because of tricks, and 61 days in which a shop has been open.
let saleh;

async function elevenSold(page) {
  const shop = await openShop(page, "Saleh Amari");
  const gig = await gigOf(shop, "letter a shop window");
  await later("45d");
  const buyer = api("buyer2");
  await agreed(shop.api, buyer, await placed(buyer, gig.id), cancelFor("buyer_fraud"));
  await asked(shop.api, await placed(buyer, gig.id), cancelFor("buyer_fraud"));
  const done = [];
  for (let i = 0; i < 9; i++) done.push(await sold(shop, gig));
  for (const [i, stars] of [5, 5, 4].entries()) await rated(shop, done[i], stars);
  await later("16d"); // silence has ended the one that was ignored
  return { ...shop, gig };
}

// oneMore is what the page tells the seller to do: an order with five stars.
const oneMore = () => sold(saleh, saleh.gig, 5, api("buyer2"));

const standing = () => saleh.api("GET", "/standing");

test("“Why don’t I get Level 1? I sold 10 gigs with 4 plus rating, and I have 90 %”", async ({ as }) => {
  saleh = await elevenSold(await as("guest"));
  const { page } = saleh;
  const { requirements } = await saleh.api("GET", "/standing/why/level_1");
  await test.step("the answer is one table, and it is the API’s", async () => {
    await page.goto("/standing");
    await expect(page.locator(".standing-hero")).toContainText("No level yet");
    await page.getByRole("link", { name: "Why am I not Level 1?" }).first().click();
    expect(requirements.filter((q) => !q.met).map((q) => q.figure)).toEqual(["completed", "rating"]);
    for (const [i, q] of requirements.entries()) {
      const row = page.locator(".requirements tbody tr").nth(i);
      await expect(row.locator("[data-label=Required]")).toHaveText(q.required);
      await expect(row.locator("[data-label=Mine] .because")).toHaveText(q.mine + ", see why");
      await expect(row.locator("[data-label=Missing]")).toHaveText(q.missing ?? "");
      await expect(row.locator("[data-label='What to do']")).toHaveText(q.todo ?? "");
    }
  });
  await test.step("each number opens to a list of that length", async () => {
    const s = await standing();
    const lengths = {
      completed: s.completed, earned: s.completed, rating: s.rating.reviews + s.rating.removed, warnings: s.warnings.length,
      completion: s.completion.counted + s.completion.excluded, on_time: s.on_time.counted + s.on_time.excluded,
      response: s.response.counted + s.response.excluded,
    };
    expect(lengths).toMatchObject({ completed: 9, completion: 11, on_time: 9, rating: 3, warnings: 0 });
    const beside = await page.context().newPage();
    for (const [figure, length] of Object.entries(lengths)) {
      const number = page.locator(`button[popovertarget='why-${figure}']`);
      const list = length || figure === "warnings" ? await behind(page, number) : `/standing/${figure}`;
      expect(await listed(beside, list), figure).toBe(length);
      expect((await saleh.api("GET", `/standing/${figure}`)).items.length, figure).toBe(length);
    }
  });
  await test.step("what became of the two that were cancelled stands there", async () => {
    expect(await listed(page, "/standing/completion?mark=against")).toBe(1);
    await expect(page.locator(".behind li")).toContainText("unanswered");
    expect(await listed(page, "/standing/completion?mark=excluded")).toBe(1);
    await expect(page.locator(".behind li")).toContainText("mutual");
  });
  await test.step("doing what it says is enough, at once", async () => {
    await oneMore();
    await page.goto("/standing");
    await expect(page.locator(".standing-name")).toHaveText("Level 1");
    await expect(page.locator("main")).toContainText("You reached Level 1");
    expect((await standing()).level.name).toBe("level_1");
  });
});

test("“Is a mutual cancellation the same as the other one, and what does it do to me?”", async ({ as }) => {
  saleh ??= await elevenSold(await as("guest"));
  if (!(await standing()).level.name) await oneMore();
  const [page, buyer] = [await as("guest", { storageState: saleh.keys }), await as("buyer2")];
  const before = await standing();
  await test.step("the buyer agrees: nothing moves", async () => {
    const order = await placed(api("buyer2"), saleh.gig.id);
    await asked(saleh.api, order, cancelFor("buyer_fraud"));
    await buyer.goto(`/orders/${order}`);
    await buyer.getByRole("link", { name: "Agree" }).click();
    await buyer.getByRole("button", { name: "Agree to cancel · $80.00 back" }).click();
    await page.goto(`/orders/${order}`);
    await expect(page.locator("main")).toContainText("Does not count in your completion rate.");
    const after = await standing();
    expect(after.completion).toMatchObject({ for: before.completion.for, against: before.completion.against, excluded: before.completion.excluded + 1 });
    expect(after.level).toEqual(before.level);
  });
  const order = await placed(api("buyer2"), saleh.gig.id);
  const words = { ...cancelFor("buyer_fraud"), reason: "The address is not theirs." };
  const { rows } = await saleh.api("POST", `/orders/${order}/requests/preview`, words);
  const told = rows.find((r) => r.reply === "silence");
  const day = await test.step("silence is another thing, and it is said before the button", async () => {
    await page.goto(`/orders/${order}/resolve/cancel`);
    await page.getByLabel("What is the cause?").selectOption(words.cause);
    await page.getByLabel("Your words to").fill(words.reason);
    await page.getByRole("button", { name: "See what each answer means" }).click();
    const cards = page.locator(".effect tbody tr");
    for (const nth of [0, 1]) {
      await expect(cards.nth(nth)).not.toContainText("at risk");
      expect(rows[nth].level).toMatchObject({ moves: false, before: "level_1", after: "level_1" });
    }
    expect(told.level).toMatchObject({ moves: true, before: "level_1", after: "level_1" });
    const completion = told.figures.find((f) => f.figure === "completion");
    await expect(cards.nth(2)).toContainText(`${completion.before} → ${completion.after}`);
    const level = await cards.nth(2).locator(".shift", { hasText: "Level" }).textContent();
    expect(level).toMatch(/Level\s*Level 1 → Level 1, at risk on \w+ \d+ \w+/);
    await page.getByRole("button", { name: /^Ask to cancel/ }).click();
    await expect(page.getByRole("status")).toContainText("Sent");
    return level.split("at risk on ")[1].trim();
  });
  await later("49h");
  await test.step("and so it came: the same figure, level and day on the seller’s page", async () => {
    const after = await standing();
    const rate = `${after.completion.text} (${after.completion.for} of ${after.completion.counted})`;
    expect(told.figures.find((f) => f.figure === "completion").after).toBe(rate);
    expect(after.level).toMatchObject({ name: "level_1", ends_at: told.level.demotes_after });
    await page.goto("/standing");
    await expect(page.locator(".standing-hero")).toContainText("Level 1");
    await expect(page.locator(".next-say")).toContainText(`The level ends on ${day}`);
    await expect(page.locator("button[popovertarget='rate-completion']")).toContainText(after.completion.text);
    await page.goto(`/orders/${order}`);
    await expect(page.locator("main")).toContainText("Counts in your completion rate");
  });
});
