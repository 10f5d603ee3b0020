// The step that journeys of an offer begin with.
import { expect } from "./base.js";

// offered makes an offer to the buyer out of the conversation and returns its
// address.
export async function offered(seller, to, title) {
  await seller.goto("/messages/new?to=" + to);
  await seller.getByRole("link", { name: "Make an offer" }).click();
  const beside = seller.locator("[name='beside'][value='yes']");
  if (await beside.count()) await beside.check();
  await seller.getByLabel("Your gig").selectOption({ index: 1 });
  await seller.getByLabel("What you will do").fill(title);
  await seller.locator("[name='scope']").fill("One inscription of up to twenty letters, as a drawing.");
  await seller.locator("[name='price']").fill("65");
  await seller.locator("[name='days']").fill("3");
  await seller.locator("[name='revisions']").fill("1");
  await seller.getByRole("button", { name: "Make the offer" }).click();
  await expect(seller.getByRole("status")).toContainText("The offer is made");
  return new URL(seller.url()).pathname;
}
