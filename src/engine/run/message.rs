//! What calls and timers submit within an instant, and in which order it is applied.

use std::sync::Arc;

use crate::engine::call::{CallError, CallId, Reply};
use crate::engine::limiter::core::Order;

pub(super) enum Message {
    FirstToken(CallId),
    /// Behind pointers, so that an inbox full of entries stays small.
    Settled(CallId, Result<Arc<Reply>, Box<CallError>>),
    TimedOut(CallId),
    Cancel(CallId),
    StopAll,
    BackoffEnded(CallId),
    Enter(CallId),
    Skip(CallId),
}

impl Message {
    pub(super) fn call(&self) -> Option<CallId> {
        match self {
            Message::StopAll => None,
            Message::FirstToken(call)
            | Message::Settled(call, _)
            | Message::TimedOut(call)
            | Message::Cancel(call)
            | Message::BackoffEnded(call)
            | Message::Enter(call)
            | Message::Skip(call) => Some(*call),
        }
    }

    /// The order within one instant: completions, time-outs, cancels, backoff ends, submissions;
    /// within each by the call's place in the queue.
    pub(super) fn rank(&self, order: Order) -> u64 {
        let class = match self {
            Message::FirstToken(_) | Message::Settled(..) => 0,
            Message::TimedOut(_) => 1,
            Message::Cancel(_) | Message::StopAll => 2,
            Message::BackoffEnded(_) => 3,
            Message::Enter(_) | Message::Skip(_) => 4,
        };
        // A first token comes before the end of the same attempt.
        let is_end = u64::from(matches!(self, Message::Settled(..)));
        let Order { priority, item, arm } = order;
        class << 56 | u64::from(priority) << 48 | u64::from(item) << 16 | u64::from(arm) << 8 | is_end
    }
}
