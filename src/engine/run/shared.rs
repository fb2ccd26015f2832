//! What a run, its calls and its lookers-on share.

use std::cell::RefCell;
use std::rc::Rc;

use super::Setup;
use super::message::Message;
use super::report::Report;
use super::state::State;

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

    /// Applies what this instant has brought so far. False where there was nothing.
    pub(super) fn apply(&self) -> bool {
        let now_us = self.setup.clock.now_us();
        let something = self.state.borrow_mut().apply_all(now_us, &self.setup);
        self.wake_calls();
        something
    }

    /// Admits and sends whom the limiter lets go. False where there was nobody.
    pub(super) fn admit(self: &Rc<Self>) -> bool {
        let now_us = self.setup.clock.now_us();
        let mut admitted = {
            let mut state = self.state.borrow_mut();
            if !state.admit(now_us) {
                return false;
            }
            std::mem::take(&mut state.passed.admitted)
        };
        for (call, grant) in admitted.drain(..) {
            let ready = self.state.borrow_mut().take_grant(call, grant, now_us);
            let Some((request, attempt)) = ready else { continue };
            let report = Report { shared: Rc::downgrade(self), call };
            let sent = self.setup.model.send(&request, attempt, report);
            self.state.borrow_mut().sent(call, sent, now_us);
        }
        self.state.borrow_mut().passed.admitted = admitted;
        self.wake_calls();
        true
    }

    /// Wakes whom something concerns; not while the state is borrowed, since a waker may do anything.
    fn wake_calls(&self) {
        let mut wakers = std::mem::take(&mut self.state.borrow_mut().wakers);
        for waker in wakers.drain(..) {
            waker.wake();
        }
        let mut state = self.state.borrow_mut();
        if state.wakers.is_empty() {
            state.wakers = wakers;
        }
    }
}
