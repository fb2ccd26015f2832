//! Links: what arrives whole opens as it was sent, and what was damaged never opens as something else.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use fanout::engine::draw::fold;
use fanout::scenario::draft::{DocumentDraft, Draft};
use fanout::scenario::file;
use fanout::scenario::link::{self, LinkError, NoLink};
use miniz_oxide::deflate::compress_to_vec_zlib;
use miniz_oxide::inflate::decompress_to_vec_zlib;
use serde_json::Map;

use crate::sample::{bare, emoji, japanese, ready_files, small};
use crate::zlib::{one_line, read, write};

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Opens a fragment: the draft, the code of its error, or nothing.
fn opened(fragment: &str) -> Result<Option<Draft>, &'static str> {
    let opened = read(fragment).map_err(|error| error.code())?;
    Ok(opened.map(|opened| Draft { unknown: Map::new(), ..opened.draft }))
}

#[track_caller]
fn check(fragment: &str, expected: Result<Option<Draft>, &'static str>) {
    assert_eq!(opened(fragment), expected, "{fragment:.80}");
}

fn packed(json: &[u8]) -> String {
    format!("/s1z.{}", URL_SAFE_NO_PAD.encode(compress_to_vec_zlib(json, 9)))
}

/// Ten links, the shortest first: five of small drafts, five of the ready ones.
fn links() -> Vec<(Draft, String)> {
    let ready = ready_files().into_iter().take(5);
    let ready = ready.map(|(_, text)| file::read(&text).expect("a scenario").draft);
    let small_ones = [bare(), Draft { seed: 77, ..bare() }, Draft::default(), emoji(), japanese()];
    small_ones
        .into_iter()
        .chain(ready)
        .map(|draft| {
            let fragment = write(&draft).expect("short enough");
            (Draft { unknown: Map::new(), ..draft }, fragment)
        })
        .collect()
}

#[test]
fn ten_links_open_as_they_were_sent() {
    let links = links();
    assert_eq!(links.len(), 10);
    for (draft, fragment) in links {
        assert!(fragment[5..].bytes().all(|c| ALPHABET.contains(&c)), "{fragment}");
        check(&fragment, Ok(Some(draft.clone())));
        check(&format!("#{fragment}&v=list&t=200"), Ok(Some(draft)));
    }
}

/// The fragment with another character at `place`.
fn with(fragment: &str, place: usize, character: u8) -> String {
    let mut bytes = fragment.as_bytes().to_vec();
    bytes[place] = character;
    String::from_utf8(bytes).expect("ASCII")
}

fn never_another(draft: &Draft, fragment: &str) {
    match opened(fragment) {
        Err("E1" | "E2") => {}
        Ok(Some(same)) if same == *draft => {}
        other => panic!("{other:?} from {fragment}"),
    }
}

/// Guards against a damaged link that quietly loads other numbers.
#[test]
fn no_single_changed_character_opens_as_another_scenario() {
    for (n, (draft, fragment)) in links().into_iter().enumerate() {
        let payload = 5..fragment.len();
        if n < 3 {
            for place in payload {
                for c in ALPHABET.iter().filter(|c| **c != fragment.as_bytes()[place]) {
                    never_another(&draft, &with(&fragment, place, *c));
                }
            }
        } else {
            for i in 0..400 {
                let drawn = fold(&[n as u64, i]);
                let place = payload.start + (drawn >> 6) as usize % payload.len();
                never_another(&draft, &with(&fragment, place, ALPHABET[drawn as usize % 64]));
            }
        }
    }
}

/// Guards against a change that leaves the Adler-32 of the zlib stream as it was.
#[test]
fn a_change_that_the_zlib_sum_does_not_see_is_seen() {
    let (draft, fragment) = links().swap_remove(3);
    let stream = URL_SAFE_NO_PAD.decode(&fragment[5..]).expect("base64url");
    let text = String::from_utf8(decompress_to_vec_zlib(&stream).expect("zlib")).expect("UTF-8");
    let changed = text.replace("lose nothing", "lose nothgre");
    assert_ne!(text, changed);
    check(&packed(changed.as_bytes()), Err("E2"));
    check(&packed(text.as_bytes()), Ok(Some(draft.clone())));
    // Whoever makes links with other tools may leave the second sum out.
    check(&packed(one_line(&draft).as_bytes()), Ok(Some(draft)));
}

#[test]
fn no_cut_link_opens() {
    for (n, (_, fragment)) in links().into_iter().enumerate() {
        let step = if n < 5 { 1 } else { 37 };
        for length in (2..fragment.len()).step_by(step) {
            let cut = &fragment[..length];
            assert!(matches!(opened(cut), Err("E1" | "E2")), "{:?} from {cut}", opened(cut));
        }
    }
}

#[test]
fn what_mail_and_chat_programs_do_to_a_link_is_taken_back() {
    let (draft, fragment) = links().swap_remove(3);
    let body = fragment.trim_start_matches('/');
    for escaped in ["%23%2F", "%2523%252F", "%2523%252f", "#%2F", "%2F", "#/", "/", ""] {
        check(&format!("{escaped}{body}"), Ok(Some(draft.clone())));
    }
    for stuck in [".", ",", ")", ").", ">", "\"", "'", " ", "\n", "\u{a0}", "%26v=list"] {
        check(&format!("#{fragment}{stuck}"), Ok(Some(draft.clone())));
    }
}

#[test]
fn a_link_without_a_scenario_is_no_error() {
    for fragment in ["", "#", "/", "#/", "#/draft", "%23", "#/&v=list"] {
        check(fragment, Ok(None));
    }
}

#[test]
fn what_is_newer_or_no_link_is_told_apart() {
    for (fragment, code) in [
        ("#/s9z.abc", "E3"),
        ("#/s1q.ABC", "E3"),
        ("#/s2z.", "E1"),
        ("#/s1z.", "E1"),
        ("#/s1z", "E1"),
        ("#/s1z.a b", "E1"),
        ("#/s1z.äöü", "E1"),
        ("#/s1z.AAAA", "E2"),
        ("#/hello", "E1"),
        ("#top", "E1"),
    ] {
        check(fragment, Err(code));
    }
    check(&packed(b"{\"fanout\": 2}"), Err("E3"));
    check(&packed(b"{\"fanout\": 1"), Err("E2"));
    check(&packed(b"\xff\xfe"), Err("E2"));
    let newer = read("#/s9z.abc").expect_err("newer").sentence();
    assert!(newer.contains("newer version (format s9z)"), "{newer}");
}

/// Guards against a short link that takes the browser's memory.
#[test]
fn a_bomb_is_refused_before_it_goes_off() {
    let packed = compress_to_vec_zlib(&vec![0; 100 << 20], 1);
    // Longer than a link may be, so only its beginning travels: it has to stop at the cap.
    let beginning = URL_SAFE_NO_PAD.encode(&packed[..47_000.min(packed.len())]);
    let bomb = format!("/s1z.{beginning}");
    let begun = std::time::Instant::now();
    check(&bomb, Err("E4"));
    assert!(begun.elapsed().as_millis() < 1000, "{:?}", begun.elapsed());
    check(&format!("/s1z.{}", URL_SAFE_NO_PAD.encode(&packed)), Err("E4"));
}

fn check_too_long(draft: &Draft, expected: NoLink, says: &str) {
    let refused = write(draft).expect_err("too long");
    assert_eq!(refused, expected);
    let sentence = refused.sentence();
    assert!(sentence.contains(says) && sentence.contains("Save as a file"), "{sentence}");
}

#[test]
fn what_does_not_fit_is_refused_with_what_would() {
    let mut draft = small();
    draft.map_reduce.documents[2].text = "語".repeat(20_001);
    check_too_long(&draft, NoLink::Text { characters: 20_001 }, "a link takes 20000");
    draft.map_reduce.documents[2].text.pop();
    draft.map_reduce.documents[2].text.pop();
    assert!(write(&draft).is_ok());
    let document = |i: u64| DocumentDraft { id: i.to_string(), text: "a".into() };
    draft.map_reduce.documents = (0..501).map(document).collect();
    check_too_long(&draft, NoLink::Items { count: 501 }, "a link takes 500");
    let noise = |i: u64| (0..100).map(|j| format!("{:x}", fold(&[i, j]))).collect::<String>();
    draft.map_reduce.documents = (0..50).map(|i| DocumentDraft { text: noise(i), ..document(i) }).collect();
    match write(&draft) {
        Err(NoLink::Link { characters }) => assert!(characters > 32_000),
        other => panic!("{other:?}"),
    }
}

/// Guards against a link that is made and then refused by every reader.
#[test]
fn whatever_is_made_can_be_read() {
    let mut draft = small();
    let document = |i: u64| DocumentDraft { id: i.to_string(), text: "river ".repeat(3000) };
    for n in [10, 14, 15, 40] {
        draft.map_reduce.documents = (0..n).map(document).collect();
        match write(&draft) {
            Ok(fragment) => check(&fragment, Ok(Some(draft.clone()))),
            Err(refused) => {
                assert!(n > 14, "{n} documents: {refused:?}");
                assert!(refused.sentence().contains("256 kB"), "{}", refused.sentence());
            }
        }
    }
}

#[test]
fn every_error_says_what_to_do() {
    for (error, says) in [
        (LinkError::Incomplete { characters: 1024 }, "It stops after 1024 characters"),
        (LinkError::Damaged, "Copy it again"),
        (LinkError::Newer { what: "format s9z".into() }, "Reload the page"),
        (LinkError::Unsupported, "scenario as a file"),
        (LinkError::TooLarge { what: "612 items".into() }, "612 items"),
    ] {
        assert!(error.sentence().contains(says), "{}", error.sentence());
    }
}

/// Guards against a slip in a name that is taken for a link that was cut.
#[test]
fn a_name_that_is_none_is_told_from_a_cut_link() {
    for (fragment, name) in [
        ("#/gettysberg.1&cap=5", Some("gettysberg")),
        ("#/nosuch", Some("nosuch")),
        ("#/L05.1", Some("L05")),
        ("#/s1z", None),
        ("#/s2z.", None),
        ("#/Gettysberg", None),
    ] {
        let error = link::payload(fragment).expect_err("no link");
        assert_eq!(
            name.map(|name| LinkError::Unknown { name: name.to_string() }),
            Some(error.clone()).filter(|error| matches!(error, LinkError::Unknown { .. })),
            "{fragment}: {error:?}"
        );
    }
}
