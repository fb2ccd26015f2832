//! What no scenario may hold.

use serde_json::Value;

/// Names that carry secrets, choose endpoints or reach into a script's objects, by their letters
/// alone. They mean nothing in a scenario and never will, so they are dropped wherever they stand.
const FORBIDDEN: [&str; 18] = [
    "key",
    "apikey",
    "token",
    "accesstoken",
    "secret",
    "password",
    "bearer",
    "authorization",
    "baseurl",
    "url",
    "uri",
    "headers",
    "endpoint",
    "proxy",
    "cookie",
    "proto",
    "constructor",
    "prototype",
];

/// Names in the list, after which there are only more of them.
const MOST_NAMED: usize = 20;

/// Whether a name is one of them.
pub(super) fn is_forbidden(name: &str) -> bool {
    let letters: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
    FORBIDDEN.iter().any(|other| letters.eq_ignore_ascii_case(other))
}

/// Takes forbidden names out of a value, wherever they stand, and puts each into the list once.
pub fn take_out(value: &mut Value, forbidden: &mut Vec<String>) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| take_out(item, forbidden)),
        Value::Object(object) => {
            for (name, mut value) in std::mem::take(object) {
                // Within what is dropped too, so that all of it is named.
                take_out(&mut value, forbidden);
                if !is_forbidden(&name) {
                    object.insert(name, value);
                } else if forbidden.len() < MOST_NAMED && !forbidden.contains(&name) {
                    forbidden.push(if forbidden.len() + 1 < MOST_NAMED { name } else { "…".to_string() });
                }
            }
        }
        _ => {}
    }
}
