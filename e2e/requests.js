// The steps that journeys through the resolution centre share.
import { answer, expect, makeGig, order } from "./base.js";

// started is the address of an order on which the work has begun.
export async function started(seller, buyer, wanted) {
  const at = await order(buyer, await makeGig(seller, wanted));
  await answer(buyer, at);
  return at;
}

// ask fills the form of a kind, looks at what each answer means, and sends it.
export async function ask(page, at, kind, fields, confirm) {
  await page.goto(`${at}/resolve/${kind}`);
  for (const [name, value] of Object.entries(fields)) {
    const field = page.locator(`main [name='${name}']`);
    if (name === "cause" || name === "into") await field.selectOption(value);
    else await field.fill(value);
  }
  await page.getByRole("button", { name: "See what each answer means" }).click();
  await page.getByRole("button", { name: confirm }).click();
  await expect(page.getByRole("status")).toContainText("Sent");
}
