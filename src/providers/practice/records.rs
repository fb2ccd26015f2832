//! Replies as chat completions have them: in one piece, as records of a stream, as an error.

use serde_json::Value;

use super::MODEL;
use super::asked::{Asked, Shape};
use super::course::Chunk;
use crate::engine::call::{Answer, Reply, Usage};
use crate::engine::clock::MS;
use crate::json::{self, object};

/// How long a piece of a streamed answer takes to write.
const PIECE_US: u64 = 50 * MS;

pub(super) fn error(code: &str, message: &str) -> String {
    let error = object(vec![("message", message.into()), ("type", code.into()), ("code", code.into())]);
    json::write(&object(vec![("error", error)]))
}

pub(super) fn whole(asked: &Asked, reply: &Reply) -> String {
    let message =
        object(vec![("role", "assistant".into()), ("content", content(&asked.shape, reply).into())]);
    let choice = choice("message", message, "stop".into());
    json::write(&completion("chat.completion", vec![choice], usage(reply.usage)))
}

/// The answer in pieces from its first token to its end; then, at once, why it ends and what it took.
pub(super) fn stream(asked: &Asked, reply: &Reply, first_us: u64, ends_us: u64) -> Vec<Chunk> {
    let characters: Vec<char> = content(&asked.shape, reply).chars().collect();
    let most = characters.len().max(1);
    let n_pieces = ((ends_us - first_us) / PIECE_US).clamp(1, most as u64);
    let at_us = |piece: u64| first_us + (ends_us - first_us) * piece / n_pieces;
    let mut chunks = Vec::new();
    for piece in 0..n_pieces {
        let bound = |piece: u64| (most as u64 * piece / n_pieces) as usize;
        let text: String =
            characters.get(bound(piece)..bound(piece + 1)).unwrap_or_default().iter().collect();
        let delta = object(vec![("role", "assistant".into()), ("content", text.into())]);
        let text = record(vec![choice("delta", delta, Value::Null)], Value::Null);
        chunks.push(Chunk { at_us: at_us(piece), text });
    }
    let mut end = record(vec![choice("delta", object(Vec::new()), "stop".into())], Value::Null);
    if asked.wants_usage {
        end.push_str(&record(Vec::new(), usage(reply.usage)));
    }
    end.push_str("data: [DONE]\n\n");
    chunks.push(Chunk { at_us: ends_us, text: end });
    chunks
}

fn record(choices: Vec<Value>, usage: Value) -> String {
    format!("data: {}\n\n", json::write(&completion("chat.completion.chunk", choices, usage)))
}

fn completion(kind: &str, choices: Vec<Value>, usage: Value) -> Value {
    object(vec![
        ("id", "chatcmpl-practice".into()),
        ("object", kind.into()),
        ("created", 0.into()),
        ("model", MODEL.into()),
        ("choices", choices.into()),
        ("usage", usage),
    ])
}

fn choice(part: &str, says: Value, finish_reason: Value) -> Value {
    object(vec![("index", 0.into()), (part, says), ("finish_reason", finish_reason)])
}

fn usage(usage: Usage) -> Value {
    let Usage { input_tokens, output_tokens, .. } = usage;
    object(vec![
        ("prompt_tokens", input_tokens.into()),
        ("completion_tokens", output_tokens.into()),
        ("total_tokens", input_tokens.saturating_add(output_tokens).into()),
        ("cost", 0.into()),
    ])
}

/// The answer in the shape that was asked for.
fn content(shape: &Shape, reply: &Reply) -> String {
    let fields = match &reply.answer {
        _ if *shape == Shape::Text => return reply.text.clone(),
        Answer::Points { content, key_points } => {
            vec![("content", content.as_str().into()), ("key_points", key_points.clone().into())]
        }
        Answer::Vote { answer, confidence, reasoning } => vec![
            ("answer", answer.as_str().into()),
            ("confidence", confidence.map_or(Value::Null, json::decimal)),
            ("reasoning", reasoning.as_str().into()),
        ],
        Answer::Summary { summary } => vec![("summary", summary.as_str().into())],
        Answer::Text(text) => return text.clone(),
    };
    json::write(&object(fields))
}
