//! What a live run will ask for and cost, and whether a person is asked before it begins.

use leptos::prelude::*;

use super::workspace::Workspace;
use crate::analysis::forecast::{Forecast, forecast};
use crate::analysis::words;
use crate::host::host;
use crate::providers::settings::{Choice, Settings};
use crate::scenario::ArmKind;
use crate::scenario::dial::Dial;

impl Workspace {
    /// Runs what was asked for before there was consent.
    pub fn run_consented(self) {
        self.dialog.set(None);
        let mut kinds = Vec::new();
        self.runner.update_value(|runner| kinds = std::mem::take(&mut runner.asked));
        self.run_live(&kinds);
    }

    /// What a person should know before these arms run live; nothing where they need not be asked.
    pub(super) fn questions(self, kinds: &[ArmKind]) -> Vec<String> {
        let mut questions = Vec::new();
        let (provider, is_free, ask_above) =
            self.settings.with_untracked(|s| (s.provider, s.is_free(), s.ask_above_nano_usd()));
        if provider == Choice::Practice {
            return questions;
        }
        let forecast = self.forecast(kinds);
        if !is_free && forecast.may_exceed(ask_above) {
            questions.extend(self.told(&forecast));
        }
        if self.draft.with_untracked(|draft| draft.dials.count(Dial::OnFailure) == 1) {
            questions.push(words::GATHER_LEAVES_ORPHANS.to_string());
        }
        questions
    }

    /// What these arms will ask for, if they run live.
    pub(super) fn forecast(self, kinds: &[ArmKind]) -> Forecast {
        let price = self.settings.with(Settings::price);
        self.checked.with(|(scenario, _)| forecast(scenario, kinds, price))
    }

    /// What all arms will ask for, in sentences; nothing where the calls leave for nowhere.
    pub fn told_forecast(self) -> Vec<String> {
        let leaves = self.settings.with(|s| s.provider.provider().is_some() && !s.model.trim().is_empty());
        if leaves { self.told(&self.forecast(&ArmKind::ALL)) } else { Vec::new() }
    }

    fn told(self, forecast: &Forecast) -> Vec<String> {
        self.settings.with(|settings| forecast.told(&host(&settings.base_url), settings.model.trim()))
    }
}
