//! The readable link: a ready scenario by its name and revision, and the settings that differ from
//! it, as in `gettysburg.1&cap=4&rpm=30&sum=9f2c`. People type it and make lists of it; what it may
//! say is described in `docs/links.md`.
//!
//! A link that the page made ends in a sum. One without was typed; one with another was changed,
//! and opens with a word about that.

use serde_json::Value;

use super::draft::Draft;
use super::file::{self, FileError, Opened};
use super::gallery::{READY, REVISION, Ready};
use super::link::{self, LinkError};
use crate::json;

/// What a setting may say. Ranges are those of the scenario file, whose reader keeps values in them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Number,
    /// A number or `none`.
    Optional,
    /// One of a few words.
    Word,
    /// `1` or `0`.
    Flag,
}

/// A setting that a readable link can change.
#[derive(Clone, Copy, Debug)]
pub struct Key {
    /// Its name in links. Once published it never means anything else.
    pub name: &'static str,
    /// Where it stands in the scenario file.
    pub field: &'static str,
    pub kind: Kind,
}

const fn key(name: &'static str, field: &'static str, kind: Kind) -> Key {
    Key { name, field, kind }
}

use Kind::{Flag, Number, Optional, Word};

pub static KEYS: [Key; 55] = [
    key("cap", "limits.concurrency", Number),
    key("rpm", "limits.requests_per_minute", Optional),
    key("burst", "limits.burst", Number),
    key("tpm", "limits.tokens_per_minute", Optional),
    key("ask", "limits.admission", Word),
    key("tries", "limits.attempts", Number),
    key("n", "voting.votes", Number),
    key("fan", "map_reduce.fan_in", Number),
    key("seed", "seed", Number),
    key("speed", "simulation.speed", Word),
    key("faults", "simulation.fault_percent", Number),
    key("right", "simulation.difficulty", Number),
    key("shared", "simulation.shared_error", Number),
    key("correct", "voting.correct", Optional),
    key("part-tokens", "sectioning.section_max_tokens", Number),
    key("merge-tokens", "sectioning.synthesis_max_tokens", Number),
    key("vote-tokens", "voting.max_tokens", Number),
    key("map-tokens", "map_reduce.map_max_tokens", Number),
    key("reduce-tokens", "map_reduce.reduce_max_tokens", Number),
    key("fail", "failures.policy", Word),
    key("failures", "failures.count", Number),
    key("entry", "order.entry", Word),
    key("window", "order.size", Number),
    key("deliver", "order.delivery", Word),
    key("limiters", "limits.limiters", Word),
    key("rolling", "limits.rolling_minute", Flag),
    key("adaptive", "limits.adaptive", Flag),
    key("resume", "limits.after_pause", Word),
    key("budget", "limits.budget_mills", Optional),
    key("refusals", "retries.refusals", Number),
    key("backoff", "retries.base_ms", Number),
    key("backoff-most", "retries.cap_ms", Number),
    key("jitter", "retries.jitter", Word),
    key("retry-budget", "retries.budget", Flag),
    key("attempt-s", "timeouts.attempt_s", Optional),
    key("first-token-s", "timeouts.first_token_s", Optional),
    key("idle-s", "timeouts.idle_s", Optional),
    key("queue-s", "timeouts.queue_s", Optional),
    key("call-s", "timeouts.call_s", Optional),
    key("run-s", "timeouts.run_s", Optional),
    key("clean-up-ms", "simulation.clean_up_ms", Number),
    key("single", "compare.single", Flag),
    key("rule", "voting.rule", Word),
    key("judge", "voting.judge", Flag),
    key("any-case", "voting.read_case", Flag),
    key("any-punctuation", "voting.read_punctuation", Flag),
    key("as-number", "voting.read_number", Flag),
    key("as-option", "voting.read_options", Flag),
    key("stop", "voting.stop", Word),
    key("stop-window", "voting.stop_window", Number),
    key("combine", "map_reduce.combine", Word),
    key("longest-first", "map_reduce.longest_first", Flag),
    key("split", "map_reduce.split", Word),
    key("piece", "map_reduce.split_tokens", Number),
    key("context", "map_reduce.context_tokens", Optional),
];

/// The name of the sum that stands last.
const SUM: &str = "sum";

/// A readable link as it was written.
#[derive(Debug)]
pub struct Readable {
    pub ready: Ready,
    pub revision: u32,
    settings: Vec<(&'static Key, String)>,
    sum: Option<String>,
}

/// Whether a name in a link is a setting, or the sum of some.
pub(super) fn is_setting(name: &str) -> bool {
    name == SUM || KEYS.iter().any(|key| key.name == name)
}

/// Reads a fragment, with or without its number sign. None names no ready scenario.
pub fn parse(fragment: &str) -> Result<Option<Readable>, LinkError> {
    let repaired = link::repair(fragment);
    let body = link::body(&repaired);
    let (name, revision) = match body.split_once('.') {
        Some((name, revision)) => (name, revision.parse().unwrap_or(0)),
        None => (body, REVISION),
    };
    let Some(ready) = READY.into_iter().find(|ready| ready.name.eq_ignore_ascii_case(name)) else {
        return Ok(None);
    };
    if revision == 0 {
        return Err(LinkError::Incomplete { characters: body.len() });
    }
    if revision > REVISION {
        return Err(LinkError::Newer { what: format!("revision {revision} of {name}") });
    }
    let mut readable = Readable { ready, revision, settings: Vec::new(), sum: None };
    for (name, value) in link::pairs(&repaired) {
        if name == SUM {
            readable.sum = Some(value.to_string());
        } else if let Some(key) = KEYS.iter().find(|key| key.name == name) {
            readable.settings.push((key, value.to_string()));
        }
    }
    Ok(Some(readable))
}

/// The fragment of a draft that differs from a ready scenario in settings alone, without the number
/// sign. None where texts differ: those are not for the address bar.
pub fn fragment(ready: Ready, revision: u32, base: &Draft, draft: &Draft) -> Option<String> {
    let (mut before, mut now) = (file::value(base), file::value(draft));
    let mut settings = Vec::new();
    for key in &KEYS {
        let (old, new) = (take(&mut before, key.field), take(&mut now, key.field));
        if old != new {
            settings.extend(new.map(|new| (key, new)));
        }
    }
    // As texts: to compare values in depth would be code of its own.
    let is_same = json::write(&before) == json::write(&now);
    is_same.then(|| Readable { ready, revision, settings, sum: None }.write())
}

impl Readable {
    /// Opens it on the text of the ready scenario it names.
    pub fn open(&self, text: &str) -> Result<Opened, FileError> {
        let mut notices = Vec::new();
        let mut scenario = json::read(text).unwrap_or_default();
        for (i, (key, value)) in self.settings.iter().enumerate() {
            let again = self.settings.iter().skip(i + 1).any(|(other, _)| other.name == key.name);
            match read(key.kind, value) {
                _ if again => notices.push(format!("{} stands there twice; the last counts.", key.name)),
                Some(value) => put(&mut scenario, key.field, value),
                None => notices.push(format!("{}={value} is no value it can have; left out.", key.name)),
            }
        }
        let mut opened = file::read(&json::write(&scenario))?;
        notices.append(&mut opened.notices);
        Ok(Opened { notices, ..opened })
    }

    /// Whether somebody changed it after it was made. A link that was typed has no sum and is as meant.
    pub fn is_altered(&self) -> bool {
        self.sum.as_ref().is_some_and(|sum| *sum != sum_of(&self.without_sum()))
    }

    /// The settings as the link has them, for people.
    pub fn settings(&self) -> String {
        let settings = self.settings.iter().map(|(key, value)| format!("{} {value}", key.name));
        settings.collect::<Vec<_>>().join(", ")
    }

    fn write(&self) -> String {
        let text = self.without_sum();
        match self.settings.is_empty() {
            true => text,
            false => format!("{text}&{SUM}={}", sum_of(&text)),
        }
    }

    fn without_sum(&self) -> String {
        let settings = self.settings.iter().map(|(key, value)| format!("&{}={value}", key.name));
        format!("/{}.{}{}", self.ready.name, self.revision, settings.collect::<String>())
    }
}

/// Sixteen bits: a changed character changes eight in a row, which such a sum always sees.
fn sum_of(text: &str) -> String {
    format!("{:04x}", link::crc(text.as_bytes(), 0xA001, 0xFFFF))
}

/// A value as a link has it.
fn written(value: Value) -> String {
    match value {
        Value::Null => "none".to_string(),
        Value::Bool(on) => u8::from(on).to_string(),
        Value::String(word) => word,
        other => json::write(&other),
    }
}

/// A value as the file has it; none where it is of another kind.
fn read(kind: Kind, text: &str) -> Option<Value> {
    match (kind, text) {
        (Kind::Word, word) => Some(word.into()),
        (Kind::Flag, "0" | "1") => Some((text == "1").into()),
        (Kind::Optional, "none") => Some(Value::Null),
        (Kind::Number | Kind::Optional, digits) => json::read(digits).filter(Value::is_number),
        _ => None,
    }
}

/// Takes a setting out of a scenario, and its group where that was all it held.
fn take(scenario: &mut Value, field: &str) -> Option<String> {
    let scenario = scenario.as_object_mut()?;
    let Some((name, key)) = field.split_once('.') else { return scenario.remove(field).map(written) };
    let group = scenario.get_mut(name)?.as_object_mut()?;
    let value = group.remove(key).map(written);
    if group.is_empty() {
        scenario.remove(name);
    }
    value
}

fn put(scenario: &mut Value, field: &str, value: Value) {
    let Some(scenario) = scenario.as_object_mut() else { return };
    match field.split_once('.') {
        Some((group, key)) => {
            let group = scenario.entry(group).or_insert_with(|| json::object(Vec::new()));
            if let Value::Object(group) = group {
                group.insert(key.to_string(), value);
            }
        }
        None => {
            scenario.insert(field.to_string(), value);
        }
    }
}
