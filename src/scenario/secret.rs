//! Secrets that stand in texts by mistake: a key pasted into a prompt would travel with a link.
//!
//! Found by their shapes, so some are missed and some that are found are none: a person decides.

use std::ops::Range;

use serde_json::Value;

/// What looks like a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Secret {
    /// The field of the scenario file.
    pub place: String,
    /// What stands before it and how it begins: enough to find it, too little to use it.
    pub excerpt: String,
}

/// What stands in the place of a secret that was taken out.
pub const REMOVED: &str = "[removed]";

/// Takes out of all texts of a scenario what looks like a secret.
pub fn take_out(scenario: &mut Value) -> Vec<Secret> {
    let mut found = Vec::new();
    walk(scenario, "", &mut found);
    found
}

fn walk(value: &mut Value, place: &str, found: &mut Vec<Secret>) {
    match value {
        Value::String(text) => {
            let spans = spans(text);
            found.extend(
                spans.iter().map(|span| Secret { place: place.to_string(), excerpt: excerpt(text, span) }),
            );
            for span in spans.into_iter().rev() {
                text.replace_range(span, REMOVED);
            }
        }
        Value::Array(items) => {
            for (i, item) in items.iter_mut().enumerate() {
                walk(item, &format!("{place}[{}]", i + 1), found);
            }
        }
        Value::Object(object) => {
            for (name, value) in object.iter_mut() {
                let dot = if place.is_empty() { "" } else { "." };
                walk(value, &format!("{place}{dot}{name}"), found);
            }
        }
        _ => {}
    }
}

fn excerpt(text: &str, span: &Range<usize>) -> String {
    let before: Vec<char> = text[..span.start].chars().rev().take(24).collect();
    let before: String = before.into_iter().rev().collect();
    let begins: String = text[span.clone()].chars().take(6).collect();
    format!("{before}{begins}…")
}

/// Where secrets stand in a text, in its order.
pub fn spans(text: &str) -> Vec<Range<usize>> {
    let mut spans: Vec<Range<usize>> = Vec::new();
    let mut from = 0;
    while let Some(span) = next(text, from) {
        from = span.end;
        spans.push(span);
    }
    spans
}

const PEM: &str = "-----BEGIN ";

/// The first secret that begins at `from` or later.
fn next(text: &str, from: usize) -> Option<Range<usize>> {
    let rest = text.get(from..)?;
    let block = rest.find(PEM).map(|at| {
        let end = rest[at..].find("-----END ").map_or(rest.len(), |end| {
            let line = rest[at + end..].find('\n');
            line.map_or(rest.len(), |line| at + end + line)
        });
        from + at..from + end
    });
    let word = runs(rest).find(|run| is_secret(&rest[run.clone()]) || is_carried(rest, run));
    let word = word.map(|run| from + run.start..from + run.end);
    match (block, word) {
        (Some(block), Some(word)) if word.end <= block.start => Some(word),
        (Some(block), _) => Some(block),
        (None, word) => word,
    }
}

/// Stretches of the characters that keys are made of, without dots and dashes around them.
fn runs(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '+' | '/' | '.');
    let mut behind = 0;
    text.split(move |c: char| !is_part(c)).map(move |run| {
        let begin = behind;
        // Whatever parts two runs is one character.
        let parting = text[begin + run.len()..].chars().next();
        behind = begin + run.len() + parting.map_or(0, char::len_utf8);
        let left = run.trim_start_matches(|c: char| !c.is_ascii_alphanumeric());
        let word = left.trim_end_matches(|c: char| !c.is_ascii_alphanumeric());
        let begin = begin + run.len() - left.len();
        begin..begin + word.len()
    })
}

/// Beginnings of keys, and how many characters those have at least. Each has a digit somewhere,
/// which words of prose have not.
const BEGINNINGS: [(&str, usize); 9] = [
    ("sk-", 19),
    ("AKIA", 20),
    ("ASIA", 20),
    ("ghp_", 20),
    ("gho_", 20),
    ("ghs_", 20),
    ("github_pat_", 30),
    ("AIza", 30),
    ("xoxb-", 20),
];

fn is_secret(run: &str) -> bool {
    let has_digit = run.bytes().any(|c| c.is_ascii_digit());
    let begins =
        BEGINNINGS.iter().any(|(beginning, least)| run.starts_with(beginning) && run.len() >= *least);
    has_digit && begins || is_random(run) || run.split(['.', '/']).any(is_random)
}

/// Whether a word stands behind “Bearer” that could be a key.
fn is_carried(text: &str, run: &Range<usize>) -> bool {
    let word = &text[run.clone()];
    let before = text[..run.start].trim_end();
    let bearer = before.len().checked_sub(6).and_then(|at| before.get(at..));
    bearer.is_some_and(|bearer| bearer.eq_ignore_ascii_case("bearer"))
        && before.len() < run.start
        && word.len() >= 16
        && word.bytes().any(|c| c.is_ascii_digit())
}

/// The characters from which on a stretch may be a key that was drawn at random.
const RANDOM_LEAST: usize = 32;

/// Whether capitals, small letters and digits change as often as only chance has them do.
fn is_random(run: &str) -> bool {
    let class = |c: u8| match c {
        b'a'..=b'z' => 1,
        b'A'..=b'Z' => 2,
        b'0'..=b'9' => 3,
        _ => 0,
    };
    let classes: Vec<u8> = run.bytes().map(class).collect();
    let n_digits = classes.iter().filter(|class| **class == 3).count();
    let changes = classes.windows(2).filter(|pair| pair[0] != pair[1] && pair[0] * pair[1] > 0).count();
    // An identifier in five groups, as many documents have it, opens nothing.
    let is_uuid = run.len() == 36 && [8, 13, 18, 23].iter().all(|at| run.as_bytes()[*at] == b'-');
    run.len() >= RANDOM_LEAST && n_digits >= 2 && changes * 4 >= run.len() && !is_uuid
}
