//! How long each stage of a call may take.

use super::clock::SECOND;

/// Five stages and the whole run, each in microseconds; none is as long as it takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Timeouts {
    /// One attempt in flight. Waiting does not count. Tried again.
    pub attempt_us: Option<u64>,
    /// From admission to the first part of the answer. Tried again.
    pub first_token_us: Option<u64>,
    /// Between two parts of an answer. What has arrived is kept, and the call fails.
    pub idle_us: Option<u64>,
    /// Waiting to be admitted, anew after each backoff. Nothing was sent, nothing is billed.
    pub queue_us: Option<u64>,
    /// A call from entry to end, everything included.
    pub call_us: Option<u64>,
    /// The run.
    pub run_us: Option<u64>,
}

impl Timeouts {
    pub const NONE: Timeouts = Timeouts {
        attempt_us: None,
        first_token_us: None,
        idle_us: None,
        queue_us: None,
        call_us: None,
        run_us: None,
    };

    /// For replies that stream: a long answer is no reason to stop, silence is.
    pub const STREAMED: Timeouts =
        Timeouts { first_token_us: Some(30 * SECOND), idle_us: Some(30 * SECOND), ..Timeouts::NONE };

    /// The same for replies that arrive in one piece: no part comes before the whole.
    pub fn whole(self) -> Timeouts {
        Timeouts {
            attempt_us: self.attempt_us.or(Some(60 * SECOND)),
            first_token_us: None,
            idle_us: None,
            ..self
        }
    }
}
