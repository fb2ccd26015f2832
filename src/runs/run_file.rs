//! The run file: everything of a run in one JSON, version 1, as described by `public/run.schema.json`.

use std::sync::Arc;

use serde_json::Value;

use super::changes;
use super::kept::Answered;
use crate::analysis::fork::Past;
use crate::analysis::measure::{Figures, MEASURES, certainty};
use crate::analysis::recording::{Recording, Text};
use crate::analysis::words;
use crate::engine::call::Certainty;
use crate::engine::patterns::voting::tally::Bucket;
use crate::engine::patterns::{Merged, Outcome, Planned, Role};
use crate::engine::price::Price;
use crate::engine::trace::{Event, WaitReason, What};
use crate::json::{self, object, quoted};
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

/// The file is put together as a text: as values, a hundred thousand events would take a hundred times
/// the memory.
pub fn write(asked: &Asked, arms: &[Arm]) -> String {
    let Asked { answered, draft, past, price } = asked;
    let is_simulated = answered.is_simulated();
    let price = price.map_or("null".to_string(), |price| {
        let Price { input_nano_usd, cached_nano_usd, cache_write_nano_usd, output_nano_usd } = price;
        format!(
            "{{\"input\":{input_nano_usd},\"cached\":{cached_nano_usd},\
             \"cache_write\":{cache_write_nano_usd},\"output\":{output_nano_usd}}}"
        )
    });
    let arms: Vec<String> =
        arms.iter().map(|arm| format!("\"{}\":{}", arm.kind.as_str(), written(arm, is_simulated))).collect();
    format!(
        "{{\"fanout_run\":{VERSION},\n\"answered\":{},\n\"simulated\":{is_simulated},\n\
         \"nano_usd_per_token\":{price},\n\"scenario\":{},\n\"changes\":{},\n\"arms\":{{{}}}}}\n",
        json::write(&answered.value()),
        json::write(&file::value(draft)),
        json::write(&changes::value(past, draft)),
        arms.join(",\n")
    )
}

fn written(arm: &Arm, is_simulated: bool) -> String {
    let Arm { recording, figures, single, .. } = arm;
    let plan: Vec<String> = recording.plan.iter().map(planned).collect();
    let single =
        single.map_or(String::new(), |single| format!(",\n\"single\":{{{}}}", course(single, is_simulated)));
    format!(
        "{{\"metrics\":{},\n\"outcome\":{},\n\"plan\":{},\n{}{single}}}",
        metrics(figures),
        json::write(&outcome(recording, is_simulated)),
        list(&plan),
        course(recording, is_simulated)
    )
}

/// What calls brought, and what happened.
fn course(recording: &Recording, is_simulated: bool) -> String {
    let calls = recording.plan.iter().zip(&recording.texts).enumerate();
    let answers: Vec<String> =
        calls.filter_map(|(i, (planned, text))| answer(i, planned, text, is_simulated)).collect();
    let events: Vec<String> = recording.events.iter().map(event).collect();
    format!("\"answers\":{},\n\"events\":{}", list(&answers), list(&events))
}

/// A list, an item a line.
fn list(items: &[String]) -> String {
    format!("[\n{}]", items.join(",\n"))
}

fn metrics(figures: &Figures) -> String {
    let mut fields = Vec::new();
    for (measure, figure) in MEASURES.iter().zip(figures) {
        let value = measure.machine(*figure);
        let value = if value.is_empty() { "null" } else { &value };
        let (name, unit, certainty) = (measure.name, measure.unit, certainty(*figure));
        fields.push(format!(
            "\"{name}\":{{\"value\":{value},\"unit\":\"{unit}\",\"certainty\":\"{certainty}\"}}"
        ));
    }
    format!("{{{}}}", fields.join(","))
}

fn planned(planned: &Planned) -> String {
    let role = if planned.role == Role::Worker { "worker" } else { "aggregator" };
    format!(
        "{{\"key\":{},\"label\":{},\"role\":\"{role}\",\"feeds\":{},\"needs\":{}}}",
        quoted(&planned.key),
        quoted(&planned.label),
        json::write(&planned.feeds.into()),
        json::write(&planned.needs.clone().into())
    )
}

/// What a call brought: its answer, or why there is none; none where it brought nothing yet.
fn answer(i: usize, planned: &Planned, text: &Text, is_simulated: bool) -> Option<String> {
    let brought = match &text.result {
        Some(Ok(reply)) => format!("\"text\":{},\"simulated\":{is_simulated}", quoted(&reply.text)),
        Some(Err(failed)) => format!("\"problem\":{}", quoted(&words::failed(failed))),
        None if text.let_go => format!("\"problem\":{}", quoted(words::LET_GO)),
        None => return None,
    };
    let met: Vec<String> = text.errors.iter().map(|error| quoted(&words::met(error))).collect();
    let met = if met.is_empty() { String::new() } else { format!(",\"met\":[{}]", met.join(",")) };
    Some(format!("{{\"call\":{i},\"key\":{},{brought}{met}}}", quoted(&planned.key)))
}

fn outcome(recording: &Recording, is_simulated: bool) -> Value {
    let state = |state: &'static str| ("state", Value::from(state));
    let simulated = ("simulated", Value::from(is_simulated));
    object(match &recording.outcome {
        None => return Value::Null,
        Some(Outcome::Merged(Merged { reply, coverage, words })) => {
            let names = |names: &[Arc<str>]| names.iter().map(|name| Value::from(&**name)).collect();
            vec![
                state("merged"),
                simulated,
                ("text", reply.text.as_str().into()),
                ("used", names(&coverage.used)),
                ("missing", names(&coverage.missing)),
                ("words", (*words).into()),
            ]
        }
        Some(Outcome::Voted(voted)) => {
            let bucket = |bucket: &Bucket| {
                object(vec![
                    ("answer", bucket.answer.as_str().into()),
                    ("voters", bucket.voters.clone().into()),
                ])
            };
            vec![
                state("voted"),
                simulated,
                ("verdict", words::verdict(&voted.tally).into()),
                ("buckets", voted.tally.buckets.iter().map(bucket).collect()),
            ]
        }
        Some(Outcome::None(why)) => {
            vec![state("none"), ("why", words::no_outcome(why, &recording.plan).into())]
        }
    })
}

/// An event: when, what, and of which call.
fn event(event: &Event) -> String {
    let what = match event.what {
        What::Entered(_) => "entered\"".to_string(),
        What::Holding(reason) => {
            let reason = reason.map_or("null".to_string(), |reason| quoted(waits(reason)));
            format!("holding\",\"reason\":{reason}")
        }
        What::Admitted(_) => "admitted\"".to_string(),
        What::FirstToken(_) => "first-token\"".to_string(),
        What::Served { input_tokens, output_tokens, certainty, bytes, .. } => format!(
            "served\",\"input_tokens\":{input_tokens},\"output_tokens\":{output_tokens},\
             \"certainty\":\"{}\",\"bytes\":{bytes}",
            certainty_of_tokens(certainty)
        ),
        What::Counted { cached_tokens, cache_write_tokens, reasoning_tokens, .. } => format!(
            "counted\",\"cached_tokens\":{cached_tokens},\"cache_write_tokens\":{cache_write_tokens},\
             \"reasoning_tokens\":{reasoning_tokens}"
        ),
        What::Billed { nano_usd, .. } => format!("billed\",\"nano_usd\":{nano_usd}"),
        What::Failed { failure, status, .. } => {
            format!("failed\",\"failure\":\"{}\",\"status\":{status}", FAILURES[failure as usize])
        }
        What::BackingOff { delay_us, wait, .. } => {
            let wait = ["backoff", "header", "body"][wait as usize];
            format!("backing-off\",\"delay_us\":{delay_us},\"wait\":\"{wait}\"")
        }
        What::Ended { end, .. } => {
            let end = ["served", "failed", "cancelled", "skipped"][end as usize];
            format!("ended\",\"end\":\"{end}\"")
        }
        What::Delivered(_) => "delivered\"".to_string(),
        What::Used { into, .. } => format!("used\",\"into\":{}", into.0),
        What::Released(_) => "released\"".to_string(),
        What::Left { .. } => "left\"".to_string(),
        What::Limit(limit) => format!("limit\",\"in_flight\":{limit}"),
    };
    let call = event.what.call().map_or(String::new(), |call| format!(",\"call\":{}", call.0));
    format!("{{\"at_us\":{},\"what\":\"{what}{call}}}", event.at_us)
}

fn certainty_of_tokens(certainty: Certainty) -> &'static str {
    ["known", "estimated", "unknown"][certainty as usize]
}

fn waits(reason: WaitReason) -> &'static str {
    ["paused", "concurrency", "other-arm", "budget", "request-rate", "token-rate"][reason as usize]
}

/// In the order of [`Failure`](crate::engine::trace::Failure).
const FAILURES: [&str; 12] = [
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
];
