import { expect, test } from "../base.js";
import { api, placed } from "../calls.js";
import { person } from "../house.js";

test("why am I not at the next level is answered on the page", async ({ as }) => {
  const seller = await as("seller");
  await seller.goto("/standing");
  const { ladder, level } = await api("seller")("GET", "/standing");
  const next = ladder.find((r) => !r.held) ?? ladder.at(-1);
  if (!next.held && !level.ends_at) await seller.getByRole("link", { name: `Why am I not ${next.words}?` }).first().click();
  else await seller.goto("/standing/why/" + next.name);
  for (const q of next.requirements.filter((r) => r.figure !== "approval")) {
    await expect(seller.locator("main")).toContainText(q.required);
    await expect(seller.locator("main")).toContainText(q.mine);
    if (q.missing) await expect(seller.locator("main")).toContainText(q.missing);
  }
});

test("every number opens to its list by keyboard", async ({ as }) => {
  const seller = await as("seller");
  await seller.goto("/standing");
  const number = seller.locator("button[popovertarget='rate-completion']");
  await number.focus();
  await seller.keyboard.press("Enter");
  await expect(seller.locator("#rate-completion")).toBeVisible();
  await seller.keyboard.press("Escape");
  for (const figure of ["completed", "unique_buyers", "earned", "completion", "on_time", "response", "rating", "warnings"]) {
    const answer = await seller.goto("/standing/" + figure);
    expect(answer.status(), figure).toBe(200);
  }
});

test("a link shows a stranger the same page, without names, until it is closed", async ({ as }) => {
  const [seller, guest] = [await as("seller"), await as("guest")];
  await seller.goto("/standing");
  await seller.getByRole("button", { name: "Make a link" }).click();
  const at = new URL(await seller.locator("#secret").inputValue()).pathname;
  await guest.goto(at);
  await expect(guest.locator("main")).toContainText("This is the standing of " + person("seller").name);
  expect(await guest.locator("main a[href^='/orders/'], main a[href^='/messages/']").count()).toBe(0);
  await guest.goto(at + "/completion");
  expect(await guest.locator("main a[href^='/orders/']").count()).toBe(0);
  const close = seller.getByRole("button", { name: "Close it" });
  while (await close.count()) await close.first().click();
  expect((await guest.goto(at)).status()).toBe(404);
});

test("a cancellation says what it does to the figures, and does it", async ({ as }) => {
  const [seller, buyer] = [await as("seller"), await as("buyer")];
  const buy = api("buyer"), sell = api("seller");
  const { handle } = await sell("GET", "/me");
  const { gigs } = await sell("GET", "/sellers/" + handle);
  const order = await placed(buy, (gigs.items ?? gigs)[0].id);
  const { buyer_record: record } = await buy("GET", "/standing");
  await buyer.goto(`/orders/${order}/undo`);
  await expect(buyer.locator(".effect")).toContainText(`${record.noted} → ${record.noted + 1}`);
  const before = await sell("GET", "/standing");
  await buy("POST", `/orders/${order}/undo`, {});
  const after = await sell("GET", "/standing");
  expect(after.completion.for).toBe(before.completion.for);
  expect(after.completion.against).toBe(before.completion.against);
  expect(after.completion.excluded).toBe(before.completion.excluded + 1);
  expect((await buy("GET", "/standing")).buyer_record.noted).toBe(record.noted + 1);
  await buyer.goto("/standing");
  await expect(buyer.locator("main")).toContainText(`${record.noted + 1} noted ending`);
  await seller.goto("/standing/completion?mark=excluded");
  await expect(seller.locator("main")).toContainText("The buyer undid the order before it started.");
});
