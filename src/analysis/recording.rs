//! What is kept of one arm of a run: its plan, its events, its texts, its outcome.

use std::sync::Arc;

use crate::engine::call::{CallError, CallId, Request};
use crate::engine::patterns::{Outcome, Planned};
use crate::engine::run::{CallResult, RunView};
use crate::engine::trace::{Event, What};

/// One arm of a run, so far or whole. Calls are numbered from 0 within the arm.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Recording {
    pub plan: Arc<Vec<Planned>>,
    pub events: Vec<Event>,
    /// One for each call of the plan.
    pub texts: Vec<Text>,
    pub outcome: Option<Outcome>,
    /// How long the run has lasted.
    pub now_us: u64,
}

/// The words of one call.
#[derive(Clone, Debug, Default)]
pub struct Text {
    pub request: Option<Arc<Request>>,
    pub partial: String,
    pub errors: Vec<CallError>,
    pub result: Option<CallResult>,
}

impl PartialEq for Text {
    /// The request is the same object as long as the call is.
    fn eq(&self, other: &Self) -> bool {
        self.partial == other.partial && self.errors == other.errors && self.result == other.result
    }
}

impl Recording {
    /// Takes down the arm whose calls begin with number `first`.
    pub fn of(view: &RunView, first: u32, plan: Arc<Vec<Planned>>, outcome: Option<Outcome>) -> Self {
        let n_calls = plan.len() as u32;
        let events = view.trace().events().filter_map(|event| rebased(event, first, n_calls)).collect();
        let texts = (first..first + n_calls)
            .map(|call| match view.text(CallId(call)) {
                Some(text) => Text {
                    request: text.request.clone(),
                    partial: text.partial.clone(),
                    errors: text.errors.clone(),
                    result: text.result.clone(),
                },
                None => Text::default(),
            })
            .collect();
        Recording { plan, events, texts, outcome, now_us: view.now_us() }
    }

    /// The latest instant it knows of: its end, or now where it goes on.
    pub fn last_us(&self) -> u64 {
        match self.events.last() {
            Some(last) if self.n_over() == self.plan.len() => last.at_us,
            _ => self.now_us,
        }
    }

    /// How many of its calls are over.
    pub fn n_over(&self) -> usize {
        self.events.iter().filter(|event| event.what.end().is_some()).count()
    }
}

/// The event with calls numbered within the arm; none where it is about another arm.
fn rebased(mut event: Event, first: u32, n_calls: u32) -> Option<Event> {
    if let What::Used { into, .. } = &mut event.what {
        into.0 = into.0.checked_sub(first)?;
    }
    if let Some(call) = event.what.call_mut() {
        call.0 = call.0.checked_sub(first).filter(|index| *index < n_calls)?;
    }
    Some(event)
}
