//! Voting, live: the count and the tie.

use serde_json::json;

use crate::page::Page;
use crate::provider::{Answer, Provider};
use crate::scenario::scenario;
use crate::words::{assert_in_order, has_word, numbers};

#[tokio::test]
async fn three_votes_to_two_show_the_winner_and_both_counts() {
    let outcome = outcome_of(["Rome", "Oslo", "Oslo", "Rome", "Oslo"]).await;
    assert_in_order(&outcome, &["Oslo", "Rome"]);
    let numbers = numbers(&outcome);
    assert!(numbers.contains(&3) && numbers.contains(&2), "{outcome}");
    assert!(!has_word(&outcome, "tie"), "{outcome}");
}

#[tokio::test]
async fn two_votes_each_are_a_tie_without_a_winner() {
    let outcome = outcome_of(["Rome", "Oslo", "Oslo", "Lima", "Rome"]).await;
    assert!(has_word(&outcome, "tie"), "{outcome}");
    assert_in_order(&outcome, &["Rome", "Oslo"]);
    let claims = outcome.to_lowercase().replace("no winner", "");
    assert!(!claims.contains("winner"), "{outcome}");
}

/// What the page shows for five voters who say this, one after the other.
async fn outcome_of(votes: [&'static str; 5]) -> String {
    let provider = Provider::start(move |asked| Answer::ok(20, votes[asked.nth])).await;
    let mut scenario = scenario();
    // One at a time, so that the order of the requests is the order of the voters.
    scenario["limits"]["concurrency"] = json!(1);
    let page = Page::live(&provider.base_url, &scenario).await;
    let arm = page.arm("voting");
    arm.run_live().await;
    assert_eq!(provider.posts().len(), 5);
    for (i, vote) in votes.iter().enumerate() {
        let result = arm.result(&format!("voter-{}", i + 1)).await.unwrap();
        assert!(result.contains(vote), "{result}");
    }
    arm.outcome().await
}
