//! An aggregator that is tried out: what it is asked, and what it kept.

use fanout::analysis::rehearsal::rehearse;
use fanout::analysis::trial::{asked, inputs, kept, typed};
use fanout::engine::call::Part;
use fanout::scenario::ArmKind;

use crate::traces::scenario;

fn part(name: &str, text: &str) -> Part {
    Part { name: name.to_string(), text: text.to_string() }
}

/// Guards against inputs that run together, and against a sentence taken for a name.
#[test]
fn inputs_are_pieces_between_lines_of_dashes() {
    let check = |typed: &str, expected: &[Part]| assert_eq!(inputs(typed), expected, "{typed:?}");
    check("", &[]);
    check("---\n \n---", &[]);
    check("one\ntwo", &[part("input 1", "one\ntwo")]);
    check(
        "Roads:\n5 km of them\n---\n 7 bridges ",
        &[part("Roads", "5 km of them"), part("input 2", "7 bridges")],
    );
    check("He said: no\n--- \nyes", &[part("input 1", "He said: no"), part("input 2", "yes")]);
    // A name alone names nothing.
    check("Roads:", &[part("input 1", "Roads:")]);
}

/// Guards against a trial of another prompt than the one on the page.
#[test]
fn the_aggregator_is_asked_with_its_prompt_and_these_inputs() {
    let scenario = scenario(|draft| {
        draft.sectioning.synthesis_prompt.user = "Merge on {topic}: {results}".to_string();
        draft.map_reduce.reduce_prompt.user = "Combine: {results}".to_string();
    });
    let parts = || vec![part("Roads", "5 km"), part("Bridges", "7")];
    for (kind, begins) in [(ArmKind::Sectioning, "Merge on "), (ArmKind::MapReduce, "Combine: ")] {
        let request = asked(&scenario, kind, parts()).expect("a request");
        assert!(request.prompt.user.starts_with(begins), "{}", request.prompt.user);
        assert!(request.prompt.user.ends_with("Roads\n5 km\n\n### Bridges\n7"), "{}", request.prompt.user);
        assert!(asked(&scenario, kind, Vec::new()).is_none(), "{kind:?} is asked about nothing");
    }
    assert!(asked(&scenario, ArmKind::Voting, parts()).is_none());
}

/// Guards against answers that are no inputs any more once they were taken over, and against a count
/// of something else than these inputs.
#[test]
fn the_answers_of_a_run_are_inputs_of_a_trial() {
    let scenario = scenario(|_| ());
    for kind in [ArmKind::Sectioning, ArmKind::MapReduce] {
        let recording = rehearse(&scenario, kind, None).expect("it does not stall");
        let parts = inputs(&typed(&recording));
        let workers = recording.plan.iter().filter(|planned| planned.key.contains('-')).count();
        assert!(parts.len() >= 3 && parts.len() <= workers, "{kind:?}: {}", parts.len());
        let request = asked(&scenario, kind, parts.clone()).expect("a request");
        let trial = fanout::analysis::trial::rehearse(&scenario, request).expect("it does not stall");
        let retention = kept(&parts, &trial.texts[0]).expect("an answer");
        let words: usize = parts.iter().map(|part| part.text.split_whitespace().count()).sum();
        assert_eq!(retention.words_in, words as u64, "{kind:?}");
        assert!(retention.words_out > 0, "{kind:?}");
    }
}
