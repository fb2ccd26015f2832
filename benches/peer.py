"""The simulation of race.rs in SimPy: a map-reduce of 1,000 calls that asks before it sends.

Concurrency, two token buckets, drawn latencies, failing attempts, retries, a log of events. Prints
calls per second.
"""

import math
import random
import time

import simpy

DOCUMENTS, FAN_IN, CONCURRENCY = 900, 10, 48
FAULTS, ATTEMPTS = 0.07, 8
WARM_UPS, RUNS = 2, 10


class Bucket:
    """A token bucket that tells when an amount will be there."""

    def __init__(self, env, per_minute, burst):
        self.env, self.rate, self.burst = env, per_minute / 60, burst
        self.level, self.at = burst, 0.0

    def take(self, amount):
        now = max(self.env.now, self.at)
        self.level = min(self.burst, self.level + (now - self.at) * self.rate)
        self.at = now
        self.level -= amount
        if self.level < 0:
            self.at += -self.level / self.rate
            self.level = 0.0
        return self.at - self.env.now


def lognormal(draws, cv):
    variance = math.log(1 + cv * cv)
    return math.exp(-variance / 2 + math.sqrt(variance) * draws.gauss(0, 1))


def simulate(seed):
    env, draws, log = simpy.Environment(), random.Random(seed), []
    slots = simpy.PriorityResource(env, CONCURRENCY)
    requests, tokens = Bucket(env, 600, 20), Bucket(env, 400_000, 60_000)

    def call(item, max_tokens):
        log.append((env.now, item, "entered"))
        for attempt in range(ATTEMPTS):
            with slots.request(priority=item) as slot:
                yield slot
                wait = max(requests.take(1), tokens.take(20 + max_tokens))
                if wait > 0:
                    yield env.timeout(wait)
                log.append((env.now, item, "admitted"))
                first_token = 0.9 * math.exp(0.4 * draws.gauss(0, 1))
                if draws.random() < 0.01:
                    first_token *= 20
                yield env.timeout(first_token)
                if draws.random() >= FAULTS:
                    log.append((env.now, item, "first token"))
                    n_tokens = min(max_tokens, max_tokens / 2 * lognormal(draws, 0.8))
                    yield env.timeout(n_tokens / (60 * lognormal(draws, 0.2)))
                    log.append((env.now, item, "served"))
                    return
                log.append((env.now, item, "failed"))
            backoff = min(8.0, 0.5 * 2**attempt)
            yield env.timeout(backoff / 2 + draws.random() * backoff / 2)

    def reduce(item, inputs):
        yield env.all_of(inputs)
        yield env.process(call(item, 400))

    below = [env.process(call(item, 200)) for item in range(DOCUMENTS)]
    n_calls = DOCUMENTS
    while len(below) > 1:
        groups = [below[i : i + FAN_IN] for i in range(0, len(below), FAN_IN)]
        below = [env.process(reduce(n_calls + i, group)) for i, group in enumerate(groups)]
        n_calls += len(below)
    env.run()
    return sum(event == "served" for _, _, event in log)


for run in range(WARM_UPS):
    simulate(run)
start = time.perf_counter()
served = sum(simulate(run) for run in range(RUNS))
print(round(served / (time.perf_counter() - start)))
