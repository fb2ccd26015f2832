//! Calls that are awaited together, however many: who waits touches only those that are over.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use super::arm::Arm;
use super::call::Over;
use super::message::Message;
use super::slot::{GroupKey, Phase, Waiter};
use super::state::State;
use crate::engine::call::{CallId, Request};

/// Calls of one arm that are awaited together.
#[must_use = "calls that are dropped are cancelled"]
pub struct Group {
    arm: Arm,
    key: GroupKey,
    n_open: u32,
}

/// What the run knows of a group.
#[derive(Default)]
pub(super) struct Members {
    /// Calls that are over and were not handed out, in the order in which they ended.
    over: VecDeque<CallId>,
    waker: Option<Waker>,
}

impl Members {
    /// A call of the group is over. Gives back whom to wake.
    pub(super) fn note(&mut self, call: CallId) -> Option<Waker> {
        self.over.push_back(call);
        self.waker.take()
    }
}

impl Group {
    pub(super) fn new(arm: Arm) -> Self {
        let key = GroupKey(arm.shared.state.borrow_mut().groups.insert(Members::default()));
        Group { arm, key, n_open: 0 }
    }

    /// Makes call number `item` of the arm.
    pub fn push(&mut self, item: u32, request: impl Into<Arc<Request>>) {
        let call = self.arm.call_id(item);
        let mut state = self.arm.shared.state.borrow_mut();
        let Some(slot) = state.ledger.slot_mut(call) else { return };
        slot.text.request = Some(request.into());
        slot.waiter = Waiter::Group(self.key);
        if slot.phase == Phase::Fresh {
            slot.phase = Phase::Entering;
        }
        state.post(Message::Enter(call));
        self.n_open += 1;
    }

    /// Whether no call is under way.
    pub fn is_empty(&self) -> bool {
        self.n_open == 0
    }

    /// Waits until a call is over; none where none is under way.
    pub async fn next(&mut self) -> Option<Over> {
        poll_fn(|context| self.poll_next(context)).await
    }

    /// The next call that is over already.
    pub fn next_now(&mut self) -> Option<Over> {
        let mut state = self.arm.shared.state.borrow_mut();
        let State { groups, ledger, .. } = &mut *state;
        let call = groups.get_mut(self.key.0)?.over.pop_front()?;
        self.n_open -= 1;
        let slot = ledger.slot_mut(call)?;
        slot.phase = Phase::Taken;
        Some(Over { item: call.0 - self.arm.first, result: slot.text.result.clone()? })
    }

    fn poll_next(&mut self, context: &Context) -> Poll<Option<Over>> {
        if self.n_open == 0 {
            return Poll::Ready(None);
        }
        if let Some(over) = self.next_now() {
            return Poll::Ready(Some(over));
        }
        if let Some(members) = self.arm.shared.state.borrow_mut().groups.get_mut(self.key.0) {
            members.waker = Some(context.waker().clone());
        }
        Poll::Pending
    }

    /// The numbers of the calls that are not over.
    pub fn open(&self) -> Vec<u32> {
        if self.is_empty() {
            return Vec::new();
        }
        let state = self.arm.shared.state.borrow();
        let slots = state.ledger.slots.iter().skip(self.arm.first as usize).zip(0..);
        let own = |waiter: &Waiter| matches!(waiter, Waiter::Group(key) if *key == self.key);
        slots.filter(|(slot, _)| own(&slot.waiter)).map(|(_, item)| item).collect()
    }

    /// Cancels call number `item`. It ends when what it had begun has stopped.
    pub fn cancel(&self, item: u32) {
        self.arm.shared.post(Message::Cancel(self.arm.call_id(item)));
        self.arm.shared.wake();
    }

    /// Lets the calls that are not over run on, although nobody takes notice of them any more.
    pub fn run_on(&mut self) {
        self.leave(self.open());
    }

    /// Cancels the calls that are not over, and takes no more notice of them.
    pub fn let_go(&mut self) {
        let open = self.open();
        open.iter().for_each(|item| self.cancel(*item));
        self.leave(open);
    }

    fn leave(&mut self, open: Vec<u32>) {
        let mut state = self.arm.shared.state.borrow_mut();
        for item in open {
            if let Some(slot) = state.ledger.slot_mut(self.arm.call_id(item)) {
                slot.waiter = Waiter::Nobody;
            }
        }
        if let Some(members) = state.groups.get_mut(self.key.0) {
            members.over.clear();
        }
        self.n_open = 0;
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        self.let_go();
        self.arm.shared.state.borrow_mut().groups.try_remove(self.key.0);
    }
}
