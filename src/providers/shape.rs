//! The shape in which an answer is asked for, per task: a sentence for the prompt and a JSON schema.

use serde_json::{Value, json};

use crate::engine::call::Task;

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
    let text = json!({"type": "string"});
    match task {
        Task::Section { .. } | Task::Synthesis { .. } => {
            let key_points = json!({"type": "array", "items": text});
            ("points", closed(json!({"content": text, "key_points": key_points})))
        }
        Task::Vote { options, .. } => {
            let answer = match options.is_empty() {
                true => text.clone(),
                false => json!({"type": "string", "enum": &options[..]}),
            };
            let confidence = json!({"type": "number"});
            ("vote", closed(json!({"answer": answer, "confidence": confidence, "reasoning": text})))
        }
        Task::Summary { .. } | Task::Reduce { .. } => ("summary", closed(json!({"summary": text}))),
    }
}

fn closed(properties: Value) -> Value {
    let required: Vec<&String> =
        properties.as_object().into_iter().flat_map(|fields| fields.keys()).collect();
    json!({"type": "object", "additionalProperties": false, "required": required, "properties": properties})
}
