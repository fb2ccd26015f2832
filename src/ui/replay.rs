//! Going through a run that is there: play, pause, from event to event, to any instant.

use leptos::prelude::*;

use super::workspace::{Mode, Workspace};
use crate::analysis::fork::fork;
use crate::analysis::moment::{Census, census, next_us, previous_us};
use crate::engine::trace::Event;
use crate::platform::frame::{Frames, Next};
use crate::platform::media;
use crate::scenario::{ArmKind, Scenario};

/// How fast a replay goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// The whole run in four seconds, however long it was.
    Whole,
    /// So many quarters of a second of the run in a quarter of a second.
    Quarters(u8),
}

/// Less than the five seconds after which moving things need a way to stop them.
const WHOLE_MS: u64 = 4000;

impl Pace {
    pub const ALL: [(Pace, &'static str); 4] = [
        (Pace::Whole, "all in 4 s"),
        (Pace::Quarters(1), "¼×"),
        (Pace::Quarters(4), "1×"),
        (Pace::Quarters(16), "4×"),
    ];

    /// How far a run of that length goes in a time.
    pub fn covers_us(self, passed_ms: f64, length_us: u64) -> u64 {
        let passed_us = (passed_ms.max(0.0) * 1000.0) as u64;
        match self {
            Pace::Whole => passed_us.saturating_mul(length_us) / (WHOLE_MS * 1000),
            Pace::Quarters(n) => passed_us.saturating_mul(n.into()) / 4,
        }
    }
}

impl Workspace {
    /// Plays from the beginning. Those who want less motion see the end at once.
    pub fn replay(self) {
        self.end_replay();
        if !media::matches("(prefers-reduced-motion: reduce)") {
            self.play_from(0);
        }
    }

    /// Plays on from the instant that is shown, or stands still.
    pub fn play_or_pause(self) {
        match self.playing.get_untracked() {
            true => self.pause(),
            false => self.play_from(self.playhead.get_untracked().unwrap_or(0)),
        }
    }

    /// Shows an instant and stays there.
    pub fn go_to(self, at_us: u64) {
        self.pause();
        let over = at_us >= self.length_us.get_untracked();
        self.playhead.set((!over).then_some(at_us));
    }

    /// Goes to the next event of the arms that are seen.
    pub fn step(self) {
        let Some(at_us) = self.playhead.get_untracked() else { return };
        let next = self.nearest(|events| next_us(events, at_us));
        self.go_to(next.min().unwrap_or(u64::MAX));
    }

    /// Goes back to the event before.
    pub fn step_back(self) {
        let at_us = self.playhead.get_untracked().unwrap_or(u64::MAX);
        let previous = self.nearest(|events| previous_us(events, at_us));
        self.go_to(previous.max().unwrap_or(0));
    }

    /// All arms, or the one that somebody chose to see alone.
    fn arms_seen(self) -> impl Iterator<Item = ArmKind> {
        let chosen = self.chosen_arm();
        ArmKind::ALL.into_iter().filter(move |kind| chosen.is_none_or(|chosen| chosen == *kind))
    }

    /// What the calls do at the instant that is shown.
    pub fn census(self) -> Census {
        let at_us = self.playhead.get().unwrap_or(u64::MAX);
        let count = |kind: ArmKind| {
            self.shown[kind.index()].with(|shown| match shown {
                Some(shown) => census(&shown.recording.events, shown.recording.plan.len(), at_us),
                None => Census::default(),
            })
        };
        self.arms_seen().map(count).fold(Census::default(), Census::and)
    }

    /// Forgets the changes on the way: the run is the scenario's from the beginning.
    pub fn undo_forks(self) {
        if !self.past.with_untracked(Vec::is_empty) {
            self.past.set(Vec::new());
        }
    }

    /// Shows all of what there is.
    pub(super) fn end_replay(self) {
        self.pause();
        self.playhead.set(None);
    }

    /// A change where a simulated run stands still in its middle changes what comes. At its end, and
    /// while it plays, it is another run, and before its beginning there is nothing that could stay.
    pub(super) fn fork_or_begin_anew(self, before: &Scenario) {
        if self.mode.get_untracked() == Mode::Live {
            return;
        }
        let stands_at_us = self.playhead.get_untracked().filter(|_| !self.playing.get_untracked());
        let forked =
            stands_at_us.filter(|at_us| *at_us > 0 && !untrack(|| self.takes_long())).and_then(|at_us| {
                self.checked.with_untracked(|(after, _)| {
                    self.past.with_untracked(|past| fork(before, after, past, at_us))
                })
            });
        if let Some(past) = forked {
            self.past.set(past);
            return;
        }
        self.undo_forks();
        if stands_at_us != Some(0) {
            self.end_replay();
        }
    }

    fn pause(self) {
        self.runner.update_value(|runner| runner.replay = None);
        self.playing.set(false);
    }

    fn play_from(self, from_us: u64) {
        let length_us = self.length_us.get_untracked();
        let mut last_ms = None;
        let mut at_us = from_us;
        let frames = Frames::start(move |now_ms| {
            let passed_ms = now_ms - last_ms.replace(now_ms).unwrap_or(now_ms);
            let pace = self.pace.get_untracked();
            at_us += pace.covers_us(passed_ms, length_us);
            let over = at_us >= length_us;
            self.playhead.set((!over).then_some(at_us));
            if over {
                self.playing.set(false);
                return Next::Stop;
            }
            Next::Frame
        });
        self.playing.set(true);
        self.runner.update_value(|runner| runner.replay = Some(frames));
    }

    fn nearest(self, find: impl Fn(&[Event]) -> Option<u64>) -> impl Iterator<Item = u64> {
        untrack(|| self.arms_seen()).filter_map(move |kind| {
            self.shown[kind.index()].with_untracked(|shown| find(&shown.as_ref()?.recording.events))
        })
    }
}
