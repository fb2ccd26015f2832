//! The simulation of `race.rs` run natively, to stand beside one in Python. Prints calls per second.

#[allow(dead_code, reason = "the page uses the rest of it")]
#[path = "race.rs"]
mod race;

use std::time::Instant;

const WARM_UPS: u32 = 50;
const RUNS: u32 = 500;

fn main() {
    let mut thousand = race::ThousandCalls::new();
    let mut simulate = |runs: u32| (0..runs).map(|seed| thousand.simulate(seed, true)).sum::<u32>();
    simulate(WARM_UPS);
    let start = Instant::now();
    let served = simulate(RUNS);
    println!("{:.0}", f64::from(served) / start.elapsed().as_secs_f64());
}
