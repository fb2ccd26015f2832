//! What a request asks for, read from its body.

use serde_json::Value;

use crate::engine::call::Prompt;
use crate::json;

/// A request for a chat completion, as far as the practice server heeds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    pub prompt: Prompt,
    pub shape: Shape,
    pub max_tokens: u32,
    pub is_streaming: bool,
    /// Whether a stream is to end in the number of tokens.
    pub wants_usage: bool,
}

/// The shape that the answer is to have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shape {
    Points,
    /// One of these options, where there are any.
    Vote(Vec<String>),
    Summary,
    Text,
}

/// The most tokens an answer may have where the request does not say.
const MAX_TOKENS: u32 = 512;

impl Asked {
    /// None where the body is no request for a chat completion.
    pub fn read(body: &str) -> Option<Asked> {
        let value = json::read(body)?;
        let messages = value.get("messages")?.as_array()?;
        let said = |role: &str| {
            let by_role = |message: &&Value| message.get("role").and_then(Value::as_str) == Some(role);
            let last = messages.iter().rfind(by_role)?;
            last.get("content")?.as_str().map(str::to_string)
        };
        let is_on = |path: &str| value.pointer(path).and_then(Value::as_bool).unwrap_or(false);
        let cap = ["max_completion_tokens", "max_tokens"].iter().find_map(|name| value.get(name));
        Some(Asked {
            prompt: Prompt { system: said("system").unwrap_or_default(), user: said("user")? },
            shape: shape(&value),
            max_tokens: cap.and_then(json::to_u32).unwrap_or(MAX_TOKENS),
            is_streaming: is_on("/stream"),
            wants_usage: is_on("/stream_options/include_usage"),
        })
    }
}

fn shape(value: &Value) -> Shape {
    let Some(asked) = value.pointer("/response_format/json_schema") else { return Shape::Text };
    match asked.get("name").and_then(Value::as_str) {
        Some("points") => Shape::Points,
        Some("summary") => Shape::Summary,
        Some("vote") => {
            let options = asked.pointer("/schema/properties/answer/enum").and_then(Value::as_array);
            let text = |option: &Value| option.as_str().map(str::to_string);
            Shape::Vote(options.into_iter().flatten().filter_map(text).collect())
        }
        _ => Shape::Text,
    }
}
