//! Replies as models write them, and what is read from them.

use std::sync::Arc;

use fanout::engine::call::{Answer, Task};
use fanout::providers::answer::{read_answer, so_far};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn check(task: &Task, reply: &str, expected: Answer) {
    assert_eq!(read_answer(task, reply), expected, "{reply}");
}

fn section() -> Task {
    Task::Section { name: "Plants".into(), brief: "".into() }
}

fn vote() -> Task {
    Task::Vote { options: Arc::new(["Oslo".to_string(), "Bergen".to_string()]), correct: None }
}

fn summary() -> Task {
    Task::Summary { document: "…".into() }
}

fn points(content: &str, key_points: &[&str]) -> Answer {
    Answer::Points {
        content: content.to_string(),
        key_points: key_points.iter().map(ToString::to_string).collect(),
    }
}

fn voted(answer: &str, confidence: Option<f64>, reasoning: &str) -> Answer {
    Answer::Vote { answer: answer.to_string(), confidence, reasoning: reasoning.to_string() }
}

fn text(text: &str) -> Answer {
    Answer::Text(text.to_string())
}

fn summarised(summary: &str) -> Answer {
    Answer::Summary { summary: summary.to_string() }
}

#[test]
fn json_is_found_bare_fenced_after_prose_and_behind_thinking() {
    for reply in [
        r#"{"summary": "Short."}"#,
        "```json\n{\"summary\": \"Short.\"}\n```",
        "```\n{\"summary\": \"Short.\"}\n```\nThat is all.",
        "Here {as asked} it is: {\"summary\": \"Short.\"} I hope {it} helps.",
        "<think>I could say {\"summary\": \"Long.\"}</think>\n{\"summary\": \"Short.\"}",
        "I could say {\"summary\": \"Long.\"}</think>{\"summary\": \"Short.\"}",
        "{\"summary\": \"Long.\"} No, better: {\"summary\": \"Short.\"}",
        r#"[{"summary": "Short."}]"#,
        r#"{"result": {"summary": "Short."}}"#,
        r#"{"output": {"result": {"Summary": "Short."}}}"#,
    ] {
        check(&summary(), reply, summarised("Short."));
    }
    check(&Task::Reduce { parts: Arc::new([]) }, r#"{"summary": "Short."}"#, summarised("Short."));
}

/// Guards against taking an answer that tells of the tag for thinking and losing what is before it.
#[test]
fn an_answer_may_speak_of_the_tags_of_thinking() {
    let fields = r#"{"summary": "Models write </think> when they are done."}"#;
    for reply in [
        fields.to_string(),
        format!("```json\n{fields}\n```"),
        format!("<think>What is it?</think>{fields}"),
        format!("<think>One.</think>\n<think>Two.</think>\n{fields}"),
    ] {
        check(&summary(), &reply, summarised("Models write </think> when they are done."));
    }
    check(&summary(), "<think>One.</think><think>Two.</think> Words.", text("Words."));
}

#[test]
fn the_cheap_slips_of_json_are_undone() {
    check(&section(), "{\"content\": \"A, }b\", \"key_points\": [\"x\", ],\n}", points("A, }b", &["x"]));
    check(&summary(), "{\"summary\": \"One.\n\"}", summarised("One."));
    check(&summary(), "{\"summary\": \"One \\\"line\\\".\nTwo.\"}", summarised("One \"line\".\nTwo."));
}

#[test]
fn key_points_are_a_list_or_lines() {
    let three = points("Text.", &["a", "b", "3"]);
    check(&section(), r#"{"content": "Text.", "key_points": ["a", " b ", "", null, 3]}"#, three.clone());
    check(&section(), r#"{"content": "Text.", "keyPoints": "- a\n* b\n\n• 3"}"#, three.clone());
    check(&section(), r#"{"Content": ["Text."], "Key Points": ["a", "b", "3"]}"#, three);
    check(&section(), r#"{"content": "Text."}"#, points("Text.", &[]));
    check(&section(), r#"{"content": "Text.", "key_points": null}"#, points("Text.", &[]));
    let synthesis = Task::Synthesis { topic: "x".into(), parts: Arc::new([]) };
    check(&synthesis, r#"{"content": "Text.", "key_points": []}"#, points("Text.", &[]));
}

#[test]
fn confidence_is_a_share_however_it_is_written() {
    for (written, share) in [
        ("0.85", Some(0.85)),
        ("85", Some(0.85)),
        ("\"85%\"", Some(0.85)),
        ("\"85 %\"", Some(0.85)),
        ("\"0.85\"", Some(0.85)),
        ("\"1%\"", Some(0.01)),
        ("1", Some(1.0)),
        ("0", Some(0.0)),
        ("-1", None),
        ("850", None),
        ("\"high\"", None),
        ("\"nan\"", None),
        ("null", None),
    ] {
        let reply = format!(r#"{{"answer": "Oslo", "confidence": {written}, "reasoning": "It is."}}"#);
        check(&vote(), &reply, voted("Oslo", share, "It is."));
    }
    check(&vote(), r#"{"answer": 42}"#, voted("42", None, ""));
    check(&vote(), r#"{"answer": true}"#, voted("true", None, ""));
}

#[test]
fn a_vote_in_free_text_is_read_where_a_line_says_so() {
    let reply = "It could be Bergen.\nAnswer: Bergen\n**Final answer:** Oslo\n*Confidence: 85%*";
    check(&vote(), reply, voted("Oslo", Some(0.85), reply));
    check(&vote(), "**Answer: Oslo**", voted("Oslo", None, "**Answer: Oslo**"));
    check(&vote(), "My answer is Oslo.", text("My answer is Oslo."));
    check(&vote(), "Answer:", text("Answer:"));
    check(&vote(), "<think>Bergen? No.</think>\nOslo", text("Oslo"));
}

/// Guards against dropping what a model wrote because it is not what it was asked for.
#[test]
fn what_cannot_be_read_is_kept_as_text() {
    for reply in [
        "",
        "Plain words.",
        "{",
        "{\"content\":",
        r#"{"content": "cut off in the"#,
        r#"{"summary": ""}"#,
        r#"{"summary": null}"#,
        r#"{"a": {"summary": "x"}, "b": 1}"#,
        "<think>never done",
        "<think>only thought</think>",
    ] {
        check(&summary(), reply, text(reply));
    }
    check(&section(), "Answer: Oslo", text("Answer: Oslo"));
}

/// Guards against time that grows with the square of the text.
#[test]
fn hostile_texts_are_read_in_no_time() {
    for piece in ["{", "{\"a\":", "{\"a", "[{", "{\"\":\""] {
        let reply = piece.repeat(50_000);
        check(&summary(), &reply, text(&reply));
    }
}

/// Guards against braces and escapes on the screen while an answer is written.
#[test]
fn an_answer_that_is_written_shows_its_text_and_not_its_shape() {
    let whole = r#"{"content": "One \"two\"\nthree é 🦀 \u00e9\ud83e\udd80.", "key_points": ["no"]}"#;
    let expected = "One \"two\"\nthree é 🦀 é🦀.";
    for at in (0..=whole.len()).filter(|at| whole.is_char_boundary(*at)) {
        let shown = so_far(&whole[..at]);
        assert!(expected.starts_with(&shown), "{shown:?} of {:?}", &whole[..at]);
    }
    assert_eq!(so_far(whole), expected);
    for (partial, shown) in [
        ("Plain wor", "Plain wor"),
        ("", ""),
        ("{", ""),
        ("{\"summary\"", ""),
        ("{\"summary\" : \"Sho", "Sho"),
        ("```json\n{\"answer\": \"Oslo\", \"confidence\": 0.", "Oslo"),
        ("<think>Hm. {\"answer\": \"no\"}</think>{\"answer\":\"ye", "ye"),
        ("{\"summary\": \"a\\", "a"),
    ] {
        assert_eq!(so_far(partial), shown, "{partial}");
    }
}
