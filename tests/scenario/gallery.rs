//! The ready scenarios: each opens, each runs.

use fanout::analysis::rehearsal::{one_by_one_us, rehearse};
use fanout::engine::patterns::{NoOutcome, Outcome};
use fanout::scenario::ArmKind;
use fanout::scenario::dial::Dial;
use fanout::scenario::file::{self, Opened};
use fanout::scenario::gallery::{FIRST, READY, Ready};

use crate::sample::ready_files;
use crate::zlib::write;

/// Opens a file and rehearses it: nothing to note, no problem, an outcome of every arm.
fn opens_and_runs(name: &str, text: &str) {
    let Opened { draft, notices } = file::read(text).unwrap_or_else(|error| panic!("{name}: {error:?}"));
    assert_eq!(notices, [""; 0], "{name}");
    let (scenario, problems) = draft.check();
    assert_eq!(problems, [], "{name}");
    let keeps_results = draft.dials.get(Dial::OnFailure) == Some(crate::promises::COLLECT);
    for kind in ArmKind::ALL {
        let recording = rehearse(&scenario, kind, None).unwrap_or_else(|| panic!("{name}: {kind:?} stalls"));
        match recording.outcome {
            Some(Outcome::Merged(_) | Outcome::Voted(_)) => {
                assert_eq!(recording.n_over(), recording.plan.len(), "{name}: {kind:?}");
            }
            Some(Outcome::None(NoOutcome::Failures(_))) if !keeps_results => {}
            other => panic!("{name}: {kind:?} comes to {other:?}"),
        }
        assert!(one_by_one_us(&scenario, kind).is_some(), "{name}: {kind:?} stalls one by one");
    }
    assert!(write(&draft).is_ok(), "{name} can be shared");
}

#[test]
fn every_ready_scenario_opens_and_runs() {
    for (name, text) in ready_files() {
        opens_and_runs(&name, &text);
    }
}

/// What to look at, what to change, what to conclude, in words that stand on the page.
#[test]
fn every_note_is_five_sentences() {
    for (name, text) in ready_files() {
        let note = file::read(&text).expect("a scenario").draft.note;
        let ends = note.split_whitespace().filter(|word| word.ends_with(['.', '?', '!'])).count();
        assert_eq!(ends, 5, "{name}");
        assert!(!note.contains(['–', '—']), "{name}");
    }
}

#[test]
fn every_ready_scenario_loads_fast_and_fits_the_box_it_is_chosen_in() {
    for (name, text) in ready_files() {
        assert!(text.len() <= 30_000, "{name}: {} bytes", text.len());
    }
    for Ready { name, title } in READY {
        assert!(title.chars().count() < 40, "{name}: {title}");
        assert!(name.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-')), "{name}");
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
