//! Settings and texts of a draft, as the page's fields know them: by number.

use std::fs;
use std::path::Path;

use fanout::scenario::draft::{DocumentDraft, Draft, SectionDraft};
use fanout::scenario::file;
use fanout::scenario::gallery::READY;
use fanout::scenario::passage::Passage;
use fanout::scenario::setting::{Setting, Steps, Takes, called};

/// Every setting there is.
fn all() -> Vec<Setting> {
    (0..).map_while(Setting::at).collect()
}

fn ready() -> Vec<Draft> {
    let read = |name: &str| {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("public/scenarios/{name}.json"));
        file::read(&fs::read_to_string(path).expect("it is there")).expect("it opens").draft
    };
    READY.iter().map(|ready| read(ready.name)).collect()
}

/// Guards against a field that sets what another one shows.
#[test]
fn a_number_names_one_setting() {
    let all = all();
    for (number, setting) in all.iter().enumerate() {
        assert_eq!(setting.number(), number, "{setting:?}");
        assert_eq!(all.iter().filter(|other| *other == setting).count(), 1, "{setting:?}");
    }
}

/// Guards against a field that changes what nobody touched, or nothing.
#[test]
fn what_is_read_is_what_was_written_and_nothing_else() {
    for draft in ready() {
        for setting in all() {
            let mut same = draft.clone();
            setting.write(&mut same, setting.read(&draft));
            assert_eq!(same, draft, "{setting:?} in {}", draft.title);
            let other = match setting.field().takes {
                Takes::Slider(_) => setting.read(&draft).map_or(7, |n| n % 10 + 3),
                Takes::Number { least, .. } => least + u32::from(setting.read(&draft) == Some(least)),
                Takes::Choice(_) | Takes::Flag => 1 - setting.read(&draft).unwrap_or(0).min(1),
            };
            let mut changed = draft.clone();
            setting.write(&mut changed, Some(other));
            let others = all().into_iter().filter(|other| *other != setting);
            for other in others {
                assert_eq!(other.read(&changed), other.read(&draft), "{setting:?} changes {other:?}");
            }
            assert_eq!(setting.read(&changed), Some(other), "{setting:?} in {}", draft.title);
        }
    }
}

/// Guards against a slider that jumps when it is looked at, and whose last step is no end.
#[test]
fn a_slider_stands_where_its_value_is() {
    let check = |steps: Steps| {
        let (least, most) = steps.bounds();
        for place in least..=most {
            assert_eq!(steps.place(steps.value(place)), place, "{steps:?}");
        }
        assert_eq!(steps.value(most).is_none(), steps.may_be_none(), "{steps:?}");
    };
    for setting in all() {
        if let Takes::Slider(steps) = setting.field().takes {
            check(steps);
        }
    }
    // Between two stops it stands at the higher one, behind the last one at that.
    let stops = Steps::Stops { stops: &[10, 20, 60], open_end: false };
    assert_eq!([5, 15, 20, 21, 99].map(|n| stops.place(Some(n))), [0, 1, 1, 2, 2]);
}

/// Guards against a text that is typed into another one's place.
#[test]
fn every_passage_has_a_place_of_its_own() {
    let mut draft = Draft::default();
    draft.sectioning.sections = vec![SectionDraft::default(); 2];
    draft.map_reduce.documents = vec![DocumentDraft::default(); 2];
    let mut written: Vec<Draft> = Vec::new();
    for numbers in (0..12).flat_map(|kind| (0..7).map(move |index| (kind, index))) {
        let mut changed = draft.clone();
        // Those of which there is one have it under the first number only.
        let passage = Passage::at(numbers.0, numbers.1).filter(|passage| passage.numbers() == numbers);
        passage.into_iter().for_each(|passage| passage.write(&mut changed, "typed".to_string()));
        // Behind the last section or document there is none.
        if changed != draft {
            assert!(!written.contains(&changed), "{passage:?} is written by another one, too");
            written.push(changed);
        }
    }
    // Title and note, a topic, a question, the options; three texts of each section, two of each document, fourteen of prompts.
    assert_eq!(written.len(), 2 + 3 + 3 * 2 + 2 * 2 + 14);
}

/// Guards against names of a file where the page has its own.
#[test]
fn what_stands_in_a_file_is_called_as_on_the_page() {
    for (path, expected) in [
        ("limits.concurrency", Some("Concurrency")),
        ("voting.votes", Some("Votes")),
        ("map_reduce.fan_in", Some("Fan-in")),
        ("limits.rolling_minute", Some("Count requests in a rolling minute")),
        ("map_reduce.documents[2].text", None),
        ("title", None),
    ] {
        assert_eq!(called(path), expected, "{path}");
    }
    // Every name but those of dials is one of the file.
    let file = file::value(&crate::sample::small());
    for path in [
        "limits.requests_per_minute",
        "limits.tokens_per_minute",
        "limits.burst",
        "limits.admission",
        "limits.attempts",
    ] {
        let (group, key) = path.split_once('.').expect("a dot");
        assert!(called(path).is_some() && file[group].get(key).is_some(), "{path}");
    }
}
