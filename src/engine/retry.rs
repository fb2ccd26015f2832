//! Whether a failed attempt is tried again, and when.

use super::call::{CallError, Wait};
use super::clock::SECOND;
use super::draw::{DrawKey, Purpose};
use super::trace::WaitSource;

/// How often and how patiently a call is tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RetryPolicy {
    /// Attempts that may fail, the first one included.
    pub max_attempts: u32,
    /// Refusals (429, 503 with a wait time) a call bears. They are the provider's limit at work,
    /// so they have a count of their own.
    pub max_refusals: u32,
    /// The first backoff; it doubles each time.
    pub base_us: u64,
    /// The longest backoff.
    pub cap_us: u64,
    pub jitter: Jitter,
    /// Whether retries stop while most attempts fail (see [`RetryBudget`]).
    pub budgeted: bool,
}

impl RetryPolicy {
    /// The defaults of the common client libraries, with an own count for refusals.
    pub const STANDARD: RetryPolicy = RetryPolicy {
        max_attempts: 3,
        max_refusals: 10,
        base_us: SECOND / 2,
        cap_us: 8 * SECOND,
        jitter: Jitter::Equal,
        budgeted: true,
    };
}

/// How a backoff is spread, so that calls that failed together do not come back together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Jitter {
    None,
    /// Half of the delay is sure, half is drawn.
    Equal,
    /// All of it is drawn.
    Full,
    /// Up to a quarter is taken off, as the official client libraries do.
    Quarter,
}

/// The longest wait a server may ask for; beyond it the call gives up and says when it would be possible.
pub const LONGEST_WAIT_US: u64 = 120 * SECOND;

/// The base of the backoff after a refusal that does not say how long to wait.
const REFUSAL_BASE_US: u64 = 2 * SECOND;

/// How often a call was tried so far, the attempt just failed included.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tries {
    pub failures: u32,
    pub refusals: u32,
}

/// What a failed attempt is judged by besides its error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    pub tries: Tries,
    pub draws: DrawKey,
    /// Whether the run's retry budget allows another attempt.
    pub in_budget: bool,
    /// Time left until the call has to be over; none where it may take as long as it takes.
    pub left_us: Option<u64>,
}

/// What to do after a failed attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    Retry {
        delay_us: u64,
        source: WaitSource,
        /// The limiter's other calls wait as long: the provider refused, not the call failed.
        pause: bool,
    },
    GiveUp(GaveUp),
}

/// Why a call is not tried again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GaveUp {
    /// Trying again would bring the same answer.
    Final,
    /// Every attempt it has was used.
    AttemptsUsed { attempts: u32 },
    /// Every refusal it bears came.
    RefusalsUsed { refusals: u32 },
    /// Too many attempts of the run failed lately to add more.
    RetryBudgetUsed,
    /// The server asks for a longer wait than anybody sits through.
    WaitTooLong { wait_us: u64 },
    /// The next attempt would come after the call has to be over.
    TooLate,
    /// It waited too long to be admitted.
    QueueTimeout,
    /// It took too long from entry to end.
    CallTimeout,
    /// The run took too long.
    RunTimeout,
    /// Nothing left of the budget could pay for it.
    OverBudget,
    /// Somebody stopped it.
    Cancelled,
}

/// Decides on the attempt that just failed. Pure: the jitter is a keyed draw.
pub fn decide(policy: &RetryPolicy, error: &CallError, standing: Standing) -> Decision {
    let Tries { failures, refusals } = standing.tries;
    let retry = match error {
        CallError::Refused { wait, .. } => {
            if let Some(wait_us) = wait.us().filter(|us| *us > LONGEST_WAIT_US) {
                return Decision::GiveUp(GaveUp::WaitTooLong { wait_us });
            }
            if refusals > policy.max_refusals {
                return Decision::GiveUp(GaveUp::RefusalsUsed { refusals });
            }
            after_refusal(policy, *wait, standing)
        }
        CallError::Server { .. } | CallError::Unreachable { .. } | CallError::TimedOut { .. } => {
            if failures >= policy.max_attempts {
                return Decision::GiveUp(GaveUp::AttemptsUsed { attempts: failures });
            }
            if !standing.in_budget {
                return Decision::GiveUp(GaveUp::RetryBudgetUsed);
            }
            let delay_us = backoff_us(policy, policy.base_us, failures, standing);
            (delay_us, WaitSource::Backoff, false)
        }
        CallError::Unauthorized { .. }
        | CallError::OutOfQuota { .. }
        | CallError::Rejected { .. }
        | CallError::Malformed { .. }
        | CallError::Stalled { .. }
        | CallError::Truncated { .. } => return Decision::GiveUp(GaveUp::Final),
    };
    let (delay_us, source, pause) = retry;
    match standing.left_us {
        Some(left_us) if delay_us >= left_us => Decision::GiveUp(GaveUp::TooLate),
        _ => Decision::Retry { delay_us, source, pause },
    }
}

/// Retries as a share of what succeeds, after gRPC's proposal A6 ("retry throttling"): a failure
/// takes a token, a success gives a tenth of one back, and retries need more than half of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RetryBudget {
    tenths: u32,
}

const FULL_TENTHS: u32 = 100;

impl Default for RetryBudget {
    fn default() -> Self {
        RetryBudget { tenths: FULL_TENTHS }
    }
}

impl RetryBudget {
    pub fn failed(&mut self) {
        self.tenths = self.tenths.saturating_sub(10);
    }

    pub fn served(&mut self) {
        self.tenths = (self.tenths + 1).min(FULL_TENTHS);
    }

    pub fn allows(self) -> bool {
        self.tenths > FULL_TENTHS / 2
    }
}

fn after_refusal(policy: &RetryPolicy, wait: Wait, standing: Standing) -> (u64, WaitSource, bool) {
    let (delay_us, source) = match wait {
        Wait::Header { us } => (us + spread_us(policy, us, standing), WaitSource::Header),
        Wait::Body { us } => (us + spread_us(policy, us, standing), WaitSource::Body),
        Wait::Unsaid => {
            let delay_us = backoff_us(policy, REFUSAL_BASE_US, standing.tries.refusals, standing);
            (delay_us, WaitSource::Backoff)
        }
    };
    (delay_us, source, true)
}

/// A wait that was asked for is never shortened, only drawn out a little.
fn spread_us(policy: &RetryPolicy, wait_us: u64, standing: Standing) -> u64 {
    match policy.jitter {
        Jitter::None => 0,
        Jitter::Equal | Jitter::Full | Jitter::Quarter => {
            scaled((wait_us / 10).min(5 * SECOND), jitter_draw(standing))
        }
    }
}

fn backoff_us(policy: &RetryPolicy, base_us: u64, nth: u32, standing: Standing) -> u64 {
    let doubled = base_us.saturating_mul(1u64.checked_shl(nth.saturating_sub(1)).unwrap_or(u64::MAX));
    let delay_us = doubled.min(policy.cap_us.max(base_us));
    match policy.jitter {
        Jitter::None => delay_us,
        Jitter::Equal => delay_us / 2 + scaled(delay_us / 2, jitter_draw(standing)),
        Jitter::Full => scaled(delay_us, jitter_draw(standing)),
        Jitter::Quarter => delay_us - scaled(delay_us / 4, jitter_draw(standing)),
    }
}

fn jitter_draw(standing: Standing) -> f64 {
    let Tries { failures, refusals } = standing.tries;
    standing.draws.uniform(failures + refusals, Purpose::Backoff)
}

/// A product and a floor are exact in IEEE arithmetic, so this is the same on every platform.
fn scaled(us: u64, by: f64) -> u64 {
    (us as f64 * by) as u64
}
