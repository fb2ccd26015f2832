//! The model that some browsers have built in. None of these has one that answers, so a stand-in with
//! the same surface takes its place.

use serde_json::json;

use crate::page::Page;
use crate::scenario::scenario;
use crate::site::Site;

/// Answers votes with Oslo and the rest with what it was asked, as a stream of texts; notes how many
/// conversations were begun and ended, and what they were held to.
const STAND_IN: &str = "
    window.conversations = { begun: 0, ended: 0, held: [] };
    window.LanguageModel = {
        availability: async () => 'available',
        create: async ({ initialPrompts, expectedOutputs }) => {
            window.conversations.begun += 1;
            if (initialPrompts[0].role !== 'system' || !expectedOutputs) throw new TypeError('no');
            return {
                contextUsage: 42,
                destroy: () => { window.conversations.ended += 1; },
                promptStreaming: (input, { responseConstraint, signal }) => {
                    window.conversations.held.push(responseConstraint?.type);
                    if (input.includes('Beta')) throw new DOMException('Too long.', 'QuotaExceededError');
                    const words = input.startsWith('VOTE') ? ['Os', 'lo'] : ['A text ', 'of it.'];
                    return new ReadableStream({
                        start(controller) {
                            signal.addEventListener('abort', () => { try { controller.error(signal.reason); } catch {} });
                            words.forEach((word) => controller.enqueue(word));
                            controller.close();
                        },
                    });
                },
            };
        },
    };";

#[tokio::test]
async fn the_browsers_own_model_answers_and_says_what_it_cannot() {
    let site = Site::start_with(STAND_IN).await;
    let page = Page::open(&site.url).await;
    page.wait_for_state("done").await;
    page.open_scenario(&scenario()).await;
    page.click("Settings").await;
    page.select("Provider", "The model built into this browser, no key").await;
    page.click("Done").await;
    page.choose_live().await;
    page.run_all_live().await;
    page.wait_for_end("done").await;
    let votes = page.arm("voting").outcome().await;
    assert!(votes.contains("Oslo"), "{votes}");
    let sectioning = page.arm("sectioning");
    assert!(sectioning.result("section-1").await.unwrap().contains("A text of it."));
    let refused = sectioning.result("section-2").await.unwrap();
    assert!(refused.contains("Too long."), "{refused}");
    let tokens = sectioning.metric("input-tokens").await;
    assert_eq!(tokens.certainty, "estimated", "the browser does not count them");
    let conversations = page.read("return window.conversations", vec![]).await;
    assert_eq!(conversations["begun"], conversations["ended"], "none is left behind: {conversations}");
    assert!(conversations["held"].as_array().unwrap().iter().all(|kind| *kind == json!("object")));
}
