//! Starts runs, shows how they go, stops them.

use std::cell::OnceCell;
use std::rc::Rc;
use std::sync::Arc;

use futures::future::{AbortHandle, Abortable};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::notices::Notice;
use super::workspace::{Dialog, LiveState, Mode, Workspace};
use crate::analysis::recording::Recording;
use crate::engine::draw::arm_seed;
use crate::engine::patterns::{Outcome, Planned};
use crate::engine::run::{Run, RunView, Setup};
use crate::engine::timeouts::Timeouts;
use crate::platform::clock::BrowserClock;
use crate::platform::fetch::Fetch;
use crate::platform::frame::{Frames, Next, reduced_motion};
use crate::providers::remote::Remote;
use crate::scenario::ArmKind;
use crate::timeline::axis::{Place, WHOLE};

/// What is under way. Dropping it stops it.
#[derive(Default)]
pub struct Runner {
    live: Option<Live>,
    replay: Option<Frames>,
}

struct Live {
    view: RunView,
    abort: AbortHandle,
    _frames: Frames,
}

impl Drop for Live {
    fn drop(&mut self) {
        self.abort.abort();
    }
}

/// How long a replay takes, however long the run was.
const REPLAY_MS: f64 = 3000.0;

impl Workspace {
    /// Runs these arms: a replay of the simulated run, or calls to the real endpoint.
    pub fn run(self, kinds: &[ArmKind]) {
        match self.mode.get_untracked() {
            Mode::Simulated => self.replay(),
            Mode::Live => self.run_live(kinds),
        }
    }

    /// Stops the live run. What has finished stays.
    pub fn stop(self) {
        self.runner.with_value(|runner| {
            if let Some(live) = &runner.live {
                live.view.stop();
            }
        });
        if self.live.get_untracked() == LiveState::Running {
            self.live.set(LiveState::Stopped);
        }
        self.end_replay();
    }

    fn replay(self) {
        self.end_replay();
        if reduced_motion() {
            return;
        }
        let mut began_ms = None;
        let frames = Frames::start(move |now_ms| {
            let share = (now_ms - *began_ms.get_or_insert(now_ms)) / REPLAY_MS;
            let over = share >= 1.0;
            let _ = self.playhead.try_set((!over).then_some(Place((share * f64::from(WHOLE)) as u32)));
            if over { Next::Stop } else { Next::Frame }
        });
        self.runner.update_value(|runner| runner.replay = Some(frames));
    }

    fn end_replay(self) {
        self.runner.update_value(|runner| runner.replay = None);
        self.playhead.set(None);
    }

    fn run_live(self, kinds: &[ArmKind]) {
        let endpoint = match self.settings.with_untracked(|settings| settings.endpoint()) {
            Ok(endpoint) => endpoint,
            Err(sentence) => {
                self.notify(Notice::error(sentence));
                self.dialog.set(Some(Dialog::Settings));
                return;
            }
        };
        let (scenario, _) = self.checked.get_untracked();
        let clock = Rc::new(BrowserClock::start());
        let timeouts = if endpoint.streaming { Timeouts::STREAMED } else { Timeouts::WHOLE };
        let setup = Setup::new(clock, Rc::new(Remote::new(endpoint, Rc::new(Fetch))), scenario.limits);
        let mut run = Run::new(Setup { retry: scenario.retry, timeouts, ..setup });
        let mut followed = Vec::new();
        let mut first = 0;
        for kind in kinds {
            let Some(pattern) = scenario.arm(*kind).cloned() else { continue };
            let plan = Arc::new(pattern.plan());
            let n_calls = plan.len() as u32;
            let outcome = pattern.add_to(&mut run, arm_seed(scenario.seed, *kind as u8));
            followed.push(Followed { kind: *kind, first, plan, outcome });
            first += n_calls;
        }
        if followed.is_empty() {
            return;
        }
        self.follow(run, followed);
    }

    /// Lets a run go on and shows each frame what is new.
    fn follow(self, run: Run, followed: Vec<Followed>) {
        let view = run.view();
        let followed = Rc::new(followed);
        let (abort, registration) = AbortHandle::new_pair();
        self.live.set(LiveState::Running);
        self.show(&view, &followed);

        let frames = {
            let (view, followed) = (view.clone(), followed.clone());
            let mut seen = None;
            Frames::start(move |now_ms| {
                // Even where nothing happens, bars of calls in flight grow; ten times a second is enough.
                let now = (view.revision(), (now_ms / 100.0) as u64);
                if seen.replace(now) != Some(now) {
                    self.show(&view, &followed);
                }
                Next::Frame
            })
        };
        let live = Live { view: view.clone(), abort, _frames: frames };
        self.runner.update_value(|runner| runner.live = Some(live));

        spawn_local(async move {
            if Abortable::new(run, registration).await.is_err() {
                // Another run took its place and shows itself.
                return;
            }
            self.show(&view, &followed);
            let _ = self.live.try_update(|state| {
                if *state == LiveState::Running {
                    *state = LiveState::Done;
                }
            });
            let _ = self.runner.try_update_value(|runner| runner.live = None);
        });
    }

    fn show(self, view: &RunView, followed: &[Followed]) {
        for arm in followed {
            let recording = Recording::of(view, arm.first, arm.plan.clone(), arm.outcome.get().cloned());
            let _ = self.live_arms[arm.kind.index()].try_set(Some(recording));
        }
    }
}

/// An arm of a live run: where its calls begin and what comes of it.
struct Followed {
    kind: ArmKind,
    first: u32,
    plan: Arc<Vec<Planned>>,
    outcome: Rc<OnceCell<Outcome>>,
}
