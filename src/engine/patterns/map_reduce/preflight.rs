//! A look ahead: what fits into the model's context window.

use super::MapReduce;
use crate::engine::call::estimate_tokens;

/// What a look ahead says about a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Preflight {
    /// What all summaries may be together.
    pub map_tokens: u64,
    /// How many results a reduce call can hold; none where not even two.
    pub fan_in: Option<u32>,
    pub levels: u32,
}

impl MapReduce {
    /// What fits into a context window of so many tokens: the fan-in that takes the fewest levels.
    pub fn preflight(&self, context_tokens: u32) -> Preflight {
        let overhead: u32 = [&self.reduce_prompt.system, &self.reduce_prompt.user]
            .map(|template| estimate_tokens(template))
            .iter()
            .sum();
        // The heading of each result, and the line that counts them.
        const HEADING_TOKENS: u32 = 16;
        let result_tokens = self.map_max_tokens.max(self.reduce_max_tokens).saturating_add(HEADING_TOKENS);
        let n = self.n_documents();
        let room =
            context_tokens.saturating_sub(overhead + HEADING_TOKENS).saturating_sub(self.reduce_max_tokens);
        let most = room / result_tokens;
        let fan_in = (most >= 2).then_some(most.min(n.max(2)));
        let mut levels = 0;
        let mut below = n;
        while let (Some(fan_in), true) = (fan_in, below > 1) {
            below = below.div_ceil(fan_in);
            levels += 1;
        }
        Preflight { map_tokens: u64::from(n) * u64::from(self.map_max_tokens), fan_in, levels }
    }
}
