// Finds the pages of the house and the states they can be in: lists first, then
// whatever they lead to. The accessibility run and the gallery walk the same list.

// Each entry: a name for a file, who looks at it, and the address.
const fixed = [
  ["home", "guest", "/"],
  ["browse", "guest", "/browse"],
  ["search-found", "guest", "/search?q=logo"],
  ["search-nothing", "guest", "/search?q=zzzzqqq"],
  ["login", "guest", "/login"],
  ["signup", "guest", "/signup"],
  ["forgot", "guest", "/forgot"],
  ["help", "guest", "/help"],
  ["help-search", "guest", "/help?q=late+refund"],
  ["help-nothing", "guest", "/help?q=zzzzqqq"],
  ["terms", "guest", "/terms"],
  ["verify", "guest", "/verify"],
  ["error-missing", "guest", "/nowhere/at/all"],
  ["error-reset-expired", "guest", "/reset?token=nothing"],
  ["outbox", "guest", "/rehearsal/outbox"],
  ["home-buyer", "buyer", "/"],
  ["profile", "buyer", "/profile"],
  ["password", "buyer", "/profile/password"],
  ["become-seller", "buyer", "/profile/seller"],
  ["tokens", "buyer", "/profile/tokens"],
  ["notices", "buyer", "/notices"],
  ["messages", "buyer", "/messages"],
  ["messages-nothing", "buyer", "/messages?q=zzzzqqq"],
  ["purchases-active", "buyer", "/purchases"],
  ["purchases-delivered", "buyer", "/purchases?tab=delivered"],
  ["purchases-completed", "buyer", "/purchases?tab=completed"],
  ["purchases-cancelled", "buyer", "/purchases?tab=cancelled"],
  ["purchases-unpaid", "buyer", "/purchases?tab=unpaid"],
  ["purchases-nothing", "buyer", "/purchases?q=zzzzqqq"],
  ["statement-spent", "buyer", "/statement"],
  ["needs", "buyer", "/needs"],
  ["standing-buyer", "buyer", "/standing"],
  ["cases", "buyer", "/cases"],
  ["case-new", "buyer", "/cases/new"],
  ["offers", "buyer", "/offers"],
  ["reviews", "buyer", "/reviews"],
  ["shop", "seller", "/profile/seller"],
  ["my-gigs", "seller", "/gigs"],
  ["gig-new", "seller", "/gigs/new"],
  ["sales-active", "seller", "/sales"],
  ["sales-pending", "seller", "/sales?tab=pending"],
  ["sales-delivered", "seller", "/sales?tab=delivered"],
  ["sales-completed", "seller", "/sales?tab=completed"],
  ["sales-cancelled", "seller", "/sales?tab=cancelled"],
  ["statement-available", "seller", "/statement?pot=available"],
  ["statement-pending", "seller", "/statement?pot=pending"],
  ["withdraw", "seller", "/withdraw"],
  ["notices-seller", "seller", "/notices"],
  ["messages-seller", "seller", "/messages"],
  ["needs-seller", "seller", "/needs"],
  ["standing", "seller", "/standing"],
  ["standing-completion", "seller", "/standing/completion"],
  ["standing-on-time", "seller", "/standing/on_time"],
  ["standing-why", "seller", "/standing/why/level_1"],
  ["standing-earned", "seller", "/standing/earned"],
  ["record", "seller", "/standing/record"],
  ["levels", "agent", "/house/levels"],
  ["cases-seller", "seller", "/cases"],
  ["reviews-seller", "seller", "/reviews"],
  ["offers-made", "seller", "/offers?side=made"],
  ["desk", "agent", "/desk"],
  ["desk-answered", "agent", "/desk?state=answered"],
  ["desk-second", "agent", "/desk?state=seconding"],
  ["desk-decided", "agent", "/desk?state=decided"],
  ["desk-closed", "agent", "/desk?state=closed"],
  ["desk-nothing", "agent", "/desk?q=zzzzqqq"],
  ["house", "operator", "/house"],
  ["house-health", "operator", "/house/health"],
  ["house-health-months", "operator", "/house/health?from=2026-01-01&to=2026-11-01"],
  ["house-orders", "operator", "/house/orders?what=ended"],
  ["house-cases", "operator", "/house/cases"],
  ["house-sellers", "operator", "/house/sellers"],
  ["house-policy", "operator", "/house/policy"],
  ["house-help", "operator", "/house/help"],
  ["rehearse", "operator", "/house/policy/rehearse"],
  ["house-records", "operator", "/house/records"],
  ["accounts", "operator", "/house/accounts"],
  ["remove", "operator", "/house/remove"],
  ["jobs", "operator", "/operator/jobs"],
  ["bank", "operator", "/operator/sandbox"],
];

// found adds the pages that only a look at the lists can name. get(who, address)
// returns a Playwright page that stands there.
// only names the one reader whose pages are wanted; the others cost nothing then.
export async function allPages(get, only) {
  const wants = (who) => !only || only === who;
  const list = fixed.map(([name, who, at]) => ({ name, who, at }));
  for (const at of wants("guest") ? await hrefs(await get("guest", "/help"), "main .help-shelves a") : []) {
    list.push({ name: "help-" + at.split("/").pop(), who: "guest", at });
  }
  if (wants("guest") || wants("buyer")) await add(list, get, "guest", "/browse", "main .gig-card .row-link", "gig", 1);
  if (wants("guest")) {
    await add(list, get, "guest", "/browse", "main .tree a", "category", 1);
    await add(list, get, "guest", "/rehearsal/outbox", "main .row-link", "letter", 1);
    await add(list, get, "guest", list.find((p) => p.name === "gig").at, "main a[href^='/members/']", "seller-page", 1);
  }
  if (wants("seller")) await add(list, get, "seller", "/gigs", "main a[href$='/edit']", "gig-edit", 1);
  await matters(list, get, wants);
  const gig = list.find((p) => p.name === "gig");
  if (gig && wants("buyer")) {
    const page = await get("buyer", gig.at);
    const form = page.locator("main form[action='/checkout']").first();
    if (await form.count()) {
      const query = await form.evaluate((f) => new URLSearchParams(new FormData(f)).toString());
      list.push({ name: "checkout", who: "buyer", at: "/checkout?" + query });
    }
  }
  for (const [who, path] of [["buyer", "/purchases"], ["seller", "/sales"]]) {
    if (!wants(who)) continue;
    for (const tab of ["active", "pending", "delivered", "completed", "cancelled", "unpaid"]) {
      if (who === "seller" && tab === "unpaid") continue;
      await orders(list, get, who, `${path}?tab=${tab}`);
    }
  }
  return list;
}

// matters adds what has its own page: a case in each of its states for the desk,
// a case and an offer of each person, and the forms that change them.
async function matters(list, get, wants) {
  for (const state of ["waiting", "answered", "seconding", "decided", "closed"]) {
    if (wants("agent")) await add(list, get, "agent", "/desk?state=" + state, "main .row-link", "desk-case-" + state, 1);
  }
  for (const who of ["buyer", "seller"]) {
    if (!wants(who)) continue;
    await add(list, get, who, "/cases", "main .rows .row-link", "case-" + who, 2);
    await add(list, get, who, who === "buyer" ? "/offers" : "/offers?side=made", "main .rows .row-link", "offer-" + who, 2);
    for (const { name, at } of list.filter((p) => p.name.startsWith("offer-" + who))) {
      for (const move of ["pay", "decline", "withdraw"]) await add(list, get, who, at, `main a[href$='/${move}']`, `${name}-${move}`, 1);
    }
    for (const { name, at } of list.filter((p) => p.name.startsWith("case-" + who))) await add(list, get, who, at, "main a[href$='/appeal']", name + "-appeal", 1);
  }
  for (const who of ["buyer", "seller"]) {
    if (!wants(who)) continue;
    await add(list, get, who, "/reviews", "main .row-link", "review-" + who, 30);
    const moves = new Set(); // one page behind each button
    for (const { at } of list.filter((p) => p.name.startsWith("review-" + who))) {
      for (const move of await hrefs(await get(who, at), `main a[href^='${at}/']`)) {
        const name = `review-move-${who}-${move.split("/").pop()}`;
        if (!moves.has(name)) list.push({ name, who, at: move });
        moves.add(name);
      }
    }
    const kept = list.filter((p) => p.name.startsWith("review-" + who)).slice(3);
    for (const p of kept) list.splice(list.indexOf(p), 1);
  }
  if (wants("seller")) {
    await add(list, get, "seller", "/messages", "main .row-link", "talk", 1);
    const talk = list.find((p) => p.name === "talk");
    if (talk) await add(list, get, "seller", talk.at, "main a[href^='/offers/new']", "offer-new", 1);
  }
  if (wants("operator")) {
    const gig = (await hrefs(await get("guest", "/browse"), "main .gig-card .row-link"))[0];
    if (gig) list.push({ name: "remove-gig", who: "operator", at: "/house/remove?kind=gig&address=" + gig.split("/").pop() });
  }
}

async function hrefs(page, selector) {
  const all = await page.locator(selector).evaluateAll((as) => as.map((a) => a.getAttribute("href")));
  return [...new Set(all)];
}

async function add(list, get, who, at, selector, name, most) {
  const page = await get(who, at);
  for (const [i, href] of (await hrefs(page, selector)).slice(0, most).entries()) {
    list.push({ name: i ? `${name}-${i + 1}` : name, who, at: href });
  }
}

// orders adds one order for each state in the list, and its moves.
async function orders(list, get, who, at) {
  const rows = (await get(who, at)).locator("main li.row:has(.badge-state)");
  const found = await rows.evaluateAll((all) => all.map((row) => ({
    href: row.querySelector("a.row-link").getAttribute("href"),
    state: row.querySelector(".badge-state").textContent.trim().toLowerCase(),
  })));
  for (const { href, state } of found) {
    const name = `order-${who}-${state.replace(/[^a-z]+/g, "-")}`;
    if (list.some((p) => p.name === name)) continue;
    list.push({ name, who, at: href });
    const page = await get(who, href);
    for (const move of await hrefs(page, `main a[href^='${href}/']`)) {
      const moveName = `move-${who}-${move.split("/").pop()}`;
      if (list.some((p) => p.name === moveName)) continue;
      list.push({ name: moveName, who, at: move });
      if (!move.endsWith("/resolve")) continue;
      for (const kind of await hrefs(await get(who, move), `main a[href^='${move}/']`)) list.push({ name: `request-${who}-${kind.split("/").pop()}`, who, at: kind });
    }
  }
}
