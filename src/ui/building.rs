//! The page is built bit by bit behind the picture that is there before the program, and takes its place
//! once it is whole: nobody waits for long, and nothing moves.

use std::cell::RefCell;
use std::collections::VecDeque;

use gloo_timers::future::TimeoutFuture;
use leptos::prelude::Owner;
use leptos::task::spawn_local;

use crate::engine::clock::{Clock, MS};
use crate::platform::clock::BrowserClock;

type Part = Box<dyn FnOnce()>;

thread_local! {
    /// Parts that are still to be built; none where the page is whole.
    static PARTS: RefCell<Option<VecDeque<Part>>> = const { RefCell::new(None) };
}

/// How long is built before the browser has its turn.
const SLICE_US: u64 = 5 * MS;

/// Builds what [`build`] is given from now on bit by bit, and says when all of it is there.
pub fn begin(whole: impl FnOnce() + 'static) {
    PARTS.set(Some(VecDeque::new()));
    spawn_local(async move {
        let clock = BrowserClock::start();
        TimeoutFuture::new(0).await;
        let mut until_us = clock.now_us() + SLICE_US;
        while let Some(part) = PARTS.with_borrow_mut(|parts| parts.as_mut().and_then(VecDeque::pop_front)) {
            part();
            if clock.now_us() >= until_us {
                TimeoutFuture::new(0).await;
                until_us = clock.now_us() + SLICE_US;
            }
        }
        PARTS.set(None);
        whole();
    });
}

/// Builds a part of the page: in its turn where the page is being built, or at once. It belongs to what
/// it is asked for by.
pub fn build(part: impl FnOnce() + 'static) {
    let part: Part = match Owner::current() {
        Some(owner) => Box::new(move || owner.with(part)),
        None => Box::new(part),
    };
    let now = PARTS.with_borrow_mut(|parts| match parts {
        Some(parts) => {
            parts.push_back(part);
            None
        }
        None => Some(part),
    });
    if let Some(part) = now {
        part();
    }
}
