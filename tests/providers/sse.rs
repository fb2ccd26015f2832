//! Event streams, cut at every byte.

use fanout::providers::sse::{Event, Parser};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// Reads the stream whole, byte by byte, and in two parts cut at every position.
fn check(stream: &[u8], expected: &[(&str, &str)]) {
    let expected: Vec<Event> = expected
        .iter()
        .map(|(name, data)| Event { name: name.to_string(), data: data.to_string() })
        .collect();
    let read = |chunks: &[&[u8]]| {
        let mut parser = Parser::default();
        let mut events: Vec<Event> = chunks.iter().flat_map(|chunk| parser.push(chunk)).collect();
        events.extend(parser.finish().event);
        events
    };
    assert_eq!(read(&[stream]), expected, "whole");
    let bytes: Vec<&[u8]> = stream.chunks(1).collect();
    assert_eq!(read(&bytes), expected, "byte by byte");
    for at in 0..=stream.len() {
        let (first, second) = stream.split_at(at);
        assert_eq!(read(&[first, second]), expected, "cut at {at}");
    }
}

#[test]
fn every_line_end_of_the_standard_ends_a_line() {
    let expected = [("", "one"), ("", "two")];
    check(b"data: one\n\ndata: two\n\n", &expected);
    check(b"data: one\r\n\r\ndata: two\r\n\r\n", &expected);
    check(b"data: one\r\rdata: two\r\r", &expected);
    check(b"data: one\r\n\ndata: two\n\r\n", &expected);
}

/// Guards against decoding each chunk for itself, which breaks characters at its borders.
#[test]
fn characters_survive_the_borders_of_chunks() {
    check("data: é…🦀\n\n".as_bytes(), &[("", "é…🦀")]);
}

#[test]
fn a_byte_order_mark_is_skipped_at_the_start_only() {
    check("\u{feff}data: one\n\n".as_bytes(), &[("", "one")]);
    check("data: one\n\n\u{feff}data: two\n\n".as_bytes(), &[("", "one")]);
}

#[test]
fn one_space_after_the_colon_belongs_to_the_format() {
    check(b"data:one\n\ndata:  two\n\ndata\n\n", &[("", "one"), ("", " two"), ("", "")]);
}

#[test]
fn the_lines_of_one_event_are_joined() {
    check(b"data: {\ndata:  \"a\": 1\ndata: }\n\n", &[("", "{\n \"a\": 1\n}")]);
}

#[test]
fn comments_and_unknown_fields_say_nothing() {
    check(
        b": OPENROUTER PROCESSING\n\n: keep-alive\n\nid: 7\nretry: 10\nfoo: bar\nevent: ping\n\ndata: one\n\n",
        &[("", "one")],
    );
}

#[test]
fn an_event_keeps_its_name_and_the_next_has_none() {
    check(b"event: error\ndata: one\n\ndata: two\n\n", &[("error", "one"), ("", "two")]);
}

/// Guards against losing the end of servers that close without a blank line.
#[test]
fn the_last_event_needs_no_blank_line() {
    check(b"data: one\n\ndata: two", &[("", "one"), ("", "two")]);
    check(b"data: one\n\ndata: two\n", &[("", "one"), ("", "two")]);
}

#[test]
fn an_empty_stream_has_no_events() {
    check(b"", &[]);
    check(b"\n\r\n\r", &[]);
}
