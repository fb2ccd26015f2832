//! Keyed random draws: each is a pure function of what it is for, so no draw depends on the
//! order in which calls happen to be scheduled.
//!
//! The generator is SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number
//! generators", 2014), used as a counter-based hash.

/// What a draw decides. The numbers are part of the trace's identity and are never reused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    Difficulty = 1,
    Answer = 2,
    FirstToken = 3,
    OutputTokens = 4,
    TokenRate = 5,
    Fault = 6,
    Backoff = 7,
    Stall = 8,
    Confidence = 9,
    Summary = 10,
    Order = 11,
}

/// Which call of which arm draws: adding voters or documents never disturbs earlier ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct DrawKey {
    /// The run's seed with the arm folded in.
    pub seed: u64,
    pub item: u32,
    pub call: u32,
}

impl DrawKey {
    /// A uniform number in [0, 1) for one attempt and purpose.
    pub fn uniform(self, attempt: u32, purpose: Purpose) -> f64 {
        uniform(self.key(attempt, purpose), 0)
    }

    /// The `index`-th of several uniform numbers for the same purpose.
    pub fn nth_uniform(self, attempt: u32, purpose: Purpose, index: u64) -> f64 {
        uniform(self.key(attempt, purpose), index)
    }

    /// The draws of one attempt, for who needs several of them.
    pub fn attempt(self, attempt: u32) -> AttemptDraws {
        AttemptDraws(fold(&[self.seed, self.item.into(), self.call.into(), attempt.into()]))
    }

    fn key(self, attempt: u32, purpose: Purpose) -> u64 {
        self.attempt(attempt).key(purpose)
    }
}

/// The draws of one attempt of a call.
#[derive(Clone, Copy, Debug)]
pub struct AttemptDraws(u64);

impl AttemptDraws {
    pub fn uniform(self, purpose: Purpose) -> f64 {
        uniform(self.key(purpose), 0)
    }

    /// The `index`-th of several uniform numbers for the same purpose.
    pub fn nth_uniform(self, purpose: Purpose, index: u64) -> f64 {
        uniform(self.key(purpose), index)
    }

    /// A standard normal number: one uniform through the inverse distribution, so counters stay aligned.
    pub fn normal(self, purpose: Purpose) -> f64 {
        inverse_normal(self.uniform(purpose))
    }

    fn key(self, purpose: Purpose) -> u64 {
        step(self.0, purpose as u64)
    }
}

/// The seed of one arm of a run.
pub fn arm_seed(seed: u64, arm: u8) -> u64 {
    fold(&[seed, arm.into()])
}

/// Folds words into one 64-bit key.
pub fn fold(words: &[u64]) -> u64 {
    // The start is the fractional part of pi, a number nobody chose.
    words.iter().fold(0x243F_6A88_85A3_08D3, |hash, word| step(hash, *word))
}

fn step(hash: u64, word: u64) -> u64 {
    mix((hash ^ word).wrapping_add(GOLDEN))
}

const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;

fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

fn uniform(key: u64, index: u64) -> f64 {
    let word = mix(key.wrapping_add(GOLDEN.wrapping_mul(index.wrapping_add(1))));
    (word >> 11) as f64 / (1u64 << 53) as f64
}

/// The inverse of the standard normal distribution function, absolute error below 5e-9
/// (P. J. Acklam's rational approximation).
pub fn inverse_normal(p: f64) -> f64 {
    const A: [f64; 6] = [
        -3.969_683_028_665_376e1,
        2.209_460_984_245_205e2,
        -2.759_285_104_469_687e2,
        1.383_577_518_672_69e2,
        -3.066_479_806_614_716e1,
        2.506_628_277_459_239,
    ];
    const B: [f64; 5] = [
        -5.447_609_879_822_406e1,
        1.615_858_368_580_409e2,
        -1.556_989_798_598_866e2,
        6.680_131_188_771_972e1,
        -1.328_068_155_288_572e1,
    ];
    const C: [f64; 6] = [
        -7.784_894_002_430_293e-3,
        -3.223_964_580_411_365e-1,
        -2.400_758_277_161_838,
        -2.549_732_539_343_734,
        4.374_664_141_464_968,
        2.938_163_982_698_783,
    ];
    const D: [f64; 4] =
        [7.784_695_709_041_462e-3, 3.224_671_290_700_398e-1, 2.445_134_137_142_996, 3.754_408_661_907_416];
    const TAIL: f64 = 0.024_25;
    let poly = |c: &[f64], x: f64| c.iter().fold(0.0, |sum, k| sum * x + k);
    let p = p.clamp(1e-300, 1.0 - f64::EPSILON / 2.0);
    let tail = |p: f64| {
        let q = (-2.0 * libm::log(p)).sqrt();
        poly(&C, q) / (poly(&D, q) * q + 1.0)
    };
    if p < TAIL {
        tail(p)
    } else if p > 1.0 - TAIL {
        -tail(1.0 - p)
    } else {
        let q = p - 0.5;
        let r = q * q;
        q * poly(&A, r) / (poly(&B, r) * r + 1.0)
    }
}
