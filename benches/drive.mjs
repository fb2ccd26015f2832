// Serves the race on loopback, opens it in a headless Chromium and prints the lines it reports:
// `node drive.mjs CHROMIUM FOLDER`, where FOLDER holds the module and the packages to compare with.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { json } from "node:stream/consumers";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const TIME_LIMIT_MS = 300_000;
const TYPES = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".json": "application/json",
  ".wasm": "application/wasm",
};
// An isolated page gets the finest clock there is.
const ISOLATED = {
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-embedder-policy": "require-corp",
};

// What every live call is answered.
const COMPLETION = JSON.stringify({
  choices: [{ index: 0, message: { role: "assistant", content: "Something." }, finish_reason: "stop" }],
  usage: { prompt_tokens: 6, completion_tokens: 2, total_tokens: 8 },
});

const [chromium, built] = process.argv.slice(2);
const here = fileURLToPath(new URL(".", import.meta.url));
const OWN = ["/race.html", "/race.js"];

const server = createServer();
const reported = new Promise((resolve, reject) => {
  server.on("request", async (request, response) => {
    try {
      const { pathname } = new URL(request.url, "http://localhost");
      if (pathname === "/v1/chat/completions") {
        await json(request);
        response.writeHead(200, { "content-type": "application/json", ...ISOLATED });
        response.end(COMPLETION);
        return;
      }
      if (request.method === "POST") {
        resolve(await json(request));
        response.end();
        return;
      }
      const body = await readFile(join(OWN.includes(pathname) ? here : built, pathname));
      response.writeHead(200, { "content-type": TYPES[extname(pathname)] ?? "text/plain", ...ISOLATED });
      response.end(body);
    } catch (error) {
      response.writeHead(404).end();
      reject(error);
    }
  });
});

server.listen(0, "127.0.0.1");
await once(server, "listening");
const { "goog:chromeOptions": chrome } = JSON.parse(await readFile(join(here, "../webdriver.json")));
const profile = await mkdtemp(join(tmpdir(), "fanout-bench-"));
const page = `http://127.0.0.1:${server.address().port}/race.html`;
const browser = spawn(chromium, [...chrome.args, `--user-data-dir=${profile}`, page], { stdio: "ignore" });
const ended = once(browser, "exit");
try {
  const report = await Promise.race([
    reported,
    ended.then(() => ({ error: "Chromium ended before the page had measured anything" })),
    setTimeout(TIME_LIMIT_MS, { error: `no result within ${TIME_LIMIT_MS / 1000} s` }, { ref: false }),
  ]);
  if (report.error) throw new Error(report.error);
  for (const result of report.results) console.log(JSON.stringify(result));
} catch (error) {
  console.error(`bench: ${error.message}`);
  process.exitCode = 1;
} finally {
  server.close();
  server.closeAllConnections();
  if (browser.pid && browser.exitCode === null && browser.kill()) await ended;
  await rm(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}
