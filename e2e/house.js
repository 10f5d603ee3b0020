// Starts one house for a whole run: a small demo on a free port in a new
// folder, and signs its people in once for each worker, because sign-ins are
// rate limited.
import { spawn } from "node:child_process";
import { mkdtempSync, openSync, readFileSync, rmSync, existsSync } from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "@playwright/test";

const here = path.dirname(fileURLToPath(import.meta.url));

export const browser = {
  executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
  args: ["--disable-gpu", ...(process.getuid?.() === 0 ? ["--no-sandbox"] : [])], // there is none to wait for
};

export default async function start() {
  const binary = process.env.GUILDHALL_BIN || path.join(here, "..", "bin", "guildhall");
  if (!existsSync(binary)) throw new Error(`${binary} is not there: run make build first`);
  if (process.env.GUILDHALL_URL) return; // a house that runs already, with its people and states
  const folder = mkdtempSync(path.join(os.tmpdir(), "guildhall-e2e-"));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const log = openSync(path.join(folder, "log"), "w");
  const server = spawn(binary, [
    "demo", "--small", "--data", path.join(folder, "data"), "--listen", `127.0.0.1:${port}`,
    "--credentials", path.join(folder, "people.json"),
  ], { stdio: ["ignore", log, log] });
  const gone = new Promise((_, no) => server.once("exit", (code) =>
    no(new Error(`guildhall ended with ${code}:\n${readFileSync(path.join(folder, "log"), "utf8").slice(-2000)}`))));
  gone.catch(() => {}); // awaited below, and expected at the end
  const stop = async () => {
    const ended = new Promise((yes) => server.once("exit", yes));
    server.kill("SIGTERM");
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await Promise.race([ready(url), gone]);
    process.env.GUILDHALL_URL = url;
    process.env.GUILDHALL_PEOPLE = path.join(folder, "people.json");
    process.env.GUILDHALL_STATES = folder;
    await signIn(url, folder);
  } catch (err) {
    await stop();
    throw err;
  }
  return stop;
}

function freePort() {
  return new Promise((yes, no) => {
    const probe = net.createServer();
    probe.once("error", no);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => yes(port));
    });
  });
}

async function ready(url) {
  for (const end = Date.now() + 60_000; Date.now() < end; ) {
    const ok = await fetch(url + "/readyz").then((r) => r.ok, () => false);
    if (ok) return;
    await new Promise((yes) => setTimeout(yes, 100));
  }
  throw new Error("guildhall was not ready within a minute");
}

// roles of the demo that the run uses, and which of that role.
export const roles = {
  buyer: ["buyer", 0], buyer2: ["buyer", 1], seller: ["seller", 0], seller2: ["seller", 1],
  agent: ["agent", 0], agent2: ["agent", 1], operator: ["operator", 0],
};

export function people() {
  return JSON.parse(readFileSync(process.env.GUILDHALL_PEOPLE, "utf8")).people;
}

export function person(name) {
  const [role, nth] = roles[name];
  return people().filter((p) => p.role === role)[nth];
}

// workers are how many run at a time. Each has sessions of its own, as two
// people at two machines would: what a page says of the last click is for the
// session that clicked.
export const workers = Number(process.env.GUILDHALL_WORKERS || 2);

export function stateOf(name) {
  return statePath(process.env.GUILDHALL_STATES, name, Number(process.env.TEST_PARALLEL_INDEX || 0));
}

function statePath(folder, name, worker) {
  return path.join(folder, `${name}-${worker}.json`);
}

async function signIn(url, folder) {
  const chrome = await chromium.launch(browser);
  for (const [name, worker] of Object.keys(roles).flatMap((name) => Array.from({ length: workers }, (_, i) => [name, i]))) {
    const who = person(name);
    const context = await chrome.newContext({ baseURL: url });
    const page = await context.newPage();
    await page.goto("/login");
    await page.getByLabel("E-mail").fill(who.email);
    await page.getByLabel("Password").fill(who.password);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.waitForURL((u) => !u.pathname.startsWith("/login"));
    await context.storageState({ path: statePath(folder, name, worker) });
    await context.close();
  }
  await chrome.close();
}
