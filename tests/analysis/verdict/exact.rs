//! Cases of fixed durations, whose numbers follow from arithmetic.

use std::rc::Rc;
use std::sync::Arc;

use super::{names, only, votes};
use fanout::analysis::rehearsal::limits;
use fanout::analysis::verdict::accuracy::accuracies;
use fanout::analysis::verdict::advice::Advice;
use fanout::analysis::verdict::case::Case;
use fanout::analysis::verdict::evidence::{Evidence, Variant};
use fanout::analysis::verdict::judge::judge;
use fanout::analysis::verdict::next::next;
use fanout::analysis::verdict::sample::Sample;
use fanout::analysis::verdict::{Overhead, Rule};
use fanout::engine::call::{Answer, Attempt, CallError, Foreseen, Model, Reply, Request, Usage};
use fanout::engine::clock::{Clock, MS, VirtualClock};
use fanout::engine::patterns::voting::rule;
use fanout::engine::run::report::Report;
use fanout::engine::run::{Run, Setup};
use fanout::providers::simulated::answers::Opinion;
use fanout::scenario::ArmKind;
use fanout::scenario::dial::Dial;
use fanout::scenario::draft::{Admission, Draft, SectionDraft};

use ArmKind::{Sectioning, Voting};

/// Each worker takes its time, each aggregator the same; one worker may fail for good.
struct Fixed {
    clock: VirtualClock,
    workers_ms: Vec<u64>,
    merge_ms: u64,
    fails: Option<usize>,
}

impl Model for Fixed {
    fn send(&self, request: &Arc<Request>, _: u32, _: Report) -> Attempt {
        // Voters are told apart by the call, others by the item.
        let worker = (request.draws.item + request.draws.call) as usize;
        let ms = self.workers_ms.get(worker).copied().unwrap_or(self.merge_ms);
        let reply = Reply { answer: Answer::Text("x".into()), text: "x".into(), usage: Usage::default() };
        let rejected = CallError::Rejected { status: 400, message: String::new() };
        let result = if self.fails == Some(worker) { Err(Box::new(rejected)) } else { Ok(Arc::new(reply)) };
        Attempt::Foreseen(Foreseen { first_token_us: None, ends_us: self.clock.now_us() + ms * MS, result })
    }
}

/// Everything the rules ask for, with these durations.
fn exact(draft: &Draft, arm: ArmKind, workers_ms: &[u64], merge_ms: u64, fails: Option<usize>) -> Evidence {
    let (scenario, problems) = draft.check();
    assert!(problems.iter().all(|problem| problem.arm != Some(arm)), "{problems:?}");
    let case = Case::of(&scenario, arm, None).expect("it can run");
    let mut evidence = Evidence { case, tried: Vec::new() };
    while let Some(variant) = next(&evidence) {
        let clock = VirtualClock::default();
        let model = Fixed { clock: clock.clone(), workers_ms: workers_ms.to_vec(), merge_ms, fails };
        let limits = variant.limits(limits(&scenario, None), &evidence.case);
        let timeouts = variant.timeouts(scenario.timeouts);
        let setup = Setup::new(Rc::new(clock.clone()), Rc::new(model), limits);
        let mut run = Run::new(Setup { retry: scenario.retry, timeouts, ..setup });
        let outcome = scenario.arm(arm).expect("it can run").clone().add_to(&mut run, 1);
        let view = run.finish(&clock).expect("it does not stall");
        evidence.tried.push((variant, vec![Sample::of(&view, &evidence.case, outcome.get())]));
    }
    evidence
}

fn sections(after: &[&[usize]]) -> Draft {
    let name = |i: usize| format!("step {i}");
    only(Sectioning, |draft| {
        draft.sectioning.sections = after
            .iter()
            .enumerate()
            .map(|(i, after)| SectionDraft {
                name: name(i),
                brief: "x".into(),
                after: after.iter().map(|i| name(*i)).collect(),
            })
            .collect();
        draft.limits.concurrency = 8;
    })
}

/// What one by one and the arm as it is take.
#[track_caller]
fn check_us(evidence: &Evidence, one_by_one_ms: u64, as_is_ms: u64) {
    let us = [Variant::OneByOne, Variant::AsIs].map(|variant| evidence.makespan_us(variant));
    assert_eq!(us, [one_by_one_ms * MS, as_is_ms * MS]);
}

#[test]
fn fan_out_costs_the_slowest_section_and_the_merge() {
    let draft = sections(&[&[][..]; 6]);
    let evidence = exact(&draft, Sectioning, &[2100, 1700, 2600, 1900, 2300, 6400], 1500, None);
    check_us(&evidence, 18_500, 7_900);
    // 18.5 / 7.9, of which a thousandth is lost to rounding down.
    assert_eq!(evidence.gain(Variant::AsIs).permille, 2341);
}

/// Guards against a chain that is told as anything but a chain, and a wide graph told as one.
#[test]
fn a_chain_is_its_own_floor() {
    let none: &[usize] = &[];
    let shapes: [(&[&[usize]], u64, bool); 4] = [
        (&[none, &[0], &[1], &[2], &[3], &[4]], 12_000, true),
        (&[none, &[0], &[1], none, &[3], &[4]], 6_000, false),
        (&[none, &[0], &[0], &[0], &[0], &[1, 2, 3, 4]], 6_000, false),
        (&[none; 6], 2_000, false),
    ];
    for (after, path_ms, is_chain) in shapes {
        let evidence = exact(&sections(after), Sectioning, &[2000; 6], 0, None);
        check_us(&evidence, 12_000, path_ms);
        let rule = judge(&evidence).into_iter().next().expect("a finding").rule;
        let expected = Rule::Dependent { path_us: path_ms * MS, work_us: 12_000 * MS };
        assert_eq!(rule == expected, is_chain, "{after:?}: {rule:?}");
    }
}

/// Guards against concurrency praised where the provider sets the pace.
#[test]
fn a_slow_limit_is_the_floor_whatever_runs_at_once() {
    for concurrency in [1, 4, 60] {
        let draft = votes(60, |draft| {
            draft.limits.concurrency = concurrency;
            draft.limits.requests_per_minute = Some(20);
            draft.limits.burst = 1;
            draft.limits.admission = Admission::AskFirst;
        });
        let evidence = exact(&draft, Voting, &[2000; 60], 0, None);
        check_us(&evidence, 179_000, 179_000);
        let rule = judge(&evidence).first().expect("a finding").rule;
        assert_eq!(rule, Rule::Throttled { floor_us: 179_000 * MS, one_by_one_us: 179_000 * MS });
    }
    // From 60 / 2 a minute on it is the call that takes time, not the limit: 30 is the edge.
    let draft = votes(60, |draft| {
        draft.limits.concurrency = 8;
        draft.limits.requests_per_minute = Some(60);
        draft.limits.burst = 1;
        draft.limits.admission = Admission::AskFirst;
    });
    let findings = judge(&exact(&draft, Voting, &[2000; 60], 0, None));
    assert!(!names(&findings).contains(&"throttled"), "{findings:?}");
}

#[test]
fn the_first_caps_halve_the_time() {
    for (concurrency, ms) in [(1, 96_000), (2, 48_000), (4, 24_000)] {
        let draft = votes(48, |draft| {
            draft.limits.concurrency = concurrency;
            draft.limits.requests_per_minute = Some(240);
            draft.limits.admission = Admission::AskFirst;
        });
        check_us(&exact(&draft, Voting, &[2000; 48], 0, None), 96_000, ms);
    }
}

/// Guards against a small job told to fan out. One by one the parts alone are 0.67, 0.89, 1.11 and 4.44
/// times as long as all at once with what splitting and merging cost, 0.9 s and 1.2 s, here one call.
#[test]
fn a_merge_pays_from_six_on() {
    for (n, permille, fires) in
        [(3, 666, true), (4, 888, true), (5, 1111, true), (6, 1333, false), (20, 4444, false)]
    {
        let mut draft = sections(&vec![&[][..]; n]);
        draft.limits.concurrency = 20;
        let evidence = exact(&draft, Sectioning, &vec![600; n], 2100, None);
        let parts_ms = 600 * n as u64;
        check_us(&evidence, parts_ms + 2100, 2700);
        assert_eq!(evidence.work(Variant::AsIs), (parts_ms * MS, permille));
        let cause = judge(&evidence).into_iter().find_map(|finding| match finding.rule {
            Rule::Overhead { cause, .. } => Some(cause),
            _ => None,
        });
        let merging = Overhead::Merging { us: 2_700 * MS, work_us: parts_ms * MS, pays_from: Some(6) };
        assert_eq!(cause, fires.then_some(merging), "{n} sections");
    }
}

/// Guards against order that costs nothing: seven of ten results wait for the third.
#[test]
fn results_in_input_order_wait_for_a_slow_one() {
    for (delivery, fires) in [(2, true), (1, false)] {
        let mut draft = sections(&[&[][..]; 10]);
        draft.limits.concurrency = 5;
        draft.dials.set(Dial::Delivery, Some(delivery));
        let mut ms = [2000; 10];
        ms[2] = 10_000;
        let evidence = exact(&draft, Sectioning, &ms, 0, None);
        check_us(&evidence, 28_000, 10_000);
        let rules: Vec<Rule> = judge(&evidence).into_iter().map(|finding| finding.rule).collect();
        assert_eq!(rules.contains(&Rule::StrictOrder { held: 7, of: 10 }), fires, "{rules:?}");
        assert!(rules.iter().any(|rule| matches!(rule, Rule::Straggler { is_always_the_same: true, .. })));
    }
}

/// Guards against a failure that takes good results with it, told as a call that was lost.
#[test]
fn one_failing_call_under_each_policy() {
    let ms = [1000, 6000, 1800, 2000, 3000, 4000, 5000, 2500];
    for (policy, last_ms, has_outcome, advice) in [
        (1, 6_000, false, Some(Advice::Collect)),
        (0, 6_000, true, None),
        (2, 1_800, false, Some(Advice::Collect)),
    ] {
        let mut draft = sections(&[&[][..]; 8]);
        draft.dials.set(Dial::OnFailure, Some(policy));
        let evidence = exact(&draft, Sectioning, &ms, 0, Some(2));
        assert_eq!(evidence.makespan_us(Variant::AsIs), last_ms * MS);
        let sample = evidence.samples(Variant::AsIs)[0];
        assert_eq!((sample.lost, sample.has_outcome), (1, has_outcome));
        let found = judge(&evidence).into_iter().find(|found| matches!(found.rule, Rule::Losing { .. }));
        assert_eq!(found.expect("a call is lost").advice, advice);
    }
}

// ---- Votes -----------------------------------------------------------------------------------

/// Guards against voters taken for independent: the table is exact (beta-binomial, correlation 0.3).
#[test]
fn correlated_votes_are_as_often_right_as_the_table_says() {
    let of = |rule| accuracies(Opinion { accuracy: 0.6, shared_error: 0.6 }, 2, rule, 41);
    for rule in [rule::Rule::Plurality, rule::Rule::Majority] {
        let all = of(rule);
        for (n, expected) in
            [(1, 0.6), (3, 0.61809), (5, 0.62555), (9, 0.63215), (21, 0.63803), (41, 0.64048)]
        {
            assert!((all[n - 1] - expected).abs() < 6e-6, "{n} votes: {}", all[n - 1]);
        }
    }
    // With more answers than two the popular wrong one has to be popular: the limit is .76325.
    let scattered = accuracies(Opinion { accuracy: 0.6, shared_error: 0.6 }, 50, rule::Rule::Plurality, 101);
    assert!((0.755..0.764).contains(&scattered[100]), "{}", scattered[100]);
    assert_eq!(
        accuracies(Opinion { accuracy: 1.0, shared_error: 0.5 }, 4, rule::Rule::Plurality, 2),
        [1.0; 2]
    );
    assert_eq!(
        accuracies(Opinion { accuracy: 0.0, shared_error: 0.5 }, 4, rule::Rule::Plurality, 2),
        [0.0; 2]
    );
}

/// Guards against a formula for other voters than those of the simulation.
#[test]
fn the_formula_counts_as_the_simulation_votes() {
    use fanout::engine::patterns::Outcome;
    use fanout::engine::patterns::voting::tally::Verdict::Winner;
    const N: usize = 1000;
    for (votes, options) in [(3, 4), (4, 3), (7, 4)] {
        let mut right = 0;
        let mut draft = self::votes(votes, |draft| {
            draft.voting.options.truncate(options);
            draft.voting.correct = Some(0);
        });
        for seed in 0..N as u64 {
            draft.seed = seed;
            let recording = fanout::analysis::rehearsal::rehearse(&draft.check().0, Voting, None);
            let Some(Outcome::Voted(voted)) = recording.expect("it runs").outcome else { panic!("a count") };
            let first = voted.tally.buckets.first().map(|bucket| bucket.answer.clone());
            let wins = voted.tally.verdict == Winner && first == draft.voting.options.first().cloned();
            right += usize::from(wins);
        }
        let opinion = Opinion { accuracy: 0.6, shared_error: 0.6 };
        let exact = accuracies(opinion, options, rule::Rule::Plurality, votes as usize)[votes as usize - 1];
        let error = (exact * (1.0 - exact) / N as f64).sqrt();
        assert!((right as f64 / N as f64 - exact).abs() < 4.0 * error, "{votes}: {right} of {N}, {exact}");
    }
}

// ---- Studies ---------------------------------------------------------------------------------
