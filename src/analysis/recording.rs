//! What is kept of one arm of a run: its plan, its events, its texts, its outcome.

use std::sync::Arc;

use crate::engine::call::{CallError, CallId, Request};
use crate::engine::patterns::{Outcome, Planned};
use crate::engine::run::{CallResult, RunView};
use crate::engine::trace::{Event, Events, WaitReason, What};

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
    /// The heads of replies, each with the number of its attempt from 0.
    pub heads: Vec<(usize, String)>,
    pub result: Option<CallResult>,
    /// The call brought an answer that is no longer there, since it was used.
    pub let_go: bool,
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
        let events = own_events(view.trace().events(), first, n_calls);
        let mut texts: Vec<Text> = (first..first + n_calls)
            .map(|call| match view.text(CallId(call)) {
                Some(text) => Text {
                    request: text.request.clone(),
                    partial: text.partial().to_string(),
                    errors: text.errors().to_vec(),
                    heads: text.heads().to_vec(),
                    result: text.result.clone(),
                    let_go: false,
                },
                None => Text::default(),
            })
            .collect();
        for event in &events {
            if let What::Served { call, .. } = event.what
                && let Some(text) = texts.get_mut(call.0 as usize)
            {
                text.let_go = text.result.is_none();
            }
        }
        let plan = fed(plan, &events);
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

/// The plan with what was seen of it: which result went into which call.
fn fed(plan: Arc<Vec<Planned>>, events: &[Event]) -> Arc<Vec<Planned>> {
    let unseen = |call: &CallId| plan.get(call.0 as usize).is_some_and(|planned| planned.feeds.is_none());
    let mut seen: Option<Vec<Planned>> = None;
    for event in events {
        if let What::Used { call, into } = event.what
            && unseen(&call)
            && let Some(planned) = seen.get_or_insert_with(|| plan.to_vec()).get_mut(call.0 as usize)
        {
            planned.feeds = Some(into.0);
        }
    }
    seen.map_or(plan, Arc::new)
}

/// The events of the arm and of the limiter. Where the limiter is full, but not of this arm's calls,
/// its calls wait for another arm.
fn own_events(all: Events, first: u32, n_calls: u32) -> Vec<Event> {
    let (mut own_in_flight, mut limit) = (0u32, u32::MAX);
    let (mut holding, mut shown) = (None, None);
    let mut events = Vec::new();
    for event in all {
        let at_us = event.at_us;
        let own = rebased(event, first, n_calls);
        match own.map(|event| event.what) {
            Some(What::Admitted(_)) => own_in_flight += 1,
            Some(What::Served { .. } | What::Failed { .. }) => {
                own_in_flight = own_in_flight.saturating_sub(1)
            }
            Some(What::Limit(n)) => limit = n,
            Some(What::Holding(reason)) => holding = reason,
            _ => {}
        }
        events.extend(own.filter(|event| !matches!(event.what, What::Holding(_))));
        let reason = match holding {
            Some(WaitReason::Concurrency) if own_in_flight < limit => Some(WaitReason::OtherArm),
            reason => reason,
        };
        if reason != shown {
            shown = reason;
            events.push(Event { at_us, what: What::Holding(reason) });
        }
    }
    events
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
