//! What the person describes: a draft as typed, a scenario that can run, files and links that hold one.
//!
//! Invariant: a scenario has no secrets. Keys, endpoints and headers are settings of a browser and
//! have no field here; only `file`, `link`, `readable` and `view` know a wire format.

pub mod check;
pub mod dial;
pub mod draft;
pub mod file;
pub mod forbidden;
pub mod gallery;
pub mod link;
mod meaning;
pub mod passage;
pub mod readable;
mod reader;
pub mod secret;
pub mod setting;
pub mod undo;
pub mod view;

use std::sync::Arc;

use crate::engine::limiter::core::Limits;
use crate::engine::patterns::Pattern;
use crate::engine::retry::RetryPolicy;
use crate::engine::timeouts::Timeouts;
use crate::providers::simulated::Simulation;

/// The three arms of the page, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ArmKind {
    Sectioning,
    Voting,
    MapReduce,
}

impl ArmKind {
    pub const ALL: [ArmKind; 3] = [ArmKind::Sectioning, ArmKind::Voting, ArmKind::MapReduce];

    /// The name that attributes and links use.
    pub fn as_str(self) -> &'static str {
        match self {
            ArmKind::Sectioning => "sectioning",
            ArmKind::Voting => "voting",
            ArmKind::MapReduce => "map-reduce",
        }
    }

    /// The name that people read.
    pub fn title(self) -> &'static str {
        match self {
            ArmKind::Sectioning => "Sectioning",
            ArmKind::Voting => "Voting",
            ArmKind::MapReduce => "Map-reduce",
        }
    }

    pub fn index(self) -> usize {
        self as usize
    }
}

/// Whether the arms take turns at one limiter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limiters {
    /// Each has its own where the providers are simulated, too; live there is one endpoint.
    Auto,
    Shared,
    Own,
}

/// What can run: every number in range, every pattern complete. An arm that is not is absent.
#[derive(Clone, Debug, PartialEq)]
pub struct Scenario {
    pub seed: u64,
    pub limits: Limits,
    pub retry: RetryPolicy,
    /// For replies that stream; those that come whole have an attempt's time-out instead.
    pub timeouts: Timeouts,
    /// What an arm may spend, in billionths of a dollar.
    pub budget_nano_usd: Option<u64>,
    pub limiters: Limiters,
    /// Whether each arm is also asked as one call for the whole task.
    pub single: bool,
    /// How long a simulated call that is cancelled takes to stop.
    pub clean_up_us: u64,
    pub simulation: Simulation,
    pub arms: [Option<Arc<Pattern>>; 3],
}

impl Scenario {
    pub fn arm(&self, kind: ArmKind) -> Option<&Arc<Pattern>> {
        self.arms.get(kind.index())?.as_ref()
    }
}

/// Something about a draft that the person should know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The arm it keeps from running; none where it is about the whole scenario.
    pub arm: Option<ArmKind>,
    /// What is wrong, where, and what to do.
    pub sentence: String,
}
