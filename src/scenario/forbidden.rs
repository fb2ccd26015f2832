//! What no scenario may hold.

use serde_json::Value;

/// Names that carry secrets, choose endpoints or reach into a script's objects. They mean nothing
/// in a scenario and never will, so they are dropped wherever they stand.
const FORBIDDEN: [&str; 15] = [
    "key",
    "api_key",
    "apikey",
    "token",
    "secret",
    "authorization",
    "base_url",
    "baseurl",
    "url",
    "headers",
    "endpoint",
    "proxy",
    "__proto__",
    "constructor",
    "prototype",
];

/// Takes forbidden names out of a value, wherever they stand, and puts them into the list.
pub fn take_out(value: &mut Value, forbidden: &mut Vec<String>) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| take_out(item, forbidden)),
        Value::Object(object) => {
            for (name, mut value) in std::mem::take(object) {
                // Within what is dropped too, so that all of it is named.
                take_out(&mut value, forbidden);
                if FORBIDDEN.iter().any(|other| name.eq_ignore_ascii_case(other)) {
                    forbidden.push(name);
                } else {
                    object.insert(name, value);
                }
            }
        }
        _ => {}
    }
}
