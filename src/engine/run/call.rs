//! A call that is awaited by itself.

use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use super::CallResult;
use super::message::Message;
use super::shared::Shared;
use super::slot::{Phase, Waiter};
use crate::engine::call::CallId;

/// A call under way, from entry through all its attempts to its end.
#[must_use = "a call does nothing unless polled, and is cancelled when dropped"]
pub struct Call {
    pub(super) shared: Rc<Shared>,
    pub(super) item: u32,
    pub(super) id: CallId,
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

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Over> {
        let mut state = self.shared.state.borrow_mut();
        let Some(slot) = state.ledger.slot_mut(self.id) else { return Poll::Pending };
        match slot.phase {
            Phase::Ended => {
                if let Some(result) = slot.text.result.clone() {
                    slot.phase = Phase::Taken;
                    return Poll::Ready(Over { item: self.item, result });
                }
            }
            Phase::Taken => return Poll::Pending,
            _ => {}
        }
        match &mut slot.waiter {
            Waiter::Alone(waker) => waker.clone_from(context.waker()),
            waiter => *waiter = Waiter::Alone(context.waker().clone()),
        }
        if matches!(slot.phase, Phase::Fresh | Phase::Barred) {
            if slot.phase == Phase::Fresh {
                slot.phase = Phase::Entering;
            }
            state.post(Message::Enter(self.id));
        }
        Poll::Pending
    }
}

impl Drop for Call {
    fn drop(&mut self) {
        let over = {
            let mut state = self.shared.state.borrow_mut();
            let Some(slot) = state.ledger.slot_mut(self.id) else { return };
            slot.waiter = Waiter::Nobody;
            matches!(slot.phase, Phase::Fresh | Phase::Barred) || slot.is_over()
        };
        if !over {
            self.shared.post(Message::Cancel(self.id));
            self.shared.wake();
        }
    }
}
