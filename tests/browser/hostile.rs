//! Text from outside stays text, whatever it is and wherever it comes from.

use std::sync::atomic::{AtomicUsize, Ordering};

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use miniz_oxide::deflate::compress_to_vec_zlib;
use serde_json::{Value as Json, json};

use crate::page::Page;
use crate::poll::until;
use crate::provider::{Answer, Provider};
use crate::scenario::scenario;
use crate::site::Site;

/// Every hostile text, in full.
fn texts() -> Vec<String> {
    let rows: Json = serde_json::from_str(include_str!("../hostile/strings.json")).expect("JSON");
    let rows = rows.as_array().expect("a list");
    assert!(rows.len() >= 200);
    rows.iter()
        .map(|row| {
            let times = row["times"].as_u64().unwrap_or(1) as usize;
            row["text"].as_str().expect("a text").repeat(times)
        })
        .collect()
}

#[tokio::test]
async fn every_field_takes_every_text() {
    let site = Site::watched("/").await;
    let page = Page::open(&site.url).await;
    page.wait_for_state("done").await;
    page.open_scenario(&scenario()).await;
    page.read("document.querySelectorAll('details').forEach((part) => { part.open = true; })", vec![]).await;
    page.named("input, textarea", "Topic").await;
    // The fields of the dialogs are in the page, too. What is not a Unicode string gets there by script only.
    let take = "window.texts = [...arguments[0], '\\ud800', 'a\\udfffb\\ud83d', '\\udc00<img src=x onerror=window.__pwned=1>'];
        return window.texts.length";
    let n_rounds = page.read(take, vec![json!(texts())]).await.as_u64().expect("a number");
    let script = "const [round] = arguments;
        const fields = [...document.querySelectorAll('input, textarea')]
            .filter(({ type, readOnly }) => ['text', 'password', 'search', 'number', 'textarea'].includes(type) && !readOnly);
        fields.forEach((field, i) => setValue(field, window.texts[(i + round) % window.texts.length]));
        return fields.length";
    for round in 0..n_rounds {
        let n_fields = page.read(script, vec![json!(round)]).await;
        assert!(n_fields.as_u64().is_some_and(|n| n > 20), "{n_fields} fields");
    }
    page.assert_quiet(&[&site.url], "after all texts were in all fields").await;
    page.open_scenario(&scenario()).await;
    page.wait_for_state("done").await;
}

#[tokio::test]
async fn files_and_links_bring_every_text_and_nothing_else() {
    let site = Site::watched("/").await;
    let page = Page::open(&site.url).await;
    for (i, batch) in texts().chunks(60).enumerate() {
        page.visit(&site.url).await;
        page.wait_for_state("done").await;
        let mut scenario = hostile_scenario(batch);
        scenario["title"] = json!(format!("Batch {i}"));
        page.open_scenario(&scenario).await;
        page.assert_quiet(&[&site.url], &format!("after the file of batch {i}")).await;
        assert_same(&page.downloaded().await, &scenario, &format!("batch {i} from a file"));
        let without_secrets = page.share().await;
        // Some of the texts look like keys, which a link has only where a person says so.
        const KEEP: &str = "To keep them, type “leave them in”";
        let link = match page.find("input", KEEP).await {
            None => without_secrets,
            Some(_) => {
                page.set_field(KEEP, "leave them in").await;
                until("a link with all", async || page.link().await.filter(|link| *link != without_secrets))
                    .await
            }
        };
        page.visit(&link).await;
        page.wait_for_state("done").await;
        page.assert_quiet(&[&site.url], &format!("after the link of batch {i}")).await;
        assert_same(&page.downloaded().await, &scenario, &format!("batch {i} from a link"));
    }
}

#[tokio::test]
async fn answers_in_one_piece_stay_text() {
    answers_stay_text(false).await;
}

#[tokio::test]
async fn streamed_answers_stay_text() {
    answers_stay_text(true).await;
}

/// What every answer ends with, to be found on the page.
fn mark(i: usize) -> String {
    format!("mark{i}end")
}

async fn answers_stay_text(streams: bool) {
    const A_RUN: usize = 40;
    let texts = texts();
    let n_texts = texts.len();
    let next = AtomicUsize::new(0);
    let answers: Vec<String> =
        texts.iter().enumerate().map(|(i, text)| format!("{text}\n\n{}", mark(i))).collect();
    let provider = Provider::start(move |asked| {
        let is_outcome = ["SYNTHESIS", "REDUCE"].iter().any(|word| asked.user.starts_with(word));
        let i = next.fetch_add(1, Ordering::Relaxed);
        match is_outcome {
            // A few at once, so that each is an outcome too.
            true => Answer::ok(0, answers.iter().cycle().skip(i).take(A_RUN).cloned().collect::<String>()),
            false => Answer::ok(0, answers[i % n_texts].clone()),
        }
    })
    .await;
    let site = Site::watched("/").await;
    let page = Page::open(&site.url).await;
    page.wait_for_state("done").await;
    let mut scenario = scenario();
    scenario["limits"]["attempts"] = json!(1);
    scenario["sectioning"]["sections"] =
        (0..A_RUN).map(|i| json!({"name": format!("Part {i}"), "brief": ""})).collect();
    scenario["voting"]["votes"] = json!(A_RUN);
    scenario["map_reduce"]["documents"] =
        (0..A_RUN).map(|i| json!({"id": format!("d{i}"), "text": "Water falls."})).collect();
    scenario["map_reduce"]["fan_in"] = json!(A_RUN);
    page.open_scenario(&scenario).await;
    page.set_endpoint(&provider.base_url, streams).await;
    page.choose_live().await;
    // Three arms of forty each: two runs bring every text, a third one in other places.
    for run in 0..3 {
        page.run_all_live().await;
        page.wait_for_end("done").await;
        page.assert_quiet(&[&site.url, &provider.base_url], &format!("after run {run}")).await;
        let text = page.read("return document.querySelector('main').textContent", vec![]).await;
        let n_marks = (0..n_texts).filter(|i| text.as_str().unwrap_or_default().contains(&mark(*i))).count();
        assert!(n_marks >= 3 * A_RUN, "only {n_marks} answers can be read");
    }
    let links =
        "return [...document.querySelectorAll('main a')].map((a) => [a.protocol, a.rel, a.target, a.title])";
    let links: Vec<[String; 4]> = serde_json::from_value(page.read(links, vec![]).await).unwrap();
    assert!(!links.is_empty(), "no link is left to look at");
    for [protocol, rel, target, title] in links {
        assert!(["https:", "http:", "mailto:"].contains(&protocol.as_str()), "{protocol}");
        assert_eq!((rel.as_str(), target.as_str()), ("noopener noreferrer nofollow", "_blank"));
        assert_ne!(title, "");
    }
}

/// Names that would choose an endpoint, carry a key or reach into an object.
const PLANTED: [&str; 6] = ["base_url", "api_key", "headers", "__proto__", "constructor", "proxy"];

#[tokio::test]
async fn planted_endpoints_and_keys_are_ignored_and_named() {
    let provider = Provider::start(|_| Answer::ok(0, "An answer.")).await;
    let site = Site::watched("/").await;
    let mut planted = scenario();
    for place in ["", "/limits", "/sectioning/sections/0", "/voting/prompt", "/map_reduce/documents/1"] {
        let object = planted.pointer_mut(place).and_then(Json::as_object_mut).expect("an object");
        for name in PLANTED {
            let value = json!({"base_url": provider.base_url, "api_key": "sk-planted", "polluted": "yes"});
            object
                .insert(name.to_string(), if name == "base_url" { json!(provider.base_url) } else { value });
        }
    }
    let text = planted.to_string();
    let packed = BASE64_URL_SAFE_NO_PAD.encode(compress_to_vec_zlib(text.as_bytes(), 9));

    let page = Page::open(&format!("{}#/s1z.{packed}", site.url)).await;
    assert_ignored(&page, &site, &provider).await;
    page.visit(&site.url).await;
    page.wait_for_state("done").await;
    page.open_file("planted.json", &text).await;
    assert_ignored(&page, &site, &provider).await;
}

async fn assert_ignored(page: &Page, site: &Site, provider: &Provider) {
    let said = page.wait_for_notice(&["ignored"]).await;
    for name in PLANTED {
        assert_eq!(said.matches(name).count(), 1, "{name} in {said}");
    }
    page.click("Settings").await;
    for field in ["Base URL", "Model"] {
        let value = page.named("input", field).await.prop("value").await.unwrap();
        assert_eq!(value.as_deref(), Some(""), "{field}");
    }
    page.click("Done").await;
    page.choose_live().await;
    assert_eq!(provider.posts().len(), 0);
    let polluted = "return ({}).polluted ?? [].polluted ?? null";
    assert_eq!(page.read(polluted, vec![]).await, Json::Null);
    let saved = page.downloaded().await.to_string();
    assert!(!saved.contains("sk-planted") && !saved.contains(&provider.base_url), "{saved}");
    page.assert_quiet(&[&site.url], "with planted names").await;
}

/// All texts of a batch in every place of a scenario that takes one.
fn hostile_scenario(batch: &[String]) -> Json {
    let mut scenario = scenario();
    let nth = |i: usize| json!(batch[i % batch.len()]);
    scenario["note"] = nth(0);
    scenario["model"] = nth(1);
    scenario["voting"]["options"] = json!(batch[..8.min(batch.len())]);
    scenario["sectioning"]["sections"] = (0..batch.len())
        .map(|i| json!({"name": nth(i), "brief": nth(i + 1), "after": [nth(i + 2)]}))
        .collect();
    scenario["map_reduce"]["documents"] =
        (0..batch.len()).map(|i| json!({"id": nth(i), "text": nth(i)})).collect();
    for (i, place) in ["/sectioning/topic", "/voting/question"].into_iter().enumerate() {
        if let Some(text) = scenario.pointer_mut(place) {
            *text = nth(i + 2);
        }
    }
    for arm in ["sectioning", "voting", "map_reduce"] {
        for (i, prompt) in
            ["section_prompt", "synthesis_prompt", "prompt", "map_prompt", "reduce_prompt"].iter().enumerate()
        {
            if let Some(prompt) = scenario[arm].get_mut(*prompt) {
                *prompt = json!({"system": nth(i + 4), "user": nth(i + 9)});
            }
        }
    }
    scenario
}

/// What was read is what was written; numbers may stand there as they are shown.
#[track_caller]
fn assert_same(saved: &Json, sent: &Json, when: &str) {
    for (name, value) in sent.as_object().expect("an object") {
        assert_eq!(&saved[name], value, "{name}, {when}");
    }
}

impl Page {
    /// The scenario on screen, as it is saved.
    async fn downloaded(&self) -> Json {
        for file in std::fs::read_dir(self.driver.downloads()).expect("a folder").flatten() {
            std::fs::remove_file(file.path()).expect("a file");
        }
        let bytes = self.download("Download scenario").await;
        until("the whole file", async || serde_json::from_slice(&bytes).ok()).await
    }
}
