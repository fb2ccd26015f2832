//! The ready scenarios: each opens, each runs.

use fanout::analysis::rehearsal::{one_by_one_us, rehearse};
use fanout::engine::patterns::Outcome;
use fanout::scenario::ArmKind;
use fanout::scenario::file::{self, Opened};
use fanout::scenario::gallery::{FIRST, READY};

use crate::sample::ready_files;
use crate::zlib::write;

/// Opens a file and rehearses it: nothing to note, no problem, an outcome of every arm.
fn check(name: &str, text: &str) {
    let Opened { draft, notices } = file::read(text).unwrap_or_else(|error| panic!("{name}: {error:?}"));
    assert_eq!(notices, [""; 0], "{name}");
    let (scenario, problems) = draft.check();
    assert_eq!(problems, [], "{name}");
    for kind in ArmKind::ALL {
        let recording = rehearse(&scenario, kind, None).unwrap_or_else(|| panic!("{name}: {kind:?} stalls"));
        match recording.outcome {
            Some(Outcome::Merged(_) | Outcome::Voted(_)) => {}
            other => panic!("{name}: {kind:?} comes to {other:?}"),
        }
        assert_eq!(recording.n_over(), recording.plan.len(), "{name}: {kind:?}");
        assert!(one_by_one_us(&scenario, kind).is_some(), "{name}: {kind:?} stalls one by one");
    }
    assert!(!draft.note.is_empty(), "{name} says what to look at");
    assert!(write(&draft).is_ok(), "{name} can be shared");
}

#[test]
fn every_ready_scenario_opens_and_runs() {
    for (name, text) in ready_files() {
        check(&name, &text);
    }
}

#[test]
fn the_list_and_the_folder_hold_the_same_names() {
    let mut listed = READY.map(|ready| ready.name.to_string());
    listed.sort();
    let files: Vec<String> = ready_files().into_iter().map(|(name, _)| name).collect();
    assert_eq!(listed.to_vec(), files);
}

#[test]
fn no_two_titles_are_the_same() {
    let files = ready_files();
    let opened = files.iter().map(|(_, text)| file::read(text).expect("a scenario").draft.title);
    let mut titles: Vec<String> =
        opened.chain(READY.map(|ready| ready.title.to_string())).filter(|title| !title.is_empty()).collect();
    titles.sort();
    titles.dedup();
    assert_eq!(titles.len(), 2 * READY.len());
}

/// Guards against a page that opens with a scenario it has not asked for along with the program.
#[test]
fn the_page_asks_for_the_first_scenario_early() {
    let page = std::fs::read_to_string("index.html").expect("the page");
    let preload = format!("<link rel=\"preload\" href=\"scenarios/{}.json\"", FIRST.name);
    assert!(page.contains(&preload), "{preload}");
}
