// Pictures of the pages, to leaf through: the pieces in every state from the
// kit's fixtures, and the pages of a small play market as a guest, a buyer, a
// seller and the operator see them; at phone and desk width, light and dark.
//
//   node tools/gallery.mjs FOLDER [words of the names wanted...]
//
// Chromium is told what to do through a pipe, so that nothing but the browser
// itself is needed.
import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";

const [folder = "gallery", ...wanted] = process.argv.slice(2);
const work = mkdtempSync(path.join(tmpdir(), "gallery-"));
const running = [];

class Browser {
  constructor() {
    const program = process.env.CHROMIUM ?? "chromium";
    const flags = ["--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--no-first-run",
      "--disable-background-networking", "--remote-debugging-pipe", `--user-data-dir=${work}/browser`, "about:blank"];
    this.process = spawn(program, flags, { stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"] });
    running.push(this.process);
    this.waiting = new Map();
    this.last = 0;
    let rest = "";
    this.process.stdio[4].on("data", (data) => {
      const messages = (rest + data).split("\0");
      rest = messages.pop();
      for (const text of messages) this.heard(JSON.parse(text));
    });
  }

  heard(message) {
    const key = message.id ?? `${message.sessionId} ${message.method}`;
    const told = this.waiting.get(key);
    if (!told) return;
    this.waiting.delete(key);
    message.error ? told.no(new Error(message.error.message)) : told.yes(message.result ?? message.params);
  }

  hear(key) {
    return new Promise((yes, no) => this.waiting.set(key, { yes, no }));
  }

  tell(method, params = {}, sessionId = this.session) {
    const id = ++this.last;
    const answer = this.hear(id);
    this.process.stdio[3].write(JSON.stringify({ id, method, params, sessionId }) + "\0");
    return answer;
  }

  async open() {
    const { targetId } = await this.tell("Target.createTarget", { url: "about:blank" });
    this.session = (await this.tell("Target.attachToTarget", { targetId, flatten: true })).sessionId;
    await this.tell("Page.enable");
    await this.tell("Network.enable");
  }

  async go(url) {
    const loaded = this.hear(`${this.session} Page.loadEventFired`);
    await this.tell("Page.navigate", { url });
    await loaded;
    await this.tell("Runtime.evaluate", { expression: "document.fonts.ready.then(() => true)", awaitPromise: true });
  }

  async shoot(url, { width, dark, height, most = 4000 }) {
    const metrics = (h) => this.tell("Emulation.setDeviceMetricsOverride", { width, height: h, deviceScaleFactor: 1, mobile: width < 600 });
    await this.tell("Emulation.setEmulatedMedia", {
      features: [{ name: "prefers-color-scheme", value: dark ? "dark" : "light" }, { name: "prefers-reduced-motion", value: "reduce" }],
    });
    await metrics(height ?? 900);
    await this.go(url);
    if (!height) {
      const { cssContentSize } = await this.tell("Page.getLayoutMetrics");
      await metrics(Math.min(most, Math.ceil(cssContentSize.height)));
    }
    return Buffer.from((await this.tell("Page.captureScreenshot", { format: "png" })).data, "base64");
  }

  // as takes on somebody's session, or none.
  async as(base, cookie) {
    await this.tell("Network.clearBrowserCookies");
    if (cookie) await this.tell("Network.setCookie", { url: base, ...cookie });
  }
}

// kit serves the fixtures as files.
async function kit() {
  const dir = path.join(work, "kit");
  mkdirSync(dir);
  const run = spawnSync("go", ["test", "./internal/web/kit", "-run", "TestPreview", "-count=1"], {
    env: { ...process.env, KIT_PREVIEW: dir }, encoding: "utf8",
  });
  if (run.status !== 0) throw new Error(run.stdout + run.stderr);
  const types = { ".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml" };
  const server = createServer((request, response) => {
    try {
      const file = path.join(dir, path.normalize(new URL(request.url, "http://x").pathname));
      response.setHeader("Content-Type", types[path.extname(file)] ?? "application/octet-stream");
      response.end(readFileSync(file));
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  const base = `http://127.0.0.1:${server.address().port}`;
  const pages = readdirSync(dir).filter((f) => f.endsWith("-light.html")).map((f) => f.replace("-light.html", ""));
  return { base, pages, close: () => server.close() };
}

// market serves a small play market and signs people in.
async function market() {
  const logins = path.join(work, "logins.json");
  const port = 18000 + (process.pid % 2000);
  const base = `http://127.0.0.1:${port}`;
  const house = spawn("bin/guildhall", ["demo", "--small", "--data", path.join(work, "market"), "--credentials", logins,
    "--listen", `127.0.0.1:${port}`], { stdio: ["ignore", "ignore", "inherit"] });
  running.push(house);
  for (let tries = 0; ; tries++) {
    const ready = await fetch(base + "/readyz").then((r) => r.ok, () => false);
    if (ready) break;
    if (tries > 600 || house.exitCode !== null) throw new Error("the play market does not open");
    await new Promise((later) => setTimeout(later, 200));
  }
  const { password, people } = JSON.parse(readFileSync(logins, "utf8"));
  const cookies = { guest: null };
  for (const role of ["buyer", "seller", "agent", "operator"]) {
    const { email } = people.find((p) => p.role === role);
    const answer = await fetch(base + "/login", { method: "POST", redirect: "manual", body: new URLSearchParams({ email, password }) });
    const [name, value] = answer.headers.getSetCookie()[0].split(";")[0].split("=");
    cookies[role] = { name, value };
  }
  const text = async (where, role) => {
    const headers = cookies[role] ? { Cookie: `${cookies[role].name}=${cookies[role].value}` } : {};
    return (await fetch(base + where, { headers })).text();
  };
  return { base, cookies, text };
}

// first is the first link of a kind on a page.
const first = async (m, role, where, link) => (await m.text(where, role)).match(link)?.[1];

async function pages(m) {
  const gig = await first(m, "guest", "/search", /href="(\/gigs\/[^"?#]+)"/);
  const category = await first(m, "guest", "/", /href="(\/browse\/[^"?#]+)"/);
  const member = gig && (await first(m, "guest", gig, /href="(\/members\/[^"?#]+)"/));
  const list = [
    ["guest", "home", "/"], ["guest", "category", category], ["guest", "search", "/search?q=logo"], ["guest", "search-empty", "/search?q=zzzzzz"],
    ["guest", "gig", gig], ["guest", "seller", member], ["guest", "sign-in", "/login"], ["guest", "sign-up", "/signup"],
    ["guest", "forgot", "/forgot"], ["guest", "help", "/help"], ["guest", "terms", "/terms"], ["guest", "not-found", "/nothing-here"],
    ["buyer", "purchases", "/purchases"], ["buyer", "statement", "/statement"], ["buyer", "notices", "/notices"],
    ["buyer", "profile", "/profile"], ["buyer", "tokens", "/profile/tokens"], ["buyer", "become-seller", "/profile/seller"],
    ["buyer", "checkout", gig && `/checkout?gig=${gig.split("/").pop()}&tier=basic`],
    ["seller", "sales", "/sales"], ["seller", "my-gigs", "/gigs"], ["seller", "gig-editor", "/gigs/new"], ["seller", "statement", "/statement"],
    ["seller", "withdraw", "/withdraw"],
    ["operator", "house", "/house"], ["operator", "policy", "/house/policy"], ["operator", "jobs", "/operator/jobs"], ["operator", "outbox", "/operator/outbox"],
    ["operator", "provider", "/operator/sandbox"],
  ];
  for (const [role, where] of [["buyer", "/purchases"], ["seller", "/sales"]]) {
    for (const tab of ["active", "pending", "delivered", "completed", "cancelled"]) {
      const order = await first(m, role, `${where}?tab=${tab}`, /href="(\/orders\/[^"?#]+)"/);
      list.push([role, `order-${tab}`, order]);
    }
  }
  return list.filter(([, , where]) => where).map(([role, name, where]) => ({ role, name: `${role}-${name}`, where }));
}

async function main() {
  mkdirSync(folder, { recursive: true });
  const browser = new Browser();
  await browser.open();
  const want = (name) => wanted.length === 0 || wanted.some((w) => name.includes(w));
  let shot = 0;
  const save = async (name, url, options) => {
    writeFileSync(path.join(folder, name + ".png"), await browser.shoot(url, options));
    shot++;
  };
  const each = async (name, urlOf) => {
    for (const width of [390, 1280]) {
      for (const dark of [false, true]) {
        await save(`${name}-${width}-${dark ? "dark" : "light"}`, urlOf(dark), { width, dark });
      }
    }
  };
  const fixtures = await kit();
  for (const name of fixtures.pages) {
    if (want("kit-" + name)) await each("kit-" + name, (dark) => `${fixtures.base}/${name}-${dark ? "dark" : "light"}.html`);
  }
  fixtures.close();
  const m = await market();
  for (const p of await pages(m)) {
    if (!want(p.name)) continue;
    await browser.as(m.base, m.cookies[p.role]);
    await each(p.name, () => m.base + p.where);
    process.stderr.write(`${p.name}\n`);
  }
  if (want("screenshot")) { // the one in README.md
    const link = /href="(\/orders\/[^"?#]+)"/;
    const order = (await first(m, "buyer", "/purchases?tab=delivered", link)) ?? (await first(m, "buyer", "/purchases", link));
    await browser.as(m.base, m.cookies.buyer);
    await save("screenshot", m.base + order, { width: 1280, height: 900, dark: false });
  }
  console.log(`${shot} pictures in ${folder}/`);
}

try {
  await main();
} finally {
  for (const p of running) p.kill();
  await new Promise((later) => setTimeout(later, 500));
  rmSync(work, { recursive: true, force: true, maxRetries: 5 });
}
