//! What `make bench` measures, as functions that a page calls. Beside the limiter's own work there
//! is as little as can be: models answer at once, or from seeded draws without texts.

#![deny(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::num::NonZeroU32;
use std::rc::Rc;
use std::sync::Arc;

use fanout::engine::call::{Answer, Attempt, Foreseen, Model, Prompt, Reply, Request, Task, Usage};
use fanout::engine::clock::{Clock, VirtualClock};
use fanout::engine::draw::DrawKey;
use fanout::engine::limiter::bucket::Rate;
use fanout::engine::limiter::core::Limits;
use fanout::engine::limiter::requests::RequestRate;
use fanout::engine::patterns::map_reduce::{Document, MapReduce};
use fanout::engine::patterns::{Outcome, Pattern};
use fanout::engine::retry::RetryPolicy;
use fanout::engine::run::report::Report;
use fanout::engine::run::{Run, RunView, Setup, Texts};
use fanout::engine::trace::End;
use fanout::providers::simulated::answers::Opinion;
use fanout::providers::simulated::latency::Speed;
use fanout::providers::simulated::{Simulated, Simulation};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen::prelude::wasm_bindgen;

/// Makes `n` calls that have nothing to do, and says how many were served: limiter, retries, time-out
/// and trace are those of every run.
#[cfg_attr(target_arch = "wasm32", wasm_bindgen)]
pub fn no_op_calls(n: u32, concurrency: u32) -> u32 {
    let clock = VirtualClock::default();
    let limits = Limits::concurrent(at_least_one(concurrency));
    let (answer, text) = (Answer::Text(String::new()), String::new());
    let reply = Arc::new(Reply { answer, text, usage: Usage::default() });
    let model = Instant { clock: clock.clone(), reply };
    let mut run = Run::new(Setup::new(Rc::new(clock.clone()), Rc::new(model), limits));
    let request = Arc::new(Request {
        draws: DrawKey { seed: 1, item: 0, call: 0 },
        prompt: Prompt::default(),
        task: Task::Summary { document: "".into() },
        input_tokens: 0,
        max_tokens: 0,
    });
    run.add_arm(n, 0, |arm| async move {
        let mut calls = arm.group();
        (0..n).for_each(|item| calls.push(item, request.clone()));
        while calls.next().await.is_some() {}
    });
    run.finish(&clock).map_or(0, |view| n_served(&view))
}

/// A model whose answers are there at once.
struct Instant {
    clock: VirtualClock,
    reply: Arc<Reply>,
}

impl Model for Instant {
    fn send(&self, _: &Arc<Request>, _: u32, _: Report) -> Attempt {
        let result = Ok(self.reply.clone());
        Attempt::Foreseen(Foreseen { first_token_us: None, ends_us: self.clock.now_us(), result })
    }
}

/// Nine hundred documents take a hundred reduce calls at a fan-in of ten.
const DOCUMENTS: usize = 900;
const CALLS: u32 = 1000;

/// A map-reduce of 1,000 calls, the one whose trace the tests pin down: 900 documents, then
/// 90 + 9 + 1 reduce calls, under limits of both sides, with faults and retries.
#[cfg_attr(target_arch = "wasm32", wasm_bindgen)]
pub struct ThousandCalls {
    pattern: Arc<Pattern>,
    trace_bytes: usize,
}

#[cfg_attr(target_arch = "wasm32", wasm_bindgen)]
impl ThousandCalls {
    #[allow(clippy::new_without_default)]
    #[cfg_attr(target_arch = "wasm32", wasm_bindgen(constructor))]
    pub fn new() -> Self {
        let prompt = |user: &str| Prompt { system: "Be brief.".to_string(), user: user.to_string() };
        let documents = (0..DOCUMENTS).map(|i| {
            Document::new(
                format!("d{i}"),
                format!("Document {i} speaks of rivers. It also speaks of the number {}. It ends.", i * i),
            )
        });
        let pattern = Pattern::MapReduce(MapReduce {
            documents: documents.collect(),
            fan_in: 10,
            map_prompt: prompt("{id}: {document}"),
            reduce_prompt: prompt("{results}"),
            map_max_tokens: 200,
            reduce_max_tokens: 400,
            ..MapReduce::default()
        });
        ThousandCalls { pattern: Arc::new(pattern), trace_bytes: 0 }
    }

    /// Simulates one run, and says how many calls were served.
    pub fn simulate(&mut self, seed: u32, asks_first: bool) -> u32 {
        let clock = VirtualClock::default();
        let simulation = Simulation {
            speed: Speed::Mid,
            requests: rate(600, 20).map(RequestRate::Bucket),
            tokens: rate(400_000, 60_000),
            fault_percent: 7,
            opinion: Opinion { accuracy: 0.6, shared_error: 0.6 },
            texts: false,
        };
        // Who asks first waits for the provider's rates in its own limiter, and is not refused.
        let Simulation { requests, tokens, .. } = simulation;
        let limits = match asks_first {
            true => Limits { requests, tokens, ..Limits::concurrent(at_least_one(48)) },
            false => Limits { tokens: rate(500_000, 80_000), ..Limits::concurrent(at_least_one(48)) },
        };
        let model = Simulated::new(simulation, Rc::new(clock.clone()));
        let setup = Setup::new(Rc::new(clock.clone()), Rc::new(model), limits);
        let retry =
            RetryPolicy { max_refusals: 1000, max_attempts: 8, budgeted: false, ..RetryPolicy::STANDARD };
        let mut run = Run::new(Setup { retry, texts: Texts::None, ..setup });
        let outcome = self.pattern.clone().add_to(&mut run, seed.into());
        let Ok(view) = run.finish(&clock) else { return 0 };
        self.trace_bytes += view.trace().bytes();
        match outcome.get() {
            // Every document is inside, so every call was served.
            Some(Outcome::Merged(merged)) if merged.coverage.used.len() == DOCUMENTS => CALLS,
            _ => n_served(&view),
        }
    }

    /// What the traces of all runs so far took.
    pub fn trace_bytes(&self) -> usize {
        self.trace_bytes
    }
}

/// Makes `n` calls to a chat completions endpoint through the browser's fetch, as a live run does, and
/// says how many were served.
#[cfg(target_arch = "wasm32")]
#[wasm_bindgen]
pub async fn live_calls(base_url: String, n: u32, concurrency: u32) -> u32 {
    use fanout::platform::clock::BrowserClock;
    use fanout::platform::fetch::Fetch;
    use fanout::providers::endpoint::Target;
    use fanout::providers::protocol::Protocol;
    use fanout::providers::remote::Remote;

    let settings = Target {
        protocol: Protocol::ChatCompletions,
        base_url,
        model: "any".to_string(),
        api_key: None,
        streaming: false,
    };
    let remote = Rc::new(Remote::new(settings, Rc::new(Fetch)));
    let limits = Limits::concurrent(at_least_one(concurrency));
    let mut run = Run::new(Setup::new(Rc::new(BrowserClock::start()), remote, limits));
    run.add_arm(n, 0, |arm| async move {
        let request = Arc::new(Request {
            draws: DrawKey { seed: 1, item: 0, call: 0 },
            prompt: Prompt { system: "Be brief.".to_string(), user: "Say something.".to_string() },
            task: Task::Vote { options: Arc::new([]), correct: None },
            input_tokens: 6,
            max_tokens: 20,
        });
        let mut calls = arm.group();
        (0..n).for_each(|item| calls.push(item, request.clone()));
        while calls.next().await.is_some() {}
    });
    let view = run.view();
    run.await;
    n_served(&view)
}

fn n_served(view: &RunView) -> u32 {
    view.trace().events().filter(|event| event.what.end() == Some(End::Served)).count() as u32
}

fn rate(per_minute: u32, burst: u32) -> Option<Rate> {
    Some(Rate { per_minute: at_least_one(per_minute), burst: at_least_one(burst) })
}

fn at_least_one(n: u32) -> NonZeroU32 {
    NonZeroU32::new(n).unwrap_or(NonZeroU32::MIN)
}
