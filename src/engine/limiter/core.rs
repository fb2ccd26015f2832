//! The limiter's state machine: submit, cancel, settle, pump.

use std::collections::VecDeque;
use std::num::NonZeroU32;

use super::adaptive::{Adaptive, Aimd};
use super::bucket::{Bucket, Rate};
use super::budget::{Affordable, Budget, Spending};
use super::requests::{RequestRate, Requests};
use crate::engine::call::CallId;
use crate::engine::trace::WaitReason;

/// What the client allows itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Attempts in flight at once.
    pub concurrency: NonZeroU32,
    /// Begins lower and moves with what is refused; none stays at `concurrency`.
    pub adaptive: Option<Adaptive>,
    pub requests: Option<RequestRate>,
    pub tokens: Option<Rate>,
    pub budget: Option<Budget>,
    pub after_pause: AfterPause,
}

/// Who goes when a pause is over and no request rate is known. Where one is, its bucket lets one go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AfterPause {
    /// As many as the limit allows.
    All,
    /// One, to see whether it is refused again; the others once it has settled.
    Probe,
}

impl Limits {
    /// No limit but on concurrency.
    pub fn concurrent(concurrency: NonZeroU32) -> Self {
        Limits {
            concurrency,
            adaptive: None,
            requests: None,
            tokens: None,
            budget: None,
            after_pause: AfterPause::All,
        }
    }
}

/// Where a call stands in the queue: by run priority, then item, then arm, so that a retry comes
/// before newer work and arms that share a limiter take turns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Order(u64);

impl Order {
    /// The lowest priority number goes first.
    pub fn new(priority: u8, item: u32, arm: u8) -> Self {
        Order(u64::from(priority) << 40 | u64::from(item) << 8 | u64::from(arm))
    }

    /// The same but for the item.
    pub fn at(self, item: u32) -> Self {
        Order(self.0 & !(u64::from(u32::MAX) << 8) | u64::from(item) << 8)
    }

    /// As a number of at most 48 bits.
    pub fn rank(self) -> u64 {
        self.0
    }
}

/// A call that asks to be admitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Waiting {
    pub order: Order,
    pub call: CallId,
    /// Reserved on admission, settled when the real number is known.
    pub tokens: u32,
    pub cost_nano_usd: u64,
}

/// The permission for one attempt, and what was taken for it. It has to be settled.
#[must_use = "a grant that is not settled never gives back what it took"]
#[derive(Debug, PartialEq, Eq)]
pub struct Grant {
    /// Attempts are numbered as they are admitted.
    number: u64,
    at_us: u64,
    tokens: u32,
    cost_nano_usd: u64,
}

/// How an attempt ended, for what it gives back besides its slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Settlement {
    /// Served: what was reserved becomes what was really used.
    Used { tokens: u32, cost_nano_usd: u64 },
    /// The provider's limit said no: tokens and money come back, the request counts.
    Refused,
    /// Turned away for what it is, before any work: as refused, but no sign of load.
    TurnedAway,
    /// The server may have worked: nothing comes back.
    Uncertain,
    /// The attempt was admitted and never sent: everything comes back.
    NeverSent,
}

pub struct Core {
    limits: Limits,
    adaptive: Option<Aimd>,
    requests: Option<Requests>,
    tokens: Option<Bucket>,
    spending: Spending,
    /// Sorted by order.
    queue: VecDeque<Waiting>,
    in_flight: u32,
    admitted: u64,
    pause: Pause,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Pause {
    None,
    /// Nobody goes before.
    Until(u64),
    /// It is over, and one may go.
    ProbeNext,
    /// That one is under way.
    ProbeOut {
        number: u64,
    },
}

/// What a pump found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pumped {
    /// Why the head of the queue still waits; none where nobody does.
    pub holding: Option<WaitReason>,
    /// When to pump again if nothing happens before.
    pub wake_at_us: Option<u64>,
}

/// Whom a pump let go.
#[derive(Default)]
pub struct Passed {
    pub admitted: Vec<(CallId, Grant)>,
    /// Calls that nothing left of the budget could pay for; they are out of the queue.
    pub over_budget: Vec<CallId>,
}

impl Core {
    pub fn new(limits: Limits, now_us: u64) -> Self {
        Core {
            adaptive: limits.adaptive.map(|adaptive| Aimd::new(adaptive, limits.concurrency)),
            requests: limits.requests.map(|rate| Requests::new(rate, now_us)),
            tokens: limits.tokens.map(|rate| Bucket::new(rate, now_us)),
            limits,
            spending: Spending::default(),
            queue: VecDeque::new(),
            in_flight: 0,
            admitted: 0,
            pause: Pause::None,
        }
    }

    pub fn in_flight(&self) -> u32 {
        self.in_flight
    }

    /// How many may be in flight now.
    pub fn limit(&self) -> u32 {
        self.adaptive.as_ref().map_or(self.limits.concurrency.get(), Aimd::limit)
    }

    pub fn spending(&self) -> Spending {
        self.spending
    }

    pub fn budget(&self) -> Option<&Budget> {
        self.limits.budget.as_ref()
    }

    /// Makes room for `n` more that wait.
    pub fn reserve(&mut self, n: usize) {
        self.queue.reserve(n);
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

    /// Ends an admitted attempt.
    pub fn settle(&mut self, grant: Grant, settlement: Settlement, now_us: u64) {
        let Grant { number, at_us, tokens: reserved, cost_nano_usd: reserved_nano_usd } = grant;
        if let Some(aimd) = &mut self.adaptive {
            match settlement {
                Settlement::Used { .. } => aimd.served(self.in_flight),
                Settlement::Refused => aimd.refused(number, self.admitted),
                Settlement::TurnedAway | Settlement::Uncertain | Settlement::NeverSent => {}
            }
        }
        if self.pause == (Pause::ProbeOut { number }) {
            self.pause = match settlement {
                Settlement::Refused | Settlement::NeverSent => Pause::ProbeNext,
                Settlement::Used { .. } | Settlement::TurnedAway | Settlement::Uncertain => Pause::None,
            };
        }
        self.in_flight = self.in_flight.saturating_sub(1);
        let (used_tokens, used_nano_usd) = match settlement {
            Settlement::Used { tokens, cost_nano_usd } => (tokens, cost_nano_usd),
            Settlement::Refused | Settlement::TurnedAway | Settlement::NeverSent => (0, 0),
            Settlement::Uncertain => (reserved, reserved_nano_usd),
        };
        self.spending.settle(reserved_nano_usd, used_nano_usd);
        if let Some(bucket) = &mut self.tokens {
            bucket.settle(i64::from(reserved) - i64::from(used_tokens), now_us);
        }
        if let (Some(requests), Settlement::NeverSent) = (&mut self.requests, settlement) {
            requests.refund(at_us, now_us);
        }
    }

    /// Nobody is admitted before `until_us`.
    pub fn pause(&mut self, until_us: u64) {
        self.pause = match self.pause {
            Pause::Until(other_us) => Pause::Until(until_us.max(other_us)),
            _ => Pause::Until(until_us),
        };
    }

    /// Goes on under other limits. Nobody in flight is stopped: while there are more than may be,
    /// nobody is admitted.
    pub fn resize(&mut self, limits: Limits, now_us: u64) {
        match (&mut self.adaptive, limits.adaptive) {
            (Some(aimd), Some(adaptive)) if self.limits.adaptive == Some(adaptive) => {
                aimd.resize(limits.concurrency);
            }
            (aimd, adaptive) => *aimd = adaptive.map(|adaptive| Aimd::new(adaptive, limits.concurrency)),
        }
        match (&mut self.requests, limits.requests) {
            (Some(requests), Some(rate)) => requests.resize(rate, now_us),
            (requests, rate) => *requests = rate.map(|rate| Requests::new(rate, now_us)),
        }
        match (&mut self.tokens, limits.tokens) {
            (Some(bucket), Some(rate)) => bucket.resize(rate, now_us),
            (bucket, rate) => *bucket = rate.map(|rate| Bucket::new(rate, now_us)),
        }
        self.limits = limits;
    }

    /// Admits from the head of the queue while it can, strictly in order: everything an attempt
    /// needs is taken in one step, or nothing is.
    pub fn pump(&mut self, now_us: u64, passed: &mut Passed) -> Pumped {
        self.end_pause(now_us);
        while let Some(head) = self.queue.front().copied() {
            match self.obstacle(&head, now_us) {
                Obstacle::None => passed.admitted.push((head.call, self.grant(&head, now_us))),
                Obstacle::OverBudget => passed.over_budget.push(head.call),
                Obstacle::Wait { holding, wake_at_us } => {
                    return Pumped { holding: Some(holding), wake_at_us };
                }
            }
            self.queue.pop_front();
        }
        Pumped { holding: None, wake_at_us: None }
    }

    fn end_pause(&mut self, now_us: u64) {
        if let Pause::Until(until_us) = self.pause
            && until_us <= now_us
        {
            self.pause = match (&mut self.requests, self.limits.after_pause) {
                (Some(requests), _) => {
                    // What was not used while nobody could go must not come as a herd.
                    requests.clip(until_us);
                    Pause::None
                }
                (None, AfterPause::Probe) => Pause::ProbeNext,
                (None, AfterPause::All) => Pause::None,
            };
        }
    }

    /// What stands in the way of the head, in the order in which waits are named.
    fn obstacle(&mut self, head: &Waiting, now_us: u64) -> Obstacle {
        let wait = |holding, wake_at_us| Obstacle::Wait { holding, wake_at_us };
        match self.pause {
            Pause::None | Pause::ProbeNext => {}
            Pause::Until(until_us) => return wait(WaitReason::Paused, Some(until_us)),
            Pause::ProbeOut { .. } => return wait(WaitReason::Paused, None),
        }
        if self.in_flight >= self.limit() {
            return wait(WaitReason::Concurrency, None);
        }
        if let Some(budget) = &self.limits.budget {
            match self.spending.affordable(budget, head.cost_nano_usd) {
                Affordable::Yes => {}
                Affordable::Perhaps => return wait(WaitReason::Budget, None),
                Affordable::No => return Obstacle::OverBudget,
            }
        }
        let requests_at_us = self.requests.as_mut().and_then(|requests| requests.lacks_until_us(now_us));
        if requests_at_us.is_some() {
            return wait(WaitReason::RequestRate, requests_at_us);
        }
        let tokens_at_us = self.tokens.as_mut().and_then(|bucket| bucket.lacks_until_us(head.tokens, now_us));
        if tokens_at_us.is_some() {
            return wait(WaitReason::TokenRate, tokens_at_us);
        }
        Obstacle::None
    }

    fn grant(&mut self, head: &Waiting, now_us: u64) -> Grant {
        let Waiting { tokens, cost_nano_usd, .. } = *head;
        let number = self.admitted;
        self.admitted += 1;
        self.in_flight += 1;
        if let Some(requests) = &mut self.requests {
            requests.take(now_us);
        }
        if let Some(bucket) = &mut self.tokens {
            bucket.take(tokens);
        }
        self.spending.reserve(cost_nano_usd);
        if self.pause == Pause::ProbeNext {
            self.pause = Pause::ProbeOut { number };
        }
        Grant { number, at_us: now_us, tokens, cost_nano_usd }
    }
}

enum Obstacle {
    None,
    OverBudget,
    Wait { holding: WaitReason, wake_at_us: Option<u64> },
}
