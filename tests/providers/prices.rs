//! Prices and what they come to.

use fanout::engine::call::{Certainty, Usage};
use fanout::providers::prices::{PRICES, Price, price_of};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn check(model: &str, expected: Option<(u64, u64)>) {
    let expected =
        expected.map(|(input_nano_usd, output_nano_usd)| Price { input_nano_usd, output_nano_usd });
    assert_eq!(price_of(model), expected, "{model}");
}

#[test]
fn a_model_is_found_by_its_name_in_either_spelling() {
    check("gpt-6-luna", Some((100, 500)));
    check("claude-sonnet-5.5", Some((2000, 10_000)));
    check("claude-sonnet-5-5", Some((2000, 10_000)));
    check(" OpenAI/gpt-oss-20b ", Some((75, 300)));
    check("local", Some((0, 0)));
}

/// Guards against showing a guess, or nothing to pay, where the price is not known.
#[test]
fn an_unknown_model_has_no_price() {
    check("gpt-6", None);
    check("gpt-6-luna-pro", None);
    check("", None);
}

#[test]
fn a_cost_is_tokens_times_price() {
    let usage = Usage { input_tokens: 19, output_tokens: 3, certainty: Certainty::Known };
    assert_eq!(price_of("gpt-6-luna").map(|price| price.cost_nano_usd(usage)), Some(19 * 100 + 3 * 500));
    let most = Usage { input_tokens: u32::MAX, output_tokens: u32::MAX, certainty: Certainty::Known };
    for (model, price) in PRICES {
        assert_eq!(price.cost_nano_usd(most) == 0, model == "local");
    }
}
