//! How long a call takes, against the reference vector and the analytic mean.

use fanout::engine::call::{Prompt, Request, Task};
use fanout::engine::draw::DrawKey;
use fanout::providers::simulated::latency::{Latency, Speed};

fn latency(speed: Speed, request: &Request, attempt: u32) -> Latency {
    speed.latency(request, request.draws.attempt(attempt))
}

fn request(seed: u64, item: u32, input_tokens: u32, max_tokens: u32) -> Request {
    Request {
        draws: DrawKey { seed, item, call: 0 },
        prompt: Prompt::default(),
        task: Task::Summary { document: "".into() },
        input_tokens,
        max_tokens,
    }
}

/// `call_latency(42, 0, 0, 0)` of the reference implementation: the mid preset, 3000 tokens in, a
/// mean of 400 out. TTFT 1.0043089441010624 s, 300 tokens at 68.9270029240038 a second.
#[test]
fn the_reference_vector_is_matched_to_the_microsecond() {
    let expected = Latency { first_token_us: 1_004_309, generation_us: 4_352_431, output_tokens: 300 };
    assert_eq!(latency(Speed::Mid, &request(42, 0, 3000, 800), 0), expected);
    let total_s = (expected.first_token_us + expected.generation_us) as f64 / 1e6;
    assert!((total_s - 5.356_739_592_083_366).abs() < 1e-6);
    assert!((300.0 / (expected.generation_us as f64 / 1e6) - 68.927_002_924_003_8).abs() < 1e-4);
}

#[test]
fn another_attempt_is_another_draw_and_the_same_attempt_is_the_same() {
    let request = request(42, 0, 3000, 800);
    let drawn = [0, 1, 0].map(|attempt| latency(Speed::Mid, &request, attempt));
    assert_eq!(drawn[0], drawn[2]);
    assert_ne!(drawn[0], drawn[1]);
}

/// Base, sigma, prefill a token, tokens a second, their variation, chance and factor of a stall.
const LAWS: [(Speed, [f64; 7]); 3] = [
    (Speed::Small, [0.4, 0.35, 4e-6, 150.0, 0.2, 0.005, 20.0]),
    (Speed::Mid, [0.9, 0.40, 13e-6, 60.0, 0.2, 0.01, 20.0]),
    (Speed::Large, [1.7, 0.45, 22e-6, 45.0, 0.25, 0.01, 20.0]),
];

/// The mean of a lognormal number of this mean and variation that is cut off at `most`.
fn mean_cut_off(mean: f64, cv: f64, most: f64) -> f64 {
    let normal = |z: f64| 0.5 * (1.0 + libm::erf(z / std::f64::consts::SQRT_2));
    let sigma = (1.0 + cv * cv).ln().sqrt();
    let z = (most.ln() - mean.ln() + sigma * sigma / 2.0) / sigma;
    mean * normal(z - sigma) + most * (1.0 - normal(z))
}

#[test]
fn the_mean_latency_is_the_analytic_one() {
    for (speed, [base, sigma, prefill, rate, rate_cv, chance, factor]) in LAWS {
        let (n, input_tokens, max_tokens) = (20_000, 3000, 800);
        let us: u64 = (0..n)
            .map(|item| latency(speed, &request(7, item, input_tokens, max_tokens), 0))
            .map(|drawn| drawn.first_token_us + drawn.generation_us)
            .sum();
        let first_token = (base + prefill * f64::from(input_tokens))
            * (sigma * sigma / 2.0).exp()
            * (1.0 + chance * (factor - 1.0));
        let generation = mean_cut_off(400.0, 0.8, 800.0) * (1.0 + rate_cv * rate_cv) / rate;
        let ratio = us as f64 / f64::from(n) / 1e6 / (first_token + generation);
        assert!((ratio - 1.0).abs() < 0.02, "{speed:?}: {ratio} of the analytic mean");
    }
}

#[test]
fn an_answer_has_a_token_and_no_more_than_it_may() {
    for (max_tokens, most) in [(0, 1), (1, 1), (5, 5), (800, 800)] {
        let drawn =
            (0..500).map(|item| latency(Speed::Mid, &request(1, item, 0, max_tokens), 0).output_tokens);
        let (least, longest) = drawn.fold((u32::MAX, 0), |(a, b), n| (a.min(n), b.max(n)));
        assert!(least >= 1 && longest == most, "{max_tokens}: {least} to {longest}");
    }
}
