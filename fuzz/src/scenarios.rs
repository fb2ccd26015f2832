//! Scenarios: what is read is written and reads back the same.

use fanout::scenario::draft::Draft;
use fanout::scenario::file::{self, Opened};
use serde_json::Map;

pub fn check(text: &str) {
    if let Ok(opened) = file::read(text) {
        let written = file::write(&opened.draft);
        let again = file::read(&written).unwrap_or_else(|error| panic!("{error:?} in {written}"));
        assert_same(&again, &opened);
        assert_eq!(file::write(&again.draft), written);
    }
}

/// The same draft, and nothing left to change in it.
#[track_caller]
pub fn assert_same(again: &Opened, first: &Opened) {
    // What came with a file grows by what it left out.
    let bare = |opened: &Opened| Draft { unknown: Map::new(), ..opened.draft.clone() };
    assert_eq!(bare(again), bare(first));
    assert_eq!(again.notices, [""; 0]);
}
