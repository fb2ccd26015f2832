//! The scenario file: what is kept, what is dropped, what is brought into range.

use fanout::scenario::file::{self, FileError, Opened};
use fanout::scenario::link::NoLink;
use serde_json::{Map, Value, json};

use crate::sample::{odd, ready_files, small, small_with};
use crate::zlib::{one_line, write};

fn opened(text: &str) -> Opened {
    file::read(text).unwrap_or_else(|error| panic!("{error:?} in {text:.200}"))
}

/// Reads `small` with `changes`, and compares what was noted with the beginnings of `notices`.
fn check(changes: &[(&str, Value)], notices: &[&str]) -> Opened {
    let opened = opened(&small_with(changes));
    let matches = opened.notices.iter().zip(notices).all(|(notice, start)| notice.starts_with(start));
    assert!(matches && opened.notices.len() == notices.len(), "{:?} for {changes:?}", opened.notices);
    opened
}

#[test]
fn every_ready_file_is_written_back_as_it_was() {
    for (name, text) in ready_files() {
        let first = opened(&text);
        let written = file::write(&first.draft);
        let before: Value = serde_json::from_str(&text).expect("JSON");
        let after: Value = serde_json::from_str(&written).expect("JSON");
        assert_eq!(before, after, "{name}");
        assert_eq!(opened(&written), first, "{name}");
    }
}

#[test]
fn odd_drafts_come_back_as_they_were() {
    for draft in odd() {
        for text in [file::write(&draft), one_line(&draft)] {
            let Opened { draft: mut again, notices } = opened(&text);
            again.unknown = Map::new();
            assert_eq!(again, draft);
            assert_eq!(notices, [""; 0]);
        }
    }
}

#[test]
fn every_step_of_a_share_comes_back_as_it_was() {
    for percent in 0..=100 {
        let mut draft = small();
        draft.simulation.difficulty = f64::from(percent) / 100.0;
        draft.simulation.shared_error = f64::from(100 - percent) / 100.0;
        assert_eq!(opened(&file::write(&draft)).draft.simulation, draft.simulation);
    }
}

/// Guards against a share that is another one after it was saved.
#[test]
fn a_share_with_more_digits_than_are_kept_comes_back_as_it_was_read() {
    for written in ["0.123456789012345678", "1.23456789012345e-7", "0.99999999999999999", "1e-16"] {
        let share: Value = serde_json::from_str(written).expect("a number");
        let draft = opened(&small_with(&[("/simulation/difficulty", share)])).draft;
        let again = opened(&file::write(&draft));
        assert_eq!((again.draft.simulation, again.notices.len()), (draft.simulation, 0), "{written}");
    }
}

/// Guards against a section that waits for another again once the file is saved and opened.
#[test]
fn what_a_section_no_longer_waits_for_is_not_written() {
    let after = "/sectioning/sections/1/after";
    let mut draft = check(&[(after, json!(["Source"]))], &[]).draft;
    draft.sectioning.sections[1].after.clear();
    let again = opened(&file::write(&draft));
    assert_eq!(again.draft.sectioning, draft.sectioning);
}

/// Guards against a file that is found wrong again after it was saved.
#[test]
fn what_was_left_out_is_not_written_back() {
    for (place, value, notice) in [
        ("/sectioning/sections/1/after", json!([1]), "sectioning.sections[2].after: has items"),
        ("/timeouts", json!(11), "timeouts: should be an object"),
        ("/compare", json!(null), "compare: should be an object"),
    ] {
        let wrong = check(&[(place, value)], &[notice]);
        assert_eq!(opened(&file::write(&wrong.draft)).notices, [""; 0], "{place}");
    }
}

/// Guards against time that grows with the square of a list: a link may bring 256 kB of them.
#[test]
fn hostile_lists_are_read_and_written_in_no_time() {
    for item in ["1", "{}", "{\"id\": 1, \"name\": 1, \"after\": [1]}", "{\"id\": \"a\", \"name\": \"a\"}"] {
        let list = [item; 10_000].join(",");
        let text = format!(
            "{{\"fanout\": 1, \"sectioning\": {{\"sections\": [{list}]}}, \"map_reduce\": {{\"documents\": [1, {list}]}}}}"
        );
        let Opened { draft, notices } = opened(&text);
        assert!(notices.len() <= 101, "{} notices", notices.len());
        opened(&file::write(&draft));
    }
}

/// Guards against a file of a later version that loses what this version does not know.
#[test]
fn unknown_keys_are_kept_at_every_level() {
    let levels = [
        "",
        "/limits",
        "/simulation",
        "/sectioning",
        "/sectioning/section_prompt",
        "/sectioning/sections/0",
        "/sectioning/sections/1",
        "/voting",
        "/voting/prompt",
        "/map_reduce",
        "/map_reduce/map_prompt",
        "/map_reduce/documents/2",
    ];
    for level in levels {
        let place = format!("{level}/later");
        let later = json!({"needs": [1, {"b": null}]});
        let opened = check(&[(&place, later.clone())], &[]);
        for text in [file::write(&opened.draft), one_line(&opened.draft)] {
            let written: Value = serde_json::from_str(&text).expect("JSON");
            assert_eq!(written.pointer(&place), Some(&later), "{place}");
        }
    }
}

#[test]
fn what_is_unknown_about_a_document_stays_with_it() {
    let after = |n: u64| json!({"n": n});
    let places = ["/map_reduce/documents/0/after", "/map_reduce/documents/2/after"];
    let mut draft = check(&[(places[0], after(1)), (places[1], after(3))], &[]).draft;
    draft.map_reduce.documents.remove(0);
    draft.map_reduce.documents.push(small().map_reduce.documents[0].clone());
    draft.map_reduce.documents[1].text = "changed".into();
    draft.map_reduce.documents[2].id = "new".into();
    let written: Value = serde_json::from_str(&file::write(&draft)).expect("JSON");
    let kept = |i: usize| written["map_reduce"]["documents"][i].get("after").cloned();
    assert_eq!([kept(0), kept(1), kept(2)], [None, Some(after(3)), None]);
}

#[test]
fn forbidden_names_are_dropped_and_named_at_any_depth() {
    let deep = json!({"a": [{"headers": {"authorization": "x"}}]});
    for (place, value, named) in [
        ("/base_url", json!("https://example.com"), "base_url"),
        ("/baseUrl", json!("https://example.com"), "baseUrl"),
        ("/limits/api_key", json!("x"), "api_key"),
        ("/voting/apiKey", json!("x"), "apiKey"),
        ("/voting/prompt/Headers", json!({}), "Headers"),
        ("/map_reduce/documents/1/__proto__", json!({"text": "x"}), "__proto__"),
        ("/sectioning/sections/0/ENDPOINT", json!(1), "ENDPOINT"),
        ("/limits/api-key", json!("x"), "api-key"),
        ("/limits/access_token", json!("x"), "access_token"),
        ("/Base URL", json!("x"), "Base URL"),
        ("/after", json!([{"proxy": 1}, {"proxy": 2}, {"proxy": {"proxy": 3}}]), "proxy"),
        ("/after", deep, "authorization, headers"),
    ] {
        let opened =
            check(&[(place, value)], &[&format!("Ignored, because a scenario may not hold it: {named}.")]);
        let written = file::write(&opened.draft);
        for name in named.split(", ") {
            assert!(!written.contains(&format!("\"{name}\"")), "{name} is written back");
        }
    }
}

#[test]
fn numbers_out_of_range_are_brought_into_it_and_listed() {
    let opened = check(
        &[
            ("/limits/concurrency", json!(0)),
            ("/limits/requests_per_minute", json!(-5)),
            ("/limits/attempts", json!(21)),
            ("/simulation/fault_percent", json!(2000)),
            ("/simulation/difficulty", json!(1.5)),
            ("/simulation/shared_error", json!(-0.1)),
            ("/voting/votes", json!(1e9)),
            ("/map_reduce/fan_in", json!(1.4)),
            ("/map_reduce/map_max_tokens", json!(u64::MAX)),
        ],
        &[
            "limits.concurrency: 0 → 1",
            "limits.requests_per_minute: -5 → 1",
            "limits.attempts: 21 → 20",
            "simulation.fault_percent: 2000 → 50",
            "simulation.difficulty: 1.5 → 1",
            "simulation.shared_error: -0.1 → 0",
            "voting.votes: 1000000000.0 → 101",
            "map_reduce.fan_in: 1.4 → 2",
            "map_reduce.map_max_tokens: 18446744073709551615 → 200000",
        ],
    );
    assert_eq!(opened.draft.voting.votes, 101);
    let again = file::read(&file::write(&opened.draft)).expect("a scenario");
    assert_eq!(again.notices, [""; 0], "what was brought into range is in range");
}

#[test]
fn what_has_the_wrong_type_is_noted_by_its_place() {
    check(
        &[
            ("/title", json!(1)),
            ("/seed", json!("1")),
            ("/limits", json!([])),
            ("/simulation/speed", json!("fast")),
            ("/sectioning/sections/1/name", json!({})),
            ("/sectioning/section_prompt", json!("be brief")),
            ("/voting/options", json!(["yes", 2])),
            ("/map_reduce/documents", json!([1, {"id": 5}])),
        ],
        &[
            "title: should be a text",
            "seed: should be a number",
            "limits: should be an object",
            "simulation.speed: \"fast\" is not known; “mid” is used",
            "sectioning.sections[2].name: should be a text",
            "sectioning.section_prompt: should be an object",
            "voting.options: has items that are not texts",
            "map_reduce.documents[1]: should be an object",
            "map_reduce.documents[2].id: should be a text",
        ],
    );
}

#[test]
fn what_is_no_scenario_is_refused_with_the_place() {
    for (text, says) in [
        ("", "it is empty"),
        (" \n", "it is empty"),
        ("{\"fanout\": 1", "line 1"),
        ("{\"fanout\": 1} x", "trailing"),
        ("[1]", "should begin with “{”"),
        ("{}", "“fanout” should be 1"),
        ("{\"fanout\": \"1\"}", "“fanout” should be 1"),
        ("{\"fanout\": 0}", "“fanout” should be 1"),
        ("{\"fanout\": 1, \"seed\": 1, \"seed\": 2}", "“seed” stands there twice"),
        ("{\"fanout\": 1, \"x\": [{\"a\": 1, \"a\": 1}]}", "“a” stands there twice"),
    ] {
        match file::read(text) {
            Err(FileError::Malformed(sentence)) => assert!(sentence.contains(says), "{text}: {sentence}"),
            other => panic!("{text}: {other:?}"),
        }
    }
    assert_eq!(file::read("{\"fanout\": 2}"), Err(FileError::Newer { version: 2 }));
}

#[test]
fn twelve_levels_are_read_and_thirteen_are_not() {
    let nested = |levels: usize| {
        format!("{{\"fanout\": 1, \"after\": {}{}}}", "[".repeat(levels - 1), "]".repeat(levels - 1))
    };
    assert!(file::read(&nested(12)).is_ok());
    for levels in [13, 14, 100, 100_000] {
        match file::read(&nested(levels)) {
            Err(FileError::Malformed(sentence)) => assert!(sentence.contains("deeper than 12"), "{sentence}"),
            other => panic!("{levels} levels: {other:?}"),
        }
    }
}

#[test]
fn a_text_too_long_for_a_link_goes_into_a_file() {
    let mut draft = small();
    draft.voting.prompt.system = "長".repeat(300_000);
    assert_eq!(opened(&file::write(&draft)).draft.voting, draft.voting);
    let refused = write(&draft).expect_err("too long");
    assert_eq!(refused, NoLink::Text { characters: 300_000 });
    let sentence = refused.sentence();
    for part in ["300000 characters", "20000", "Save as a file"] {
        assert!(sentence.contains(part), "{sentence}");
    }
}

/// Guards against a notice as long as the file.
#[test]
fn of_very_many_forbidden_names_some_are_named() {
    let spelt: Vec<String> = (0..500).map(|i| format!("\"key{}\": 1", "-".repeat(i))).collect();
    let opened = opened(&format!("{{\"fanout\": 1, {}}}", spelt.join(", ")));
    let notice = &opened.notices[0];
    assert!(notice.contains("key, key-, ") && notice.contains(", …."), "{notice:.300}");
    assert!(notice.len() < 500, "{}", notice.len());
}
