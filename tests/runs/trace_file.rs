//! The trace for other programs: within the format, well nested, complete.

use std::collections::BTreeMap;

use fanout::analysis::measure::N_MEASURES;
use fanout::analysis::metrics::{Figure, metrics};
use fanout::analysis::recording::Recording;
use fanout::analysis::story::Stories;
use fanout::runs::kept::Answered;
use fanout::runs::run_file::Arm;
use fanout::runs::trace_file::write;
use fanout::scenario::ArmKind;
use fanout::scenario::dial::Dial;
use fanout::scenario::draft::Draft;
use serde_json::Value;

use crate::sample::{draft, recordings, troubled};

fn written(recordings: &[Recording; 3]) -> Value {
    let figures = [Figure::UNKNOWN; N_MEASURES];
    let arms = ArmKind::ALL.into_iter().zip(recordings);
    let arms: Vec<Arm> =
        arms.map(|(kind, recording)| Arm { kind, recording, figures, single: None }).collect();
    let text = write("A \"title\"", &Answered::Simulated, &arms);
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error} in {text:.300}"))
}

fn events(trace: &Value) -> &Vec<Value> {
    trace["traceEvents"].as_array().expect("a list of events")
}

fn number(event: &Value, name: &str) -> u64 {
    event[name].as_u64().unwrap_or_else(|| panic!("{name} is no whole number from zero up in {event}"))
}

fn of_kind<'a>(trace: &'a Value, kind: &'a str) -> impl Iterator<Item = &'a Value> {
    events(trace).iter().filter(move |event| event["ph"] == kind)
}

/// Runs with refusals, retries, failures, cancelled calls and calls that are cut off.
fn runs() -> Vec<[Recording; 3]> {
    let hurried = |draft: &mut Draft| {
        troubled(draft);
        draft.dials.set(Dial::OnFailure, Some(3));
        draft.dials.set(Dial::CleanUp, Some(700));
    };
    let mut cut = recordings(&draft(|_| {}));
    for recording in &mut cut {
        recording.now_us = 1_500_000;
        recording.events.retain(|event| event.at_us <= 1_500_000);
    }
    vec![recordings(&draft(|_| {})), recordings(&draft(troubled)), recordings(&draft(hurried)), cut]
}

#[test]
fn every_event_has_what_its_kind_requires() {
    for recordings in runs() {
        let trace = written(&recordings);
        assert_eq!(trace["displayTimeUnit"], "ms");
        assert_eq!(trace["otherData"]["answered"], "simulated");
        for event in events(&trace) {
            for name in ["pid", "tid", "ts"] {
                number(event, name);
            }
            assert!(event["name"].as_str().is_some_and(|name| !name.is_empty()), "{event}");
            match event["ph"].as_str().expect("a kind") {
                "X" => {
                    number(event, "dur");
                    assert!(event["cat"].is_string(), "{event}");
                }
                "C" => assert!(event["args"]["attempts"].is_u64(), "{event}"),
                "M" => match event["name"].as_str() {
                    Some("process_name" | "thread_name") => assert!(event["args"]["name"].is_string()),
                    Some("process_sort_index" | "thread_sort_index") => {
                        assert!(event["args"]["sort_index"].is_u64());
                    }
                    _ => panic!("no such metadata: {event}"),
                },
                _ => panic!("no such kind: {event}"),
            }
        }
    }
}

/// Guards against a viewer that drops events since they overlap without one being within the other.
#[test]
fn events_of_a_thread_are_well_nested() {
    for recordings in runs() {
        let trace = written(&recordings);
        let mut threads: BTreeMap<(u64, u64), Vec<(u64, u64)>> = BTreeMap::new();
        for event in of_kind(&trace, "X") {
            let (from, length) = (number(event, "ts"), number(event, "dur"));
            let thread = threads.entry((number(event, "pid"), number(event, "tid"))).or_default();
            thread.push((from, from + length));
        }
        assert!(threads.len() > 20);
        for (thread, mut spans) in threads {
            spans.sort_by_key(|(from, to)| (*from, std::cmp::Reverse(*to)));
            let mut open: Vec<u64> = Vec::new();
            for (from, to) in spans {
                open.retain(|end| *end > from);
                assert!(open.last().is_none_or(|end| to <= *end), "{thread:?}: {from} to {to} in {open:?}");
                open.push(to);
            }
        }
    }
}

#[test]
fn every_call_is_a_thread_and_every_phase_is_there() {
    for recordings in runs() {
        let trace = written(&recordings);
        for (pid, recording) in (1..).zip(&recordings) {
            let own = |event: &&Value| event["pid"] == pid;
            let names: Vec<&str> = of_kind(&trace, "M")
                .filter(own)
                .filter(|event| event["name"] == "thread_name")
                .filter_map(|event| event["args"]["name"].as_str())
                .collect();
            let labels: Vec<&str> = recording.plan.iter().map(|planned| planned.label.as_str()).collect();
            assert_eq!(names, labels);
            let stories = Stories::of(&recording.events, recording.plan.len(), recording.now_us);
            for (tid, story) in (1..).zip(stories.iter()) {
                let of_call = of_kind(&trace, "X").filter(own).filter(|event| event["tid"] == tid);
                let (whole, phases): (Vec<&Value>, Vec<&Value>) =
                    of_call.partition(|event| event["cat"] == "call");
                assert_eq!(whole.len(), usize::from(story.entered_us.is_some()));
                let phases: Vec<(u64, u64)> =
                    phases.iter().map(|event| (number(event, "ts"), number(event, "dur"))).collect();
                let spans: Vec<(u64, u64)> =
                    story.spans.iter().map(|span| (span.from_us, span.to_us - span.from_us)).collect();
                assert_eq!(phases, spans, "call {tid} of arm {pid}");
            }
        }
    }
}

#[test]
fn the_counter_is_what_is_in_flight() {
    for recordings in runs() {
        let trace = written(&recordings);
        for (pid, recording) in (1..).zip(&recordings) {
            let counted: Vec<(u64, u64)> = of_kind(&trace, "C")
                .filter(|event| event["pid"] == pid)
                .map(|event| (number(event, "ts"), number(&event["args"], "attempts")))
                .collect();
            assert!(counted.windows(2).all(|pair| pair[0].0 < pair[1].0), "one value an instant");
            let most = counted.iter().map(|(_, n)| *n).max();
            assert!(most <= metrics(recording, None, None).peak_in_flight.value && most > Some(1));
            if recording.n_over() == recording.plan.len() {
                assert_eq!(counted.last().map(|(_, n)| *n), Some(0));
            }
        }
    }
}
