//! The numbers of an arm.

use fanout::analysis::metrics::{Figure, Metrics};
use fanout::picture::markup::Markup;
use fanout::picture::metrics::list;

use crate::html::html;

/// Guards against an arm that gave up early and is shown as a fast one.
#[test]
fn what_came_to_nothing_is_not_fast() {
    for (has_outcome, expected) in [(true, "18.9×"), (false, "unknown")] {
        let numbers = Metrics {
            has_outcome,
            makespan_us: Figure::known(1_000_000),
            sequential_us: Figure::known(18_900_000),
            peak_in_flight: Figure::known(8),
            refusals: Figure::known(0),
            retries: Figure::known(0),
            failed: Figure::known(1),
            cancelled: Figure::known(7),
            input_tokens: Figure::known(0),
            output_tokens: Figure::known(0),
            cost_nano_usd: Figure::UNKNOWN,
            peak_held_bytes: Figure::known(0),
        };
        let drawn: String = list(Some(&numbers), None).iter().map(|metric: &Markup| html(metric)).collect();
        let speedup = drawn.split("speed-up").nth(1).expect("it is there");
        assert!(speedup.contains(expected), "{speedup}");
    }
}
