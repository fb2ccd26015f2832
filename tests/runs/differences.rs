//! What differs between scenarios.

use fanout::runs::differences::differences;
use serde_json::{Value, json};

/// A path, and what each value has there; `–` where it has nothing.
fn check(values: &[Value], expected: &[(&str, &[&str])]) {
    let found = differences(values);
    let found: Vec<(&str, Vec<&str>)> = found
        .iter()
        .map(|difference| {
            let values = difference.values.iter().map(|value| value.as_deref().unwrap_or("–"));
            (difference.path.as_str(), values.collect())
        })
        .collect();
    let expected: Vec<(&str, Vec<&str>)> = expected.iter().map(|(path, all)| (*path, all.to_vec())).collect();
    assert_eq!(found, expected);
}

#[test]
fn each_place_where_not_all_have_the_same() {
    check(&[json!({"a": 1}), json!({"a": 1})], &[]);
    check(&[json!({"a": {"b": 1, "c": 2}}), json!({"a": {"b": 3, "c": 2}})], &[("a.b", &["1", "3"])]);
    check(&[json!({"a": null}), json!({"a": 60})], &[("a", &["null", "60"])]);
    // The third differs, the second does not.
    check(&[json!({"a": "x"}), json!({"a": "x"}), json!({"a": "y"})], &[("a", &["x", "x", "y"])]);
}

/// Guards against differences between neighbours only: the first and the last are the same.
#[test]
fn the_second_of_three_may_be_the_one_that_differs() {
    check(&[json!({"a": 1}), json!({"a": 2}), json!({"a": 1})], &[("a", &["1", "2", "1"])]);
}

#[test]
fn a_group_that_is_missing_has_nothing_in_each_of_its_places() {
    let one = json!({"order": {"entry": "window", "size": 4}});
    check(&[one, json!({})], &[("order.entry", &["window", "–"]), ("order.size", &["4", "–"])]);
}

#[test]
fn lists_differ_item_by_item_counted_from_one() {
    let documents = |texts: &[&str]| -> Value {
        json!({"documents": texts.iter().map(|text| json!({"text": text})).collect::<Vec<_>>()})
    };
    check(
        &[documents(&["a", "b"]), documents(&["a", "c", "d"])],
        &[("documents[2].text", &["b", "c"]), ("documents[3].text", &["–", "d"])],
    );
    check(&[json!({"a": [1]}), json!({"a": {"b": 1}})], &[("a", &["[1]", "{\"b\": 1}"])]);
}

/// Guards against two long texts of which the same beginning is shown.
#[test]
fn long_texts_are_shown_around_their_first_difference() {
    let text = |end: &str| json!({"a": format!("{}{end}{}", "é".repeat(500), "z".repeat(500))});
    let found = differences(&[text("one"), text("two")]);
    let [one, two] = [0, 1].map(|i| found[0].values[i].clone().expect("a text"));
    assert!(one.contains("one") && two.contains("two"), "{one} {two}");
    assert!(one.chars().count() < 100, "{one}");
    assert!(one.starts_with("…é") && one.ends_with("z…"), "{one}");
}
