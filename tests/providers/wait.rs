//! The wait a refusal asks for: table T-RA, and the hints in bodies.

use fanout::engine::call::{CallError, Wait};
use fanout::engine::clock::{MS, SECOND};
use fanout::engine::draw::DrawKey;
use fanout::engine::retry::{Decision, GaveUp, RetryPolicy, Standing, Tries, decide};
use fanout::providers::transport::Head;
use fanout::providers::wait::asked_wait;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// Sun, 06 Nov 1994 08:49:37 GMT, the date of the examples of RFC 9110.
const NOW_MS: u64 = 784_111_777_000;

fn head(headers: &[(&'static str, &str)]) -> Head {
    let headers = headers.iter().map(|(name, value)| (*name, value.to_string())).collect();
    Head { status: 429, headers, wall_ms: NOW_MS, ..Head::default() }
}

fn check(headers: &[(&'static str, &str)], body: &str, expected: Wait) {
    assert_eq!(asked_wait(&head(headers), body), expected, "{headers:?} {body:?}");
}

fn ms(ms: u64) -> Wait {
    Wait::Header { us: ms * MS }
}

#[test]
fn milliseconds_come_before_seconds_before_dates() {
    let s = "retry-after";
    check(&[("retry-after-ms", "1500"), (s, "7")], "", ms(1500));
    check(&[(s, "2")], "", ms(2000));
    check(&[(s, "1.5")], "", ms(1500));
    check(&[(s, " 120 ")], "", ms(120_000));
    check(&[("retry-after-ms", "x"), (s, "7")], "", ms(7000));
    check(&[(s, "Sun, 06 Nov 1994 08:50:07 GMT")], "", ms(30_000));
}

/// Guards against coming back a moment too early.
#[test]
fn a_fraction_of_a_millisecond_is_rounded_up() {
    check(&[("retry-after", "0.0004")], "", ms(1));
    check(&[("retry-after", "1.0000000000000000001")], "", ms(1001));
}

#[test]
fn a_wait_of_nothing_is_unsaid() {
    check(&[("retry-after", "0")], "", Wait::Unsaid);
    check(&[("retry-after", "-3")], "", Wait::Unsaid);
    check(&[("retry-after-ms", "0"), ("retry-after", "7")], "", Wait::Unsaid);
    check(&[("retry-after", "Sun, 06 Nov 1994 08:49:07 GMT")], "", Wait::Unsaid);
    check(&[], "Please try again in 0s", Wait::Unsaid);
}

/// Guards against parsers for floats, which read "inf" and "1e9".
#[test]
fn what_is_not_a_number_is_unsaid() {
    for value in ["abc", "inf", "NaN", "1e9", "", ".", "+5", "1,5", "٣"] {
        check(&[("retry-after", value)], "", Wait::Unsaid);
    }
    check(&[], "", Wait::Unsaid);
}

/// Guards against a wrong clock on either side.
#[test]
fn a_date_counts_from_the_servers_own_clock() {
    check(
        &[("retry-after", "Sun, 06 Nov 1994 08:50:07 GMT"), ("date", "Sun, 06 Nov 1994 08:50:02 GMT")],
        "",
        ms(5000),
    );
    check(&[("retry-after", "Sun, 06 Nov 1994 08:50:07 GMT"), ("date", "noon")], "", ms(30_000));
}

#[test]
fn more_than_two_minutes_ends_the_call() {
    for (value, seconds) in [("121", 121), ("277403", 277_403)] {
        let wait = asked_wait(&head(&[("retry-after", value)]), "");
        assert_eq!(wait, ms(seconds * 1000));
        let error = CallError::Refused { status: 429, wait, message: String::new() };
        let standing = Standing {
            tries: Tries { failures: 0, refusals: 1 },
            draws: DrawKey { seed: 1, item: 0, call: 0 },
            in_budget: true,
            left_us: None,
        };
        let decision = decide(&RetryPolicy::STANDARD, &error, standing);
        assert_eq!(decision, Decision::GiveUp(GaveUp::WaitTooLong { wait_us: seconds * SECOND }));
    }
    let endless = "9".repeat(400);
    assert!(asked_wait(&head(&[("retry-after", &endless)]), "").us() > Some(1 << 60));
}

#[test]
fn a_body_names_the_wait_where_no_header_can_be_read() {
    let body = |ms: u64| Wait::Body { us: ms * MS };
    let cases = [
        ("Rate limit reached. Please try again in 20s. Visit …", body(20_000)),
        ("Please try again in 6ms.", body(6)),
        ("Please try again in 1m12.3s", body(72_300)),
        ("please try again in 7.66s.", body(7_660)),
        ("Please try again in 172.799999ms", body(173)),
        ("Please try again in 1h2m3s", body(3_723_000)),
        ("Please retry after 20 seconds.", body(20_000)),
        ("You exceeded your quota. Please retry in 34.074824224s.", body(34_075)),
        (
            r#"{"error":{"code":429,"details":[{"@type":"…RetryInfo","retryDelay": "34s"}],"message":"try again in 9s"}}"#,
            body(34_000),
        ),
        ("Try again in a moment", Wait::Unsaid),
        ("try again in 20 requests", Wait::Unsaid),
        ("try again in", Wait::Unsaid),
        ("limit is 20s", Wait::Unsaid),
    ];
    for (text, expected) in cases {
        check(&[], text, expected);
        check(&[("retry-after", "abc")], text, expected);
    }
    check(&[("retry-after", "2")], "Please try again in 20s", ms(2000));
}
