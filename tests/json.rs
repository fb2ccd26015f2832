//! JSON: what is read stays what it was, and what is no JSON says where.

use fanout::json::{decimal, object, read, read_first, read_strictly, to_f64, write, write_indented};

fn check(text: &str, expected: f64) {
    let value = read(text).unwrap_or_else(|| panic!("{text} is JSON"));
    assert_eq!(write(&value), text, "the digits stay");
    let number = to_f64(value.as_number().expect("a number"));
    assert!((number - expected).abs() <= expected.abs() * 1e-14, "{text}: {number}");
}

#[test]
fn numbers_keep_their_digits_and_are_what_they_say() {
    for (text, expected) in [
        ("0", 0.0),
        ("-0.0", 0.0),
        ("0.85", 0.85),
        ("-12.5e-3", -0.0125),
        ("1e+3", 1000.0),
        ("0.1234567890123456789", 0.123_456_789_012_345_68),
        ("123456789012345678901234567890", 1.234_567_890_123_456_8e29),
        ("0.00000000000000000001", 1e-20),
        ("1e-400", 0.0),
        ("1e-99999999999999999999", 0.0),
        ("0e+99999999999999999999", 0.0),
    ] {
        check(text, expected);
    }
    assert!(
        to_f64(read("1e400").and_then(|v| v.as_number().cloned()).as_ref().expect("a number")).is_infinite()
    );
}

/// Guards against counting the digits of a number with a counter that is too small for them.
#[test]
fn numbers_of_very_many_digits_are_what_they_say() {
    let zeros = "0".repeat(40_000);
    check(&format!("0.{zeros}1"), 0.0);
    let huge = read(&format!("1{zeros}")).and_then(|value| value.as_number().map(to_f64));
    assert_eq!(huge, Some(f64::INFINITY));
}

#[test]
fn shares_are_written_as_people_write_them() {
    for (number, text) in
        [(0.0, "0"), (1.0, "1"), (0.6, "0.6"), (0.07, "0.07"), (1.0 / 3.0, "0.333333333333333"), (2.5, "2.5")]
    {
        assert_eq!(write(&decimal(number)), text);
        assert_eq!(
            write(&decimal(to_f64(decimal(number).as_number().expect("a number")))),
            text,
            "and again"
        );
    }
}

#[test]
fn one_line_is_one_line() {
    let value = object(vec![("a", "two\nlines".into()), ("b", vec!["x"].into()), ("c", object(vec![]))]);
    assert_eq!(write(&value), r#"{"a": "two\nlines","b": ["x"],"c": {}}"#);
    assert_eq!(read(&write(&value)), Some(value.clone()));
    assert_eq!(read(&write_indented(&value)), Some(value));
}

#[test]
fn a_value_ends_where_it_ends() {
    let (value, rest) = read_first(r#"{"a": 1} and more {"#).expect("an object first");
    assert_eq!((write(&value).as_str(), rest), (r#"{"a": 1}"#, " and more {"));
    assert_eq!(read_first("nothing"), None);
}

#[test]
fn what_is_wrong_is_said_with_its_place() {
    for (text, says) in [
        (r#"{"a": 1, "a": 2}"#, "“a” stands there twice at line 1 column"),
        ("[[[[1]]]]", "nested deeper than 3 levels"),
        ("{\"a\": 1\n", "line 2"),
        ("{} {}", "trailing characters"),
    ] {
        let error = read_strictly(text, 3).expect_err(text);
        assert!(error.contains(says), "{text}: {error}");
    }
    assert_eq!(read(r#"{"a": 1, "a": 2}"#).map(|value| write(&value)).as_deref(), Some(r#"{"a": 2}"#));
}

/// Guards against a text that is taken for the digits of a number, and written out as it is.
#[test]
fn nothing_smuggles_itself_in_as_a_number() {
    let value = read(r#"{"$serde_json::private::Number": "1, \"x\": 2"}"#).expect("JSON");
    assert_eq!(write(&value), r#""1, \"x\": 2""#);
    assert!(read_strictly(r#"{"$serde_json::private::Number": [1], "b": 2}"#, 3).is_err());
}

/// Guards against a stack that ends before the text does.
#[test]
fn depth_has_an_end() {
    assert_eq!(read(&"[".repeat(100_000)), None);
    assert!(read(&format!("{}{}", "[".repeat(100), "]".repeat(100))).is_some());
}
