//! Starts runs, shows how they go, stops them.

use std::cell::OnceCell;
use std::rc::Rc;
use std::sync::Arc;

use futures::future::{AbortHandle, Abortable, join_all};
use gloo_timers::callback::Timeout;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::notices::Notice;
use super::saving::Base;
use super::shown::Shown;
use super::trial::Trying;
use super::verdict::Studying;
use super::workspace::{Dialog, LiveState, Mode, Workspace};
use crate::analysis::fork::{Past, fork};
use crate::analysis::recording::Recording;
use crate::analysis::rehearsal::{LongRehearsal, limits, takes_long};
use crate::analysis::words;
use crate::engine::clock::{Clock, MS};
use crate::engine::draw::arm_seed;
use crate::engine::patterns::{Outcome, Planned, single};
use crate::engine::price::Price;
use crate::engine::run::{Progress, Run, RunView, Setup};
use crate::platform::clock::BrowserClock;
use crate::platform::frame::{Frames, Next};
use crate::providers::remote::Remote;
use crate::providers::settings::Choice;
use crate::scenario::draft::Draft;
use crate::scenario::undo::Undo;
use crate::scenario::{ArmKind, Limiters, Scenario};

/// What is under way. Dropping it stops it.
#[derive(Default)]
pub struct Runner {
    /// Arms that wait for consent to run live.
    pub(super) asked: Vec<ArmKind>,
    live: Option<Live>,
    pub(super) replay: Option<Frames>,
    pub(super) study: Studying,
    /// Advice that is to be taken once the study has told it: the arm and the finding.
    pub(super) advice: Option<(usize, usize)>,
    /// Changes that are to be kept.
    pub(super) keeping: Option<Timeout>,
    /// Whether there are changes that wait to be kept.
    pub(super) is_keeping_due: bool,
    /// Whether the browser has no room for the work.
    pub(super) is_unkept: bool,
    /// A long rehearsal.
    rehearsal: Option<Frames>,
    /// The live run that is shown: what was asked, and of whom.
    pub(super) ran: Option<Ran>,
    /// The live runs that are kept, by their times: what they brought is nowhere else.
    pub(super) kept: Vec<(u64, Ran, Arms)>,
    /// Whether a gesture is going on that changes the draft.
    pub(super) is_changing: bool,
    /// What the draft was before the gestures.
    pub(super) undo: Undo,
    /// The ready scenario that the draft began as.
    pub(super) base: Option<Base>,
    /// The aggregators that are tried out, arm by arm.
    pub(super) trying: [Option<Trying>; 3],
    /// How many runs the practice server was opened for.
    pub(super) n_practised: u64,
}

/// What the arms show.
pub type Arms = [Option<Arc<Shown>>; 3];

/// A live run as it was asked for in the end, and how it was before that.
#[derive(Clone)]
pub struct Ran {
    pub draft: Draft,
    pub past: Vec<Past>,
    pub provider: Choice,
    pub model: String,
    pub price: Option<Price>,
    /// The arms that were run.
    pub kinds: Vec<ArmKind>,
}

struct Live {
    views: Vec<RunView>,
    abort: AbortHandle,
    _frames: Frames,
}

impl Drop for Live {
    fn drop(&mut self) {
        self.abort.abort();
    }
}

/// How long a rehearsal goes on between two frames.
const SLICE_US: u64 = 10 * MS;

/// The most calls of a live run that are all looked at in every frame in which something happens.
const MOST_EVERY_FRAME: usize = 200;

impl Workspace {
    /// Runs these arms: a replay of the simulated run, or calls to the real endpoint.
    pub fn run(self, kinds: &[ArmKind]) {
        match self.mode.get_untracked() {
            Mode::Simulated => {
                let (scenario, _) = self.checked.get_untracked();
                let long: Vec<ArmKind> =
                    kinds.iter().copied().filter(|kind| takes_long(&scenario, *kind)).collect();
                match long.is_empty() {
                    true => {
                        self.replay();
                        self.keep_run(Mode::Simulated);
                    }
                    false => self.rehearse_bit_by_bit(scenario, long),
                }
            }
            Mode::Live => match self.questions(kinds) {
                questions if questions.is_empty() => self.run_live(kinds),
                questions => {
                    self.runner.update_value(|runner| runner.asked = kinds.to_vec());
                    self.asked.set(questions);
                    self.dialog.set(Some(Dialog::Consent));
                }
            },
        }
    }

    /// Lets a live run go on under the limits that are set now.
    pub fn change_limits(self) {
        if self.live.get_untracked() != LiveState::Running {
            return;
        }
        let price = untrack(|| self.shown_price());
        let now = self.checked.with_untracked(|(scenario, _)| scenario.clone());
        self.runner.update_value(|runner| {
            let (Some(live), Some(ran)) = (&runner.live, &mut runner.ran) else { return };
            let (then, _) = ran.draft.check();
            if then.limits != now.limits {
                ran.draft.take_over_limits(&now);
                let at_us = live.views.first().map_or(0, RunView::now_us);
                ran.past = fork(&then, &ran.draft.check().0, &ran.past, at_us).unwrap_or_default();
            }
            live.views.iter().for_each(|view| view.set_limits(limits(&now, price)));
        });
    }

    /// Stops the live run. What has finished stays.
    pub fn stop(self) {
        self.runner.with_value(|runner| {
            if let Some(live) = &runner.live {
                live.views.iter().for_each(RunView::stop);
            }
        });
        if self.live.get_untracked() == LiveState::Running {
            self.live.set(LiveState::Stopped);
        }
        self.end_replay();
        self.runner.update_value(|runner| runner.rehearsal = None);
        self.progress.set(None);
    }

    /// Simulates arms of very many calls, a little between two frames.
    fn rehearse_bit_by_bit(self, scenario: Scenario, mut kinds: Vec<ArmKind>) {
        self.forget_long_rehearsals();
        let price = untrack(|| self.simulated_price());
        kinds.reverse();
        let mut now: Option<(ArmKind, LongRehearsal)> = None;
        let mut brought: Option<(ArmKind, Recording)> = None;
        let clock = BrowserClock::start();
        let frames = Frames::start(move |_| {
            // To take it down and to show it are two frames: each takes long enough.
            if let Some((kind, recording)) = brought.take() {
                let shown = Shown { recording, sequential_us: None, single: None };
                self.long_arms[kind.index()].set(Some(Arc::new(shown)));
                return Next::Frame;
            }
            if now.is_none() {
                let next =
                    kinds.pop().and_then(|kind| Some((kind, LongRehearsal::begin(&scenario, kind, price)?)));
                let Some(next) = next else {
                    self.progress.set(None);
                    self.keep_run(Mode::Simulated);
                    return Next::Stop;
                };
                now = Some(next);
            }
            let Some((kind, rehearsal)) = &mut now else { return Next::Stop };
            let until_us = clock.now_us() + SLICE_US;
            let done = rehearsal.go_on(&mut || clock.now_us() >= until_us) == Progress::Done;
            let (over, all) = rehearsal.progress();
            self.progress.set(Some((*kind, over, all)));
            if done {
                brought = Some((*kind, rehearsal.recording()));
                now = None;
            }
            Next::Frame
        });
        self.runner.update_value(|runner| runner.rehearsal = Some(frames));
    }

    /// What a long rehearsal came to no longer is what the draft says.
    pub fn forget_long_rehearsals(self) {
        self.runner.update_value(|runner| runner.rehearsal = None);
        if self.progress.with_untracked(Option::is_some) {
            self.progress.set(None);
        }
        for arm in self.long_arms.iter().filter(|arm| arm.with_untracked(Option::is_some)) {
            arm.set(None);
        }
    }

    pub(super) fn run_live(self, kinds: &[ArmKind]) {
        let (scenario, _) = self.checked.get_untracked();
        let clock = Rc::new(BrowserClock::start());
        let Some((target, transport)) = self.line(&scenario, clock.clone()) else { return };
        let streams = target.streaming;
        let timeouts = if streams { scenario.timeouts } else { scenario.timeouts.whole() };
        let (provider, price) =
            self.settings.with_untracked(|settings| (settings.provider, settings.price()));
        if scenario.budget_nano_usd.is_some() && price.is_none() {
            // A budget is a stop that holds: without a price it would be none.
            self.notify(Notice::error(words::budget_without_price(&target.model)));
            return;
        }
        self.answered_by.set(Some(provider));
        self.remember_numbers();
        self.remember_asked(provider, &target.model, price, kinds);
        let remote = Rc::new(Remote::new(target, transport));
        let new_run = || {
            let setup = Setup::new(clock.clone(), remote.clone(), limits(&scenario, price));
            Run::new(Setup { retry: scenario.retry, timeouts, ..setup })
        };
        let mut runs: Vec<Run> = Vec::new();
        let mut followed = Vec::new();
        let mut first = 0;
        for kind in kinds {
            let Some(pattern) = scenario.arm(*kind).cloned() else { continue };
            if runs.is_empty() || scenario.limiters == Limiters::Own {
                runs.push(new_run());
                first = 0;
            }
            let Some(run) = runs.last_mut() else { continue };
            let plan = Arc::new(pattern.plan());
            let n_calls = plan.len() as u32;
            let seed = arm_seed(scenario.seed, *kind as u8);
            let outcome = pattern.clone().add_to(run, seed);
            let has_single = scenario.single;
            if has_single {
                single::add_to(pattern, run, seed);
            }
            followed.push(Followed { kind: *kind, view: run.view(), first, plan, outcome, has_single });
            first += n_calls + u32::from(has_single);
        }
        if followed.is_empty() {
            return;
        }
        let expected = |kind| {
            let likely = self.forecast(&[kind]).cost.map(|cost| cost.likely_nano_usd);
            likely.filter(|nano_usd| *nano_usd > 0)
        };
        for arm in &followed {
            self.expected[arm.kind.index()].set(expected(arm.kind));
        }
        self.follow(runs, followed, remote);
    }

    /// Lets runs go on and shows each frame what is new.
    fn follow(self, runs: Vec<Run>, followed: Vec<Followed>, remote: Rc<Remote>) {
        let views: Vec<RunView> = runs.iter().map(Run::view).collect();
        let followed = Rc::new(followed);
        let (abort, registration) = AbortHandle::new_pair();
        self.live.set(LiveState::Running);
        self.show(&followed);

        let frames = {
            let (views, followed) = (views.clone(), followed.clone());
            let mut seen = None;
            let is_large = followed.iter().map(|arm| arm.plan.len()).sum::<usize>() > MOST_EVERY_FRAME;
            Frames::start(move |now_ms| {
                // Even where nothing happens, bars of calls in flight grow; ten times a second is enough.
                let revision: u64 = views.iter().map(RunView::revision).sum();
                let now = (if is_large { 0 } else { revision }, (now_ms / 100.0) as u64);
                if seen.replace(now) != Some(now) {
                    self.show(&followed);
                }
                Next::Frame
            })
        };
        self.runner.update_value(|runner| runner.live = Some(Live { views, abort, _frames: frames }));

        spawn_local(async move {
            let ended = Abortable::new(join_all(runs), registration).await;
            for field in remote.dropped() {
                self.notify(Notice::status(words::left_out(field)));
            }
            if ended.is_err() {
                // Another run took its place and shows itself.
                return;
            }
            self.show(&followed);
            self.live.update(|state| {
                if *state == LiveState::Running {
                    *state = LiveState::Done;
                }
            });
            self.keep_run(Mode::Live);
            let _ = self.runner.try_update_value(|runner| runner.live = None);
        });
    }

    fn show(self, followed: &[Followed]) {
        for arm in followed {
            let view = &arm.view;
            let recording = Recording::of(view, arm.first, arm.plan.clone(), arm.outcome.get().cloned());
            let behind = arm.first + arm.plan.len() as u32;
            let single = arm.has_single.then(|| Recording::of(view, behind, Arc::new(single::plan()), None));
            let shown = Shown { recording, sequential_us: None, single };
            self.live_arms[arm.kind.index()].set(Some(Arc::new(shown)));
        }
    }
}

/// An arm of a live run: where its calls begin and what comes of it.
struct Followed {
    kind: ArmKind,
    view: RunView,
    first: u32,
    plan: Arc<Vec<Planned>>,
    outcome: Rc<OnceCell<Outcome>>,
    /// Whether its whole task is also asked as one call, which comes behind its own.
    has_single: bool,
}
