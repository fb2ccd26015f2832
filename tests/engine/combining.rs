//! Tree, fold and refine: how many calls they take, what they hold, what they lose.

use std::rc::Rc;
use std::sync::Arc;

use fanout::analysis::held::Held;
use fanout::engine::batch::{Delivery, Entry, Manner};
use fanout::engine::call::{Answer, Attempt, CallError, Foreseen, Model, Reply, Request, Task, Usage};
use fanout::engine::clock::{Clock, MS, VirtualClock};
use fanout::engine::draw::DrawKey;
use fanout::engine::failure::FailurePolicy;
use fanout::engine::patterns::map_reduce::{Combine, Document, MapReduce};
use fanout::engine::patterns::{NoOutcome, Outcome, Pattern};
use fanout::engine::run::report::Report;
use fanout::engine::run::{Run, RunView, Setup, Texts};
use fanout::engine::trace::{Event, What};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::scene::prompt;
use crate::scripted::{ONE_TRY, cap, nz};

/// Maps take 100 ms, reduces 50; a document called "bad" is rejected. Every result has ten bytes.
struct Worker(VirtualClock);

impl Model for Worker {
    fn send(&self, request: &Arc<Request>, _: u32, _: Report) -> Attempt {
        let (ms, fails) = match &request.task {
            Task::Summary { document } => (100, &**document == "bad"),
            // A call that refines reads the document behind the summary so far.
            Task::Reduce { parts } => (50, parts.last().is_some_and(|part| part.text == "bad")),
            _ => (50, false),
        };
        let result = match fails {
            true => Err(Box::new(CallError::Rejected { status: 400, message: String::new() })),
            false => Ok(Arc::new(Reply {
                answer: Answer::Text("0123456789".to_string()),
                text: "0123456789".to_string(),
                usage: Usage::default(),
            })),
        };
        Attempt::Foreseen(Foreseen { first_token_us: None, ends_us: self.0.now_us() + ms * MS, result })
    }
}

fn documents(n: usize) -> Vec<Document> {
    (0..n).map(|i| Document::new(format!("d{i}"), "a")).collect()
}

fn pattern(documents: Vec<Document>, combine: Combine, fan_in: u32, entry: Entry) -> MapReduce {
    MapReduce {
        documents,
        combine,
        fan_in,
        map_prompt: prompt("{document}"),
        reduce_prompt: prompt("{results}"),
        refine_prompt: prompt("{results}|{id}|{document}"),
        manner: Manner { entry, ..Manner::default() },
        ..MapReduce::default()
    }
}

struct Done {
    outcome: Outcome,
    view: RunView,
    plan_len: usize,
}

fn run(pattern: MapReduce, concurrency: u32, texts: Texts) -> Done {
    let clock = VirtualClock::default();
    let setup = Setup::new(Rc::new(clock.clone()), Rc::new(Worker(clock.clone())), cap(concurrency));
    let mut run = Run::new(Setup { retry: ONE_TRY, texts, ..setup });
    let pattern = Pattern::MapReduce(pattern);
    let plan_len = pattern.plan().len();
    assert_eq!(plan_len, pattern.n_calls() as usize);
    let outcome = Arc::new(pattern).add_to(&mut run, 1);
    let view = run.finish(&clock).expect("the run comes to an end");
    Done { outcome: outcome.get().expect("an outcome").clone(), view, plan_len }
}

impl Done {
    fn events(&self) -> Vec<Event> {
        self.view.trace().events().collect()
    }

    /// Calls that were served, and the makespan in ms.
    fn summary(&self) -> (usize, u64) {
        let events = self.events();
        let served = events.iter().filter(|event| matches!(event.what, What::Served { .. })).count();
        (served, events.last().map_or(0, |event| event.at_us) / MS)
    }

    fn held(&self) -> Held {
        let mut held = Held::of(self.plan_len);
        for event in self.events() {
            match event.what {
                What::Served { call, bytes, .. } => held.came(call, bytes.into()),
                What::Ended { call, .. } => held.is_over(call),
                What::Used { call, into } => held.used(call, into),
                What::Released(call) => held.release(call),
                _ => {}
            }
        }
        held
    }

    /// How many documents reached the outcome, and how many are missing.
    fn coverage(&self) -> (usize, usize) {
        match &self.outcome {
            Outcome::Merged(merged) => (merged.coverage.used.len(), merged.coverage.missing.len()),
            other => panic!("{other:?}"),
        }
    }
}

/// Four maps of 100 ms at concurrency 2, reduces of 50: flat and as a binary tree.
#[test]
fn a_deeper_tree_takes_longer() {
    for (fan_in, makespan) in [(4, 250), (2, 300)] {
        let done = run(pattern(documents(4), Combine::Tree, fan_in, Entry::All), 2, Texts::Kept);
        assert_eq!(done.summary().1, makespan, "fan-in {fan_in}");
    }
}

/// Guards against a plan that promises too few calls, and against results that are combined twice or
/// never.
#[test]
fn every_document_reaches_the_outcome_once_however_it_is_combined() {
    let entries = [
        Entry::All,
        Entry::Window(nz(1)),
        Entry::Window(nz(3)),
        Entry::Window(nz(16)),
        Entry::Chunks(nz(1)),
        Entry::Chunks(nz(3)),
        Entry::Chunks(nz(7)),
    ];
    for combine in [Combine::Tree, Combine::Fold, Combine::Refine] {
        for entry in entries {
            for fan_in in [2, 3, 8] {
                for n in [1, 2, 3, 7, 8, 9, 20] {
                    for delivery in [Delivery::Completion, Delivery::Input] {
                        let mut pattern = pattern(documents(n), combine, fan_in, entry);
                        pattern.manner.delivery = delivery;
                        let done = run(pattern, 4, Texts::Kept);
                        let what =
                            format!("{combine:?} {entry:?} fan-in {fan_in}, {n} documents, {delivery:?}");
                        assert_eq!(done.coverage(), (n, 0), "{what}");
                        let used = |event: &&Event| matches!(event.what, What::Used { .. });
                        let (served, _) = done.summary();
                        // Every result but the last goes into exactly one other.
                        assert_eq!(done.events().iter().filter(used).count(), served - 1, "{what}");
                        assert_eq!(served, done.plan_len, "{what}: as many calls as planned");
                    }
                }
            }
        }
    }
}

/// Guards against chunks that do not wait for their slowest: two at a time take 500 ms in chunks, 400
/// as slots become free.
#[test]
fn chunks_wait_for_their_slowest() {
    use fanout::engine::batch::{Flow, gather};
    for (entry, makespan) in [(Entry::Chunks(nz(2)), 500), (Entry::All, 400)] {
        let clock = VirtualClock::default();
        let latencies = Latencies(clock.clone());
        let setup = Setup::new(Rc::new(clock.clone()), Rc::new(latencies), cap(2));
        let mut run = Run::new(Setup { retry: ONE_TRY, ..setup });
        run.add_arm(5, 0, move |arm| async move {
            let manner = Manner { entry, ..Manner::default() };
            let mut ask = |item| Request {
                draws: DrawKey { seed: 1, item, call: 0 },
                prompt: prompt(""),
                task: Task::Summary { document: "".into() },
                input_tokens: 0,
                max_tokens: 0,
            };
            gather(&arm, 5, manner, &mut ask, &mut |_, _| Flow::GoOn).await;
        });
        let view = run.finish(&clock).expect("the run comes to an end");
        assert_eq!(view.now_us() / MS, makespan, "{entry:?}");
    }
}

/// The first call takes 300 ms, the others 100.
struct Latencies(VirtualClock);

impl Model for Latencies {
    fn send(&self, request: &Arc<Request>, _: u32, _: Report) -> Attempt {
        let ms = if request.draws.item == 0 { 300 } else { 100 };
        let (answer, text) = (Answer::Text(String::new()), String::new());
        let result = Ok(Arc::new(Reply { answer, text, usage: Usage::default() }));
        Attempt::Foreseen(Foreseen { first_token_us: None, ends_us: self.0.now_us() + ms * MS, result })
    }
}

#[test]
fn a_document_alone_needs_no_second_summary() {
    for combine in [Combine::Tree, Combine::Fold, Combine::Refine] {
        let done = run(pattern(documents(1), combine, 4, Entry::All), 2, Texts::Kept);
        assert_eq!(done.summary(), (1, 100), "{combine:?}");
    }
}

#[test]
fn refining_is_one_call_after_the_other_and_each_sees_the_last() {
    let done = run(pattern(documents(3), Combine::Refine, 4, Entry::All), 8, Texts::Kept);
    // A map of 100 ms, then two calls of 50.
    assert_eq!(done.summary(), (3, 200));
    let text = done.view.text(fanout::engine::call::CallId(2)).expect("the call is there");
    let sent = &text.request.as_ref().expect("it was asked").prompt.user;
    assert_eq!(sent, "### d0, d1\n0123456789|d2|a");
}

#[test]
fn what_fails_is_missing_and_named_and_the_rest_goes_on() {
    for combine in [Combine::Tree, Combine::Fold, Combine::Refine] {
        for bad in 0..5 {
            let mut all = documents(5);
            all[bad] = Document::new(format!("d{bad}"), "bad");
            let done = run(pattern(all, combine, 2, Entry::Window(nz(3))), 4, Texts::Kept);
            assert_eq!(done.coverage(), (4, 1), "{combine:?}, {bad}");
            let Outcome::Merged(merged) = &done.outcome else { unreachable!("it has coverage") };
            assert_eq!(&*merged.coverage.missing[0], format!("d{bad}"));
            assert_eq!(merged.words, Some(4));
        }
    }
}

#[test]
fn policies_hold_for_map_reduce_too() {
    let bad_second = || {
        let mut all = documents(6);
        all[1] = Document::new("d1", "bad");
        all
    };
    for combine in [Combine::Tree, Combine::Fold, Combine::Refine] {
        for (policy, expected) in [
            (FailurePolicy::Collect, Some((5, 1))),
            (FailurePolicy::Gather, None),
            (FailurePolicy::TaskGroup, None),
            (FailurePolicy::FailFast, None),
            (FailurePolicy::Threshold(0), None),
            (FailurePolicy::Threshold(1), Some((5, 1))),
            (FailurePolicy::Quorum(7), None),
        ] {
            let mut pattern = pattern(bad_second(), combine, 3, Entry::All);
            pattern.manner.policy = policy;
            let done = run(pattern, 2, Texts::Kept);
            match expected {
                Some(coverage) => assert_eq!(done.coverage(), coverage, "{combine:?} {policy:?}"),
                None => assert!(matches!(done.outcome, Outcome::None(_)), "{combine:?} {policy:?}"),
            }
            if let (FailurePolicy::Gather, Outcome::None(why)) = (policy, &done.outcome) {
                assert!(matches!(why, NoOutcome::Failures(failures) if failures.len() == 1), "{why:?}");
            }
        }
    }
}

/// A quorum of four of six documents: what is there is combined, the others are cancelled. Guards
/// against a chain that goes on past its quorum, and against a document that is inside and missing.
#[test]
fn a_quorum_of_documents_is_combined() {
    for combine in [Combine::Tree, Combine::Fold, Combine::Refine] {
        for entry in [Entry::All, Entry::Window(nz(2)), Entry::Chunks(nz(2))] {
            let mut pattern = pattern(documents(6), combine, 3, entry);
            pattern.manner.policy = FailurePolicy::Quorum(4);
            let done = run(pattern, 2, Texts::Kept);
            let (used, missing) = done.coverage();
            assert_eq!(used + missing, 6, "{combine:?} {entry:?}: inside or missing, never both");
            // Two may come at the instant of the fourth.
            let most = if combine == Combine::Refine { 4 } else { 5 };
            assert!((4..=most).contains(&used), "{combine:?} {entry:?}: {used}");
        }
    }
}

/// Guards against memory that grows with the input: 200 results of 10 bytes, ten at a time.
#[test]
fn a_fold_holds_a_window_and_chunks_hold_a_chunk() {
    let peak = |combine, entry| {
        let done = run(pattern(documents(200), combine, 2, entry), 10, Texts::Kept);
        done.held().peak()
    };
    // All at once in a flat tree holds everything.
    let flat = run(pattern(documents(200), Combine::Tree, 200, Entry::All), 10, Texts::Kept);
    assert_eq!(flat.held().peak(), 201);
    for size in [10, 20, 50] {
        let chunk = peak(Combine::Fold, Entry::Chunks(nz(size)));
        assert!(chunk <= u64::from(size) + 2, "chunks of {size} hold {chunk}");
        let window = peak(Combine::Fold, Entry::Window(nz(size)));
        assert!(window <= u64::from(size) + 2, "a window of {size} holds {window}");
    }
}

/// Guards against results, prompts and texts of a long run that fill memory.
#[test]
fn a_hundred_thousand_documents_fold_in_a_window() {
    let n = if cfg!(target_arch = "wasm32") { 20_000 } else { 100_000 };
    let pattern = pattern(documents(n), Combine::Fold, 8, Entry::Window(nz(32)));
    let done = run(pattern, 16, Texts::UntilUsed);
    assert_eq!(done.coverage(), (n, 0));
    assert!(done.held().peak() <= 64, "{}", done.held().peak());
    let kept = (0..done.plan_len as u32).filter(|call| {
        let text = done.view.text(fanout::engine::call::CallId(*call));
        text.is_some_and(|text| text.result.is_some() || text.request.is_some())
    });
    assert!(kept.count() <= 64, "texts are let go once they were used");
}

#[test]
fn the_longest_documents_go_first_where_that_is_asked_for() {
    for entry in [Entry::Window(nz(2)), Entry::All] {
        let texts = ["a", "aaaa", "aa", "aaa"];
        let documents = texts.iter().map(|text| Document::new(*text, *text)).collect();
        let pattern = MapReduce { longest_first: true, ..pattern(documents, Combine::Tree, 4, entry) };
        let done = run(pattern, 1, Texts::Kept);
        let admitted = done.events().into_iter().filter_map(|event| match event.what {
            What::Admitted(call) => Some(call.0),
            _ => None,
        });
        assert_eq!(admitted.collect::<Vec<_>>(), [1, 3, 2, 0, 4], "{entry:?}");
    }
}

#[test]
fn a_look_ahead_finds_the_fan_in_that_fits() {
    let pattern = |n, map, reduce| MapReduce {
        map_max_tokens: map,
        reduce_max_tokens: reduce,
        ..pattern(documents(n), Combine::Tree, 4, Entry::All)
    };
    // A prompt of "{results}" is three tokens; a result has a heading of sixteen.
    for (n, map, reduce, context, fan_in, levels) in [
        (12, 300, 600, 100_000, Some(12), 1),
        (12, 300, 600, 600 + 19 + 12 * 616, Some(12), 1),
        (12, 300, 600, 600 + 19 + 12 * 616 - 1, Some(11), 2),
        (12, 300, 600, 600 + 19 + 2 * 616, Some(2), 4),
        (12, 300, 600, 600 + 19 + 2 * 616 - 1, None, 0),
        (1, 300, 600, 100_000, Some(2), 0),
        (1000, 100, 100, 100 + 19 + 10 * 116, Some(10), 3),
    ] {
        let preflight = pattern(n, map, reduce).preflight(context);
        assert_eq!((preflight.fan_in, preflight.levels), (fan_in, levels), "{n} of {map} in {context}");
        assert_eq!(preflight.map_tokens, n as u64 * u64::from(map));
    }
}
