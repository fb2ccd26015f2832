//! A scenario has no field for a secret or an endpoint, in what is written and in what is described.

use fanout::scenario::file;
use serde_json::Value;

use crate::sample::{odd, ready_files};
use crate::schema::schema;

/// No name, at any depth, that could hold a key, a host or what a run left behind.
fn check(what: &str, value: &Value) {
    const NEVER: [&str; 16] = [
        "key",
        "apikey",
        "token",
        "secret",
        "password",
        "authorization",
        "bearer",
        "baseurl",
        "url",
        "uri",
        "headers",
        "endpoint",
        "proxy",
        "organization",
        "host",
        "path",
    ];
    match value {
        Value::Object(object) => {
            for (name, value) in object {
                let letters: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
                let is_secret = NEVER.iter().any(|never| letters.eq_ignore_ascii_case(never));
                assert!(!is_secret, "{what} has a field {name}");
                check(what, value);
            }
        }
        Value::Array(values) => values.iter().for_each(|value| check(what, value)),
        _ => {}
    }
}

#[test]
fn no_written_file_has_a_field_for_a_secret() {
    for draft in odd() {
        check(&draft.title, &serde_json::from_str(&file::write(&draft)).expect("JSON"));
    }
    for (name, text) in ready_files() {
        let draft = file::read(&text).expect("a scenario").draft;
        check(&name, &serde_json::from_str(&file::write(&draft)).expect("JSON"));
    }
}

#[test]
fn the_schema_describes_no_field_for_a_secret() {
    check("the schema", &schema());
}
