//! The first byte draws the borders of the chunks, the rest is the stream.
#![no_main]

use fanout_fuzz::events;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    if let Some((seed, stream)) = input.split_first() {
        events::check(stream, *seed);
    }
});
