//! The scenario file: JSON, version 1, as described by `public/scenario.schema.json`.

use serde_json::{Map, Value};

use super::dial::{About, Dial, Values};
use super::draft::{
    Admission, DocumentDraft, Draft, LimitsDraft, MapReduceDraft, SectionDraft, SectioningDraft,
    SimulationDraft, VotingDraft,
};
use super::forbidden;
use super::reader::Reader;
use crate::engine::call::Prompt;
use crate::json::{self, object};
use crate::providers::simulated::latency::Speed;

/// A draft that was read, and what was changed in reading: values out of range, names dropped.
#[derive(Clone, Debug, PartialEq)]
pub struct Opened {
    pub draft: Draft,
    pub notices: Vec<String>,
}

/// Why a file is not opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileError {
    /// Not JSON, or not a scenario; the sentence says where.
    Malformed(String),
    /// Made by a later version.
    Newer { version: u64 },
}

/// How deep a scenario may be nested, the outermost object included.
const DEEPEST: usize = 12;

/// The version of the format this program writes.
const VERSION: u64 = 1;

pub fn read(text: &str) -> Result<Opened, FileError> {
    if text.trim().is_empty() {
        return Err(FileError::Malformed("This is not a scenario file: it is empty.".to_string()));
    }
    let mut value = json::read_strictly(text, DEEPEST)
        .map_err(|what| FileError::Malformed(format!("This is not a scenario file: {what}.")))?;
    let mut forbidden = Vec::new();
    forbidden::take_out(&mut value, &mut forbidden);
    let Value::Object(object) = value else {
        return Err(FileError::Malformed(
            "This is not a scenario file: it should begin with “{”.".to_string(),
        ));
    };
    match object.get("fanout").and_then(Value::as_u64) {
        Some(VERSION) => {}
        Some(version) if version > VERSION => return Err(FileError::Newer { version }),
        _ => {
            return Err(FileError::Malformed(
                "This is JSON, but not a scenario file: “fanout” should be 1.".to_string(),
            ));
        }
    }
    let mut notices = Vec::new();
    if !forbidden.is_empty() {
        notices.push(format!(
            "Ignored, because a scenario may not hold it: {}. Endpoints and keys are set under Settings.",
            forbidden.join(", ")
        ));
    }
    let draft = draft(&object, &mut notices);
    Ok(Opened { draft, notices })
}

/// The file of a draft. Keys that came with it and are unknown here are written back.
pub fn write(draft: &Draft) -> String {
    json::write_indented(&value(draft)) + "\n"
}

/// What a file of the draft holds.
pub fn value(draft: &Draft) -> Value {
    let mut value = Value::Object(draft.unknown.clone());
    merge(&mut value, known(draft));
    value
}

fn known(draft: &Draft) -> Value {
    let Draft { limits, simulation, sectioning, voting, map_reduce, .. } = draft;
    let pair = |names: [&'static str; 2], texts: [&str; 2]| {
        object(names.into_iter().zip(texts.map(Value::from)).collect())
    };
    let prompt = |prompt: &Prompt| pair(["system", "user"], [&prompt.system, &prompt.user]);
    let sections = sectioning.sections.iter().map(|s| {
        let mut section = pair(["name", "brief"], [&s.name, &s.brief]);
        if let (Value::Object(section), false) = (&mut section, s.after.is_empty()) {
            section.insert("after".to_string(), s.after.clone().into());
        }
        section
    });
    let documents = map_reduce.documents.iter().map(|d| pair(["id", "text"], [&d.id, &d.text]));
    let limits = vec![
        ("concurrency", limits.concurrency.into()),
        ("requests_per_minute", limits.requests_per_minute.into()),
        ("burst", limits.burst.into()),
        ("tokens_per_minute", limits.tokens_per_minute.into()),
        ("admission", limits.admission.as_str().into()),
        ("attempts", limits.attempts.into()),
    ];
    let simulation = vec![
        ("speed", simulation.speed.as_str().into()),
        ("fault_percent", simulation.fault_percent.into()),
        ("difficulty", json::decimal(simulation.difficulty)),
        ("shared_error", json::decimal(simulation.shared_error)),
    ];
    let sectioning = vec![
        ("topic", sectioning.topic.as_str().into()),
        ("sections", Value::Array(sections.collect())),
        ("section_prompt", prompt(&sectioning.section_prompt)),
        ("section_max_tokens", sectioning.section_max_tokens.into()),
        ("synthesis_prompt", prompt(&sectioning.synthesis_prompt)),
        ("synthesis_max_tokens", sectioning.synthesis_max_tokens.into()),
    ];
    let voting = vec![
        ("question", voting.question.as_str().into()),
        ("options", voting.options.clone().into()),
        ("correct", voting.correct.into()),
        ("votes", voting.votes.into()),
        ("prompt", prompt(&voting.prompt)),
        ("max_tokens", voting.max_tokens.into()),
    ];
    let map_reduce = vec![
        ("documents", Value::Array(documents.collect())),
        ("fan_in", map_reduce.fan_in.into()),
        ("map_prompt", prompt(&map_reduce.map_prompt)),
        ("map_max_tokens", map_reduce.map_max_tokens.into()),
        ("reduce_prompt", prompt(&map_reduce.reduce_prompt)),
        ("reduce_max_tokens", map_reduce.reduce_max_tokens.into()),
    ];
    let mut known = object(vec![
        ("fanout", VERSION.into()),
        ("title", draft.title.as_str().into()),
        ("note", draft.note.as_str().into()),
        ("seed", draft.seed.into()),
        ("model", draft.model.as_str().into()),
        ("limits", object(limits)),
        ("simulation", object(simulation)),
        ("sectioning", object(sectioning)),
        ("voting", object(voting)),
        ("map_reduce", object(map_reduce)),
    ]);
    let base = Draft::default();
    let optional = [
        ("voting", "judge_prompt", &draft.voting.judge_prompt, &base.voting.judge_prompt),
        ("map_reduce", "refine_prompt", &draft.map_reduce.refine_prompt, &base.map_reduce.refine_prompt),
    ];
    for (group, key, written, usual) in optional {
        if written != usual || is_known(draft, group, key) {
            put(&mut known, group, key, prompt(written));
        }
    }
    for about in &Dial::ALL {
        let value = draft.dials.get(about.dial);
        if value != about.default || is_known(draft, about.group, about.key) {
            put(&mut known, about.group, about.key, dial_value(about, value));
        }
    }
    known
}

/// Whether the file the draft came from has this key.
fn is_known(draft: &Draft, group: &str, key: &str) -> bool {
    draft.unknown.get(group).is_some_and(|group| group.get(key).is_some())
}

fn put(known: &mut Value, group: &str, key: &str, value: Value) {
    if let Value::Object(known) = known {
        let group = known.entry(group).or_insert_with(|| object(Vec::new()));
        if let Value::Object(group) = group {
            group.insert(key.to_string(), value);
        }
    }
}

fn dial_value(about: &About, value: Option<u32>) -> Value {
    match (about.values, value) {
        (Values::Choice(values), Some(n)) => {
            values.get(n as usize).map_or(Value::Null, |(name, _)| (*name).into())
        }
        (Values::Flag, Some(n)) => (n == 1).into(),
        (_, value) => value.into(),
    }
}

/// Puts `new` over `old`: objects key by key, items of lists where they have the same name, and
/// everything else as it is.
fn merge(old: &mut Value, new: Value) {
    match (old, new) {
        (Value::Object(old), Value::Object(new)) => {
            for (name, value) in new {
                merge(old.entry(name).or_insert(Value::Null), value);
            }
        }
        (Value::Array(old), Value::Array(mut new)) => {
            // Most often everything is at its place.
            let mut known = None;
            for (i, item) in new.iter_mut().enumerate() {
                let at_its_place = old.get(i).is_some_and(|other| is_same(other, item)).then_some(i);
                let mut elsewhere = || {
                    let known = known.get_or_insert_with(|| places(old));
                    names(item).find_map(|name| known.get(&name)?.as_u64())
                };
                if let Some(place) = at_its_place.or_else(|| elsewhere().map(|place| place as usize)) {
                    let mut kept = std::mem::take(&mut old[place]);
                    merge(&mut kept, item.take());
                    *item = kept;
                }
            }
            *old = new;
        }
        (old, new) => *old = new,
    }
}

/// Whether two items of a list are the same section or document.
fn is_same(one: &Value, other: &Value) -> bool {
    ["id", "name"].iter().any(|name| one.get(name).is_some() && one.get(name) == other.get(name))
}

/// Where the first item of each name stands. To search a list for each of its items would take the
/// square of its length.
fn places(items: &[Value]) -> Map<String, Value> {
    let mut places = Map::new();
    for (i, item) in items.iter().enumerate() {
        for name in names(item) {
            places.entry(name).or_insert(i.into());
        }
    }
    places
}

fn names(item: &Value) -> impl Iterator<Item = String> {
    ["id", "name"].into_iter().filter_map(|key| Some(format!("{key} {}", item.get(key)?.as_str()?)))
}

/// The keys a file came with, to be written back. Not what a section waits for: it is written where
/// it waits, and where it no longer does the old words must not come back. Nor what should be a group
/// and is none: a group whose settings stand where they always do would not take its place.
fn kept(object: &Map<String, Value>) -> Map<String, Value> {
    let mut kept = object.clone();
    let sections = kept.get_mut("sectioning").and_then(|group| group.get_mut("sections")?.as_array_mut());
    for section in sections.into_iter().flatten().filter_map(Value::as_object_mut) {
        section.remove("after");
    }
    // There may be very many documents, and most files say no more of them than is read.
    if let Some(group) = kept.get_mut("map_reduce").and_then(Value::as_object_mut)
        && let Some(Value::Array(documents)) = group.get("documents")
        && documents.iter().all(|document| {
            let keys = document.as_object().map(|document| document.keys());
            keys.is_some_and(|mut keys| keys.all(|key| key == "id" || key == "text"))
        })
    {
        group.remove("documents");
    }
    for about in &Dial::ALL {
        if !kept.get(about.group).is_some_and(Value::is_object) {
            kept.remove(about.group);
        }
    }
    kept
}

fn draft(object: &Map<String, Value>, notices: &mut Vec<String>) -> Draft {
    let base = Draft::default();
    let mut root = Reader::new(object, notices);
    let mut draft = Draft {
        title: root.text("title", &base.title),
        note: root.text("note", ""),
        seed: root.number("seed", base.seed, 0, u64::MAX),
        model: root.text("model", ""),
        unknown: kept(object),
        ..base
    };
    root.object("limits", |r| {
        let base = draft.limits.clone();
        draft.limits = LimitsDraft {
            concurrency: r.count("concurrency", base.concurrency, 1, 1000),
            requests_per_minute: r.optional_count("requests_per_minute", 1, 10_000_000),
            burst: r.count("burst", base.burst, 1, 1_000_000),
            tokens_per_minute: r.optional_count("tokens_per_minute", 1, 1_000_000_000),
            admission: r.choice("admission", base.admission, &Admission::ALL, Admission::as_str),
            attempts: r.count("attempts", base.attempts, 1, 20),
        };
    });
    root.object("simulation", |r| {
        let base = draft.simulation.clone();
        draft.simulation = SimulationDraft {
            speed: r.choice("speed", base.speed, &Speed::ALL, Speed::as_str),
            fault_percent: r.count("fault_percent", base.fault_percent, 0, 50),
            difficulty: r.share("difficulty", base.difficulty),
            shared_error: r.share("shared_error", base.shared_error),
        };
    });
    root.object("sectioning", |r| {
        let base = draft.sectioning.clone();
        draft.sectioning = SectioningDraft {
            topic: r.text("topic", ""),
            sections: r.list("sections", |r| SectionDraft {
                name: r.text("name", ""),
                brief: r.text("brief", ""),
                after: r.texts("after"),
            }),
            section_prompt: r.prompt("section_prompt", base.section_prompt),
            section_max_tokens: r.count("section_max_tokens", base.section_max_tokens, 1, 200_000),
            synthesis_prompt: r.prompt("synthesis_prompt", base.synthesis_prompt),
            synthesis_max_tokens: r.count("synthesis_max_tokens", base.synthesis_max_tokens, 1, 200_000),
        };
    });
    root.object("voting", |r| {
        let base = draft.voting.clone();
        draft.voting = VotingDraft {
            question: r.text("question", ""),
            options: r.texts("options"),
            correct: r.optional_count("correct", 0, 1000),
            // Zero is taken as it is: the arm then says that it has no voters.
            votes: r.count("votes", base.votes, 0, super::check::MOST_VOTES),
            prompt: r.prompt("prompt", base.prompt),
            judge_prompt: r.prompt("judge_prompt", base.judge_prompt),
            max_tokens: r.count("max_tokens", base.max_tokens, 1, 200_000),
        };
    });
    root.object("map_reduce", |r| {
        let base = draft.map_reduce.clone();
        draft.map_reduce = MapReduceDraft {
            documents: r
                .list("documents", |r| DocumentDraft { id: r.text("id", ""), text: r.text("text", "") }),
            fan_in: r.count("fan_in", base.fan_in, 2, 1000),
            map_prompt: r.prompt("map_prompt", base.map_prompt),
            map_max_tokens: r.count("map_max_tokens", base.map_max_tokens, 1, 200_000),
            reduce_prompt: r.prompt("reduce_prompt", base.reduce_prompt),
            refine_prompt: r.prompt("refine_prompt", base.refine_prompt),
            reduce_max_tokens: r.count("reduce_max_tokens", base.reduce_max_tokens, 1, 200_000),
        };
    });
    for about in &Dial::ALL {
        root.object(about.group, |r| {
            if let Some(value) = r.dial(about) {
                draft.dials.set(about.dial, value);
            }
        });
    }
    draft
}
