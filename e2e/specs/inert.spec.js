import { expect, makeGig, order, test } from "../base.js";

// What somebody types is text, wherever it turns up.
const payloads = [
  `<script>window.pwned=1</script>`,
  `"><img src=x onerror=pwned=1>`,
  `'><svg onload=pwned=1>`,
  `<iframe srcdoc="<b>x</b>">`,
  `javascript:pwned=1//`,
  `</textarea><input autofocus onfocus=pwned=1>`,
  `{{constructor.constructor("pwned=1")()}}`,
  `<a href=javascript:pwned=1>click me</a>`,
  `<div hx-get=/logout hx-trigger=load>x</div>`,
  `<style>body{display:none}</style><b>x`,
];

const suspicious = [
  "main script", "iframe", "svg[onload]", "img[src='x']", "[onerror]", "[onfocus]", "[onload]",
  "a[href^='javascript' i]", "[hx-get^='/logout']", "body style", "object", "embed", "base",
].join(",");

async function inert(page, where) {
  const found = await page.evaluate((s) => ({
    pwned: window.pwned, odd: [...document.querySelectorAll(s)].map((e) => e.outerHTML.slice(0, 120)),
    hidden: getComputedStyle(document.body).display === "none",
  }), suspicious);
  expect(found, where).toEqual({ pwned: undefined, odd: [], hidden: false });
}

// fillAll types the payload into every text field of the page's form.
async function fillAll(page, form, payload) {
  for (const field of await form.locator("input:not([type]), input[type=text], textarea").all()) {
    const most = Number(await field.getAttribute("maxlength")) || 5000;
    await field.fill(payload.slice(0, most));
  }
}

test("searches, sign-in and lists", async ({ as }) => {
  const guest = await as("guest");
  const buyer = await as("buyer2");
  for (const p of payloads) {
    const q = encodeURIComponent(p);
    for (const [page, at] of [[guest, "/search?q="], [guest, "/help?q="], [guest, "/login?next="], [buyer, "/purchases?q="], [buyer, "/purchases?tab="]]) {
      await page.goto(at + q);
      await inert(page, at + p);
    }
  }
  await guest.goto("/signup");
  await fillAll(guest, guest.locator("main form"), payloads[1]);
  await guest.locator("main form [type=submit]").click();
  await inert(guest, "a refused sign-up");
});

test("profile, shop and tokens", async ({ as }) => {
  const page = await as("seller2");
  const before = {};
  for (const at of ["/profile", "/profile/seller"]) {
    await page.goto(at);
    before[at] = await page.locator("main form").filter({ has: page.getByRole("button", { name: /^Save/ }) })
      .locator("input[type=text], input:not([type]), textarea").evaluateAll((all) => all.map((e) => [e.name, e.value]));
  }
  for (const p of payloads) {
    for (const at of ["/profile", "/profile/seller", "/profile/tokens"]) {
      await page.goto(at);
      const form = page.locator("main form").filter({ has: page.getByRole("button", { name: /^(Save|Make)/ }) });
      await fillAll(page, form, p);
      if (at === "/profile/tokens") await form.getByRole("checkbox").first().check();
      await form.getByRole("button", { name: /^(Save|Make)/ }).click();
      await inert(page, `${at} with ${p}`);
    }
  }
  await page.goto("/gigs");
  await inert(page, "my gigs");
  for (const at of ["/profile", "/profile/seller"]) {
    await page.goto(at);
    for (const [name, value] of before[at]) await page.locator(`main [name='${name}']`).first().fill(value);
    await page.getByRole("button", { name: /^Save/ }).click();
  }
});

test.describe.configure({ mode: "parallel" });

test("gigs, orders and everything said in them", async ({ as }) => {
  test.setTimeout(240_000);
  const seller = await as("seller2");
  const buyer = await as("buyer2");
  const gig = await makeGig(seller, { title: payloads[0], description: payloads.join("\n"), questions: payloads, revisions: "20" });
  await buyer.goto(gig);
  await inert(buyer, "the gig's page");
  await expect(buyer.getByText(payloads[1]).first()).toBeVisible();
  const at = await order(buyer, gig);
  await inert(buyer, "checkout and order");
  await buyer.goto(at + "/submit_requirements");
  for (const [i, field] of (await buyer.locator("main [name^='answers.']").all()).entries()) await field.fill(payloads[i]);
  await buyer.getByRole("button", { name: "Send your answers" }).click();
  await inert(buyer, "the answers");

  const write = async (page, move, label, text) => {
    await page.goto(at + "/" + move);
    await page.getByLabel(label).fill(text);
    await page.locator("main form [type=submit]").first().click();
    await expect(page.getByRole("status")).toBeVisible();
    await inert(page, `${move} with ${text}`);
  };
  for (const p of payloads) {
    await write(seller, "delay_notice", "Why it will be late", p);
    await write(seller, "progress", "How far you are", p);
    await buyer.goto(at);
    await buyer.getByLabel("Your words on the newest update").fill(p);
    await buyer.getByRole("button", { name: "Send the comment" }).click();
    await inert(buyer, "comment with " + p);
  }
  for (const p of payloads) {
    await seller.goto(at + "/deliver");
    await seller.getByLabel("What you hand over").fill(p);
    await seller.locator("input[type=file]").setInputFiles({ name: p.replace(/\//g, "") + ".txt", mimeType: "text/html", buffer: Buffer.from(p) });
    await seller.getByRole("button", { name: "Deliver the work" }).click();
    await expect(seller.getByRole("status")).toBeVisible();
    await inert(seller, "delivery of " + p);
    await write(buyer, "ask_revision", "What should change", p);
  }
  for (const [page, where] of [[buyer, at], [buyer, "/notices"], [buyer, "/purchases"], [seller, at], [seller, "/notices"], [seller, "/sales"], [seller, "/gigs"]]) {
    await page.goto(where);
    await inert(page, where);
  }
  await seller.goto(gig);
  await seller.getByRole("link", { name: "Edit this gig" }).click();
  await inert(seller, "the editor");
  await seller.getByRole("button", { name: "Pause it" }).click(); // it shall not stand among the others
});
