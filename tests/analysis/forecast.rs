//! What a live run will ask for, against numbers worked out by hand and against runs.

use fanout::analysis::forecast::{Cost, Forecast, forecast};
use fanout::analysis::metrics::metrics;
use fanout::analysis::rehearsal::rehearse;
use fanout::engine::patterns::Pattern;
use fanout::engine::price::Price;
use fanout::scenario::ArmKind;
use fanout::scenario::dial::Dial;

use crate::traces::scenario;

const PRICE: Price =
    Price { input_nano_usd: 100, cached_nano_usd: 10, cache_write_nano_usd: 125, output_nano_usd: 500 };

fn cost(forecast: &Forecast) -> Cost {
    forecast.cost.expect("there is a price")
}

#[test]
fn bounds_hold_what_runs_come_to() {
    for seed in 0..20 {
        let scenario = scenario(|draft| draft.seed = seed);
        for kind in ArmKind::ALL {
            let forecast = forecast(&scenario, &[kind], Some(PRICE));
            let Cost { least_nano_usd, likely_nano_usd, most_nano_usd } = cost(&forecast);
            assert!(least_nano_usd < likely_nano_usd && likely_nano_usd < most_nano_usd, "{forecast:?}");
            let recording = rehearse(&scenario, kind, Some(PRICE)).expect("it does not stall");
            assert_eq!(forecast.most_calls as usize, recording.plan.len());
            let came_to = metrics(&recording, None, Some(PRICE)).cost_nano_usd.value.expect("it has a price");
            assert!((least_nano_usd..=most_nano_usd).contains(&came_to), "{came_to}: {forecast:?}");
        }
    }
}

#[test]
fn several_arms_are_the_sum_of_each() {
    let scenario = scenario(|_| {});
    let whole = forecast(&scenario, &ArmKind::ALL, Some(PRICE));
    let each = ArmKind::ALL.map(|kind| forecast(&scenario, &[kind], Some(PRICE)));
    assert_eq!(whole.most_calls, each.iter().map(|forecast| forecast.most_calls).sum::<u32>());
    let most = each.iter().map(|forecast| cost(forecast).most_nano_usd).sum::<u64>();
    assert_eq!(cost(&whole).most_nano_usd, most);
}

/// Guards against a number of calls that a stop rule makes a guess, shown as if it were exact.
#[test]
fn a_stop_rule_makes_it_up_to_so_many() {
    let scenario = scenario(|draft| draft.dials.set(Dial::Stop, Some(1)));
    let forecast = forecast(&scenario, &[ArmKind::Voting], Some(PRICE));
    assert!(forecast.told("llm.example", "m")[0].starts_with("up to "), "{forecast:?}");
}

/// Guards against a run that is not asked about since nobody knows what it costs.
#[test]
fn an_unknown_price_may_exceed_anything() {
    let scenario = scenario(|_| {});
    let forecast = forecast(&scenario, &ArmKind::ALL, None);
    assert!(forecast.may_exceed(u64::MAX));
    assert!(
        forecast.told("llm.example", "m").iter().any(|sentence| sentence.contains("Nobody knows the price"))
    );
    let free = Price::default();
    assert!(!fanout::analysis::forecast::forecast(&scenario, &ArmKind::ALL, Some(free)).may_exceed(0));
}

/// Guards against a most that is none: an aggregator reads as much as all before it may write.
#[test]
fn the_most_holds_where_every_answer_is_as_long_as_it_may_be() {
    let scenario = scenario(|draft| draft.map_reduce.fan_in = 1000);
    let Some(Pattern::MapReduce(pattern)) = scenario.arm(ArmKind::MapReduce).map(|arm| &**arm) else {
        panic!("the arm is there")
    };
    let n = pattern.documents.len() as u64;
    let [map, reduce] = [pattern.map_max_tokens, pattern.reduce_max_tokens].map(u64::from);
    let only_read = Price { output_nano_usd: 0, ..PRICE };
    let free = Price { cache_write_nano_usd: 0, input_nano_usd: 0, cached_nano_usd: 0, ..PRICE };
    let most = |price| cost(&forecast(&scenario, &[ArmKind::MapReduce], Some(price))).most_nano_usd;
    assert_eq!(most(free), 500 * (n * map + reduce));
    let words: u64 = pattern.documents.iter().map(|document| document.text().len() as u64 / 4).sum();
    let written = most(only_read) / 125;
    assert!(written >= words + n * map, "{written} tokens read, of {words} and {n} × {map}");
}
