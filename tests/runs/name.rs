//! Automatic names say what the run is.

use fanout::runs::history::{Added, History};
use fanout::runs::kept::{Answered, Kept};
use fanout::scenario::draft::{Admission, Draft};

use crate::sample::{draft, kept};

fn check(runs: impl IntoIterator<Item = Kept>, expected: &[&str]) {
    let mut history = History::default();
    let names: Vec<String> = runs
        .into_iter()
        .map(|run| match history.add(run) {
            Added::New { name, .. } => name,
            Added::Known { name } => panic!("{name} is there"),
        })
        .collect();
    assert_eq!(names, expected);
}

fn limited(draft: &mut Draft) {
    draft.limits.concurrency = 8;
    draft.limits.requests_per_minute = Some(60);
}

#[test]
fn the_limits_are_named() {
    let free = draft(|draft| {
        draft.limits.requests_per_minute = None;
        draft.limits.concurrency = 2;
    });
    let polite = draft(|draft| {
        limited(draft);
        draft.limits.admission = Admission::AskFirst;
        draft.limits.tokens_per_minute = Some(20_000);
    });
    check(
        [kept(1, &free), kept(2, &draft(limited)), kept(3, &polite)],
        &[
            "2 at once",
            "8 at once, 60 a minute, send and retry",
            "8 at once, 60 a minute, 20.0 k tokens a minute, ask first",
        ],
    );
}

/// Guards against a list of runs that all have the same name.
#[test]
fn what_makes_it_another_run_is_named_too() {
    let base = "8 at once, 60 a minute, send and retry";
    let with = |at_ms, change: fn(&mut Draft)| {
        kept(
            at_ms,
            &draft(|draft| {
                limited(draft);
                change(draft);
            }),
        )
    };
    let live = |at_ms| Kept { answered: Answered::Practice, ..with(at_ms, |_| {}) };
    let another_answer = || {
        let mut run = live(9);
        run.arms[0] = None;
        run
    };
    check(
        [
            with(1, |_| {}),
            with(2, |draft| draft.voting.votes = 31),
            with(3, |draft| draft.voting.question = "A question that is far too long for a name?".into()),
            with(4, |draft| {
                draft.title = "Rivers".into();
                draft.limits.attempts = 9;
            }),
            live(5),
            another_answer(),
            Kept { changes: "[{\"until_us\":1}]".into(), ..with(7, |_| {}) },
        ],
        &[
            base,
            &format!("{base}, votes 31"),
            &format!("{base}, other question"),
            &format!("{base}, Rivers"),
            &format!("{base}, practice"),
            &format!("{base}, practice (2)"),
            &format!("{base}, changed on the way"),
        ],
    );
}
