//! A key in an answer that comes in pieces.

use fanout::providers::key::ApiKey;
use fanout::providers::veil::Veil;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// Guards against a key of which a piece is shown before the rest is there, and against texts that are
/// held back for ever.
#[test]
fn what_may_be_the_key_is_held_back_until_it_is_known() {
    for (pieces, expected) in [
        (&["It is s", "k-sec", "ret.", "!"][..], &["It is ", "", "[key].", "!"][..]),
        (&["sk-secretsk-", "second"], &["[key]", "sk-second"]),
        (&["ss", "sk-secret"], &["s", "s[key]"]),
        (&["no", " key"], &["no", " key"]),
    ] {
        let key = ApiKey::new("sk-secret", "https://llm.example/v1").expect("a key");
        let mut veil = Veil::over(Some(key));
        let shown: Vec<String> = pieces.iter().map(|piece| veil.pass(piece)).collect();
        assert_eq!(shown, expected, "{pieces:?}");
    }
    assert_eq!(Veil::over(None).pass("sk-s"), "sk-s");
}
