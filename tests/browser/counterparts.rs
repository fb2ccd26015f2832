//! The three patterns against servers that nobody here wrote, in three protocols.

use serde_json::{Value as Json, json};

use crate::counterpart::Counterpart;
use crate::page::Page;
use crate::scenario::scenario;
use crate::site::Site;

/// A provider as Settings names it, and where aimock speaks its protocol.
const OPENAI: (&str, &str) = ("OpenAI", "/v1");
const ANTHROPIC: (&str, &str) = ("Anthropic", "/v1");
const GEMINI: (&str, &str) = ("Google Gemini", "/v1beta");
const OLLAMA: (&str, &str) = ("Ollama", "");

/// Cut after four pieces, which in every protocol are past its beginning and before its end.
const LONG: &str = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen \
                    sixteen seventeen eighteen nineteen twenty";

fn says(part: &str, content: &str) -> Json {
    // Each protocol has its own names for the same numbers.
    let usage = json!({
        "prompt_tokens": 20, "completion_tokens": 7, "input_tokens": 20, "output_tokens": 7,
        "promptTokenCount": 20, "candidatesTokenCount": 7
    });
    json!({"match": {"userMessage": part}, "response": {"content": content, "usage": usage}})
}

fn fails(part: &str, status: u16, message: &str, kind: &str) -> Json {
    json!({
        "match": {"userMessage": part},
        "response": {"error": {"message": message, "type": kind}, "status": status, "retryAfter": 1}
    })
}

fn fixtures() -> Json {
    json!([
        fails("SECTION Denied", 401, "No such key.", "authentication_error"),
        fails("SECTION Limited", 429, "Too many requests.", "rate_limit_error"),
        fails("SECTION Overloaded", 529, "Overloaded.", "overloaded_error"),
        {"match": {"userMessage": "SECTION Slow"}, "response": {"content": "It came in the end."},
            "streamingProfile": {"ttft": 600, "tps": 40}},
        {"match": {"userMessage": "SECTION Cut"}, "response": {"content": LONG},
            "latency": 60, "truncateAfterChunks": 4},
        {"match": {"userMessage": "SECTION Broken"}, "response": {"content": "x"}, "chaos": {"malformedRate": 1}},
        says("SYNTHESIS", "All rivers, merged."),
        says("REDUCE", "All leaves, reduced."),
        says("SECTION", "The text on it."),
        says("VOTE", "Oslo"),
        says("MAP", "A short leaf."),
    ])
}

/// The page, set to a provider whose address is another one.
async fn page(provider: (&str, &str), server: &Counterpart, scenario: &Json, streams: bool) -> Page {
    let site = Site::start().await;
    let page = Page::open(&site.url).await;
    page.wait_for_state("done").await;
    page.open_scenario(scenario).await;
    page.click("Settings").await;
    page.select("Provider", provider.0).await;
    page.click("Done").await;
    page.set_endpoint(&format!("{}{}", server.origin, provider.1), streams).await;
    page.choose_live().await;
    page
}

async fn three_patterns(provider: (&str, &str), streams: bool) {
    let server = Counterpart::aimock(fixtures()).await;
    let page = page(provider, &server, &scenario(), streams).await;
    page.run_all_live().await;
    page.wait_for_end("done").await;
    for (arm, part) in
        [("sectioning", "All rivers, merged."), ("voting", "Oslo"), ("map-reduce", "All leaves, reduced.")]
    {
        let outcome = page.arm(arm).outcome().await;
        assert!(outcome.contains(part), "{arm}: {outcome}");
    }
    // Seven sections and their synthesis, each of 20 tokens and 7.
    for (name, tokens) in [("input-tokens", 7 * 20), ("output-tokens", 7 * 7)] {
        let metric = page.arm("sectioning").metric(name).await;
        match provider {
            // What aimock counts there is always 0.
            OLLAMA => assert_eq!(metric.certainty, "estimated", "{name}"),
            _ => assert_eq!(
                (metric.value, metric.certainty),
                (tokens.to_string(), "known".to_string()),
                "{name}"
            ),
        }
    }
}

async fn trouble(provider: (&str, &str), streams: bool) {
    let server = Counterpart::aimock(fixtures()).await;
    let mut scenario = scenario();
    let names = ["Fine", "Denied", "Limited", "Overloaded", "Slow", "Cut", "Broken"];
    scenario["sectioning"]["sections"] =
        names.iter().map(|name| json!({"name": name, "brief": ""})).collect();
    scenario["limits"]["attempts"] = json!(2);
    scenario["retries"] = json!({"refusals": 1, "base_ms": 100});
    let page = page(provider, &server, &scenario, streams).await;
    let arm = page.arm("sectioning");
    arm.run_live().await;
    let broke_off = if streams { "broke off after" } else { "nineteen twenty" };
    for (i, part) in [
        "The text on it.",
        "The key was not accepted (401): “No such key.”",
        "Refused by the provider’s limit (429",
        "The server failed (529): “Overloaded.”",
        "It came in the end.",
        broke_off,
        "could not be read",
    ]
    .iter()
    .enumerate()
    {
        let result = arm.result(&format!("section-{}", i + 1)).await.unwrap();
        assert!(result.contains(part), "{}: {result}", names[i]);
    }
    let outcome = arm.outcome().await;
    assert!(outcome.contains("Missing: ") && outcome.contains("Denied"), "{outcome}");
}

#[tokio::test]
async fn openai_whole() {
    three_patterns(OPENAI, false).await;
    trouble(OPENAI, false).await;
}

#[tokio::test]
async fn openai_streamed() {
    three_patterns(OPENAI, true).await;
    trouble(OPENAI, true).await;
}

#[tokio::test]
async fn anthropic_whole() {
    three_patterns(ANTHROPIC, false).await;
    trouble(ANTHROPIC, false).await;
}

#[tokio::test]
async fn anthropic_streamed() {
    three_patterns(ANTHROPIC, true).await;
    trouble(ANTHROPIC, true).await;
}

#[tokio::test]
async fn gemini_whole() {
    three_patterns(GEMINI, false).await;
    trouble(GEMINI, false).await;
}

#[tokio::test]
async fn gemini_streamed() {
    three_patterns(GEMINI, true).await;
    trouble(GEMINI, true).await;
}

/// Guards against “failed to fetch” as all there is to say.
#[tokio::test]
async fn a_server_that_lets_no_page_in_is_said_to_do_so() {
    let server = Counterpart::mock_llm().await;
    let page = page(OPENAI, &server, &scenario(), true).await;
    let arm = page.arm("voting");
    arm.run_live().await;
    let result = arm.result("voter-1").await.unwrap();
    assert!(result.contains("does not allow pages from other origins (CORS)"), "{result}");
}

#[tokio::test]
async fn ollama_whole() {
    three_patterns(OLLAMA, false).await;
    trouble(OLLAMA, false).await;
}

#[tokio::test]
async fn ollama_streamed() {
    three_patterns(OLLAMA, true).await;
    trouble(OLLAMA, true).await;
}
