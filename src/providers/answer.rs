//! Reads a model's words into the typed fields of its task, as tolerantly as a person would.

use std::iter;

use serde_json::{Map, Value};

use crate::engine::call::{Answer, Task};
use crate::json;

/// Reads a reply. What does not have the shape the task asks for is `Answer::Text`, without the
/// thinking that some models write before it.
pub fn read_answer(task: &Task, reply: &str) -> Answer {
    let text = after_thinking(reply);
    // The last object that fits, for models that think aloud correct themselves.
    let structured = objects(text).filter_map(|object| fields_of(task, object)).last();
    let slipped = || objects(&repaired(text)).filter_map(|object| fields_of(task, object)).last();
    let free = || match task {
        Task::Vote { .. } => marked_vote(text),
        _ => None,
    };
    structured.or_else(slipped).or_else(free).unwrap_or_else(|| Answer::Text(text.trim().to_string()))
}

/// What can be read of an answer while it is written: of an object the text of its first field.
pub fn so_far(partial: &str) -> String {
    let text = after_thinking(partial).trim_start();
    if !text.starts_with(['{', '`']) {
        return text.to_string();
    }
    let field = ["\"content\"", "\"summary\"", "\"answer\""].iter().find_map(|name| {
        let (_, rest) = text.split_once(name)?;
        rest.trim_start().strip_prefix(':')?.trim_start().strip_prefix('"')
    });
    let Some(field) = field else { return String::new() };
    let mut is_escaped = false;
    let end = field.find(|c| {
        let ends = c == '"' && !is_escaped;
        is_escaped = c == '\\' && !is_escaped;
        ends
    });
    let written = field.get(..end.unwrap_or(field.len())).unwrap_or_default();
    // An escape may be cut in two: what is before it can be read.
    let whole = written.rfind('\\').and_then(|at| written.get(..at)).unwrap_or_default();
    [written, whole]
        .into_iter()
        .find_map(|text| Some(json::read(&format!("\"{text}\""))?.as_str()?.to_string()))
        .unwrap_or_default()
}

/// Some servers leave a model's thinking in its text, and some of those drop the opening tag.
fn after_thinking(reply: &str) -> &str {
    let mut text = reply;
    // What begins as an answer has no thinking before it, and may tell of such a tag itself.
    while !text.trim_start().starts_with(['{', '`']) {
        match text.split_once("</think>") {
            Some((_, answer)) if !answer.trim().is_empty() => text = answer,
            _ => break,
        }
    }
    text
}

const MAX_BRACES: u32 = 1000;

/// Every JSON object in a text that is not within another: bare, after prose, in a code fence.
fn objects(text: &str) -> impl Iterator<Item = Map<String, Value>> {
    let mut rest = text;
    // Deep nesting costs time at each of its braces, so there is an end to trying.
    let mut tries = 0..MAX_BRACES;
    iter::from_fn(move || {
        loop {
            tries.next()?;
            let (_, from_brace) = rest.split_at_checked(rest.find('{')?)?;
            match json::read_first(from_brace) {
                Some((Value::Object(object), behind)) => {
                    rest = behind;
                    return Some(object);
                }
                _ => rest = from_brace.get(1..)?,
            }
        }
    })
}

/// The two slips that are cheap to undo: commas before a closing bracket, line breaks within strings.
fn repaired(text: &str) -> String {
    let mut repaired = String::with_capacity(text.len());
    let mut in_string = false;
    let mut escaped = false;
    // Quotes in prose before the object would turn inside and outside around.
    for c in text.chars().skip_while(|c| *c != '{') {
        match c {
            '"' if !escaped => in_string = !in_string,
            '\n' | '\r' | '\t' if in_string => {
                repaired.extend(c.escape_default());
                continue;
            }
            '}' | ']' if !in_string => {
                let kept = repaired.trim_end();
                if let Some(kept) = kept.strip_suffix(',') {
                    repaired.truncate(kept.len());
                }
            }
            _ => {}
        }
        escaped = in_string && c == '\\' && !escaped;
        repaired.push(c);
    }
    repaired
}

fn fields_of(task: &Task, object: Map<String, Value>) -> Option<Answer> {
    direct_fields_of(task, &object).or_else(|| {
        // {"result": {…}}: the fields are one level further in.
        let mut values = object.into_iter();
        match (values.next(), values.next()) {
            (Some((_, Value::Object(inner))), None) => fields_of(task, inner),
            _ => None,
        }
    })
}

fn direct_fields_of(task: &Task, object: &Map<String, Value>) -> Option<Answer> {
    match task {
        Task::Section { .. } | Task::Synthesis { .. } => {
            let content = words(field(object, "content")?)?;
            let key_points = field(object, "keypoints").map(points).unwrap_or_default();
            Some(Answer::Points { content, key_points })
        }
        Task::Vote { .. } => Some(Answer::Vote {
            answer: words(field(object, "answer")?)?,
            confidence: field(object, "confidence").and_then(confidence),
            reasoning: field(object, "reasoning").and_then(words).unwrap_or_default(),
        }),
        Task::Summary { .. } | Task::Reduce { .. } => {
            Some(Answer::Summary { summary: words(field(object, "summary")?)? })
        }
    }
}

/// A field by its name in lower case letters: `keypoints` finds `key_points` and `Key Points`.
fn field<'a>(object: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    let spelled =
        |key: &str| key.chars().filter(|c| c.is_alphanumeric()).collect::<String>().to_ascii_lowercase();
    object.iter().find(|(key, _)| spelled(key) == name).map(|(_, value)| value)
}

/// A value as text; none where it says nothing.
fn words(value: &Value) -> Option<String> {
    let text = match value {
        Value::Null => return None,
        Value::String(text) => text.trim().to_string(),
        Value::Array(values) => values.iter().filter_map(words).collect::<Vec<_>>().join("\n"),
        other => json::write(other),
    };
    Some(text).filter(|text| !text.is_empty())
}

/// One point per item of a list, or per line of a text.
fn points(value: &Value) -> Vec<String> {
    let without_bullet = |line: &str| line.trim_start_matches(['-', '*', '•', ' ']).trim().to_string();
    let lines: Vec<String> = match value {
        Value::Array(values) => values.iter().filter_map(words).collect(),
        other => words(other).iter().flat_map(|text| text.lines()).map(without_bullet).collect(),
    };
    lines.into_iter().filter(|line| !line.is_empty()).collect()
}

/// A share between 0 and 1, from 0.85, 85, "0.85" or "85%".
fn confidence(value: &Value) -> Option<f64> {
    let parse = |text: &str| Some(json::to_f64(json::read(text)?.as_number()?));
    let (number, is_percent) = match value {
        Value::Number(number) => (json::to_f64(number), false),
        Value::String(text) => match text.trim().strip_suffix('%') {
            Some(percent) => (parse(percent)?, true),
            None => (parse(text)?, false),
        },
        _ => return None,
    };
    let share = if is_percent || number > 1.0 { number / 100.0 } else { number };
    (0.0..=1.0).contains(&share).then_some(share)
}

/// A vote in free text whose last "Answer: …" line says what it comes to.
fn marked_vote(text: &str) -> Option<Answer> {
    let last_of = |label| text.lines().rev().find_map(|line| labelled(line, label));
    let answer = last_of("final answer").or_else(|| last_of("answer"))?;
    Some(Answer::Vote {
        answer: answer.to_string(),
        confidence: last_of("confidence").and_then(|share| confidence(&Value::from(share))),
        reasoning: text.trim().to_string(),
    })
}

/// What stands behind a label at the start of a line, without the marks of Markdown around both.
fn labelled<'a>(line: &'a str, label: &str) -> Option<&'a str> {
    let is_mark = |c: char| c.is_whitespace() || matches!(c, '*' | '_' | '#' | '>' | '`');
    let (before, after) = line.split_once(':')?;
    let value = after.trim_matches(is_mark);
    (before.trim_matches(is_mark).eq_ignore_ascii_case(label) && !value.is_empty()).then_some(value)
}
