//! `public/scenario.schema.json` describes what is written, key by key.

use fanout::scenario::dial::{About, Dial, Values};
use fanout::scenario::file;
use serde_json::Value;

use crate::described::{self, check};
use crate::sample::{odd, ready_files};

pub fn schema() -> Value {
    described::schema("scenario")
}

#[test]
fn every_ready_scenario_has_only_described_keys() {
    for (name, text) in ready_files() {
        check(&schema(), &name, &serde_json::from_str(&text).expect("JSON"));
    }
}

#[test]
fn everything_that_is_written_is_described() {
    for draft in odd() {
        let written = serde_json::from_str(&file::write(&draft)).expect("JSON");
        check(&schema(), "written", &written);
    }
}

/// Guards against a field whose meaning only the source tells.
#[test]
fn every_field_says_what_it_is() {
    fn walk(schema: &Value, place: &str) {
        for (name, property) in schema["properties"].as_object().into_iter().flatten() {
            let place = format!("{place}.{name}");
            let says = property["description"].as_str().unwrap_or_default();
            assert!(says.len() > 10 && says.ends_with('.'), "{place}: “{says}”");
            walk(property, &place);
        }
    }
    let schema = schema();
    assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
    walk(&schema, "");
    for (name, definition) in schema["$defs"].as_object().expect("definitions") {
        walk(definition, name);
    }
}

/// Guards against a range in the schema that the program does not keep.
#[test]
fn the_ranges_are_those_that_are_kept() {
    fn numbers<'a>(schema: &'a Value, place: &str, found: &mut Vec<(String, &'a Value)>) {
        for (name, property) in schema["properties"].as_object().into_iter().flatten() {
            let place = format!("{place}/{name}");
            if property.get("maximum").is_some() {
                found.push((place.clone(), property));
            }
            numbers(property, &place, found);
        }
    }
    let (schema, mut found) = (schema(), Vec::new());
    numbers(&schema, "", &mut found);
    assert_eq!(found.len(), 32, "{found:?}");
    for (place, property) in found {
        for bound in ["minimum", "maximum"] {
            let value = &property[bound];
            let beyond = if bound == "minimum" {
                value.as_f64().map(|v| v - 1.0)
            } else {
                value.as_f64().map(|v| v * 2.0)
            };
            let notices = |value: Value| {
                file::read(&crate::sample::small_with(&[(&place, value)])).expect("a scenario").notices
            };
            assert_eq!(notices(value.clone()), [""; 0], "{place}");
            assert_eq!(notices(beyond.into()).len(), 1, "{place} beyond its {bound}");
        }
    }
}

/// Guards against a dial that the file has and the schema does not describe as it is.
#[test]
fn every_dial_is_described_as_its_table_has_it() {
    let schema = schema();
    for About { group, key, values, default, .. } in &Dial::ALL {
        let described = &schema["properties"][group]["properties"][key];
        let number = |n: &u32| Value::from(*n);
        let usual = default.as_ref().map_or(Value::Null, number);
        match values {
            Values::Count { least, most } | Values::Optional { least, most } => {
                let bounds = [&described["minimum"], &described["maximum"], &described["default"]];
                assert_eq!(bounds, [&number(least), &number(most), &usual], "{group}.{key}");
                let may_be_null = described["type"].as_array().is_some();
                assert_eq!(may_be_null, matches!(values, Values::Optional { .. }), "{group}.{key}");
            }
            Values::Choice(values) => {
                let names: Vec<&str> = values.iter().map(|(name, _)| *name).collect();
                assert_eq!(described["enum"], Value::from(names.clone()), "{group}.{key}");
                assert_eq!(described["default"], names[0], "{group}.{key}");
            }
            Values::Flag => {
                assert_eq!(described["default"], Value::from(*default == Some(1)), "{group}.{key}")
            }
        }
    }
    for (place, about) in Dial::ALL.iter().enumerate() {
        assert_eq!(about.dial as usize, place, "the table stands in the order of the enum");
    }
}
