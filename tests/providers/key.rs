//! What an API key may be.

use fanout::providers::key::ApiKey;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn check(pasted: &str, expected: Result<&str, &str>) {
    let key = ApiKey::new(pasted).map(|key| key.bearer());
    match expected {
        Ok(bearer) => assert_eq!(key.as_deref(), Ok(bearer)),
        Err(part) => assert!(key.as_ref().is_err_and(|sentence| sentence.contains(part)), "{key:?}"),
    }
}

#[test]
fn white_space_around_a_key_is_dropped() {
    check(" sk-abc\n", Ok("Bearer sk-abc"));
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
    assert_eq!(ApiKey::new("sk-secret").map(|key| format!("{key:?}")), Ok("ApiKey".to_string()));
}
