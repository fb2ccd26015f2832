//! Time, tokens, money and bytes as text; nowhere else. A unit ends where its last figure would
//! round up into the next one.

use crate::engine::call::Certainty;

/// The mark of an estimate.
const ABOUT: &str = "≈ ";

/// What stands for a number nobody knows.
pub const UNKNOWN: &str = "unknown";

/// A value as a person reads it, with its certainty.
pub fn figure(value: Option<u64>, certainty: Certainty, format: fn(u64) -> String) -> String {
    match (value, certainty) {
        (None, _) | (_, Certainty::Unknown) => UNKNOWN.to_string(),
        (Some(value), Certainty::Estimated) => format!("{ABOUT}{}", format(value)),
        (Some(value), Certainty::Known) => format(value),
    }
}

/// 850 ms, 8.1 s, 2 min 05 s.
pub fn duration_us(us: u64) -> String {
    match us {
        0..=999_000 => format!("{} ms", us.div_ceil(1000)),
        999_001..59_950_000 => format!("{} s", tenths((us + 50_000) / 100_000)),
        _ => {
            let seconds = us.saturating_add(500_000) / 1_000_000;
            match seconds {
                0..3600 => format!("{} min {:02} s", seconds / 60, seconds % 60),
                _ => format!("{} h {:02} min", seconds / 3600, seconds % 3600 / 60),
            }
        }
    }
}

/// A position on a time axis: 0, 2 s, 0.5 s.
pub fn axis_us(us: u64) -> String {
    match us {
        0 => "0 s".to_string(),
        _ if us >= 3_600_000_000 && us.is_multiple_of(3_600_000_000) => format!("{} h", us / 3_600_000_000),
        _ if us >= 600_000_000 && us.is_multiple_of(60_000_000) => format!("{} min", us / 60_000_000),
        _ if us.is_multiple_of(1_000_000) => format!("{} s", us / 1_000_000),
        _ if us.is_multiple_of(100_000) => format!("{} s", tenths(us / 100_000)),
        _ => format!("{} ms", us / 1000),
    }
}

/// 940, 13.1 k, 2.4 M.
pub fn count(n: u64) -> String {
    match n {
        0..10_000 => n.to_string(),
        10_000..999_950 => format!("{} k", tenths((n + 50) / 100)),
        _ => format!("{} M", tenths((n + 50_000) / 100_000)),
    }
}

/// 0.2 kB, 1.4 MB.
pub fn bytes(n: u64) -> String {
    match n {
        0..1000 => format!("{n} B"),
        1000..999_950 => format!("{} kB", tenths((n + 50) / 100)),
        _ => format!("{} MB", tenths((n + 50_000) / 100_000)),
    }
}

/// $0.0214: two significant digits or more, never rounded to nothing.
pub fn usd_from_nano(nano: u64) -> String {
    match nano {
        0 => "$0".to_string(),
        1..995_000 => {
            // Two digits, however small.
            let mut unit = 1;
            while nano / unit >= 100 {
                unit *= 10;
            }
            let digits = format!("{:09}", (nano + unit / 2) / unit * unit);
            format!("$0.{}", digits.trim_end_matches('0'))
        }
        995_000..999_950_000 => format!("$0.{:04}", (nano + 50_000) / 100_000),
        _ => {
            let cents = (nano + 5_000_000) / 10_000_000;
            format!("${}.{:02}", cents / 100, cents % 100)
        }
    }
}

/// The decimal number of dollars that a machine reads.
pub fn usd_machine(nano: u64) -> String {
    format!("{}.{:09}", nano / 1_000_000_000, nano % 1_000_000_000)
}

/// How many times one is of the other: 2.1×.
pub fn ratio(of: u64, to: u64) -> Option<String> {
    (to > 0).then(|| format!("{}×", tenths((of * 10 + to / 2) / to)))
}

/// 83.1 %, from hundredths of a percent.
pub fn percent(basis_points: u64) -> String {
    format!("{} %", tenths((basis_points + 5) / 10))
}

fn tenths(n: u64) -> String {
    format!("{}.{}", n / 10, n % 10)
}
