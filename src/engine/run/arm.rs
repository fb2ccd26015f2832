//! One pattern's part of a run: it makes the calls, and says what becomes of their results.

use std::rc::Rc;
use std::sync::Arc;

use super::call::Call;
use super::group::Group;
use super::message::Message;
use super::shared::Shared;
use super::{CallText, Texts};
use crate::engine::call::{CallId, Request};
use crate::engine::trace::What;

/// One pattern's part of a run; it makes the calls.
#[derive(Clone)]
pub struct Arm {
    pub(super) shared: Rc<Shared>,
    pub(super) arm: u8,
    pub(super) first: u32,
}

impl Arm {
    /// Which of the run's arms this is.
    pub fn index(&self) -> u8 {
        self.arm
    }

    pub fn call_id(&self, item: u32) -> CallId {
        CallId(self.first + item)
    }

    /// Gives call number `item` another place in the queue than its number.
    pub fn place(&self, item: u32, place: u32) {
        let mut state = self.shared.state.borrow_mut();
        if let Some(slot) = state.ledger.slot_mut(self.call_id(item)) {
            slot.order = slot.order.at(place);
        }
    }

    /// Makes call number `item` of this arm. Dropping the future cancels the call.
    pub fn call(&self, item: u32, request: impl Into<Arc<Request>>) -> Call {
        let id = self.call_id(item);
        if let Some(slot) = self.shared.state.borrow_mut().ledger.slot_mut(id) {
            slot.text.request = Some(request.into());
        }
        Call { shared: self.shared.clone(), item, id }
    }

    /// Calls of this arm that are awaited together; none so far.
    pub fn group(&self) -> Group {
        Group::new(self.clone())
    }

    /// Whether prompts and answers have words, or numbers only.
    pub fn has_texts(&self) -> bool {
        self.shared.setup.texts != Texts::None
    }

    /// Notes that the result of `item` was handed over later than it came.
    pub fn delivered(&self, item: u32) {
        self.shared.post(Message::Delivered(self.call_id(item)));
    }

    /// Notes that the result of `item` went into the prompt of `into`.
    pub fn used(&self, item: u32, into: u32) {
        self.shared.post(Message::Used { call: self.call_id(item), into: self.call_id(into) });
    }

    /// Notes that nobody needs the result of `item` any more, since it was used without a call.
    pub fn release(&self, item: u32) {
        self.shared.post(Message::Released(self.call_id(item)));
        self.forget(item);
    }

    /// Lets go of the texts of `item`, where they are not kept for those who look on.
    pub fn forget(&self, item: u32) {
        if self.shared.setup.texts == Texts::UntilUsed
            && let Some(slot) = self.shared.state.borrow_mut().ledger.slot_mut(self.call_id(item))
        {
            slot.text = CallText::default();
        }
    }

    /// Notes that the caller goes on although calls are not over.
    pub fn leave(&self) {
        let now_us = self.shared.setup.clock.now_us();
        self.shared.state.borrow_mut().trace.push(now_us, What::Left { arm: self.arm });
    }
}
