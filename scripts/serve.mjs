// Serves a built page as a static host does: compressed, with types, and files with a hash in their name
// for good.
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";

const TYPES = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
  ".wasm": "application/wasm",
  ".webmanifest": "application/manifest+json",
};

/** The address where a folder is served on this machine, as long as this program runs. */
export async function serve(folder) {
  const packed = new Map();
  const server = createServer(async (request, response) => {
    const path = normalize(new URL(request.url, "http://localhost").pathname);
    const file = join(folder, path === "/" ? "index.html" : path);
    try {
      const bytes = await readFile(file);
      const headers = {
        "content-type": TYPES[extname(file)] ?? "application/octet-stream",
        "cache-control": /-[A-Z0-9]{8}\./.test(file) ? "public, max-age=31536000, immutable" : "no-cache",
      };
      if (!/\bbr\b/.test(request.headers["accept-encoding"] ?? "")) {
        response.writeHead(200, headers).end(bytes);
        return;
      }
      if (!packed.has(file)) packed.set(file, brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }));
      response.writeHead(200, { ...headers, "content-encoding": "br" }).end(packed.get(file));
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  server.unref();
  return `http://127.0.0.1:${server.address().port}/`;
}
