//! What a run, its calls and its lookers-on share.

use std::cell::RefCell;
use std::rc::Rc;

use super::Setup;
use super::attempts::Attempts;
use super::message::Message;
use super::report::Report;
use super::state::State;
use crate::engine::call::CallId;
use crate::engine::limiter::core::Grant;

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

    /// Applies what this instant has brought so far; where that is nothing, sends who was admitted;
    /// where that is nobody, admits whom the limiter lets go. False where there is nothing left to do.
    pub(super) fn go_on(self: &Rc<Self>, now_us: u64, attempts: &mut Attempts) -> bool {
        let mut state = self.state.borrow_mut();
        let applied = state.apply_all(now_us, &self.setup);
        if !applied && !state.passed.admitted.is_empty() {
            let admitted = std::mem::take(&mut state.passed.admitted);
            drop(state);
            self.send(admitted, now_us, attempts);
            return true;
        }
        let something = applied || state.admit(now_us);
        if !state.wakers.is_empty() {
            drop(state);
            self.wake_calls();
        }
        something
    }

    /// Makes attempts.
    fn send(self: &Rc<Self>, mut admitted: Vec<(CallId, Grant)>, now_us: u64, attempts: &mut Attempts) {
        for (call, grant) in admitted.drain(..) {
            let ready = self.state.borrow().to_send(call);
            let Some((request, attempt)) = ready else { continue };
            // Not while the state is borrowed: a model may report at once.
            let report = Report { shared: Rc::downgrade(self), call };
            let sent = self.setup.model.send(&request, attempt, report);
            let made = self.state.borrow_mut().sent(call, grant, sent, now_us);
            if let Some(made) = made {
                attempts.push(self.clone(), call, made);
            }
        }
        // Put back for its memory.
        self.state.borrow_mut().passed.admitted = admitted;
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
