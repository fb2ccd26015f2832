//! Links: whatever stands in one, it opens or it does not; what opens can be sent on.

use fanout::scenario::file::{self, Opened};
use fanout::scenario::link::{self, LinkError, NoLink, UnpackError};
use miniz_oxide::inflate::{TINFLStatus, decompress_to_vec_zlib_with_limit};

use crate::scenarios::assert_same;

pub fn check_fragment(fragment: &str) {
    if let Ok(Some(packed)) = link::payload(fragment) {
        check_opened(link::open(fragment, unpack(&packed)));
    }
}

/// Bytes as a link has them before it is written in letters.
pub fn check_packed(packed: &[u8]) {
    // No stream is empty, and the point before an empty one is taken for the end of a sentence.
    if !packed.is_empty()
        && let Ok(fragment) = link::fragment(packed)
    {
        assert_eq!(link::payload(&fragment), Ok(Some(packed.to_vec())));
    }
    let _ = unpack(packed).map(|bytes| check_text(&bytes));
}

pub fn check_text(text: &[u8]) {
    check_opened(link::open("", Ok(text.to_vec())));
}

fn check_opened(opened: Result<Opened, LinkError>) {
    let Ok(first) = opened else { return };
    match link::text(&file::value(&first.draft)) {
        Ok(text) => match link::open("", Ok(text.into_bytes())) {
            Ok(again) => assert_same(&again, &first),
            Err(error) => panic!("{}", error.sentence()),
        },
        // What a link left to its defaults is written out and may be too much.
        Err(NoLink::Whole { .. }) => {}
        Err(other) => panic!("{}", other.sentence()),
    }
}

fn unpack(packed: &[u8]) -> Result<Vec<u8>, UnpackError> {
    decompress_to_vec_zlib_with_limit(packed, link::LARGEST).map_err(|error| match error.status {
        TINFLStatus::FailedCannotMakeProgress | TINFLStatus::NeedsMoreInput => UnpackError::Incomplete,
        TINFLStatus::HasMoreOutput => UnpackError::TooLarge,
        _ => UnpackError::Damaged,
    })
}
