//! Readable links: what each key means, what is out of range, and what a slip of a character does.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use fanout::json;
use fanout::scenario::draft::Draft;
use fanout::scenario::file::{self, Opened};
use fanout::scenario::gallery::{READY, REVISION, Ready};
use fanout::scenario::readable::{KEYS, Key, Kind, fragment, parse};
use fanout::scenario::view::View;
use serde_json::{Map, Value};

use crate::sample::ready_files;

const READY_ONE: Ready = READY[1];

/// The file of a ready scenario.
fn text(ready: Ready) -> &'static str {
    static FILES: LazyLock<BTreeMap<String, String>> = LazyLock::new(|| ready_files().into_iter().collect());
    &FILES[ready.name]
}

fn base() -> Draft {
    file::read(text(READY_ONE)).expect("a scenario").draft
}

/// What a fragment opens, and whether the page says anything about it.
fn opened(fragment: &str) -> Result<Option<(Draft, bool)>, &'static str> {
    let Some(readable) = parse(fragment).map_err(|error| error.code())? else { return Ok(None) };
    let Opened { draft, mut notices } = readable.open(text(readable.ready)).expect("a ready scenario");
    View::parse(fragment, &mut notices);
    let has_notice = readable.is_altered() || !notices.is_empty();
    Ok(Some((draft, has_notice)))
}

/// A draft apart from how its file was written.
fn plain(draft: Draft) -> Draft {
    Draft { unknown: Map::new(), ..draft }
}

/// What a fragment opens without a word.
fn silently(fragment: &str) -> Draft {
    let (draft, has_notice) = opened(fragment).expect("a link").expect("a ready scenario");
    assert!(!has_notice, "{fragment}");
    plain(draft)
}

/// The notices of a link.
fn notices(fragment: &str) -> Vec<String> {
    let readable = parse(fragment).expect("a link").expect("of a ready scenario");
    readable.open(text(readable.ready)).expect("a ready scenario").notices
}

/// A value of the base's key that is another than the base has.
fn other(key: &Key) -> &'static str {
    match (key.kind, key.name) {
        (Kind::Flag, "retry-budget" | "any-case" | "any-punctuation" | "as-option") => "0",
        (Kind::Flag, _) => "1",
        (Kind::Optional, _) => "17",
        (Kind::Number, "right" | "shared") => "0.125",
        (Kind::Number, _) => "7",
        (Kind::Word, "ask") => "ask-first",
        (Kind::Word, "speed") => "large",
        (Kind::Word, "fail") => "quorum",
        (Kind::Word, "entry") => "window",
        (Kind::Word, "deliver") => "input",
        (Kind::Word, "limiters") => "own",
        (Kind::Word, "resume") => "probe",
        (Kind::Word, "jitter") => "none",
        (Kind::Word, "rule") => "majority",
        (Kind::Word, "stop") => "esc",
        (Kind::Word, "combine") => "fold",
        (Kind::Word, "split") => "headings",
        (Kind::Word, name) => panic!("no word for {name}"),
    }
}

#[test]
fn every_key_changes_its_field_and_comes_back() {
    for key in &KEYS {
        let link = format!("/{}.1&{}={}", READY_ONE.name, key.name, other(key));
        let (draft, has_notice) = opened(&link).expect("a link").expect("a scenario");
        assert!(!has_notice, "{link}: {:?}", notices(&link));
        let again = fragment(READY_ONE, REVISION, &base(), &draft).expect("settings only");
        assert!(again.starts_with(&link), "{link} came back as {again}");
        assert_eq!(silently(&again), plain(draft), "{again}");
    }
}

#[test]
fn all_keys_at_once_come_back() {
    let pairs: String = KEYS.iter().map(|key| format!("&{}={}", key.name, other(key))).collect();
    let (draft, has_notice) = opened(&format!("#/{}{pairs}", READY_ONE.name)).unwrap().unwrap();
    assert!(!has_notice);
    let again = fragment(READY_ONE, REVISION, &base(), &draft).expect("settings only");
    assert_eq!(silently(&again), plain(draft));
    assert!(again.len() < 1_800, "{}", again.len());
}

#[test]
fn an_unchanged_scenario_is_its_name() {
    for ready in READY {
        let draft = file::read(text(ready)).expect("a scenario").draft;
        assert_eq!(fragment(ready, 1, &draft, &draft), Some(format!("/{}.1", ready.name)));
    }
}

/// Guards against private texts in an address bar, and against links that lose them.
#[test]
fn a_changed_text_has_no_readable_link() {
    let changes: [fn(&mut Draft); 7] = [
        |draft| draft.title.push('!'),
        |draft| draft.note.push('!'),
        |draft| draft.model.push('!'),
        |draft| draft.voting.question.push('!'),
        |draft| draft.voting.options.push("!".into()),
        |draft| draft.map_reduce.documents[0].text.push('!'),
        |draft| draft.sectioning.section_prompt.system.push('!'),
    ];
    for change in changes {
        let mut draft = base();
        change(&mut draft);
        assert_eq!(fragment(READY_ONE, REVISION, &base(), &draft), None);
    }
}

#[test]
fn what_is_out_of_range_or_unknown_is_said() {
    for (pairs, said) in [
        ("&cap=5000", "limits.concurrency: 5000 → 1000"),
        ("&n=9&n=5", "n stands there twice"),
        ("&cap=many", "cap=many is no value"),
        ("&cap=none", "cap=none is no value"),
        ("&cap=", "cap= is no value"),
        ("&cap=1e3x", "cap=1e3x is no value"),
        ("&single=yes", "single=yes is no value"),
        ("&fail=explode", "“collect” is used"),
        ("&faults=99", "simulation.fault_percent: 99 → 50"),
    ] {
        let notices = notices(&format!("/{}{pairs}", READY_ONE.name)).join("; ");
        assert!(notices.contains(said), "{pairs}: {notices}");
    }
    let mut said = Vec::new();
    View::parse(&format!("/{}&colour=red&v=pie&hide=metrics,all", READY_ONE.name), &mut said);
    assert_eq!(said.len(), 3, "{said:?}");
    // Settings stand on a ready scenario; in a full link they would be silently without effect.
    View::parse("/s1z.abc&cap=4", &mut said);
    assert_eq!(said.len(), 4, "{said:?}");
}

/// Guards against a slip of one character that quietly shows another scenario.
#[test]
fn no_single_changed_character_is_silent() {
    let mut draft = base();
    draft.limits.concurrency = 4;
    draft.limits.requests_per_minute = Some(30);
    draft.voting.votes = 9;
    draft.simulation.difficulty = 0.75;
    let link = fragment(READY_ONE, REVISION, &base(), &draft).expect("settings only");
    let link = format!("{link}&v=list&arm=2&t=1200&sel=2.5");
    let sent = silently(&link);
    for place in 1..link.len() {
        for c in (0x20..0x7f_u8).filter(|c| *c != link.as_bytes()[place]) {
            let mut bytes = link.clone().into_bytes();
            bytes[place] = c;
            let damaged = String::from_utf8(bytes).expect("ASCII");
            match opened(&damaged) {
                // The reader of full links refuses what is none of them.
                Err(_) | Ok(None | Some((_, true))) => {}
                Ok(Some((draft, false))) => assert_eq!(plain(draft), sent, "{damaged} is silent"),
            }
        }
    }
}

#[test]
fn names_revisions_and_repairs() {
    let name = READY_ONE.name;
    for (link, expected) in [
        (format!("#/{name}"), Ok(true)),
        (format!("#/{}", name.to_uppercase()), Ok(true)),
        (format!("#/{name}.1."), Ok(true)),
        (format!("%23%2F{name}.1%26cap%3D4"), Ok(true)),
        (format!("#/{name}&amp;cap=4)"), Ok(true)),
        (format!("#/{name}.2"), Err("E3")),
        (format!("#/{name}.0"), Err("E1")),
        (format!("#/{name}.x&cap=4"), Err("E1")),
        ("#/draft".to_string(), Ok(false)),
        ("#/L99".to_string(), Ok(false)),
        ("#/s1z.abc&cap=4".to_string(), Ok(false)),
    ] {
        let found = opened(&link).map(|opened| opened.is_some());
        assert_eq!(found, expected, "{link}");
    }
    let (draft, _) = opened(&format!("%2523%252F{name}%2526cap%253D4")).unwrap().unwrap();
    assert_eq!(draft.limits.concurrency, 4);
}

/// The rows of the table of keys in docs/links.md: name, field, what it may say.
fn documented() -> Vec<[String; 3]> {
    let text = std::fs::read_to_string("docs/links.md").expect("the description");
    let rows = text.lines().filter(|line| line.starts_with("| `") && line.contains(" | `"));
    rows.map(|row| {
        let mut cells = row.trim_matches('|').split('|').map(|cell| cell.trim().replace('`', ""));
        [0; 3].map(|_| cells.next().unwrap_or_default())
    })
    .collect()
}

/// Where a field stands in a written file.
fn value(draft: &Draft, field: &str) -> Value {
    let written = json::read(&file::write(draft)).expect("JSON");
    written.pointer(&format!("/{}", field.replace('.', "/"))).cloned().unwrap_or_default()
}

/// Guards against a published key or range that quietly becomes another.
#[test]
fn the_description_says_what_the_program_does() {
    let documented = documented();
    let names: Vec<[&str; 2]> = documented.iter().map(|[name, field, _]| [&**name, field]).collect();
    let known: Vec<[&str; 2]> = KEYS.iter().map(|key| [key.name, key.field]).collect();
    assert_eq!(names, known);
    for (key, [name, field, says]) in KEYS.iter().zip(&documented) {
        let link = |text: &str| format!("/{}&{name}={text}", READY_ONE.name);
        match key.kind {
            Kind::Flag => assert_eq!(says, "1 or 0", "{name}"),
            Kind::Word => {
                for word in says.split(", ") {
                    assert_eq!(notices(&link(word)), [""; 0], "{name}={word}");
                }
            }
            Kind::Number | Kind::Optional => {
                assert_eq!(says.ends_with(", or none"), key.kind == Kind::Optional, "{name}: {says}");
                let range = says.trim_end_matches(", or none").replace(' ', "");
                let (least, most) = range.split_once('–').unwrap_or_else(|| panic!("{name}: {says}"));
                for bound in [least, most] {
                    let (draft, has_notice) = opened(&link(bound)).unwrap().unwrap();
                    assert!(!has_notice, "{name}={bound} is in range");
                    // Dials that stand where they always do are not written.
                    let is_usual = fragment(READY_ONE, REVISION, &base(), &draft)
                        == fragment(READY_ONE, REVISION, &base(), &base());
                    let written = json::write(&value(&draft, field));
                    assert!(written == bound || is_usual && written == "null", "{name}={bound}: {written}");
                }
                // The largest seed is the largest number there is.
                let beyond =
                    if most.contains('.') || most == "1" { "1.5".to_string() } else { format!("{most}0") };
                assert_eq!(notices(&link(&beyond)).len(), 1, "{name}={beyond} is out of range");
                if least != "0" {
                    assert_eq!(notices(&link("0")).len(), 1, "{name}=0 is out of range");
                }
            }
        }
    }
}

/// Guards against a ready scenario that changes under links that were given out. Where one has to,
/// the new text gets a new revision and the old one stays; before the first release its sum may change.
#[test]
fn ready_scenarios_are_frozen() {
    let sums: Vec<(String, String)> = ready_files()
        .into_iter()
        .map(|(name, text)| {
            let value = json::write(&json::read(&text).expect("JSON"));
            let sum = value.bytes().fold(0_u32, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte.into()));
            (name, format!("{sum:08x}"))
        })
        .collect();
    let frozen: Vec<(String, String)> =
        FROZEN.iter().map(|(name, sum)| (name.to_string(), sum.to_string())).collect();
    assert_eq!(sums, frozen);
}

const FROZEN: [(&str, &str); 14] = [
    ("aesop", "737e7fd5"),
    ("bill-of-rights", "58aa9dc0"),
    ("bridge-reports", "0b348319"),
    ("bus-timetable", "addb9d00"),
    ("declaration", "2867bf08"),
    ("eight-planets", "e2c6ae93"),
    ("federalist-10", "ee54b09a"),
    ("first-lines", "393d9919"),
    ("gettysburg", "70fcbf2d"),
    ("guest-book", "2a3d8e0f"),
    ("jack-built", "d41dc309"),
    ("lighthouse-log", "5ebfc4f8"),
    ("rain-year", "4f00df04"),
    ("weather-stations", "90d23a7a"),
];
