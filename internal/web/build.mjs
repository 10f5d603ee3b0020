// Builds everything a browser loads from us into static/dist: one style sheet
// (Tailwind and daisyUI), one script (htmx, its SSE extension, our own few
// lines), the fonts, and a manifest that maps plain names to hashed ones.
// `--watch` rebuilds when a template or a source changes.
import { spawnSync } from "node:child_process";
import { cp, mkdir, readFile, readdir, rm, stat, writeFile } from "node:fs/promises";
import { watch } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import esbuild from "esbuild";

const here = path.dirname(fileURLToPath(import.meta.url));
const modules = path.join(here, "node_modules");
const source = path.join(here, "static");
const dist = path.join(source, "dist");
const work = path.join(modules, ".guildhall");

async function build() {
  const began = Date.now();
  await rm(work, { recursive: true, force: true });
  await mkdir(work, { recursive: true });
  tailwind();
  await emptyDist();
  const result = await esbuild.build({
    entryPoints: {
      app: path.join(work, "app.css"),
      "app-script": path.join(source, "js", "app.js"),
    },
    outdir: dist,
    bundle: true,
    minify: true,
    metafile: true,
    target: ["es2022", "chrome120", "firefox121", "safari17"],
    legalComments: "none",
    nodePaths: [modules],
    entryNames: "[name]-[hash]",
    assetNames: "[name]-[hash]",
    loader: { ".woff2": "file", ".svg": "file" },
    logLevel: "warning",
  });
  const manifest = names(result.metafile);
  for (const file of await readdir(path.join(source, "img"))) {
    manifest[file] = await copyHashed(path.join(source, "img", file));
  }
  await writeFile(path.join(dist, "manifest.json"), JSON.stringify(manifest, null, 1) + "\n");
  await writeFile(path.join(dist, "LICENSES.txt"), await licenses());
  await compress();
  console.log(`built ${Object.keys(manifest).length} assets in ${Date.now() - began} ms`);
}

function tailwind() {
  const cli = path.join(modules, "@tailwindcss", "cli", "dist", "index.mjs");
  const args = [cli, "-i", path.join(source, "css", "app.css"), "-o", path.join(work, "app.css")];
  const run = spawnSync(process.execPath, args, { cwd: here, encoding: "utf8" });
  if (run.status !== 0) throw new Error(run.stderr || run.stdout);
}

// emptyDist keeps the tracked placeholder that lets Go embed an unbuilt tree.
async function emptyDist() {
  await mkdir(dist, { recursive: true });
  for (const name of await readdir(dist)) {
    if (name !== ".keep") await rm(path.join(dist, name), { recursive: true });
  }
}

// names maps the name a page asks for to the file esbuild wrote.
function names(meta) {
  const out = {};
  for (const [file, info] of Object.entries(meta.outputs)) {
    const written = path.basename(file);
    if (info.entryPoint) {
      out[written.startsWith("app-script-") ? "app.js" : "app.css"] = written;
    } else {
      out[written.replace(/-[A-Z0-9]{8}(?=\.)/, "")] = written;
    }
  }
  return out;
}

async function copyHashed(file) {
  const { createHash } = await import("node:crypto");
  const body = await readFile(file);
  const hash = createHash("sha256").update(body).digest("hex").slice(0, 8).toUpperCase();
  const { name, ext } = path.parse(file);
  const written = `${name}-${hash}${ext}`;
  await cp(file, path.join(dist, written));
  return written;
}

async function licenses() {
  const shipped = [
    "htmx.org", "tailwindcss", "daisyui", "lucide-static",
    "@fontsource-variable/fraunces", "@fontsource-variable/figtree",
  ];
  let text = "Guildhall's pages ship parts of the following works.\n";
  for (const name of shipped) {
    const dir = path.join(modules, name);
    const file = (await readdir(dir)).find((f) => /^licen[cs]e/i.test(f));
    if (!file) throw new Error(`${name} has no licence file`);
    text += `\n==== ${name} ====\n\n${await readFile(path.join(dir, file), "utf8")}`;
  }
  return text;
}

async function compress() {
  for (const name of await readdir(dist)) {
    if (!/\.(css|js|svg|txt)$/.test(name)) continue;
    const file = path.join(dist, name);
    if ((await stat(file)).size < 1024) continue;
    await writeFile(file + ".gz", gzipSync(await readFile(file), { level: 9 }));
  }
}

await build();
if (process.argv.includes("--watch")) {
  let pending;
  watch(here, { recursive: true }, (_, name) => {
    if (!name || /node_modules|dist\/|_templ\.go$/.test(name)) return;
    if (!/\.(templ|go|css|js|svg)$/.test(name)) return;
    clearTimeout(pending);
    pending = setTimeout(() => build().catch((err) => console.error(err.message)), 120);
  });
}
