//! What a model tells of an attempt while it runs.

use std::rc::Weak;

use super::message::Message;
use super::shared::Shared;
use crate::engine::call::CallId;

/// What a model tells of an attempt while it runs.
#[derive(Clone)]
pub struct Report {
    pub(super) shared: Weak<Shared>,
    pub(super) call: CallId,
}

impl Report {
    /// How many attempts of this call brought no answer before this one, refusals included.
    pub fn n_errors(&self) -> usize {
        let shared = self.shared.upgrade();
        shared
            .and_then(|shared| Some(shared.state.borrow().ledger.slot(self.call)?.text.errors().len()))
            .unwrap_or(0)
    }

    /// A reply began, with this head.
    pub fn head(&self, head: String) {
        let Some(shared) = self.shared.upgrade() else { return };
        let mut state = shared.state.borrow_mut();
        if let Some(slot) = state.ledger.slot_mut(self.call) {
            let nth = slot.text.errors().len();
            slot.text.on_the_way().heads.push((nth, head));
        }
    }

    /// More of the answer is here; it has no text where the model thinks.
    pub fn text(&self, more: &str) {
        let Some(shared) = self.shared.upgrade() else { return };
        let mut state = shared.state.borrow_mut();
        state.post(Message::Part(self.call));
        state.revision += 1;
        if let Some(slot) = state.ledger.slot_mut(self.call).filter(|_| !more.is_empty()) {
            slot.text.on_the_way().partial.push_str(more);
        }
    }

    /// The server keeps the connection open and has nothing to say: an answer that has begun is not
    /// stalled, and one that has not is still to begin.
    pub fn alive(&self) {
        let Some(shared) = self.shared.upgrade() else { return };
        let mut state = shared.state.borrow_mut();
        if state.ledger.flight_mut(self.call).is_some_and(|flight| flight.part_us.is_some()) {
            state.post(Message::Part(self.call));
        }
    }
}
