//! Secrets in texts: known shapes are found, ordinary prose is left alone.

use fanout::json;
use fanout::scenario::file;
use fanout::scenario::secret::{REMOVED, spans, take_out};
use serde_json::json;

use crate::sample::{emoji, japanese, ready_files, small};

/// What of the text is taken for a secret.
fn check(text: &str, expected: &[&str]) {
    let found: Vec<&str> = spans(text).into_iter().map(|span| &text[span]).collect();
    assert_eq!(found, expected, "{text}");
}

#[test]
fn keys_of_known_shapes_are_found() {
    for secret in [
        "sk-proj-abcdefghij0123456789",
        "sk-ant-api03-abcDEF123_456-789ghiJKL",
        "AKIAIOSFODNN7EXAMPLE",
        "ghp_16C7e42F292c6912E7710c838347Ae178B4a",
        "github_pat_11ABCDEFG0abcdefghijkl_mnop",
        "AIzaSyA-1234567890abcdefghijklmnopqrstu",
        "xoxb-123456789012-abcdefghijkl",
        "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLE2KEY",
        "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P",
    ] {
        for text in [
            secret.to_string(),
            format!("The key is {secret}. Use it."),
            format!("key={secret}\nnext"),
            format!("キー「{secret}」です"),
            format!("{{\"key\": \"{secret}\"}}"),
        ] {
            check(&text, &[secret]);
        }
    }
}

#[test]
fn what_is_carried_and_what_is_framed_is_found() {
    check("Authorization: Bearer abcdefghij0123456789", &["abcdefghij0123456789"]);
    check("bearer\n abcdefghij0123456789!", &["abcdefghij0123456789"]);
    let block = "-----BEGIN PRIVATE KEY-----\nMIIB\nVQIB\n-----END PRIVATE KEY-----";
    check(&format!("before\n{block}\nafter"), &[block]);
    check("-----BEGIN PRIVATE KEY-----\nMIIB", &["-----BEGIN PRIVATE KEY-----\nMIIB"]);
    check(
        "a sk-abcdefghij0123456789 b AKIAIOSFODNN7EXAMPLE c",
        &["sk-abcdefghij0123456789", "AKIAIOSFODNN7EXAMPLE"],
    );
}

#[test]
fn ordinary_texts_are_left_alone() {
    for text in [
        "",
        "Risk-adjusted returns of 2024-2026, see sk-learn and the ASIA-Pacific report.",
        "The bearer of this letter, Bearer-of-news-and-tidings-2024, is known.",
        "https://example.com/docs/2024/how-to-run-llm-calls-in-parallel-with-gpt-4-and-llama-3",
        "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft",
        "AbstractSingletonProxyFactoryBeanWithListenerSupport",
        "123e4567-e89b-12d3-a456-426614174000",
        "1234567890123456789012345678901234567890",
        "----------------------------------------------------",
        "{topic} {section} {document} {results} {question}",
        "map_reduce.reduce_max_tokens and sectioning.synthesis_prompt.system",
    ] {
        check(text, &[]);
    }
    let drafts = ready_files().into_iter().map(|(_, text)| file::read(&text).expect("a scenario").draft);
    for draft in drafts.chain([small(), japanese(), emoji()]) {
        assert_eq!(take_out(&mut file::value(&draft)), [], "{}", draft.title);
    }
}

#[test]
fn a_secret_is_taken_out_and_its_spot_is_named() {
    let mut scenario = json!({
        "title": "T",
        "map_reduce": {"documents": [{"text": "a"}, {"text": "Ask with sk-abcdefghij0123456789, twice."}]},
    });
    let found = take_out(&mut scenario);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].place, "map_reduce.documents[2].text");
    assert_eq!(found[0].excerpt, "Ask with sk-abc…");
    assert!(json::write(&scenario).contains(&format!("Ask with {REMOVED}, twice.")));
}
