//! How long a refusal asks to wait.
//!
//! Sources: `Retry-After` of RFC 9110, section 10.2.3, with decimals as servers send them;
//! `retry-after-ms` of the OpenAI API; the wait named in error texts, such as "Please try again in
//! 1m12.3s", and `retryDelay` of google.rpc.RetryInfo, for pages that may not read the headers.

use super::transport::Head;
use crate::engine::call::Wait;
use crate::engine::clock::{MS, SECOND};
use crate::host::http_date_ms;

const MINUTE: u64 = 60 * SECOND;

/// The wait that the headers or, where none of them can be read, the text of the error names. It
/// is rounded up to milliseconds, so that nobody comes back too early. A wait of nothing or less
/// is unsaid.
pub fn asked_wait(head: &Head, body: &str) -> Wait {
    if let Some(us) = header_us(head) {
        return match us {
            0 => Wait::Unsaid,
            us => Wait::Header { us: whole_ms(us) },
        };
    }
    match hint_us(body) {
        Some(us) if us > 0 => Wait::Body { us: whole_ms(us) },
        _ => Wait::Unsaid,
    }
}

fn header_us(head: &Head) -> Option<u64> {
    let ms = head.header("retry-after-ms").and_then(|value| number_us(value, MS));
    ms.or_else(|| {
        let value = head.header("retry-after")?;
        number_us(value, SECOND).or_else(|| until_us(value, head))
    })
}

/// A signed decimal number of `unit_us`; 0 where it is negative.
fn number_us(value: &str, unit_us: u64) -> Option<u64> {
    let value = value.trim();
    match value.strip_prefix('-') {
        Some(positive) => decimal_us(positive, unit_us).map(|_| 0),
        None => decimal_us(value, unit_us),
    }
}

/// Time from the server's own clock to a date. Where it does not tell its clock, ours has to do.
fn until_us(value: &str, head: &Head) -> Option<u64> {
    let now_ms = head.header("date").and_then(http_date_ms).unwrap_or(head.wall_ms);
    Some(http_date_ms(value)?.saturating_sub(now_ms).saturating_mul(MS))
}

/// What stands before a duration in the bodies of refusals, the most reliable first.
const HINTS: [&str; 4] = ["\"retrydelay\"", "try again in", "retry in", "retry after"];

fn hint_us(body: &str) -> Option<u64> {
    let body = body.to_ascii_lowercase();
    HINTS.iter().find_map(|hint| {
        let (_, after) = body.split_once(hint)?;
        duration_us(after.trim_start_matches(|c: char| c.is_whitespace() || c == ':' || c == '"'))
    })
}

/// A duration at the start of a text: `20s`, `6ms`, `1m12.3s`, `20 seconds`.
fn duration_us(text: &str) -> Option<u64> {
    let mut total_us = None;
    let mut rest = text;
    loop {
        let (number, after) = split_while(rest, |c| c.is_ascii_digit() || c == '.');
        let (unit, after) = split_while(after.trim_start(), char::is_alphabetic);
        let us = unit_us(unit).and_then(|unit_us| decimal_us(number, unit_us));
        let Some(us) = us else { return total_us };
        total_us = Some(us.saturating_add(total_us.unwrap_or(0)));
        rest = after;
    }
}

fn split_while(text: &str, belongs: impl Fn(char) -> bool) -> (&str, &str) {
    text.split_at(text.find(|c| !belongs(c)).unwrap_or(text.len()))
}

fn unit_us(unit: &str) -> Option<u64> {
    Some(match unit {
        "us" | "µs" => 1,
        "ms" | "milliseconds" => MS,
        "s" | "sec" | "second" | "seconds" => SECOND,
        "m" | "min" | "minute" | "minutes" => MINUTE,
        "h" | "hour" | "hours" => 60 * MINUTE,
        _ => return None,
    })
}

/// Digits with an optional fraction, times a unit, rounded up. Integers all the way, since the
/// parser for floats takes "inf" and rounds.
fn decimal_us(number: &str, unit_us: u64) -> Option<u64> {
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let all_digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if (whole.is_empty() && fraction.is_empty()) || !all_digits(whole) || !all_digits(fraction) {
        return None;
    }
    let digit = |b: u8| u64::from(b - b'0');
    let whole = whole.bytes().fold(0u64, |sum, b| sum.saturating_mul(10).saturating_add(digit(b)));
    // From the last digit to the first, so that each step rounds up what is behind it.
    let fraction_us =
        fraction.bytes().rev().fold(0, |behind_us, b| (digit(b) * unit_us + behind_us).div_ceil(10));
    Some(whole.saturating_mul(unit_us).saturating_add(fraction_us))
}

fn whole_ms(us: u64) -> u64 {
    us.div_ceil(MS).saturating_mul(MS)
}
