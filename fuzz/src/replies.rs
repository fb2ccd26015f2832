//! Replies of every protocol: the borders between chunks change nothing, and what was shown of an
//! answer is never taken back.

use fanout::engine::call::CallError;
use fanout::providers::completion::{Brought, Completion};
use fanout::providers::protocol::Protocol;
use fanout::providers::reader::{StreamReader, read_whole};
use fanout::providers::transport::Head;

use crate::pieces::drawn;

pub const PROTOCOLS: [Protocol; 4] =
    [Protocol::ChatCompletions, Protocol::Messages, Protocol::GenerateContent, Protocol::OllamaChat];

pub fn check(protocol: Protocol, body: &[u8], seed: u8) {
    let whole = read(protocol, &[body]);
    assert_eq!(read(protocol, &drawn(body, seed)), whole, "in pieces");
    let (shown, outcome) = whole;
    match outcome {
        Ok(Completion { is_refusal: false, text, .. }) | Err(CallError::Truncated { partial: text }) => {
            assert!(text.starts_with(&shown.text), "{text:?} after {:?}", shown.text);
        }
        _ => {}
    }
    if let Ok(body) = std::str::from_utf8(body) {
        let _ = read_whole(protocol, &head(protocol), body);
    }
}

fn head(protocol: Protocol) -> Head {
    let kind = if protocol == Protocol::OllamaChat { "application/x-ndjson" } else { "text/event-stream" };
    Head { status: 200, headers: vec![("content-type", kind.to_string())], ..Head::default() }
}

pub fn read(protocol: Protocol, chunks: &[&[u8]]) -> (Brought, Result<Completion, CallError>) {
    let mut reader = StreamReader::new(protocol, head(protocol));
    let mut shown = Brought::default();
    for chunk in chunks {
        if let Err(error) = reader.push(chunk, &mut shown) {
            return (shown, Err(error));
        }
    }
    (shown, reader.finish())
}
