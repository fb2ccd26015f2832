//! What runs are charged by: the model that answers, and its price.

use super::held::Held;
use super::workspace::{Mode, Workspace};
use crate::engine::price::Price;
use crate::providers::settings::{Choice, Settings};
use crate::scenario::draft::Draft;

impl Workspace {
    /// The model that answers, or that is simulated.
    pub fn model(self) -> String {
        model(self.mode, self.draft, self.settings)
    }

    /// What the next run is charged by.
    pub fn price(self) -> Option<Price> {
        match self.mode.get() {
            Mode::Simulated => self.shown_price(),
            Mode::Live => self.settings.with(Settings::price),
        }
    }

    /// What the run that is shown is charged by.
    pub fn shown_price(self) -> Option<Price> {
        shown_price(self.mode, self.draft, self.settings, self.answered_by)
    }

    /// What a simulated run is charged by.
    pub fn simulated_price(self) -> Option<Price> {
        simulated_price(self.draft, self.settings)
    }
}

pub(super) fn simulated_price(draft: Held<Draft>, settings: Held<Settings>) -> Option<Price> {
    draft.with(|draft| settings.with(|settings| settings.price_of(&draft.model)))
}

pub(super) fn shown_price(
    mode: Held<Mode>,
    draft: Held<Draft>,
    settings: Held<Settings>,
    answered_by: Held<Option<Choice>>,
) -> Option<Price> {
    if mode.get() == Mode::Live && answered_by.get().is_some_and(|by| by.provider().is_none()) {
        return Some(Price::default());
    }
    let model = model(mode, draft, settings);
    settings.with(|settings| settings.price_of(&model))
}

fn model(mode: Held<Mode>, draft: Held<Draft>, settings: Held<Settings>) -> String {
    match mode.get() {
        Mode::Simulated => draft.with(|draft| draft.model.clone()),
        Mode::Live => settings.with(|settings| settings.model.clone()),
    }
}
