//! One turn of the loop: apply what an instant brought, admit, send, wake.

use std::cell::RefCell;
use std::rc::Rc;

use super::message::Message;
use super::state::State;
use super::{Report, Setup};
use crate::engine::call::CallId;

pub(super) struct Shared {
    pub(super) setup: Setup,
    pub(super) state: RefCell<State>,
}

impl Shared {
    pub(super) fn post(&self, message: Message) {
        self.state.borrow_mut().post(message);
    }

    pub(super) fn wake(&self) {
        let waker = self.state.borrow_mut().waker.take();
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    /// One turn: apply what this instant brought, admit, wake. False where there was nothing.
    pub(super) fn turn(self: &Rc<Self>) -> bool {
        let now_us = self.setup.clock.now_us();
        let mut admitted = {
            let mut state = self.state.borrow_mut();
            state.ring(now_us);
            let pump_due = state.pump_at_us.is_some_and(|at_us| at_us <= now_us);
            if state.inbox.is_empty() && !pump_due {
                return false;
            }
            state.revision += 1;
            let mut messages = std::mem::take(&mut state.inbox);
            messages.sort_unstable_by_key(|(rank, _)| *rank);
            for (_, message) in messages.drain(..) {
                state.apply(message, now_us, &self.setup.retry);
            }
            state.inbox = messages;
            state.admit(now_us, self.setup.retry.attempt_timeout_us)
        };
        for waiting in admitted.drain(..) {
            self.send(waiting.call);
        }
        let mut wakers = {
            let mut state = self.state.borrow_mut();
            state.admitted = admitted;
            std::mem::take(&mut state.wakers)
        };
        for waker in wakers.drain(..) {
            waker.wake();
        }
        self.state.borrow_mut().wakers = wakers;
        true
    }

    /// Starts the attempt of an admitted call.
    pub(super) fn send(self: &Rc<Self>, call: CallId) {
        let (request, attempt) = {
            let state = self.state.borrow();
            let Some(slot) = state.slots.get(call.0 as usize) else { return };
            let Some(request) = slot.text.request.clone() else { return };
            (request, slot.tries.failures)
        };
        let report = Report { shared: Rc::downgrade(self), call };
        let sent = self.setup.model.send(&request, attempt, report);
        let mut state = self.state.borrow_mut();
        let State { slots, wakers, .. } = &mut *state;
        let Some(slot) = slots.get_mut(call.0 as usize) else { return };
        slot.sent = Some(sent);
        wakers.extend(slot.waker.take());
    }
}
