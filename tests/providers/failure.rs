//! Statuses and bodies of errors, and what happens next.

use fanout::engine::call::{CallError, Wait};
use fanout::engine::clock::SECOND;
use fanout::providers::failure::{from_reply, within_reply};
use fanout::providers::transport::Head;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// What happens next, without the words.
#[derive(Debug, PartialEq, Eq)]
enum Next {
    Refused(Wait),
    Server,
    Unauthorized,
    OutOfQuota,
    Rejected,
    Malformed,
}

fn check(status: u16, body: &str, next: Next, message: &str) {
    check_with(&[], status, body, next, message);
}

fn check_with(headers: &[(&'static str, &str)], status: u16, body: &str, next: Next, message: &str) {
    let headers = headers.iter().map(|(name, value)| (*name, value.to_string())).collect();
    let error = from_reply(&Head { status, headers, ..Head::default() }, body);
    assert_eq!(split(error), (next, Some(status), message.to_string()), "{status} {body}");
}

fn split(error: CallError) -> (Next, Option<u16>, String) {
    match error {
        CallError::Refused { status, wait, message } => (Next::Refused(wait), Some(status), message),
        CallError::Server { status, message } => (Next::Server, Some(status), message),
        CallError::Unauthorized { status, message } => (Next::Unauthorized, Some(status), message),
        CallError::OutOfQuota { status, message } => (Next::OutOfQuota, Some(status), message),
        CallError::Rejected { status, message } => (Next::Rejected, Some(status), message),
        CallError::Malformed { message } => (Next::Malformed, None, message),
        other => panic!("not an answer of a server: {other:?}"),
    }
}

#[test]
fn a_rate_limit_is_waited_for() {
    let openai = r#"{"error":{"message":"Rate limit reached. Please try again in 20s.","type":"tokens","param":null,"code":"rate_limit_exceeded"}}"#;
    let said = "Rate limit reached. Please try again in 20s.";
    check(429, openai, Next::Refused(Wait::Body { us: 20 * SECOND }), said);
    let header = Wait::Header { us: 7 * SECOND };
    check_with(&[("retry-after", "7")], 429, openai, Next::Refused(header), said);
    let openrouter = r#"{"error":{"code":429,"message":"Provider returned error","metadata":{"provider_name":"Google","raw":"x is temporarily rate-limited upstream."}},"user_id":"user_1"}"#;
    check(
        429,
        openrouter,
        Next::Refused(Wait::Unsaid),
        "Provider returned error: x is temporarily rate-limited upstream.",
    );
    check_with(&[("retry-after", "7")], 503, "busy", Next::Refused(header), "busy");
}

/// Guards against retrying for minutes on an account that is empty.
#[test]
fn an_empty_account_is_not_waited_for() {
    for (status, kind, code, message) in [
        (429, "insufficient_quota", "insufficient_quota", "You exceeded your current quota."),
        (429, "insufficient_quota", "credit_balance_exhausted", "No credit."),
        (402, "unknown_error", "invalid_request_error", "Insufficient Balance"),
        (429, "rate_limit_error", "enforced_spend_limit_reached", "Limit."),
        (400, "invalid_request_error", "", "Your credit balance is too low to use the API."),
    ] {
        let body = format!(r#"{{"error":{{"message":"{message}","type":"{kind}","code":"{code}"}}}}"#);
        check_with(&[("retry-after", "2")], status, &body, Next::OutOfQuota, message);
    }
    let per_day = r#"[{"error":{"code":429,"message":"You exceeded your current quota","status":"RESOURCE_EXHAUSTED","details":[{"violations":[{"quotaId":"GenerateRequestsPerDayPerProjectPerModel-FreeTier"}]},{"retryDelay":"34s"}]}}]"#;
    check(429, per_day, Next::OutOfQuota, "You exceeded your current quota");
    let per_minute = per_day.replace("PerDay", "PerMinute");
    let wait = Wait::Body { us: 34 * SECOND };
    check(429, &per_minute, Next::Refused(wait), "You exceeded your current quota");
}

#[test]
fn a_server_in_trouble_is_tried_again() {
    for status in [408, 409, 498, 500, 502, 503, 504, 529, 599] {
        check(status, r#"{"error":"overloaded"}"#, Next::Server, "overloaded");
    }
    let cloudflare = format!("<html>{}</html>", "x".repeat(1000));
    check(502, &cloudflare, Next::Server, &format!("<html>{}", "x".repeat(294)));
    check(500, " \n", Next::Server, "the server answered with status 500 and no reason");
}

#[test]
fn a_wrong_key_is_told_from_a_wrong_request() {
    let said = |message: &str, code: &str| {
        format!(r#"{{"error":{{"message":"{message}","type":"invalid_request_error","code":"{code}"}}}}"#)
    };
    check(401, &said("Incorrect API key.", "invalid_api_key"), Next::Unauthorized, "Incorrect API key.");
    check(403, &said("No permission.", ""), Next::Unauthorized, "No permission.");
    let gemini = r#"[{"error":{"code":400,"message":"API key not valid.","status":"INVALID_ARGUMENT","details":[{"reason":"API_KEY_INVALID"}]}}]"#;
    check(400, gemini, Next::Unauthorized, "API key not valid.");
    let too_long = "The prompt and max_tokens exceed the context length.";
    check(403, &said(too_long, ""), Next::Rejected, too_long);
    let region = "Country, region, or territory not supported";
    check(403, &said(region, "unsupported_country_region_territory"), Next::Rejected, region);
    let flagged = "Your input was flagged.";
    check(403, &said(flagged, ""), Next::Rejected, flagged);
}

#[test]
fn another_request_is_needed_after_any_other_4xx() {
    check(
        404,
        r#"{"error":{"message":"The model `x` does not exist.","type":"invalid_request_error","code":"model_not_found"}}"#,
        Next::Rejected,
        "The model `x` does not exist.",
    );
    check(422, r#"{"detail":[{"loc":["body"],"msg":"one"},{"msg":"two"}]}"#, Next::Rejected, "one; two");
    check(
        422,
        r#"{"object":"error","message":{"detail":[{"loc":["body"],"msg":"one"}]},"type":"invalid_request_error"}"#,
        Next::Rejected,
        "one",
    );
    check(413, "Payload too large", Next::Rejected, "Payload too large");
    check(400, r#"{"object":"error","message":"Bad.","code":400}"#, Next::Rejected, "Bad.");
}

#[test]
fn a_server_that_says_whether_to_retry_is_believed() {
    let (yes, no) = ([("x-should-retry", "true")], [("x-should-retry", "false")]);
    check_with(&yes, 400, "odd", Next::Server, "odd");
    check_with(
        &yes,
        429,
        r#"{"error":{"message":"x","code":"insufficient_quota"}}"#,
        Next::Refused(Wait::Unsaid),
        "x",
    );
    check_with(&no, 500, "final", Next::Rejected, "final");
    check_with(&no, 429, "final", Next::OutOfQuota, "final");
    check_with(&no, 401, "key", Next::Unauthorized, "key");
}

#[test]
fn a_status_that_is_no_error_is_malformed() {
    let error = from_reply(&Head { status: 304, ..Head::default() }, "");
    let message = "the server answered with status 304 and no reason";
    assert_eq!(split(error), (Next::Malformed, None, message.to_string()));
}

/// Guards against reading every error after a 200 as the same.
#[test]
fn an_error_within_a_reply_counts_as_the_status_it_names() {
    let head = Head { status: 200, ..Head::default() };
    for (error, next, status) in [
        (r#"{"code":400,"message":"m"}"#, Next::Rejected, 400),
        (r#"{"code":"429","message":"m"}"#, Next::Refused(Wait::Unsaid), 429),
        (r#"{"status_code":400,"code":"tool_use_failed","message":"m"}"#, Next::Rejected, 400),
        (
            r#"{"message":"m","metadata":{"error_type":"rate_limit_exceeded"}}"#,
            Next::Refused(Wait::Unsaid),
            429,
        ),
        (r#"{"message":"m","type":"insufficient_quota"}"#, Next::OutOfQuota, 429),
        (r#"{"message":"m","type":"invalid_request_error"}"#, Next::Rejected, 400),
        (r#"{"message":"m","type":"overloaded_error"}"#, Next::Server, 529),
        (r#"{"message":"m"}"#, Next::Server, 500),
        (r#""m""#, Next::Server, 500),
    ] {
        let found = split(within_reply(&head, &format!(r#"{{"error":{error}}}"#)));
        assert_eq!(found, (next, Some(status), "m".to_string()), "{error}");
    }
}
