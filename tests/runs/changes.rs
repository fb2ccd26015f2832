//! Changes on the way come back as they were.

use std::num::NonZeroU32;

use fanout::analysis::fork::Past;
use fanout::engine::limiter::core::Limits;
use fanout::json;
use fanout::runs::changes;
use fanout::scenario::dial::Dial;
use fanout::scenario::draft::{Admission, Draft};
use fanout::scenario::file;
use serde_json::json;

use crate::sample::draft;

fn past(until_us: u64, change: impl FnOnce(&mut Draft)) -> Past {
    let (scenario, _) = draft(change).check();
    Past { until_us, limits: scenario.limits, simulation: scenario.simulation }
}

/// Guards against a run that is another one when it is opened again: a setting that is not written.
#[test]
fn every_setting_that_can_change_on_the_way_comes_back() {
    let now = draft(|_| {});
    let scenario = json::write(&file::value(&now));
    for change in [
        (|d| d.limits.concurrency = 31) as fn(&mut Draft),
        |d| d.limits.requests_per_minute = None,
        |d| d.limits.requests_per_minute = Some(7),
        |d| d.limits.burst = 9,
        |d| d.limits.tokens_per_minute = Some(12_345),
        |d| d.limits.admission = Admission::AskFirst,
        |d| d.dials.set(Dial::RollingMinute, Some(1)),
        |d| d.dials.set(Dial::Adaptive, Some(1)),
        |d| d.dials.set(Dial::AfterPause, Some(1)),
        |d| d.simulation.fault_percent = 33,
        |d| d.simulation.difficulty = 0.123_456_789,
        |d| d.simulation.shared_error = 0.5,
        |d| d.simulation.speed = fanout::providers::simulated::latency::Speed::Large,
    ] {
        let all = [past(1_000, |_| {}), past(2_500_000, change)];
        let written = json::write(&changes::value(&all, &now));
        assert_eq!(changes::read(&written, &scenario), all, "{written}");
    }
}

#[test]
fn what_is_no_change_or_out_of_order_is_left_out() {
    let now = draft(|_| {});
    let scenario = json::write(&file::value(&now));
    let one = |until_us| changes::value(&[past(until_us, |_| {})], &now)[0].clone();
    let foreign = [
        json!({}),
        json!(7),
        json!({"until_us": -1, "limits": {}, "simulation": {}}),
        json!({"until_us": 5, "limits": {}}),
        one(3),
        one(9),
        one(4),
    ];
    let read = changes::read(&json!(foreign).to_string(), &scenario);
    assert_eq!(read.iter().map(|past| past.until_us).collect::<Vec<_>>(), [3, 9]);
    for text in ["", "{", "null", "{\"until_us\":1}"] {
        assert_eq!(changes::read(text, &scenario), [], "{text}");
    }
    assert_eq!(changes::read(&json!([one(9)]).to_string(), "no scenario"), []);
    // Out of range is brought into range, as in every file.
    let mut wild = one(4);
    wild["limits"]["concurrency"] = json!(0);
    let read = changes::read(&json!([wild]).to_string(), &scenario);
    assert_eq!(read[0].limits, Limits { concurrency: NonZeroU32::MIN, ..read[0].limits });
}
