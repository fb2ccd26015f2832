//! What a run, its calls and its lookers-on share.

use std::cell::RefCell;
use std::rc::Rc;

use super::Setup;
use super::attempts::Attempts;
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
    pub(super) fn apply(&self, now_us: u64) -> bool {
        let something = self.state.borrow_mut().apply_all(now_us, &self.setup);
        self.wake_calls();
        something
    }

    /// Admits whom the limiter lets go. False where there was nobody.
    pub(super) fn admit(&self, now_us: u64) -> bool {
        let somebody = self.state.borrow_mut().admit(now_us);
        if somebody {
            self.wake_calls();
        }
        somebody
    }

    /// Makes the attempts of those who were admitted. False where there was nobody.
    pub(super) fn send(self: &Rc<Self>, now_us: u64, attempts: &mut Attempts) -> bool {
        let mut calls = std::mem::take(&mut self.state.borrow_mut().to_send);
        if calls.is_empty() {
            return false;
        }
        for call in calls.drain(..) {
            let ready = self.state.borrow().to_send(call);
            let Some((request, attempt)) = ready else { continue };
            // Not while the state is borrowed: a model may report at once.
            let report = Report { shared: Rc::downgrade(self), call };
            let sent = self.setup.model.send(&request, attempt, report);
            let made = self.state.borrow_mut().sent(call, sent, now_us);
            if let Some(made) = made {
                attempts.push(self.clone(), call, made);
            }
        }
        self.state.borrow_mut().to_send = calls;
        true
    }

    /// Wakes whom something concerns; not while the state is borrowed, since a waker may do anything.
    fn wake_calls(&self) {
        let mut wakers = {
            let mut state = self.state.borrow_mut();
            if state.wakers.is_empty() {
                return;
            }
            std::mem::take(&mut state.wakers)
        };
        for waker in wakers.drain(..) {
            waker.wake();
        }
        let mut state = self.state.borrow_mut();
        if state.wakers.is_empty() {
            state.wakers = wakers;
        }
    }
}
