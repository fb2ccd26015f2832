//! Bodies of OpenAI-compatible chat completions, as servers send them.

use serde_json::{Value as Json, json};

/// Every answer reports this many tokens, whatever its text.
pub const INPUT_TOKENS: u64 = 20;
pub const OUTPUT_TOKENS: u64 = 7;

const ID: &str = "chatcmpl-1";
const CREATED: u64 = 1_795_400_000;

/// The answer in one piece.
pub fn whole(model: &str, content: &str) -> Json {
    json!({
        "id": ID, "object": "chat.completion", "created": CREATED, "model": model,
        "choices": [{
            "index": 0, "logprobs": null, "finish_reason": "stop",
            "message": {"role": "assistant", "content": content, "refusal": null, "annotations": []}
        }],
        "usage": usage()
    })
}

/// The answer as the records of an event stream: role, text in pieces, end, usage, `[DONE]`.
pub fn records(model: &str, content: &str) -> Vec<String> {
    let characters: Vec<char> = content.chars().collect();
    let pieces = characters.chunks(characters.len().div_ceil(4).max(1));
    let text = pieces.map(|piece| delta(json!({"content": piece.iter().collect::<String>()}), Json::Null));
    let role = delta(json!({"role": "assistant", "content": "", "refusal": null}), Json::Null);
    let end = delta(json!({}), json!("stop"));
    std::iter::once(role)
        .chain(text)
        .chain([end])
        .map(|choice| (json!([choice]), Json::Null))
        .chain([(json!([]), usage())])
        .map(|(choices, usage)| {
            json!({
                "id": ID, "object": "chat.completion.chunk", "created": CREATED, "model": model,
                "choices": choices, "usage": usage
            })
            .to_string()
        })
        .chain(["[DONE]".to_string()])
        .map(|data| format!("data: {data}\n\n"))
        .collect()
}

/// An error body with the server's words.
pub fn error(message: &str, kind: &str, code: Option<&str>) -> Json {
    json!({"error": {"message": message, "type": kind, "param": null, "code": code}})
}

fn delta(delta: Json, finish_reason: Json) -> Json {
    json!({"index": 0, "delta": delta, "logprobs": null, "finish_reason": finish_reason})
}

fn usage() -> Json {
    json!({
        "prompt_tokens": INPUT_TOKENS, "completion_tokens": OUTPUT_TOKENS,
        "total_tokens": INPUT_TOKENS + OUTPUT_TOKENS, "prompt_tokens_details": {"cached_tokens": 0}
    })
}
