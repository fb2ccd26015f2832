//! Chat completions, the protocol that OpenAI began and most servers speak: request out, reply in.
//!
//! Source: <https://platform.openai.com/docs/api-reference/chat>, and what other servers send in
//! its name: every field may be missing or null.

use serde_json::Value;

use super::completion::{Assembly, Brought, Counts, Finish};
use super::dialect::{Dialect, Effort, Structure};
use super::protocol::Asked;
use super::shape::schema;
use crate::engine::call::Prompt;
use crate::json::{self, object};

pub(super) fn encode(asked: Asked, dialect: Dialect) -> String {
    let Asked { model, prompt, task, max_tokens, streaming } = asked;
    let mut body = vec![
        ("model", model.into()),
        ("messages", messages(prompt).into()),
        (dialect.token_cap, max_tokens.into()),
        ("stream", streaming.into()),
    ];
    if streaming && dialect.asks_for_usage {
        body.push(("stream_options", object(vec![("include_usage", true.into())])));
    }
    if dialect.effort != Effort::Unsaid {
        body.push(("reasoning_effort", "low".into()));
    }
    match dialect.structure {
        Structure::Schema => {
            let (name, schema) = schema(task);
            let json_schema =
                object(vec![("name", name.into()), ("strict", true.into()), ("schema", schema)]);
            let format = vec![("type", "json_schema".into()), ("json_schema", json_schema)];
            body.push(("response_format", object(format)));
        }
        Structure::Object => {
            body.push(("response_format", object(vec![("type", "json_object".into())])));
        }
        Structure::None => {}
    }
    json::write(&object(body))
}

/// A prompt as a conversation that has just begun.
pub(super) fn messages(prompt: &Prompt) -> Vec<Value> {
    let message =
        |role: &str, content: &str| object(vec![("role", role.into()), ("content", content.into())]);
    vec![message("system", &prompt.system), message("user", &prompt.user)]
}

pub(super) fn add(assembly: &mut Assembly, value: &Value, brought: &mut Brought) {
    let usage = value.get("usage").filter(|usage| usage.is_object());
    if let Some(usage) = usage.or_else(|| value.pointer("/x_groq/usage")) {
        // The last numbers count: some servers send a running total with every chunk.
        assembly.counts = counts(usage, assembly.counts);
    }
    let Some(choice) = value.pointer("/choices/0") else { return };
    if let Some(reason) = choice.get("finish_reason").and_then(Value::as_str) {
        assembly.finish = Some(match reason {
            "stop" => Finish::Ended,
            "length" => Finish::TokenLimit,
            // The second is DeepSeek's.
            "error" | "insufficient_system_resource" => Finish::BrokenOff,
            other => Finish::Other(other.to_string()),
        });
    }
    let Some(message) = choice.get("delta").or_else(|| choice.get("message")) else { return };
    if let Some(refusal) = message.get("refusal").and_then(Value::as_str) {
        assembly.refusal.push_str(refusal);
    }
    let says = |name: &str| message.get(name).and_then(Value::as_str).is_some_and(|text| !text.is_empty());
    brought.thinking |= says("reasoning_content") || says("reasoning");
    match message.get("content") {
        Some(Value::String(text)) => assembly.say(brought, text),
        Some(Value::Array(parts)) => {
            for part in parts {
                // A part without a text is thinking.
                match part.get("text").unwrap_or(part).as_str() {
                    Some(text) => assembly.say(brought, text),
                    None => brought.thinking = true,
                }
            }
        }
        _ => {}
    }
}

fn counts(usage: &Value, known: Counts) -> Counts {
    let tokens = |paths: &[&str]| paths.iter().find_map(|path| json::to_u32(usage.pointer(path)?));
    // The names after the first are DeepSeek's, Mistral's and Together's.
    let cached = tokens(&[
        "/prompt_tokens_details/cached_tokens",
        "/prompt_cache_hit_tokens",
        "/num_cached_tokens",
        "/cached_tokens",
    ]);
    Counts {
        input: tokens(&["/prompt_tokens"]).or(known.input),
        cached: cached.unwrap_or(known.cached),
        cache_write: tokens(&["/prompt_tokens_details/cache_write_tokens"]).unwrap_or(known.cache_write),
        output: tokens(&["/completion_tokens"]).or(known.output),
        reasoning: tokens(&["/completion_tokens_details/reasoning_tokens"]).unwrap_or(known.reasoning),
        // OpenRouter's, in US dollars.
        cost_nano_usd: usage.get("cost").and_then(json::to_nano).or(known.cost_nano_usd),
    }
}
