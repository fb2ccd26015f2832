//! Reads replies, whole or as they are streamed, in any protocol.

use serde_json::Value;

use super::completion::{Assembly, Brought, Completion};
use super::failure::{excerpt, is_retried, within_reply};
use super::framing::{Framing, Parser};
use super::protocol::Protocol;
use super::sse::Event;
use super::transport::Head;
use crate::engine::call::CallError;
use crate::json;

/// Reads a reply that came in one piece. A status of 200 does not mean that it is not an error.
pub fn read_whole(protocol: Protocol, head: &Head, body: &str) -> Result<Completion, CallError> {
    let mut assembly = Assembly::default();
    // Blank lines before the JSON keep the connection open while a request is queued.
    add(protocol, &mut assembly, head, body.trim(), &mut Brought::default())?;
    assembly.completion()
}

/// Reads a reply that comes in pieces.
pub struct StreamReader {
    parser: Parser,
    reading: Reading,
}

impl StreamReader {
    /// Where the head does not say what parts the pieces, they are events.
    pub fn new(protocol: Protocol, head: Head) -> StreamReader {
        let parser = Parser::new(head.framing().unwrap_or(Framing::Events));
        StreamReader { parser, reading: Reading { protocol, head, assembly: Assembly::default() } }
    }

    /// Takes more of the body and adds what it brings to `brought`, also where an error follows it.
    /// An error after a part of the answer is never one that is tried again.
    pub fn push(&mut self, bytes: &[u8], brought: &mut Brought) -> Result<(), CallError> {
        self.parser.push(bytes).iter().try_for_each(|event| self.reading.take(event, brought))
    }

    /// The server said that nothing more comes.
    pub fn is_over(&self) -> bool {
        self.reading.assembly.is_over
    }

    /// The body is over. Without a finish reason the answer is not, and what had arrived comes back
    /// as `CallError::Truncated`.
    pub fn finish(self) -> Result<Completion, CallError> {
        let StreamReader { parser, mut reading } = self;
        let left = parser.finish();
        if let Some(event) = left.event {
            match reading.take(&event, &mut Brought::default()) {
                // An event cut in two says nothing, and is no fault of the server's protocol.
                Ok(()) | Err(CallError::Malformed { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        match reading.assembly.finish {
            Some(_) => reading.assembly.completion(),
            // Gemini reports some errors in the middle of a stream as bare JSON.
            None if json::read(&left.stray).is_some_and(|stray| names_error(&stray)) => {
                Err(reading.instead_of_answer(within_reply(&reading.head, &left.stray)))
            }
            None => Err(CallError::Truncated { partial: reading.assembly.text }),
        }
    }
}

/// What was read of a reply so far.
struct Reading {
    protocol: Protocol,
    head: Head,
    assembly: Assembly,
}

impl Reading {
    fn take(&mut self, event: &Event, brought: &mut Brought) -> Result<(), CallError> {
        let data = event.data.trim();
        if self.assembly.is_over || data.is_empty() {
            return Ok(());
        }
        if data == "[DONE]" {
            self.assembly.is_over = true;
            return Ok(());
        }
        let added = match event.name.as_str() {
            "error" => Err(within_reply(&self.head, data)),
            _ => add(self.protocol, &mut self.assembly, &self.head, data, brought),
        };
        added.map_err(|error| self.instead_of_answer(error))
    }

    /// An answer that had begun is not begun anew.
    fn instead_of_answer(&mut self, error: CallError) -> CallError {
        match is_retried(&error) && !self.assembly.text.is_empty() {
            true => CallError::Truncated { partial: std::mem::take(&mut self.assembly.text) },
            false => error,
        }
    }
}

/// Adds a whole reply, or one event of a stream.
fn add(
    protocol: Protocol,
    assembly: &mut Assembly,
    head: &Head,
    text: &str,
    brought: &mut Brought,
) -> Result<(), CallError> {
    let Some(value) = json::read(text) else {
        let message = match excerpt(text) {
            empty if empty.is_empty() => "the reply is empty".to_string(),
            text => format!("the reply is not JSON: {text}"),
        };
        return Err(CallError::Malformed { message });
    };
    if names_error(&value) {
        return Err(within_reply(head, text));
    }
    protocol.add(assembly, &value, brought);
    Ok(())
}

fn names_error(value: &Value) -> bool {
    let is_kind = |name: &str| value.get(name).and_then(Value::as_str) == Some("error");
    value.get("error").is_some_and(|error| !error.is_null()) || is_kind("object") || is_kind("type")
}
