//! What servers want differently.

use fanout::providers::dialect::{Dialect, Structure};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn check(base_url: &str, token_cap: &str, asks_for_usage: bool, structure: Structure) {
    let dialect = Dialect::of(base_url);
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
    let common = Dialect::of("http://localhost:8000/v1");
    let new_cap =
        common.reworded("Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead.");
    assert_eq!(new_cap.map(|dialect| dialect.token_cap), Some("max_completion_tokens"));
    let no_usage = common.reworded("Unrecognized request argument supplied: stream_options");
    assert_eq!(no_usage, Some(Dialect { asks_for_usage: false, ..common }));
    assert_eq!(no_usage.and_then(|dialect| dialect.reworded("stream_options")), None);
    let plain = common.reworded("This model does not support response format `json_schema`");
    assert_eq!(plain, Some(Dialect { structure: Structure::None, ..common }));
    assert_eq!(plain.and_then(|dialect| dialect.reworded("response_format")), None);
    assert_eq!(common.reworded("The model `x` does not exist"), None);
}
