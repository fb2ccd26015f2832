//! What calls and timers submit within an instant, and in which order it is applied.

use super::timers::Stage;
use crate::engine::call::CallId;
use crate::engine::limiter::core::Order;

#[derive(Clone, Copy)]
pub(super) enum Message {
    /// A part of the answer arrived.
    Part(CallId),
    /// The attempt is over; its result lies with the call.
    Settled(CallId),
    TimedOut(CallId, Stage),
    RunTimedOut,
    Cancel(CallId),
    StopAll,
    /// The limits are others now.
    Resize,
    CleanedUp(CallId),
    BackoffEnded(CallId),
    Enter(CallId),
    Delivered(CallId),
    Used {
        call: CallId,
        into: CallId,
    },
    Released(CallId),
}

impl Message {
    pub(super) fn call(self) -> Option<CallId> {
        match self {
            Message::StopAll | Message::RunTimedOut | Message::Resize => None,
            Message::Part(call)
            | Message::Settled(call)
            | Message::TimedOut(call, _)
            | Message::Cancel(call)
            | Message::CleanedUp(call)
            | Message::BackoffEnded(call)
            | Message::Enter(call)
            | Message::Delivered(call)
            | Message::Used { call, .. }
            | Message::Released(call) => Some(call),
        }
    }

    /// The order within one instant: completions, time-outs, cancels, changed limits, clean-ups and
    /// backoffs that are over, submissions; within each by the call's place in the queue.
    pub(super) fn rank(self, order: Option<Order>) -> u64 {
        let (class, within): (u64, u64) = match self {
            // A part comes before the end of the same attempt.
            Message::Part(_) => (0, 0),
            Message::Settled(_) => (0, 1),
            Message::TimedOut(_, stage) => (1, stage as u64),
            Message::RunTimedOut => (2, 0),
            Message::Cancel(_) | Message::StopAll => (3, 0),
            Message::Resize => (4, 0),
            Message::CleanedUp(_) => (5, 0),
            Message::BackoffEnded(_) => (6, 0),
            Message::Delivered(_) => (7, 0),
            Message::Used { .. } => (7, 1),
            Message::Released(_) => (7, 2),
            Message::Enter(_) => (8, 0),
        };
        class << 56 | order.map_or(0, Order::rank) << 4 | within
    }
}
