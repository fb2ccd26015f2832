//! The shape in which an answer is asked for, per task: a sentence for the prompt and a JSON schema.

use serde_json::Value;

use crate::engine::call::Task;
use crate::json::object;

/// The sentence that makes a plain model answer in the shape. It goes to the end of the system prompt.
pub fn instruction(task: &Task) -> String {
    let shape = match task {
        Task::Section { .. } | Task::Synthesis { .. } => {
            r#"{"content": "the text", "key_points": ["one point", "another point"]}"#.to_string()
        }
        Task::Vote { options, .. } => {
            let answer = match options.is_empty() {
                true => "the answer in a few words",
                false => "one of the options, word for word",
            };
            let rest = r#""confidence": a number from 0 to 1, "reasoning": "why, in one or two sentences""#;
            format!(r#"{{"answer": "{answer}", {rest}}}"#)
        }
        Task::Summary { .. } | Task::Reduce { .. } => r#"{"summary": "the text"}"#.to_string(),
    };
    format!("Answer with one JSON object of this form and nothing else: {shape}")
}

/// A name and a schema within the subset that strict structured outputs allow: every object is
/// closed and every property required.
pub fn schema(task: &Task) -> (&'static str, Value) {
    let of_type = |name: &str| object(vec![("type", name.into())]);
    let text = of_type("string");
    match task {
        Task::Section { .. } | Task::Synthesis { .. } => {
            let key_points = object(vec![("type", "array".into()), ("items", text.clone())]);
            ("points", closed(&["content", "key_points"], vec![text, key_points]))
        }
        Task::Vote { options, .. } => {
            let answer = match options.is_empty() {
                true => text.clone(),
                false => object(vec![("type", "string".into()), ("enum", options.to_vec().into())]),
            };
            let fields = vec![answer, of_type("number"), text];
            ("vote", closed(&["answer", "confidence", "reasoning"], fields))
        }
        Task::Summary { .. } | Task::Reduce { .. } => ("summary", closed(&["summary"], vec![text])),
    }
}

fn closed(names: &[&str], schemas: Vec<Value>) -> Value {
    object(vec![
        ("type", "object".into()),
        ("additionalProperties", false.into()),
        ("required", names.to_vec().into()),
        ("properties", object(names.iter().copied().zip(schemas).collect())),
    ])
}
