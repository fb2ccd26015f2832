//! What an API key may be.

use fanout::providers::key::ApiKey;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn check(pasted: &str, expected: Result<&str, &str>) {
    let key = ApiKey::new(pasted, "https://llm.example/v1");
    let key = key.map(|key| key.for_url("https://llm.example/v1/models").map(str::to_string));
    match expected {
        Ok(secret) => assert_eq!(key, Ok(Some(secret.to_string()))),
        Err(part) => assert!(key.as_ref().is_err_and(|sentence| sentence.contains(part)), "{key:?}"),
    }
}

#[test]
fn white_space_around_a_key_is_dropped() {
    check(" sk-abc\n", Ok("sk-abc"));
}

/// Guards against the exception that fetch throws for such a header.
#[test]
fn a_key_has_printable_ascii_only() {
    check("sk-…abc", Err("Character 4 "));
    check("sk-\u{7f}", Err("Character 4 "));
    check("Bearer sk", Err("Character 7 "));
    check("  ", Err("empty"));
}

#[test]
fn a_key_does_not_show_in_debug_output() {
    assert_eq!(
        ApiKey::new("sk-secret", "https://llm.example").map(|key| format!("{key:?}")),
        Ok("ApiKey".to_string())
    );
}

/// Guards against a key that goes to another server than the one it was typed in for.
#[test]
fn a_key_goes_to_its_origin_only() {
    let key = ApiKey::new("sk", "https://LLM.example:443/v1").expect("it is a key");
    for (url, goes) in [
        ("https://llm.example/v1/chat/completions", true),
        ("https://llm.example/other?x=1", true),
        ("http://llm.example/v1", false),
        ("https://llm.example:8443/v1", false),
        ("https://llm.example.evil/v1", false),
        ("https://llm.example@evil.example/v1", false),
        ("https://evil.example/https://llm.example/", false),
        ("//llm.example/v1", false),
        ("practice/v1", false),
        ("", false),
    ] {
        assert_eq!(key.for_url(url).is_some(), goes, "{url}");
    }
    assert!(ApiKey::new("sk", "llm.example/v1").is_err_and(|sentence| sentence.contains("Base URL")));
}
