//! What tokens cost.

use super::call::Usage;

/// Billionths of a US dollar per token: 1 USD per million tokens is 1000.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Price {
    pub input_nano_usd: u64,
    /// For input that the provider had in its cache.
    pub cached_nano_usd: u64,
    /// For input that it puts into its cache.
    pub cache_write_nano_usd: u64,
    pub output_nano_usd: u64,
}

impl Price {
    /// What an attempt cost, in nano-USD: what the server says, or what its tokens come to.
    pub fn cost_nano_usd(self, usage: Usage) -> u64 {
        let Usage { input_tokens, cached_tokens, cache_write_tokens, output_tokens, .. } = usage;
        let times = |tokens: u32, price: u64| price.saturating_mul(tokens.into());
        let plain = input_tokens.saturating_sub(cached_tokens).saturating_sub(cache_write_tokens);
        let sum = [
            times(plain, self.input_nano_usd),
            times(cached_tokens, self.cached_nano_usd),
            times(cache_write_tokens, self.cache_write_nano_usd),
            times(output_tokens, self.output_nano_usd),
        ];
        usage.cost_nano_usd.unwrap_or_else(|| sum.into_iter().fold(0, u64::saturating_add))
    }

    /// What an attempt of so many tokens can cost at most.
    pub fn most_nano_usd(self, input_tokens: u32, output_tokens: u32) -> u64 {
        let input = self.cache_write_nano_usd.max(self.input_nano_usd).max(self.cached_nano_usd);
        let input = input.saturating_mul(input_tokens.into());
        input.saturating_add(self.output_nano_usd.saturating_mul(output_tokens.into()))
    }
}
