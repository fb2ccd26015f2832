//! Time and memory: what stands between the first two stars of the input is repeated until all of
//! it is a quarter of what a link may hold, and given to every reader.
#![no_main]

use fanout::providers::answer::read_answer;
use fanout::scenario::{file, link};
use fanout_fuzz::{answers, replies};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let Ok(input) = std::str::from_utf8(input) else { return };
    let mut parts = input.splitn(3, '*');
    let (Some(before), Some(piece), Some(after)) = (parts.next(), parts.next(), parts.next()) else { return };
    if piece.is_empty() {
        return;
    }
    let n = (link::LARGEST / 4).saturating_sub(before.len() + after.len()) / piece.len();
    let text = format!("{before}{}{after}", piece.repeat(n));
    for task in answers::tasks() {
        read_answer(&task, &text);
    }
    for protocol in replies::PROTOCOLS {
        let _ = replies::read(protocol, &[text.as_bytes()]);
    }
    if let Ok(opened) = file::read(&text) {
        file::write(&opened.draft);
    }
    let _ = link::open("", Ok(text.into_bytes()));
});
