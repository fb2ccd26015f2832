//! Each ready scenario shows what its note promises, over many seeds.

use fanout::analysis::retention::Share;
use fanout::analysis::words;
use fanout::scenario::ArmKind;
use fanout::scenario::dial::Dial;
use fanout::scenario::draft::{Admission, Draft};
use fanout::scenario::file::{self};

use crate::sample::ready_files;
use crate::seen::{Seen, known};

use ArmKind::{MapReduce, Sectioning, Voting};

/// The draft of a ready scenario.
fn ready(name: &str) -> Draft {
    let files = ready_files();
    let (_, text) = files.iter().find(|(other, _)| other == name).unwrap_or_else(|| panic!("no {name}"));
    file::read(text).unwrap_or_else(|error| panic!("{name}: {error:?}")).draft
}

/// Rehearses an arm of a ready scenario as it is and as its note says to change it. What the note
/// promises has to hold with the seed of the file, and with at least so many of twenty others.
fn check(
    name: &str,
    kind: ArmKind,
    change: impl Fn(&mut Draft),
    least: usize,
    holds: impl Fn(&Seen, &Seen) -> bool,
) {
    let draft = ready(name);
    let held = |seed: u64| {
        let before = Draft { seed, ..draft.clone() };
        let mut after = before.clone();
        change(&mut after);
        holds(&Seen::of(before, kind), &Seen::of(after, kind))
    };
    assert!(held(draft.seed), "{name}: not as the page opens it, with seed {}", draft.seed);
    let n = (1..=20).filter(|seed| held(*seed)).count();
    assert!(n >= least, "{name}: {n} of 20 seeds");
}

/// How many of two hundred votes come to the right answer.
fn times_right(name: &str, change: impl Fn(&mut Draft)) -> usize {
    let mut draft = ready(name);
    change(&mut draft);
    (1..=200).filter(|seed| Seen::of(Draft { seed: *seed, ..draft.clone() }, Voting).is_right()).count()
}

/// Sets a finer setting to the value that the file calls so.
fn dial(draft: &mut Draft, dial: Dial, value: u32) {
    draft.dials.set(dial, Some(value));
    assert_eq!(draft.dials.get(dial), Some(value));
}

#[test]
fn a_lower_cap_gets_fewer_refusals_and_the_same_time() {
    check(
        "bill-of-rights",
        MapReduce,
        |draft| draft.limits.concurrency = 4,
        18,
        |eight, four| {
            four.makespan_us() * 100 <= eight.makespan_us() * 106 && four.refusals() * 3 <= eight.refusals()
        },
    );
    check(
        "bill-of-rights",
        MapReduce,
        |draft| draft.limits.admission = Admission::AskFirst,
        19,
        |sends, asks| {
            asks.refusals() == 0 && sends.refusals() >= 15 && asks.makespan_us() <= sends.makespan_us()
        },
    );
}

#[test]
fn independent_sections_take_as_long_as_the_slowest_and_the_synthesis() {
    check(
        "eight-planets",
        Sectioning,
        |draft| draft.limits.concurrency = 1,
        // A stall may end in a time-out, and the wait before the retry is no work.
        19,
        |eight, one| {
            eight.makespan_us() == eight.path().path_us
                && one.makespan_us() == one.path().work_us
                && eight.makespan_us() < one.makespan_us()
        },
    );
    check(
        "eight-planets",
        Sectioning,
        |draft| draft.limits.concurrency = 4,
        18,
        |eight, four| {
            2 * eight.makespan_us() < eight.one_by_one_us() && eight.makespan_us() < four.makespan_us()
        },
    );
    check(
        "eight-planets",
        Sectioning,
        |draft| draft.limits.concurrency = 32,
        20,
        |eight, many| eight.makespan_us() == many.makespan_us(),
    );
}

#[test]
fn many_items_are_read_several_times_faster_and_none_is_left_out() {
    check(
        "guest-book",
        MapReduce,
        |draft| draft.limits.concurrency = 1,
        18,
        |twenty, one| {
            3 * twenty.makespan_us() < one.makespan_us()
                && twenty.peak_in_flight() == 20
                && twenty.coverage() == Some((40, 0))
        },
    );
}

#[test]
fn votes_mend_scattered_errors_and_not_shared_ones() {
    check(
        "first-lines",
        Voting,
        |draft| draft.voting.votes = 1,
        0,
        |many, one| many.is_right() && !one.is_right(),
    );
    check(
        "first-lines",
        Voting,
        |draft| draft.simulation.shared_error = 1.0,
        0,
        |own, shared| own.is_right() && !shared.is_right(),
    );
    let one = times_right("first-lines", |draft| draft.voting.votes = 1);
    let fifteen = times_right("first-lines", |_| {});
    let shared = times_right("first-lines", |draft| draft.simulation.shared_error = 1.0);
    assert!(fifteen >= one + 20, "one vote {one}, fifteen {fifteen}");
    assert!(shared <= one + 5, "one vote {one}, fifteen with shared errors {shared}");
}

#[test]
fn nine_votes_on_an_easy_question_cost_nine_times_as_much_for_the_same_answer() {
    check(
        "bus-timetable",
        Voting,
        |draft| draft.voting.votes = 1,
        20,
        |nine, one| {
            nine.is_right() && nine.winner() == one.winner() && nine.input_tokens() == 9 * one.input_tokens()
        },
    );
    check(
        "bus-timetable",
        Voting,
        |_| {},
        18,
        |nine, _| nine.scenario.single && nine.cost_nano_usd() > 5 * nine.single().1,
    );
}

#[test]
fn one_call_beats_the_fan_out_of_a_short_text() {
    check(
        "gettysburg",
        MapReduce,
        |draft| draft.map_reduce.fan_in = 10,
        18,
        |four, ten| {
            let (alone_us, alone_nano_usd) = four.single();
            four.scenario.single
                && 2 * alone_us < four.makespan_us()
                && 3 * alone_nano_usd < four.cost_nano_usd()
                && alone_us < ten.makespan_us()
                && ten.makespan_us() < four.makespan_us()
        },
    );
}

#[test]
fn a_chain_runs_one_by_one_at_any_concurrency() {
    for concurrency in [1, 32] {
        check(
            "jack-built",
            Sectioning,
            |draft| draft.limits.concurrency = concurrency,
            20,
            |eight, other| {
                eight.path().n_waves == 6
                    && eight.peak_in_flight() == 1
                    && eight.makespan_us() == eight.one_by_one_us()
                    && other.makespan_us() == eight.makespan_us()
            },
        );
    }
    let cut = |draft: &mut Draft| draft.sectioning.sections.iter_mut().for_each(|s| s.after.clear());
    check("jack-built", Sectioning, cut, 18, |chain, free| 3 * free.makespan_us() < 2 * chain.makespan_us());
}

#[test]
fn where_the_limit_is_slower_than_one_worker_more_workers_do_not_help() {
    check(
        "federalist-10",
        MapReduce,
        |draft| draft.limits.concurrency = 1,
        18,
        |sixteen, one| {
            one.makespan_us() * 100 <= sixteen.makespan_us() * 115
                && sixteen.one_by_one_us() * 100 <= sixteen.makespan_us() * 115
                && sixteen.failed() == 0
        },
    );
    check(
        "federalist-10",
        MapReduce,
        |draft| draft.limits.admission = Admission::SendAndRetry,
        20,
        |asks, sends| asks.refusals() == 0 && sends.refusals() >= 80 && sends.failed() >= 1,
    );
}

#[test]
fn nine_voters_with_the_same_mistake_are_right_no_more_often_than_one() {
    check(
        "declaration",
        Voting,
        |draft| draft.voting.votes = 1,
        20,
        |nine, one| nine.input_tokens() == 9 * one.input_tokens() && nine.tally().buckets.len() <= 2,
    );
    let own_mistakes = |draft: &mut Draft| draft.simulation.shared_error = 0.0;
    check("declaration", Voting, own_mistakes, 0, |shared, own| {
        shared.winner() == Some("4 July 1776") && own.is_right() && own.tally().buckets.len() == 3
    });
    let one = times_right("declaration", |draft| draft.voting.votes = 1);
    let nine = times_right("declaration", |_| {});
    let own = times_right("declaration", own_mistakes);
    assert!(nine <= one + 5, "one vote {one}, nine {nine}");
    assert!(own > nine + 5, "nine votes {nine}, with mistakes of their own {own}");
}

/// The policies in the order in which the dial has them.
pub const COLLECT: u32 = 0;
const GATHER: u32 = 1;
const TASK_GROUP: u32 = 2;

#[test]
fn gather_brings_nothing_for_the_calls_that_are_paid() {
    let opened = ready("weather-stations");
    assert_eq!(opened.dials.get(Dial::OnFailure), Some(GATHER));
    for kind in ArmKind::ALL {
        assert_eq!(Seen::of(opened.clone(), kind).told_failures(), Some(1), "{kind:?}");
    }
    let gathered = Seen::of(opened, Sectioning);
    assert_eq!(gathered.workers_served(), 7);
    assert!(gathered.cost_nano_usd() > 0);
    let left = words::left(&gathered.recording).expect("the caller went on");
    assert!(left.contains("7 calls ran on unseen"), "{left}");

    // Where nothing fails there is nothing to decide: those seeds hold.
    check(
        "weather-stations",
        Sectioning,
        |draft| dial(draft, Dial::OnFailure, COLLECT),
        20,
        |gather, collect| {
            let n_failed = 8 - collect.workers_served();
            let is_whole = gather.told_failures().is_none();
            // An aggregator may fail as well as a worker.
            let written = collect.coverage().is_none_or(|both| both == (8 - n_failed, n_failed));
            written && (n_failed == 0) == is_whole && gather.workers_served() == collect.workers_served()
        },
    );
    check(
        "weather-stations",
        Sectioning,
        |draft| dial(draft, Dial::OnFailure, TASK_GROUP),
        20,
        |gather, group| match gather.told_failures() {
            None => group.told_failures().is_none(),
            Some(_) => {
                group.told_failures().is_some()
                    && group.makespan_us() <= gather.makespan_us()
                    && group.workers_served() <= gather.workers_served()
            }
        },
    );
    let grouped = |draft: &mut Draft| dial(draft, Dial::OnFailure, TASK_GROUP);
    check("weather-stations", Sectioning, grouped, 0, |gather, group| {
        2 * group.makespan_us() < gather.makespan_us() && known(group.numbers().cancelled.value) >= 6
    });
}

#[test]
fn a_deep_tree_keeps_less_than_a_flat_one() {
    check(
        "aesop",
        MapReduce,
        |draft| draft.map_reduce.fan_in = 8,
        20,
        |deep, flat| 3 * deep.names_kept() <= flat.names_kept() && flat.names_kept() >= 5,
    );
}

#[test]
fn what_only_one_report_says_is_lost_first() {
    check(
        "bridge-reports",
        MapReduce,
        |draft| draft.map_reduce.fan_in = 16,
        18,
        |deep, flat| {
            let kept = deep.kept();
            !deep.says("weld 47")
                && Share::of(&kept.numbers) == (Share { kept: 0, of: 2 })
                && kept.said_by(3..=16) == (Share { kept: 1, of: 1 })
                && flat.says("weld 47")
        },
    );
}

#[test]
fn strict_order_makes_finished_entries_wait() {
    check(
        "lighthouse-log",
        MapReduce,
        |draft| dial(draft, Dial::Delivery, 1),
        20,
        |ordered, as_they_come| as_they_come.makespan_us() <= ordered.makespan_us(),
    );
    check(
        "lighthouse-log",
        MapReduce,
        |draft| dial(draft, Dial::Delivery, 1),
        12,
        |ordered, as_they_come| as_they_come.makespan_us() * 110 <= ordered.makespan_us() * 100,
    );
    check(
        "lighthouse-log",
        MapReduce,
        |draft| dial(draft, Dial::Combine, 2),
        20,
        |_, refined| refined.peak_in_flight() == 1 && refined.makespan_us() == refined.one_by_one_us(),
    );
}

#[test]
fn a_window_holds_a_tenth_of_what_a_year_at_once_does() {
    let entered = |entry| {
        move |draft: &mut Draft| {
            dial(draft, Dial::Entry, entry);
            dial(draft, Dial::EntrySize, 16);
        }
    };
    check("rain-year", MapReduce, entered(1), 20, |at_once, window| {
        9 * window.peak_held_bytes() < at_once.peak_held_bytes()
            && window.makespan_us() * 100 <= at_once.makespan_us() * 130
            && at_once.coverage() == Some((365, 0))
    });
    check("rain-year", MapReduce, entered(2), 20, |at_once, chunks| {
        9 * chunks.peak_held_bytes() < at_once.peak_held_bytes()
            && 2 * chunks.makespan_us() > 3 * at_once.makespan_us()
    });
}
