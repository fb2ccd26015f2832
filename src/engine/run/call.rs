//! A call as its pattern awaits it.

use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use futures::future::LocalBoxFuture;

use super::CallResult;
use super::message::Message;
use super::shared::Shared;
use super::slot::Phase;
use super::state::State;
use crate::engine::call::{AttemptResult, CallId};

/// A call under way, from entry through all its attempts to its end.
#[must_use = "a call does nothing unless polled, and is cancelled when dropped"]
pub struct Call {
    pub(super) shared: Rc<Shared>,
    pub(super) item: u32,
    pub(super) id: CallId,
    pub(super) attempt: Option<LocalBoxFuture<'static, AttemptResult>>,
}

impl Call {
    /// Its number within the arm.
    pub fn item(&self) -> u32 {
        self.item
    }

    /// Cancels it. It ends when what it had begun has stopped.
    pub fn cancel(&self) {
        self.shared.post(Message::Cancel(self.id));
        self.shared.wake();
    }
}

/// A call that is over.
#[derive(Clone, Debug)]
pub struct Over {
    /// Its number within the arm.
    pub item: u32,
    pub result: CallResult,
}

impl Future for Call {
    type Output = Over;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Over> {
        let this = &mut *self;
        {
            let mut state = this.shared.state.borrow_mut();
            let State { slots, inbox, .. } = &mut *state;
            let Some(slot) = slots.get_mut(this.id.0 as usize) else { return Poll::Pending };
            match slot.phase {
                Phase::Ended => {
                    this.attempt = None;
                    if let Some(result) = slot.text.result.clone() {
                        slot.phase = Phase::Taken;
                        return Poll::Ready(Over { item: this.item, result });
                    }
                }
                Phase::Fresh | Phase::Barred => {
                    if slot.phase == Phase::Fresh {
                        slot.phase = Phase::Entering;
                    }
                    let message = Message::Enter(this.id);
                    inbox.push((message.rank(Some(slot.order)), message));
                }
                Phase::Sent => {
                    this.attempt = slot.sent.take();
                    slot.phase = Phase::InFlight;
                }
                Phase::InFlight => {}
                Phase::Entering | Phase::Waiting | Phase::BackingOff | Phase::CleaningUp | Phase::Taken => {
                    this.attempt = None
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
            let mut state = this.shared.state.borrow_mut();
            if let Some(slot) = state.slots.get_mut(this.id.0 as usize) {
                slot.arrived = Some(Box::new(result));
            }
            state.post(Message::Settled(this.id));
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
            matches!(slot.phase, Phase::Fresh | Phase::Barred) || slot.is_over()
        };
        if !over {
            self.shared.post(Message::Cancel(self.id));
            self.shared.wake();
        }
    }
}
