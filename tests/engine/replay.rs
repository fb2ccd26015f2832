//! One seed, one trace: on every repetition, natively and in the browser.

use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use fanout::engine::call::{CallId, Prompt, Request, Task};
use fanout::engine::clock::VirtualClock;
use fanout::engine::draw::DrawKey;
use fanout::engine::limiter::core::Limits;
use fanout::engine::limiter::requests::RequestRate;
use fanout::engine::patterns::Pattern;
use fanout::engine::patterns::map_reduce::{Document, MapReduce};
use fanout::engine::retry::RetryPolicy;
use fanout::engine::run::{Run, RunView, Setup};
use fanout::engine::trace::{Failure, What};
use fanout::providers::simulated::answers::Opinion;
use fanout::providers::simulated::latency::Speed;
use fanout::providers::simulated::{Simulated, Simulation};
use futures::StreamExt;
use futures::stream::FuturesOrdered;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::scripted::{cap, rate};

/// 900 documents, then 90 + 9 + 1 reduce calls.
fn thousand_calls() -> Arc<Pattern> {
    let prompt = |user: &str| Prompt { system: "Be brief.".to_string(), user: user.to_string() };
    let documents = (0..900).map(|i| {
        Document::new(
            format!("d{i}"),
            format!("Document {i} speaks of rivers. It also speaks of the number {}. It ends.", i * i),
        )
    });
    Arc::new(Pattern::MapReduce(MapReduce {
        documents: documents.collect(),
        fan_in: 10,
        map_prompt: prompt("{id}: {document}"),
        reduce_prompt: prompt("{results}"),
        map_max_tokens: 200,
        reduce_max_tokens: 400,
        ..MapReduce::default()
    }))
}

fn simulate(pattern: &Arc<Pattern>, concurrency: u32, fault_percent: u8) -> RunView {
    let (mut run, clock) = provider(concurrency, fault_percent);
    let _ = pattern.clone().add_to(&mut run, 42);
    run.finish(&clock).expect("the run comes to an end")
}

/// A run of nothing yet, with a simulated provider.
fn provider(concurrency: u32, fault_percent: u8) -> (Run, VirtualClock) {
    let clock = VirtualClock::default();
    let simulation = Simulation {
        speed: Speed::Mid,
        requests: rate(600, 20).map(RequestRate::Bucket),
        tokens: rate(400_000, 60_000),
        fault_percent,
        opinion: Opinion { accuracy: 0.6, shared_error: 0.6 },
        texts: true,
    };
    let model = Simulated::new(simulation, Rc::new(clock.clone()));
    let limits = Limits { tokens: rate(500_000, 80_000), ..cap(concurrency) };
    let setup = Setup::new(Rc::new(clock.clone()), Rc::new(model), limits);
    let retry = RetryPolicy { max_refusals: 1000, max_attempts: 8, ..RetryPolicy::STANDARD };
    (Run::new(Setup { retry, ..setup }), clock)
}

/// The value is arbitrary; that it is the same everywhere and always is the point.
#[test]
fn a_thousand_calls_with_faults_and_limits_leave_one_trace() {
    let pattern = thousand_calls();
    let runs = [simulate(&pattern, 48, 7), simulate(&pattern, 48, 7)];
    let [first, second] = runs.map(|view| view.trace().clone());
    let count = |failure| {
        let same = |what: &What| matches!(what, What::Failed { failure: f, .. } if *f == failure);
        first.events().filter(|event| same(&event.what)).count()
    };
    assert!(count(Failure::Refused) > 100, "{} refusals", count(Failure::Refused));
    assert!(count(Failure::Server) > 30, "{} faults", count(Failure::Server));
    assert_eq!(first, second);
    assert_eq!(first.hash(), HASH, "hash {:#x}", first.hash());
}

const HASH: u64 = 0xD633_21C3_E8F8_2B1E;

/// Guards against limits that change what is answered: draws belong to calls, not to the schedule.
#[test]
fn what_is_served_and_how_long_it_takes_does_not_depend_on_the_limit() {
    let pattern = thousand_calls();
    let served = [1, 2, 8, 64].map(|cap| served(&simulate(&pattern, cap, 3)));
    assert_eq!(served[0].len(), 1000);
    assert!(served.iter().all(|other| *other == served[0]));
}

/// Guards against joined futures that yield: what they submit later belongs to the same turn.
#[test]
fn how_calls_are_joined_does_not_show() {
    let trace = |group: u32| {
        let (mut run, clock) = provider(16, 3);
        run.add_arm(64, 0, |arm| async move {
            let call = |item| arm.call(item, request(item));
            let join = |first| (first..first + group).map(call).collect::<FuturesOrdered<_>>();
            let groups = (0..64).step_by(group as usize);
            groups.map(|first| join(first).collect::<Vec<_>>()).collect::<FuturesOrdered<_>>().count().await;
        });
        let view = run.finish(&clock).expect("the run comes to an end");
        view.trace().clone()
    };
    assert_eq!(trace(1), trace(64));
}

fn request(item: u32) -> Request {
    Request {
        draws: DrawKey { seed: 42, item, call: 0 },
        prompt: Prompt::default(),
        task: Task::Summary { document: "It rains.".into() },
        input_tokens: 10,
        max_tokens: 100,
    }
}

/// Each call's text and the time its served attempt took.
fn served(view: &RunView) -> BTreeMap<CallId, (String, u64)> {
    let mut sent_at = BTreeMap::new();
    let mut served = BTreeMap::new();
    let trace = view.trace();
    for event in trace.events() {
        match event.what {
            What::Admitted(call) => {
                sent_at.insert(call, event.at_us);
            }
            What::Served { call, .. } => {
                let text = view.text(call).expect("the call is there");
                let reply = text.result.clone().expect("it ended").expect("with an answer");
                served.insert(call, (reply.text.clone(), event.at_us - sent_at[&call]));
            }
            _ => {}
        }
    }
    served
}
