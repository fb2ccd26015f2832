//! Draws, against numbers computed elsewhere.

use fanout::engine::draw::{DrawKey, Purpose, fold, inverse_normal};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

#[test]
fn keys_and_uniforms_are_those_of_the_reference() {
    assert_eq!(fold(&[42, 0, 0, 0, 2]), 8_460_542_190_253_525_602);
    assert_eq!(fold(&[42, 1, 2, 3, 4]), 198_997_045_960_496_816);
    let uniform = |item, call, attempt, purpose| DrawKey { seed: 42, item, call }.uniform(attempt, purpose);
    assert_eq!(uniform(0, 0, 0, Purpose::Answer), 0.298_411_888_057_345_1);
    assert_eq!(uniform(0, 1, 0, Purpose::Answer), 0.935_638_452_389_276_8);
    assert_eq!(uniform(1, 0, 0, Purpose::Answer), 0.873_167_303_099_429_2);
    assert_eq!(uniform(7, 3, 1, Purpose::FirstToken), 0.460_584_193_346_943_8);
}

#[test]
fn the_inverse_normal_is_right_at_known_points() {
    for (p, z) in [
        (0.5, 0.0),
        (0.975, 1.959_963_984_540_054),
        (0.01, -2.326_347_874_040_841),
        (1e-6, -4.753_424_308_822_899),
    ] {
        assert!((inverse_normal(p) - z).abs() < 1e-8 * z.abs().max(1.0), "{p}: {}", inverse_normal(p));
    }
}
