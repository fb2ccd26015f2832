//! What servers want differently.

use fanout::providers::dialect::{Dialect, Effort, Structure};
use fanout::providers::protocol::Protocol;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn check(base_url: &str, token_cap: &str, asks_for_usage: bool, structure: Structure) {
    let dialect = Dialect::of(Protocol::ChatCompletions, base_url, "m");
    let found = (dialect.token_cap, dialect.asks_for_usage, dialect.structure);
    assert_eq!(found, (token_cap, asks_for_usage, structure), "{base_url}");
}

#[test]
fn a_server_is_known_by_its_host() {
    check("https://api.openai.com/v1", "max_completion_tokens", true, Structure::Schema);
    check("https://api.groq.com/openai/v1", "max_completion_tokens", true, Structure::Schema);
    check("https://api.mistral.ai/v1", "max_tokens", false, Structure::Schema);
    check("https://api.deepseek.com", "max_tokens", true, Structure::Object);
    check("http://localhost:11434/v1", "max_tokens", true, Structure::Schema);
    check("https://api.openai.com.example/v1", "max_tokens", true, Structure::Schema);
    check("", "max_tokens", true, Structure::Schema);
}

#[test]
fn a_complaint_about_a_field_rewords_it_once() {
    let common = Dialect::of(Protocol::ChatCompletions, "http://localhost:8000/v1", "m");
    let new_cap =
        common.reworded("Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead.");
    assert_eq!(new_cap.map(|(dialect, _)| dialect.token_cap), Some("max_completion_tokens"));
    let no_usage = common.reworded("Unrecognized request argument supplied: stream_options");
    assert_eq!(no_usage, Some((Dialect { asks_for_usage: false, ..common }, "stream_options")));
    assert_eq!(no_usage.and_then(|(dialect, _)| dialect.reworded("stream_options")), None);
    let plain = common.reworded("This model does not support response format `json_schema`");
    assert_eq!(plain, Some((Dialect { structure: Structure::None, ..common }, "a JSON schema")));
    assert_eq!(plain.and_then(|(dialect, _)| dialect.reworded("response_format")), None);
    assert_eq!(common.reworded("The model `x` does not exist"), None);
}

/// Guards against taking every sentence with the field in it for one that does not know the field.
#[test]
fn a_limit_that_is_too_high_is_not_another_name_for_it() {
    let common = Dialect::of(Protocol::ChatCompletions, "http://localhost:8000/v1", "m");
    assert_eq!(common.reworded("max_tokens is too large: 9000. The most is 4096."), None);
}

#[test]
fn models_that_think_are_asked_to_think_little() {
    let effort = |protocol, base_url, model| Dialect::of(protocol, base_url, model).effort;
    assert_eq!(effort(Protocol::ChatCompletions, "https://api.openai.com/v1", "gpt-6-luna"), Effort::Low);
    assert_eq!(effort(Protocol::ChatCompletions, "https://api.openai.com/v1", "gpt-4.1"), Effort::Unsaid);
    assert_eq!(effort(Protocol::ChatCompletions, "http://localhost:1/v1", "gpt-6-luna"), Effort::Unsaid);
    assert_eq!(effort(Protocol::GenerateContent, "", "gemini-3.8-flash"), Effort::Low);
    assert_eq!(effort(Protocol::GenerateContent, "", "gemini-2.5-flash"), Effort::Unsaid);
    let mut dialect = Dialect::of(Protocol::Messages, "", "claude-opus-5-5");
    let mut efforts = vec![dialect.effort];
    while let Some((reworded, _)) = dialect.reworded("thinking: disabling it is not supported; use effort") {
        dialect = reworded;
        efforts.push(dialect.effort);
    }
    assert_eq!(efforts, [Effort::Off, Effort::Low, Effort::Unsaid]);
}
