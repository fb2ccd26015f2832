//! Who answers a live run: a server, the browser's own model, the practice server in this page.

use std::rc::Rc;

use leptos::prelude::*;

use super::notices::Notice;
use super::workspace::{Dialog, Mode, Workspace};
use crate::engine::clock::Clock;
use crate::engine::draw::fold;
use crate::platform::built_in::BuiltIn;
use crate::platform::fetch::Fetch;
use crate::platform::practice::PracticeNetwork;
use crate::providers::endpoint::Target;
use crate::providers::practice::{BASE_URL, MODEL, Practice};
use crate::providers::protocol::Protocol;
use crate::providers::settings::{Answerer, Choice, Settings};
use crate::providers::transport::Transport;
use crate::scenario::Scenario;

/// What a browser without service workers can and cannot do.
const UNAVAILABLE: &str = "The practice server needs service workers, which this browser does not have or \
    allows on pages over https and on localhost only. Choose Simulated, or enter a Base URL under Settings.";

impl Workspace {
    /// What is called, and who carries the calls. None where somebody has to do something first, and
    /// then the page says what.
    pub(super) fn line(
        self,
        scenario: &Scenario,
        clock: Rc<dyn Clock>,
    ) -> Option<(Target, Rc<dyn Transport>)> {
        match self.settings.with_untracked(Settings::answerer) {
            Ok(Answerer::Remote(target)) => Some((target, Rc::new(Fetch))),
            Ok(Answerer::BuiltIn(target)) => Some((target, Rc::new(BuiltIn))),
            Ok(Answerer::Practice) => match self.open_practice(scenario, clock) {
                Some(network) => Some((self.practice_target(), Rc::new(network))),
                None => {
                    self.notify(Notice::error(UNAVAILABLE.to_string()));
                    None
                }
            },
            Err(sentence) => {
                self.notify(Notice::error(sentence));
                self.dialog.set(Some(Dialog::Settings));
                None
            }
        }
    }

    /// Opens a practice server for one run, with draws that no run before had. None where this
    /// browser cannot have one.
    fn open_practice(self, scenario: &Scenario, clock: Rc<dyn Clock>) -> Option<PracticeNetwork> {
        let mut nth_run = 0;
        self.runner.update_value(|runner| {
            runner.n_practised += 1;
            nth_run = runner.n_practised;
        });
        let seed = fold(&[scenario.seed, nth_run]);
        let patterns = scenario.arms.iter().flatten().cloned().collect();
        PracticeNetwork::open(Practice::open(scenario.simulation, patterns, seed, clock.clone()), clock)
    }

    fn practice_target(self) -> Target {
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
