//! Keeps runs, finds them again, gives them out.

use leptos::prelude::*;

use super::Runs;
use crate::analysis::fork::Past;
use crate::analysis::measure::{Figures, figures};
use crate::analysis::metrics::metrics;
use crate::engine::price::Price;
use crate::platform::clock::now_ms;
use crate::platform::{files, storage};
use crate::providers::settings::Choice;
use crate::runs::history::{Added, History};
use crate::runs::kept::{Answered, Kept, Summary};
use crate::runs::run_file::{Arm, Asked};
use crate::runs::{changes, name, run_file, trace_file};
use crate::scenario::draft::Draft;
use crate::scenario::{ArmKind, file};
use crate::ui::notices::Notice;
use crate::ui::runner::{Arms, Ran};
use crate::ui::saving::{file_name, warning_of_secrets};
use crate::ui::shown::Shown;
use crate::ui::workspace::{Dialog, LiveState, Mode, Workspace};

/// Under what name they lie in the browser's storage.
const STORED: &str = "fanout.runs";

const FULL: &str = "This browser has no room for these runs, or lets the page store nothing. They are kept \
    until the page is closed; “Download run” keeps one for good.";
const NEWER: &str = "A newer version of this page stored runs in this browser. They are left as they are; \
    what is run here is kept until the page is closed.";
const NOTHING: &str = "There is no run yet.";

/// A run as it is on the screen.
struct Taken {
    answered: Answered,
    draft: Draft,
    past: Vec<Past>,
    price: Option<Price>,
    arms: Arms,
}

impl Taken {
    /// The arms that ran, with their numbers.
    fn arms(&self) -> Vec<Arm<'_>> {
        let arms = ArmKind::ALL.into_iter().zip(&self.arms);
        arms.filter_map(|(kind, arm)| {
            let Shown { recording, sequential_us, single } = arm.as_deref()?;
            let figures = figures(&metrics(recording, *sequential_us, self.price));
            Some(Arm { kind, recording, figures, single: single.as_ref() })
        })
        .collect()
    }

    fn keep(&self) -> Kept {
        let mut arms = [const { None }; 3];
        for Arm { kind, recording, figures, .. } in self.arms() {
            arms[kind.index()] = Some(Summary::of(recording, figures));
        }
        Kept {
            at_ms: now_ms(),
            name: name::of(&self.draft),
            answered: self.answered.clone(),
            scenario: crate::json::write(&file::value(&self.draft)),
            changes: crate::json::write(&changes::value(&self.past, &self.draft)),
            arms,
        }
    }
}

impl Runs {
    /// Changes the history together with what is stored, which another tab may have changed.
    fn change(&mut self, change: &mut dyn FnMut(&mut Runs)) {
        self.read();
        change(self);
        if self.not_stored.is_none() && !storage::write(STORED, Some(&self.history.stored())) {
            self.not_stored = Some(FULL);
        }
    }

    fn read(&mut self) {
        if self.not_stored.is_none() {
            match History::restored(&storage::read(STORED).unwrap_or_default()) {
                Some(stored) => self.history.take_over(stored),
                None => self.not_stored = Some(NEWER),
            }
        }
    }
}

impl Workspace {
    pub fn open_runs(self) {
        self.runs.update(|runs| {
            runs.said.clear();
            runs.removed = None;
            runs.read();
        });
        self.dialog.set(Some(Dialog::Runs));
    }

    /// Keeps what is on the screen because somebody ran it.
    pub(in crate::ui) fn keep_run(self, mode: Mode) {
        let Some(taken) = self.taken(mode) else { return };
        self.add(mode, &taken);
        // The dialog says it, too; here it is said once.
        let why = self.runs.with_untracked(|runs| runs.not_stored.filter(|_| !runs.is_told));
        if let Some(why) = why {
            self.runs.update(|runs| runs.is_told = true);
            self.notify(Notice::status(why.to_string()));
        }
    }

    /// Keeps what is on the screen because somebody asked for it.
    pub fn keep_this_run(self) {
        let said = match self.taken(self.mode.get_untracked()) {
            Some(taken) => match self.add(self.mode.get_untracked(), &taken) {
                Added::New { name, .. } => format!("Kept as “{name}”."),
                Added::Known { name } => format!("It is kept already, as “{name}”."),
            },
            None => NOTHING.to_string(),
        };
        self.say(said);
    }

    fn add(self, mode: Mode, taken: &Taken) -> Added {
        let kept = taken.keep();
        let mut added = Added::Known { name: String::new() };
        self.change_runs(&mut |runs| added = runs.history.add(kept.clone()));
        if let (Added::New { at_ms, .. }, Mode::Live) = (&added, mode) {
            let arms = taken.arms.clone();
            self.runner.update_value(|runner| {
                runner.kept.extend(runner.ran.clone().map(|ran| (*at_ms, ran, arms)));
                // Of runs that are forgotten nothing is left.
                self.runs.with_untracked(|runs| {
                    runner.kept.retain(|(at_ms, ..)| runs.history.find(*at_ms).is_some());
                });
            });
        }
        added
    }

    /// What is shown in a mode, as far as it ran.
    fn taken(self, mode: Mode) -> Option<Taken> {
        let taken = match mode {
            Mode::Simulated => {
                let draft = self.draft.get_untracked();
                let price = untrack(|| self.simulated_price());
                let past = self.past.get_untracked();
                let arms = self.shown.map(|shown| shown.get_untracked());
                Taken { answered: Answered::Simulated, draft, past, price, arms }
            }
            Mode::Live => {
                let Ran { draft, past, provider, model, price, kinds } =
                    self.runner.with_value(|runner| runner.ran.clone())?;
                let answered = match provider {
                    Choice::Practice => Answered::Practice,
                    _ => {
                        let name = provider.provider().map_or(provider.key(), |provider| provider.name);
                        Answered::Live { provider: name.to_string(), model }
                    }
                };
                let arms = ArmKind::ALL.map(|kind| {
                    let shown = self.live_arms[kind.index()].get_untracked();
                    shown.filter(|_| kinds.contains(&kind))
                });
                Taken { answered, draft, past, price, arms }
            }
        };
        taken.arms.iter().any(Option::is_some).then_some(taken)
    }

    /// Notes what a live run is asked, and of whom.
    pub(in crate::ui) fn remember_asked(
        self,
        provider: Choice,
        model: &str,
        price: Option<Price>,
        kinds: &[ArmKind],
    ) {
        let draft = self.draft.get_untracked();
        // Answers of the practice server cost nothing.
        let price = if provider.provider().is_none() { Some(Price::default()) } else { price };
        let (past, model, kinds) = (Vec::new(), model.to_string(), kinds.to_vec());
        let mut ran = Ran { draft, past, provider, model, price, kinds };
        self.runner.update_value(|runner| {
            // Arms that are run one after the other, as they stand, are of one run.
            let before = runner.ran.take().filter(|before| {
                before.past.is_empty()
                    && (&before.draft, before.provider, &before.model)
                        == (&ran.draft, ran.provider, &ran.model)
            });
            ran.kinds.extend(before.into_iter().flat_map(|before| before.kinds));
            runner.ran = Some(ran);
        });
    }

    /// Gives a run a name, and says which name it has then.
    pub fn rename_run(self, i: usize, name: &str) -> String {
        let Some(at_ms) = self.nth_run(i) else { return String::new() };
        self.change_runs(&mut |runs| runs.history.rename(at_ms, name));
        self.runs
            .with_untracked(|runs| runs.history.find(at_ms).map(|run| run.name.clone()).unwrap_or_default())
    }

    pub fn pin_run(self, i: usize) {
        let Some(at_ms) = self.nth_run(i) else { return };
        self.change_runs(&mut |runs| {
            runs.removed = None;
            runs.said = match runs.history.pin(at_ms) {
                true => String::new(),
                false => "Four runs can be compared at once. Unpin one of them first.".to_string(),
            };
        });
    }

    pub fn delete_run(self, i: usize) {
        let Some(at_ms) = self.nth_run(i) else { return };
        self.change_runs(&mut |runs| {
            runs.removed = runs.history.remove(at_ms);
            runs.said =
                runs.removed.iter().map(|removed| format!("Deleted “{}”.", removed.run.name)).collect();
        });
    }

    pub fn undo_delete(self) {
        self.change_runs(&mut |runs| {
            runs.said.clear();
            if let Some(removed) = runs.removed.take() {
                runs.said = format!("“{}” is back.", removed.run.name);
                runs.history.put_back(removed);
            }
        });
    }

    /// Puts the scenario of a run on screen. What is there and was edited is put aside.
    pub fn back_to_run(self, i: usize) {
        let run = self.runs.with_untracked(|runs| runs.history.runs.get(i).cloned());
        let Some(Kept { at_ms, name, scenario, changes, .. }) = run else { return };
        self.dialog.set(None);
        if !self.open_kept(&name, &scenario) {
            return;
        }
        self.past.set(changes::read(&changes, &scenario));
        let kept = self.runner.with_value(|runner| {
            runner
                .kept
                .iter()
                .find(|(kept, ..)| *kept == at_ms)
                .map(|(_, ran, arms)| (ran.clone(), arms.clone()))
        });
        if let Some((ran, arms)) = kept.filter(|_| self.live.get_untracked() != LiveState::Running) {
            self.answered_by.set(Some(ran.provider));
            self.runner.update_value(|runner| runner.ran = Some(ran));
            self.live_arms.iter().zip(arms).for_each(|(arm, shown)| arm.set(shown));
            self.expected.iter().for_each(|expected| expected.set(None));
            self.live.set(LiveState::Done);
            self.mode.set(Mode::Live);
        }
    }

    pub fn download_run(self) {
        let given = self.give_out("run", |taken| {
            let Taken { answered, draft, past, price, .. } = taken;
            run_file::write(&Asked { answered, draft, past, price: *price }, &taken.arms())
        });
        if let Some(warning) = given.and_then(|taken| warning_of_secrets(&taken.draft)) {
            self.say(warning);
        }
    }

    pub fn download_trace(self) {
        self.give_out("trace", |taken| trace_file::write(&taken.draft.title, &taken.answered, &taken.arms()));
    }

    fn give_out(self, what: &str, write: fn(&Taken) -> String) -> Option<Taken> {
        let taken = self.taken(self.mode.get_untracked());
        match &taken {
            Some(taken) => {
                let name = file_name(&taken.draft.title, what);
                files::download(&name, "application/json", &write(taken));
            }
            None => self.say(NOTHING.to_string()),
        }
        taken
    }

    /// What an arm came to before the last change, where that can be compared with what it shows now.
    pub fn before(self, kind: ArmKind) -> Option<Figures> {
        if self.live.get() == LiveState::Running {
            return None;
        }
        let mode = self.mode.get();
        self.runs.with(|runs| {
            let (_, figures) = runs.before.as_ref().filter(|(then, _)| *then == mode)?;
            figures[kind.index()]
        })
    }

    /// A change of the draft begins a gesture, or goes on with one: what was before it is remembered
    /// once. Under live runs a change of the draft changes no number.
    pub(in crate::ui) fn begin_gesture(self) {
        if self.runner.with_value(|runner| runner.is_changing) {
            return;
        }
        self.draft.with_untracked(|draft| {
            self.runner.update_value(|runner| {
                runner.is_changing = true;
                runner.undo.note(draft);
            });
        });
        self.note_reach();
        self.remember_simulated_numbers();
    }

    pub(in crate::ui) fn end_gesture(self) {
        self.runner.update_value(|runner| runner.is_changing = false);
    }

    pub(in crate::ui) fn remember_simulated_numbers(self) {
        if self.mode.get_untracked() == Mode::Simulated {
            self.remember_numbers();
        }
    }

    pub(in crate::ui) fn remember_numbers(self) {
        let now = ArmKind::ALL.map(|kind| untrack(|| self.numbers(kind)).map(|numbers| figures(&numbers)));
        let mode = self.mode.get_untracked();
        self.runs.update(|runs| runs.before = Some((mode, now)));
    }

    fn nth_run(self, i: usize) -> Option<u64> {
        self.runs.with_untracked(|runs| Some(runs.history.runs.get(i)?.at_ms))
    }

    fn change_runs(self, change: &mut dyn FnMut(&mut Runs)) {
        self.runs.update(|runs| runs.change(change));
    }

    fn say(self, said: String) {
        self.runs.update(|runs| {
            runs.removed = None;
            runs.said = said;
        });
    }
}
