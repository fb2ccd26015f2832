//! Prices and what they come to.

use fanout::engine::call::Usage;
use fanout::providers::prices::{PRICES, price_of};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// A model's price for input, cached input, input that is cached anew, and output.
fn check(model: &str, expected: Option<[u64; 4]>) {
    let found = price_of(model).map(|price| {
        [price.input_nano_usd, price.cached_nano_usd, price.cache_write_nano_usd, price.output_nano_usd]
    });
    assert_eq!(found, expected, "{model}");
}

#[test]
fn a_model_is_found_by_its_name_in_either_spelling() {
    check("gpt-6-luna", Some([100, 10, 125, 500]));
    check("claude-sonnet-5.5", Some([2_000, 100, 2_500, 10_000]));
    check("claude-sonnet-5-5", Some([2_000, 100, 2_500, 10_000]));
    check(" OpenAI/gpt-oss-20b ", Some([75, 38, 75, 300]));
    check("local", Some([0, 0, 0, 0]));
}

/// Guards against showing a guess, or nothing to pay, where the price is not known.
#[test]
fn an_unknown_model_has_no_price() {
    check("gpt-6", None);
    check("gpt-6-luna-pro", None);
    check("", None);
}

/// Guards against paying twice for tokens that are part of others.
#[test]
fn a_cost_is_tokens_times_price() {
    let usage = Usage { input_tokens: 19, output_tokens: 3, reasoning_tokens: 2, ..Usage::default() };
    let price = price_of("gpt-6-luna").expect("it has one");
    assert_eq!(price.cost_nano_usd(usage), 19 * 100 + 3 * 500);
    let cached = Usage { cached_tokens: 10, cache_write_tokens: 4, ..usage };
    assert_eq!(price.cost_nano_usd(cached), 5 * 100 + 10 * 10 + 4 * 125 + 3 * 500);
    assert_eq!(price.cost_nano_usd(Usage { cost_nano_usd: Some(7), ..cached }), 7);
    assert_eq!(price.cost_nano_usd(Usage { cached_tokens: 99, ..usage }), 99 * 10 + 3 * 500);
}

#[test]
fn nothing_costs_more_than_its_most() {
    for (model, price) in PRICES {
        for (cached_tokens, cache_write_tokens) in [(0, 0), (19, 0), (0, 19), (9, 10)] {
            let usage = Usage {
                input_tokens: 19,
                cached_tokens,
                cache_write_tokens,
                output_tokens: 3,
                ..Usage::default()
            };
            assert!(price.cost_nano_usd(usage) <= price.most_nano_usd(19, 3), "{model}");
        }
        let most = price.most_nano_usd(u32::MAX, u32::MAX);
        assert_eq!(most == 0, model == "local");
    }
}
