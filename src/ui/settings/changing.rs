//! What is typed and chosen in Settings.

use super::Checked;
use crate::providers::settings::{PriceRow, Settings};
use crate::ui::workspace::Workspace;

impl Workspace {
    pub fn change_settings(self, change: impl FnOnce(&mut Settings)) {
        let about = |settings: &Settings| {
            (settings.base_url.clone(), settings.keys.typed(&settings.base_url).to_string())
        };
        let before = self.settings.with_untracked(about);
        self.settings.update(change);
        // What was found is about an address and a key, and about no other ones.
        if self.settings.with_untracked(about) != before {
            self.connection.set(Checked::Not);
        }
    }

    /// Writes what was typed or chosen into the field of that name.
    pub fn type_setting(self, name: &str, typed: String) {
        self.change_settings(|settings| match name {
            "provider" => settings.choose(&typed),
            "base-url" => settings.set_base_url(typed),
            "model" => settings.model = typed,
            "key" => settings.keys.set_typed(&settings.base_url.clone(), typed),
            "ask-above" => settings.ask_above = typed,
            _ => {}
        });
    }

    /// Changes a cell of the table of prices.
    pub fn type_price(self, row: usize, column: usize, typed: String) {
        self.settings.update(|settings| {
            let Some(PriceRow { model, input, cached, output }) = settings.prices.get_mut(row) else {
                return;
            };
            if let Some(cell) = [model, input, cached, output].into_iter().nth(column) {
                *cell = typed;
            }
        });
    }

    pub fn add_price(self) {
        let zero = || "0".to_string();
        self.settings.update(|settings| {
            let model = settings.model.clone();
            settings.prices.push(PriceRow { model, input: zero(), cached: zero(), output: zero() });
        });
    }
}
