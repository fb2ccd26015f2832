//! Chat completions as servers really send them.

use std::sync::Arc;

use fanout::engine::call::{CallError, Prompt, Task};
use fanout::providers::completion::{Brought, Completion, Counts};
use fanout::providers::dialect::{Dialect, Effort, Structure};
use fanout::providers::protocol::Asked;
use fanout::providers::protocol::Protocol::{self, ChatCompletions};
use fanout::providers::reader::{StreamReader, read_whole};
use fanout::providers::transport::Head;
use serde_json::{Value, json};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

pub type Read = Result<Completion, CallError>;

pub fn head() -> Head {
    Head { status: 200, ..Head::default() }
}

fn completion(text: &str, input_tokens: u32, output_tokens: u32) -> Read {
    Ok(Completion {
        text: text.to_string(),
        is_refusal: false,
        counts: Counts { input: Some(input_tokens), output: Some(output_tokens), ..Counts::default() },
    })
}

fn uncounted(text: &str) -> Read {
    Ok(Completion { text: text.to_string(), ..Completion::default() })
}

fn truncated(partial: &str) -> Read {
    Err(CallError::Truncated { partial: partial.to_string() })
}

/// Reads a stream whole, byte by byte, and in two parts cut at every position.
#[track_caller]
pub fn check_in(protocol: Protocol, stream: &str, text: &str, expected: Read) {
    check_with(protocol, head(), stream, text, expected);
}

/// The same behind another head.
#[track_caller]
pub fn check_with(protocol: Protocol, head: Head, stream: &str, text: &str, expected: Read) {
    let read = |chunks: &[&[u8]]| {
        let mut reader = StreamReader::new(protocol, head.clone());
        let mut streamed = Brought::default();
        for chunk in chunks {
            if let Err(error) = reader.push(chunk, &mut streamed) {
                return (streamed.text, Err(error));
            }
        }
        (streamed.text, reader.finish())
    };
    let expected = (text.to_string(), expected);
    assert_eq!(read(&[stream.as_bytes()]), expected);
    let bytes: Vec<&[u8]> = stream.as_bytes().chunks(1).collect();
    assert_eq!(read(&bytes), expected, "byte by byte");
    for at in 0..=stream.len() {
        let (first, second) = stream.as_bytes().split_at(at);
        assert_eq!(read(&[first, second]), expected, "cut at {at}");
    }
}

#[track_caller]
fn check(stream: &str, text: &str, expected: Read) {
    check_in(ChatCompletions, stream, text, expected);
}

fn check_whole(body: &str, expected: Read) {
    assert_eq!(read_whole(ChatCompletions, &head(), body), expected, "{body}");
}

/// Chunks as a stream of events with `[DONE]` at the end.
fn stream(chunks: &[Value]) -> String {
    let events: String = chunks.iter().map(|chunk| format!("data: {chunk}\n\n")).collect();
    events + "data: [DONE]\n\n"
}

#[test]
fn openai_sends_the_usage_in_a_chunk_without_choices() {
    let body = stream(&[
        json!({"id":"chatcmpl-A1","usage":null,"choices":[{"index":0,"delta":{"role":"assistant","content":"","refusal":null},"finish_reason":null}],"obfuscation":"k3Vb9"}),
        json!({"id":"chatcmpl-A1","usage":null,"choices":[{"index":0,"delta":{"content":"Øs"},"finish_reason":null}]}),
        json!({"id":"chatcmpl-A1","usage":null,"choices":[{"index":0,"delta":{"content":"lo."},"finish_reason":null}]}),
        json!({"type":"keepalive","sequence_number":3}),
        json!({"id":"chatcmpl-A1","usage":null,"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}),
        json!({"id":"chatcmpl-A1","choices":[],"usage":{"prompt_tokens":19,"completion_tokens":3,"total_tokens":22}}),
    ]);
    check(&body, "Øslo.", completion("Øslo.", 19, 3));
    check(&body.replace('\n', "\r\n"), "Øslo.", completion("Øslo.", 19, 3));
}

#[test]
fn deepseek_thinks_in_a_field_of_its_own() {
    let body = stream(&[
        json!({"choices":[{"index":0,"delta":{"role":"assistant","content":null,"reasoning_content":""},"finish_reason":null}]}),
        json!({"choices":[{"index":0,"delta":{"content":null,"reasoning_content":"Hm."},"finish_reason":null}]}),
        json!({"choices":[{"index":0,"delta":{"content":"Hi","reasoning_content":null},"finish_reason":null}]}),
        json!({"choices":[{"index":0,"delta":{"content":"","reasoning_content":null},"finish_reason":"stop"}],"usage":{"prompt_tokens":12,"completion_tokens":9,"prompt_cache_hit_tokens":0}}),
    ]);
    check(&format!(": keep-alive\n\n{body}"), "Hi", completion("Hi", 12, 9));
}

#[test]
fn mistral_thinks_in_a_list_of_parts() {
    let body = stream(&[
        json!({"choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]}),
        json!({"choices":[{"index":0,"delta":{"content":[{"type":"thinking","thinking":[{"type":"text","text":"Okay"}]}]},"finish_reason":null}]}),
        json!({"choices":[{"index":0,"delta":{"content":[{"type":"text","text":"He"},"l"]},"finish_reason":null}]}),
        json!({"choices":[{"index":0,"delta":{"content":"lo"},"finish_reason":null}]}),
        json!({"choices":[{"index":0,"delta":{"content":""},"finish_reason":"stop"}],"usage":{"prompt_tokens":5,"completion_tokens":7}}),
    ]);
    check(&body, "Hello", completion("Hello", 5, 7));
}

/// Guards against forgetting that the answer is finished when a later chunk says null.
#[test]
fn openrouter_repeats_the_role_and_takes_back_the_finish_reason() {
    let body = stream(&[
        json!({"id":"gen-1","choices":[{"index":0,"delta":{"role":"assistant","content":"","reasoning":"Thinking"},"finish_reason":null,"native_finish_reason":null}]}),
        json!({"id":"gen-1","choices":[{"index":0,"delta":{"role":"assistant","content":"Hi"},"finish_reason":null}]}),
        json!({"id":"gen-1","choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":"stop","native_finish_reason":"completed"}]}),
        json!({"id":"gen-1","choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}],"usage":{"prompt_tokens":12,"completion_tokens":4,"cost":0.00012}}),
    ]);
    let comments = ": OPENROUTER PROCESSING\n\n".repeat(3);
    let mut expected = completion("Hi", 12, 4);
    if let Ok(completion) = &mut expected {
        completion.counts.cost_nano_usd = Some(120_000);
    }
    check(&format!("{comments}{body}"), "Hi", expected);
}

#[test]
fn groq_has_its_usage_in_one_place_or_the_other() {
    let usage = json!({"queue_time":0.1,"prompt_tokens":8,"completion_tokens":2,"total_time":0.2});
    let chunk = |last: Value| {
        stream(&[
            json!({"choices":[{"index":0,"delta":{"content":"Hi"},"finish_reason":null}],"x_groq":{"id":"req_1"}}),
            last,
        ])
    };
    let end = json!([{"index":0,"delta":{},"finish_reason":"stop"}]);
    check(
        &chunk(json!({"choices":end,"x_groq":{"id":"req_1","usage":usage},"usage":usage})),
        "Hi",
        completion("Hi", 8, 2),
    );
    check(&chunk(json!({"choices":end,"x_groq":{"id":"req_1","usage":usage}})), "Hi", completion("Hi", 8, 2));
}

#[test]
fn vllm_counts_along_and_litellm_has_a_choice_beside_its_usage() {
    let vllm = stream(&[
        json!({"choices":[{"index":0,"delta":{"role":"assistant","content":""},"token_ids":null}],"usage":{"prompt_tokens":4,"completion_tokens":0}}),
        json!({"choices":[{"index":0,"delta":{"content":"Hi"},"stop_reason":null,"finish_reason":"stop"}],"usage":{"prompt_tokens":4,"completion_tokens":1}}),
        json!({"choices":[],"usage":{"prompt_tokens":4,"completion_tokens":2},"system_fingerprint":"vllm-0.24"}),
    ]);
    check(&vllm, "Hi", completion("Hi", 4, 2));
    let litellm = stream(&[
        json!({"choices":[{"index":0,"delta":{"content":"Hi"},"finish_reason":"stop"}]}),
        json!({"choices":[{"index":0,"delta":{}}],"usage":{"prompt_tokens":4,"completion_tokens":2}}),
    ]);
    check(&litellm, "Hi", completion("Hi", 4, 2));
}

#[test]
fn every_field_may_be_missing_or_null() {
    let body = stream(&[
        json!({"id":"","choices":[],"prompt_filter_results":[]}),
        json!({"choices":null,"error":null}),
        json!({"choices":[{"delta":null}]}),
        json!({"choices":[{"delta":{"role":"","content":"Hi"},"finish_reason":""}],"usage":{"prompt_tokens":null}}),
    ]);
    check(&body, "Hi", uncounted("Hi"));
}

/// Guards against half an answer that looks like a whole one.
#[test]
fn a_stream_that_ends_without_a_reason_is_truncated() {
    let chunk = json!({"choices":[{"delta":{"content":"Half an"},"finish_reason":null}]});
    check(&format!("data: {chunk}\n\n"), "Half an", truncated("Half an"));
    check(&stream(&[chunk]), "Half an", truncated("Half an"));
    check("", "", truncated(""));
    let failed = json!({"choices":[{"delta":{"content":"Half"},"finish_reason":"error"}]});
    check(&stream(&[failed]), "Half", truncated("Half"));
}

/// Guards against calling a connection that broke within an event a malformed reply.
#[test]
fn a_stream_cut_anywhere_keeps_what_had_arrived() {
    let body = stream(&[
        json!({"choices":[{"delta":{"content":"Øs"}}]}),
        json!({"choices":[{"delta":{"content":"lo."}}]}),
        json!({"choices":[{"delta":{},"finish_reason":"stop"}]}),
    ]);
    for at in 0..=body.len() {
        let (there, _) = body.as_bytes().split_at(at);
        let mut reader = StreamReader::new(ChatCompletions, head());
        reader.push(there, &mut Brought::default()).expect("what is there is right");
        match reader.finish() {
            Ok(completion) => assert_eq!(completion.text, "Øslo."),
            Err(CallError::Truncated { partial }) => {
                assert!(["", "Øs", "Øslo."].contains(&partial.as_str()), "{partial}");
            }
            Err(error) => panic!("cut at {at}: {error:?}"),
        }
    }
}

#[test]
fn an_error_event_ends_the_stream() {
    let groq = "event: error\ndata: {\"error\":{\"message\":\"Failed to call a function.\",\"type\":\"invalid_request_error\",\"code\":\"tool_use_failed\",\"failed_generation\":\"x\",\"status_code\":400}}\n\n";
    let error = CallError::Rejected { status: 400, message: "Failed to call a function.".to_string() };
    check(groq, "", Err(error));
}

#[test]
fn an_error_beside_choices_counts() {
    let openrouter = |code: u16| {
        stream(&[
            json!({"choices":[{"delta":{"content":"Half"},"finish_reason":null}]}),
            json!({"error":{"code":code,"message":"Token limit reached"},"choices":[{"delta":{"content":""},"finish_reason":"error"}],"usage":{"prompt_tokens":1,"completion_tokens":1}}),
        ])
    };
    let error = CallError::Rejected { status: 400, message: "Token limit reached".to_string() };
    check(&openrouter(400), "Half", Err(error));
    // An answer that had begun is not begun anew.
    check(&openrouter(502), "Half", truncated("Half"));
}

#[test]
fn an_error_without_a_code_before_the_answer_is_tried_again() {
    let body = "data: {\"error\":\"model crashed\"}\n\n";
    check(body, "", Err(CallError::Server { status: 500, message: "model crashed".to_string() }));
}

#[test]
fn a_chunk_that_is_not_json_is_malformed() {
    let message = "the reply is not JSON: <html>".to_string();
    check("data: <html>\n\n", "", Err(CallError::Malformed { message }));
}

#[test]
fn a_whole_reply_is_read() {
    let openai = json!({"id":"chatcmpl-X1","object":"chat.completion","choices":[{"index":0,"message":{"role":"assistant","content":"Oslo.","refusal":null,"annotations":[]},"logprobs":null,"finish_reason":"stop"}],
        "usage":{"prompt_tokens":19,"completion_tokens":3,"total_tokens":22,"prompt_tokens_details":{"cached_tokens":0}}});
    check_whole(&openai.to_string(), completion("Oslo.", 19, 3));
    // DeepSeek sends blank lines while a request is queued.
    check_whole(&format!("\n\n\r\n{openai}\n"), completion("Oslo.", 19, 3));
    check_whole(
        r#"{"choices":[{"message":{"content":[{"type":"text","text":"Oslo."}]}}]}"#,
        uncounted("Oslo."),
    );
    let cut = r#"{"choices":[{"message":{"content":"Osl"},"finish_reason":"length"}]}"#;
    check_whole(cut, uncounted("Osl"));
}

#[test]
fn a_refusal_is_the_text_of_the_reply() {
    let refused = Completion { text: "I cannot.".to_string(), is_refusal: true, ..Completion::default() };
    let whole = r#"{"choices":[{"message":{"content":null,"refusal":"I cannot."},"finish_reason":"stop"}]}"#;
    check_whole(whole, Ok(refused.clone()));
    let streamed = stream(&[
        json!({"choices":[{"delta":{"content":null,"refusal":"I can"}}]}),
        json!({"choices":[{"delta":{"refusal":"not."},"finish_reason":"stop"}]}),
    ]);
    check(&streamed, "", Ok(refused));
}

#[test]
fn a_reply_without_text_says_why() {
    for (body, message) in [
        ("{}", "the reply holds no text"),
        (
            r#"{"choices":[{"message":{"content":" "},"finish_reason":"content_filter"}]}"#,
            "the reply holds no text (finish reason: content_filter)",
        ),
        (
            r#"{"choices":[{"message":{"content":""},"finish_reason":"length"}]}"#,
            "the token limit was reached before the answer began",
        ),
        ("<html>login</html>", "the reply is not JSON: <html>login</html>"),
        ("", "the reply is empty"),
    ] {
        check_whole(body, Err(CallError::Malformed { message: message.to_string() }));
    }
}

#[test]
fn an_error_in_a_whole_reply_counts() {
    let error = CallError::Rejected { status: 400, message: "Bad.".to_string() };
    check_whole(r#"{"error":{"code":400,"message":"Bad."}}"#, Err(error.clone()));
    check_whole(r#"{"object":"error","message":"Bad.","code":400}"#, Err(error));
}

#[test]
fn a_request_has_what_the_server_wants_and_no_more() {
    let task = Task::Summary { document: Arc::from("x") };
    let prompt = Prompt { system: "Be terse.".to_string(), user: "Say \"hi\".".to_string() };
    let body = |streaming, dialect| -> Value {
        let asked = Asked { model: "gpt-6-luna", prompt: &prompt, task: &task, max_tokens: 256, streaming };
        let text = ChatCompletions.encode(asked, dialect);
        serde_json::from_str(&text).expect("it is JSON")
    };
    let messages = json!([
        {"role": "system", "content": "Be terse."},
        {"role": "user", "content": "Say \"hi\"."},
    ]);
    let plain = Dialect {
        token_cap: "max_tokens",
        asks_for_usage: false,
        structure: Structure::None,
        effort: Effort::Unsaid,
    };
    assert_eq!(
        body(true, plain),
        json!({"model": "gpt-6-luna", "messages": messages, "max_tokens": 256, "stream": true})
    );
    let full = body(true, Dialect::of(ChatCompletions, "https://api.openai.com/v1", "gpt-6-luna"));
    assert_eq!(full["max_completion_tokens"], 256);
    assert_eq!(full["reasoning_effort"], "low");
    assert_eq!(full["stream_options"], json!({"include_usage": true}));
    assert_eq!(full["response_format"]["type"], "json_schema");
    assert_eq!(full["response_format"]["json_schema"]["name"], "summary");
    assert_eq!(full["response_format"]["json_schema"]["strict"], true);
    let whole = body(false, Dialect::of(ChatCompletions, "https://api.deepseek.com", "deepseek-flash"));
    assert_eq!(whole["response_format"], json!({"type": "json_object"}));
    assert_eq!(whole.get("stream_options"), None);
}

/// Guards against usage that is there under another name, and against counting a part beside its whole.
#[test]
fn tokens_are_counted_wherever_a_server_has_them() {
    let choices = json!([{"message":{"content":"Hi"},"finish_reason":"stop"}]);
    for (usage, cached, cache_write, reasoning) in [
        (
            json!({"prompt_tokens_details":{"cached_tokens":8,"cache_write_tokens":2},"completion_tokens_details":{"reasoning_tokens":3}}),
            8,
            2,
            3,
        ),
        (json!({"prompt_cache_hit_tokens":7,"prompt_cache_miss_tokens":12}), 7, 0, 0),
        (json!({"num_cached_tokens":6}), 6, 0, 0),
        (json!({"cached_tokens":5}), 5, 0, 0),
        (
            json!({"prompt_tokens_details":null,"completion_tokens_details":{"reasoning_tokens":null}}),
            0,
            0,
            0,
        ),
    ] {
        let mut usage = usage;
        usage["prompt_tokens"] = json!(19);
        usage["completion_tokens"] = json!(4);
        let counts =
            Counts { input: Some(19), output: Some(4), cached, cache_write, reasoning, cost_nano_usd: None };
        let body = json!({"choices": choices, "usage": usage}).to_string();
        check_whole(&body, Ok(Completion { text: "Hi".to_string(), is_refusal: false, counts }));
    }
}

/// Guards against a model that thinks for long and looks as if nothing came.
#[test]
fn thinking_is_noticed_and_is_no_text() {
    for delta in [
        json!({"reasoning_content":"Hm."}),
        json!({"reasoning":"Hm."}),
        json!({"content":[{"type":"thinking","thinking":[{"type":"text","text":"Hm."}]}]}),
    ] {
        let mut reader = StreamReader::new(ChatCompletions, head());
        let mut brought = Brought::default();
        let chunk = format!("data: {}\n\n", json!({"choices":[{"delta":delta}]}));
        reader.push(chunk.as_bytes(), &mut brought).expect("it is right");
        assert_eq!(brought, Brought { text: String::new(), thinking: true }, "{chunk}");
    }
}
