//! Ollama's own chat: request out, reply in. Unlike its chat completions it can be told not to think.
//!
//! Source: <https://docs.ollama.com/api/chat>.

use serde_json::Value;

use super::completion::{Assembly, Brought, Counts, Finish};
use super::dialect::{Dialect, Effort, Structure};
use super::openai::messages;
use super::protocol::Asked;
use super::shape::schema;
use crate::json::{self, object};

/// A path of this protocol behind the server's address, or behind its address for chat completions.
pub(super) fn url(base_url: &str, path: &str) -> String {
    let base = base_url.trim().trim_end_matches('/');
    let server = ["/v1", "/api", "/api/chat"].iter().find_map(|end| base.strip_suffix(end));
    format!("{}{path}", server.unwrap_or(base))
}

pub(super) fn encode(asked: Asked, dialect: Dialect) -> String {
    let Asked { model, prompt, task, max_tokens, streaming } = asked;
    let mut fields = vec![
        ("model", model.trim().into()),
        ("messages", messages(prompt).into()),
        // Where nothing is said of it, it streams.
        ("stream", streaming.into()),
        ("options", object(vec![("num_predict", max_tokens.into())])),
    ];
    match dialect.structure {
        Structure::Schema => fields.push(("format", schema(task).1)),
        Structure::Object => fields.push(("format", "json".into())),
        Structure::None => {}
    }
    match dialect.effort {
        Effort::Off => fields.push(("think", false.into())),
        Effort::Low => fields.push(("think", "low".into())),
        Effort::Unsaid => {}
    }
    json::write(&object(fields))
}

/// Adds a whole reply or one line of a stream, which look alike.
pub(super) fn add(assembly: &mut Assembly, value: &Value, brought: &mut Brought) {
    let said = |name: &str| value.pointer(name).and_then(Value::as_str).unwrap_or_default();
    brought.thinking |= !said("/message/thinking").is_empty();
    assembly.say(brought, said("/message/content"));
    if value.get("done").and_then(Value::as_bool) != Some(true) {
        return;
    }
    assembly.is_over = true;
    assembly.finish = Some(match said("/done_reason") {
        "stop" | "" => Finish::Ended,
        "length" => Finish::TokenLimit,
        other => Finish::Other(other.to_string()),
    });
    // Where the prompt was cached, some versions count nothing.
    let tokens = |name: &str| value.get(name).and_then(json::to_u32).filter(|tokens| *tokens > 0);
    assembly.counts =
        Counts { input: tokens("prompt_eval_count"), output: tokens("eval_count"), ..Counts::default() };
}
