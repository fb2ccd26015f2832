//! Attempts that have to be polled. The run does that itself, so a call that waits for its attempt
//! is not polled before it is over.

use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use futures::future::{Abortable, LocalBoxFuture};
use futures::stream::{FuturesUnordered, StreamExt};

use super::bell::Bell;
use super::shared::Shared;
use crate::engine::call::{AttemptResult, CallId};

/// An attempt that was made and not polled yet.
pub(super) type Made = Abortable<LocalBoxFuture<'static, AttemptResult>>;

pub(super) struct Attempts {
    under_way: FuturesUnordered<LocalBoxFuture<'static, ()>>,
    pub(super) bell: Arc<Bell>,
}

impl Attempts {
    pub(super) fn new() -> Self {
        Attempts { under_way: FuturesUnordered::new(), bell: Bell::silent() }
    }

    pub(super) fn push(&mut self, shared: Rc<Shared>, call: CallId, made: Made) {
        self.under_way.push(Box::pin(attempt(shared, call, made)));
        self.bell.ring();
    }

    /// Polls those that were woken. False where there were none.
    pub(super) fn poll(&mut self) -> bool {
        if !self.bell.take() {
            return false;
        }
        let waker = Waker::from(self.bell.clone());
        let mut context = Context::from_waker(&waker);
        while let Poll::Ready(Some(())) = self.under_way.poll_next_unpin(&mut context) {}
        true
    }
}

async fn attempt(shared: Rc<Shared>, call: CallId, made: Made) {
    if let Ok(result) = made.await {
        shared.state.borrow_mut().lands(call, result);
    }
}
