//! Keys by origin, and what of them is stored.

use fanout::providers::keyring::Keyring;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const ONE: &str = "https://one.example/v1";
const OTHER: &str = "https://other.example/v1";

/// Guards against a key that comes along when the address is changed.
#[test]
fn a_key_is_there_for_its_own_origin_only() {
    let mut keys = Keyring::default();
    keys.set_typed(ONE, "sk-1".to_string());
    assert_eq!(keys.typed("https://ONE.example:443/other/path"), "sk-1");
    for elsewhere in [OTHER, "http://one.example/v1", "https://one.example:444/v1", "one.example", ""] {
        assert_eq!(keys.typed(elsewhere), "", "{elsewhere}");
        assert_eq!(keys.key(elsewhere), Ok(None));
    }
    keys.set_typed(OTHER, "sk-2".to_string());
    assert_eq!((keys.typed(ONE), keys.typed(OTHER)), ("sk-1", "sk-2"));
    assert!(keys.origins().eq(["https://one.example", "https://other.example"]));
}

/// Guards against a key that one tab forgets and another one writes back.
#[test]
fn what_another_tab_stores_or_forgets_holds_here_too() {
    let mut keys = Keyring::default();
    for (base_url, is_remembered) in [(ONE, true), (OTHER, false)] {
        keys.set_typed(base_url, "sk-here".to_string());
        keys.set_remembered(base_url, is_remembered);
    }
    keys.follow("");
    assert_eq!((keys.typed(ONE), keys.typed(OTHER), keys.stored()), ("", "sk-here", None));
    keys.follow(r#"{"https://one.example":"sk-there"}"#);
    assert_eq!((keys.typed(ONE), keys.typed(OTHER), keys.is_remembered(ONE)), ("sk-there", "sk-here", true));
    keys.follow(r#"{"https://other.example":"sk-there"}"#);
    assert_eq!((keys.typed(ONE), keys.typed(OTHER)), ("", "sk-there"), "what is stored counts more");
}

/// Guards against storing what nobody asked to be stored.
#[test]
fn only_what_is_to_be_remembered_is_stored() {
    let mut keys = Keyring::default();
    keys.set_typed(ONE, "sk-1".to_string());
    assert_eq!(keys.stored(), None);
    keys.set_remembered(OTHER, true);
    assert_eq!(keys.stored(), None, "there is no key yet");
    keys.set_typed(OTHER, "sk-\"2".to_string());
    let stored = keys.stored().expect("one is remembered");
    assert!(!stored.contains("sk-1") && stored.contains("sk-"), "{stored}");
    let restored = Keyring::restored(&stored);
    assert_eq!((restored.typed(ONE), restored.typed(OTHER)), ("", "sk-\"2"));
    assert!(restored.is_remembered(OTHER));
    keys.set_remembered(OTHER, false);
    assert_eq!(keys.stored(), None);
    let mut restored = restored;
    restored.forget_all();
    assert_eq!((restored.stored(), restored.typed(OTHER)), (None, ""));
}

#[test]
fn what_cannot_be_read_is_no_key() {
    for text in ["", "{", "[]", "3", r#"{"https://one.example":7}"#, r#"{"https://one.example":null}"#] {
        assert_eq!(Keyring::restored(text).typed(ONE), "", "{text}");
    }
}

#[test]
fn a_key_that_cannot_be_one_is_named_and_not_repeated() {
    let mut keys = Keyring::default();
    keys.set_typed(ONE, "sk two".to_string());
    let sentence = keys.key(ONE).expect_err("it has a space");
    assert!(sentence.contains("Character 3") && !sentence.contains("two"), "{sentence}");
}
