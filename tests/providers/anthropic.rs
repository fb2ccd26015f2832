//! Messages as Anthropic sends them.

use std::sync::Arc;

use fanout::engine::call::{CallError, Prompt, Task};
use fanout::providers::completion::{Completion, Counts};
use fanout::providers::dialect::{Dialect, Effort, Structure};
use fanout::providers::key::ApiKey;
use fanout::providers::protocol::Asked;
use fanout::providers::protocol::Protocol::Messages;
use fanout::providers::reader::read_whole;
use serde_json::{Value, json};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::openai::{Read, check_in, head};

fn completion(text: &str, counts: Counts) -> Read {
    Ok(Completion { text: text.to_string(), is_refusal: false, counts })
}

fn counts(input: u32, output: u32) -> Counts {
    Counts { input: Some(input), output: Some(output), ..Counts::default() }
}

/// A stream of named events.
fn stream(events: &[Value]) -> String {
    let event = |data: &Value| {
        let name = data["type"].as_str().unwrap_or_default();
        // The server pads its objects.
        format!("event: {name}\ndata: {data}      \n\n")
    };
    events.iter().map(event).collect()
}

fn start(usage: Value) -> Value {
    json!({"type":"message_start","message":{"model":"claude-sonnet-5-5","id":"msg_01A","type":"message","role":"assistant","content":[],"stop_reason":null,"stop_sequence":null,"stop_details":null,"usage":usage}})
}

fn delta(index: u32, delta: Value) -> Value {
    json!({"type":"content_block_delta","index":index,"delta":delta})
}

fn end(reason: &str, usage: Value) -> [Value; 2] {
    [
        json!({"type":"message_delta","delta":{"stop_reason":reason,"stop_sequence":null,"stop_details":null},"usage":usage}),
        json!({"type":"message_stop"}),
    ]
}

/// Guards against adding up totals, against thinking that is shown as an answer, and against a stream
/// without `[DONE]` that is taken for a broken one.
#[test]
fn an_answer_after_thinking_is_read_with_its_tokens() {
    let mut events = vec![
        start(
            json!({"input_tokens":14,"cache_creation_input_tokens":0,"cache_read_input_tokens":0,"output_tokens":1}),
        ),
        json!({"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"","signature":""}}),
        json!({"type":"ping"}),
        delta(0, json!({"type":"thinking_delta","thinking":"A capital…"})),
        delta(0, json!({"type":"signature_delta","signature":"Eq…"})),
        json!({"type":"content_block_stop","index":0}),
        json!({"type":"content_block_start","index":1,"content_block":{"type":"text","text":""}}),
        delta(1, json!({"type":"text_delta","text":"Os"})),
        json!({"type":"something_new","text":"no answer"}),
        delta(1, json!({"type":"text_delta","text":"lo."})),
        delta(1, json!({"type":"citations_delta","citation":{"cited_text":"x"}})),
        json!({"type":"content_block_stop","index":1}),
    ];
    events.extend(end("end_turn", json!({"input_tokens":14,"cache_creation_input_tokens":0,"cache_read_input_tokens":0,"output_tokens":41,"output_tokens_details":{"thinking_tokens":33}})));
    let expected = completion("Oslo.", Counts { reasoning: 33, ..counts(14, 41) });
    check_in(Messages, &stream(&events), "Oslo.", expected);
}

/// Guards against reading the input that the cache had as if there were none.
#[test]
fn input_is_the_sum_of_what_is_new_read_and_written() {
    let usage = json!({"input_tokens":14,"cache_creation_input_tokens":100,"cache_read_input_tokens":2000,"output_tokens":1});
    let mut events = vec![start(usage.clone()), delta(0, json!({"type":"text_delta","text":"Hi"}))];
    events.extend(end("end_turn", json!({"output_tokens":6})));
    let expected = completion("Hi", Counts { cached: 2000, cache_write: 100, ..counts(2114, 6) });
    check_in(Messages, &stream(&events), "Hi", expected.clone());
    let mut whole = usage;
    whole["output_tokens"] = json!(6);
    let whole = json!({"id":"msg_01A","type":"message","role":"assistant","content":[{"type":"thinking","thinking":"Hm"},{"type":"text","text":"H"},{"type":"text","text":"i"}],"stop_reason":"end_turn","usage":whole});
    assert_eq!(read_whole(Messages, &head(), &whole.to_string()), expected);
}

#[test]
fn a_stream_that_breaks_off_keeps_what_had_arrived() {
    let begun = stream(&[
        start(json!({"input_tokens":14,"output_tokens":1})),
        delta(0, json!({"type":"text_delta","text":"Half"})),
    ]);
    let truncated = |partial: &str| Err(CallError::Truncated { partial: partial.to_string() });
    check_in(Messages, &begun, "Half", truncated("Half"));
    let overloaded =
        r#"{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"},"request_id":"req_1"}"#;
    check_in(Messages, &format!("{begun}event: error\ndata: {overloaded}\n\n"), "Half", truncated("Half"));
    let error = CallError::Server { status: 529, message: "Overloaded".to_string() };
    check_in(Messages, &format!("event: error\ndata: {overloaded}\n\n"), "", Err(error));
}

#[test]
fn a_reply_without_text_says_why() {
    let ended = |reason: &str, details: Value| {
        let mut events = vec![start(json!({"input_tokens":14,"output_tokens":1}))];
        let [mut delta, stop] = end(reason, json!({"output_tokens":9}));
        delta["delta"]["stop_details"] = details;
        events.extend([delta, stop]);
        stream(&events)
    };
    let malformed = |message: &str| Err(CallError::Malformed { message: message.to_string() });
    check_in(
        Messages,
        &ended("max_tokens", Value::Null),
        "",
        malformed("the token limit was reached before the answer began"),
    );
    check_in(
        Messages,
        &ended("pause_turn", Value::Null),
        "",
        malformed("the reply holds no text (finish reason: pause_turn)"),
    );
    let refused = Completion { text: "Not this.".to_string(), is_refusal: true, counts: counts(14, 9) };
    check_in(Messages, &ended("refusal", json!({"category":"x","explanation":"Not this."})), "", Ok(refused));
}

/// Guards against fields that the current version of the API refuses, such as a temperature.
#[test]
fn a_request_has_what_the_server_wants_and_no_more() {
    let task = Task::Summary { document: Arc::from("x") };
    let prompt = Prompt { system: "Be terse.".to_string(), user: "Say hi.".to_string() };
    let body = |dialect| -> Value {
        let asked = Asked { model: "claude", prompt: &prompt, task: &task, max_tokens: 256, streaming: true };
        serde_json::from_str(&Messages.encode(asked, dialect)).expect("it is JSON")
    };
    let dialect = Dialect::of(Messages, "https://api.anthropic.com/v1", "claude");
    let plain = json!({
        "model": "claude", "max_tokens": 256, "system": "Be terse.", "stream": true,
        "messages": [{"role": "user", "content": "Say hi."}],
    });
    assert_eq!(body(Dialect { structure: Structure::None, effort: Effort::Unsaid, ..dialect }), plain);
    let full = body(dialect);
    assert_eq!(full["thinking"], json!({"type": "disabled"}));
    assert_eq!(full["output_config"]["format"]["type"], "json_schema");
    assert_eq!(full["output_config"]["format"]["schema"]["additionalProperties"], false);
    assert_eq!(body(Dialect { effort: Effort::Low, ..dialect })["output_config"]["effort"], "low");
    let url = Messages.url("https://api.anthropic.com/v1/", "claude", true);
    assert_eq!(url, "https://api.anthropic.com/v1/messages");
    let key = ApiKey::new("sk-ant", "https://api.anthropic.com").ok();
    let headers = Messages.headers(&url, key.as_ref());
    for header in [
        ("x-api-key", "sk-ant"),
        ("anthropic-version", "2026-10-21"),
        ("anthropic-dangerous-direct-browser-access", "true"),
    ] {
        assert!(headers.contains(&(header.0.to_string(), header.1.to_string())), "{headers:?}");
    }
}
