//! JSON objects from values.

use serde_json::{Map, Value};

/// An object with these fields. `json!` would serialize every value once more, and bring the code
/// for that to the page.
pub fn object(fields: Vec<(&str, Value)>) -> Value {
    let mut object = Map::new();
    for (name, value) in fields {
        object.insert(name.to_string(), value);
    }
    Value::Object(object)
}
