//! What a run is called before somebody names it.

use super::differences::differences;
use super::kept::Kept;
use crate::format::count;
use crate::scenario::draft::{Admission, Draft};

/// What the run is about, in a few words: “8 at once, 60 a minute, ask first”.
pub fn of(draft: &Draft) -> String {
    let limits = &draft.limits;
    let mut parts = vec![format!("{} at once", limits.concurrency)];
    parts.extend(limits.requests_per_minute.map(|n| format!("{} a minute", count(n.into()))));
    parts.extend(limits.tokens_per_minute.map(|n| format!("{} tokens a minute", count(n.into()))));
    if parts.len() > 1 {
        parts.push(match limits.admission {
            Admission::AskFirst => "ask first".to_string(),
            Admission::SendAndRetry => "send and retry".to_string(),
        });
    }
    parts.join(", ")
}

/// The name with what makes the run another one than those that are kept under it.
pub fn told_apart(kept: &Kept, others: &[Kept]) -> String {
    let taken = |name: &str| others.iter().find(|other| other.name == name);
    let Some(namesake) = taken(&kept.name) else { return kept.name.clone() };
    let name = format!("{}{}", kept.name, difference(kept, namesake).unwrap_or_default());
    let mut free = name.clone();
    let mut n = 2;
    while taken(&free).is_some() {
        free = format!("{name} ({n})");
        n += 1;
    }
    free
}

/// Characters of a value that fit into a name.
const LONGEST: usize = 24;

fn difference(kept: &Kept, other: &Kept) -> Option<String> {
    let all = differences(&[kept.settings(), other.settings()]);
    // Another title is another matter altogether.
    let telling = all.iter().find(|difference| difference.path == "title").or(all.first())?;
    let value = telling.values.first()?.as_ref();
    let leaf = telling.path.rsplit('.').next()?.replace('_', " ");
    Some(match telling.path.as_str() {
        "title" | "answered" => format!(", {}", value?.chars().take(LONGEST).collect::<String>()),
        path if path.starts_with("changes") => ", changed on the way".to_string(),
        _ => match value.filter(|value| value.chars().count() <= LONGEST) {
            Some(value) => format!(", {leaf} {value}"),
            None => format!(", other {leaf}"),
        },
    })
}
