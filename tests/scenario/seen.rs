//! One arm of a scenario after a rehearsal, and what can be seen of it.

use fanout::analysis::critical_path::{CriticalPath, critical_path};
use fanout::analysis::metrics::{Metrics, metrics};
use fanout::analysis::recording::Recording;
use fanout::analysis::rehearsal::{one_by_one_us, rehearse, rehearse_single};
use fanout::analysis::retention::{Retention, Share, arm::kept};
use fanout::analysis::story::Stories;
use fanout::engine::patterns::voting::tally::{Tally, Verdict};
use fanout::engine::patterns::{Merged, NoOutcome, Outcome, Role};
use fanout::engine::trace::What;
use fanout::providers::prices::price_of;
use fanout::scenario::draft::Draft;
use fanout::scenario::{ArmKind, Scenario};

/// One arm after a rehearsal.
pub struct Seen {
    pub draft: Draft,
    pub scenario: Scenario,
    pub kind: ArmKind,
    pub recording: Recording,
}

impl Seen {
    pub fn of(draft: Draft, kind: ArmKind) -> Self {
        let (scenario, problems) = draft.check();
        assert_eq!(problems, [], "{}", draft.title);
        let recording = rehearse(&scenario, kind, price_of(&draft.model)).expect("it does not stall");
        Seen { draft, scenario, kind, recording }
    }

    pub fn numbers(&self) -> Metrics {
        metrics(&self.recording, None, price_of(&self.draft.model))
    }

    pub fn makespan_us(&self) -> u64 {
        known(self.numbers().makespan_us.value)
    }

    pub fn refusals(&self) -> u64 {
        known(self.numbers().refusals.value)
    }

    pub fn failed(&self) -> u64 {
        known(self.numbers().failed.value)
    }

    pub fn peak_in_flight(&self) -> u64 {
        known(self.numbers().peak_in_flight.value)
    }

    pub fn peak_held_bytes(&self) -> u64 {
        known(self.numbers().peak_held_bytes.value)
    }

    pub fn input_tokens(&self) -> u64 {
        known(self.numbers().input_tokens.value)
    }

    pub fn cost_nano_usd(&self) -> u64 {
        known(self.numbers().cost_nano_usd.value)
    }

    pub fn one_by_one_us(&self) -> u64 {
        known(one_by_one_us(&self.scenario, self.kind))
    }

    /// The time and cost of the whole task as one call.
    pub fn single(&self) -> (u64, u64) {
        let price = price_of(&self.draft.model);
        let single = rehearse_single(&self.scenario, self.kind, price).expect("it does not stall");
        let numbers = metrics(&single, None, price);
        (known(numbers.makespan_us.value), known(numbers.cost_nano_usd.value))
    }

    pub fn path(&self) -> CriticalPath {
        let recording = &self.recording;
        let stories = Stories::of(&recording.events, recording.plan.len(), recording.last_us());
        critical_path(recording, &stories)
    }

    pub fn merged(&self) -> Option<&Merged> {
        match &self.recording.outcome {
            Some(Outcome::Merged(merged)) => Some(merged),
            _ => None,
        }
    }

    /// How many inputs reached the outcome, and which did not.
    pub fn coverage(&self) -> Option<(usize, usize)> {
        let coverage = &self.merged()?.coverage;
        Some((coverage.used.len(), coverage.missing.len()))
    }

    pub fn says(&self, words: &str) -> bool {
        self.merged().is_some_and(|merged| merged.reply.answer.main_text().contains(words))
    }

    pub fn kept(&self) -> Retention {
        let pattern = self.scenario.arm(self.kind).expect("it runs");
        kept(pattern, &self.recording).expect("an outcome")
    }

    pub fn names_kept(&self) -> u32 {
        Share::of(&self.kept().names).kept
    }

    pub fn tally(&self) -> &Tally {
        match &self.recording.outcome {
            Some(Outcome::Voted(voted)) => &voted.tally,
            other => panic!("no count but {other:?}"),
        }
    }

    /// The answer that won.
    pub fn winner(&self) -> Option<&str> {
        let tally = self.tally();
        (tally.verdict == Verdict::Winner).then(|| tally.buckets.first().map(|bucket| &*bucket.answer))?
    }

    pub fn is_right(&self) -> bool {
        let voting = &self.draft.voting;
        let right = voting.correct.and_then(|index| voting.options.get(index as usize));
        right.is_some() && self.winner() == right.map(String::as_str)
    }

    /// How many workers brought a result that has to be paid.
    pub fn workers_served(&self) -> usize {
        let is_worker = |call: usize| self.recording.plan[call].role == Role::Worker;
        let served = self.recording.events.iter().filter_map(|event| match event.what {
            What::Served { call, .. } => Some(call.0 as usize),
            _ => None,
        });
        served.filter(|call| is_worker(*call)).count()
    }

    /// How many calls the caller was told of as failures instead of results.
    pub fn told_failures(&self) -> Option<usize> {
        match &self.recording.outcome {
            Some(Outcome::None(NoOutcome::Failures(failures))) => Some(failures.len()),
            _ => None,
        }
    }
}

pub fn known(value: Option<u64>) -> u64 {
    value.expect("it is known")
}
