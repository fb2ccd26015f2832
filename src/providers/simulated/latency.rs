//! How long a call takes: time to the first token, number of tokens, tokens per second.
//!
//! The time to the first token is (base + prefill per input token) times a lognormal factor, with a
//! rare stall; output tokens and token rate are lognormal. Logarithms and exponentials come
//! from `libm` on every platform, so the last bit is the same everywhere.
//!
//! Sources. First token: Epoch AI, `ttft-latency-scaling`, August 2026 (0.5 to 1.6 s, and 5.5 to 21.8 s for
//! a million tokens of input); `smukherjee1do/ttft-audit`, September 2026 (medians of 0.9 to 1.4 s for short
//! prompts, sigma 0.14 to 0.70; two of 380 calls stalled, for 78 and 187 s). Lengths: the Azure LLM inference
//! trace of 2023 (conversations: sigma 0.86). What is here lies within that and is no fit; for token rates and
//! the share of stalls there is no better than single probes.

use crate::engine::call::Request;
use crate::engine::draw::{AttemptDraws, Purpose};

/// How fast the simulated model is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Speed {
    Small,
    Mid,
    Large,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Latency {
    pub first_token_us: u64,
    pub generation_us: u64,
    pub output_tokens: u32,
}

/// The parameters of a speed.
struct Law {
    /// Median time to the first token of an empty prompt.
    base_s: f64,
    sigma: f64,
    prefill_s_per_token: f64,
    tokens_per_s: f64,
    /// How much the rate varies.
    rate: Lognormal,
    stall_chance: f64,
    stall_factor: f64,
}

/// A lognormal factor with mean 1: its logarithm is normal with these parameters.
struct Lognormal {
    mean: f64,
    deviation: f64,
}

/// How much answers vary in length: a coefficient of variation of 0.8.
const LENGTH: Lognormal = Lognormal { mean: -0.247_348_120_918_053_55, deviation: 0.703_346_459_318_668_2 };
/// 0.2 and 0.25.
const RATE: Lognormal = Lognormal { mean: -0.019_610_356_576_640_665, deviation: 0.198_042_200_435_365_1 };
const RATE_OF_LARGE: Lognormal =
    Lognormal { mean: -0.030_312_310_908_217_42, deviation: 0.246_220_677_069_239_75 };

impl Speed {
    pub const ALL: [Speed; 3] = [Speed::Small, Speed::Mid, Speed::Large];

    pub fn as_str(self) -> &'static str {
        match self {
            Speed::Small => "small",
            Speed::Mid => "mid",
            Speed::Large => "large",
        }
    }

    /// The latency of one served attempt: a function of the call and the attempt alone. Half of
    /// the tokens a call may use is what its answer takes on average.
    pub fn latency(self, request: &Request, draws: AttemptDraws) -> Latency {
        let law = self.law();
        let mean_tokens = f64::from(request.max_tokens) / 2.0;
        let prefill_s = law.prefill_s_per_token * f64::from(request.input_tokens);
        let factor = libm::exp(law.sigma * draws.normal(Purpose::FirstToken));
        let stalled = draws.uniform(Purpose::Stall) < law.stall_chance;
        let stall = if stalled { law.stall_factor } else { 1.0 };
        let first_token_s = (law.base_s + prefill_s) * factor * stall;

        let tokens = mean_tokens.max(1e-9) * LENGTH.factor(draws.normal(Purpose::OutputTokens));
        let output_tokens = whole(tokens).clamp(1, u64::from(request.max_tokens.max(1))) as u32;
        let rate = law.tokens_per_s * law.rate.factor(draws.normal(Purpose::TokenRate));
        Latency {
            first_token_us: whole(first_token_s * 1e6),
            generation_us: whole(f64::from(output_tokens) / rate * 1e6),
            output_tokens,
        }
    }

    fn law(self) -> Law {
        let mid = Law {
            base_s: 0.9,
            sigma: 0.40,
            prefill_s_per_token: 13e-6,
            tokens_per_s: 60.0,
            rate: RATE,
            stall_chance: 0.01,
            stall_factor: 20.0,
        };
        match self {
            Speed::Small => Law {
                base_s: 0.4,
                sigma: 0.35,
                prefill_s_per_token: 4e-6,
                tokens_per_s: 150.0,
                stall_chance: 0.005,
                ..mid
            },
            Speed::Mid => mid,
            Speed::Large => Law {
                base_s: 1.7,
                sigma: 0.45,
                prefill_s_per_token: 22e-6,
                tokens_per_s: 45.0,
                rate: RATE_OF_LARGE,
                ..mid
            },
        }
    }
}

impl Lognormal {
    /// The factor that belongs to a standard normal number.
    fn factor(&self, normal: f64) -> f64 {
        libm::exp(self.mean + self.deviation * normal)
    }
}

/// The nearest whole number to one that is not negative: without `round`, which is a call on wasm.
fn whole(n: f64) -> u64 {
    (n + 0.5) as u64
}
