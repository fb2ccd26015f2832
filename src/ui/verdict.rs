//! The verdict: use it, change it, or don't, with the number that decided and a button that does it.

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
use crate::platform::frame::{Frames, Next};
use crate::scenario::ArmKind;

/// How far the study of the scenario is.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Studied {
    #[default]
    Nothing,
    /// What stands in the page before the program is of this scenario.
    Drawn,
    /// What was told last no longer holds for sure.
    Again(Verdict),
    Told(Verdict),
}

impl Studied {
    fn verdict(&self) -> Option<&Verdict> {
        match self {
            Studied::Nothing | Studied::Drawn => None,
            Studied::Again(verdict) | Studied::Told(verdict) => Some(verdict),
        }
    }
}

#[component]
pub fn VerdictLine() -> impl IntoView {
    let workspace = Workspace::expect();
    workspace.study_on_change();
    view! { <div class="verdict-line" data-verdict="" role="status" use:painted=Picture::new(move |()| picture(workspace))></div> }.into_any()
}

/// A person who drags a slider asks only once they hold.
const QUIET_MS: f64 = 250.0;

/// How much of a frame goes into the study.
const SLICE_US: u64 = 5 * MS;

impl Workspace {
    /// Studies the scenario anew whenever it changes, a little in every frame.
    fn study_on_change(self) {
        Effect::new(move |_| {
            let price = self.simulated_price();
            let mut scenario = self.checked.with(|(scenario, _)| scenario.clone());
            // What takes long once takes too long many times.
            scenario.arms = ArmKind::ALL
                .map(|kind| scenario.arm(kind).filter(|arm| arm.n_calls() <= MOST_STUDIED).cloned());
            self.study(Study::new(&scenario, price));
        });
    }

    fn study(self, mut study: Study) {
        let is_first = self.runner.with_value(|runner| runner.study.is_none());
        self.studied.update(|studied| {
            *studied = match std::mem::take(studied) {
                Studied::Told(verdict) | Studied::Again(verdict) => Studied::Again(verdict),
                Studied::Drawn if is_first => Studied::Drawn,
                Studied::Drawn | Studied::Nothing => Studied::Nothing,
            };
        });
        let clock = BrowserClock::start();
        let mut began_ms = None;
        let frames = Frames::start(move |now_ms| {
            if now_ms - *began_ms.get_or_insert(now_ms) < QUIET_MS {
                return Next::Frame;
            }
            let until_us = clock.now_us() + SLICE_US;
            while study.step() == Progress::More {
                if clock.now_us() >= until_us {
                    return Next::Frame;
                }
            }
            self.studied.set(Studied::Told(study.verdict().clone()));
            Next::Stop
        });
        self.runner.update_value(|runner| runner.study = Some(frames));
    }

    /// The finding that leads, once it is known and as long as it holds.
    pub fn verdict_sentence(self) -> Option<String> {
        self.studied.with(|studied| match studied {
            Studied::Told(verdict) => verdict.lead().map(words::lead),
            Studied::Nothing | Studied::Drawn | Studied::Again(_) => None,
        })
    }

    /// Applies what a finding of an arm advises.
    pub fn take_advice(self, arm: usize, finding: usize) {
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
    workspace.studied.with(|studied| match (studied, studied.verdict()) {
        (_, Some(verdict)) => line(verdict, matches!(studied, Studied::Again(_))),
        // It stands there until it is found out again.
        (Studied::Drawn, None) => Vec::new(),
        (_, None) => under_way(),
    })
}
