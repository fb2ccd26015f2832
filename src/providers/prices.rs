//! What models cost, as list prices of one day: a start for the person's own numbers.
//!
//! Source: the providers' price pages, without discounts for off-peak hours and surcharges for very
//! long prompts.

use crate::engine::price::Price;

/// The day of the prices.
pub const AS_OF: &str = "2026-11-23";

/// A model by the name its provider gives it, and its price.
pub const PRICES: [(&str, Price); 26] = [
    ("gpt-6-luna", writing(100, 10, 500)),
    ("gpt-6-sol", writing(2_000, 200, 10_000)),
    ("gpt-6.1-terra", writing(1_000, 50, 5_000)),
    ("gpt-6.1-sol", writing(2_000, 100, 10_000)),
    ("gpt-6-astra", writing(10_000, 1_000, 50_000)),
    ("gpt-5.4-mini", price(750, 75, 4_500)),
    ("gpt-5.4-nano", price(200, 20, 1_250)),
    // For prompts of up to 100,000 tokens; longer ones cost five times as much.
    ("claude-haiku-5.5", writing(100, 10, 500)),
    ("claude-sonnet-5.5", writing(2_000, 100, 10_000)),
    ("claude-opus-5.5", writing(4_000, 200, 20_000)),
    ("claude-haiku-4.5", writing(1_000, 100, 5_000)),
    // Until 2026-12-31; then it doubles.
    ("gemini-3.8-flash", price(750, 75, 3_750)),
    ("gemini-3.5-flash-lite", price(300, 30, 2_500)),
    // Until 2026-11-30; then it doubles.
    ("gemini-4-argon", price(2_000, 100, 10_000)),
    ("gemini-2.5-flash", price(300, 30, 2_500)),
    ("gemini-2.5-flash-lite", price(100, 10, 400)),
    ("mistral-small-latest", price(150, 15, 600)),
    ("mistral-medium-3.5", price(1_500, 150, 7_500)),
    ("mistral-large-latest", price(500, 50, 1_500)),
    ("deepseek-flash", price(300, 6, 1_200)),
    ("deepseek-v4-pro", price(1_320, 44, 3_960)),
    // As Groq and Fireworks have them.
    ("openai/gpt-oss-20b", price(75, 38, 300)),
    ("openai/gpt-oss-120b", price(150, 75, 600)),
    ("accounts/fireworks/models/gpt-oss-20b", price(70, 35, 300)),
    ("accounts/fireworks/models/gpt-oss-120b", price(150, 15, 600)),
    ("local", price(0, 0, 0)),
];

/// The price of a model. None where it is not in the table, for unknown is not zero.
pub fn price_of(model: &str) -> Option<Price> {
    // One provider writes 5-5 where the others write 5.5.
    let spelled = |name: &str| name.trim().to_ascii_lowercase().replace('.', "-");
    let model = spelled(model);
    PRICES.iter().find(|(name, _)| spelled(name) == model).map(|(_, price)| *price)
}

/// Of a provider that charges for what it puts into its cache: a quarter more than for other input.
const fn writing(input_nano_usd: u64, cached_nano_usd: u64, output_nano_usd: u64) -> Price {
    let cache_write_nano_usd = input_nano_usd + input_nano_usd / 4;
    Price { cache_write_nano_usd, ..price(input_nano_usd, cached_nano_usd, output_nano_usd) }
}

const fn price(input_nano_usd: u64, cached_nano_usd: u64, output_nano_usd: u64) -> Price {
    Price { input_nano_usd, cached_nano_usd, cache_write_nano_usd: input_nano_usd, output_nano_usd }
}
