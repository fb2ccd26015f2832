//! A value of the page, and who follows it.
//!
//! Like a signal of Leptos, whose graph it is part of. A signal has its code anew for each type of
//! value, a kilobyte of the page each; here what follows a value knows nothing of its type.

use std::sync::{PoisonError, RwLock};

use leptos::prelude::{ArcTrigger, Notify, Track};

/// It is there as long as the page.
pub struct Held<T: 'static>(&'static Place<T>);

struct Place<T> {
    value: RwLock<T>,
    followers: ArcTrigger,
}

impl<T> Held<T> {
    pub fn new(value: T) -> Self {
        Held(Box::leak(Box::new(Place { value: RwLock::new(value), followers: ArcTrigger::new() })))
    }

    /// Looks at the value; who does so in an effect or a memo follows it.
    pub fn with<R>(self, look: impl FnOnce(&T) -> R) -> R {
        self.0.followers.track();
        self.with_untracked(look)
    }

    pub fn with_untracked<R>(self, look: impl FnOnce(&T) -> R) -> R {
        look(&self.0.value.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Changes the value, and tells those who follow it.
    pub fn update(self, change: impl FnOnce(&mut T)) {
        change(&mut self.0.value.write().unwrap_or_else(PoisonError::into_inner));
        self.0.followers.notify();
    }

    pub fn set(self, value: T) {
        self.update(|place| *place = value);
    }
}

impl<T: Clone> Held<T> {
    /// A copy of the value; who takes it in an effect or a memo follows it.
    pub fn get(self) -> T {
        self.with(T::clone)
    }

    pub fn get_untracked(self) -> T {
        self.with_untracked(T::clone)
    }
}

impl<T> Clone for Held<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Held<T> {}
