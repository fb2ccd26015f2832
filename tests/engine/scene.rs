//! Small patterns, and a model that plays a part in them: what it answers depends on what it is asked.

use std::rc::Rc;
use std::sync::Arc;

use crate::scripted::{ONE_TRY, cap};
use fanout::engine::call::{
    Answer, Attempt, CallError, CallId, Foreseen, Model, Prompt, Reply, Request, Task, Usage,
};
use fanout::engine::clock::{Clock, MS, VirtualClock};
use fanout::engine::patterns::map_reduce::{Document, MapReduce};
use fanout::engine::patterns::sectioning::{Section, Sectioning};
use fanout::engine::patterns::voting::Voting;
use fanout::engine::patterns::{Merged, Outcome, Pattern};
use fanout::engine::run::report::Report;
use fanout::engine::run::{Run, RunView, Setup};
use fanout::engine::trace::End;

/// Answers each request after some milliseconds; fails it where there is no answer.
struct Scene {
    clock: VirtualClock,
    play: fn(&Request) -> (u64, Option<Answer>),
}

impl Model for Scene {
    fn send(&self, request: &Arc<Request>, _: u32, _: Report) -> Attempt {
        let (ms, answer) = (self.play)(request);
        let result = match answer {
            Some(answer) => {
                let text = answer.main_text().to_string();
                Ok(Arc::new(Reply { answer, text, usage: Usage::default() }))
            }
            None => Err(Box::new(CallError::Rejected { status: 400, message: String::new() })),
        };
        Attempt::Foreseen(Foreseen { first_token_us: None, ends_us: self.clock.now_us() + ms * MS, result })
    }
}

/// What an arm came to.
pub struct Played {
    pub outcome: Outcome,
    pub view: RunView,
    pub ends: Vec<Option<End>>,
    /// Calls in the order in which they ended.
    pub order: Vec<u32>,
}

pub fn play(
    pattern: Pattern,
    play: fn(&Request) -> (u64, Option<Answer>),
    stop_at_ms: Option<u64>,
) -> Played {
    play_seeded(pattern, play, stop_at_ms, 1)
}

pub fn play_seeded(
    pattern: Pattern,
    play: fn(&Request) -> (u64, Option<Answer>),
    stop_at_ms: Option<u64>,
    seed: u64,
) -> Played {
    let clock = VirtualClock::default();
    let scene = Scene { clock: clock.clone(), play };
    let setup = Setup::new(Rc::new(clock.clone()), Rc::new(scene), cap(100));
    let mut run = Run::new(Setup { retry: ONE_TRY, ..setup });
    let n_calls = pattern.plan().len();
    let outcome = Arc::new(pattern).add_to(&mut run, seed);
    if let Some(ms) = stop_at_ms {
        let (view, sleep) = (run.view(), clock.sleep_until(ms * MS));
        run.add_arm(0, 0, |_| async move {
            sleep.await;
            view.stop();
        });
    }
    let view = run.finish(&clock).expect("the run comes to an end");
    let (mut ends, mut order) = (vec![None; n_calls], Vec::new());
    for event in view.trace().events() {
        if let (Some(call), Some(end)) = (event.what.call(), event.what.end()) {
            ends[call.0 as usize] = Some(end);
            order.push(call.0);
        }
    }
    Played { outcome: outcome.get().expect("an outcome").clone(), view, ends, order }
}

impl Played {
    pub fn request(&self, call: u32) -> Arc<Request> {
        let text = self.view.text(CallId(call)).expect("the call is there");
        text.request.clone().expect("it was asked")
    }

    /// The words that call number `call` was sent.
    pub fn sent(&self, call: u32) -> String {
        self.request(call).prompt.user.clone()
    }

    pub fn merged(&self) -> &Merged {
        match &self.outcome {
            Outcome::Merged(merged) => merged,
            other => panic!("{other:?}"),
        }
    }
}

pub fn prompt(user: &str) -> Prompt {
    Prompt { system: String::new(), user: user.to_string() }
}

pub fn sectioning(names: &[&str]) -> Pattern {
    Pattern::Sectioning(Sectioning {
        topic: "rivers".into(),
        sections: names.iter().map(|name| Section { name: (*name).into(), ..Section::default() }).collect(),
        section_prompt: prompt("{topic}/{section}"),
        synthesis_prompt: prompt("{topic}:\n{results}"),
        section_max_tokens: 10,
        synthesis_max_tokens: 10,
        ..Sectioning::default()
    })
}

pub fn map_reduce(texts: &[&str], fan_in: u32) -> Pattern {
    let document = |(i, text): (usize, &&str)| Document::new(format!("d{i}"), *text);
    Pattern::MapReduce(MapReduce {
        documents: texts.iter().enumerate().map(document).collect(),
        fan_in,
        refine_prompt: prompt("{results}\n\nNow {id}: {document}"),
        map_prompt: prompt("{id}/{document}"),
        reduce_prompt: prompt("{results}"),
        map_max_tokens: 10,
        reduce_max_tokens: 10,
        ..MapReduce::default()
    })
}

pub fn voting(votes: u32) -> Pattern {
    Pattern::Voting(Voting {
        question: "is it?".into(),
        options: Arc::new(["yes", "no"].map(String::from)),
        votes,
        prompt: prompt("{question}"),
        max_tokens: 10,
        ..Voting::default()
    })
}

/// The later the item, the sooner its answer.
pub fn last_first(request: &Request) -> (u64, Option<Answer>) {
    let ms = 1000 - u64::from(request.draws.item.min(9)) * 100;
    let answer = match &request.task {
        Task::Section { name, .. } => {
            Answer::Points { content: format!("on {name}"), key_points: vec!["a point".to_string()] }
        }
        Task::Summary { document } => Answer::Summary { summary: format!("of {document}") },
        Task::Vote { .. } => {
            Answer::Text(if request.draws.call.is_multiple_of(2) { "Yes." } else { "no" }.to_string())
        }
        Task::Synthesis { .. } | Task::Reduce { .. } => Answer::Summary { summary: "all".to_string() },
    };
    (ms, Some(answer))
}

pub fn second_fails(request: &Request) -> (u64, Option<Answer>) {
    let (ms, answer) = last_first(request);
    (ms, answer.filter(|_| request.draws.item != 1))
}

pub fn workers_fail(request: &Request) -> (u64, Option<Answer>) {
    let aggregates = matches!(request.task, Task::Synthesis { .. } | Task::Reduce { .. });
    let (ms, answer) = last_first(request);
    (ms, answer.filter(|_| aggregates))
}

pub fn aggregators_fail(request: &Request) -> (u64, Option<Answer>) {
    let aggregates = matches!(request.task, Task::Synthesis { .. } | Task::Reduce { .. });
    let (ms, answer) = last_first(request);
    (ms, answer.filter(|_| !aggregates))
}
