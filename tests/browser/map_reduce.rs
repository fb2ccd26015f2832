//! Map-reduce, live: the tree of calls, what each reduce call reads, and words that are counted.

use std::process::Stdio;

use serde_json::{Value as Json, json};
use tokio::io::AsyncWriteExt;
use tokio::process::Command;

use crate::page::Page;
use crate::provider::{Answer, Provider};
use crate::scenario::{documents, scenario};
use crate::words::{assert_in_order, numbers};

#[tokio::test]
async fn twelve_documents_reduce_in_fours_and_their_words_are_counted() {
    let provider = Provider::start(|asked| match id_of(&asked.user) {
        Some(id) => Answer::ok([90, 30][asked.nth % 2], summary(id)),
        None => Answer::ok(30, merged(first_id(&asked.user))),
    })
    .await;
    let documents = documents(12);
    let ids: Vec<&str> = documents.iter().filter_map(|document| document["id"].as_str()).collect();
    let mut scenario = scenario();
    scenario["map_reduce"]["documents"] = json!(documents);
    // No more than the browser opens connections to one host.
    scenario["limits"]["concurrency"] = json!(6);
    let page = Page::live(&provider.base_url, &scenario).await;
    let arm = page.arm("map-reduce");
    arm.run_live().await;

    let prompts: Vec<String> = provider.posts().iter().map(|post| post.user()).collect();
    let reduces: Vec<&String> = prompts.iter().filter(|user| user.starts_with("REDUCE")).collect();
    assert_eq!((prompts.len(), reduces.len()), (12 + 3 + 1, 3 + 1));
    for group in ids.chunks(4) {
        let prompt = reduces.iter().find(|prompt| prompt.contains(&summary(group[0]))).unwrap();
        let parts: Vec<String> = group.iter().flat_map(|id| [id.to_string(), summary(id)]).collect();
        assert_in_order(prompt, &parts);
    }
    let root = prompts.last().unwrap();
    let parts: Vec<String> = ids.chunks(4).flat_map(|group| [group.join(", "), merged(group[0])]).collect();
    assert_in_order(root, &parts);

    let words = wc(&documents).await;
    assert!(numbers(root).contains(&words), "{words} words in {root}");
    let outcome = arm.outcome().await;
    assert!(outcome.contains(&merged(ids[0])), "{outcome}");
    assert!(numbers(&outcome).contains(&words), "{words} words in {outcome}");
    for id in ids {
        let result = arm.result(&format!("document-{id}")).await.unwrap();
        assert!(result.contains(&summary(id)), "{result}");
    }
    for key in ["reduce-1-1", "reduce-1-2", "reduce-1-3", "reduce-2-1"] {
        assert!(arm.result(key).await.is_some(), "{key}");
    }
}

fn id_of(user: &str) -> Option<&str> {
    user.lines().next()?.strip_prefix("MAP ")
}

fn first_id(user: &str) -> &str {
    let at = user.find("leaf-").unwrap_or_default();
    user.get(at..at + "leaf-01".len()).unwrap_or_default()
}

/// Without digits of its own but the id's, so that a number beside it is the page's.
fn summary(id: &str) -> String {
    format!("Summary of {id}.")
}

fn merged(first_id: &str) -> String {
    format!("Merged from {first_id} on.")
}

/// What `wc -w` counts in the texts of the documents.
async fn wc(documents: &[Json]) -> u64 {
    let texts: Vec<&str> = documents.iter().filter_map(|document| document["text"].as_str()).collect();
    let mut wc = Command::new("wc")
        .arg("-w")
        .env("LC_ALL", "C.UTF-8")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    wc.stdin.take().unwrap().write_all(texts.join("\n").as_bytes()).await.unwrap();
    let counted = wc.wait_with_output().await.unwrap().stdout;
    String::from_utf8(counted).unwrap().trim().parse().unwrap()
}
