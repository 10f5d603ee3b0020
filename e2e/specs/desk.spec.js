import { expect, makeGig, test } from "../base.js";
import { api, placed } from "../calls.js";
import { person } from "../house.js";

const [buyer, seller, agent] = ["buyer", "seller", "agent"];

// gigOf publishes a gig that starts with the payment and answers with its id.
async function gigOf(page) {
  const title = "tune a harp no. " + Date.now().toString(36);
  await makeGig(page, { title, questions: [] });
  const { items } = await api(seller)("GET", "/me/gigs");
  return items.find((g) => g.title.toLowerCase() === title).id;
}

// fact is the row of a list of facts with this name.
const fact = (within, name) => within.locator("dl > div").filter({ hasText: new RegExp(`^\\s*${name}`) });

// What each fault does: to the seller's figures and to the buyer's record.
const faults = [
  { fault: "seller", blamed: (i) => i ? "Your side" : person("seller").name, against: true, noted: false, found: "found the fault with the seller" },
  { fault: "buyer", blamed: (i) => i ? person("buyer").name : "Your side", against: false, noted: true, found: "found the fault with the buyer" },
  { fault: "nobody", blamed: () => "Nobody", against: false, noted: false, found: "found nobody at fault" },
  { fault: "platform", blamed: () => "The house", against: false, noted: false, found: "takes the fault itself" },
];

// ended checks what both parties see of an order that the desk ended.
async function ended(people, id, { blamed, against, noted, found }) {
  for (const [i, page] of people.entries()) {
    await page.goto("/orders/" + id);
    const card = page.locator("section, .card").filter({ has: page.getByRole("heading", { name: "How it ended" }) }).last();
    await expect(card).toContainText("Decided by the house, ");
    await expect(card).toContainText(found);
    await expect(fact(card, "Fault").first()).toContainText(blamed(i));
    const seller = i ? "your" : person("seller").name + "’s", buyer = i ? person("buyer").name + "’s" : "your";
    await expect(card).toContainText(against ? `Counts in ${seller} completion rate` : `Does not count in ${seller} completion rate`);
    await expect(card).toContainText(noted ? `Noted in ${buyer} record as a buyer` : `Not noted in ${buyer} record as a buyer`);
  }
  const page = people[1];
  await page.goto("/standing/completion?mark=" + (against ? "against" : "excluded"));
  const line = page.locator(".behind li", { has: page.locator(`a[href='/orders/${id}']`) });
  await expect(line).toContainText(against ? "Against" : "Excluded");
  await expect(line).toContainText(found);
}

test("asked, answered, decided, appealed", async ({ as }) => {
  const [b, s, a, second] = [await as(buyer), await as(seller), await as(agent), await as("agent2")];
  const id = await placed(api(buyer), await gigOf(s));
  const at = await test.step("the buyer asks about the order", async () => {
    await b.goto("/orders/" + id);
    await b.getByRole("link", { name: "Ask support about this order" }).click();
    await b.getByRole("button", { name: "Send to support" }).click();
    await expect(b.locator(".faults")).toBeVisible();
    await b.getByLabel("End an order without blame").check();
    await b.getByLabel("What happened, and what would be right?").fill("The harp is sold; nothing is left to tune.");
    await b.getByRole("button", { name: "Send to support" }).click();
    await expect(b.getByRole("status")).toContainText("with support");
    return new URL(b.url()).pathname.replace("/cases/", "/desk/");
  });
  const mine = at.replace("/desk/", "/cases/");
  await test.step("the agent takes the case and answers", async () => {
    const ref = (await b.locator(".page-head").textContent()).match(/#([0-9A-Z]{6})/)[1];
    await a.goto("/desk?q=" + ref);
    await a.locator(`a[href='${at}']`).click();
    await a.getByRole("button", { name: "Take this case" }).click();
    await a.getByLabel("Your answer").fill("We look at what was written before the harp was sold.");
    await a.getByRole("button", { name: "Send the answer" }).click();
    await expect(a.getByRole("status")).toContainText("Sent");
    await s.goto(mine);
    await expect(s.locator("main")).toContainText("what was written before the harp was sold");
    await expect(s.locator("main")).toContainText("read");
  });
  await test.step("the effect on both is seen before the decision", async () => {
    await a.getByLabel("Cancel it").check();
    await a.getByLabel("Whose fault", { exact: true }).selectOption("seller");
    await a.locator("#decision [name='cause']").selectOption("quality");
    const effect = a.locator("#effect");
    await expect(effect).toContainText("It counts against the seller.");
    await expect(effect.locator("section", { hasText: person(buyer).name })).toContainText("$80.00 goes back");
    await expect(effect.locator("section", { hasText: person(seller).name })).toContainText("→");
    await a.locator("[name='rule']").selectOption({ index: 1 });
    await a.locator("[name='facts']").fill("The strings were the wrong ones.");
    await a.getByRole("button", { name: "Decide · $80.00 moves" }).click();
    await expect(a.getByRole("status")).toContainText("Decided");
  });
  await ended([b, s], id, faults[0]);
  await test.step("both read the letter", async () => {
    for (const page of [b, s]) {
      await page.goto(mine);
      await expect(fact(page, "The rule").first()).not.toHaveText(/^The rule\s*$/);
      await expect(fact(page, "What was found").first()).toContainText("The strings were the wrong ones.");
      await expect(fact(page, "Decided by").first()).toContainText("agent");
      await expect(fact(page, "Appeal").first()).toContainText(/Until \w+ \d+ \w+.*, \d\d:\d\d, to somebody who had no part in it/);
    }
    await s.goto("/notices");
    await expect(s.locator("main")).toContainText(/The rule: .+ What was found: “The strings were the wrong ones\.” It was decided by .+ You can appeal until /);
  });
  await test.step("the seller appeals; only somebody else can decide it", async () => {
    await s.goto(mine);
    await s.getByRole("link", { name: "Appeal against it" }).click();
    await s.getByLabel("What is not right about the decision?").fill("The strings are those that were ordered.");
    await s.getByRole("button", { name: "Appeal against this decision" }).click();
    const appeal = new URL(s.url()).pathname.replace("/cases/", "/desk/");
    const ref = (await s.locator(".page-head").textContent()).match(/#([0-9A-Z]{6})/)[1];
    await a.goto("/desk?q=" + ref);
    await expect(a.locator(`a[href='${appeal}']`)).toHaveCount(0);
    expect((await a.goto(appeal)).status()).toBe(404);
    await second.goto("/desk?q=" + ref);
    await second.locator(`a[href='${appeal}']`).click();
    await second.getByRole("button", { name: "Take this case" }).click();
    await second.getByLabel("Nothing changes").check();
    await second.locator("[name='rule']").selectOption({ index: 1 });
    await second.locator("[name='facts']").fill("The order names other strings.");
    await second.getByRole("button", { name: "Decide and send the letter" }).click();
    await expect(second.getByRole("status")).toContainText("Decided");
    await s.goto(appeal.replace("/desk/", "/cases/"));
    await expect(fact(s, "Appeal").first()).toContainText("the last word of the house");
  });
});

test("what each fault does to both parties", async ({ as }) => {
  const people = [await as(buyer), await as(seller)];
  const gig = await gigOf(people[1]);
  const desk = api(agent);
  for (const row of faults.slice(1)) {
    await test.step(row.fault, async () => {
      const order = await placed(api(buyer), gig);
      const { id } = await api(buyer)("POST", "/cases", { kind: "cancel", about: "order", subject: order, text: "It cannot go on." });
      await desk("POST", `/desk/${id}/take`);
      const d = {
        cancel: { fault: row.fault, cause: "other", share: 10000 },
        rule: "An order that cannot go on is ended.", facts: "Both say that it cannot go on.",
      };
      const { digest } = await desk("POST", `/desk/${id}/preview`, d);
      await desk("POST", `/desk/${id}/decide`, { ...d, digest });
      await ended(people, order, row);
    });
  }
});
