// Trunk calls this after each build, on what wasm-bindgen made: one script, one style sheet, one
// program, without what nothing calls, each with a hash of its content in its name. In release
// builds they are also made small.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { licences } from "./licences.mjs";
import { nameForOrder } from "./order.mjs";

const { TRUNK_STAGING_DIR: folder, TRUNK_PROFILE: profile } = process.env;
const small = profile === "release";
const glue = join(folder, "fanout-app.js");
const program = join(folder, "fanout-app_bg.wasm");
const names = join(folder, "names.json");

const run = (command, ...words) =>
  execFileSync(command, words, { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });

function bundle(entry, ...options) {
  const listing = join(folder, "outputs.json");
  run("esbuild", entry, "--bundle", "--format=esm", "--target=es2022", "--log-level=warning", "--asset-names=[name]-[hash]",
    "--entry-names=[name]-[hash]", `--alias:fanout-app=${glue}`, `--alias:fanout-app.wasm=${program}`,
    "--loader:.wasm=file", "--pure:FinalizationRegistry", `--outdir=${folder}`, `--metafile=${listing}`, ...options);
  const outputs = Object.keys(JSON.parse(readFileSync(listing, "utf8")).outputs);
  rmSync(listing);
  return outputs.map((path) => path.split("/").at(-1));
}

// What the script calls of the program. Libraries export classes that nobody here makes, and
// wasm-bindgen has to keep them; two statements about each hide that from esbuild.
function calledExports() {
  writeFileSync(glue, readFileSync(glue, "utf8").replaceAll(/^if \(Symbol\.dispose\).*$/gm, ""));
  const [script] = bundle("src/boot.js", "--loader:.wasm=empty");
  const text = readFileSync(join(folder, script), "utf8");
  rmSync(join(folder, script));
  return [...new Set(Array.from(text.matchAll(/\bwasm\.(\w+)/g), ([, name]) => name))];
}

function dropUncalled() {
  const called = calledExports().map((name) => ({ name: `export ${name}`, export: name }));
  const script = { name: "script", root: true, reaches: called.map(({ name }) => name) };
  const graph = join(folder, "graph.json");
  writeFileSync(graph, JSON.stringify([script, ...called]));
  run("wasm-metadce", program, "-f", graph, "-o", program);
  rmSync(graph);
}

// The passes are chosen by trial, for what brotli makes of the result. Rust's stack is at the low end
// of memory, so the lowest addresses are out of use. The names by which script and program call each
// other end in hashes; shorter ones do, and the script has to be told.
function optimise() {
  const map = JSON.parse(run("wasm-opt", program, "-o", program, "--low-memory-unused", "--flatten", "--rereloop",
    "-Os", "-Os", "--skip-pass=local-cse", "--minify-imports-and-exports-and-modules"));
  nameForOrder(program);
  run("wasm-opt", program, "-o", program, "--reorder-functions-by-name", "--optimize-level=2", "--shrink-level=1");
  const pairs = [...map.imports, ...map.exports].map((row) => row.slice(-2));
  writeFileSync(names, JSON.stringify(Object.fromEntries(pairs)));
  const [[from]] = map.imports;
  writeFileSync(glue, readFileSync(glue, "utf8").replaceAll(JSON.stringify(from), '"a"'));
  const exact = pairs.map(([name]) => name).join("|");
  return ["--minify", `--mangle-props=^(${exact})$`, `--mangle-cache=${names}`];
}

let options = [];
if (small) {
  dropUncalled();
  options = optimise();
}
const scripts = bundle("src/boot.js", ...options);
const styles = bundle("style/main.css", ...(small ? ["--minify"] : []));
for (const left of [glue, program, names]) rmSync(left, { force: true });

const named = (list, ending) => list.find((name) => name.endsWith(ending));
const page = join(folder, "index.html");
writeFileSync(
  page,
  readFileSync(page, "utf8")
    .replace("src/boot.js", named(scripts, ".js"))
    .replace("style/main.css", named(styles, ".css"))
    .replace("<!-- first -->", () => readFileSync("src/first.html", "utf8")),
);

// What the worker keeps: every file there is, but itself.
const files = readdirSync(folder, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name !== "worker.js")
  .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll("\\", "/"))
  .sort();
const hash = createHash("sha256");
for (const file of files) hash.update(file).update(readFileSync(join(folder, file)));
const version = `fanout-${hash.digest("hex").slice(0, 16)}`;
// Nobody reads them without a network.
writeFileSync(join(folder, "licences.txt"), licences());
const kept = JSON.stringify({ version, files: ["./", ...files.filter((file) => file !== "index.html")] });
const worker = join(folder, "worker.js");
writeFileSync(worker, readFileSync(worker, "utf8").replace('{ version: "", files: [] }', () => kept));
