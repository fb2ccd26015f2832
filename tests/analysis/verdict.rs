//! Verdicts: exact cases of fixed durations, and studies of scenarios on both sides of every rule.

use std::rc::Rc;
use std::sync::Arc;

use fanout::analysis::rehearsal::limits;
use fanout::analysis::verdict::accuracy::accuracies;
use fanout::analysis::verdict::advice::Advice;
use fanout::analysis::verdict::case::Case;
use fanout::analysis::verdict::evidence::{Evidence, Variant};
use fanout::analysis::verdict::judge::judge;
use fanout::analysis::verdict::next::next;
use fanout::analysis::verdict::sample::Sample;
use fanout::analysis::verdict::study::Study;
use fanout::analysis::verdict::{ArmVerdict, Finding, Kind, Overhead, Rule, Verdict, words};
use fanout::engine::call::{Answer, Attempt, CallError, Foreseen, Model, Reply, Request, Usage};
use fanout::engine::clock::{Clock, MS, VirtualClock};
use fanout::engine::patterns::voting::rule;
use fanout::engine::price::Price;
use fanout::engine::run::report::Report;
use fanout::engine::run::{Progress, Run, Setup};
use fanout::providers::simulated::answers::Opinion;
use fanout::providers::simulated::latency::Speed;
use fanout::scenario::dial::Dial;
use fanout::scenario::draft::{Admission, DocumentDraft, Draft, SectionDraft};
use fanout::scenario::gallery::READY;
use fanout::scenario::{ArmKind, file};

use ArmKind::{MapReduce, Sectioning, Voting};

const PRICE: Price =
    Price { input_nano_usd: 3000, cached_nano_usd: 300, cache_write_nano_usd: 3750, output_nano_usd: 15_000 };

fn ready(name: &str) -> Draft {
    let text = std::fs::read_to_string(format!("public/scenarios/{name}.json")).expect("a ready scenario");
    file::read(&text).expect("a scenario").draft
}

/// The first ready scenario without limits, and without the other arms.
fn only(arm: ArmKind, change: impl FnOnce(&mut Draft)) -> Draft {
    let mut draft = ready("bill-of-rights");
    draft.limits.requests_per_minute = None;
    if arm != Sectioning {
        draft.sectioning.sections.clear();
    }
    if arm != Voting {
        draft.voting.question.clear();
    }
    if arm != MapReduce {
        draft.map_reduce.documents.clear();
    }
    change(&mut draft);
    draft
}

fn study(draft: &Draft) -> Study {
    let mut study = Study::new(&draft.check().0, Some(PRICE));
    let mut permille = 0;
    while study.step() == Progress::More {
        assert!((permille..=1000).contains(&study.permille()), "progress goes forward");
        permille = study.permille();
    }
    assert_eq!(study.permille(), 1000);
    study
}

/// What is found about the only arm.
fn findings(draft: &Draft) -> Vec<Finding> {
    let verdict = study(draft).verdict().clone();
    let [arm] = verdict.arms.into_iter().flatten().collect::<Vec<_>>().try_into().expect("one arm");
    arm.findings
}

fn named(rule: &Rule) -> &'static str {
    match rule {
        Rule::Dependent { .. } => "dependent",
        Rule::Throttled { .. } => "throttled",
        Rule::PastTheKnee { .. } => "past the knee",
        Rule::Refused { .. } => "refused",
        Rule::TooFewAtOnce { .. } => "too few at once",
        Rule::Overhead { .. } => "overhead",
        Rule::StrictOrder { .. } => "strict order",
        Rule::Straggler { .. } => "straggler",
        Rule::Losing { .. } => "losing",
        Rule::PayingForNothing { .. } => "paying for nothing",
        Rule::UseIt { .. } => "use it",
    }
}

fn names(findings: &[Finding]) -> Vec<&'static str> {
    findings.iter().map(|finding| named(&finding.rule)).collect()
}

// ---- Fixed durations -------------------------------------------------------------------------

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

fn votes(n: u32, change: impl FnOnce(&mut Draft)) -> Draft {
    only(Voting, |draft| {
        draft.voting.votes = n;
        change(draft);
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

/// The rule fires on one side and not on the other. Where it has advice, following it makes it true.
#[track_caller]
fn check(rule: &str, fires: Draft, near: Draft, advice: Option<Advice>) {
    let found = findings(&fires);
    let Some(finding) = found.iter().find(|finding| named(&finding.rule) == rule) else {
        panic!("{rule} does not fire: {found:?}")
    };
    assert_eq!(finding.advice, advice, "{found:?}");
    assert!(words::finding(finding).ends_with('.'));
    let there = findings(&near);
    assert!(!names(&there).contains(&rule), "{rule} fires: {there:?}");
    if let Some(advice) = finding.advice {
        let mut changed = fires.clone();
        advice.apply(&mut changed);
        let after = findings(&changed);
        let still = after.iter().find(|finding| named(&finding.rule) == rule);
        let improved = match (finding.rule, still.map(|finding| finding.rule)) {
            (_, None) => true,
            (
                Rule::Losing { runs, without_outcome, .. },
                Some(Rule::Losing { runs: runs_after, without_outcome: without_after, .. }),
            ) => (without_after, runs_after) < (without_outcome, runs),
            (Rule::PastTheKnee { refusals: before, .. }, Some(Rule::PastTheKnee { refusals: after, .. })) => {
                after < before
            }
            (Rule::Straggler { slowest_us: before, .. }, Some(Rule::Straggler { slowest_us: after, .. })) => {
                after < before
            }
            _ => false,
        };
        assert!(improved, "{advice:?}: {found:?}, then {after:?}");
    }
}

fn limited(arm: ArmKind, change: impl FnOnce(&mut Draft)) -> Draft {
    only(arm, |draft| {
        draft.limits.requests_per_minute = Some(60);
        change(draft);
    })
}

#[test]
fn documents_that_are_refined_one_after_the_other_are_a_chain() {
    let refine = |n| only(MapReduce, |draft| draft.dials.set(Dial::Combine, Some(n)));
    check("dependent", refine(2), refine(1), Some(Advice::Tree));
}

#[test]
fn a_provider_that_sets_the_pace() {
    let with = |rpm| limited(MapReduce, |draft| draft.limits.requests_per_minute = Some(rpm));
    // Sixteen calls of four seconds: eight a minute are slower than one by one.
    let mut asks = with(8);
    asks.limits.admission = Admission::AskFirst;
    check("throttled", asks, with(60), None);
}

#[test]
fn more_at_once_than_the_limit_lets_through() {
    let with = |n| limited(MapReduce, |draft| draft.limits.concurrency = n);
    check("past the knee", with(8), with(4), Some(Advice::Concurrency { from: 8, to: 4 }));
}

#[test]
fn refusals_that_asking_first_would_spare() {
    let with = |admission| limited(Sectioning, |draft| draft.limits.admission = admission);
    check("refused", with(Admission::SendAndRetry), with(Admission::AskFirst), Some(Advice::AskFirst));
}

/// Guards against a job called too small since somebody runs it one at a time.
#[test]
fn one_at_a_time_gains_nothing() {
    let with = |n| only(Sectioning, |draft| draft.limits.concurrency = n);
    check("too few at once", with(1), with(2), Some(Advice::Concurrency { from: 1, to: 6 }));
}

#[test]
fn too_little_to_save() {
    let with = |n| only(Sectioning, |draft| draft.sectioning.sections.truncate(n));
    check("overhead", with(1), with(6), None);
    check("overhead", with(2), with(6), None);
    let voters = |n, max_tokens| {
        votes(n, |draft| {
            draft.simulation.speed = Speed::Small;
            draft.voting.max_tokens = max_tokens;
        })
    };
    check("overhead", voters(3, 5), voters(3, 2000), None);
}

#[test]
fn results_that_have_to_come_in_order() {
    let with = |delivery| {
        only(MapReduce, |draft| {
            draft.limits.concurrency = 12;
            draft.dials.set(Dial::Combine, Some(1));
            draft.dials.set(Dial::Delivery, Some(delivery));
        })
    };
    check("strict order", with(2), with(0), Some(Advice::AsTheyCome));
}

#[test]
fn one_call_that_everything_waits_for() {
    let with = |n| {
        votes(n, |draft| {
            draft.limits.concurrency = 101;
            // Without it, five calls that stall at once would use it up.
            draft.dials.set(Dial::RetryBudget, Some(0));
        })
    };
    check("straggler", with(101), with(5), Some(Advice::FirstTokenTimeout { seconds: 4 }));
    let long = |words: usize| {
        only(MapReduce, |draft| {
            draft.dials.set(Dial::FirstTokenTimeout, None);
            let id = "long".into();
            draft.map_reduce.documents[3] = DocumentDraft { id, text: "word ".repeat(words) };
        })
    };
    check("straggler", long(2_000_000), long(2_000), None);
}

#[test]
fn runs_that_lose_a_result() {
    let with = |fault_percent, policy| {
        only(MapReduce, |draft| {
            draft.limits.attempts = 2;
            draft.simulation.fault_percent = fault_percent;
            draft.dials.set(Dial::OnFailure, Some(policy));
        })
    };
    check("losing", with(12, 0), with(0, 0), Some(Advice::Attempts(6)));
    check("losing", with(12, 2), with(0, 2), Some(Advice::Collect));
    let refused = |admission| {
        limited(MapReduce, |draft| {
            draft.limits.admission = admission;
            draft.dials.set(Dial::Refusals, Some(1));
        })
    };
    check("losing", refused(Admission::SendAndRetry), refused(Admission::AskFirst), Some(Advice::AskFirst));
}

#[test]
fn votes_beyond_those_that_change_anything() {
    let with = |n, options| {
        votes(n, |draft| {
            draft.voting.options.truncate(options);
            draft.voting.correct = Some(0);
        })
    };
    // 3 votes add 1.8 points to one, 5 add 0.7 to 3, 7 only 0.4 to 5.
    check("paying for nothing", with(9, 2), with(5, 2), Some(Advice::Votes(5)));
    check("paying for nothing", with(4, 2), with(3, 2), Some(Advice::Votes(3)));
}

#[test]
fn nothing_stands_in_the_way() {
    let found = findings(&only(Sectioning, |_| {}));
    assert_eq!(names(&found), ["use it"]);
    let sentence = words::finding(&found[0]);
    assert!(sentence.starts_with("Use it: 2.") && sentence.contains("$0.0"), "{sentence}");
}

/// Guards against a study that a browser feels.
#[test]
fn a_study_of_the_first_scenario_is_small() {
    let mut draft = ready("bill-of-rights");
    for concurrency in [8, 64] {
        draft.limits.concurrency = concurrency;
        let study = study(&draft);
        assert!(study.n_calls() < 60_000, "{} calls", study.n_calls());
        assert!(study.verdict().arms.iter().flatten().all(|arm| arm.n_seeds == 200));
    }
}

/// Guards against a scenario with many calls that is studied for ever, or with a figure made up.
#[test]
fn many_calls_are_studied_over_fewer_seeds_and_said_so() {
    let draft = only(MapReduce, |draft| {
        draft.map_reduce.documents =
            (0..3000).map(|i| DocumentDraft { id: i.to_string(), text: "A word.".into() }).collect();
    });
    let study = study(&draft);
    let arm = study.verdict().arms[2].as_ref().expect("it can run");
    assert_eq!(arm.n_seeds, 4);
    assert_eq!(words::basis(arm), "From 4 simulated runs.");
}

/// Guards against a verdict that depends on the seed.
#[test]
fn the_verdict_does_not_flip_between_seeds() {
    std::thread::scope(|scope| {
        for ready in READY {
            scope.spawn(move || check_batches(ready.name));
        }
    });
}

fn check_batches(name: &str) {
    let mut leads: Vec<(Vec<&str>, u32)> = Vec::new();
    for batch in 0..20 {
        let mut draft = ready(name);
        draft.seed += 1000 * batch;
        let mut study = Study::new(&draft.check().0, None);
        while study.step() == Progress::More {}
        let arms = study.verdict().arms.iter().flatten();
        let lead: Vec<&str> = arms.map(|arm| named(&arm.findings[0].rule)).collect();
        match leads.iter_mut().find(|(known, _)| *known == lead) {
            Some((_, n)) => *n += 1,
            None => leads.push((lead, 1)),
        }
    }
    println!("{name}: {leads:?}");
    assert!(leads.iter().any(|(_, n)| *n >= 19), "{name}: {leads:?}");
}

#[test]
fn what_should_not_be_done_leads_the_page() {
    let finding = |arm, rule| Finding { arm, rule, advice: None };
    let of = |findings| Some(ArmVerdict { findings, n_seeds: 200 });
    let use_it = |arm| finding(arm, Rule::UseIt { gain: Default::default(), cost_nano_usd: None });
    let order = |arm| finding(arm, Rule::StrictOrder { held: 7, of: 10 });
    let chain = |arm| finding(arm, Rule::Dependent { path_us: 1, work_us: 1 });
    for (arms, lead) in [
        ([of(vec![use_it(Sectioning)]), of(vec![use_it(Voting)]), None], use_it(Sectioning)),
        ([of(vec![use_it(Sectioning)]), of(vec![order(Voting)]), None], order(Voting)),
        ([of(vec![order(Sectioning)]), None, of(vec![chain(MapReduce)])], chain(MapReduce)),
        // What does not lead its arm does not lead the page.
        (
            [of(vec![order(Sectioning), chain(Sectioning)]), None, of(vec![use_it(MapReduce)])],
            order(Sectioning),
        ),
    ] {
        assert_eq!(Verdict { arms }.lead(), Some(&lead));
    }
    assert_eq!(chain(Voting).rule.kind(), Kind::Dont);
    assert_eq!(Verdict::default().lead(), None);
}

#[test]
fn findings_are_told_in_plain_words() {
    let knee = Rule::PastTheKnee {
        at_once: 8,
        enough: 2,
        us: 17_700 * MS,
        enough_us: 18_000 * MS,
        refusals: 24,
        enough_refusals: 0,
    };
    for (rule, expected) in [
        (
            knee,
            "Eight at once are no faster than two: 17.7 s against 18.0 s, but 24 calls are refused a run instead of 0.",
        ),
        (
            Rule::StrictOrder { held: 7, of: 10 },
            "In input order 7 of 10 results wait at once for an earlier one.",
        ),
        (
            Rule::PayingForNothing { votes: 9, enough: 5, right_bp: 6322, enough_right_bp: 6256 },
            "Nine votes are right in 63.2 % of questions, five in 62.6 %.",
        ),
    ] {
        assert_eq!(words::finding(&Finding { arm: Voting, rule, advice: None }), expected);
    }
}
