// Names the functions of a WebAssembly module so that those that take the same and begin alike are next
// to each other by name: brotli then finds more of what it has seen. Names are what wasm-opt orders by.
import { readFileSync, writeFileSync } from "node:fs";

const [CUSTOM, IMPORT, FUNCTION, CODE] = [0, 2, 3, 10];
const [FUNCTION_KIND, TABLE_KIND, MEMORY_KIND] = [0, 1, 2];

/** Reads bytes one after the other, as the WebAssembly specification (5.2, 5.5) lays them out. */
class Reader {
  constructor(bytes) {
    Object.assign(this, { bytes, at: 0 });
  }

  byte() {
    return this.bytes[this.at++];
  }

  number() {
    for (let number = 0, factor = 1; ; factor *= 128) {
      const byte = this.byte();
      number += (byte & 127) * factor;
      if (byte < 128) return number;
    }
  }

  take(length) {
    return this.bytes.subarray(this.at, (this.at += length));
  }

  list(read) {
    return Array.from({ length: this.number() }, read);
  }

  limits() {
    const hasMost = this.byte() & 1;
    this.number();
    if (hasMost) this.number();
  }

  /** Passes an import; whether it was a function. */
  imported() {
    this.take(this.number());
    this.take(this.number());
    const kind = this.byte();
    if (kind === FUNCTION_KIND) this.number();
    else if (kind === TABLE_KIND) this.byte(), this.limits();
    else if (kind === MEMORY_KIND) this.limits();
    else this.take(2);
    return kind === FUNCTION_KIND;
  }
}

function number(value) {
  return Buffer.from(value < 128 ? [value] : [(value & 127) | 128, ...number(Math.floor(value / 128))]);
}

const counted = (bytes) => Buffer.concat([number(bytes.length), bytes]);

/** Writes the module with names. */
export function nameForOrder(path) {
  const bytes = readFileSync(path);
  const module = new Reader(bytes);
  module.take(8);
  const sections = {};
  while (module.at < bytes.length) {
    const kind = module.byte();
    sections[kind] = new Reader(module.take(module.number()));
  }
  const imported = sections[IMPORT].list(() => sections[IMPORT].imported()).filter(Boolean).length;
  const types = sections[FUNCTION].list(() => sections[FUNCTION].number());
  const bodies = sections[CODE].list(() => sections[CODE].take(sections[CODE].number()));
  const order = bodies.map((_, i) => i).sort((a, b) => types[a] - types[b] || Buffer.compare(bodies[a], bodies[b]));
  const places = [];
  order.forEach((i, place) => (places[i] = String(place).padStart(6, "0")));
  const names = places.map((name, i) => Buffer.concat([number(imported + i), counted(Buffer.from(name))]));
  const functions = Buffer.concat([Buffer.from([1]), counted(Buffer.concat([number(names.length), ...names]))]);
  const section = counted(Buffer.concat([counted(Buffer.from("name")), functions]));
  writeFileSync(path, Buffer.concat([bytes, Buffer.from([CUSTOM]), section]));
}
