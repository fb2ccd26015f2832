//! A remote model in a run, against a scripted server in virtual time.

use std::rc::Rc;

use fanout::engine::call::{
    Answer, CallError, CallId, Certainty, Prompt, Request, Task, Usage, Wait, estimate_tokens,
};
use fanout::engine::clock::{MS, SECOND, VirtualClock};
use fanout::engine::draw::DrawKey;
use fanout::engine::limiter::core::Limits;
use fanout::engine::retry::{Jitter, RetryPolicy};
use fanout::engine::run::{CallResult, Run, RunView, Setup};
use fanout::engine::timeouts::Timeouts;
use fanout::engine::trace::What;
use fanout::providers::endpoint::Target;
use fanout::providers::key::ApiKey;
use fanout::providers::protocol::Protocol;
use fanout::providers::remote::Remote;
use fanout::providers::transport::{Head, TransportError};
use serde_json::{Value, json};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::scripted::{Scripted, Server};

const STREAM: &str = "text/event-stream; charset=utf-8";
pub const JSON: &str = "application/json";

pub fn settings() -> Target {
    Target {
        protocol: Protocol::ChatCompletions,
        base_url: "https://llm.example/v1/".to_string(),
        model: "m".to_string(),
        api_key: ApiKey::new("sk-secret", "https://llm.example").ok(),
        streaming: true,
    }
}

/// What one call came to.
pub struct Done {
    server: Rc<Server>,
    pub view: RunView,
    /// At how many ms the first part of the answer came, and the call ended.
    first_token_ms: Option<u64>,
    end_ms: u64,
}

impl Done {
    pub fn result(&self) -> CallResult {
        self.view.text(CallId(0)).and_then(|text| text.result.clone()).expect("the call ended")
    }

    fn partial(&self) -> String {
        self.view.text(CallId(0)).map(|text| text.partial().to_string()).expect("the call is there")
    }

    fn errors(&self) -> Vec<CallError> {
        self.view.text(CallId(0)).map(|text| text.errors().to_vec()).expect("the call is there")
    }
}

/// How long an answer that has begun may be silent.
const IDLE_MS: u64 = 600;

/// Makes one call, which may be tried twice, and stops it at `stop_ms`.
pub fn check(settings: Target, replies: Vec<Scripted>, stop_ms: Option<u64>) -> Done {
    let clock = VirtualClock::default();
    let server = Server::new(&clock, replies);
    let retry = RetryPolicy {
        max_attempts: 2,
        max_refusals: 1,
        base_us: 100 * MS,
        cap_us: SECOND,
        jitter: Jitter::None,
        budgeted: false,
    };
    let remote = Rc::new(Remote::new(settings, server.clone()));
    let setup = Setup::new(Rc::new(clock.clone()), remote, Limits::concurrent(std::num::NonZeroU32::MIN));
    let timeouts = Timeouts { attempt_us: Some(5 * SECOND), idle_us: Some(IDLE_MS * MS), ..Timeouts::NONE };
    let mut run = Run::new(Setup { retry, timeouts, ..setup });
    run.add_arm(1, 0, |arm| async move {
        let prompt = Prompt { system: "Be terse.".to_string(), user: "Summarise x.".to_string() };
        let request = Request {
            draws: DrawKey { seed: 1, item: 0, call: 0 },
            prompt,
            task: Task::Summary { document: "x".into() },
            input_tokens: 5,
            max_tokens: 50,
        };
        let _ = arm.call(0, request).await;
    });
    let view = run.view();
    if let Some(ms) = stop_ms {
        let stopper = view.clone();
        let sleep = fanout::engine::clock::Clock::sleep_until(&clock, ms * MS);
        run.add_arm(0, 0, |_| async move {
            sleep.await;
            stopper.stop();
        });
    }
    let view = run.finish(&clock).expect("it does not stall");
    let at = |wanted: fn(&What) -> bool| {
        view.trace().events().find(|event| wanted(&event.what)).map(|event| event.at_us / MS)
    };
    let first_token_ms = at(|what| matches!(what, What::FirstToken(_)));
    let end_ms = at(|what| what.end().is_some()).expect("it ended");
    Done { server, view, first_token_ms, end_ms }
}

fn chunk(text: &str) -> String {
    format!("data: {}\n\n", json!({"choices":[{"delta":{"content":text}}]}))
}

fn last_chunk() -> String {
    let usage = json!({"prompt_tokens":7,"completion_tokens":4});
    format!(
        "data: {}\n\ndata: [DONE]\n\n",
        json!({"choices":[{"delta":{},"finish_reason":"stop"}],"usage":usage})
    )
}

fn whole(text: &str) -> Scripted {
    let body = json!({"choices":[{"message":{"content":text},"finish_reason":"stop"}]}).to_string();
    Scripted::new(200, JSON, &[(5, &body)])
}

fn body_of(done: &Done, nth: usize) -> Value {
    serde_json::from_str(&done.server.requests.borrow()[nth].body).expect("it is JSON")
}

#[test]
fn a_streamed_answer_is_reported_and_read() {
    let parts = [(20, chunk("{\"summary\": ")), (30, chunk("\"Short.\"}")), (40, last_chunk())];
    let parts: Vec<(u64, &str)> = parts.iter().map(|(ms, text)| (*ms, text.as_str())).collect();
    let done = check(settings(), vec![Scripted::new(200, STREAM, &parts)], None);
    let reply = done.result().expect("it was served");
    assert_eq!(reply.answer, Answer::Summary { summary: "Short.".to_string() });
    assert_eq!(reply.text, "{\"summary\": \"Short.\"}");
    assert_eq!(reply.usage, Usage { input_tokens: 7, output_tokens: 4, ..Usage::default() });
    assert_eq!((done.first_token_ms, done.end_ms), (Some(30), 100));
    assert_eq!(body_of(&done, 0)["stream"], true);
}

/// Guards against waiting for an end of the connection that never comes.
#[test]
fn a_stream_is_over_when_the_server_says_so() {
    let parts = [(0, chunk("Hi")), (0, last_chunk()), (60_000, String::new())];
    let parts: Vec<(u64, &str)> = parts.iter().map(|(ms, text)| (*ms, text.as_str())).collect();
    let done = check(settings(), vec![Scripted::new(200, STREAM, &parts)], None);
    assert_eq!(done.end_ms, 10);
    assert_eq!(done.server.n_open(), 0);
}

#[test]
fn the_content_type_says_how_a_reply_is_read() {
    let done = check(settings(), vec![whole("Plain.")], None);
    let reply = done.result().expect("it was served");
    assert_eq!(reply.answer, Answer::Text("Plain.".to_string()));
    let body = chunk("Streamed.") + &last_chunk();
    let unasked = vec![Scripted::new(200, "Text/Event-Stream", &[(0, &body)])];
    let done = check(Target { streaming: false, ..settings() }, unasked, None);
    assert_eq!(done.result().expect("it was served").text, "Streamed.");
    assert_eq!(body_of(&done, 0)["stream"], false);
}

#[test]
fn usage_that_is_missing_is_estimated() {
    let done = check(settings(), vec![whole("Plain.")], None);
    let body = body_of(&done, 0);
    let words = |i: usize| estimate_tokens(body["messages"][i]["content"].as_str().expect("text"));
    let usage = done.result().expect("it was served").usage;
    assert_eq!(
        usage,
        Usage {
            input_tokens: words(0) + words(1),
            output_tokens: 2,
            certainty: Certainty::Estimated,
            ..Usage::default()
        }
    );
}

#[test]
fn a_request_goes_to_the_endpoint_with_few_headers() {
    let done = check(settings(), vec![whole("x")], None);
    let requests = done.server.requests.borrow();
    let request = requests.first().expect("it was sent");
    assert_eq!(request.url, "https://llm.example/v1/chat/completions");
    let headers: Vec<(&str, &str)> = request.headers.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    assert_eq!(headers, [("content-type", "application/json"), ("authorization", "Bearer sk-secret")]);
    let body = body_of(&done, 0);
    let system = body["messages"][0]["content"].as_str().expect("text");
    assert!(system.starts_with("Be terse.\n\nAnswer with one JSON object"), "{system}");
    let done = check(Target { api_key: None, ..settings() }, vec![whole("x")], None);
    assert_eq!(done.server.requests.borrow()[0].headers.len(), 1);
}

#[test]
fn a_base_url_may_end_in_a_slash_or_be_the_endpoint() {
    for base in [
        "https://a.b/v1",
        " https://a.b/v1/ ",
        "https://a.b/v1/chat/completions",
        "https://a.b/v1/chat/completions/",
    ] {
        assert_eq!(Protocol::ChatCompletions.url(base, "m", true), "https://a.b/v1/chat/completions");
    }
    assert_eq!(
        Protocol::ChatCompletions.url("https://a.b/v1?x=1", "m", true),
        "https://a.b/v1/chat/completions?x=1"
    );
}

#[test]
fn a_refusal_is_waited_for_as_its_header_says() {
    let mut refusal = Scripted::new(429, JSON, &[(0, r#"{"error":{"message":"Slow down."}}"#)]);
    refusal.head.as_mut().expect("a head").headers.push(("retry-after", "2".to_string()));
    let done = check(settings(), vec![refusal, whole("x")], None);
    let wait = Wait::Header { us: 2 * SECOND };
    assert_eq!(done.errors(), [CallError::Refused { status: 429, wait, message: "Slow down.".to_string() }]);
    assert_eq!(done.end_ms, 10 + 2000 + 15);
}

/// Guards against keys in errors that are shown, exported and shared.
#[test]
fn the_key_is_in_no_error() {
    let padding = "x".repeat(294);
    for (status, kind, body) in [
        (401, JSON, r#"{"error":{"message":"Incorrect API key: sk-secret"}}"#.to_string()),
        (400, "text/plain", format!("{padding} sk-secret")),
        (200, JSON, "no JSON but sk-secret".to_string()),
        (200, STREAM, "data: {\"error\":{\"code\":400,\"message\":\"sk-secret\"}}\n\n".to_string()),
        // JSON has other signs for the same letters.
        (401, JSON, r#"{"error":{"message":"Incorrect API key: \u0073k-secret"}}"#.to_string()),
    ] {
        let done = check(settings(), vec![Scripted::new(status, kind, &[(0, &body)])], None);
        let error = format!("{:?}", done.errors());
        assert!(!error.contains("sk-s"), "{error}");
    }
}

/// Guards against a server that answers with the key, whole or in pieces of a stream: answers are shown,
/// stored and given out.
#[test]
fn the_key_is_in_no_answer() {
    let pieces = format!("{}{}{}{}", chunk("It is s"), chunk("k-sec"), chunk("ret, sk-sea"), last_chunk());
    for reply in [whole("It is sk-secret, sk-sea"), Scripted::new(200, STREAM, &[(0, &pieces)])] {
        let done = check(settings(), vec![reply], None);
        assert_eq!(done.result().map(|reply| reply.text.clone()), Ok("It is [key], sk-sea".to_string()));
        assert!(!done.partial().contains("sk-sec"), "{}", done.partial());
    }
    let broken = check(settings(), vec![Scripted::new(200, STREAM, &[(0, &chunk("It is sk-secret"))])], None);
    assert!(!format!("{:?}", broken.errors()).contains("sk-s"), "{:?}", broken.errors());
}

/// Guards against a page that hangs over a reply without an end.
#[test]
fn a_reply_that_does_not_end_is_given_up() {
    let much = "x".repeat(600_000);
    let (part, comment) = (chunk(&much), format!(": {much}\n\n"));
    let ten = |body: &str| Scripted::new(200, STREAM, &[(1, body); 20]);
    let long = whole(&much.repeat(2));
    for reply in [ten(&part), ten(&comment), long, Scripted::new(200, JSON, &[(1, much.as_str()); 20])] {
        let done = check(settings(), vec![reply], None);
        assert!(format!("{:?}", done.result()).contains("longer than any answer"), "{:?}", done.errors());
    }
    // Of an error the beginning is read.
    let endless = format!("Wrong key. {much}");
    let done = check(settings(), vec![Scripted::new(401, "text/plain", &[(1, endless.as_str()); 20])], None);
    assert!(
        matches!(&done.errors()[..], [CallError::Unauthorized { message, .. }] if message.starts_with("Wrong key."))
    );
}

/// Guards against a server that gives the key back among its headers, which the inspector shows.
#[test]
fn the_head_of_a_reply_is_kept_without_the_key() {
    let mut reply = whole("ok");
    reply.head = Ok(Head {
        status: 200,
        headers: vec![("content-type", JSON.to_string())],
        readable: "x-request-id: 7\nx-you-sent: Bearer sk-secret\n".to_string(),
        wall_ms: 0,
    });
    let done = check(settings(), vec![reply], None);
    let heads = done.view.text(CallId(0)).map(|text| text.heads().to_vec()).expect("the call is there");
    let [(0, head)] = &heads[..] else { panic!("one head of the first attempt: {heads:?}") };
    assert!(head.starts_with("200\nx-request-id: 7\n") && !head.contains("sk-s"), "{head}");
}

#[test]
fn an_answer_that_breaks_off_keeps_what_had_arrived() {
    let broken = || TransportError::Interrupted { message: "The connection broke.".to_string() };
    let mut begun = Scripted::new(200, STREAM, &[(0, &chunk("Half"))]);
    begun.body.push((50, Err(broken())));
    let done = check(settings(), vec![begun], None);
    assert_eq!(done.errors(), [CallError::Truncated { partial: "Half".to_string() }]);
    assert_eq!(done.partial(), "Half");
    // Nothing to keep: it is tried again.
    for kind in [STREAM, JSON] {
        let mut silent = Scripted::new(200, kind, &[]);
        silent.body.push((50, Err(broken())));
        let done = check(settings(), vec![silent, whole("x")], None);
        assert_eq!(done.errors(), [CallError::Unreachable { message: "The connection broke.".to_string() }]);
        assert!(done.result().is_ok());
    }
    // Only the usage is missing: the answer is whole.
    let end =
        format!("data: {}\n\n", json!({"choices":[{"delta":{"content":"Whole"},"finish_reason":"stop"}]}));
    let mut complete = Scripted::new(200, STREAM, &[(0, &end)]);
    complete.body.push((50, Err(broken())));
    let done = check(settings(), vec![complete], None);
    assert_eq!(done.result().expect("it was served").usage.certainty, Certainty::Estimated);
}

#[test]
fn a_server_that_cannot_be_reached_is_tried_again_and_a_bad_address_is_not() {
    let message = "No answer.".to_string();
    let gone = Scripted {
        head_ms: 5,
        head: Err(TransportError::Unreachable { message: message.clone() }),
        body: Vec::new(),
    };
    let done = check(settings(), vec![gone, whole("x")], None);
    assert_eq!(done.errors(), [CallError::Unreachable { message: message.clone() }]);
    assert!(done.result().is_ok());
    let unsent = Scripted {
        head_ms: 0,
        head: Err(TransportError::NotSent { message: message.clone() }),
        body: Vec::new(),
    };
    let done = check(settings(), vec![unsent], None);
    assert_eq!(done.errors(), [CallError::Rejected { status: 0, message }]);
}

#[test]
fn a_field_the_server_does_not_take_is_left_out_from_then_on() {
    let complaint = |field: &str| {
        let body = json!({"error":{"message":format!("Unsupported parameter: '{field}'"),"param":field}});
        Scripted::new(400, JSON, &[(0, &body.to_string())])
    };
    let replies =
        vec![complaint("max_tokens"), complaint("response_format"), complaint("stream_options"), whole("x")];
    let done = check(settings(), replies, None);
    assert!(done.result().is_ok());
    assert_eq!(done.errors(), [], "it is still one attempt");
    let last = body_of(&done, 3);
    assert_eq!(last["max_completion_tokens"], 50);
    for field in ["max_tokens", "response_format", "stream_options"] {
        assert_eq!(last.get(field), None);
    }
    let stubborn = (0..5).map(|n| complaint(["max_tokens", "max_completion_tokens"][n % 2])).collect();
    let done = check(settings(), stubborn, None);
    assert!(matches!(done.errors()[..], [CallError::Rejected { status: 400, .. }]));
}

/// Guards against answers that go on being written, and billed, after Stop.
#[test]
fn a_stopped_call_closes_its_connection() {
    let parts = [(20, chunk("Half")), (500, last_chunk())];
    let parts: Vec<(u64, &str)> = parts.iter().map(|(ms, text)| (*ms, text.as_str())).collect();
    let done = check(settings(), vec![Scripted::new(200, STREAM, &parts)], Some(100));
    assert_eq!(done.end_ms, 100);
    assert_eq!(done.server.n_open(), 0);
    assert_eq!(done.partial(), "Half");
}

fn streamed(parts: &[(u64, &str)]) -> Done {
    check(settings(), vec![Scripted::new(200, STREAM, parts)], None)
}

/// Guards against an answer given up as stalled while its server says that it is still at it.
#[test]
fn keep_alives_keep_an_answer_that_has_begun() {
    let (begun, end) = (chunk("Half"), last_chunk());
    let alive = ": keep-alive\n\n";
    let done = streamed(&[(20, &begun), (400, alive), (400, alive), (400, alive), (400, &end)]);
    assert!(done.result().is_ok(), "{:?}", done.result());
    let done = streamed(&[(20, &begun), (1600, &end)]);
    assert!(matches!(done.errors()[..], [CallError::Stalled { .. }]), "{:?}", done.errors());
}

/// Guards against a first token that is none: a comment is no word, a thought is one.
#[test]
fn a_model_begins_with_its_first_thought_and_not_with_a_comment() {
    let thought = format!("data: {}\n\n", json!({"choices":[{"delta":{"reasoning_content":"Hm."}}]}));
    let (text, end) = (chunk("Oslo"), last_chunk());
    let done = streamed(&[(20, ": PROCESSING\n\n"), (30, &thought), (40, &text), (50, &end)]);
    assert_eq!(done.first_token_ms, Some(10 + 20 + 30));
}

/// Guards against a connection that is closed at the last word, and against one that is read past its end.
#[test]
fn a_body_is_let_end_where_the_server_said_that_it_is_over() {
    let end = last_chunk();
    assert_eq!(streamed(&[(20, &chunk("Oslo")), (30, &end)]).server.n_let_end.get(), 1);
    let without_done = end.replace("data: [DONE]\n\n", "");
    assert_eq!(streamed(&[(20, &chunk("Oslo")), (30, &without_done)]).server.n_let_end.get(), 0);
}
