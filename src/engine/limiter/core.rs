//! The limiter's state machine: submit, cancel, settle, pump.

use std::collections::VecDeque;
use std::num::NonZeroU32;

use crate::engine::call::CallId;
use crate::engine::trace::WaitReason;

use super::bucket::{Bucket, Rate};

/// What the client allows itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Attempts in flight at once.
    pub concurrency: NonZeroU32,
    pub requests: Option<Rate>,
    pub tokens: Option<Rate>,
}

/// Where a call stands in the queue: by run priority, then item, then arm, so that a retry comes
/// before newer work and arms that share a limiter take turns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Order {
    pub priority: u8,
    pub item: u32,
    pub arm: u8,
}

/// A call that asks to be admitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Waiting {
    pub order: Order,
    pub call: CallId,
    /// Reserved on admission, settled when the real number is known.
    pub tokens: u32,
}

/// What a settled attempt gives back besides its slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Settlement {
    /// Served: the token reservation becomes what was really used.
    Used { tokens: u32 },
    /// Turned away before any work: the tokens come back, the request counts.
    TurnedAway,
    /// The server may have worked: nothing comes back.
    Uncertain,
    /// The attempt was admitted and never sent: everything comes back.
    NeverSent,
}

pub struct Core {
    limits: Limits,
    requests: Option<Bucket>,
    tokens: Option<Bucket>,
    /// Sorted by order.
    queue: VecDeque<Waiting>,
    in_flight: u32,
    paused_until_us: Option<u64>,
}

/// What a pump found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pumped {
    /// Why the head of the queue still waits; none where nobody does.
    pub holding: Option<WaitReason>,
    /// When to pump again if nothing happens before.
    pub wake_at_us: Option<u64>,
}

impl Core {
    pub fn new(limits: Limits, now_us: u64) -> Self {
        Core {
            requests: limits.requests.map(|rate| Bucket::new(rate, now_us)),
            tokens: limits.tokens.map(|rate| Bucket::new(rate, now_us)),
            limits,
            queue: VecDeque::new(),
            in_flight: 0,
            paused_until_us: None,
        }
    }

    pub fn in_flight(&self) -> u32 {
        self.in_flight
    }

    pub fn submit(&mut self, waiting: Waiting) {
        if self.queue.back().is_none_or(|last| last.order < waiting.order) {
            self.queue.push_back(waiting);
        } else {
            let place = self.queue.partition_point(|other| other.order < waiting.order);
            self.queue.insert(place, waiting);
        }
    }

    /// Takes a call out of the queue; nothing was consumed.
    pub fn cancel(&mut self, order: Order) {
        if let Ok(place) = self.queue.binary_search_by_key(&order, |waiting| waiting.order) {
            self.queue.remove(place);
        }
    }

    /// Ends an admitted attempt, for which `reserved` tokens were taken.
    pub fn settle(&mut self, reserved: u32, settlement: Settlement) {
        self.in_flight = self.in_flight.saturating_sub(1);
        let tokens_back = match settlement {
            Settlement::Used { tokens } => i64::from(reserved) - i64::from(tokens),
            Settlement::TurnedAway | Settlement::NeverSent => i64::from(reserved),
            Settlement::Uncertain => 0,
        };
        if let Some(bucket) = &mut self.tokens {
            bucket.settle(tokens_back);
        }
        if let (Some(bucket), Settlement::NeverSent) = (&mut self.requests, settlement) {
            bucket.settle(1);
        }
    }

    /// Nobody is admitted before `until_us`.
    pub fn pause(&mut self, until_us: u64) {
        self.paused_until_us = self.paused_until_us.max(Some(until_us));
    }

    /// Admits from the head of the queue while it can, strictly in order.
    pub fn pump(&mut self, now_us: u64, admitted: &mut Vec<Waiting>) -> Pumped {
        if let Some(until_us) = self.paused_until_us {
            if now_us < until_us {
                let waits = !self.queue.is_empty();
                return Pumped {
                    holding: waits.then_some(WaitReason::Paused),
                    wake_at_us: waits.then_some(until_us),
                };
            }
            self.paused_until_us = None;
            if let Some(bucket) = &mut self.requests {
                bucket.clip(until_us);
            }
        }
        while let Some(head) = self.queue.front().copied() {
            if self.in_flight >= self.limits.concurrency.get() {
                return Pumped { holding: Some(WaitReason::Concurrency), wake_at_us: None };
            }
            let requests_at_us = self.requests.as_mut().and_then(|bucket| bucket.lacks_until_us(1, now_us));
            if requests_at_us.is_some() {
                return Pumped { holding: Some(WaitReason::RequestRate), wake_at_us: requests_at_us };
            }
            let tokens_at_us =
                self.tokens.as_mut().and_then(|bucket| bucket.lacks_until_us(head.tokens, now_us));
            if tokens_at_us.is_some() {
                return Pumped { holding: Some(WaitReason::TokenRate), wake_at_us: tokens_at_us };
            }
            if let Some(bucket) = &mut self.requests {
                bucket.take(1);
            }
            if let Some(bucket) = &mut self.tokens {
                bucket.take(head.tokens);
            }
            self.in_flight += 1;
            self.queue.pop_front();
            admitted.push(head);
        }
        Pumped { holding: None, wake_at_us: None }
    }
}
