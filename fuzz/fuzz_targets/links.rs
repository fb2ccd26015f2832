//! The input is a fragment, what is packed into one, and what comes out unpacked.
#![no_main]

use fanout_fuzz::links;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    if let Ok(fragment) = std::str::from_utf8(input) {
        links::check_fragment(fragment);
    }
    links::check_packed(input);
    links::check_text(input);
});
