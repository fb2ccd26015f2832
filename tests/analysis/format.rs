//! Numbers as text: rounded once, in one unit, and never by a factor of ten.

use fanout::analysis::metrics::Figure;
use fanout::engine::call::Certainty;
use fanout::format::{axis_us, bytes, count, duration_us, figure, ratio, usd_from_nano, usd_machine};

#[track_caller]
fn check(format: fn(u64) -> String, rows: &[(u64, &str)]) {
    for (value, expected) in rows {
        assert_eq!(format(*value), *expected, "{value}");
    }
}

#[test]
fn durations() {
    check(
        duration_us,
        &[
            (0, "0 ms"),
            (1, "1 ms"),
            (850_000, "850 ms"),
            (999_000, "999 ms"),
            (999_001, "1.0 s"),
            (1_000_000, "1.0 s"),
            (8_149_999, "8.1 s"),
            (8_150_000, "8.2 s"),
            (59_949_999, "59.9 s"),
            (59_950_000, "1 min 00 s"),
            (60_000_000, "1 min 00 s"),
            // What a server asked for that cannot count.
            (u64::MAX, "5124095576 h 01 min"),
            (125_400_000, "2 min 05 s"),
            (3_599_499_999, "59 min 59 s"),
            (3_599_500_000, "1 h 00 min"),
            (39_263_205_000, "10 h 54 min"),
        ],
    );
    check(
        axis_us,
        &[
            (0, "0 s"),
            (2_000_000, "2 s"),
            (500_000, "0.5 s"),
            (50_000, "50 ms"),
            (90_000_000, "90 s"),
            (600_000_000, "10 min"),
            (7_200_000_000, "2 h"),
        ],
    );
}

#[test]
fn counts_and_bytes() {
    check(
        count,
        &[
            (0, "0"),
            (940, "940"),
            (9_999, "9999"),
            (13_149, "13.1 k"),
            (999_949, "999.9 k"),
            (999_950, "1.0 M"),
            (2_400_000, "2.4 M"),
        ],
    );
    check(
        bytes,
        &[
            (0, "0 B"),
            (999, "999 B"),
            (1000, "1.0 kB"),
            (999_949, "999.9 kB"),
            (999_950, "1.0 MB"),
            (1_449_999, "1.4 MB"),
        ],
    );
}

/// Guards against $0.99995 shown as ten cents, and a small cost shown as none.
#[test]
fn money() {
    check(
        usd_from_nano,
        &[
            (0, "$0"),
            (1, "$0.000000001"),
            (36_349, "$0.000036"),
            (99_949, "$0.0001"),
            (267_000, "$0.00027"),
            (994_999, "$0.00099"),
            (995_000, "$0.0010"),
            (21_400_000, "$0.0214"),
            (999_949_999, "$0.9999"),
            (999_950_000, "$1.00"),
            (1_000_000_000, "$1.00"),
            (12_345_000_000, "$12.35"),
        ],
    );
    check(usd_machine, &[(0, "0.000000000"), (1, "0.000000001"), (12_345_678_901, "12.345678901")]);
}

#[test]
fn ratios() {
    for (of, to, expected) in
        [(21, 10, Some("2.1×")), (1, 3, Some("0.3×")), (5, 5, Some("1.0×")), (1, 0, None)]
    {
        assert_eq!(ratio(of, to).as_deref(), expected);
    }
}

#[test]
fn a_figure_says_how_sure_it_is() {
    for (shown, expected) in
        [(Figure::known(5), "5"), (Figure::estimated(5), "≈ 5"), (Figure::UNKNOWN, "unknown")]
    {
        assert_eq!(figure(shown.value, shown.certainty, count), expected);
    }
    assert_eq!(figure(Some(5), Certainty::Unknown, count), "unknown");
}
