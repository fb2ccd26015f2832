//! The run file: everything of a run in one JSON, version 1, as described by `public/run.schema.json`.

use serde_json::Value;

use super::changes;
use super::kept::Answered;
use crate::analysis::fork::Past;
use crate::analysis::measure::{Figures, MEASURES, certainty};
use crate::analysis::recording::{Recording, Text};
use crate::analysis::words;
use crate::engine::call::Certainty;
use crate::engine::patterns::{Merged, Outcome, Planned, Role};
use crate::engine::price::Price;
use crate::engine::trace::{End, Event, Failure, WaitReason, WaitSource, What};
use crate::json::{self, object};
use crate::scenario::draft::Draft;
use crate::scenario::{ArmKind, file};

/// What a run was asked, and who answered.
pub struct Asked<'a> {
    pub answered: &'a Answered,
    pub draft: &'a Draft,
    pub past: &'a [Past],
    pub price: Option<Price>,
}

/// An arm that ran.
pub struct Arm<'a> {
    pub kind: ArmKind,
    pub recording: &'a Recording,
    pub figures: Figures,
    /// The whole task as one call, where that was asked for.
    pub single: Option<&'a Recording>,
}

/// The version of the format this program writes.
const VERSION: u32 = 1;

pub fn write(asked: &Asked, arms: &[Arm]) -> String {
    let Asked { answered, draft, past, price } = asked;
    let is_simulated = answered.is_simulated();
    let price = price.map(|price| {
        object(vec![
            ("input", price.input_nano_usd.into()),
            ("cached", price.cached_nano_usd.into()),
            ("cache_write", price.cache_write_nano_usd.into()),
            ("output", price.output_nano_usd.into()),
        ])
    });
    let arms: Vec<(&str, String)> =
        arms.iter().map(|arm| (arm.kind.as_str(), written(arm, is_simulated))).collect();
    json::write_object(&[
        ("fanout_run", VERSION.to_string()),
        ("answered", json::write(&answered.value())),
        ("simulated", json::write(&is_simulated.into())),
        ("nano_usd_per_token", json::write(&price.unwrap_or_default())),
        ("scenario", json::write(&file::value(draft))),
        ("changes", json::write(&changes::value(past, draft))),
        ("arms", json::write_object(&arms)),
    ]) + "\n"
}

fn written(arm: &Arm, is_simulated: bool) -> String {
    let Arm { recording, figures, single, .. } = arm;
    let plan = &recording.plan;
    let mut fields = vec![
        ("metrics", json::write(&metrics(figures))),
        ("outcome", json::write(&outcome(recording, is_simulated))),
        ("plan", json::write_list(&mut plan.iter().map(planned))),
        ("answers", json::write_list(&mut answers(plan, &recording.texts, is_simulated))),
        ("events", json::write_list(&mut recording.events.iter().map(event))),
    ];
    if let Some(single) = single {
        let answer = json::write_list(&mut answers(&single.plan, &single.texts, is_simulated));
        let events = json::write_list(&mut single.events.iter().map(event));
        fields.push(("single", json::write_object(&[("answers", answer), ("events", events)])));
    }
    json::write_object(&fields)
}

fn metrics(figures: &Figures) -> Value {
    let metric = |(measure, figure): (&'static crate::analysis::measure::Measure, &_)| {
        let value = json::read(&measure.machine(*figure)).unwrap_or_default();
        let fields =
            vec![("value", value), ("unit", measure.unit.into()), ("certainty", certainty(*figure).into())];
        (measure.name, object(fields))
    };
    object(MEASURES.iter().zip(figures).map(metric).collect())
}

fn planned(planned: &Planned) -> Value {
    object(vec![
        ("key", planned.key.as_str().into()),
        ("label", planned.label.as_str().into()),
        ("role", if planned.role == Role::Worker { "worker" } else { "aggregator" }.into()),
        ("feeds", planned.feeds.into()),
        ("needs", planned.needs.clone().into()),
    ])
}

/// What each call brought: its answer, or why there is none. Calls that brought nothing yet are not in it.
fn answers<'a>(
    plan: &'a [Planned],
    texts: &'a [Text],
    is_simulated: bool,
) -> impl Iterator<Item = Value> + 'a {
    plan.iter().zip(texts).enumerate().filter_map(move |(i, (planned, text))| {
        let mut fields = vec![("call", i.into()), ("key", planned.key.as_str().into())];
        match &text.result {
            Some(Ok(reply)) => {
                fields.push(("text", reply.text.as_str().into()));
                fields.push(("simulated", is_simulated.into()));
            }
            Some(Err(failed)) => fields.push(("problem", words::failed(failed).into())),
            None if text.let_go => fields.push(("problem", words::LET_GO.into())),
            None => return None,
        }
        if !text.errors.is_empty() {
            fields.push(("met", text.errors.iter().map(|error| Value::from(words::met(error))).collect()));
        }
        Some(object(fields))
    })
}

fn outcome(recording: &Recording, is_simulated: bool) -> Value {
    let state = |state: &'static str| ("state", Value::from(state));
    match &recording.outcome {
        None => Value::Null,
        Some(Outcome::Merged(Merged { reply, coverage, words })) => {
            let names = |names: &[std::sync::Arc<str>]| {
                names.iter().map(|name| Value::from(&**name)).collect::<Value>()
            };
            object(vec![
                state("merged"),
                ("text", reply.text.as_str().into()),
                ("simulated", is_simulated.into()),
                ("used", names(&coverage.used)),
                ("missing", names(&coverage.missing)),
                ("words", (*words).into()),
            ])
        }
        Some(Outcome::Voted(voted)) => {
            let bucket = |bucket: &crate::engine::patterns::voting::tally::Bucket| {
                object(vec![
                    ("answer", bucket.answer.as_str().into()),
                    ("voters", bucket.voters.clone().into()),
                ])
            };
            object(vec![
                state("voted"),
                ("verdict", words::verdict(&voted.tally).into()),
                ("simulated", is_simulated.into()),
                ("buckets", voted.tally.buckets.iter().map(bucket).collect()),
            ])
        }
        Some(Outcome::None(why)) => {
            object(vec![state("none"), ("why", words::no_outcome(why, &recording.plan).into())])
        }
    }
}

/// An event: when, what, and of which call.
fn event(event: &Event) -> Value {
    let (what, more): (&str, Vec<(&'static str, Value)>) = match event.what {
        What::Entered(_) => ("entered", vec![]),
        What::Holding(reason) => ("holding", vec![("reason", reason.map(waits).into())]),
        What::Admitted(_) => ("admitted", vec![]),
        What::FirstToken(_) => ("first-token", vec![]),
        What::Served { input_tokens, output_tokens, certainty, bytes, .. } => (
            "served",
            vec![
                ("input_tokens", input_tokens.into()),
                ("output_tokens", output_tokens.into()),
                ("certainty", sure(certainty).into()),
                ("bytes", bytes.into()),
            ],
        ),
        What::Counted { cached_tokens, cache_write_tokens, reasoning_tokens, .. } => (
            "counted",
            vec![
                ("cached_tokens", cached_tokens.into()),
                ("cache_write_tokens", cache_write_tokens.into()),
                ("reasoning_tokens", reasoning_tokens.into()),
            ],
        ),
        What::Billed { nano_usd, .. } => ("billed", vec![("nano_usd", nano_usd.into())]),
        What::Failed { failure, status, .. } => {
            ("failed", vec![("failure", failed(failure).into()), ("status", status.into())])
        }
        What::BackingOff { delay_us, wait, .. } => {
            ("backing-off", vec![("delay_us", delay_us.into()), ("wait", source(wait).into())])
        }
        What::Ended { end, .. } => ("ended", vec![("end", ended(end).into())]),
        What::Delivered(_) => ("delivered", vec![]),
        What::Used { into, .. } => ("used", vec![("into", into.0.into())]),
        What::Released(_) => ("released", vec![]),
        What::Left { .. } => ("left", vec![]),
        What::Limit(limit) => ("limit", vec![("in_flight", limit.into())]),
    };
    let call = event.what.call().map(|call| ("call", call.0.into()));
    let head = [("at_us", event.at_us.into()), ("what", what.into())];
    object(head.into_iter().chain(call).chain(more).collect())
}

fn sure(certainty: Certainty) -> &'static str {
    ["known", "estimated", "unknown"][certainty as usize]
}

fn waits(reason: WaitReason) -> &'static str {
    ["paused", "concurrency", "other-arm", "budget", "request-rate", "token-rate"][reason as usize]
}

fn failed(failure: Failure) -> &'static str {
    [
        "refused",
        "server",
        "unreachable",
        "timed-out",
        "unauthorized",
        "out-of-quota",
        "rejected",
        "malformed",
        "truncated",
        "stalled",
        "aborted",
        "taken-back",
    ][failure as usize]
}

fn source(wait: WaitSource) -> &'static str {
    ["backoff", "header", "body"][wait as usize]
}

fn ended(end: End) -> &'static str {
    ["served", "failed", "cancelled", "skipped"][end as usize]
}
