//! The finer settings, live: each makes the calls it says, and no others.

use serde_json::{Value as Json, json};

use crate::page::Page;
use crate::poll::until;
use crate::provider::{Answer, Provider};
use crate::scenario::{documents, scenario};
use crate::words::assert_in_order;

/// The letter under which a judge's prompt has a candidate.
fn letter_of(user: &str, candidate: &str) -> Option<char> {
    user.lines().find(|line| line.ends_with(&format!(". {candidate}")))?.chars().next()
}

/// A file with a vote of five, one after the other.
fn vote(fields: Json) -> Json {
    let mut scenario = scenario();
    scenario["limits"]["concurrency"] = json!(1);
    for (name, value) in fields.as_object().unwrap() {
        scenario["voting"][name] = value.clone();
    }
    scenario
}

#[tokio::test]
async fn a_judge_sees_letters_in_both_orders_and_may_overrule_the_count() {
    let votes = ["Rome", "Rome", "Oslo", "Rome", "Oslo"];
    let provider = Provider::start(move |asked| match letter_of(&asked.user, "Oslo") {
        Some(letter) => Answer::ok(20, letter.to_string()),
        None => Answer::ok(20, votes[asked.nth]),
    })
    .await;
    let page = Page::live(&provider.base_url, &vote(json!({"judge": true}))).await;
    let arm = page.arm("voting");
    arm.run_live().await;
    let posts = provider.posts();
    assert_eq!(posts.len(), 7, "five votes and the judge twice");
    let letters = [&posts[5], &posts[6]].map(|post| letter_of(&post.user(), "Oslo").unwrap());
    assert_ne!(letters[0], letters[1], "the order is swapped");
    let judged = arm.text().await;
    assert!(judged.contains("Oslo: chosen by the judge"), "{judged}");
}

#[tokio::test]
async fn votes_weigh_what_their_confidence_says() {
    let votes = [("Rome", 0.55), ("Rome", 0.55), ("Oslo", 0.97), ("Rome", 0.55), ("Oslo", 0.97)];
    let provider = Provider::start(move |asked| {
        let (answer, confidence) = votes[asked.nth];
        Answer::ok(20, json!({"answer": answer, "confidence": confidence, "reasoning": ""}).to_string())
    })
    .await;
    let page = Page::live(&provider.base_url, &vote(json!({"rule": "log-odds"}))).await;
    let arm = page.arm("voting");
    arm.run_live().await;
    assert_eq!(provider.posts().len(), 5);
    assert_in_order(&arm.outcome().await, &["Oslo", "Rome"]);
}

#[tokio::test]
async fn a_refined_summary_goes_from_document_to_document() {
    let provider = Provider::start(|asked| Answer::ok(20, format!("Summary {}.", asked.nth))).await;
    let mut scenario = scenario();
    scenario["map_reduce"]["combine"] = json!("refine");
    scenario["map_reduce"]["refine_prompt"] =
        json!({"system": "", "user": "SO FAR {results}\nNEXT {document}"});
    let page = Page::live(&provider.base_url, &scenario).await;
    let arm = page.arm("map-reduce");
    arm.run_live().await;
    let posts = provider.posts();
    assert_eq!(posts.len(), 3, "one call a document");
    assert_eq!(provider.peak(), 1);
    assert!(posts[1].user().contains("Summary 0.\nNEXT"), "{}", posts[1].user());
    assert!(posts[2].user().contains("Summary 1.\nNEXT"), "{}", posts[2].user());
    assert!(arm.outcome().await.contains("Summary 2."));
}

#[tokio::test]
async fn a_split_document_is_summarised_piece_by_piece_and_loses_no_word() {
    let provider = Provider::start(|_| Answer::ok(20, "Short.")).await;
    let mut scenario = scenario();
    let document = documents(12).pop().unwrap();
    scenario["map_reduce"]["documents"] = json!([document]);
    scenario["map_reduce"]["split"] = json!("tokens");
    scenario["map_reduce"]["split_tokens"] = json!(30);
    scenario["map_reduce"]["fan_in"] = json!(100);
    scenario["limits"]["concurrency"] = json!(1);
    let page = Page::live(&provider.base_url, &scenario).await;
    page.arm("map-reduce").run_live().await;
    let posts = provider.posts();
    let (last, pieces) = posts.split_last().unwrap();
    assert!(pieces.len() > 2, "{} pieces", pieces.len());
    assert!(last.user().starts_with("REDUCE"));
    let read = pieces.iter().flat_map(|post| {
        let user = post.user();
        let (_, piece) = user.split_once('\n').unwrap();
        piece.split_whitespace().map(str::to_string).collect::<Vec<_>>()
    });
    let text = document["text"].as_str().unwrap();
    assert_eq!(read.collect::<Vec<_>>(), text.split_whitespace().collect::<Vec<_>>());
}

#[tokio::test]
async fn a_budget_stops_before_it_is_overdrawn_and_keeps_what_is_there() {
    let provider = Provider::start(|_| Answer::ok(20, "An answer.")).await;
    let mut scenario = vote(json!({"votes": 15, "max_tokens": 100}));
    // Each call sets 0.0005 USD and a little more aside for its answer, and costs a tenth of that.
    scenario["limits"]["budget_mills"] = json!(1);
    let page = Page::live(&provider.base_url, &scenario).await;
    page.click("Settings").await;
    page.set_field("Model", "gpt-6.1-terra").await;
    page.click("Done").await;
    let arm = page.arm("voting");
    arm.run_live().await;
    let n_sent = provider.posts().len();
    assert!((1..15).contains(&n_sent), "{n_sent} calls were sent");
    let cost: f64 = arm.metric("cost").await.value.parse().unwrap();
    assert!(cost <= 0.001, "{cost} USD");
    assert!(arm.result("voter-1").await.unwrap().contains("An answer."));
    assert!(arm.text().await.contains("budget"));
}

#[tokio::test]
async fn a_limit_that_is_raised_in_the_middle_reaches_the_run() {
    let provider = Provider::start(|_| Answer::ok(400, "An answer.")).await;
    let page = Page::live(&provider.base_url, &vote(json!({"votes": 9}))).await;
    let arm = page.arm("voting");
    arm.start_live().await;
    until("a first answer", async || arm.result("voter-1").await.filter(|text| text.contains("An answer")))
        .await;
    assert_eq!(provider.peak(), 1);
    page.set_slider("Concurrency", 6).await;
    page.wait_for_end("done").await;
    assert_eq!(provider.posts().len(), 9);
    assert!((4..=6).contains(&provider.peak()), "{} at once", provider.peak());
    // What is kept says both, and when the one became the other.
    let kept = "const [run] = JSON.parse(localStorage.getItem('fanout.runs')).runs;
        const then = JSON.parse(run.changes).map((then) => [then.until_us > 0, then.limits.concurrency]);
        return [JSON.parse(run.scenario).limits.concurrency, ...then]";
    assert_eq!(page.read(kept, vec![]).await, json!([6, [true, 1]]));
}
