//! Traces written by hand, and scenarios to rehearse.

use fanout::engine::call::{CallId, Certainty};
use fanout::engine::patterns::{Planned, Role};
use fanout::engine::trace::{End, Event, Failure, WaitReason, WaitSource, What};
use fanout::scenario::Scenario;
use fanout::scenario::draft::Draft;
use fanout::scenario::file;

pub fn at(ms: u64, what: What) -> Event {
    Event { at_us: ms * 1000, what }
}

pub fn entered(call: u32) -> What {
    What::Entered(CallId(call))
}

pub fn admitted(call: u32) -> What {
    What::Admitted(CallId(call))
}

pub fn first_token(call: u32) -> What {
    What::FirstToken(CallId(call))
}

pub fn holding(reason: WaitReason) -> What {
    What::Holding(Some(reason))
}

pub fn served(call: u32, input_tokens: u32, output_tokens: u32, certainty: Certainty) -> What {
    What::Served { call: CallId(call), input_tokens, output_tokens, certainty, bytes: 0 }
}

/// Served with a result of so many bytes.
pub fn served_with(call: u32, input_tokens: u32, output_tokens: u32, bytes: u32) -> What {
    let certainty = Certainty::Known;
    What::Served { call: CallId(call), input_tokens, output_tokens, certainty, bytes }
}

pub fn used(call: u32, into: u32) -> What {
    What::Used { call: CallId(call), into: CallId(into) }
}

pub fn failed(call: u32, failure: Failure) -> What {
    What::Failed { call: CallId(call), failure, status: 0 }
}

pub fn backing_off(call: u32, delay_ms: u32) -> What {
    What::BackingOff { call: CallId(call), delay_us: delay_ms * 1000, wait: WaitSource::Backoff }
}

pub fn ended(call: u32, end: End) -> What {
    What::Ended { call: CallId(call), end }
}

/// A plan from what each call feeds.
pub fn plan(feeds: &[Option<u32>]) -> Vec<Planned> {
    let fed = |call: u32| feeds.contains(&Some(call));
    let planned = |(i, feeds): (usize, &Option<u32>)| Planned {
        key: format!("call-{i}"),
        label: format!("call {i}"),
        role: if fed(i as u32) { Role::Aggregator } else { Role::Worker },
        feeds: *feeds,
        needs: Vec::new(),
    };
    feeds.iter().enumerate().map(planned).collect()
}

/// The first ready scenario without limits, after `change`.
pub fn scenario(change: impl FnOnce(&mut Draft)) -> Scenario {
    let mut draft =
        file::read(include_str!("../../public/scenarios/bill-of-rights.json")).expect("a scenario").draft;
    draft.limits.requests_per_minute = None;
    change(&mut draft);
    let (scenario, problems) = draft.check();
    assert_eq!(problems, []);
    scenario
}
