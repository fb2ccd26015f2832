//! A run in virtual time: instant, and the same every time.

use std::cell::OnceCell;
use std::num::NonZeroU32;
use std::rc::Rc;
use std::sync::Arc;

use super::fork::Past;
use super::recording::Recording;
use crate::engine::clock::{Clock, VirtualClock};
use crate::engine::draw::arm_seed;
use crate::engine::limiter::budget::Budget;
use crate::engine::limiter::core::Limits;
use crate::engine::patterns::voting::stop::StopRule;
use crate::engine::patterns::{Outcome, Pattern, Planned, single};
use crate::engine::price::Price;
use crate::engine::run::{Progress, Run, Setup, Stalled, Texts};
use crate::engine::timeouts::Timeouts;
use crate::providers::simulated::{Simulated, Simulation};
use crate::scenario::{ArmKind, Limiters, Scenario};

/// The most calls of an arm that are rehearsed while somebody types.
pub const MOST_AT_ONCE: u32 = 1000;

/// The most calls of an arm that are rehearsed again and again for a verdict.
pub const MOST_STUDIED: u32 = 3000;

/// Every arm as the scenario says: each with a limiter and a simulated provider of its own, or all
/// with the same.
pub fn rehearse_all(scenario: &Scenario, price: Option<Price>) -> [Option<Recording>; 3] {
    rehearse_behind(&[], scenario, price)
}

/// The same behind a past: up to its last instant it was otherwise.
pub fn rehearse_behind(past: &[Past], scenario: &Scenario, price: Option<Price>) -> [Option<Recording>; 3] {
    if scenario.limiters == Limiters::Shared {
        return together(past, scenario, price);
    }
    ArmKind::ALL.map(|kind| rehearse_arm(past, scenario, kind, price))
}

/// Whether an arm is rehearsed only when somebody asks for it, bit by bit.
pub fn takes_long(scenario: &Scenario, kind: ArmKind) -> bool {
    scenario.arm(kind).is_some_and(|arm| arm.n_calls() > MOST_AT_ONCE)
}

/// One arm with a limiter and a simulated provider of its own.
pub fn rehearse(scenario: &Scenario, kind: ArmKind, price: Option<Price>) -> Option<Recording> {
    rehearse_arm(&[], scenario, kind, price)
}

/// The same behind a past.
pub fn rehearse_arm(
    past: &[Past],
    scenario: &Scenario,
    kind: ArmKind,
    price: Option<Price>,
) -> Option<Recording> {
    let pattern = scenario.arm(kind)?;
    let (mut run, clock) = run_behind(past, scenario, price);
    let outcome = pattern.clone().add_to(&mut run, arm_seed(scenario.seed, kind as u8));
    let view = run.finish(&clock).ok()?;
    Some(Recording::of(&view, 0, Arc::new(pattern.plan()), outcome.get().cloned()))
}

/// One arm as if nothing stood in its way: no limits, no faults, every vote cast.
pub fn rehearse_in_full(scenario: &Scenario, kind: ArmKind) -> Option<Recording> {
    let mut pattern = Arc::unwrap_or_clone(scenario.arm(kind)?.clone());
    if let Pattern::Voting(voting) = &mut pattern {
        voting.stop = StopRule::None;
    }
    let simulation = Simulation { requests: None, tokens: None, fault_percent: 0, ..scenario.simulation };
    let free = Scenario { simulation, ..scenario.clone() };
    let (mut run, clock) = set_up(&free, Limits::concurrent(NonZeroU32::MAX), Timeouts::NONE, Texts::Kept);
    let plan = Arc::new(pattern.plan());
    let outcome = Arc::new(pattern).add_to(&mut run, arm_seed(scenario.seed, kind as u8));
    let view = run.finish(&clock).ok()?;
    Some(Recording::of(&view, 0, plan, outcome.get().cloned()))
}

/// A rehearsal too long to be done between two frames. It goes on bit by bit.
pub struct LongRehearsal {
    run: Run,
    clock: VirtualClock,
    plan: Arc<Vec<Planned>>,
    outcome: Rc<OnceCell<Outcome>>,
}

impl LongRehearsal {
    /// One arm with a limiter and a provider of its own. Texts are let go once they were used.
    pub fn begin(scenario: &Scenario, kind: ArmKind, price: Option<Price>) -> Option<Self> {
        let pattern = scenario.arm(kind)?;
        let (mut run, clock) = set_up(scenario, limits(scenario, price), scenario.timeouts, Texts::UntilUsed);
        let outcome = pattern.clone().add_to(&mut run, arm_seed(scenario.seed, kind as u8));
        Some(LongRehearsal { run, clock, plan: Arc::new(pattern.plan()), outcome })
    }

    /// Goes on until it is done or `enough` says so.
    pub fn go_on(&mut self, enough: &mut dyn FnMut() -> bool) -> Progress {
        while !enough() {
            // Often enough, and not after each of a hundred thousand events.
            for _ in 0..64 {
                if let Ok(Progress::Done) | Err(Stalled) = self.run.advance(&self.clock) {
                    return Progress::Done;
                }
            }
        }
        Progress::More
    }

    /// How many of its calls are over, and how many there are.
    pub fn progress(&self) -> (u32, u32) {
        (self.run.view().n_over(), self.plan.len() as u32)
    }

    pub fn recording(&self) -> Recording {
        Recording::of(&self.run.view(), 0, self.plan.clone(), self.outcome.get().cloned())
    }
}

/// The whole task of an arm as one call.
pub fn rehearse_single(scenario: &Scenario, kind: ArmKind, price: Option<Price>) -> Option<Recording> {
    let pattern = scenario.arm(kind)?;
    let (mut run, clock) = set_up(scenario, limits(scenario, price), scenario.timeouts, Texts::Kept);
    single::add_to(pattern.clone(), &mut run, arm_seed(scenario.seed, kind as u8));
    let view = run.finish(&clock).ok()?;
    Some(Recording::of(&view, 0, Arc::new(single::plan()), None))
}

/// How long the same calls with the same draws take one by one, in microseconds.
pub fn one_by_one_us(scenario: &Scenario, kind: ArmKind) -> Option<u64> {
    let pattern = scenario.arm(kind)?;
    let limits = Limits { concurrency: NonZeroU32::MIN, ..scenario.limits };
    // What bounds the whole would cut it short: only attempts have time-outs here.
    let timeouts = Timeouts { queue_us: None, call_us: None, run_us: None, ..scenario.timeouts };
    // Texts are on: the length of aggregators' prompts is part of what they cost.
    let (mut run, clock) = set_up(scenario, limits, timeouts, Texts::Kept);
    let _ = pattern.clone().add_to(&mut run, arm_seed(scenario.seed, kind as u8));
    let view = run.finish(&clock).ok()?;
    let last = view.trace().events().last();
    last.map(|event| event.at_us)
}

/// All arms in one run.
fn together(past: &[Past], scenario: &Scenario, price: Option<Price>) -> [Option<Recording>; 3] {
    let (mut run, clock) = run_behind(past, scenario, price);
    let mut first = 0;
    let arms: [Option<_>; 3] = ArmKind::ALL.map(|kind| {
        let pattern: &Arc<Pattern> = scenario.arm(kind)?;
        let outcome = pattern.clone().add_to(&mut run, arm_seed(scenario.seed, kind as u8));
        let arm = (first, Arc::new(pattern.plan()), outcome);
        first += pattern.n_calls();
        Some(arm)
    });
    let Ok(view) = run.finish(&clock) else { return [const { None }; 3] };
    arms.map(|arm| {
        let (first, plan, outcome) = arm?;
        Some(Recording::of(&view, first, plan, outcome.get().cloned()))
    })
}

/// What a client that knows the price allows itself.
pub fn limits(scenario: &Scenario, price: Option<Price>) -> Limits {
    let budget =
        scenario.budget_nano_usd.zip(price).map(|(most_nano_usd, price)| Budget { most_nano_usd, price });
    Limits { budget, ..scenario.limits }
}

/// A run that begins as it was in the past and is changed on the way.
fn run_behind(past: &[Past], scenario: &Scenario, price: Option<Price>) -> (Run, VirtualClock) {
    let states = past.iter().map(|past| (past.limits, past.simulation));
    let mut states = states.chain([(scenario.limits, scenario.simulation)]);
    let limited = |wanted| limits(&Scenario { limits: wanted, ..scenario.clone() }, price);
    let (first, simulation) = states.next().unwrap_or((scenario.limits, scenario.simulation));
    let clock = VirtualClock::default();
    let model = Rc::new(Simulated::new(simulation, Rc::new(clock.clone())));
    let mut run = with(model.clone(), &clock, scenario, limited(first), scenario.timeouts, Texts::Kept);
    for (past, (next, simulation)) in past.iter().zip(states) {
        let (view, model, next) = (run.view(), model.clone(), limited(next));
        // What happens at that instant is past, too.
        let sleep = clock.sleep_until(past.until_us + 1);
        run.add_arm(0, 0, move |_| async move {
            sleep.await;
            model.change(simulation);
            view.set_limits(next);
        });
    }
    (run, clock)
}

/// A run as the scenario sets it up but for what is given, and its clock.
pub(super) fn set_up(
    scenario: &Scenario,
    limits: Limits,
    timeouts: Timeouts,
    texts: Texts,
) -> (Run, VirtualClock) {
    let clock = VirtualClock::default();
    let model = Rc::new(Simulated::new(scenario.simulation, Rc::new(clock.clone())));
    (with(model, &clock, scenario, limits, timeouts, texts), clock)
}

fn with(
    model: Rc<Simulated>,
    clock: &VirtualClock,
    scenario: &Scenario,
    limits: Limits,
    timeouts: Timeouts,
    texts: Texts,
) -> Run {
    let setup = Setup::new(Rc::new(clock.clone()), model, limits);
    let Scenario { retry, clean_up_us, .. } = *scenario;
    Run::new(Setup { retry, timeouts, clean_up_us, texts, ..setup })
}
