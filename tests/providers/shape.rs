//! The shapes that are asked for.

use std::sync::Arc;

use fanout::engine::call::{Answer, Task};
use fanout::providers::answer::read_answer;
use fanout::providers::shape::{instruction, schema};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn tasks() -> [Task; 5] {
    let options: Arc<[String]> = Arc::new(["yes".to_string(), "no".to_string()]);
    [
        Task::Section { name: "a".into(), brief: "".into() },
        Task::Synthesis { topic: "a".into(), parts: Arc::new([]) },
        Task::Vote { options, correct: None },
        Task::Summary { document: "a".into() },
        Task::Reduce { parts: Arc::new([]) },
    ]
}

/// Guards against servers that refuse a strict schema with open objects or optional fields.
#[test]
fn every_schema_is_strict() {
    for task in tasks() {
        let (name, schema) = schema(&task);
        assert!(name.bytes().all(|b| b.is_ascii_alphanumeric()));
        assert_eq!(schema["additionalProperties"], false);
        let fields: Vec<&str> =
            schema["properties"].as_object().expect("fields").keys().map(|k| &**k).collect();
        let required: Vec<&str> =
            schema["required"].as_array().expect("names").iter().filter_map(|name| name.as_str()).collect();
        assert_eq!(fields, required);
    }
}

#[test]
fn the_options_are_the_only_answers_of_a_vote() {
    let [_, _, vote, ..] = tasks();
    assert_eq!(schema(&vote).1["properties"]["answer"]["enum"], serde_json::json!(["yes", "no"]));
    let open = Task::Vote { options: Arc::new([]), correct: None };
    assert_eq!(schema(&open).1["properties"]["answer"], serde_json::json!({"type": "string"}));
}

#[test]
fn what_the_instruction_asks_for_can_be_read() {
    for task in tasks() {
        let example = instruction(&task).replace("a number from 0 to 1", "0.5");
        assert!(!matches!(read_answer(&task, &example), Answer::Text(_)), "{example}");
    }
}
