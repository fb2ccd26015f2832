//! A run in the JSON of Chrome's Trace Event Format, which Perfetto and `chrome://tracing` open: each
//! arm is a process, each call a thread, each phase a complete event within that of its call.

use super::kept::Answered;
use super::run_file::Arm;
use crate::analysis::story::{Span, Stories};
use crate::analysis::words;
use crate::engine::trace::{Event, What};
use crate::json::quoted;

/// Writes the arms that ran of the run with this title.
pub fn write(title: &str, answered: &Answered, arms: &[Arm]) -> String {
    let mut events = Vec::new();
    for arm in arms {
        add(arm, &mut events);
    }
    format!(
        "{{\"displayTimeUnit\":\"ms\",\"otherData\":{{\"title\":{},\"answered\":{}}},\"traceEvents\":[\n{}\n]}}\n",
        quoted(title),
        quoted(&answered.words()),
        events.join(",\n")
    )
}

/// Adds the events of an arm. Processes and the threads of calls are counted from one.
fn add(arm: &Arm, events: &mut Vec<String>) {
    let pid = arm.kind.index() + 1;
    let recording = arm.recording;
    let stories = Stories::of(&recording.events, recording.plan.len(), recording.now_us);
    let mut named = |what: &str, tid: usize, name: &str, place: usize| {
        let head = format!("{{\"ph\":\"M\",\"ts\":0,\"pid\":{pid},\"tid\":{tid},\"name\":\"{what}");
        events.push(format!("{head}_name\",\"args\":{{\"name\":{}}}}}", quoted(name)));
        events.push(format!("{head}_sort_index\",\"args\":{{\"sort_index\":{place}}}}}"));
    };
    named("process", 0, arm.kind.title(), pid);
    for (i, planned) in recording.plan.iter().enumerate() {
        named("thread", i + 1, &planned.label, i + 1);
    }
    for (i, planned) in recording.plan.iter().enumerate() {
        let Some(story) = stories.tell(i) else { continue };
        let Some(from_us) = story.entered_us else { continue };
        let mut complete = |name: &str, category: &str, from_us: u64, to_us: u64| {
            events.push(format!(
                "{{\"ph\":\"X\",\"ts\":{from_us},\"dur\":{},\"pid\":{pid},\"tid\":{},\"cat\":\"{category}\",\"name\":{}}}",
                to_us - from_us,
                i + 1,
                quoted(name)
            ));
        };
        let last_us = story.spans.last().map_or(from_us, |span| span.to_us);
        let ended_us = story.end.map_or(last_us, |(at_us, _)| at_us.max(last_us));
        complete(&format!("{}: {}", planned.label, words::ended(&story)), "call", from_us, ended_us);
        for Span { phase, from_us, to_us } in story.spans {
            complete(words::phase(phase), "phase", from_us, to_us);
        }
    }
    for (at_us, n) in in_flight(&recording.events) {
        events.push(format!(
            "{{\"ph\":\"C\",\"ts\":{at_us},\"pid\":{pid},\"tid\":0,\"name\":\"in flight\",\"args\":{{\"attempts\":{n}}}}}"
        ));
    }
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
