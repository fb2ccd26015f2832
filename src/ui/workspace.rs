//! The handles everything on the screen reads: the draft, what it comes to, and the live run.

use std::sync::Arc;

use leptos::prelude::*;

use super::charging::{shown_price, simulated_price};
use super::inspector::Inspected;
use super::layout::{Calls, Layout};
use super::notices::Notice;
use super::parts::painted::{Markup, Picture};
use super::replay::Pace;
use super::runner::Runner;
use super::runs::Runs;
use super::saving::Sharing;
use super::settings;
use super::settings::checking::Checked;
use super::shown::{Shown, rehearsed, told};
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
    pub draft: RwSignal<Draft>,
    pub mode: RwSignal<Mode>,
    pub settings: RwSignal<Settings>,
    /// The check of the connection that was asked for last.
    pub connection: RwSignal<Checked>,
    pub notices: RwSignal<Vec<Notice>>,
    pub dialog: RwSignal<Option<Dialog>>,
    /// What a person is asked about before a live run.
    pub asked: RwSignal<Vec<String>>,
    /// Whether the scenario the page begins with is there.
    pub opened: RwSignal<bool>,
    pub sharing: Sharing,
    pub stage: RwSignal<Stage>,
    /// Work that was replaced by something opened, to go back to.
    pub replaced: RwSignal<Option<Draft>>,
    /// Whether the draft differs from what was opened.
    pub edited: RwSignal<bool>,
    pub live: RwSignal<LiveState>,
    /// Who answered the live run that is shown, whoever answers the next; none before the first.
    pub answered_by: RwSignal<Option<Choice>>,
    /// What the live run has brought so far, arm by arm.
    pub live_arms: [RwSignal<Option<Arc<Shown>>>; 3],
    /// What the arms of the live run were expected to cost, in nano-USD.
    pub expected: [RwSignal<Option<u64>>; 3],
    /// What long rehearsals came to, arm by arm.
    pub long_arms: [RwSignal<Option<Arc<Shown>>>; 3],
    /// The long rehearsal that is under way: how many calls are over, of how many.
    pub progress: RwSignal<Option<(ArmKind, u32, u32)>>,
    /// The instant that is shown, in microseconds; none where it is the end.
    pub playhead: RwSignal<Option<u64>>,
    /// The part of the time axis that is looked at; none is the whole.
    pub near: RwSignal<Option<Near>>,
    /// Changes when the page takes other colours.
    pub colours: RwSignal<()>,
    /// Whether single keys do something.
    pub has_shortcuts: RwSignal<bool>,
    pub layout: RwSignal<Layout>,
    pub calls: RwSignal<Calls>,
    /// The column that lists of calls are sorted by, and whether the largest comes first.
    pub sorted_by: RwSignal<(Column, bool)>,
    /// The page of the lists, from 0; the last one where a list has fewer.
    pub list_page: RwSignal<usize>,
    /// The call the inspector shows.
    pub inspected: RwSignal<Option<Inspected>>,
    /// Its request as a command, once that was asked for.
    pub curl: RwSignal<Option<String>>,
    pub playing: RwSignal<bool>,
    pub pace: RwSignal<Pace>,
    /// What many simulated runs say of the scenario.
    pub studied: RwSignal<Studied>,
    /// How the simulated run was up to the instants at which it was changed.
    pub past: RwSignal<Vec<Past>>,
    pub checked: Memo<(Scenario, Vec<Problem>)>,
    pub shown: [Memo<Option<Arc<Shown>>>; 3],
    stories: [Memo<Arc<Stories>>; 3],
    numbers: [Memo<Option<Metrics>>; 3],
    /// How long what is shown takes, in microseconds: its longest arm.
    pub length_us: Memo<u64>,
    pub runs: RwSignal<Runs>,
    pub runner: StoredValue<Runner, LocalStorage>,
}

impl Workspace {
    /// A workspace with a scenario about nothing, until one is opened.
    pub fn empty() -> Self {
        let draft = RwSignal::new(Draft::default());
        let mode = RwSignal::new(Mode::Simulated);
        let live_arms = ArmKind::ALL.map(|_| RwSignal::new(None));
        let answered_by = RwSignal::new(None);
        // A change of the draft counts as one of all that follows from it: to compare recordings in
        // depth costs more code and time than to paint what did not change.
        let checked = Memo::new_with_compare(move |_| draft.with(Draft::check), |_, _| true);
        let long_arms = ArmKind::ALL.map(|_| RwSignal::new(None));
        let past = RwSignal::new(Vec::new());
        let settings = RwSignal::new(settings::restored());
        settings::keep_stored(settings);
        let rehearsed = Memo::new_with_compare(
            move |_| {
                let price = simulated_price(draft, settings);
                checked.with(|(scenario, _)| past.with(|past| rehearsed(scenario, price, past)))
            },
            |_, _| true,
        );
        let shown = ArmKind::ALL.map(|kind| {
            Memo::new_with_compare(
                move |_| match mode.get() {
                    Mode::Simulated => rehearsed
                        .with(|arms| arms[kind.index()].clone())
                        .or_else(|| long_arms[kind.index()].get()),
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
            connection: RwSignal::new(Checked::default()),
            notices: RwSignal::new(Vec::new()),
            dialog: RwSignal::new(None),
            asked: RwSignal::new(Vec::new()),
            opened: RwSignal::new(false),
            sharing: Sharing::default(),
            stage: RwSignal::new(Stage::Page),
            replaced: RwSignal::new(None),
            edited: RwSignal::new(false),
            live: RwSignal::new(LiveState::Idle),
            answered_by,
            live_arms,
            expected: ArmKind::ALL.map(|_| RwSignal::new(None)),
            long_arms,
            progress: RwSignal::new(None),
            playhead: RwSignal::new(None),
            near: RwSignal::new(None),
            colours: RwSignal::new(()),
            has_shortcuts: RwSignal::new(true),
            layout: RwSignal::new(Layout::fitting()),
            calls: RwSignal::new(Calls::Waterfall),
            sorted_by: RwSignal::new((Column::Call, false)),
            list_page: RwSignal::new(0),
            inspected: RwSignal::new(None),
            curl: RwSignal::new(None),
            playing: RwSignal::new(false),
            pace: RwSignal::new(Pace::Whole),
            studied: RwSignal::new(Studied::Nothing),
            past,
            checked,
            shown,
            stories,
            numbers,
            length_us,
            runs: RwSignal::new(Runs::default()),
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

    /// A text of the draft.
    pub fn text(self, read: fn(&Draft) -> String) -> Signal<String> {
        Signal::derive(move || self.draft.with(read))
    }

    /// A number of the draft.
    pub fn number(self, read: fn(&Draft) -> Option<u32>) -> Signal<Option<u32>> {
        Signal::derive(move || self.draft.with(read))
    }

    /// Writes a text that was typed into the draft.
    pub fn on_text(self, write: fn(&mut Draft, String)) -> Callback<String> {
        Callback::new(move |text| self.edit(|draft| write(draft, text)))
    }

    /// Writes a number that was set into the draft.
    pub fn on_number(self, write: fn(&mut Draft, Option<u32>)) -> Callback<Option<u32>> {
        Callback::new(move |number| self.edit(|draft| write(draft, number)))
    }

    /// Puts another scenario on screen. Edited work is kept to go back to.
    pub fn open(self, draft: Draft) {
        self.end_replay();
        self.past.set(Vec::new());
        if self.edited.get_untracked() {
            self.replaced.set(Some(self.draft.get_untracked()));
        }
        self.edited.set(false);
        self.near.set(None);
        self.mode.set(Mode::Simulated);
        self.runs.update(|runs| runs.before = None);
        self.draft.set(draft);
    }

    pub fn back_to_replaced_work(self) {
        if let Some(draft) = self.replaced.get_untracked() {
            self.replaced.set(None);
            self.draft.set(draft);
            self.edited.set(true);
            self.keep_work_soon();
        }
    }

    pub fn notify(self, notice: Notice) {
        self.notices.update(|notices| {
            notices.retain(|other| other.text != notice.text);
            notices.push(notice);
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
