//! The append-only log of a run: every picture, number and export is a view of it.
//!
//! Texts lie beside it (see `run::Texts`); the log itself is integers of fixed size.

use super::call::{CallId, Certainty};
use super::fnv::fnv1a;

/// One thing that happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Event {
    pub at_us: u64,
    pub what: What,
}

/// What happened, and to which call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// The call came through the window and waits to be admitted.
    Entered(CallId),
    /// The limiter's reason not to admit the head of its queue changed; it holds for all who wait.
    Holding(Option<WaitReason>),
    /// An attempt was admitted and sent.
    Admitted(CallId),
    /// The first part of the answer arrived.
    FirstToken(CallId),
    /// The attempt brought an answer.
    Served { call: CallId, input_tokens: u32, output_tokens: u32, certainty: Certainty },
    /// The attempt brought none. Tokens may have been billed all the same.
    Failed { call: CallId, failure: Failure, status: u16 },
    /// The next attempt may start at this event's time plus `delay_us`.
    BackingOff { call: CallId, delay_us: u32, wait: WaitSource },
    /// The call is over.
    Ended { call: CallId, end: End, bytes: u32 },
}

/// What keeps waiting calls from being admitted, in the order in which it is tested.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum WaitReason {
    /// A refusal asked everybody to wait.
    Paused,
    /// As many are in flight as may be.
    Concurrency,
    /// A slot is free; only the request rate stops the call.
    RequestRate,
    /// A slot is free; only the token rate stops the call.
    TokenRate,
}

/// How an attempt failed. `Refused` is the provider's limit, not a failure of the call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Failure {
    Refused,
    Server,
    Unreachable,
    TimedOut,
    Unauthorized,
    OutOfQuota,
    Rejected,
    Malformed,
    Truncated,
    /// Aborted from our side; whether the provider bills it is unknown.
    Aborted,
}

/// Where the length of a wait came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum WaitSource {
    Backoff,
    Header,
    Body,
}

/// How a call ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum End {
    Served,
    Failed,
    Cancelled,
    /// Never asked: nothing arrived that it could have worked on, or the run was stopped before.
    Skipped,
}

/// The log.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Trace {
    events: Vec<Event>,
}

impl Trace {
    /// Makes room for the events of `n` more calls that go well.
    pub fn reserve_calls(&mut self, n: usize) {
        // Entered, admitted, served, ended.
        self.events.reserve(4 * n);
    }

    pub fn push(&mut self, at_us: u64, what: What) {
        self.events.push(Event { at_us, what });
    }

    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// Bytes the log takes, texts not counted.
    pub fn bytes(&self) -> usize {
        self.events.len() * size_of::<Event>()
    }

    /// FNV-1a over every field of every event: equal traces, equal hashes, on every platform.
    pub fn hash(&self) -> u64 {
        fnv1a(self.events.iter().flat_map(Event::words).flat_map(u64::to_le_bytes))
    }
}

impl Event {
    /// The call it is about; none where it is about the limiter.
    pub fn call(&self) -> Option<CallId> {
        match self.what {
            What::Holding(_) => None,
            What::Entered(call)
            | What::Admitted(call)
            | What::FirstToken(call)
            | What::Served { call, .. }
            | What::Failed { call, .. }
            | What::BackingOff { call, .. }
            | What::Ended { call, .. } => Some(call),
        }
    }

    fn words(&self) -> [u64; 5] {
        let (kind, a, b, c) = match self.what {
            What::Entered(call) => (1, call.0, 0, 0),
            What::Holding(reason) => (2, reason.map_or(0, |reason| 1 + reason as u32), 0, 0),
            What::Admitted(call) => (3, call.0, 0, 0),
            What::FirstToken(call) => (4, call.0, 0, 0),
            What::Served { call, input_tokens, output_tokens, .. } => {
                (5, call.0, input_tokens, output_tokens)
            }
            What::Failed { call, failure, status } => (6, call.0, failure as u32, status.into()),
            What::BackingOff { call, delay_us, wait } => (7, call.0, delay_us, wait as u32),
            What::Ended { call, end, bytes } => (8, call.0, end as u32, bytes),
        };
        [self.at_us, kind, a.into(), b.into(), c.into()]
    }
}
