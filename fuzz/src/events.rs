//! Event streams: the borders between chunks change nothing.

use fanout::providers::sse::{Event, Left, Parser};

use crate::pieces::drawn;

pub fn check(stream: &[u8], seed: u8) {
    let whole = read(&[stream]);
    assert_eq!(read(&stream.chunks(1).collect::<Vec<_>>()), whole, "byte by byte");
    assert_eq!(read(&drawn(stream, seed)), whole, "in pieces");
}

fn read(chunks: &[&[u8]]) -> (Vec<Event>, Left) {
    let mut parser = Parser::default();
    let events = chunks.iter().flat_map(|chunk| parser.push(chunk)).collect();
    (events, parser.finish())
}
