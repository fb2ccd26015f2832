//! The append-only log of a run: every picture, number and export is a view of it.
//!
//! Invariant: events stand in the order of time and are never changed. Texts lie beside the log
//! (see `run::CallText`); the log itself is integers.

mod packed;

use self::packed::{LONG_WAIT, MOST_DELTA_US, Words};
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
    /// The attempt brought an answer of `bytes`, and with it the call is over.
    Served { call: CallId, input_tokens: u32, output_tokens: u32, certainty: Certainty, bytes: u32 },
    /// Of the tokens of the attempt that is served next, at this very instant.
    Counted { call: CallId, cached_tokens: u32, cache_write_tokens: u32, reasoning_tokens: u32 },
    /// What the server says that attempt costs.
    Billed { call: CallId, nano_usd: u64 },
    /// The attempt brought none. Tokens may have been billed all the same.
    Failed { call: CallId, failure: Failure, status: u16 },
    /// The next attempt may start at this event's time plus `delay_us`.
    BackingOff { call: CallId, delay_us: u32, wait: WaitSource },
    /// The call is over without an answer.
    Ended { call: CallId, end: End },
    /// The result was handed over later than it came, since an earlier one was still missing.
    Delivered(CallId),
    /// The result went into the call `into`; it is held until that is over.
    Used { call: CallId, into: CallId },
    /// The result is no longer needed.
    Released(CallId),
    /// The caller of this arm goes on although calls are not over.
    Left { arm: u8 },
    /// From now on so many may be in flight.
    Limit(u32),
}

/// What keeps waiting calls from being admitted, in the order in which it is tested.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum WaitReason {
    /// A refusal asked everybody to wait.
    Paused,
    /// As many are in flight as may be.
    Concurrency,
    /// As many are in flight as may be, and some of them belong to other arms.
    OtherArm,
    /// What is left of the budget is reserved for attempts in flight.
    Budget,
    /// A slot is free; only the request rate stops the call.
    RequestRate,
    /// A slot is free; only the token rate stops the call.
    TokenRate,
}

impl WaitReason {
    const ALL: [WaitReason; 6] = [
        WaitReason::Paused,
        WaitReason::Concurrency,
        WaitReason::OtherArm,
        WaitReason::Budget,
        WaitReason::RequestRate,
        WaitReason::TokenRate,
    ];
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
    /// The answer stopped coming half-way.
    Stalled,
    /// Aborted from our side; whether the provider bills it is unknown.
    Aborted,
    /// Admitted, and given up before anything was sent: it is as if it had never been.
    TakenBack,
}

impl Failure {
    const ALL: [Failure; 12] = [
        Failure::Refused,
        Failure::Server,
        Failure::Unreachable,
        Failure::TimedOut,
        Failure::Unauthorized,
        Failure::OutOfQuota,
        Failure::Rejected,
        Failure::Malformed,
        Failure::Truncated,
        Failure::Stalled,
        Failure::Aborted,
        Failure::TakenBack,
    ];
}

/// Where the length of a wait came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum WaitSource {
    Backoff,
    Header,
    Body,
}

impl WaitSource {
    const ALL: [WaitSource; 3] = [WaitSource::Backoff, WaitSource::Header, WaitSource::Body];
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

impl End {
    const ALL: [End; 4] = [End::Served, End::Failed, End::Cancelled, End::Skipped];
}

/// The log, packed: an event takes two to five words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trace {
    words: Vec<u32>,
    last_us: u64,
}

impl Trace {
    /// Makes room for the events of `n` more calls that go well.
    pub fn reserve_calls(&mut self, n: usize) {
        // Entered, admitted, first token: two words each; served: five.
        self.words.reserve(11 * n);
    }

    /// Appends an event. Time never goes back: an earlier instant counts as the last one.
    pub fn push(&mut self, at_us: u64, what: What) {
        let mut delta_us = at_us.saturating_sub(self.last_us);
        self.last_us += delta_us;
        while delta_us > MOST_DELTA_US {
            self.words.push(LONG_WAIT);
            delta_us -= MOST_DELTA_US;
        }
        packed::write(&mut self.words, delta_us as u32, what);
    }

    pub fn events(&self) -> Events<'_> {
        Events { words: Words::new(&self.words), at_us: 0 }
    }

    /// Bytes the log takes, texts not counted.
    pub fn bytes(&self) -> usize {
        self.words.len() * size_of::<u32>()
    }

    /// FNV-1a over the log: equal traces, equal hashes, on every platform.
    pub fn hash(&self) -> u64 {
        fnv1a(self.words.iter().flat_map(|word| word.to_le_bytes()))
    }
}

/// The events of a log, from the first on.
#[derive(Clone)]
pub struct Events<'a> {
    words: Words<'a>,
    at_us: u64,
}

impl Iterator for Events<'_> {
    type Item = Event;

    fn next(&mut self) -> Option<Event> {
        let (delta_us, what) = self.words.next()?;
        self.at_us += delta_us;
        Some(Event { at_us: self.at_us, what })
    }
}

impl What {
    /// The call it is about; none where it is about the limiter or an arm.
    pub fn call(&self) -> Option<CallId> {
        let mut copy = *self;
        copy.call_mut().copied()
    }

    /// The call it is about, to be renumbered.
    pub fn call_mut(&mut self) -> Option<&mut CallId> {
        match self {
            What::Holding(_) | What::Left { .. } | What::Limit(_) => None,
            What::Entered(call)
            | What::Admitted(call)
            | What::FirstToken(call)
            | What::Served { call, .. }
            | What::Counted { call, .. }
            | What::Billed { call, .. }
            | What::Failed { call, .. }
            | What::BackingOff { call, .. }
            | What::Ended { call, .. }
            | What::Delivered(call)
            | What::Used { call, .. }
            | What::Released(call) => Some(call),
        }
    }

    /// How the call it is about ended with it; none where that goes on.
    pub fn end(&self) -> Option<End> {
        match self {
            What::Served { .. } => Some(End::Served),
            What::Ended { end, .. } => Some(*end),
            _ => None,
        }
    }
}
