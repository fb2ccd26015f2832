//! The runs a browser remembers: the latest ones, and those that are pinned.

use serde_json::Value;

use super::kept::Kept;
use super::name::told_apart;
use crate::json::{self, object};

#[derive(Clone, Debug, Default, PartialEq)]
pub struct History {
    /// The latest first.
    pub runs: Vec<Kept>,
    /// Those that are compared, by their times, in the order in which they were pinned.
    pub pinned: Vec<u64>,
}

/// A run that was taken out, and where it had been pinned.
#[derive(Clone, Debug, PartialEq)]
pub struct Removed {
    pub run: Kept,
    pinned_at: Option<usize>,
}

/// Whether a run is new.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Added {
    /// It is kept under this name from now on.
    New { at_ms: u64, name: String },
    /// It was there, under this name.
    Known { name: String },
}

/// How many of the latest runs are remembered.
const MOST: usize = 30;

/// How many can be compared.
pub const MOST_PINNED: usize = 4;

/// The version of the form in which runs are stored.
const VERSION: u64 = 1;

/// The most characters of a name.
const LONGEST_NAME: usize = 120;

impl History {
    /// Keeps a run, unless there is one that says the same.
    pub fn add(&mut self, mut run: Kept) -> Added {
        if let Some(known) = self.runs.iter().find(|known| known.is_same(&run)) {
            return Added::Known { name: known.name.clone() };
        }
        run.name = told_apart(&run, &self.runs);
        while self.find(run.at_ms).is_some() {
            run.at_ms += 1;
        }
        let added = Added::New { at_ms: run.at_ms, name: run.name.clone() };
        self.insert(run);
        self.forget_old();
        added
    }

    pub fn find(&self, at_ms: u64) -> Option<&Kept> {
        self.runs.iter().find(|run| run.at_ms == at_ms)
    }

    /// Pins a run, or unpins it; false where as many are pinned as can be compared.
    pub fn pin(&mut self, at_ms: u64) -> bool {
        match self.pinned.iter().position(|pinned| *pinned == at_ms) {
            Some(i) => {
                self.pinned.remove(i);
            }
            None if self.pinned.len() >= MOST_PINNED => return false,
            None => self.pinned.push(at_ms),
        }
        true
    }

    /// The runs that are compared, in the order in which they were pinned.
    pub fn compared(&self) -> Vec<&Kept> {
        self.pinned.iter().filter_map(|at_ms| self.find(*at_ms)).collect()
    }

    /// Gives a run another name. An empty one changes nothing.
    pub fn rename(&mut self, at_ms: u64, name: &str) {
        let name: String = name.trim().chars().take(LONGEST_NAME).collect();
        if let Some(run) = self.runs.iter_mut().find(|run| run.at_ms == at_ms && !name.is_empty()) {
            run.name = name;
        }
    }

    pub fn remove(&mut self, at_ms: u64) -> Option<Removed> {
        let i = self.runs.iter().position(|run| run.at_ms == at_ms)?;
        let pinned_at = self.pinned.iter().position(|pinned| *pinned == at_ms);
        pinned_at.map(|i| self.pinned.remove(i));
        Some(Removed { run: self.runs.remove(i), pinned_at })
    }

    /// Puts a run back where it was.
    pub fn put_back(&mut self, removed: Removed) {
        let Removed { run, pinned_at } = removed;
        if let Some(i) = pinned_at.filter(|_| self.pinned.len() < MOST_PINNED) {
            self.pinned.insert(i.min(self.pinned.len()), run.at_ms);
        }
        self.insert(run);
    }

    /// Takes over what is stored, which another tab may have changed. Of its own it keeps what is in
    /// memory only.
    pub fn take_over(&mut self, stored: History) {
        let own = std::mem::replace(self, stored);
        for run in own.runs.into_iter().filter(|run| !run.is_stored()) {
            if own.pinned.contains(&run.at_ms) && self.pinned.len() < MOST_PINNED {
                self.pinned.push(run.at_ms);
            }
            self.insert(run);
        }
        // In the order they had; those of another tab come behind them.
        let theirs = std::mem::take(&mut self.pinned);
        for at_ms in own.pinned.iter().chain(&theirs) {
            if theirs.contains(at_ms) && !self.pinned.contains(at_ms) {
                self.pinned.push(*at_ms);
            }
        }
    }

    /// As it is stored: without runs that are too large for it.
    pub fn stored(&self) -> String {
        let runs = self.runs.iter().filter(|run| run.is_stored());
        json::write(&object(vec![
            ("fanout_runs", VERSION.into()),
            ("runs", runs.map(Kept::value).collect()),
            ("pinned", self.pinned.clone().into()),
        ]))
    }

    /// Reads what is stored. What is no run is left out; none where a later version wrote it, which
    /// must not be lost.
    pub fn restored(text: &str) -> Option<History> {
        let stored = json::read(text).unwrap_or_default();
        if stored.get("fanout_runs").and_then(Value::as_u64).is_some_and(|version| version > VERSION) {
            return None;
        }
        let list = |name: &str| stored.get(name).and_then(Value::as_array).into_iter().flatten();
        let mut history = History::default();
        for run in list("runs").filter_map(Kept::read) {
            if history.find(run.at_ms).is_none() {
                history.insert(run);
            }
        }
        for at_ms in list("pinned").filter_map(Value::as_u64) {
            if history.find(at_ms).is_some() && !history.pinned.contains(&at_ms) {
                history.pin(at_ms);
            }
        }
        history.forget_old();
        Some(history)
    }

    fn insert(&mut self, run: Kept) {
        let i = self.runs.partition_point(|other| other.at_ms > run.at_ms);
        self.runs.insert(i, run);
    }

    fn forget_old(&mut self) {
        let mut i = 0;
        let pinned = &self.pinned;
        self.runs.retain(|run| {
            i += 1;
            i <= MOST || pinned.contains(&run.at_ms)
        });
    }
}
