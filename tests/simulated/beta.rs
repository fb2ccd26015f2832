//! The beta distribution against its closed forms.

use fanout::providers::simulated::beta::{quantile, regularised};

fn check(p: f64, a: f64, b: f64, expected: f64) {
    let x = quantile(p, a, b);
    assert!((x - expected).abs() < 1e-11, "quantile({p}, {a}, {b}) = {x}, not {expected}");
}

const SHARES: [f64; 7] = [0.001, 0.05, 0.25, 0.5, 0.8, 0.95, 0.999];

#[test]
fn quantiles_are_those_of_the_closed_forms() {
    for p in SHARES {
        check(p, 1.0, 1.0, p);
        check(p, 3.0, 1.0, p.cbrt());
        check(p, 1.0, 4.0, 1.0 - (1.0 - p).powf(0.25));
        check(p, 0.5, 0.5, (std::f64::consts::FRAC_PI_2 * p).sin().powi(2));
    }
    check(0.5, 2.0, 3.0, 0.385_727_568_132_389_45);
    check(0.5, 7.5, 7.5, 0.5);
}

#[test]
fn the_quantile_inverts_the_distribution() {
    for (a, b) in [(1.4, 2.8 / 3.0), (0.05, 2.0), (20.0, 0.3), (5.0, 2.0)] {
        for p in SHARES {
            let x = quantile(p, a, b);
            // Near an end the distribution is so steep that the last bit of x is worth more than this.
            let steep = !(1e-6..=1.0 - 1e-6).contains(&x);
            assert!(steep || (regularised(x, a, b) - p).abs() < 1e-8, "{p} {a} {b}: {x}");
            assert!((regularised(x, a, b) + regularised(1.0 - x, b, a) - 1.0).abs() < 1e-8);
        }
    }
    assert_eq!([regularised(0.0, 2.0, 3.0), regularised(1.0, 2.0, 3.0)], [0.0, 1.0]);
}
