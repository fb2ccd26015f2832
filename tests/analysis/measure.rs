//! The numbers by name, and what changed in them.

use fanout::analysis::measure::{MEASURES, certainty, figures};
use fanout::analysis::metrics::{Figure, metrics};
use fanout::analysis::recording::Recording;
use fanout::engine::call::Certainty;

/// What a measure says of a change; nothing where it says nothing.
fn check(name: &str, before: Figure, now: Figure, expected: &str) {
    let measure = MEASURES.iter().find(|measure| measure.name == name).expect(name);
    let change = measure.change(before, now);
    let words = change.as_ref().map_or("", |change| change.words.as_str());
    assert_eq!(words, expected, "{name}: {before:?} → {now:?}");
    assert!(change.is_none_or(|change| change.is_more == (now.value > before.value)));
}

#[test]
fn a_change_is_told_with_its_sign_and_unit() {
    let known = Figure::known;
    check("makespan", known(15_300_000), known(12_100_000), "3.2 s less");
    check("makespan", known(12_100_000), known(75_000_000), "1 min 03 s more");
    check("refusals", known(0), known(7), "7 more");
    check("cost", known(50_000_000), known(20_000_000), "$0.0300 less");
    check("peak-held", known(100), known(2_400), "2.3 kB more");
    check("input-tokens", known(100), Figure::estimated(150), "≈ 50 more");
}

/// Guards against a difference beside two numbers that read the same, and against one to nowhere.
#[test]
fn nothing_is_told_where_nothing_is_seen_or_known() {
    let known = Figure::known;
    check("makespan", known(12_100_000), known(12_100_000), "");
    check("makespan", known(12_100_000), known(12_110_000), "");
    check("cost", Figure::UNKNOWN, known(5_000_000), "");
    check("cost", known(5_000_000), Figure::UNKNOWN, "");
}

/// Guards against a number under another one's name.
#[test]
fn each_name_has_its_own_number() {
    let mut all = metrics(&Recording::default(), None, None);
    let fields = [
        &mut all.makespan_us,
        &mut all.sequential_us,
        &mut all.peak_in_flight,
        &mut all.refusals,
        &mut all.retries,
        &mut all.failed,
        &mut all.cancelled,
        &mut all.input_tokens,
        &mut all.output_tokens,
        &mut all.cost_nano_usd,
        &mut all.peak_held_bytes,
    ];
    for (n, field) in (1..).zip(fields) {
        *field = Figure::known(n);
    }
    let numbers = figures(&all);
    assert_eq!(numbers.map(|figure| figure.value), std::array::from_fn(|i| Some(i as u64 + 1)));
    let machine = |i: usize, value| MEASURES[i].machine(Figure::known(value));
    assert_eq!(
        [machine(0, 12_100_500), machine(9, 21_400_000), machine(3, 7)],
        ["12100.500", "0.021400000", "7"]
    );
    assert_eq!(MEASURES[0].machine(Figure::UNKNOWN), "");
    let named = [Certainty::Known, Certainty::Estimated, Certainty::Unknown]
        .map(|sure| certainty(Figure { value: Some(1), certainty: sure }));
    assert_eq!(named, ["known", "estimated", "unknown"]);
}
