//! Replies as Ollama sends them by its own protocol.

use std::sync::Arc;

use fanout::engine::call::{CallError, Prompt, Task};
use fanout::providers::completion::{Completion, Counts};
use fanout::providers::dialect::{Dialect, Effort};
use fanout::providers::protocol::Asked;
use fanout::providers::protocol::Protocol::OllamaChat;
use fanout::providers::reader::read_whole;
use fanout::providers::transport::Head;
use serde_json::{Value, json};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::openai::{Read, check_with, head};

const THOUGHT: &str = r#"{"model":"qwen3","created_at":"2026-11-20T08:00:00.1Z","message":{"role":"assistant","content":"","thinking":"Hm."},"done":false}"#;
const BEGUN: &str = r#"{"model":"qwen3","created_at":"2026-11-20T08:00:00.2Z","message":{"role":"assistant","content":"Øs"},"done":false}"#;
const WENT_ON: &str = r#"{"model":"qwen3","created_at":"2026-11-20T08:00:00.3Z","message":{"role":"assistant","content":"lo."},"done":false}"#;
const ENDED: &str = r#"{"model":"qwen3","created_at":"2026-11-20T08:00:00.4Z","message":{"role":"assistant","content":""},"done":true,"done_reason":"stop","total_duration":412345678,"load_duration":1234567,"prompt_eval_count":26,"prompt_eval_duration":45678901,"eval_count":12,"eval_duration":298765432}"#;

fn lines(of: &[&str]) -> String {
    of.iter().map(|line| format!("{line}\n")).collect()
}

fn oslo() -> Read {
    let counts = Counts { input: Some(26), output: Some(12), ..Counts::default() };
    Ok(Completion { text: "Øslo.".to_string(), is_refusal: false, counts })
}

#[track_caller]
fn check(stream: &str, text: &str, expected: Read) {
    let kind = "application/x-ndjson; charset=utf-8".to_string();
    let head = Head { headers: vec![("content-type", kind)], ..head() };
    check_with(OllamaChat, head, stream, text, expected);
}

#[test]
fn one_object_a_line_and_the_last_one_counts() {
    let stream = lines(&[THOUGHT, BEGUN, WENT_ON, ENDED]);
    check(&stream, "Øslo.", oslo());
    check(&stream.replace('\n', "\r\n\r\n"), "Øslo.", oslo());
    check(stream.trim_end(), "Øslo.", oslo());
    check(&format!("{stream}{WENT_ON}\n"), "Øslo.", oslo());
}

/// Guards against a cached prompt that costs nothing.
#[test]
fn a_count_of_nothing_is_unknown() {
    let counts = Counts { input: None, output: Some(12), ..Counts::default() };
    let completion = Completion { text: "Øs".to_string(), is_refusal: false, counts };
    check(&lines(&[BEGUN, &ENDED.replace("26", "0")]), "Øs", Ok(completion));
}

#[test]
fn a_reply_in_one_piece_is_such_a_line() {
    let body = ENDED.replace(r#""content":"""#, r#""content":"Øslo.""#);
    assert_eq!(read_whole(OllamaChat, &head(), &body), oslo());
}

/// Guards against a crash of the model in mid-answer that looks like the answer's end.
#[test]
fn an_error_is_a_line_of_its_own() {
    let error = r#"{"error":"model runner has unexpectedly stopped"}"#;
    let message = "model runner has unexpectedly stopped".to_string();
    check(&lines(&[error]), "", Err(CallError::Server { status: 500, message }));
    let truncated = Err(CallError::Truncated { partial: "Øs".to_string() });
    check(&lines(&[BEGUN, error]), "Øs", truncated.clone());
    check(&lines(&[BEGUN]), "Øs", truncated);
}

#[test]
fn an_answer_that_its_limit_cut_is_kept_and_one_without_text_says_why() {
    let cut = ENDED.replace(r#""stop""#, r#""length""#);
    check(&lines(&[BEGUN, WENT_ON, &cut]), "Øslo.", oslo());
    let message = "the token limit was reached before the answer began".to_string();
    check(&lines(&[THOUGHT, &cut]), "", Err(CallError::Malformed { message }));
}

#[test]
fn the_server_is_found_behind_every_address_people_have_for_it() {
    for base in [
        "http://localhost:11434",
        " http://localhost:11434/ ",
        "http://localhost:11434/v1",
        "http://localhost:11434/api",
        "http://localhost:11434/api/chat",
    ] {
        assert_eq!(OllamaChat.url(base, "qwen3", true), "http://localhost:11434/api/chat", "{base}");
        assert_eq!(OllamaChat.models_url(base), "http://localhost:11434/api/tags", "{base}");
    }
}

#[test]
fn a_request_has_what_the_server_wants_and_no_more() {
    let task = Task::Summary { document: Arc::from("x") };
    let prompt = Prompt { system: "Be terse.".to_string(), user: "Say hi.".to_string() };
    let body = |dialect: Dialect| -> Value {
        let asked =
            Asked { model: "qwen3 ", prompt: &prompt, task: &task, max_tokens: 256, streaming: false };
        serde_json::from_str(&OllamaChat.encode(asked, dialect)).expect("it is JSON")
    };
    let dialect = Dialect::of(OllamaChat, "http://localhost:11434", "qwen3");
    let schema = json!({"type":"object","additionalProperties":false,"required":["summary"],"properties":{"summary":{"type":"string"}}});
    let messages = json!([{"role":"system","content":"Be terse."},{"role":"user","content":"Say hi."}]);
    let whole = json!({"model":"qwen3","messages":messages,"stream":false,"options":{"num_predict":256},"format":schema,"think":false});
    assert_eq!(body(dialect), whole);
    assert_eq!(body(Dialect { effort: Effort::Low, ..dialect })["think"], "low");
    let (unsaid, dropped) = Dialect { effort: Effort::Low, ..dialect }
        .reworded(r#""qwen3" does not support thinking"#)
        .expect("it names a field");
    assert_eq!((body(unsaid).get("think"), dropped), (None, "a setting for thinking"));
}
