// The licences of what is compiled into the page, as a text: most ask to be given along. Trunk's build
// calls it after the program was linked, so every crate lies on this machine.
import { execFileSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";

const TARGET = "wasm32-unknown-unknown";
const LIBRARY = "The standard library of Rust, https://github.com/rust-lang/rust: MIT OR Apache-2.0.";

/** The crates that are linked: no macros, and nothing that only builds or tests. */
function linked() {
  const words = ["metadata", "--format-version", "1", "--locked", "--filter-platform", TARGET];
  const { packages, resolve } = JSON.parse(execFileSync("cargo", words, { maxBuffer: 1 << 28 }));
  const crates = new Map(packages.map((crate) => [crate.id, crate]));
  const nodes = new Map(resolve.nodes.map((node) => [node.id, node]));
  const isMacro = ({ targets }) => targets.some(({ kind }) => kind.includes("proc-macro"));
  const found = new Set();
  const left = [resolve.root];
  while (left.length > 0) {
    const id = left.pop();
    if (found.has(id) || isMacro(crates.get(id))) continue;
    found.add(id);
    const deps = nodes.get(id).deps.filter(({ dep_kinds }) => dep_kinds.some(({ kind }) => kind === null));
    left.push(...deps.map(({ pkg }) => pkg));
  }
  found.delete(resolve.root);
  // An id names crate and version.
  return [...found].sort().map((id) => crates.get(id));
}

/** The texts a crate brings; of several to choose from, MIT's. */
function texts({ manifest_path: manifest, license }) {
  const folder = dirname(manifest);
  const files = readdirSync(folder).filter((name) => /^(licen[cs]e|copying|copyright|notice|unlicense)/i.test(name));
  const short = /\bMIT\b/.test(license ?? "") ? files.filter((name) => /mit/i.test(name)) : [];
  return (short.length > 0 ? short : files).sort().map((name) => readFileSync(join(folder, name), "utf8").trim());
}

export function licences() {
  const users = new Map();
  for (const crate of linked()) {
    const line = `${crate.name} ${crate.version}, ${crate.repository ?? "no address"}: ${crate.license ?? "see below"}`;
    const text = texts(crate).join("\n\n");
    users.set(text, [...(users.get(text) ?? []), line]);
  }
  const parts = [...users].map(([text, lines]) => [...lines, "", text].join("\n").trim());
  const own = readFileSync("LICENSE", "utf8").trim();
  return ["What Fanout and the libraries in its page are licensed under.", own, LIBRARY, ...parts].join(`\n\n${"-".repeat(80)}\n\n`) + "\n";
}
