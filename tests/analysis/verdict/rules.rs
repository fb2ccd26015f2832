//! Studies of scenarios on both sides of every rule, and what a study says of itself.

use super::{findings, named, names, only, ready, study, votes};
use fanout::analysis::verdict::advice::Advice;
use fanout::analysis::verdict::study::Study;
use fanout::analysis::verdict::{ArmVerdict, Finding, Kind, Rule, Verdict, words};
use fanout::engine::clock::MS;
use fanout::engine::run::Progress;
use fanout::providers::simulated::latency::Speed;
use fanout::scenario::ArmKind;
use fanout::scenario::dial::Dial;
use fanout::scenario::draft::{Admission, DocumentDraft, Draft};
use fanout::scenario::gallery::READY;

use ArmKind::{MapReduce, Sectioning, Voting};

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
    assert!(sentence.starts_with("2.") && sentence.contains("$0.0"), "{sentence}");
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
    assert_eq!(words::basis(arm), "Medians of 4 runs.");
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
        let verdict = Verdict { arms };
        assert_eq!(verdict.lead(None), Some(&lead));
        // Who looks at one arm is told of that.
        for kind in ArmKind::ALL {
            let of_arm = verdict.arms[kind.index()].as_ref().map(|arm| &arm.findings[0]);
            assert_eq!(verdict.lead(Some(kind)), of_arm.or(Some(&lead)));
        }
    }
    assert_eq!(chain(Voting).rule.kind(), Kind::Dont);
    assert_eq!(Verdict::default().lead(None), None);
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
