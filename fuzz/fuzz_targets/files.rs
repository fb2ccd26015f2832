//! The input is a scenario file.
#![no_main]

use fanout_fuzz::scenarios;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    if let Ok(text) = std::str::from_utf8(input) {
        scenarios::check(text);
    }
});
