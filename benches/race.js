// Races the contenders in this page, and sends what it measured to the server it came from.
import * as page from "page-build";
import pLimit from "p-limit";
import PQueue from "p-queue";
import * as speed from "speed-build";

const WARM_UPS = 3;
const MEASURED = 7;
const TASKS = 100_000;
const CONCURRENCY = 8;
const CALLS = 1000;
// One simulated run is too short for the clock of some browsers.
const RUNS = 20;
const LIVE_CALLS = 2000;
const LIVE_CONCURRENCY = 6;

/** Median milliseconds of each contender. They take turns, so what disturbs one disturbs all. */
async function race(...contenders) {
  const times = contenders.map(() => []);
  for (let round = 0; round < WARM_UPS + MEASURED; round++) {
    for (const [i, contender] of contenders.entries()) {
      // A turn of the event loop apart, so that none pays for what another left behind.
      await new Promise((next) => setTimeout(next));
      const start = performance.now();
      await contender();
      const ms = performance.now() - start;
      if (round >= WARM_UPS) times[i].push(ms);
    }
  }
  return times.map((ms) => ms.sort((a, b) => a - b)[MEASURED >> 1]);
}

function check(what, count, expected) {
  if (count !== expected) throw new Error(`${what}: ${count} done, not ${expected}`);
}

function ours(build) {
  check("Fanout", build.no_op_calls(TASKS, CONCURRENCY), TASKS);
}

async function pLimits() {
  const limit = pLimit(CONCURRENCY);
  const done = await Promise.all(Array.from({ length: TASKS }, () => limit(async () => {})));
  check("p-limit", done.length, TASKS);
}

async function pQueues() {
  const queue = new PQueue({ concurrency: CONCURRENCY });
  const done = await Promise.all(Array.from({ length: TASKS }, () => queue.add(async () => {})));
  check("p-queue", done.length, TASKS);
}

async function ourLive() {
  const served = await page.live_calls(new URL("v1", location.href).href, LIVE_CALLS, LIVE_CONCURRENCY);
  check("Fanout live", served, LIVE_CALLS);
}

async function pLimitLive() {
  const limit = pLimit(LIVE_CONCURRENCY);
  const body = JSON.stringify({ model: "any", messages: [{ role: "user", content: "Say something." }] });
  const post = async () => {
    const headers = { "content-type": "application/json" };
    const response = await fetch("./v1/chat/completions", { method: "POST", headers, body });
    return (await response.json()).choices[0].message.content;
  };
  const done = await Promise.all(Array.from({ length: LIVE_CALLS }, () => limit(post)));
  check("p-limit live", done.filter((text) => text.length > 0).length, LIVE_CALLS);
}

const rounded = (n, digits) => Number(n.toFixed(digits));

async function measure() {
  await Promise.all([page.default(), speed.default()]);
  const version = async (name) =>
    `${name} ${(await (await fetch(`./node_modules/${name}/package.json`)).json()).version}`;
  const [limit, queue] = [await version("p-limit"), await version("p-queue")];
  const [pageMs, speedMs, limitMs, queueMs] = await race(
    () => ours(page),
    () => ours(speed),
    pLimits,
    pQueues,
  );
  const results = [];
  for (const [build, ms] of [["page", pageMs], ["speed", speedMs]]) {
    for (const [peer, peerMs] of [[limit, limitMs], [queue, queueMs]]) {
      results.push({
        name: `no-op tasks, concurrency ${CONCURRENCY}, ${build} build`,
        value: rounded(ms, 2),
        unit: "ms",
        peer: `${peer} ${rounded(peerMs, 2)} ms`,
        ratio: rounded(peerMs / ms, 2),
      });
    }
  }

  const alone = { peer: null, ratio: null };
  for (const [name, build] of Object.entries({ page, speed })) {
    for (const asksFirst of [true, false]) {
      const thousand = new build.ThousandCalls();
      const [ms] = await race(() => {
        for (let seed = 0; seed < RUNS; seed++) check("Simulation", thousand.simulate(seed, asksFirst), CALLS);
      });
      const manner = asksFirst ? "asking first" : "sending and retrying";
      const value = Math.round((CALLS * RUNS * 1000) / ms);
      results.push({ name: `simulated calls, ${manner}, ${name} build`, value, unit: "calls/s", ...alone });
      if (build === page) {
        const bytes = thousand.trace_bytes() / (CALLS * RUNS * (WARM_UPS + MEASURED));
        results.push({ name: `trace per call, ${manner}`, value: rounded(bytes, 1), unit: "B", ...alone });
      }
    }
  }

  const [liveMs, peerMs] = await race(ourLive, pLimitLive);
  const perSecond = (ms) => rounded((LIVE_CALLS * 1000) / ms, 0);
  results.push({
    name: `live calls to loopback, concurrency ${LIVE_CONCURRENCY}`,
    value: perSecond(liveMs),
    unit: "calls/s",
    peer: `${limit} with fetch ${perSecond(peerMs)} calls/s`,
    ratio: rounded(peerMs / liveMs, 2),
  });
  return results;
}

const report = await measure().then(
  (results) => ({ results }),
  (error) => ({ error: String(error?.stack ?? error) }),
);
await fetch("./report", { method: "POST", body: JSON.stringify(report) });
