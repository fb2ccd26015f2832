//! Holds a value against its description: the part of JSON Schema that our schemas use.

use std::fs;
use std::path::Path;

use serde_json::Value;

/// The schema `public/NAME.schema.json`.
pub fn schema(name: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("public/{name}.schema.json"));
    serde_json::from_str(&fs::read_to_string(path).expect("the schema is there")).expect("JSON")
}

/// Follows a reference into the schema's definitions.
fn resolved<'a>(root: &'a Value, mut schema: &'a Value) -> &'a Value {
    while let Some(place) = schema.get("$ref").and_then(Value::as_str) {
        schema =
            root.pointer(place.trim_start_matches('#')).unwrap_or_else(|| panic!("{place} leads nowhere"));
    }
    schema
}

/// Every key of `value` is described, of a type that is allowed, and within its range; nothing that is
/// required is missing.
pub fn check(schema: &Value, place: &str, value: &Value) {
    check_part(schema, schema, place, value);
}

fn check_part(root: &Value, part: &Value, place: &str, value: &Value) {
    // Another schema has tests of its own.
    if part.get("$ref").and_then(Value::as_str).is_some_and(|place| place.ends_with(".json")) {
        return;
    }
    let described = resolved(root, part);
    check_type(described, place, value);
    match value {
        Value::Object(object) => {
            for (name, value) in object {
                let place = format!("{place}.{name}");
                let property = described["properties"].get(name).or(described.get("additionalProperties"));
                check_part(
                    root,
                    property.unwrap_or_else(|| panic!("{place} is not described")),
                    &place,
                    value,
                );
            }
            for name in described["required"].as_array().into_iter().flatten() {
                assert!(object.contains_key(name.as_str().expect("a name")), "{place} lacks {name}");
            }
        }
        Value::Array(values) => {
            for value in values {
                check_part(root, &described["items"], place, value);
            }
        }
        Value::Number(number) => {
            let number = number.as_f64().expect("a number");
            assert!(described["minimum"].as_f64().is_none_or(|least| least <= number), "{place}: {number}");
            assert!(described["maximum"].as_f64().is_none_or(|most| number <= most), "{place}: {number}");
        }
        _ => {}
    }
    if let Some(allowed) = described["enum"].as_array() {
        assert!(allowed.contains(value), "{place}: {value}");
    }
    if let Some(only) = described.get("const") {
        assert_eq!(only, value, "{place}");
    }
}

fn check_type(described: &Value, place: &str, value: &Value) {
    let is = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_u64() => "integer",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    let types = match &described["type"] {
        Value::Array(types) => types.clone(),
        one => vec![one.clone()],
    };
    let fits = |name: &Value| name == is || (name == "number" && is == "integer");
    assert!(types.iter().any(fits), "{place} is of type {is}, described as {types:?}");
}
