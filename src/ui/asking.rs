//! What a live run will ask for and cost, and whether a person is asked before it begins.

use leptos::prelude::*;

use super::workspace::Workspace;
use crate::analysis::forecast::{Forecast, forecast};
use crate::analysis::words;
use crate::providers::connection::host;
use crate::providers::settings::Choice;
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
        if !is_free && self.forecast(kinds).may_exceed(ask_above) {
            questions.extend(self.told_forecast(kinds));
        }
        if self.draft.with_untracked(|draft| draft.dials.count(Dial::OnFailure) == 1) {
            questions.push(words::GATHER_LEAVES_ORPHANS.to_string());
        }
        questions
    }

    /// What these arms will ask for, if they run live.
    pub(super) fn forecast(self, kinds: &[ArmKind]) -> Forecast {
        let price = self.settings.with(|settings| settings.price_of(&settings.model));
        self.checked.with(|(scenario, _)| forecast(scenario, kinds, price))
    }

    /// The same in sentences; nothing where it would cost nothing anyway.
    pub fn told_forecast(self, kinds: &[ArmKind]) -> Vec<String> {
        let (provider, base_url, model) =
            self.settings.with(|s| (s.provider, s.base_url.clone(), s.model.trim().to_string()));
        if provider.provider().is_none() || model.is_empty() {
            return Vec::new();
        }
        self.forecast(kinds).told(&host(&base_url), &model)
    }
}
