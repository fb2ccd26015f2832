//! Random configurations, told by the engine and by the oracle.

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use fanout::engine::draw::fold;

use crate::oracle::{
    Adaptive, Bucket, Config, End, Item, Order, Policy, Requests, Retry, Step, StepEnd, Timeouts, Told, tell,
};
use crate::scripted::{Course, run};

/// How many configurations are tried where `FANOUT_CONFIGURATIONS` does not say.
const CONFIGURATIONS: u64 = 10_000;

#[test]
fn random_configurations_go_as_the_oracle_tells() {
    let asked = std::env::var("FANOUT_CONFIGURATIONS").ok();
    let n = asked.and_then(|n| n.parse().ok()).unwrap_or(CONFIGURATIONS);
    (0..n).for_each(compare);
}

fn compare(seed: u64) {
    let config = random(seed);
    let expected = comparable(tell(&config), &config);
    for course in [Course::Awaited, Course::Foreseen] {
        let (told, view) = run(&config, course);
        identity(&told, seed);
        let told = comparable(told, &config);
        if told != expected {
            panic!("seed {seed}, {course:?}\n{config:?}\nengine {told:?}\noracle {expected:?}");
        }
        let (again, view_again) = run(&config, course);
        assert_eq!(comparable(again, &config), expected, "seed {seed} again");
        assert_eq!(view.trace().hash(), view_again.trace().hash(), "seed {seed}: one trace");
    }
}

/// Time in the system is the sum of the phases.
fn identity(told: &Told, seed: u64) {
    for (i, item) in told.items.iter().enumerate() {
        let phases = [
            item.paused,
            item.queued,
            item.budget,
            item.request_rate,
            item.token_rate,
            item.in_flight,
            item.backing_off,
            item.cleaning_up,
        ];
        let (Some(entered_us), Some(ended_us)) = (item.entered_us, item.ended_us) else { continue };
        assert_eq!(phases.iter().sum::<u64>(), ended_us - entered_us, "seed {seed}, call {i}: {item:?}");
    }
}

/// What both tell of.
fn comparable(mut told: Told, config: &Config) -> Told {
    if config.budget.is_none() {
        told.spent = 0;
    }
    // A quorum that a stop makes impossible: who waits for what is being cleaned up is not said.
    if config.stop_at.or(config.timeouts.run).is_some() && config.clean_up_us > 0 {
        told.settled_us = 0;
    }
    for item in &mut told.items {
        // What the caller left behind is handed over to nobody.
        if config.policy != Policy::Collect {
            item.delivered_us = None;
        }
        if item.end == End::NeverEntered {
            item.delivered_us = None;
        }
    }
    told
}

/// Numbers for one configuration.
struct Dice {
    seed: u64,
    thrown: u64,
}

impl Dice {
    /// A number below `n`.
    fn below(&mut self, n: u64) -> u64 {
        self.thrown += 1;
        fold(&[self.seed, self.thrown]) % n
    }

    fn one_in(&mut self, n: u64) -> bool {
        self.below(n) == 0
    }

    fn sometimes(&mut self, one_in: u64, below: u64) -> Option<u64> {
        self.one_in(one_in).then(|| self.below(below))
    }

    fn count(&mut self, below: u64) -> u32 {
        self.below(below) as u32
    }
}

fn random(seed: u64) -> Config {
    let mut config = anything(&mut Dice { seed, thrown: 0 });
    if config.policy == Policy::Gather {
        // It knows no window: every call exists from the start.
        config.window = None;
    }
    if config.window.is_some() {
        // An attempt that takes no time at all may be over before or after its neighbour enters.
        for step in config.items.iter_mut().flat_map(|item| &mut item.steps) {
            step.after_us = step.after_us.max(1);
        }
    }
    if config.window.is_some() && (config.order == Order::Input || matches!(config.policy, Policy::Quorum(_)))
    {
        // A call that is cancelled before it began is noticed when its turn comes; the oracle takes
        // notice at once.
        config.cancels.clear();
    }
    config
}

fn anything(d: &mut Dice) -> Config {
    let n_items = d.below(9);
    let items: Vec<Item> = (0..n_items)
        .map(|_| Item { reserved: d.count(30), steps: (0..1 + d.below(3)).map(|_| random_step(d)).collect() })
        .collect();
    let n_cancels = if items.is_empty() { 0 } else { d.below(3) };
    Config {
        cap: 1 + d.count(4),
        adaptive: d.one_in(3).then(|| Adaptive { init: 1 + d.count(4), min: 1 + d.count(2) }),
        requests: match d.below(4) {
            0 => Some(Requests::Bucket { per_minute: 1 + d.count(9_000_000), burst: 1 + d.count(3) }),
            1 => Some(Requests::Rolling { per_minute: 1 + d.count(5) }),
            _ => None,
        },
        tokens: d.one_in(3).then(|| Bucket { per_minute: 1 + d.count(60_000_000), burst: 1 + d.count(40) }),
        budget: d.sometimes(4, 150),
        probe: d.one_in(2),
        window: d.one_in(2).then(|| 1 + d.count(4)),
        order: if d.one_in(2) { Order::Input } else { Order::Completion },
        retry: Retry {
            max_attempts: 1 + d.count(4),
            max_refusals: d.count(4),
            base_us: d.below(3) * 10,
            cap_us: 40,
            budget: d.one_in(2),
        },
        timeouts: Timeouts {
            attempt: d.sometimes(4, 60).map(|us| us + 1),
            first_token: d.sometimes(4, 60).map(|us| us + 1),
            idle: d.sometimes(4, 60).map(|us| us + 1),
            queue: d.sometimes(4, 80).map(|us| us + 1),
            item: d.sometimes(4, 200).map(|us| us + 1),
            run: d.sometimes(6, 400).map(|us| us + 1),
        },
        policy: match d.below(6) {
            0 => Policy::Gather,
            1 => Policy::TaskGroup,
            2 => Policy::FailFast,
            3 => Policy::Threshold(d.count(3)),
            4 => Policy::Quorum(d.count(5)),
            _ => Policy::Collect,
        },
        clean_up_us: d.below(3) * 10,
        cancels: (0..n_cancels).map(|_| (d.below(n_items) as usize, (d.below(10) * 10).max(1))).collect(),
        stop_at: d.sometimes(6, 300),
        // No two at one instant, of which the last would count.
        resizes: (0..d.below(3)).map(|i| (d.below(20) * 10 + i, 1 + d.count(4))).collect(),
        items,
    }
}

fn random_step(d: &mut Dice) -> Step {
    let after_us = d.below(6) * 10;
    let mut chunks: Vec<u64> = (0..d.below(3)).map(|_| d.below(after_us + 1)).collect();
    chunks.sort_unstable();
    let end = match d.below(6) {
        0 => StepEnd::Server,
        1 => StepEnd::Rejected,
        2 => StepEnd::Refused { retry_after_us: d.sometimes(2, 50) },
        _ => StepEnd::Served { tokens: d.count(40) },
    };
    Step { chunks, after_us, end }
}
