//! The history: what is remembered, what is forgotten, what foreign content does to it.

use fanout::json;
use fanout::runs::history::{Added, History, MOST_PINNED};
use fanout::runs::kept::{Answered, Kept};
use serde_json::{Value, json};

use crate::sample::{draft, kept, numbered};

fn of(numbers: impl IntoIterator<Item = u64>) -> History {
    let mut history = History::default();
    for n in numbers {
        assert!(matches!(history.add(numbered(n)), Added::New { .. }), "run {n}");
    }
    history
}

fn seeds(history: &History) -> Vec<u64> {
    history.runs.iter().map(|run| run.settings()["seed"].as_u64().expect("a seed")).collect()
}

fn restored(text: &str) -> History {
    History::restored(text).expect("of no later version")
}

#[test]
fn the_latest_thirty_and_all_pinned_ones_are_remembered() {
    let mut history = of(0..3);
    let first = history.runs[2].at_ms;
    assert!(history.pin(first));
    for n in 3..40 {
        history.add(numbered(n));
    }
    let expected: Vec<u64> = (10..40).rev().chain([0]).collect();
    assert_eq!(seeds(&history), expected);
    assert!(history.pin(first));
    history.add(numbered(40));
    assert_eq!(seeds(&history), (11..41).rev().collect::<Vec<_>>());
}

#[test]
fn a_run_that_says_nothing_new_is_not_kept_twice() {
    let mut history = History::default();
    let run = kept(5, &draft(|_| {}));
    let Added::New { name, .. } = history.add(run.clone()) else { panic!("it is new") };
    assert_eq!(history.add(Kept { at_ms: 9, ..run.clone() }), Added::Known { name });
    let live = Answered::Live { provider: "P".into(), model: "m".into() };
    for other in [
        Kept { answered: Answered::Practice, ..run.clone() },
        Kept { answered: live, ..run.clone() },
        Kept { changes: "[{}]".to_string(), ..run.clone() },
        kept(5, &draft(|draft| draft.voting.votes = 3)),
    ] {
        assert!(matches!(history.add(other), Added::New { .. }));
    }
    // Each has a time of its own, by which it is found.
    let mut times: Vec<u64> = history.runs.iter().map(|run| run.at_ms).collect();
    times.dedup();
    assert_eq!(times.len(), 5);
}

#[test]
fn four_can_be_pinned_and_are_compared_in_that_order() {
    let mut history = of(0..6);
    let times: Vec<u64> = history.runs.iter().map(|run| run.at_ms).collect();
    for at_ms in &times[..MOST_PINNED] {
        assert!(history.pin(*at_ms));
    }
    assert!(!history.pin(times[5]), "the fifth");
    // The first one is unpinned and pinned again: it is the last one now.
    assert!(history.pin(times[0]) && history.pin(times[0]));
    let compared: Vec<u64> = history.compared().iter().map(|run| run.at_ms).collect();
    assert_eq!(compared, [times[1], times[2], times[3], times[0]]);
}

#[test]
fn what_is_deleted_comes_back_where_it_was() {
    let mut history = of(0..4);
    let times: Vec<u64> = history.runs.iter().map(|run| run.at_ms).collect();
    for at_ms in &times[..3] {
        history.pin(*at_ms);
    }
    let before = history.clone();
    let removed = history.remove(times[1]).expect("it is there");
    assert_eq!((seeds(&history), history.pinned.len()), (vec![3, 1, 0], 2));
    history.put_back(removed);
    assert_eq!(history, before);
    assert_eq!(history.remove(77), None);
}

#[test]
fn a_name_is_trimmed_and_never_empty() {
    let mut history = of([1]);
    let at_ms = history.runs[0].at_ms;
    history.rename(at_ms, "  before the talk ");
    assert_eq!(history.runs[0].name, "before the talk");
    history.rename(at_ms, " \t ");
    assert_eq!(history.runs[0].name, "before the talk");
    history.rename(at_ms, &"é".repeat(5000));
    assert_eq!(history.runs[0].name.chars().count(), 120);
}

/// Guards against a number or a text that is another one after a reload.
#[test]
fn what_is_stored_comes_back_as_it_was() {
    let mut history = History::default();
    let answered = Answered::Live { provider: "Prövider".into(), model: "m\"\\</script>".into() };
    history.add(Kept { answered, ..kept(1, &draft(|_| {})) });
    history.add(kept(2, &draft(|draft| draft.limits.concurrency = 1)));
    history.add(numbered(3));
    history.pin(2);
    assert_eq!(restored(&history.stored()), history);
}

/// Guards against a browser that is full because of one large scenario.
#[test]
fn a_large_run_is_in_memory_only_and_outlives_what_another_tab_stores() {
    let mut history = of([1]);
    let large = kept(50, &draft(|draft| draft.note = "x".repeat(100_000)));
    history.add(large);
    history.pin(50);
    history.pin(1001);
    let stored = restored(&history.stored());
    assert_eq!((stored.runs.len(), &stored.pinned[..]), (1, &[1001][..]));
    // Another tab kept a run and deleted the small one.
    history.take_over(of([2]));
    assert_eq!(history.runs.iter().map(|run| run.at_ms).collect::<Vec<_>>(), [1002, 50]);
    assert_eq!(history.pinned, [50]);
}

/// Guards against the measure of a comparison that changes when another tab stores something.
#[test]
fn the_order_of_pins_outlives_what_another_tab_stores() {
    let mut history = of([1]);
    history.add(kept(50, &draft(|draft| draft.note = "x".repeat(100_000))));
    history.pin(50);
    history.pin(1001);
    let stored = restored(&history.stored());
    history.take_over(stored);
    assert_eq!(history.pinned, [50, 1001]);
}

#[test]
fn foreign_content_is_left_out_and_the_rest_stays() {
    let good: Value = serde_json::from_str(&of([1, 2]).stored()).expect("JSON");
    let mut runs = good["runs"].as_array().expect("runs").clone();
    let spoilt = |place: &str, value: Value| {
        let mut run = runs[0].clone();
        *run.pointer_mut(place).expect(place) = value;
        run
    };
    let foreign = [
        json!(null),
        json!("run"),
        json!([]),
        json!({}),
        spoilt("/at_ms", json!("now")),
        spoilt("/at_ms", json!(-5)),
        spoilt("/at_ms", json!(u64::MAX)),
        spoilt("/at_ms", json!(1.5)),
        spoilt("/name", json!({"toString": 1})),
        spoilt("/answered", json!({"by": "god"})),
        spoilt("/answered", json!({"by": "live"})),
        spoilt("/scenario", json!("{\"a\":")),
        spoilt("/scenario", json!("[]")),
        spoilt("/scenario", json!({"fanout": 1})),
        spoilt("/changes", json!(7)),
        spoilt("/arms", json!(null)),
        // The same run again.
        runs[0].clone(),
    ];
    runs.extend(foreign);
    let text = json!({"fanout_runs": 1, "runs": runs, "pinned": [1001, 1001, "x", 5, -1, 1002]}).to_string();
    let history = restored(&text);
    assert_eq!((seeds(&history), &history.pinned[..]), (vec![2, 1], &[1001, 1002][..]));
    let deep = format!("{}{}", "[".repeat(5000), "]".repeat(5000));
    for text in ["", "null", "{", "[1]", "\u{0}", "{\"fanout_runs\":1,\"runs\":{}}", &deep] {
        assert_eq!(restored(text), History::default(), "{text:.40}");
    }
}

#[test]
fn a_thousand_stored_runs_are_cut_to_what_is_remembered() {
    let runs: Vec<Value> = (0..1000)
        .map(|n| serde_json::from_str::<Value>(&of([n]).stored()).expect("JSON")["runs"][0].clone())
        .collect();
    let pinned: Vec<u64> = (1000..1010).collect();
    let history = restored(&json!({"fanout_runs": 1, "runs": runs, "pinned": pinned}).to_string());
    assert_eq!((history.runs.len(), history.pinned.len()), (34, MOST_PINNED));
}

/// Guards against runs of a later version that this one overwrites.
#[test]
fn what_a_later_version_stored_is_not_touched() {
    assert_eq!(History::restored("{\"fanout_runs\":2,\"runs\":[]}"), None);
}

/// Guards against numbers that a page of another version leaves out.
#[test]
fn a_number_that_is_missing_is_unknown() {
    let mut history = History::default();
    history.add(kept(1, &draft(|_| {})));
    let mut stored: Value = serde_json::from_str(&history.stored()).expect("JSON");
    let arm = stored["runs"][0]["arms"]["voting"].as_object_mut().expect("an arm");
    arm.remove("cost");
    arm.insert("makespan".to_string(), json!(["12", 0]));
    let history = restored(&json::write(&stored));
    let figures = history.runs[0].arms[1].as_ref().expect("it ran").figures;
    assert_eq!((figures[0].value, figures[9].value), (None, None));
    assert!(figures[7].value.is_some());
}
