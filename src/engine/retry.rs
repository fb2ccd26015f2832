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
    /// An attempt without an answer is aborted after this time in flight. Waiting does not count.
    pub attempt_timeout_us: Option<u64>,
}

impl RetryPolicy {
    /// The defaults of the common client libraries, with an own count for refusals.
    pub const STANDARD: RetryPolicy = RetryPolicy {
        max_attempts: 3,
        max_refusals: 10,
        base_us: SECOND / 2,
        cap_us: 8 * SECOND,
        jitter: Jitter::Equal,
        attempt_timeout_us: Some(60 * SECOND),
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
    /// The server asks for a longer wait than anybody sits through.
    WaitTooLong { wait_us: u64 },
    /// Somebody stopped it.
    Cancelled,
}

/// Decides on the attempt that just failed. Pure: the jitter is a keyed draw.
pub fn decide(policy: &RetryPolicy, error: &CallError, tries: Tries, draws: DrawKey) -> Decision {
    match error {
        CallError::Refused { wait, .. } => after_refusal(policy, *wait, tries, draws),
        CallError::Server { .. } | CallError::Unreachable { .. } | CallError::TimedOut { .. } => {
            if tries.failures >= policy.max_attempts {
                return Decision::GiveUp(GaveUp::AttemptsUsed { attempts: tries.failures });
            }
            let delay_us = backoff_us(policy, policy.base_us, tries.failures, tries, draws);
            Decision::Retry { delay_us, source: WaitSource::Backoff, pause: false }
        }
        CallError::Unauthorized { .. }
        | CallError::OutOfQuota { .. }
        | CallError::Rejected { .. }
        | CallError::Malformed { .. }
        | CallError::Truncated { .. } => Decision::GiveUp(GaveUp::Final),
    }
}

fn after_refusal(policy: &RetryPolicy, wait: Wait, tries: Tries, draws: DrawKey) -> Decision {
    if let Some(wait_us) = wait.us().filter(|us| *us > LONGEST_WAIT_US) {
        return Decision::GiveUp(GaveUp::WaitTooLong { wait_us });
    }
    if tries.refusals > policy.max_refusals {
        return Decision::GiveUp(GaveUp::RefusalsUsed { refusals: tries.refusals });
    }
    let (delay_us, source) = match wait {
        Wait::Header { us } => (us + spread_us(policy, us, tries, draws), WaitSource::Header),
        Wait::Body { us } => (us + spread_us(policy, us, tries, draws), WaitSource::Body),
        Wait::Unsaid => {
            (backoff_us(policy, REFUSAL_BASE_US, tries.refusals, tries, draws), WaitSource::Backoff)
        }
    };
    Decision::Retry { delay_us, source, pause: true }
}

/// A wait that was asked for is never shortened, only drawn out a little.
fn spread_us(policy: &RetryPolicy, wait_us: u64, tries: Tries, draws: DrawKey) -> u64 {
    match policy.jitter {
        Jitter::None => 0,
        Jitter::Equal | Jitter::Full => scaled((wait_us / 10).min(5 * SECOND), jitter_draw(tries, draws)),
    }
}

fn backoff_us(policy: &RetryPolicy, base_us: u64, nth: u32, tries: Tries, draws: DrawKey) -> u64 {
    let doubled = base_us.saturating_mul(1u64.checked_shl(nth.saturating_sub(1)).unwrap_or(u64::MAX));
    let delay_us = doubled.min(policy.cap_us.max(base_us));
    match policy.jitter {
        Jitter::None => delay_us,
        Jitter::Equal => delay_us / 2 + scaled(delay_us / 2, jitter_draw(tries, draws)),
        Jitter::Full => scaled(delay_us, jitter_draw(tries, draws)),
    }
}

fn jitter_draw(tries: Tries, draws: DrawKey) -> f64 {
    draws.uniform(tries.failures + tries.refusals, Purpose::Backoff)
}

/// A product and a floor are exact in IEEE arithmetic, so this is the same on every platform.
fn scaled(us: u64, by: f64) -> u64 {
    (us as f64 * by) as u64
}
