//! Replies as Google's generateContent sends them.

use std::sync::Arc;

use fanout::engine::call::{CallError, Prompt, Task, Wait};
use fanout::providers::completion::{Completion, Counts};
use fanout::providers::dialect::{Dialect, Structure};
use fanout::providers::key::ApiKey;
use fanout::providers::protocol::Asked;
use fanout::providers::protocol::Protocol::GenerateContent;
use fanout::providers::reader::read_whole;
use serde_json::{Value, json};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::openai::{Read, check_in, head};

fn completion(text: &str, counts: Counts) -> Read {
    Ok(Completion { text: text.to_string(), is_refusal: false, counts })
}

fn stream(records: &[&str]) -> String {
    records.iter().map(|record| format!("data: {record}\r\n\r\n")).collect()
}

const BEGUN: &str = r#"{"candidates": [{"content": {"parts": [{"text": "Os"}],"role": "model"},"index": 0}],"usageMetadata": {"promptTokenCount": 14,"totalTokenCount": 75,"thoughtsTokenCount": 61},"modelVersion": "gemini-3.8-flash","responseId": "J3d"}"#;
const ENDED: &str = r#"{"candidates": [{"content": {"parts": [{"text": "lo."}],"role": "model"},"finishReason": "STOP","index": 0}],"usageMetadata": {"promptTokenCount": 14,"candidatesTokenCount": 3,"totalTokenCount": 78,"thoughtsTokenCount": 61,"cachedContentTokenCount": 4},"modelVersion": "gemini-3.8-flash","responseId": "J3d"}"#;

/// Output as it is billed: the answer and the thinking, which are counted apart.
const COUNTS: Counts = Counts {
    input: Some(14),
    cached: 4,
    cache_write: 0,
    output: Some(64),
    reasoning: 61,
    cost_nano_usd: None,
};

#[test]
fn records_end_in_crlf_and_nothing_says_done() {
    check_in(GenerateContent, &stream(&[BEGUN, ENDED]), "Oslo.", completion("Oslo.", COUNTS));
}

#[test]
fn thoughts_are_no_part_of_the_answer() {
    let record = r#"{"candidates":[{"content":{"role":"model","parts":[{"text":"Hm.","thought":true},{"text":"Oslo."},{"text":"","thoughtSignature":"x"}]},"finishReason":"STOP"}]}"#;
    let expected = completion("Oslo.", Counts::default());
    check_in(GenerateContent, &stream(&[record]), "Oslo.", expected.clone());
    assert_eq!(read_whole(GenerateContent, &head(), record), expected);
}

/// Guards against an error without `data:`, which a reader of events would pass over.
#[test]
fn an_error_in_the_middle_is_found_with_and_without_its_field() {
    let bare = "{\n  \"error\": {\n    \"code\": 503,\n    \"message\": \"Overloaded.\",\n    \"status\": \"UNAVAILABLE\"\n  }\n}\n";
    let error = CallError::Server { status: 503, message: "Overloaded.".to_string() };
    check_in(GenerateContent, bare, "", Err(error.clone()));
    let field = r#"{"error":{"code":503,"message":"Overloaded.","status":"UNAVAILABLE"}}"#;
    check_in(GenerateContent, &stream(&[field]), "", Err(error));
    let truncated = Err(CallError::Truncated { partial: "Os".to_string() });
    check_in(GenerateContent, &format!("{}{bare}", stream(&[BEGUN])), "Os", truncated.clone());
    check_in(GenerateContent, &stream(&[BEGUN, field]), "Os", truncated.clone());
    check_in(GenerateContent, &stream(&[BEGUN]), "Os", truncated);
}

#[test]
fn a_reply_without_text_says_why() {
    let malformed = |message: &str| Err(CallError::Malformed { message: message.to_string() });
    let cut = r#"{"candidates":[{"content":{"role":"model"},"finishReason":"MAX_TOKENS"}],"usageMetadata":{"promptTokenCount":14,"thoughtsTokenCount":61}}"#;
    check_in(
        GenerateContent,
        &stream(&[cut]),
        "",
        malformed("the token limit was reached before the answer began"),
    );
    let withheld = r#"{"candidates":[{"finishReason":"RECITATION"}]}"#;
    check_in(
        GenerateContent,
        &stream(&[withheld]),
        "",
        malformed("the reply holds no text (finish reason: RECITATION)"),
    );
    let blocked = Completion {
        text: "The prompt was blocked (SAFETY).".to_string(),
        is_refusal: true,
        counts: Counts { input: Some(14), ..Counts::default() },
    };
    let record = r#"{"promptFeedback":{"blockReason":"SAFETY"},"usageMetadata":{"promptTokenCount":14}}"#;
    check_in(GenerateContent, &stream(&[record]), "", Ok(blocked));
}

/// Guards against a wait that only the body names, and against one that would be in vain.
#[test]
fn a_refusal_says_in_its_body_how_long_to_wait() {
    let body = |quota: &str| {
        json!({"error":{"code":429,"message":"You exceeded your current quota.","status":"RESOURCE_EXHAUSTED","details":[
            {"@type":"type.googleapis.com/google.rpc.QuotaFailure","violations":[{"quotaId":quota,"quotaValue":"250"}]},
            {"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"34.074824224s"}]}}).to_string()
    };
    let head = fanout::providers::transport::Head { status: 429, ..head() };
    let message = "You exceeded your current quota.".to_string();
    let minute =
        fanout::providers::failure::from_reply(&head, &body("GenerateRequestsPerMinutePerProjectPerModel"));
    let wait = Wait::Body { us: 34_075_000 };
    assert_eq!(minute, CallError::Refused { status: 429, wait, message: message.clone() });
    let day = fanout::providers::failure::from_reply(
        &head,
        &body("GenerateRequestsPerDayPerProjectPerModel-FreeTier"),
    );
    assert_eq!(day, CallError::OutOfQuota { status: 429, message });
}

#[test]
fn a_request_has_what_the_server_wants_and_no_more() {
    let task = Task::Summary { document: Arc::from("x") };
    let prompt = Prompt { system: "Be terse.".to_string(), user: "Say hi.".to_string() };
    let body = |model: &str, structure| -> Value {
        let dialect = Dialect { structure, ..Dialect::of(GenerateContent, "", model) };
        let asked = Asked { model, prompt: &prompt, task: &task, max_tokens: 256, streaming: true };
        serde_json::from_str(&GenerateContent.encode(asked, dialect)).expect("it is JSON")
    };
    assert_eq!(
        body("gemini-2.5-flash", Structure::None),
        json!({
            "systemInstruction": {"parts": [{"text": "Be terse."}]},
            "contents": [{"role": "user", "parts": [{"text": "Say hi."}]}],
            "generationConfig": {"maxOutputTokens": 256},
        })
    );
    let full = &body("gemini-3.8-flash", Structure::Schema)["generationConfig"];
    assert_eq!(full["responseMimeType"], "application/json");
    assert_eq!(full["responseJsonSchema"]["type"], "object");
    assert_eq!(full["thinkingConfig"], json!({"thinkingLevel": "LOW"}));
}

/// Guards against a key in the address, and against a model's name that leaves its place.
#[test]
fn the_model_stands_in_the_address_and_the_key_does_not() {
    const BASE: &str = "https://generativelanguage.googleapis.com/v1beta";
    for (model, streaming, path) in [
        ("gemini-3.8-flash", true, "/models/gemini-3.8-flash:streamGenerateContent?alt=sse"),
        ("models/gemini-3.8-flash", false, "/models/gemini-3.8-flash:generateContent"),
        ("../x?key=1#é", false, "/models/..%2Fx%3Fkey%3D1%23%C3%A9:generateContent"),
    ] {
        let url = GenerateContent.url(&format!("{BASE}/"), model, streaming);
        assert_eq!(url, format!("{BASE}{path}"));
        let key = ApiKey::new("AIza", BASE).ok();
        assert_eq!(
            GenerateContent.headers(&url, key.as_ref()),
            [("x-goog-api-key".to_string(), "AIza".to_string())]
        );
    }
}
