//! What models cost, as list prices of one day: a start for the person's own numbers.
//!
//! Source: the providers' price pages, without discounts for cached input or off-peak hours.

use crate::engine::call::Usage;

/// The day of the prices.
pub const AS_OF: &str = "2026-11-23";

/// Nano-USD per token: 1 USD per million tokens is 1000.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Price {
    pub input_nano_usd: u64,
    pub output_nano_usd: u64,
}

impl Price {
    /// The cost of one attempt in nano-USD, as sure as its usage is.
    pub fn cost_nano_usd(self, usage: Usage) -> u64 {
        let input = self.input_nano_usd.saturating_mul(usage.input_tokens.into());
        let output = self.output_nano_usd.saturating_mul(usage.output_tokens.into());
        input.saturating_add(output)
    }
}

/// A model by the name its provider gives it, and its price.
pub const PRICES: [(&str, Price); 10] = [
    ("gpt-6-luna", price(100, 500)),
    ("gpt-6.1-terra", price(1_000, 5_000)),
    ("gpt-6.1-sol", price(2_000, 10_000)),
    // For prompts of up to 100,000 tokens; longer ones cost five times as much.
    ("claude-haiku-5.5", price(100, 500)),
    ("claude-sonnet-5.5", price(2_000, 10_000)),
    // Until 2026-12-31; then it doubles.
    ("gemini-3.8-flash", price(750, 3_750)),
    ("mistral-small-latest", price(150, 600)),
    ("deepseek-flash", price(300, 1_200)),
    ("openai/gpt-oss-20b", price(75, 300)),
    ("local", price(0, 0)),
];

/// The price of a model. None where it is not in the table, for unknown is not zero.
pub fn price_of(model: &str) -> Option<Price> {
    // One provider writes 5-5 where the others write 5.5.
    let spelled = |name: &str| name.trim().to_ascii_lowercase().replace('.', "-");
    let model = spelled(model);
    PRICES.iter().find(|(name, _)| spelled(name) == model).map(|(_, price)| *price)
}

const fn price(input_nano_usd: u64, output_nano_usd: u64) -> Price {
    Price { input_nano_usd, output_nano_usd }
}
