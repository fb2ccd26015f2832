//! The verdict: use it, change it, or don't, with the number that decided and a button that does it.

use gloo_timers::callback::Timeout;
use leptos::prelude::*;

use super::parts::painted::{Markup, Picture, painted};
use super::workspace::{Mode, Workspace};
use crate::analysis::rehearsal::MOST_STUDIED;
use crate::analysis::verdict::study::Study;
use crate::analysis::verdict::{Verdict, words};
use crate::engine::clock::{Clock, MS};
use crate::engine::run::Progress;
use crate::picture::verdict::{line, under_way};
use crate::platform::clock::BrowserClock;
use crate::platform::document;
use crate::platform::frame::{Frames, Next};
use crate::scenario::ArmKind;

/// How far the study of the scenario is.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Studied {
    #[default]
    Nothing,
    /// What stands in the page before the program is of this scenario; once it was found out again, with
    /// what that told.
    Drawn(Option<Verdict>),
    /// It was of another one, and nothing was told since.
    NoLongerDrawn,
    /// What was told last no longer holds for sure.
    Again(Verdict),
    Told(Verdict),
}

/// What finds out what the scenario is worth. Dropping it stops it.
#[derive(Default)]
pub enum Studying {
    #[default]
    Nothing,
    /// What it would tell stands in the page already: it begins once somebody does something there, and
    /// leaves the time in which the page opens to the page.
    Waiting,
    /// A person who drags a slider asks only once they hold.
    Soon(Timeout),
    Begun(Frames),
}

impl Studied {
    fn verdict(&self) -> Option<&Verdict> {
        match self {
            Studied::Nothing | Studied::Drawn(None) | Studied::NoLongerDrawn => None,
            Studied::Drawn(Some(verdict)) | Studied::Again(verdict) | Studied::Told(verdict) => Some(verdict),
        }
    }
}

#[component]
pub fn VerdictLine() -> impl IntoView {
    let workspace = Workspace::expect();
    workspace.study_on_change();
    Effect::new(move |_| workspace.show_or_drop_drawn());
    view! { <div class="verdict-line" data-verdict="" role="status" use:painted=Picture::new(move |()| picture(workspace))></div> }.into_any()
}

/// How long nothing changes before it is studied.
const QUIET_MS: u32 = 250;

/// The verdict that stood in the page before the program.
const DRAWN: &str = "[data-verdict]:not([role])";

/// How much of a frame goes into the study.
const SLICE_US: u64 = 5 * MS;

impl Workspace {
    /// Studies the scenario anew whenever it changes.
    fn study_on_change(self) {
        Effect::new(move |_| {
            self.simulated_price();
            self.checked.track();
            self.study_anew();
        });
    }

    fn study_anew(self) {
        let is_first = self.runner.with_value(|runner| matches!(runner.study, Studying::Nothing));
        let mut is_drawn = false;
        self.studied.update(|studied| {
            *studied = match std::mem::take(studied) {
                Studied::Told(verdict) | Studied::Again(verdict) | Studied::Drawn(Some(verdict)) => {
                    Studied::Again(verdict)
                }
                Studied::Drawn(None) if is_first => Studied::Drawn(None),
                Studied::Drawn(None) | Studied::NoLongerDrawn => Studied::NoLongerDrawn,
                Studied::Nothing => Studied::Nothing,
            };
            is_drawn = *studied == Studied::Drawn(None);
        });
        let studying = if is_drawn { Studying::Waiting } else { self.study_soon() };
        self.runner.update_value(|runner| {
            runner.study = studying;
            runner.advice = None;
        });
    }

    fn study_soon(self) -> Studying {
        Studying::Soon(Timeout::new(QUIET_MS, move || {
            let frames = self.begin_study();
            self.runner.update_value(|runner| runner.study = Studying::Begun(frames));
        }))
    }

    /// Studies the scenario as it is now, a little in every frame.
    fn begin_study(self) -> Frames {
        let mut scenario = self.checked.with_untracked(|(scenario, _)| scenario.clone());
        // What takes long once takes too long many times.
        scenario.arms =
            ArmKind::ALL.map(|kind| scenario.arm(kind).filter(|arm| arm.n_calls() <= MOST_STUDIED).cloned());
        let mut study = Study::new(&scenario, untrack(|| self.simulated_price()));
        let clock = BrowserClock::start();
        Frames::start(move |_| {
            let until_us = clock.now_us() + SLICE_US;
            while study.step() == Progress::More {
                if clock.now_us() >= until_us {
                    return Next::Frame;
                }
            }
            let verdict = study.verdict().clone();
            self.studied.update(|studied| {
                *studied = match studied {
                    Studied::Drawn(_) => Studied::Drawn(Some(verdict)),
                    _ => Studied::Told(verdict),
                }
            });
            let awaited = self.runner.try_update_value(|runner| runner.advice.take()).flatten();
            if let Some((arm, finding)) = awaited {
                self.take_advice(arm, finding);
            }
            Next::Stop
        })
    }

    /// Begins the study that waits for somebody who does something.
    pub fn study_what_waits(self) {
        if self.runner.with_value(|runner| matches!(runner.study, Studying::Waiting)) {
            self.runner.update_value(|runner| runner.study = self.study_soon());
        }
    }

    /// The finding that leads, once it is known and as long as it holds.
    pub fn verdict_sentence(self) -> Option<String> {
        self.studied.with(|studied| match studied {
            Studied::Again(_) => None,
            _ => studied.verdict()?.lead(self.chosen_arm()).map(words::lead),
        })
    }

    /// What stood in the page before the program is part of it as long as it holds.
    pub fn hand_over_drawn(self) {
        if self.studied.with_untracked(|studied| *studied == Studied::Drawn(None)) {
            document::hand_over("#first [data-verdict]", "[data-verdict][role]");
        }
    }

    fn show_or_drop_drawn(self) {
        // It is of all arms.
        let is_another = self.mode.get() == Mode::Live || self.chosen_arm().is_some();
        self.studied.with(|studied| match studied {
            Studied::Drawn(_) | Studied::NoLongerDrawn => {
                document::set(DRAWN, "hidden", is_another.then_some(""));
                let is_stale = *studied == Studied::NoLongerDrawn;
                document::set(DRAWN, "aria-busy", is_stale.then_some("true"));
            }
            Studied::Nothing | Studied::Again(_) | Studied::Told(_) => document::remove(DRAWN),
        });
    }

    /// Applies what a finding of an arm advises: at once, or when it is found out again what the page
    /// has told from the beginning.
    pub fn take_advice(self, arm: usize, finding: usize) {
        if self.studied.with_untracked(|studied| *studied == Studied::Drawn(None)) {
            self.runner.update_value(|runner| runner.advice = Some((arm, finding)));
            return;
        }
        let advice = self.studied.with_untracked(|studied| {
            let arm = studied.verdict()?.arms.get(arm)?.as_ref()?;
            arm.findings.get(finding)?.advice
        });
        if let Some(advice) = advice {
            // Advice is about the whole run.
            self.end_replay();
            self.edit(|draft| advice.apply(draft));
        }
    }
}

fn picture(workspace: Workspace) -> Vec<Markup> {
    if workspace.mode.get() == Mode::Live {
        return Vec::new();
    }
    let looked_at = workspace.chosen_arm();
    workspace.studied.with(|studied| match (studied, studied.verdict()) {
        // It stands there.
        (Studied::Drawn(_) | Studied::NoLongerDrawn, _) if looked_at.is_none() => Vec::new(),
        (_, Some(verdict)) => line(verdict, matches!(studied, Studied::Again(_)), looked_at),
        (_, None) => under_way(),
    })
}
