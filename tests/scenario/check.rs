//! What keeps an arm from running: each sentence names the arm, what is wrong and what to do.

use fanout::engine::call::Prompt;
use fanout::engine::patterns::Pattern;
use fanout::scenario::ArmKind;
use fanout::scenario::dial::Dial;
use fanout::scenario::draft::{Admission, DocumentDraft, Draft, SectionDraft};

use crate::sample::{odd, small};

/// Checks `small` after `change`: problems of `arm` with these words, and the other arms run.
#[track_caller]
fn check(arm: ArmKind, change: impl Fn(&mut Draft), expected: &[&[&str]]) {
    let mut draft = small();
    change(&mut draft);
    let (scenario, problems) = draft.check();
    assert_eq!(problems.len(), expected.len(), "{problems:?}");
    for (problem, words) in problems.iter().zip(expected) {
        assert_eq!(problem.arm, Some(arm));
        for word in *words {
            assert!(problem.sentence.contains(word), "“{word}” is not in “{}”", problem.sentence);
        }
        assert!(problem.sentence.ends_with('.'), "{}", problem.sentence);
    }
    for kind in ArmKind::ALL {
        assert_eq!(scenario.arm(kind).is_some(), kind != arm || expected.is_empty(), "{kind:?}");
    }
}

/// Guards against a live run that is kept with other limits than it had, or as changed where it was not.
#[test]
fn a_live_run_takes_over_limits_and_nothing_else() {
    let changes: [fn(&mut Draft); 7] = [
        |draft| draft.limits.concurrency = 3,
        |draft| draft.limits.requests_per_minute = Some(240),
        |draft| draft.limits.burst = 9,
        |draft| draft.limits.tokens_per_minute = Some(9000),
        |draft| draft.dials.set(Dial::Adaptive, Some(1)),
        |draft| draft.dials.set(Dial::RollingMinute, Some(1)),
        |draft| draft.simulation.fault_percent = 40,
    ];
    for admission in Admission::ALL {
        let mut ran = small();
        ran.limits.admission = admission;
        ran.limits.requests_per_minute = Some(60);
        for change in changes {
            let then = ran.check().0.simulation;
            let mut now = ran.clone();
            change(&mut now);
            ran.take_over_limits(&now.check().0);
            let (taken, wanted) = (ran.check().0, now.check().0);
            assert_eq!(taken.limits, wanted.limits, "{admission:?}");
            assert_eq!(taken.simulation.fault_percent, then.fault_percent, "{admission:?}");
            let rates = (taken.simulation.requests, taken.simulation.tokens);
            let expected = match admission {
                Admission::AskFirst => (wanted.simulation.requests, wanted.simulation.tokens),
                Admission::SendAndRetry => (then.requests, then.tokens),
            };
            assert_eq!(rates, expected, "{admission:?}");
        }
    }
}

#[test]
fn a_complete_draft_has_no_problems() {
    check(ArmKind::Voting, |_| {}, &[]);
}

#[test]
fn sectioning_names_what_is_missing() {
    let arm = ArmKind::Sectioning;
    check(arm, |d| d.sectioning.sections.clear(), &[&["no section", "Add one"]]);
    check(
        arm,
        |d| d.sectioning.sections[1].name = " ".into(),
        &[&["Section 2 has no name", "Give it one, or remove it"]],
    );
    check(arm, |d| d.sectioning.sections[1].name = "Source ".into(), &[&["“Source”", "Rename one"]]);
    check(
        arm,
        |d| d.sectioning.synthesis_prompt = Prompt::default(),
        &[&["synthesis prompt", "{results}", "Put it where"]],
    );
    check(
        arm,
        |d| d.sectioning.section_prompt.user = "{topic} {Section} { section }".into(),
        &[&["section prompt", "{section}", "Put it where"]],
    );
    check(
        arm,
        |d| {
            let section = |i| SectionDraft { name: format!("{i}"), ..SectionDraft::default() };
            d.sectioning.sections = (0..10_000).map(section).collect();
        },
        &[&["10001 calls", "10000", "fewer"]],
    );
}

#[test]
fn voting_names_what_is_missing() {
    let arm = ArmKind::Voting;
    check(arm, |d| d.voting.question = "\n".into(), &[&["no question", "Write one"]]);
    check(arm, |d| d.voting.votes = 0, &[&["0 voters", "Set Votes to 1 or more"]]);
    check(arm, |d| d.voting.votes = 102, &[&["102 voters", "101", "Set Votes lower"]]);
    check(arm, |d| d.voting.options[2] = " yes".into(), &[&["“yes”", "twice", "Remove one"]]);
    check(arm, |d| d.voting.prompt.user.clear(), &[&["voting prompt", "{question}", "Put it where"]]);
    check(arm, |d| d.voting.prompt.system = "{question}".into(), &[]);
}

#[test]
fn map_reduce_names_what_is_missing() {
    let arm = ArmKind::MapReduce;
    check(arm, |d| d.map_reduce.documents.clear(), &[&["no document", "Add one"]]);
    check(
        arm,
        |d| d.map_reduce.documents[1].text = " \n".into(),
        &[&["Document “b” is empty", "Write something into it, or remove it"]],
    );
    check(arm, |d| d.map_reduce.documents[1].id.clear(), &[&["Document 2 has no id", "Give it one"]]);
    check(
        arm,
        |d| d.map_reduce.documents = vec![DocumentDraft { id: "a".into(), text: "a".into() }; 3],
        &[&["“a”", "Rename one"]],
    );
    check(arm, |d| d.map_reduce.fan_in = 1, &[&["Fan-in is below 2", "at least two"]]);
    check(arm, |d| d.map_reduce.map_prompt.user = "{id}".into(), &[&["map prompt", "{document}"]]);
    check(arm, |d| d.map_reduce.reduce_prompt.user.clear(), &[&["reduce prompt", "{results}"]]);
}

/// Guards against an arm that stops because a document was only just added.
#[test]
fn a_document_that_was_just_added_is_left_out() {
    let mut draft = small();
    let documents = |draft: &Draft| {
        draft.check().0.arm(ArmKind::MapReduce).map(|arm| match &**arm {
            Pattern::MapReduce(map_reduce) => {
                map_reduce.documents.iter().map(|document| document.id().to_string()).collect()
            }
            _ => Vec::new(),
        })
    };
    let before: Option<Vec<String>> = documents(&draft);
    draft.map_reduce.add_document("", String::new());
    draft.map_reduce.add_document("", " \n".to_string());
    draft.map_reduce.documents.push(DocumentDraft { id: "document".into(), text: String::new() });
    assert_eq!(documents(&draft), before);

    // The same of a section, also where others follow it.
    let sections = |draft: &Draft| draft.check().0.arm(ArmKind::Sectioning).map(|arm| arm.plan().len());
    let before = sections(&draft);
    draft.sectioning.sections.insert(0, SectionDraft::default());
    assert!(before.is_some() && sections(&draft) == before);
}

/// Guards against an arm that runs, and pays, for a quorum that it can never reach.
#[test]
fn a_quorum_beyond_all_calls_is_named() {
    let be_content_with = |n| {
        move |d: &mut Draft| {
            d.voting.votes = 3;
            d.map_reduce.documents.pop();
            d.dials.set(Dial::OnFailure, Some(5));
            d.dials.set(Dial::FailureCount, Some(n));
        }
    };
    let mut draft = small();
    be_content_with(3)(&mut draft);
    let sentences: Vec<_> = draft.check().1.into_iter().map(|problem| problem.sentence).collect();
    assert_eq!(sentences.len(), 2, "{sentences:?}");
    assert!(sentences[0].contains("2 sections cannot bring 3 results"), "{sentences:?}");
    assert!(sentences[1].contains("2 documents cannot bring 3 results"), "{sentences:?}");
    check(ArmKind::Voting, be_content_with(2), &[]);
}

#[test]
fn every_problem_of_an_arm_is_listed_at_once() {
    let change = |d: &mut Draft| {
        d.voting.question.clear();
        d.voting.votes = 0;
        d.voting.prompt = Prompt::default();
    };
    check(ArmKind::Voting, change, &[&["no question"], &["0 voters"], &["{question}"]]);
}

#[test]
fn an_untouched_draft_says_what_each_arm_lacks() {
    let (scenario, problems) = Draft::default().check();
    assert_eq!(problems.iter().map(|problem| problem.arm).collect::<Vec<_>>(), ArmKind::ALL.map(Some));
    assert_eq!(scenario.arms, [None, None, None]);
}

/// Guards against a draft that takes the page down: whatever stands in it, checking comes to an end.
#[test]
fn no_draft_panics() {
    for mut draft in odd() {
        draft.limits.concurrency = 0;
        draft.limits.burst = 0;
        draft.limits.attempts = 0;
        draft.limits.requests_per_minute = Some(0);
        draft.voting.correct = Some(u32::MAX);
        draft.voting.max_tokens = 0;
        draft.simulation.fault_percent = u32::MAX;
        draft.simulation.difficulty = f64::NAN;
        let (scenario, _) = draft.check();
        assert_eq!(scenario.limits.concurrency.get(), 1);
        assert_eq!(scenario.limits.requests, None);
        assert_eq!(scenario.retry.max_attempts, 1);
        assert_eq!(scenario.simulation.fault_percent, 100);
    }
}
