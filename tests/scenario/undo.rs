//! Steps back and forth among drafts.

use fanout::scenario::draft::{DocumentDraft, Draft};
use fanout::scenario::undo::{MOST_BYTES, MOST_STEPS, Undo};

/// What is done to a title, as typed.
enum Done {
    Typed(&'static str),
    Back(Option<&'static str>),
    Forth(Option<&'static str>),
}

fn check(steps: &[Done]) {
    let (mut undo, mut now) = (Undo::default(), Draft::default());
    now.title = "a".to_string();
    for (i, step) in steps.iter().enumerate() {
        let (found, expected) = match step {
            Done::Typed(title) => {
                undo.note(&now);
                now.title = title.to_string();
                continue;
            }
            Done::Back(expected) => (undo.back(&now), expected),
            Done::Forth(expected) => (undo.forth(&now), expected),
        };
        assert_eq!(found.as_ref().map(|draft| draft.title.as_str()), *expected, "step {i}");
        now = found.unwrap_or(now);
    }
}

/// Guards against a way back that ends early or loses what was there.
#[test]
fn every_gesture_is_taken_back_and_done_again() {
    use Done::{Back, Forth, Typed};
    check(&[Back(None), Forth(None)]);
    check(&[Typed("b"), Typed("c"), Back(Some("b")), Back(Some("a")), Back(None), Forth(Some("b"))]);
    check(&[Typed("b"), Back(Some("a")), Forth(Some("b")), Forth(None), Back(Some("a"))]);
    // Whoever changes something after a step back has chosen another way.
    check(&[Typed("b"), Back(Some("a")), Typed("c"), Forth(None), Back(Some("a"))]);
    // A slider that was moved and moved back is no step.
    check(&[Typed("b"), Typed("b"), Back(Some("a"))]);
}

/// Guards against steps that fill the memory.
#[test]
fn steps_are_limited_in_number_and_in_size() {
    let count = |mut undo: Undo, mut now: Draft| {
        std::iter::from_fn(move || {
            now = undo.back(&now)?;
            Some(())
        })
        .count()
    };
    let note = |n: usize, bytes: usize| {
        let (mut undo, mut now) = (Undo::default(), Draft::default());
        now.map_reduce.documents = vec![DocumentDraft { id: "a".into(), text: "a".repeat(bytes) }];
        for i in 0..n {
            now.seed = i as u64;
            undo.note(&now);
        }
        now.seed = n as u64;
        count(undo, now)
    };
    assert_eq!(note(MOST_STEPS + 50, 1), MOST_STEPS);
    assert_eq!(note(10, MOST_BYTES / 4), 4);
    assert_eq!(note(3, MOST_BYTES + 1), 0);
}
