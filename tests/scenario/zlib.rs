//! Links as a program makes and opens them that is no browser: miniz_oxide packs and unpacks.

use fanout::json;
use fanout::scenario::draft::Draft;
use fanout::scenario::file::{self, Opened};
use fanout::scenario::link::{self, LinkError, NoLink, UnpackError};
use miniz_oxide::deflate::compress_to_vec_zlib;
use miniz_oxide::inflate::{TINFLStatus, decompress_to_vec_zlib_with_limit};

/// What is packed into a link, without its sum.
pub fn one_line(draft: &Draft) -> String {
    json::write(&file::value(draft))
}

pub fn write(draft: &Draft) -> Result<String, NoLink> {
    link::fragment(&compress_to_vec_zlib(link::text(&file::value(draft))?.as_bytes(), 9))
}

/// None is no link.
pub fn read(fragment: &str) -> Result<Option<Opened>, LinkError> {
    let Some(packed) = link::payload(fragment)? else { return Ok(None) };
    let unpacked =
        decompress_to_vec_zlib_with_limit(&packed, link::LARGEST).map_err(|error| match error.status {
            TINFLStatus::FailedCannotMakeProgress | TINFLStatus::NeedsMoreInput => UnpackError::Incomplete,
            TINFLStatus::HasMoreOutput => UnpackError::TooLarge,
            _ => UnpackError::Damaged,
        });
    link::open(fragment, unpacked).map(Some)
}
