import { expect, makeGig, pay, test } from "../base.js";
import { api } from "../calls.js";
import { person } from "../house.js";
import { offered } from "../offers.js";

const stamp = () => Date.now().toString(36);

test("an offer is for one person, who pays it by its link", async ({ as }) => {
  const [seller, buyer, stranger, guest] = [await as("seller"), await as("buyer"), await as("buyer2"), await as("guest")];
  await makeGig(seller, { title: "carve letters no. " + stamp(), questions: [] });
  const { id } = await api("buyer")("GET", "/me");
  const at = await offered(seller, id, "carve the name of a house " + stamp());
  await test.step("to a stranger it is not there", async () => {
    const words = async (address) => {
      const answer = await stranger.goto(address);
      expect(answer.status()).toBe(404);
      return (await stranger.locator("main").innerText()).replace(/\s+/g, " ");
    };
    expect(await words(at)).toBe(await words("/offers/offer_" + "0".repeat(26)));
  });
  await test.step("whoever is signed out is asked to sign in", async () => {
    await guest.goto(at);
    await expect(guest.getByRole("button", { name: "Sign in" })).toBeVisible();
    await expect(guest.locator("main")).not.toContainText("carve");
  });
  await test.step("the buyer pays and is at the order", async () => {
    await buyer.goto("/messages/new?to=" + (await api("seller")("GET", "/me")).id);
    await buyer.locator(`.offer-card a[href='${at}']`).click();
    await buyer.getByRole("link", { name: "Pay" }).click();
    await expect(buyer.locator("main")).toContainText("Pay " + person("seller").name + "’s offer");
    await pay(buyer);
    await buyer.waitForURL(/\/orders\/[^/]+$/);
    await expect(buyer.getByRole("heading", { level: 1 })).toContainText("Carve the name of a house");
    await buyer.goto(at);
    await expect(buyer.getByRole("link", { name: "Go to the order" })).toBeVisible();
  });
});
