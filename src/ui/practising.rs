//! Live runs against the practice server in this page.

use std::rc::Rc;

use leptos::prelude::*;

use super::workspace::{Mode, Workspace};
use crate::engine::clock::Clock;
use crate::engine::draw::fold;
use crate::platform::practice::PracticeNetwork;
use crate::providers::endpoint::Target;
use crate::providers::practice::{BASE_URL, MODEL, Practice};
use crate::providers::protocol::Protocol;
use crate::providers::settings::Choice;
use crate::scenario::Scenario;

/// What a browser without service workers can and cannot do.
pub const UNAVAILABLE: &str = "The practice server needs service workers, which this browser does not have or \
    allows on pages over https and on localhost only. Choose Simulated, or enter a Base URL under Settings.";

impl Workspace {
    /// Opens a practice server for one run, with draws that no run before had. None where this
    /// browser cannot have one.
    pub fn open_practice(self, scenario: &Scenario, clock: Rc<dyn Clock>) -> Option<PracticeNetwork> {
        let mut nth_run = 0;
        self.runner.update_value(|runner| {
            runner.n_practised += 1;
            nth_run = runner.n_practised;
        });
        let seed = fold(&[scenario.seed, nth_run]);
        let patterns = scenario.arms.iter().flatten().cloned().collect();
        PracticeNetwork::open(Practice::open(scenario.simulation, patterns, seed, clock.clone()), clock)
    }

    pub fn practice_target(self) -> Target {
        Target {
            protocol: Protocol::ChatCompletions,
            base_url: BASE_URL.to_string(),
            model: MODEL.to_string(),
            api_key: None,
            streaming: self.settings.with_untracked(|settings| settings.streaming),
        }
    }

    /// Whether a run that began now would get simulated answers, in this mode or over the network.
    pub fn simulates(self) -> bool {
        self.mode.get() == Mode::Simulated || self.settings.with(|s| s.provider == Choice::Practice)
    }
}
