//! The first byte chooses the protocol and draws the borders of the chunks, the rest is the reply.
#![no_main]

use fanout_fuzz::replies::{self, PROTOCOLS};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    if let Some((seed, body)) = input.split_first() {
        replies::check(PROTOCOLS[usize::from(*seed) % PROTOCOLS.len()], body, *seed);
    }
});
