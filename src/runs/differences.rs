//! What differs between scenarios: where it stands in their files, and what stands there.

use serde_json::{Map, Value};

use crate::json;

/// A place where not all have the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// `limits.concurrency`, `map_reduce.documents[2].text`; places in lists count from one.
    pub path: String,
    /// What each has there; none where it has nothing.
    pub values: Vec<Option<String>>,
}

/// Every difference, in the order of the paths.
pub fn differences(files: &[Value]) -> Vec<Difference> {
    let mut found = Vec::new();
    walk(String::new(), &files.iter().map(Some).collect::<Vec<_>>(), &mut found);
    found
}

fn walk(path: String, values: &[Option<&Value>], found: &mut Vec<Difference>) {
    if values.windows(2).all(|pair| pair[0] == pair[1]) {
        return;
    }
    let there = || values.iter().flatten();
    if there().all(|value| value.is_object()) {
        // A map sorts its keys with code that is there.
        let mut names = Map::new();
        for object in there().filter_map(|value| value.as_object()) {
            for name in object.keys() {
                names.insert(name.clone(), Value::Null);
            }
        }
        for name in names.keys() {
            let inner = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
            walk(inner, &within(values, |value| value.get(name.as_str())), found);
        }
    } else if there().all(|value| value.is_array()) {
        let longest = there().filter_map(|value| Some(value.as_array()?.len())).max().unwrap_or(0);
        for i in 0..longest {
            walk(format!("{path}[{}]", i + 1), &within(values, |value| value.get(i)), found);
        }
    } else {
        found.push(Difference { path, values: shortened(values) });
    }
}

fn within<'a>(
    values: &[Option<&'a Value>],
    part: impl Fn(&'a Value) -> Option<&'a Value>,
) -> Vec<Option<&'a Value>> {
    values.iter().map(|value| value.and_then(&part)).collect()
}

/// Characters of a value that are shown, and how many of them may be the same in all.
const LONGEST: usize = 80;
const LEAD: usize = 20;

/// The values as text; of long ones what is around the first difference.
fn shortened(values: &[Option<&Value>]) -> Vec<Option<String>> {
    let text = |value: &Value| value.as_str().map_or_else(|| json::write(value), str::to_string);
    let texts: Vec<Option<String>> = values.iter().map(|value| value.map(text)).collect();
    let there: Vec<&String> = texts.iter().flatten().collect();
    let n_same = there.windows(2).map(|pair| n_same(pair[0], pair[1])).min().unwrap_or(0);
    let skipped = if there.iter().all(|text| text.chars().count() <= LONGEST) {
        0
    } else {
        n_same.saturating_sub(LEAD)
    };
    let shorten = |text: &String| {
        let mut rest = text.chars().skip(skipped);
        let mut shown = if skipped > 0 { "…".to_string() } else { String::new() };
        shown.extend(rest.by_ref().take(LONGEST));
        shown.extend(rest.next().map(|_| '…'));
        shown
    };
    texts.iter().map(|text| text.as_ref().map(shorten)).collect()
}

/// How many characters two texts begin with together.
fn n_same(one: &str, other: &str) -> usize {
    one.chars().zip(other.chars()).take_while(|(one, other)| one == other).count()
}
