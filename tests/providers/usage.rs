//! What calls used, and what that costs.

use fanout::analysis::metrics::{Figure, metrics};
use fanout::analysis::recording::Recording;
use fanout::engine::call::Certainty;
use fanout::engine::patterns::{Planned, Role};
use fanout::engine::price::Price;
use fanout::providers::endpoint::Target;
use fanout::providers::protocol::Protocol;
use serde_json::{Value, json};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::remote::{JSON, check, settings};
use crate::scripted::Scripted;

/// What calls cost, worked out by hand: in every protocol, whole, with a cache and with thinking; with
/// usage that is missing, which makes it an estimate.
#[test]
fn usage_and_cost_are_those_of_a_table() {
    // 1, 0.1, 1.25 and 5 USD a million: in, cached, written to the cache, out.
    let price = Price {
        input_nano_usd: 1000,
        cached_nano_usd: 100,
        cache_write_nano_usd: 1250,
        output_nano_usd: 5000,
    };
    let openai =
        |usage: Value| json!({"choices":[{"message":{"content":"x"},"finish_reason":"stop"}],"usage":usage});
    let anthropic = |usage: Value| json!({"type":"message","content":[{"type":"text","text":"x"}],"stop_reason":"end_turn","usage":usage});
    let gemini = |usage: Value| json!({"candidates":[{"content":{"parts":[{"text":"x"}]},"finishReason":"STOP"}],"usageMetadata":usage});
    use Protocol::{ChatCompletions, GenerateContent, Messages};
    for (protocol, body, input_tokens, output_tokens, cost_nano_usd) in [
        // 1000 × 1000 + 200 × 5000
        (
            ChatCompletions,
            openai(json!({"prompt_tokens":1000,"completion_tokens":200})),
            1000,
            200,
            2_000_000,
        ),
        // 300 × 1000 + 600 × 100 + 100 × 1250 + 200 × 5000: thinking is part of the output.
        (
            ChatCompletions,
            openai(
                json!({"prompt_tokens":1000,"completion_tokens":200,"prompt_tokens_details":{"cached_tokens":600,"cache_write_tokens":100},"completion_tokens_details":{"reasoning_tokens":150}}),
            ),
            1000,
            200,
            1_485_000,
        ),
        // The server's own word, in USD, and one that no 32 bits hold.
        (
            ChatCompletions,
            openai(json!({"prompt_tokens":1000,"completion_tokens":200,"cost":5000.5})),
            1000,
            200,
            5_000_500_000_000,
        ),
        (
            ChatCompletions,
            openai(json!({"prompt_tokens":1000,"completion_tokens":200,"cost":0.0007})),
            1000,
            200,
            700_000,
        ),
        // (300 + 600 + 100) tokens in: 300 × 1000 + 600 × 100 + 100 × 1250 + 200 × 5000
        (
            Messages,
            anthropic(
                json!({"input_tokens":300,"cache_read_input_tokens":600,"cache_creation_input_tokens":100,"output_tokens":200,"output_tokens_details":{"thinking_tokens":150}}),
            ),
            1000,
            200,
            1_485_000,
        ),
        // (50 + 150) tokens out: 400 × 1000 + 600 × 100 + 200 × 5000
        (
            GenerateContent,
            gemini(
                json!({"promptTokenCount":1000,"cachedContentTokenCount":600,"candidatesTokenCount":50,"thoughtsTokenCount":150}),
            ),
            1000,
            200,
            1_460_000,
        ),
    ] {
        let settings = Target { protocol, streaming: false, ..settings() };
        let done = check(settings, vec![Scripted::new(200, JSON, &[(5, &body.to_string())])], None);
        let usage = done.result().expect("it was served").usage;
        let found = (usage.input_tokens, usage.output_tokens, usage.certainty, price.cost_nano_usd(usage));
        assert_eq!(found, (input_tokens, output_tokens, Certainty::Known, cost_nano_usd), "{body}");
        // The numbers of the page come from the trace.
        let recording = Recording::of(&done.view, 0, plan().into(), None);
        assert_eq!(
            metrics(&recording, None, Some(price)).cost_nano_usd,
            Figure::known(cost_nano_usd),
            "{body}"
        );
    }
    for body in [
        openai(Value::Null),
        openai(json!({"prompt_tokens":1000})),
        anthropic(json!({})),
        gemini(Value::Null),
    ] {
        let protocol = match (&body["type"], &body["candidates"]) {
            (Value::String(_), _) => Messages,
            (_, Value::Array(_)) => GenerateContent,
            _ => ChatCompletions,
        };
        let settings = Target { protocol, streaming: false, ..settings() };
        let done = check(settings, vec![Scripted::new(200, JSON, &[(5, &body.to_string())])], None);
        assert_eq!(done.result().expect("it was served").usage.certainty, Certainty::Estimated, "{body}");
    }
}

fn plan() -> Vec<Planned> {
    let planned = Planned {
        key: "call".to_string(),
        label: "call".to_string(),
        role: Role::Worker,
        feeds: None,
        needs: Vec::new(),
    };
    vec![planned]
}
