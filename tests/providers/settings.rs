//! What this browser is set to.

use fanout::engine::price::Price;
use fanout::providers::catalog::PROVIDERS;
use fanout::providers::keyring::Keyring;
use fanout::providers::models::Listed;
use fanout::providers::protocol::Protocol;
use fanout::providers::settings::{Answerer, Choice, Settings};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn with(change: impl FnOnce(&mut Settings)) -> Settings {
    let mut settings = Settings::default();
    change(&mut settings);
    settings
}

#[test]
fn without_a_word_the_practice_server_answers() {
    assert_eq!(Settings::default().answerer(), Ok(Answerer::Practice));
}

#[test]
fn every_provider_brings_its_address_and_is_found_by_it() {
    for provider in PROVIDERS.iter().filter(|provider| !provider.base_url.is_empty()) {
        let chosen = with(|settings| settings.choose(provider.key));
        assert_eq!((chosen.base_url.as_str(), chosen.model.as_str()), (provider.base_url, provider.model));
        let typed = with(|settings| settings.set_base_url(format!(" {}/ ", provider.base_url)));
        assert_eq!(typed.provider, Choice::Provider(provider));
    }
}

/// Guards against a password that is stored with the address, and against addresses that only look like one.
#[test]
fn an_address_that_cannot_be_called_is_told_apart() {
    for (base_url, part) in [
        ("http://me:passw0rd@llm.example/v1", "a user name or a password"),
        ("https://me@llm.example", "a user name or a password"),
        ("https://llm.example/v1#models", "before its “#”"),
        ("http://127.0.0.1:99999/v1", "is no address"),
        ("llm.example/v1", "is no address"),
    ] {
        let typed = with(|settings| {
            settings.choose("openai");
            settings.set_base_url(base_url.to_string());
        });
        let sentence = typed.answerer().expect_err("it cannot be called");
        assert!(sentence.contains(part) && !sentence.contains("passw0rd"), "{sentence}");
        assert!(!typed.stored().contains("passw0rd"));
    }
}

/// Guards against a protocol that changes when only the address is another one, such as a proxy's.
#[test]
fn an_address_of_ones_own_keeps_the_protocol() {
    let proxied = with(|settings| {
        settings.choose("anthropic");
        settings.set_base_url("http://127.0.0.1:4010/v1".to_string());
    });
    assert_eq!(proxied.provider.protocol(), Protocol::Messages);
    let own = with(|settings| settings.set_base_url("http://127.0.0.1:4010/v1".to_string()));
    assert_eq!(own.provider.key(), "custom");
    let unset = with(|settings| settings.set_base_url(" ".to_string()));
    assert_eq!(unset.provider, Choice::Practice);
}

#[test]
fn what_is_missing_is_named() {
    let check = |base_url: &str, model: &str, key: &str, part: &str| {
        let settings = with(|settings| {
            settings.choose("custom");
            settings.base_url = base_url.to_string();
            settings.model = model.to_string();
            settings.keys.set_typed(base_url, key.to_string());
        });
        let sentence = settings.answerer().expect_err("something is missing");
        assert!(sentence.contains(part), "{sentence}");
    };
    check("", "m", "", "needs a Base URL");
    check("llm.example/v1", "m", "", "https:// or http://");
    check("https://llm.example/v1", " ", "", "name of a model");
    check("https://llm.example/v1", "m", "sk …", "Character 3");
}

/// Guards against keys among the settings, and against settings that are lost with the page.
#[test]
fn what_is_stored_comes_back_without_keys() {
    let settings = with(|settings| {
        settings.choose("mistral");
        settings.model = "my \"own\"".to_string();
        settings.keys.set_typed("https://api.mistral.ai", "sk-secret".to_string());
        settings.keys.set_remembered("https://api.mistral.ai", true);
        settings.streaming = false;
        settings.ask_above = "1.5".to_string();
        settings.prices[0].input = "7".to_string();
    });
    let stored = settings.stored();
    assert!(!stored.contains("sk-secret"), "{stored}");
    let restored = Settings::restored(&stored, settings.keys.clone());
    assert!(restored == settings, "{stored}");
    for text in ["", "{", "[]", r#"{"provider":"nobody","base_url":"https://evil.example","prices":[7]}"#] {
        assert_eq!(Settings::restored(text, Keyring::default()).answerer(), Ok(Answerer::Practice), "{text}");
    }
}

#[test]
fn a_price_is_the_persons_own_then_the_endpoints_then_ours() {
    let price = |input, cached, written, output| {
        Some(Price {
            input_nano_usd: input,
            cached_nano_usd: cached,
            cache_write_nano_usd: written,
            output_nano_usd: output,
        })
    };
    let mut settings = Settings::default();
    assert_eq!(settings.price_of("gpt-6-luna"), price(100, 10, 125, 500));
    let row = &mut settings.prices[0];
    assert_eq!(row.model, "gpt-6-luna");
    (row.input, row.cached) = ("0.2".to_string(), String::new());
    assert_eq!(settings.price_of(" GPT-6-luna"), price(200, 200, 250, 500));
    settings.prices[0].input = "cheap".to_string();
    assert_eq!(settings.price_of("gpt-6-luna"), None, "what cannot be read is not nothing");
    settings.listed.push(Listed { name: "listed".to_string(), price: price(1, 1, 1, 2) });
    assert_eq!(settings.price_of("listed"), price(1, 1, 1, 2));
    assert_eq!(settings.price_of("nobody-knows"), None);
}

#[test]
fn a_threshold_that_cannot_be_read_asks_about_everything() {
    for (typed, nano_usd) in
        [("0.05", 50_000_000), ("2", 2_000_000_000), ("", 0), ("much", 0), (".5", 500_000_000)]
    {
        assert_eq!(with(|settings| settings.ask_above = typed.to_string()).ask_above_nano_usd(), nano_usd);
    }
}

/// Guards against a budget that cannot be kept, or a cost that is not known, where nobody is paid.
#[test]
fn what_this_browser_answers_itself_costs_nothing() {
    for key in ["practice", "built-in"] {
        assert_eq!(with(|settings| settings.choose(key)).price(), Some(Price::default()), "{key}");
    }
    assert_eq!(with(|settings| settings.choose("custom")).price(), None);
    assert_eq!(
        with(|settings| settings.choose("openai")).price(),
        Settings::default().price_of("gpt-6-luna")
    );
}
