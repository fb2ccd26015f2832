//! What becomes of the others when one call fails.

use super::retry::GaveUp;
use super::run::{CallResult, Failed};

/// The ways in which a batch bears failures, by the names people know them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FailurePolicy {
    /// `gather(return_exceptions=True)`: all run to their end; results and failures are handed over.
    #[default]
    Collect,
    /// `gather()`: the caller gets the first failure at once. The others run on, unseen and billed.
    Gather,
    /// `TaskGroup`: the first failure cancels the others; the caller goes on once all have stopped.
    TaskGroup,
    /// As a task group, but the caller does not wait for the others to stop.
    FailFast,
    /// Bears so many failures; one more cancels the others.
    Threshold(u32),
    /// Needs so many results; the others are cancelled as soon as they are there, or cannot be.
    Quorum(u32),
}

/// Whether the caller waits on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Wait,
    /// Enough is known: the caller goes on, and this becomes of the calls that are not over.
    Leave(Others),
}

/// What becomes of calls that are not over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Others {
    /// They run on, and what they bring is nobody's.
    RunOn,
    Cancelled,
    /// They are cancelled, and the caller waits until they have stopped.
    CancelledAndAwaited,
}

/// How a batch ended for its caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Settled {
    /// It got what it asked for: results, and by name what is missing.
    Results,
    /// It got failures instead of results.
    Failures,
}

/// Watches the calls of a batch end.
#[derive(Clone, Copy, Debug)]
pub struct Watch {
    policy: FailurePolicy,
    n_open: u32,
    n_served: u32,
    n_failed: u32,
}

impl Watch {
    pub fn new(policy: FailurePolicy, n_calls: u32) -> Self {
        Watch { policy, n_open: n_calls, n_served: 0, n_failed: 0 }
    }

    /// A call of the batch is over. One that was cancelled has not failed, nor has one that ended
    /// with the run.
    pub fn note(&mut self, result: &CallResult) {
        self.n_open = self.n_open.saturating_sub(1);
        match result {
            Ok(_) => self.n_served += 1,
            Err(Failed { gave_up: GaveUp::Cancelled | GaveUp::RunTimeout, .. }) => {}
            Err(_) => self.n_failed += 1,
        }
    }

    pub fn verdict(&self) -> Verdict {
        let failed = self.n_failed > 0;
        match self.policy {
            FailurePolicy::Gather if failed => Verdict::Leave(Others::RunOn),
            FailurePolicy::TaskGroup if failed => Verdict::Leave(Others::CancelledAndAwaited),
            FailurePolicy::FailFast if failed => Verdict::Leave(Others::Cancelled),
            FailurePolicy::Threshold(most) if self.n_failed > most => Verdict::Leave(Others::Cancelled),
            FailurePolicy::Quorum(least) if self.n_served >= least || self.n_served + self.n_open < least => {
                Verdict::Leave(Others::Cancelled)
            }
            _ => Verdict::Wait,
        }
    }

    /// What the caller has, once it goes on.
    pub fn settled(&self) -> Settled {
        let short = match self.policy {
            FailurePolicy::Collect => false,
            FailurePolicy::Gather | FailurePolicy::TaskGroup | FailurePolicy::FailFast => self.n_failed > 0,
            FailurePolicy::Threshold(most) => self.n_failed > most,
            FailurePolicy::Quorum(least) => self.n_served < least,
        };
        if short { Settled::Failures } else { Settled::Results }
    }
}
