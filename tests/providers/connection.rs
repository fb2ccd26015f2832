//! What a connection check tells apart.

use fanout::providers::catalog::by_key;
use fanout::providers::connection::{Facts, Finding, Permission, Reply, find, is_private, tell};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn facts(base_url: &str) -> Facts {
    Facts {
        is_online: true,
        page_is_secure: true,
        page_origin: "https://fanout.example".to_string(),
        base_url: base_url.to_string(),
        ..Facts::default()
    }
}

fn replied(status: u16, n_models: Option<usize>, message: &str) -> Option<Reply> {
    Some(Reply { status, n_models, message: message.to_string() })
}

#[track_caller]
fn check(facts: Facts, expected: Finding) {
    assert_eq!(find(&facts), expected, "{facts:?}");
    let (sentence, _) = tell(expected, &facts, None);
    assert!(sentence.ends_with(['.', '”']) && sentence.len() > 20, "{sentence}");
}

const WEB: &str = "https://llm.example/v1";
const LOCAL: &str = "http://localhost:11434/v1";

#[test]
fn a_reply_says_what_is_the_matter() {
    for (status, n_models, has_key, message, finding) in [
        (200, Some(3), true, "", Finding::Works { n_models: 3 }),
        (200, Some(0), false, "", Finding::Works { n_models: 0 }),
        (200, None, true, "<html>", Finding::WrongPath),
        (401, None, true, "no", Finding::KeyRefused),
        (401, None, false, "no", Finding::KeyMissing),
        (403, None, true, "no", Finding::KeyRefused),
        (400, None, true, "API key not valid. Please pass a valid API key.", Finding::KeyRefused),
        (400, None, true, "bad", Finding::WorksWithoutList),
        (404, None, true, "no such route", Finding::WrongPath),
        (429, None, true, "slow down", Finding::OutOfQuota),
        (402, None, true, "pay", Finding::OutOfQuota),
        (503, None, true, "loading model", Finding::ServerFails),
    ] {
        check(Facts { has_key, reply: replied(status, n_models, message), ..facts(WEB) }, finding);
    }
}

/// Guards against one sentence for everything of which a browser says no more than "failed to fetch".
#[test]
fn silence_is_told_apart_as_far_as_can_be() {
    check(facts("llm.example"), Finding::NoAddress);
    check(Facts { is_online: false, ..facts(WEB) }, Finding::Offline);
    check(facts("http://llm.example/v1"), Finding::MixedContent);
    check(Facts { page_is_secure: false, ..facts("http://llm.example/v1") }, Finding::NothingListens);
    check(Facts { blocked_by_policy: true, ..facts("http://llm.example/v1") }, Finding::MixedContent);
    check(
        Facts { page_is_secure: false, blocked_by_policy: true, ..facts("http://llm.example/v1") },
        Finding::PolicyForbids,
    );
    check(Facts { blocked_by_policy: true, ..facts("http://192.168.1.5/v1") }, Finding::PolicyForbids);
    check(Facts { permission: Some(Permission::Denied), ..facts(LOCAL) }, Finding::NotPermitted);
    check(
        Facts { page_is_secure: false, permission: Some(Permission::Denied), ..facts(LOCAL) },
        Finding::PageNotSecure,
    );
    check(Facts { permission: Some(Permission::Granted), ..facts(LOCAL) }, Finding::NothingListens);
    check(Facts { is_online: false, ..facts(LOCAL) }, Finding::NothingListens);
    check(Facts { listens: true, ..facts(LOCAL) }, Finding::NoCors);
    check(
        Facts { listens: true, has_key: true, ..facts("https://api.openai.com/v1") },
        Finding::KeyProbablyRefused,
    );
    check(Facts { listens: true, has_key: true, ..facts(WEB) }, Finding::NoCors);
}

/// Guards against “start the server” where it is there and WebKit asked nobody.
#[test]
fn webkit_is_named_where_it_may_be_why_this_machine_is_silent() {
    for (page_is_secure, base_url, is_named) in
        [(true, LOCAL, true), (false, LOCAL, false), (true, WEB, false)]
    {
        let facts = Facts { page_is_secure, ..facts(base_url) };
        let (sentence, _) = tell(Finding::NothingListens, &facts, None);
        assert_eq!(sentence.contains("WebKit"), is_named, "{facts:?}: {sentence}");
    }
}

#[test]
fn a_local_server_comes_with_what_to_type() {
    for (key, part) in [
        ("ollama", "OLLAMA_ORIGINS=\"https://fanout.example\" ollama serve"),
        ("lm-studio", "lms server start --cors"),
        ("llama-cpp", "--cors-origins \"https://fanout.example\""),
        ("vllm", "--allowed-origins '[\"https://fanout.example\"]'"),
    ] {
        let provider = by_key(key).expect("it is in the catalog");
        let facts = Facts { listens: true, ..facts(provider.base_url) };
        let (_, commands) = tell(find(&facts), &facts, Some(provider));
        assert!(commands.iter().any(|command| command.text.contains(part)), "{commands:?}");
    }
}

#[test]
fn six_connections_are_named_where_they_are_the_limit() {
    let told = |base_url: &str| {
        let facts = Facts { reply: replied(200, Some(1), ""), ..facts(base_url) };
        tell(find(&facts), &facts, None).0
    };
    assert!(told(LOCAL).contains("at most six connections"));
    assert_eq!(told(WEB), "It works: llm.example lists 1 model.");
}

#[test]
fn an_address_of_this_machine_is_known() {
    for address in [
        LOCAL,
        "http://127.0.0.1:1/v1",
        "http://[::1]:8080/v1",
        "http://192.168.1.5/v1",
        "http://172.16.0.1/v1",
        "https://LOCALHOST/",
    ] {
        assert!(is_private(address), "{address}");
    }
    for address in [
        WEB,
        "http://10.evil.example/",
        "http://127.evil.example/",
        "http://172.32.0.1/",
        "http://localhost.evil.example/",
        "http://10.evil.example/",
        "http://127.evil.example/",
        "http://172.32.0.1/",
        "http://8.8.8.8/",
        "localhost",
        "",
    ] {
        assert!(!is_private(address), "{address}");
    }
}
