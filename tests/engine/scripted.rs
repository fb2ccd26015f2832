//! Runs a script through the engine, and tells what happened in the terms of the oracle.

use std::num::NonZeroU32;
use std::rc::Rc;
use std::sync::Arc;

use fanout::analysis::story::{Phase, Stories, Story};
use fanout::engine::batch::{Delivery, Entry, Flow, Manner, gather};
use fanout::engine::call::{
    Answer, Attempt, CallError, CallId, Foreseen, Model, Prompt, Reply, Request, Task, Usage, Wait,
};
use fanout::engine::clock::{Clock, MS, VirtualClock};
use fanout::engine::draw::DrawKey;
use fanout::engine::failure::FailurePolicy;
use fanout::engine::limiter::adaptive::Adaptive;
use fanout::engine::limiter::bucket::Rate;
use fanout::engine::limiter::budget::Budget;
use fanout::engine::limiter::core::{AfterPause, Limits};
use fanout::engine::limiter::requests::RequestRate;
use fanout::engine::price::Price;
use fanout::engine::retry::{GaveUp, Jitter, RetryPolicy};
use fanout::engine::run::report::Report;
use fanout::engine::run::{Failed, Run, RunView, Setup, Texts};
use fanout::engine::timeouts::Timeouts;
use fanout::engine::trace::{Event, Failure, WaitReason, What};

use crate::oracle::{
    self, Config, End, Item, Order, Policy, Requests, Retry, Step, StepEnd, Told, ToldItem, Why,
};

/// How an attempt's course is told to the engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Course {
    /// As a future that reports each part.
    Awaited,
    /// In advance, where it has at most one part before its end and no silences are watched.
    Foreseen,
}

/// Nothing but a concurrency: one attempt, no jitter, no time-outs.
pub fn config(cap: u32, items: Vec<Item>) -> Config {
    Config {
        cap,
        adaptive: None,
        requests: None,
        tokens: None,
        budget: None,
        probe: false,
        window: None,
        order: Order::Completion,
        retry: Retry {
            max_attempts: 1,
            max_refusals: 10,
            base_us: 500 * MS,
            cap_us: 8_000 * MS,
            budget: false,
        },
        timeouts: oracle::Timeouts::default(),
        policy: Policy::Collect,
        clean_up_us: 0,
        items,
        cancels: Vec::new(),
        stop_at: None,
        resizes: Vec::new(),
    }
}

/// Calls that succeed after so many milliseconds.
pub fn oks(ms: &[u64]) -> Vec<Item> {
    ms.iter().map(|ms| item([ok(*ms)])).collect()
}

pub fn item<const N: usize>(steps: [Step; N]) -> Item {
    Item { reserved: 0, steps: steps.to_vec() }
}

pub fn ok(ms: u64) -> Step {
    step(ms, StepEnd::Served { tokens: 0 })
}

pub fn server(ms: u64) -> Step {
    step(ms, StepEnd::Server)
}

pub fn rejected(ms: u64) -> Step {
    step(ms, StepEnd::Rejected)
}

pub fn refused(ms: u64, retry_after_ms: u64) -> Step {
    step(ms, StepEnd::Refused { retry_after_us: Some(retry_after_ms * MS) })
}

pub fn step(ms: u64, end: StepEnd) -> Step {
    Step { chunks: Vec::new(), after_us: ms * MS, end }
}

/// Sends a part of its answer at each of these times.
pub fn streaming(ms: u64, parts_ms: &[u64]) -> Step {
    Step { chunks: parts_ms.iter().map(|ms| ms * MS).collect(), ..ok(ms) }
}

/// Runs the script, and says what happened and what the run looks like.
pub fn run(config: &Config, course: Course) -> (Told, RunView) {
    let clock = VirtualClock::default();
    let course = if config.timeouts.idle.is_some() { Course::Awaited } else { course };
    let model = Scripted { items: config.items.clone(), clock: clock.clone(), course };
    let mut run = Run::new(setup(config, Rc::new(clock.clone()), Rc::new(model)));
    let n = config.items.len() as u32;
    let manner = manner(config);
    let requests: Vec<Request> =
        config.items.iter().zip(0..).map(|(item, i)| request(i, item.reserved)).collect();
    run.add_arm(n, 0, move |arm| async move {
        let mut ask = |item: u32| requests[item as usize].clone();
        gather(&arm, n, manner, &mut ask, &mut |_, _| Flow::GoOn).await;
    });
    let view = run.view();
    let cancels = config.cancels.iter().map(|(item, at_us)| (*at_us, Act::Cancel(CallId(*item as u32))));
    let resizes = config
        .resizes
        .iter()
        .map(|(at_us, cap)| (*at_us, Act::Resize(Limits { concurrency: nz(*cap), ..limits(config) })));
    let stop = config.stop_at.map(|at_us| (at_us, Act::Stop));
    for (at_us, act) in cancels.chain(resizes).chain(stop) {
        let (view, sleep) = (view.clone(), clock.sleep_until(at_us));
        run.add_arm(0, 0, |_| async move {
            sleep.await;
            match act {
                Act::Cancel(call) => view.cancel(call),
                Act::Resize(limits) => view.set_limits(limits),
                Act::Stop => view.stop(),
            }
        });
    }
    let view = run.finish(&clock).expect("the run comes to an end");
    assert_eq!(view.in_flight(), 0, "every permit is back");
    assert_eq!(view.spending().reserved_nano_usd, 0, "nothing stays reserved");
    (told(&view, config), view)
}

enum Act {
    Cancel(CallId),
    Resize(Limits),
    Stop,
}

pub fn nz(n: u32) -> NonZeroU32 {
    NonZeroU32::new(n).unwrap()
}

pub fn cap(n: u32) -> Limits {
    Limits::concurrent(nz(n))
}

pub fn rate(per_minute: u32, burst: u32) -> Option<Rate> {
    Some(Rate { per_minute: nz(per_minute), burst: nz(burst) })
}

/// One attempt, no jitter, refusals borne.
pub const ONE_TRY: RetryPolicy = RetryPolicy {
    max_attempts: 1,
    max_refusals: 10,
    base_us: 500 * MS,
    cap_us: 8_000 * MS,
    jitter: Jitter::None,
    budgeted: false,
};

fn setup(config: &Config, clock: Rc<dyn Clock>, model: Rc<dyn Model>) -> Setup {
    let Retry { max_attempts, max_refusals, base_us, cap_us, budget } = config.retry;
    let oracle::Timeouts { attempt, first_token, idle, queue, item, run } = config.timeouts;
    Setup {
        clock,
        model,
        limits: limits(config),
        retry: RetryPolicy {
            max_attempts,
            max_refusals,
            base_us,
            cap_us,
            jitter: Jitter::None,
            budgeted: budget,
        },
        timeouts: Timeouts {
            attempt_us: attempt,
            first_token_us: first_token,
            idle_us: idle,
            queue_us: queue,
            call_us: item,
            run_us: run,
        },
        clean_up_us: config.clean_up_us,
        texts: Texts::Kept,
    }
}

fn limits(config: &Config) -> Limits {
    Limits {
        concurrency: nz(config.cap),
        adaptive: config.adaptive.map(|a| Adaptive { initial: nz(a.init), least: nz(a.min) }),
        requests: config.requests.map(|requests| match requests {
            Requests::Bucket { per_minute, burst } => {
                RequestRate::Bucket(Rate { per_minute: nz(per_minute), burst: nz(burst) })
            }
            Requests::Rolling { per_minute } => RequestRate::Rolling(nz(per_minute)),
        }),
        tokens: config.tokens.and_then(|bucket| rate(bucket.per_minute, bucket.burst)),
        budget: config.budget.map(|most| Budget { most_nano_usd: most, price: ONE_A_TOKEN }),
        after_pause: if config.probe { AfterPause::Probe } else { AfterPause::All },
    }
}

pub const ONE_A_TOKEN: Price =
    Price { input_nano_usd: 1, cached_nano_usd: 1, cache_write_nano_usd: 1, output_nano_usd: 1 };

fn manner(config: &Config) -> Manner {
    Manner {
        policy: match config.policy {
            Policy::Collect => FailurePolicy::Collect,
            Policy::Gather => FailurePolicy::Gather,
            Policy::TaskGroup => FailurePolicy::TaskGroup,
            Policy::FailFast => FailurePolicy::FailFast,
            Policy::Threshold(most) => FailurePolicy::Threshold(most),
            Policy::Quorum(least) => FailurePolicy::Quorum(least),
        },
        entry: config.window.map_or(Entry::All, |window| Entry::Window(nz(window))),
        delivery: match config.order {
            // The plain case, which is `join_all`.
            Order::Completion if config.window.is_none() => Delivery::Together,
            Order::Completion => Delivery::Completion,
            Order::Input => Delivery::Input,
        },
    }
}

pub fn request(item: u32, reserved: u32) -> Request {
    Request {
        draws: DrawKey { seed: 1, item, call: 0 },
        prompt: Prompt::default(),
        task: Task::Summary { document: "".into() },
        input_tokens: 0,
        max_tokens: reserved,
    }
}

struct Scripted {
    items: Vec<Item>,
    clock: VirtualClock,
    course: Course,
}

impl Model for Scripted {
    fn send(&self, request: &Arc<Request>, _attempt: u32, report: Report) -> Attempt {
        // The steps count every attempt, refused ones too, so they are kept in the call's texts.
        let steps = &self.items[request.draws.item as usize].steps;
        let Step { chunks, after_us, end } = steps[report.n_errors().min(steps.len() - 1)].clone();
        let now_us = self.clock.now_us();
        let result = match end {
            StepEnd::Served { tokens } => Ok(reply(tokens)),
            StepEnd::Server => Err(Box::new(CallError::Server { status: 503, message: String::new() })),
            StepEnd::Rejected => Err(Box::new(CallError::Rejected { status: 400, message: String::new() })),
            StepEnd::Refused { retry_after_us } => Err(Box::new(CallError::Refused {
                status: 429,
                wait: retry_after_us.filter(|us| *us > 0).map_or(Wait::Unsaid, |us| Wait::Header { us }),
                message: String::new(),
            })),
        };
        if self.course == Course::Foreseen && chunks.len() <= 1 {
            return Attempt::Foreseen(Foreseen {
                first_token_us: chunks.first().map(|us| now_us + us),
                ends_us: now_us + after_us,
                result,
            });
        }
        let clock = self.clock.clone();
        Attempt::Awaited(Box::pin(async move {
            for us in chunks {
                clock.sleep_until(now_us + us).await;
                report.text("x");
            }
            clock.sleep_until(now_us + after_us).await;
            result
        }))
    }
}

pub fn reply(tokens: u32) -> Arc<Reply> {
    Arc::new(Reply {
        answer: Answer::Text("ok".to_string()),
        text: "ok".to_string(),
        usage: Usage { input_tokens: 0, output_tokens: tokens, ..Usage::default() },
    })
}

/// What a trace says, in the terms of the oracle.
fn told(view: &RunView, config: &Config) -> Told {
    let n = config.items.len();
    let events: Vec<Event> = view.trace().events().collect();
    let stories = Stories::of(&events, n, view.now_us());
    let items: Vec<ToldItem> =
        stories.iter().zip(0..).map(|(story, i)| told_item(&story, i, &events, view)).collect();
    let ended_us = items.iter().filter_map(|item| item.ended_us).max().unwrap_or(0);
    let (mut in_flight, mut peak, mut uncertain, mut settled_us) = (0u32, 0, 0, None);
    for event in &events {
        match event.what {
            What::Admitted(_) => {
                in_flight += 1;
                peak = peak.max(in_flight);
            }
            What::Served { .. } => in_flight -= 1,
            What::Failed { failure, .. } => {
                in_flight -= 1;
                let sure = matches!(failure, Failure::Refused | Failure::Rejected | Failure::TakenBack);
                uncertain += u32::from(!sure);
            }
            What::Left { .. } => settled_us = Some(event.at_us),
            _ => {}
        }
    }
    let spent = view.spending().spent_nano_usd;
    Told { items, settled_us: settled_us.unwrap_or(ended_us), ended_us, peak, uncertain, spent }
}

fn told_item(story: &Story, item: u32, events: &[Event], view: &RunView) -> ToldItem {
    let own = |matches: fn(&What) -> bool| {
        events
            .iter()
            .filter(move |event| event.what.call() == Some(CallId(item)) && matches(&event.what))
            .map(|event| event.at_us)
    };
    let time = |matches: &dyn Fn(Phase) -> bool| story.time_us(matches);
    let waited = |reason| time(&|phase| phase == Phase::Waiting(reason));
    let entered_us = own(|what| matches!(what, What::Entered(_))).next();
    let text = view.text(CallId(item)).expect("the call is there");
    let end = match &text.result {
        _ if entered_us.is_none() => End::NeverEntered,
        Some(Ok(_)) => End::Served,
        Some(Err(failed)) => ended(failed),
        None => panic!("call {item} has not ended"),
    };
    let ended_us = story.end.map(|(at_us, _)| at_us).filter(|_| entered_us.is_some());
    assert_eq!(own(|what| what.end().is_some()).count(), 1, "call {item} ends once");
    ToldItem {
        starts: own(|what| matches!(what, What::Admitted(_))).collect(),
        ended_us,
        end,
        entered_us,
        delivered_us: story.delivered_us.or(ended_us),
        paused: waited(WaitReason::Paused),
        queued: waited(WaitReason::Concurrency),
        budget: waited(WaitReason::Budget),
        request_rate: waited(WaitReason::RequestRate),
        token_rate: waited(WaitReason::TokenRate),
        in_flight: time(&|phase| {
            matches!(phase, Phase::FirstToken | Phase::Generating | Phase::Failed(_) | Phase::Cancelled)
        }),
        backing_off: time(&|phase| phase == Phase::BackingOff),
        cleaning_up: time(&|phase| phase == Phase::CleaningUp),
    }
}

fn ended(failed: &Failed) -> End {
    End::Failed(match failed.gave_up {
        GaveUp::Cancelled => return End::Cancelled,
        GaveUp::Final if matches!(failed.error.as_deref(), Some(CallError::Stalled { .. })) => Why::Stalled,
        GaveUp::Final => Why::Final,
        GaveUp::AttemptsUsed { .. } => Why::AttemptsUsed,
        GaveUp::RefusalsUsed { .. } => Why::RefusalsUsed,
        GaveUp::RetryBudgetUsed => Why::RetryBudget,
        GaveUp::WaitTooLong { .. } => Why::WaitTooLong,
        GaveUp::TooLate => Why::Deadline,
        GaveUp::QueueTimeout => Why::QueueTimeout,
        GaveUp::CallTimeout => Why::ItemTimeout,
        GaveUp::RunTimeout => Why::RunTimeout,
        GaveUp::OverBudget => Why::OverBudget,
    })
}
