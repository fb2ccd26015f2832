//! A call as its pattern awaits it.

use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Poll};

use super::CallResult;
use super::message::Message;
use super::slot::{Attempt, Phase};
use super::state::State;
use super::turn::Shared;
use crate::engine::call::CallId;

/// A call under way, from entry through all its attempts to its end.
#[must_use = "a call does nothing unless polled, and is cancelled when dropped"]
pub struct Call {
    pub(super) shared: Rc<Shared>,
    pub(super) id: CallId,
    pub(super) attempt: Option<Attempt>,
}

impl Future for Call {
    type Output = CallResult;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<CallResult> {
        let this = &mut *self;
        {
            let mut state = this.shared.state.borrow_mut();
            let State { slots, inbox, .. } = &mut *state;
            let Some(slot) = slots.get_mut(this.id.0 as usize) else { return Poll::Pending };
            match &slot.phase {
                Phase::Ended => {
                    this.attempt = None;
                    if let Some(result) = &slot.text.result {
                        let result = result.clone();
                        slot.phase = Phase::Taken;
                        return Poll::Ready(result);
                    }
                }
                Phase::Fresh => {
                    slot.phase = Phase::Entering;
                    inbox.push((Message::Enter(this.id).rank(slot.order), Message::Enter(this.id)));
                }
                Phase::Sent => {
                    this.attempt = slot.sent.take();
                    slot.phase = Phase::InFlight;
                }
                Phase::InFlight => {}
                Phase::Entering | Phase::Outside | Phase::Waiting | Phase::BackingOff | Phase::Taken => {
                    this.attempt = None;
                }
            }
            match &mut slot.waker {
                Some(waker) => waker.clone_from(context.waker()),
                empty => *empty = Some(context.waker().clone()),
            }
        }
        if let Some(attempt) = &mut this.attempt
            && let Poll::Ready(result) = attempt.as_mut().poll(context)
        {
            this.attempt = None;
            this.shared.post(Message::Settled(this.id, result.map(Arc::new).map_err(Box::new)));
        }
        Poll::Pending
    }
}

impl Drop for Call {
    fn drop(&mut self) {
        // First the attempt, so that its connection closes before its permit is given on.
        self.attempt = None;
        let over = {
            let mut state = self.shared.state.borrow_mut();
            let Some(slot) = state.slots.get_mut(self.id.0 as usize) else { return };
            slot.waker = None;
            matches!(slot.phase, Phase::Fresh | Phase::Ended | Phase::Taken)
        };
        if !over {
            self.shared.post(Message::Cancel(self.id));
            self.shared.wake();
        }
    }
}
