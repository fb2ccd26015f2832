//! How a body comes in pieces, and the pieces in one form whatever parts them.

use super::lines;
use super::sse::{self, Event, Left};

/// What parts the pieces of a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Framing {
    /// Server-sent events.
    Events,
    /// JSON by lines.
    Lines,
}

/// Splits bytes into pieces, whatever the borders between the chunks.
pub(super) enum Parser {
    Events(sse::Parser),
    Lines(lines::Parser),
}

impl Parser {
    pub(super) fn new(framing: Framing) -> Parser {
        match framing {
            Framing::Events => Parser::Events(sse::Parser::default()),
            Framing::Lines => Parser::Lines(lines::Parser::default()),
        }
    }

    /// Takes more bytes and gives the pieces they complete. A line is an event without a name.
    pub(super) fn push(&mut self, bytes: &[u8]) -> Vec<Event> {
        match self {
            Parser::Events(parser) => parser.push(bytes),
            Parser::Lines(parser) => parser.push(bytes).into_iter().map(nameless).collect(),
        }
    }

    /// The stream is over.
    pub(super) fn finish(self) -> Left {
        match self {
            Parser::Events(parser) => parser.finish(),
            Parser::Lines(parser) => Left { event: Some(nameless(parser.finish())), stray: String::new() },
        }
    }
}

fn nameless(data: String) -> Event {
    Event { name: String::new(), data }
}
