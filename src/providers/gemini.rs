//! Google's generateContent: request out, reply in.
//!
//! Source: <https://ai.google.dev/api/generate-content>.

use serde_json::Value;

use super::completion::{Assembly, Brought, Counts, Finish};
use super::dialect::{Dialect, Effort, Structure};
use super::protocol::Asked;
use super::shape::schema;
use crate::host::encoded;
use crate::json::{self, object};

/// The model stands in the address. Without `alt=sse` a stream would be one array.
pub(super) fn url(base_url: &str, model: &str, streaming: bool) -> String {
    let model = model.trim();
    let model = model.strip_prefix("models/").unwrap_or(model);
    let name = encoded(model);
    let method = if streaming { "streamGenerateContent?alt=sse" } else { "generateContent" };
    format!("{}/models/{name}:{method}", base_url.trim().trim_end_matches('/'))
}

pub(super) fn encode(asked: Asked, dialect: Dialect) -> String {
    let Asked { prompt, task, max_tokens, .. } = asked;
    let part = |text: &str| Value::from(vec![object(vec![("text", text.into())])]);
    let mut config = vec![("maxOutputTokens", max_tokens.into())];
    match dialect.structure {
        Structure::Schema => {
            config.push(("responseMimeType", "application/json".into()));
            config.push(("responseJsonSchema", schema(task).1));
        }
        Structure::Object => config.push(("responseMimeType", "application/json".into())),
        Structure::None => {}
    }
    if dialect.effort != Effort::Unsaid {
        config.push(("thinkingConfig", object(vec![("thinkingLevel", "LOW".into())])));
    }
    let user = object(vec![("role", "user".into()), ("parts", part(&prompt.user))]);
    json::write(&object(vec![
        ("systemInstruction", object(vec![("parts", part(&prompt.system))])),
        ("contents", vec![user].into()),
        ("generationConfig", object(config)),
    ]))
}

/// Adds a whole reply or one record of a stream, which look alike.
pub(super) fn add(assembly: &mut Assembly, value: &Value, brought: &mut Brought) {
    if let Some(usage) = value.get("usageMetadata") {
        assembly.counts = counts(usage, assembly.counts);
    }
    if let Some(reason) = value.pointer("/promptFeedback/blockReason").and_then(Value::as_str) {
        assembly.finish = Some(Finish::Other(reason.to_string()));
        assembly.refusal = format!("The prompt was blocked ({reason}).");
    }
    let Some(candidate) = value.pointer("/candidates/0") else { return };
    for part in candidate.pointer("/content/parts").and_then(Value::as_array).into_iter().flatten() {
        let text = part.get("text").and_then(Value::as_str).unwrap_or_default();
        match part.get("thought").and_then(Value::as_bool) {
            Some(true) => brought.thinking = true,
            _ => assembly.say(brought, text),
        }
    }
    if let Some(reason) = candidate.get("finishReason").and_then(Value::as_str) {
        assembly.finish = Some(match reason {
            "STOP" => Finish::Ended,
            "MAX_TOKENS" => Finish::TokenLimit,
            other => Finish::Other(other.to_string()),
        });
    }
}

fn counts(usage: &Value, known: Counts) -> Counts {
    let tokens = |name: &str| usage.get(name).and_then(json::to_u32);
    let reasoning = tokens("thoughtsTokenCount").unwrap_or(known.reasoning);
    // Thinking is counted beside the answer and billed like it.
    let written = tokens("candidatesTokenCount").or((reasoning > 0).then_some(0));
    Counts {
        input: tokens("promptTokenCount").or(known.input),
        cached: tokens("cachedContentTokenCount").unwrap_or(known.cached),
        cache_write: 0,
        output: written.map(|written| written.saturating_add(reasoning)).or(known.output),
        reasoning,
        cost_nano_usd: None,
    }
}
