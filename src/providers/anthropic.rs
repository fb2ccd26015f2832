//! Anthropic's Messages: request out, reply in.
//!
//! Source: <https://platform.claude.com/docs/en/api/messages>, version 2026-10-21, which knows no
//! sampling parameters.

use serde_json::Value;

use super::completion::{Assembly, Brought, Counts, Finish};
use super::dialect::{Dialect, Effort, Structure};
use super::protocol::Asked;
use super::shape::schema;
use crate::json::{self, object};

/// Without the second the server refuses requests of pages.
pub(super) const HEADERS: [(&str, &str); 2] =
    [("anthropic-version", "2026-10-21"), ("anthropic-dangerous-direct-browser-access", "true")];

pub(super) fn encode(asked: Asked, dialect: Dialect) -> String {
    let Asked { model, prompt, task, max_tokens, streaming } = asked;
    let user = object(vec![("role", "user".into()), ("content", prompt.user.as_str().into())]);
    let mut body = vec![
        ("model", model.into()),
        ("max_tokens", max_tokens.into()),
        ("system", prompt.system.as_str().into()),
        ("messages", vec![user].into()),
        ("stream", streaming.into()),
    ];
    let mut config = Vec::new();
    if dialect.structure != Structure::None {
        let (_, schema) = schema(task);
        config.push(("format", object(vec![("type", "json_schema".into()), ("schema", schema)])));
    }
    match dialect.effort {
        Effort::Off => body.push(("thinking", object(vec![("type", "disabled".into())]))),
        Effort::Low => config.push(("effort", "low".into())),
        Effort::Unsaid => {}
    }
    if !config.is_empty() {
        body.push(("output_config", object(config)));
    }
    json::write(&object(body))
}

/// Adds a whole message, or one event of a stream. Kinds that are not known say nothing to us.
pub(super) fn add(assembly: &mut Assembly, value: &Value, brought: &mut Brought) {
    match value.get("type").and_then(Value::as_str) {
        Some("message") => message(assembly, value, brought),
        Some("message_start") => {
            if let Some(start) = value.get("message") {
                message(assembly, start, brought);
            }
        }
        Some("content_block_start") => block(assembly, value.get("content_block"), brought),
        Some("content_block_delta") => block(assembly, value.get("delta"), brought),
        Some("message_delta") => {
            count(assembly, value);
            stop(assembly, value.get("delta"));
        }
        Some("message_stop") => assembly.is_over = true,
        _ => {}
    }
}

fn message(assembly: &mut Assembly, message: &Value, brought: &mut Brought) {
    count(assembly, message);
    for part in message.get("content").and_then(Value::as_array).into_iter().flatten() {
        block(assembly, Some(part), brought);
    }
    stop(assembly, Some(message));
}

/// A block, or a part of one.
fn block(assembly: &mut Assembly, block: Option<&Value>, brought: &mut Brought) {
    let text = |name: &str| block.and_then(|block| block.get(name)?.as_str()).filter(|text| !text.is_empty());
    match text("text") {
        Some(text) => assembly.say(brought, text),
        None => brought.thinking |= text("thinking").is_some(),
    }
}

fn stop(assembly: &mut Assembly, value: Option<&Value>) {
    let Some(reason) = value.and_then(|value| value.get("stop_reason")?.as_str()) else { return };
    assembly.finish = Some(match reason {
        "end_turn" | "stop_sequence" => Finish::Ended,
        "max_tokens" => Finish::TokenLimit,
        other => Finish::Other(other.to_string()),
    });
    if reason == "refusal" {
        let why = value.and_then(|value| value.pointer("/stop_details/explanation")?.as_str());
        assembly.refusal = why.unwrap_or("The model refused to answer.").to_string();
    }
}

/// Counts are totals so far: later ones take the place of earlier ones.
fn count(assembly: &mut Assembly, value: &Value) {
    let Some(usage) = value.get("usage").filter(|usage| usage.is_object()) else { return };
    let known = assembly.counts;
    let tokens = |path: &str| usage.pointer(path).and_then(json::to_u32);
    let cached = tokens("/cache_read_input_tokens").unwrap_or(known.cached);
    let cache_write = tokens("/cache_creation_input_tokens").unwrap_or(known.cache_write);
    // What is counted as input here leaves out what the cache had or got.
    let plain = tokens("/input_tokens");
    assembly.counts = Counts {
        input: plain.map(|n| n.saturating_add(cached).saturating_add(cache_write)).or(known.input),
        cached,
        cache_write,
        output: tokens("/output_tokens").or(known.output),
        reasoning: tokens("/output_tokens_details/thinking_tokens").unwrap_or(known.reasoning),
        cost_nano_usd: None,
    };
}
