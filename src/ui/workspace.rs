//! The handles everything on the screen reads: the draft, what it comes to, and the live run.

use std::sync::Arc;

use leptos::prelude::*;

use super::charging::{shown_price, simulated_price};
use super::held::Held;
use super::inspector::Inspected;
use super::layout::{Calls, Layout};
use super::notices::Notice;
use super::parts::painted::{Markup, Picture};
use super::replay::Pace;
use super::runner::Runner;
use super::runs::Runs;
use super::saving::Sharing;
use super::settings;
use super::settings::Checked;
use super::shown::{Shown, rehearsed, together, told};
use super::trial::Trial;
use super::verdict::Studied;
use super::zoom::Near;
use crate::analysis::calls::Column;
use crate::analysis::fork::Past;
use crate::analysis::metrics::{Metrics, metrics};
use crate::analysis::recount::recount;
use crate::analysis::rehearsal::takes_long;
use crate::analysis::story::Stories;
use crate::engine::patterns::Pattern;
use crate::engine::patterns::voting::tally::Tally;
use crate::providers::settings::{Choice, Settings};
use crate::scenario::draft::Draft;
use crate::scenario::view::Stage;
use crate::scenario::{ArmKind, Problem, Scenario};

/// Who answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    Simulated,
    Live,
}

/// What the live run is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LiveState {
    Idle,
    Running,
    Done,
    Stopped,
}

/// The dialog that is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialog {
    Settings,
    Share,
    /// The history of runs.
    Runs,
    /// The sheet of shortcuts.
    Keys,
    /// Before a live run that costs more than it seems.
    Consent,
}

/// What the address bar says of work that it does not hold.
pub const DRAFT: &str = "/draft";

#[derive(Clone, Copy)]
pub struct Workspace {
    pub draft: Held<Draft>,
    pub mode: Held<Mode>,
    pub settings: Held<Settings>,
    /// The check of the connection that was asked for last.
    pub connection: Held<Checked>,
    pub notices: Held<Vec<Notice>>,
    pub dialog: Held<Option<Dialog>>,
    /// What a person is asked about before a live run.
    pub asked: Held<Vec<String>>,
    /// Whether the scenario the page begins with is there.
    pub opened: Held<bool>,
    pub sharing: Sharing,
    pub stage: Held<Stage>,
    /// Work that was replaced by something opened, to go back to: the last first.
    pub replaced: Held<Vec<Draft>>,
    /// Whether the draft differs from what was opened.
    pub edited: Held<bool>,
    pub live: Held<LiveState>,
    /// Who answered the live run that is shown, whoever answers the next; none before the first.
    pub answered_by: Held<Option<Choice>>,
    /// What the live run has brought so far, arm by arm.
    pub live_arms: [Held<Option<Arc<Shown>>>; 3],
    /// What the arms of the live run were expected to cost, in nano-USD.
    pub expected: [Held<Option<u64>>; 3],
    /// What long rehearsals came to, arm by arm.
    pub long_arms: [Held<Option<Arc<Shown>>>; 3],
    /// The long rehearsal that is under way: how many calls are over, of how many.
    pub progress: Held<Option<(ArmKind, u32, u32)>>,
    /// The instant that is shown, in microseconds; none where it is the end.
    pub playhead: Held<Option<u64>>,
    /// The part of the time axis that is looked at; none is the whole.
    pub near: Held<Option<Near>>,
    /// Changes when the page takes other colours.
    pub colours: Held<()>,
    /// Whether single keys do something.
    pub has_shortcuts: Held<bool>,
    pub layout: Held<Layout>,
    pub calls: Held<Calls>,
    /// The column that lists of calls are sorted by, and whether the largest comes first.
    pub sorted_by: Held<(Column, bool)>,
    /// The page of the lists, from 0; the last one where a list has fewer.
    pub list_page: Held<usize>,
    /// The call the inspector shows.
    pub inspected: Held<Option<Inspected>>,
    /// Its request as a command, once that was asked for.
    pub curl: Held<Option<String>>,
    /// Whether there is a gesture to be taken back, and one to be done again.
    pub reach: Held<[bool; 2]>,
    /// The aggregators that are tried out, arm by arm.
    pub trials: [Held<Trial>; 3],
    /// Whether the answers of an arm are shown in full.
    pub in_full: [Held<bool>; 3],
    /// Whether what is needed less often is unfolded where the bar at the top is too narrow for it.
    pub menu: Held<bool>,
    pub playing: Held<bool>,
    pub pace: Held<Pace>,
    /// What many simulated runs say of the scenario.
    pub studied: Held<Studied>,
    /// How the simulated run was up to the instants at which it was changed.
    pub past: Held<Vec<Past>>,
    pub checked: Memo<(Scenario, Vec<Problem>)>,
    pub shown: [Memo<Option<Arc<Shown>>>; 3],
    stories: [Memo<Arc<Stories>>; 3],
    numbers: [Memo<Option<Metrics>>; 3],
    /// How long what is shown takes, in microseconds: its longest arm.
    pub length_us: Memo<u64>,
    pub runs: Held<Runs>,
    pub runner: StoredValue<Runner, LocalStorage>,
}

impl Workspace {
    /// A workspace with a scenario about nothing, until one is opened.
    pub fn empty() -> Self {
        let draft = Held::new(Draft::default());
        let mode = Held::new(Mode::Simulated);
        let live_arms = ArmKind::ALL.map(|_| Held::new(None));
        let answered_by = Held::new(None);
        // A change of the draft counts as one of all that follows from it: to compare recordings in
        // depth costs more code and time than to paint what did not change.
        let checked = Memo::new_with_compare(move |_| draft.with(Draft::check), |_, _| true);
        let long_arms = ArmKind::ALL.map(|_| Held::new(None));
        let past = Held::new(Vec::new());
        let settings = Held::new(settings::restored());
        let notices = Held::new(Vec::new());
        settings::keep_stored(settings, notices);
        let together = Memo::new_with_compare(
            move |_| {
                let price = simulated_price(draft, settings);
                checked.with(|(scenario, _)| past.with(|past| together(scenario, price, past)))
            },
            |_, _| true,
        );
        let shown = ArmKind::ALL.map(|kind| {
            Memo::new_with_compare(
                move |_| match mode.get() {
                    Mode::Simulated => {
                        let price = simulated_price(draft, settings);
                        let rehearsed = checked.with(|(scenario, _)| {
                            past.with(|past| {
                                together.with(|together| rehearsed(scenario, kind, price, past, together))
                            })
                        });
                        rehearsed.or_else(|| long_arms[kind.index()].get())
                    }
                    Mode::Live => live_arms[kind.index()].get(),
                },
                |_, _| true,
            )
        });
        let stories = shown.map(|shown| {
            Memo::new_with_compare(move |_| Arc::new(shown.with(|shown| told(shown.as_deref()))), |_, _| true)
        });
        let numbers = shown.map(|shown| {
            Memo::new(move |_| {
                shown.with(|shown| {
                    let shown = shown.as_ref()?;
                    let price = shown_price(mode, draft, settings, answered_by);
                    Some(metrics(&shown.recording, shown.sequential_us, price))
                })
            })
        });
        let length_us = Memo::new(move |_| {
            let last =
                |shown: &Option<Arc<Shown>>| shown.as_ref().map_or(0, |shown| shown.recording.last_us());
            shown.iter().map(|memo| memo.with(last)).max().unwrap_or(0)
        });
        Workspace {
            draft,
            mode,
            settings,
            connection: Held::new(Checked::default()),
            notices,
            dialog: Held::new(None),
            asked: Held::new(Vec::new()),
            opened: Held::new(false),
            sharing: Sharing::default(),
            stage: Held::new(Stage::Page),
            replaced: Held::new(Vec::new()),
            edited: Held::new(false),
            live: Held::new(LiveState::Idle),
            answered_by,
            live_arms,
            expected: ArmKind::ALL.map(|_| Held::new(None)),
            long_arms,
            progress: Held::new(None),
            playhead: Held::new(None),
            near: Held::new(None),
            colours: Held::new(()),
            has_shortcuts: Held::new(true),
            layout: Held::new(Layout::fitting()),
            calls: Held::new(Calls::Waterfall),
            sorted_by: Held::new((Column::Call, false)),
            list_page: Held::new(0),
            inspected: Held::new(None),
            curl: Held::new(None),
            reach: Held::new([false; 2]),
            trials: ArmKind::ALL.map(|_| Held::new(Trial::default())),
            in_full: ArmKind::ALL.map(|_| Held::new(false)),
            menu: Held::new(false),
            playing: Held::new(false),
            pace: Held::new(Pace::Whole),
            studied: Held::new(Studied::Nothing),
            past,
            checked,
            shown,
            stories,
            numbers,
            length_us,
            runs: Held::new(Runs::default()),
            runner: StoredValue::new_local(Runner::default()),
        }
    }

    /// The workspace of the page.
    pub fn expect() -> Self {
        expect_context::<Workspace>()
    }

    /// Changes the draft by hand, and has the address bar follow.
    /// In the middle of a simulated run what comes is changed and what was stays, where that can be.
    pub fn edit(self, change: impl FnOnce(&mut Draft)) {
        self.begin_gesture();
        self.change(change);
    }

    pub(super) fn change(self, change: impl FnOnce(&mut Draft)) {
        let before = self.checked.with_untracked(|(scenario, _)| scenario.clone());
        self.draft.update(change);
        self.fork_or_begin_anew(&before);
        self.change_limits();
        self.forget_long_rehearsals();
        self.keep_work_soon();
        if !self.edited.get_untracked() {
            self.edited.set(true);
        }
    }

    /// Puts another scenario on screen. Edited work is kept to go back to.
    pub fn open(self, draft: Draft) {
        self.end_replay();
        self.past.set(Vec::new());
        self.put_work_aside();
        self.keep_aside();
        self.keep_no_work_soon();
        self.edited.set(false);
        self.forget_gestures();
        self.forget_trials();
        self.near.set(None);
        self.mode.set(Mode::Simulated);
        self.runs.update(|runs| runs.before = None);
        self.draft.set(draft);
    }

    fn put_work_aside(self) {
        if self.edited.get_untracked() {
            let draft = self.draft.get_untracked();
            self.replaced.update(|replaced| replaced.insert(0, draft));
        }
    }

    pub fn back_to_replaced_work(self) {
        if let Some(draft) = self.replaced.with_untracked(|replaced| replaced.first().cloned()) {
            self.replaced.update(|replaced| {
                replaced.remove(0);
            });
            self.put_work_aside();
            self.keep_aside();
            self.forget_gestures();
            self.forget_trials();
            self.draft.set(draft);
            self.edited.set(true);
            self.keep_work_soon();
        }
    }

    pub fn notify(self, notice: Notice) {
        notice.add_to(self.notices);
    }

    /// Takes a notice off the page.
    pub fn dismiss(self, place: usize) {
        self.notices.update(|notices| {
            if place < notices.len() {
                notices.remove(place);
            }
        });
    }

    /// The state of the page as its contract names it.
    pub fn run_state(self) -> &'static str {
        match (self.mode.get(), self.live.get()) {
            (Mode::Simulated, _) if self.progress.with(Option::is_some) => "running",
            (Mode::Simulated, _) => "done",
            (Mode::Live, LiveState::Idle) => "idle",
            (Mode::Live, LiveState::Running) => "running",
            (Mode::Live, LiveState::Done) => "done",
            (Mode::Live, LiveState::Stopped) => "stopped",
        }
    }

    pub fn is_running(self) -> bool {
        self.progress.with(Option::is_some)
            || self.mode.get() == Mode::Live && self.live.get() == LiveState::Running
    }

    /// The votes that are in, as they are to be counted now.
    pub fn tally(self) -> Option<Tally> {
        let kind = ArmKind::Voting;
        self.checked.with(|(scenario, _)| match scenario.arm(kind).map(|arm| &**arm) {
            Some(Pattern::Voting(voting)) => {
                self.shown[kind.index()].with(|shown| recount(voting, &shown.as_ref()?.recording))
            }
            _ => None,
        })
    }

    /// Whether an arm has more calls than are followed with every change.
    pub fn takes_long(self) -> bool {
        self.checked.with(|(scenario, _)| ArmKind::ALL.iter().any(|kind| takes_long(scenario, *kind)))
    }

    /// The numbers of what an arm shows.
    pub fn numbers(self, kind: ArmKind) -> Option<Metrics> {
        self.numbers[kind.index()].get()
    }

    /// What a picture of an arm shows at the time.
    pub fn picture(self, kind: ArmKind, draw: fn(Workspace, ArmKind) -> Vec<Markup>) -> Picture {
        Picture::new(move |()| draw(self, kind))
    }

    pub fn stories(self, kind: ArmKind) -> Arc<Stories> {
        self.stories[kind.index()].get()
    }
}
