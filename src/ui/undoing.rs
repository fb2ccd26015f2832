//! Gestures taken back, and done again.

use leptos::prelude::*;

use super::workspace::Workspace;
use crate::scenario::undo::Undo;

impl Workspace {
    /// Takes the last gesture back, or with `forth` the last step back.
    pub fn undo(self, forth: bool) {
        let mut step = None;
        self.draft.with_untracked(|now| {
            self.runner.update_value(|runner| {
                let undo = &mut runner.undo;
                step = if forth { undo.forth(now) } else { undo.back(now) };
            });
        });
        if let Some(draft) = step {
            self.end_gesture();
            self.remember_simulated_numbers();
            self.change(|now| *now = draft);
            self.note_reach();
        }
    }

    /// What was is no step of what is on screen now.
    pub(super) fn forget_gestures(self) {
        self.runner.update_value(|runner| runner.undo = Undo::default());
        self.note_reach();
    }

    /// Has the buttons follow that take gestures back and do them again.
    pub(super) fn note_reach(self) {
        self.reach.set(self.runner.with_value(|runner| runner.undo.reaches()));
    }
}
