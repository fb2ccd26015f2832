//! The event-stream format of the HTML standard, read as its bytes arrive.
//!
//! Source: <https://html.spec.whatwg.org/multipage/server-sent-events.html>. One deviation, which
//! the common client libraries share: a last event without its blank line is given out too.

/// One event: the lines of its `data` fields joined with line feeds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Event {
    /// The `event` field; empty where there is none.
    pub name: String,
    pub data: String,
}

/// Splits bytes into events, whatever the borders between the chunks.
#[derive(Default)]
pub struct Parser {
    /// The line that is not complete yet. Bytes, since a chunk may end within a character.
    line: Vec<u8>,
    /// The last byte was a carriage return: a line feed after it belongs to the same line end.
    after_return: bool,
    past_first_line: bool,
    name: String,
    data: Option<String>,
    /// Lines that are of no field.
    stray: String,
}

/// What is left once the stream is over.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Left {
    /// The event that was not closed by a blank line.
    pub event: Option<Event>,
    /// Lines of no field of the format, as some servers report an error: the first of them, if they
    /// are many.
    pub stray: String,
}

/// Bytes of stray lines that are kept.
const MOST_STRAY: usize = 64 * 1024;

impl Parser {
    /// Takes more bytes and gives the events they complete.
    pub fn push(&mut self, bytes: &[u8]) -> Vec<Event> {
        let mut events = Vec::new();
        for &byte in bytes {
            match byte {
                b'\n' if self.after_return => {}
                b'\n' | b'\r' => events.extend(self.end_line()),
                _ => self.line.push(byte),
            }
            self.after_return = byte == b'\r';
        }
        events
    }

    /// The stream is over.
    pub fn finish(mut self) -> Left {
        let event = self.end_line().or_else(|| self.end_event());
        Left { event, stray: self.stray }
    }

    fn end_line(&mut self) -> Option<Event> {
        let bytes = std::mem::take(&mut self.line);
        let line = String::from_utf8_lossy(&bytes);
        let line = match self.past_first_line {
            true => &*line,
            false => line.strip_prefix('\u{feff}').unwrap_or(&line),
        };
        self.past_first_line = true;
        if line.is_empty() {
            return self.end_event();
        }
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "event" => self.name = value.to_string(),
            "data" => match &mut self.data {
                Some(data) => {
                    data.push('\n');
                    data.push_str(value);
                }
                None => self.data = Some(value.to_string()),
            },
            // Comments have an empty field name; the others concern reconnecting.
            "" | "id" | "retry" => {}
            _ if self.stray.len() + line.len() < MOST_STRAY => {
                self.stray.push_str(line);
                self.stray.push('\n');
            }
            _ => {}
        }
        None
    }

    fn end_event(&mut self) -> Option<Event> {
        let name = std::mem::take(&mut self.name);
        self.data.take().map(|data| Event { name, data })
    }
}
