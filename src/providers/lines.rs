//! JSON by lines, as Ollama streams it: one object a line.
//!
//! Source: <https://github.com/ndjson/ndjson-spec>.

/// Splits bytes into lines, whatever the borders between the chunks.
#[derive(Default)]
pub struct Parser {
    /// The line that is not complete yet. Bytes, since a chunk may end within a character.
    line: Vec<u8>,
}

impl Parser {
    /// Takes more bytes and gives the lines they complete.
    pub fn push(&mut self, bytes: &[u8]) -> Vec<String> {
        let mut lines = Vec::new();
        for piece in bytes.split_inclusive(|byte| *byte == b'\n') {
            self.line.extend_from_slice(piece);
            if piece.ends_with(b"\n") {
                lines.push(self.take());
            }
        }
        lines
    }

    /// The stream is over: what was not closed by a line feed.
    pub fn finish(mut self) -> String {
        self.take()
    }

    fn take(&mut self) -> String {
        String::from_utf8_lossy(&std::mem::take(&mut self.line)).into_owned()
    }
}
