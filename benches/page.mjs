// Uses the built page in a headless Chromium as a person does, and prints from the browser's own trace what
// that takes of the main thread: `node page.mjs CHROMIUM DIST`.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const TIME_LIMIT_MS = 240_000;
const LONG_MS = 50;
const MOVES = 30;
const TYPES = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".wasm": "application/wasm",
  ".json": "application/json" };
// What the browser calls script, the microtasks behind it included.
const SCRIPT = ["EventDispatch", "FunctionCall", "FireAnimationFrame", "TimerFire", "RunMicrotasks", "EvaluateScript",
  "v8.callFunction"];

const [chromium, dist] = process.argv.slice(2);
const { "goog:chromeOptions": chrome } = JSON.parse(await readFile(new URL("../webdriver.json", import.meta.url)));

const server = createServer(async ({ url }, response) => {
  const { pathname } = new URL(url, "http://localhost");
  try {
    const body = await readFile(join(dist, pathname === "/" ? "index.html" : pathname));
    response.writeHead(200, { "content-type": TYPES[extname(pathname)] ?? "text/html" }).end(body);
  } catch {
    response.writeHead(404).end();
  }
});
server.listen(0, "127.0.0.1");
await once(server, "listening");
const address = `http://127.0.0.1:${server.address().port}/`;
const profile = await mkdtemp(join(tmpdir(), "fanout-page-"));
const browser = spawn(chromium, [...chrome.args, "--remote-debugging-pipe", `--user-data-dir=${profile}`, "about:blank"],
  { stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"] });
const ended = once(browser, "exit");
const [, , , to, from] = browser.stdio;

const waiting = new Map();
const listeners = {};
let unread = "";
from.setEncoding("utf8").on("data", (text) => {
  const messages = (unread + text).split("\0");
  unread = messages.pop();
  for (const message of messages.map((message) => JSON.parse(message))) {
    waiting.get(message.id)?.(message);
    waiting.delete(message.id);
    listeners[message.method]?.(message.params);
  }
});

async function command(method, params = {}, sessionId = session) {
  const id = command.n = (command.n ?? 0) + 1;
  to.write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
  const { result, error } = await new Promise((resolve) => waiting.set(id, resolve));
  if (error) throw new Error(`${method}: ${error.message}`);
  return result;
}

async function inPage(script) {
  const expression = `(async () => { ${script} })()`;
  const answer = await command("Runtime.evaluate", { expression, awaitPromise: true, returnByValue: true });
  if (answer.exceptionDetails) throw new Error(answer.exceptionDetails.exception?.description ?? script);
  return answer.result.value;
}

async function until(what, script) {
  for (const began = Date.now(); Date.now() - began < TIME_LIMIT_MS; await sleep(100)) {
    if (await inPage(`return ${script}`)) return;
  }
  throw new Error(`no ${what} within ${TIME_LIMIT_MS / 1000} s`);
}

/** What the page's main thread did meanwhile, in milliseconds of its own time: what else the machine does is not
 * the page's doing. */
async function traced(what) {
  const events = [];
  listeners["Tracing.dataCollected"] = ({ value }) => events.push(...value);
  const complete = new Promise((resolve) => { listeners["Tracing.tracingComplete"] = resolve; });
  const includedCategories = ["toplevel", "devtools.timeline", "disabled-by-default-devtools.timeline", "v8", "loading"];
  await command("Tracing.start", { traceConfig: { includedCategories }, transferMode: "ReportEvents" });
  const marked = (name) => inPage(`performance.mark("${name}"); console.timeStamp("${name}")`);
  await marked("bench");
  await what();
  await command("Tracing.end");
  await complete;
  const { pid, tid } = events.find(({ name, args }) => name === "TimeStamp" && args.data.message === "bench");
  return events.filter((event) => event.pid === pid && event.tid === tid)
    .filter(({ tts }) => tts !== undefined)
    .map(({ name, ph, tts, tdur = 0, args }) => ({ name, ph, args, from: tts / 1000, to: (tts + tdur) / 1000 }))
    .sort((a, b) => a.from - b.from);
}

/** How long scripts ran within a stretch of time, in milliseconds. */
function scripted(events, from, to) {
  let [sum, until] = [0, from];
  for (const event of events.filter(({ name }) => SCRIPT.includes(name))) {
    const [begins, ends] = [Math.max(event.from, until), Math.min(event.to, to)];
    if (ends > begins) sum += ends - begins;
    until = Math.max(until, ends);
  }
  return sum;
}

/** Script from each input to the paint behind it. */
function scriptPerInput(events, kind) {
  const inputs = events.filter(({ name, args }) => name === "EventDispatch" && args.data.type === kind);
  return inputs.map(({ from }) => scripted(events, from, events.find((event) => event.name === "Paint" && event.from > from)?.to ?? from));
}

const median = (numbers) => numbers.toSorted((a, b) => a - b)[numbers.length >> 1];
const rounded = (n) => Number(n.toFixed(2));
const report = (name, value, unit) => console.log(JSON.stringify({ name, value: rounded(value), unit, peer: null, ratio: null }));
const nodes = () => inPage(`return document.querySelectorAll("*").length`);

function reportScript(name, times) {
  if (times.length < MOVES / 2) throw new Error(`${name}: only ${times.length} of ${MOVES} moves were seen`);
  report(`${name}, median script`, median(times), "ms");
  report(`${name}, most script`, Math.max(...times), "ms");
}

async function reportRun(name, events) {
  const tasks = events.filter(({ name }) => name === "RunTask")
    .map(({ from, to }) => to - from);
  report(`${name}: longest task`, Math.max(...tasks), "ms");
  report(`${name}: tasks over ${LONG_MS} ms`, tasks.filter((ms) => ms > LONG_MS).length, "tasks");
  report(`${name}: elements on the page`, await nodes(), "elements");
}

async function key(name, code) {
  const event = { key: name, code: name, windowsVirtualKeyCode: code };
  await command("Input.dispatchKeyEvent", { type: "rawKeyDown", ...event });
  await command("Input.dispatchKeyEvent", { type: "keyUp", ...event });
}

/** Map-reduce alone of so many documents; every prompt and answer is short. */
const scenario = (n, requestsPerMinute, burst, concurrency) => ({
  fanout: 1, title: "A measurement", note: "", seed: 7, model: "any",
  limits: { concurrency, requests_per_minute: requestsPerMinute, burst, tokens_per_minute: null,
    admission: "send-and-retry", attempts: 4, on_failure: "collect" },
  simulation: { speed: "small", fault_percent: 2, difficulty: 0.6, shared_error: 0.6 },
  sectioning: { topic: "", sections: [], section_prompt: { system: "", user: "{section}" }, section_max_tokens: 50,
    synthesis_prompt: { system: "", user: "{results}" }, synthesis_max_tokens: 50 },
  voting: { question: "", options: [], correct: null, votes: 0, prompt: { system: "", user: "{question}" }, max_tokens: 50 },
  map_reduce: { documents: Array.from({ length: n }, (_, i) => ({ id: `doc-${i + 1}`, text: "Water falls over the weir." })),
    fan_in: 100, map_prompt: { system: "", user: "{document}" }, map_max_tokens: 20,
    reduce_prompt: { system: "", user: "{results}" }, reduce_max_tokens: 50 },
});

async function open(scenario) {
  await command("Page.navigate", { url: address });
  await until("page", `document.querySelector("main")?.dataset.runState === "done"`);
  if (!scenario) return;
  await inPage(`const field = document.querySelector("input[type=file][accept*=json]");
    const files = new DataTransfer();
    files.items.add(new File([${JSON.stringify(JSON.stringify(scenario))}], "bench.json"));
    field.files = files.files;
    field.dispatchEvent(new Event("change", { bubbles: true }))`);
  await until("scenario", `document.querySelector("h1").textContent === "A measurement"`);
}

const press = (name) => inPage(`[...document.querySelectorAll("button")]
  .find((button) => (button.getAttribute("aria-label") ?? button.textContent).trim() === "${name}" && button.checkVisibility()).click()`);

async function run() {
  await press("Run all");
  await until("run", `["running", "done"].includes(document.querySelector("main").dataset.runState)`);
  if (await inPage(`return !!document.querySelector("dialog[open]")`)) await press("Run live");
  await sleep(500);
  await until("end of the run", `document.querySelector("main").dataset.runState === "done"`);
  await sleep(500);
}

async function measureSlider() {
  await open();
  await sleep(3000);
  await inPage(`document.querySelector("input[type=range][aria-label=Concurrency]").focus()`);
  const events = await traced(async () => {
    for (let i = 0; i < MOVES; i++) {
      await key(i % 10 < 5 ? "ArrowLeft" : "ArrowRight", i % 10 < 5 ? 37 : 39);
      await sleep(150);
    }
  });
  reportScript("slider to painted frame", scriptPerInput(events, "input"));
}

async function measureSimulated() {
  await open(scenario(10_000, null, 1, 200));
  await reportRun("simulated run of 10,000 calls", await traced(run));
}

async function measureLive() {
  await open(scenario(2000, null, 1, 100));
  await inPage(`[...document.querySelectorAll("input[type=radio]")].find((radio) => radio.labels[0].textContent.trim() === "Live").click()`);
  await reportRun("practice run of 2,000 calls", await traced(run));
}

/** 34,000 calls that wait, are sent and generate have more than 100,000 bars. */
async function measureZoom() {
  await open(scenario(34_000, null, 1, 1000));
  await run();
  const canvas = await inPage(`const canvas = document.querySelector("[data-arm=map-reduce] canvas");
    canvas.scrollIntoView({ block: "center" });
    const { x, y, width, height } = canvas.getBoundingClientRect();
    return { x: x + width / 2, y: y + height / 2 }`);
  const wheel = async (name, modifiers, deltaX, deltaY) => {
    const events = await traced(async () => {
      for (let i = 0; i < MOVES; i++) {
        const back = i < MOVES / 2 ? 1 : -1;
        const deltas = { deltaX: deltaX * back, deltaY: deltaY * back };
        await command("Input.dispatchMouseEvent", { type: "mouseWheel", ...canvas, ...deltas, modifiers });
        await sleep(100);
      }
    });
    reportScript(name, scriptPerInput(events, "wheel"));
  };
  const control = 2;
  await wheel("zooming in 100,000 bars", control, 0, -10);
  await press("Zoom in");
  await wheel("panning in 100,000 bars", 0, 8, 0);
}

let session;
try {
  const limit = sleep(4 * TIME_LIMIT_MS, null, { ref: false }).then(() => { throw new Error("it takes too long"); });
  const end = ended.then(() => { throw new Error("Chromium ended"); });
  const measured = (async () => {
    const { targetInfos } = await command("Target.getTargets");
    const { targetId } = targetInfos.find(({ type }) => type === "page");
    ({ sessionId: session } = await command("Target.attachToTarget", { targetId, flatten: true }));
    await command("Page.enable");
    await measureSlider();
    await measureSimulated();
    await measureLive();
    await measureZoom();
  })();
  await Promise.race([measured, limit, end]);
} catch (error) {
  console.error(`bench: ${error.message}`);
  process.exitCode = 1;
} finally {
  server.close();
  server.closeAllConnections();
  if (browser.exitCode === null && browser.kill()) await ended.catch(() => {});
  await rm(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}
