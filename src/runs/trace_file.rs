//! A run in the JSON of Chrome's Trace Event Format, which Perfetto and `chrome://tracing` open: each
//! arm is a process, each call a thread, each phase a complete event within that of its call.

use serde_json::Value;

use super::kept::Answered;
use super::run_file::Arm;
use crate::analysis::recording::Recording;
use crate::analysis::story::{Stories, Story};
use crate::analysis::words;
use crate::engine::patterns::Planned;
use crate::engine::trace::{Event, What};
use crate::json::{self, object};
use crate::scenario::ArmKind;

/// Writes the arms that ran of the run with this title.
pub fn write(title: &str, answered: &Answered, arms: &[Arm]) -> String {
    let about = object(vec![("title", title.into()), ("answered", answered.words().into())]);
    let mut events = arms.iter().flat_map(|ran| arm(ran.kind, ran.recording));
    json::write_object(&[
        ("displayTimeUnit", json::write(&"ms".into())),
        ("otherData", json::write(&about)),
        ("traceEvents", json::write_list(&mut events)),
    ])
}

/// The process of an arm and the thread of a call are counted from one.
fn arm(kind: ArmKind, recording: &Recording) -> impl Iterator<Item = Value> {
    let pid = kind.index() as u32 + 1;
    let stories = Stories::of(&recording.events, recording.plan.len(), recording.now_us);
    let named =
        [metadata(pid, 0, "process_name", kind.title()), sort_index(pid, 0, "process_sort_index", pid)];
    let calls = recording.plan.iter().enumerate().flat_map(move |(i, planned)| {
        let story = stories.tell(i).unwrap_or_default();
        call(pid, i as u32 + 1, planned, &story)
    });
    let counted = in_flight(&recording.events).into_iter();
    let counter = counted.map(move |(at_us, n)| {
        let mut event = event(pid, 0, "C", "in flight", at_us);
        event.push(("args", object(vec![("attempts", n.into())])));
        object(event)
    });
    named.into_iter().chain(calls).chain(counter)
}

fn call(pid: u32, tid: u32, planned: &Planned, story: &Story) -> Vec<Value> {
    let mut events = vec![
        metadata(pid, tid, "thread_name", &planned.label),
        sort_index(pid, tid, "thread_sort_index", tid),
    ];
    let Some(entered_us) = story.entered_us else { return events };
    let last_us = story.spans.last().map_or(entered_us, |span| span.to_us);
    let ended_us = story.end.map_or(last_us, |(at_us, _)| at_us.max(last_us));
    let mut whole = complete(pid, tid, &planned.label, "call", entered_us, ended_us);
    let ended = words::ended(story);
    let args = vec![
        ("end", ended.into()),
        ("attempts", story.attempts.into()),
        ("key", planned.key.as_str().into()),
    ];
    whole.push(("args", object(args)));
    events.push(object(whole));
    let phase = |span: &crate::analysis::story::Span| {
        object(complete(pid, tid, words::phase(span.phase), "phase", span.from_us, span.to_us))
    };
    events.extend(story.spans.iter().map(phase));
    events
}

/// How many attempts are in flight from each instant on at which that changes.
fn in_flight(events: &[Event]) -> Vec<(u64, u32)> {
    let mut counted: Vec<(u64, u32)> = vec![(0, 0)];
    let mut n = 0_u32;
    for Event { at_us, what } in events {
        match what {
            What::Admitted(_) => n += 1,
            What::Served { .. } | What::Failed { .. } => n = n.saturating_sub(1),
            _ => continue,
        }
        match counted.last_mut() {
            Some(last) if last.0 == *at_us => last.1 = n,
            _ => counted.push((*at_us, n)),
        }
    }
    counted
}

type Fields = Vec<(&'static str, Value)>;

fn event(pid: u32, tid: u32, phase: &'static str, name: &str, at_us: u64) -> Fields {
    vec![
        ("ph", phase.into()),
        ("name", name.into()),
        ("pid", pid.into()),
        ("tid", tid.into()),
        ("ts", at_us.into()),
    ]
}

fn complete(pid: u32, tid: u32, name: &str, category: &'static str, from_us: u64, to_us: u64) -> Fields {
    let mut event = event(pid, tid, "X", name, from_us);
    event.push(("cat", category.into()));
    event.push(("dur", (to_us - from_us).into()));
    event
}

fn metadata(pid: u32, tid: u32, what: &'static str, name: &str) -> Value {
    with(event(pid, tid, "M", what, 0), ("name", name.into()))
}

fn sort_index(pid: u32, tid: u32, what: &'static str, index: u32) -> Value {
    with(event(pid, tid, "M", what, 0), ("sort_index", index.into()))
}

fn with(mut event: Fields, arg: (&'static str, Value)) -> Value {
    event.push(("args", object(vec![arg])));
    object(event)
}
