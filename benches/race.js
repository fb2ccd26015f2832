// Races the contenders in this page, and sends what it measured to the server it came from.
import load, { ThousandCalls, no_op_calls } from "fanout";
import pLimit from "p-limit";

const WARM_UPS = 3;
const MEASURED = 7;
const TASKS = 100_000;
const CONCURRENCY = 8;
const CALLS = 1000;
// One simulated run is too short for the clock of some browsers.
const RUNS = 20;

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

function ours() {
  check("Fanout", no_op_calls(TASKS, CONCURRENCY), TASKS);
}

async function pLimits() {
  const limit = pLimit(CONCURRENCY);
  const done = await Promise.all(Array.from({ length: TASKS }, () => limit(async () => {})));
  check("p-limit", done.length, TASKS);
}

const rounded = (n, digits) => Number(n.toFixed(digits));

async function measure() {
  await load();
  const { version } = await (await fetch("./node_modules/p-limit/package.json")).json();
  const [ourMs, peerMs] = await race(ours, pLimits);

  const thousand = new ThousandCalls();
  const [simulatedMs] = await race(() => {
    for (let seed = 0; seed < RUNS; seed++) check("Simulation", thousand.simulate(seed), CALLS);
  });
  const nCalls = CALLS * RUNS * (WARM_UPS + MEASURED);

  const alone = { peer: null, ratio: null };
  return [
    {
      name: `no-op tasks, concurrency ${CONCURRENCY}`,
      value: rounded(ourMs, 2),
      unit: "ms",
      peer: `p-limit ${version} ${rounded(peerMs, 2)} ms`,
      ratio: rounded(peerMs / ourMs, 2),
    },
    { name: "trace per call", value: rounded(thousand.trace_bytes() / nCalls, 1), unit: "B", ...alone },
    {
      name: "simulated calls with limits, faults, retries",
      value: Math.round((CALLS * RUNS * 1000) / simulatedMs),
      unit: "calls/s",
      ...alone,
    },
  ];
}

const report = await measure().then(
  (results) => ({ results }),
  (error) => ({ error: String(error?.stack ?? error) }),
);
await fetch("./report", { method: "POST", body: JSON.stringify(report) });
