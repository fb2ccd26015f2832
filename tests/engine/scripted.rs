//! A model that does what its script says, and a run of it in virtual time.

use std::num::NonZeroU32;
use std::rc::Rc;
use std::sync::Arc;

use fanout::engine::call::{Answer, CallError, CallId, Model, Prompt, Reply, Request, Task, Usage, Wait};
use fanout::engine::clock::{Clock, MS, VirtualClock};
use fanout::engine::draw::DrawKey;
use fanout::engine::limiter::bucket::Rate;
use fanout::engine::limiter::core::Limits;
use fanout::engine::retry::{Jitter, RetryPolicy};
use fanout::engine::run::{Arm, Report, Run, RunView, Setup};
use fanout::engine::trace::{End, Event, WaitReason, What};
use futures::future::{LocalBoxFuture, join_all};

/// What one attempt does. A call's last step serves all further attempts too.
#[derive(Clone, Debug)]
pub enum Step {
    Ok { ms: u64 },
    Server { ms: u64 },
    Rejected { ms: u64 },
    Refused { ms: u64, retry_after_ms: u64 },
    RefusedSilently { ms: u64 },
}

pub fn ok(ms: u64) -> Vec<Step> {
    vec![Step::Ok { ms }]
}

/// One call of a case.
#[derive(Clone, Debug)]
pub struct Scripted {
    pub steps: Vec<Step>,
    pub reserved: u32,
    pub actual: u32,
}

impl From<Vec<Step>> for Scripted {
    fn from(steps: Vec<Step>) -> Self {
        Scripted { steps, reserved: 0, actual: 0 }
    }
}

pub struct Script {
    pub calls: Vec<Scripted>,
    pub limits: Limits,
    pub retry: RetryPolicy,
    pub window: Option<u32>,
    /// Cancel call number .0 (all calls where none) at .1 ms.
    pub cancel: Option<(Option<u32>, u64)>,
    /// Submit this many at a time, the next ones when all of these are done.
    pub chunk: Option<usize>,
}

pub const ONE_TRY: RetryPolicy = RetryPolicy {
    max_attempts: 1,
    max_refusals: 0,
    base_us: 500 * MS,
    cap_us: 8_000 * MS,
    jitter: Jitter::None,
    attempt_timeout_us: None,
};

pub fn nz(n: u32) -> NonZeroU32 {
    NonZeroU32::new(n).unwrap()
}

pub fn cap(n: u32) -> Limits {
    Limits { concurrency: nz(n), requests: None, tokens: None }
}

pub fn rate(per_minute: u32, burst: u32) -> Option<Rate> {
    Some(Rate { per_minute: nz(per_minute), burst: nz(burst) })
}

pub fn script<C: Into<Scripted>>(limits: Limits, calls: Vec<C>) -> Script {
    Script {
        calls: calls.into_iter().map(Into::into).collect(),
        limits,
        retry: ONE_TRY,
        window: None,
        cancel: None,
        chunk: None,
    }
}

/// What a run did, in milliseconds, call by call.
#[derive(Debug, Default, PartialEq)]
pub struct Done {
    pub starts: Vec<Vec<u64>>,
    pub ends: Vec<Option<(u64, End)>>,
    pub makespan: u64,
    pub peak: usize,
    /// Time from entry to the first start.
    pub waited: Vec<u64>,
    pub order: Vec<u32>,
}

impl Script {
    pub fn run(&self) -> (Done, RunView) {
        let clock = VirtualClock::default();
        let model = ScriptedModel { script: self.calls.clone(), clock: Rc::new(clock.clone()) };
        let mut run = Run::new(Setup {
            clock: Rc::new(clock.clone()),
            model: Rc::new(model),
            limits: self.limits,
            retry: self.retry,
            window: self.window.map(nz),
        });
        let requests: Vec<Request> =
            self.calls.iter().enumerate().map(|(i, call)| request(i as u32, call.reserved)).collect();
        let chunk = self.chunk.unwrap_or(requests.len().max(1));
        run.add_arm(requests.len() as u32, |arm| submit(arm, requests, chunk));
        if let Some((call, at_ms)) = self.cancel {
            let (view, sleep) = (run.view(), clock.sleep_until(at_ms * MS));
            run.add_arm(0, |_| async move {
                sleep.await;
                match call {
                    Some(call) => view.cancel(CallId(call)),
                    None => view.stop(),
                }
            });
        }
        let view = run.finish(&clock).expect("the run comes to an end");
        let done = Done::of(view.trace().events(), self.calls.len());
        assert_eq!(view.in_flight(), 0, "every permit is back");
        (done, view)
    }
}

async fn submit(arm: Arm, requests: Vec<Request>, chunk: usize) {
    let mut item = 0;
    for chunk in requests.chunks(chunk) {
        let calls = chunk.iter().cloned().map(|request| {
            item += 1;
            arm.call(item - 1, request)
        });
        join_all(calls.collect::<Vec<_>>()).await;
    }
}

fn request(item: u32, reserved: u32) -> Request {
    Request {
        draws: DrawKey { seed: 1, item, call: 0 },
        prompt: Prompt::default(),
        task: Task::Summary { document: "".into() },
        input_tokens: 0,
        max_tokens: reserved,
    }
}

impl Done {
    fn of(events: &[Event], n_calls: usize) -> Done {
        let mut done = Done {
            starts: vec![Vec::new(); n_calls],
            ends: vec![None; n_calls],
            waited: vec![0; n_calls],
            ..Done::default()
        };
        let mut in_flight = 0;
        for event in events {
            let ms = event.at_us / MS;
            assert_eq!(event.at_us % MS, 0, "these cases have whole milliseconds only");
            match event.what {
                What::Admitted(call) => {
                    let starts = &mut done.starts[call.0 as usize];
                    if starts.is_empty() {
                        done.waited[call.0 as usize] = ms;
                    }
                    starts.push(ms);
                    in_flight += 1;
                    done.peak = done.peak.max(in_flight);
                }
                What::Served { .. } | What::Failed { .. } => in_flight -= 1,
                What::Ended { call, end, .. } => {
                    let earlier = done.ends[call.0 as usize].replace((ms, end));
                    assert_eq!(earlier, None, "a call ends once");
                    done.makespan = ms;
                    done.order.push(call.0);
                }
                _ => {}
            }
        }
        done
    }

    pub fn first_starts(&self) -> Vec<u64> {
        self.starts.iter().filter_map(|starts| starts.first().copied()).collect()
    }

    pub fn end_times(&self) -> Vec<u64> {
        self.ends.iter().flatten().map(|(ms, _)| *ms).collect()
    }
}

/// Milliseconds for which the limiter held everybody for `reason`.
pub fn held_for(view: &RunView, reason: WaitReason) -> u64 {
    let mut total_us = 0;
    let mut since = None;
    for event in view.trace().events() {
        if let What::Holding(now) = event.what {
            if let Some(start_us) = since.take() {
                total_us += event.at_us - start_us;
            }
            since = (now == Some(reason)).then_some(event.at_us);
        }
    }
    total_us / MS
}

struct ScriptedModel {
    script: Vec<Scripted>,
    clock: Rc<dyn Clock>,
}

impl Model for ScriptedModel {
    fn send(
        &self,
        request: &Arc<Request>,
        _attempt: u32,
        report: Report,
    ) -> LocalBoxFuture<'static, Result<Reply, CallError>> {
        // The steps count every attempt, refused ones too, so they are kept in the call's texts.
        let call = &self.script[request.draws.item as usize];
        let nth = report.n_errors();
        let step = call.steps[nth.min(call.steps.len() - 1)].clone();
        let now = self.clock.now_us();
        let (ms, result) = match step {
            Step::Ok { ms } => (ms, Ok(reply(call.actual))),
            Step::Server { ms } => (ms, Err(CallError::Server { status: 503, message: String::new() })),
            Step::Rejected { ms } => (ms, Err(CallError::Rejected { status: 400, message: String::new() })),
            Step::Refused { ms, retry_after_ms } => {
                (ms, Err(refused(Wait::Header { us: retry_after_ms * MS })))
            }
            Step::RefusedSilently { ms } => (ms, Err(refused(Wait::Unsaid))),
        };
        let sleep = self.clock.sleep_until(now + ms * MS);
        Box::pin(async move {
            if ms > 0 {
                sleep.await;
            }
            result
        })
    }
}

fn refused(wait: Wait) -> CallError {
    CallError::Refused { status: 429, wait, message: String::new() }
}

fn reply(tokens: u32) -> Reply {
    Reply {
        answer: Answer::Text("ok".to_string()),
        text: "ok".to_string(),
        usage: Usage { input_tokens: 0, output_tokens: tokens, ..Usage::default() },
    }
}
