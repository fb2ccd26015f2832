//! The history of runs: kept, named, compared, given out, deleted; and what foreign content does to it.

use serde_json::{Value as Json, json};

use crate::page::{API_KEY, Page};
use crate::poll::until;
use crate::provider::{Answer, Provider};
use crate::scenario::scenario;
use crate::site::Site;

/// Under what name runs are stored.
const STORED: &str = "fanout.runs";

async fn opened(site: &Site) -> Page {
    let page = Page::open(&site.url).await;
    page.wait_for_state("done").await;
    page.open_scenario(&scenario()).await;
    page
}

impl Page {
    /// Runs all arms, simulated, to the end: in the middle of a replay a change would change what comes.
    async fn run_all(&self) {
        self.click("Run all").await;
        self.click("To the end").await;
    }

    /// The names of the runs that are listed, in their order.
    async fn run_names(&self) -> Vec<String> {
        let script = "return [...document.querySelectorAll('.run-name')].map((field) => field.value)";
        serde_json::from_value(self.read(script, vec![]).await).unwrap()
    }

    /// Opens the dialog and says which runs are listed.
    async fn listed(&self) -> Vec<String> {
        self.click("Runs").await;
        until("the dialog", async || self.dialog().await).await;
        self.run_names().await
    }

    async fn dialog_says(&self, words: &str) {
        until(&format!("a dialog that says {words:?}"), async || {
            self.dialog().await.filter(|text| text.contains(words))
        })
        .await;
    }

    async fn stored(&self) -> Json {
        let text = self.read("return localStorage.getItem(arguments[0])", vec![json!(STORED)]).await;
        text.as_str().map_or(Json::Null, |text| serde_json::from_str(text).expect("JSON"))
    }

    /// A cell of a comparison in words: by its row and the place of its column, in a table of the dialog.
    async fn cell(&self, row: &str, column: usize) -> String {
        let script = "return [...dialog().querySelectorAll('tr')]
            .filter((row) => text(row.querySelector('th')) === arguments[0])
            .map((row) => text(row.querySelectorAll('td')[arguments[1]])).join('|')";
        self.read(script, vec![json!(row), json!(column)]).await.as_str().unwrap_or_default().to_string()
    }
}

const FIRST: &str = "8 at once";

#[tokio::test]
async fn a_run_is_kept_once_and_is_there_after_a_reload() {
    let site = Site::watched("/").await;
    let page = opened(&site).await;
    assert_eq!(page.listed().await, [""; 0]);
    page.dialog_says("No run is kept yet").await;
    page.click("Done").await;
    page.run_all().await;
    page.run_all().await;
    page.set_slider("Concurrency", 2).await;
    page.set_slider("Concurrency", 3).await;
    assert_eq!(page.listed().await, [FIRST]);
    page.click("Keep this run").await;
    page.dialog_says("Kept as “3 at once”").await;
    page.click("Keep this run").await;
    page.dialog_says("It is kept already").await;
    assert_eq!(page.run_names().await, ["3 at once", FIRST]);
    page.read("setValue(find('input', 'Name'), 'before the talk')", vec![]).await;
    until("the name in storage", async || {
        (page.stored().await["runs"][0]["name"] == "before the talk").then_some(())
    })
    .await;
    page.visit(&site.url).await;
    page.wait_for_state("done").await;
    assert_eq!(page.listed().await, ["before the talk", FIRST]);
    page.assert_quiet(&[&site.url], "after a reload").await;
}

#[tokio::test]
async fn two_pinned_runs_are_compared_arm_by_arm() {
    let site = Site::start().await;
    let page = opened(&site).await;
    page.run_all().await;
    let before = page.arm("map-reduce").metric("makespan").await.value;
    page.set_slider("Concurrency", 1).await;
    page.set_slider("Votes", 9).await;
    page.run_all().await;
    let after = page.arm("map-reduce").metric("makespan").await.value;
    assert_ne!(before, after);
    page.listed().await;
    page.click(&format!("Pin: {FIRST}")).await;
    page.dialog_says("Pin two to four runs").await;
    page.click("Pin: 1 at once").await;
    page.dialog_says("What differs").await;
    assert_eq!(page.cell("Concurrency", 0).await, "8");
    assert_eq!(page.cell("Concurrency", 1).await, "1");
    assert_eq!(page.cell("Votes", 1).await, "9");
    assert_eq!(page.cell("seed", 0).await, "", "what is the same is not listed");
    let makespans = page.cell("makespan", 1).await;
    assert_eq!(makespans.split('|').count(), 3, "{makespans}");
    assert!(makespans.split('|').all(|cell| cell.ends_with(" more")), "{makespans}");
    let first = page.cell("makespan", 0).await;
    assert!(!first.contains("more") && !first.contains("less"), "{first}");
    let votes = page.cell("outcome", 1).await;
    assert!(votes.contains("of 9 votes"), "{votes}");
    let bars = page.read("return dialog().querySelectorAll('.run-bar').length", vec![]).await;
    assert_eq!(bars, 6, "a bar for each run of each arm");
    // A reload forgets no pin.
    page.visit(&site.url).await;
    page.wait_for_state("done").await;
    page.listed().await;
    assert_eq!(page.cell("Concurrency", 1).await, "1");
}

#[tokio::test]
async fn the_fifth_pin_says_why_not() {
    let site = Site::start().await;
    let page = opened(&site).await;
    for n in 1..=5 {
        page.set_slider("Concurrency", n).await;
        page.run_all().await;
    }
    page.listed().await;
    for n in 1..=4 {
        page.click(&format!("Pin: {n} at once")).await;
        page.button(&format!("Pinned: {n} at once")).await;
    }
    page.click("Pin: 5 at once").await;
    page.dialog_says("Four runs can be compared at once").await;
    page.click("Pinned: 1 at once").await;
    page.click("Pin: 5 at once").await;
    page.button("Pinned: 5 at once").await;
}

#[tokio::test]
async fn what_is_deleted_can_be_had_back() {
    let site = Site::start().await;
    let page = opened(&site).await;
    page.run_all().await;
    page.set_slider("Concurrency", 2).await;
    page.run_all().await;
    page.listed().await;
    page.click(&format!("Pin: {FIRST}")).await;
    page.click(&format!("Delete: {FIRST}")).await;
    page.dialog_says(&format!("Deleted “{FIRST}”")).await;
    assert_eq!(page.run_names().await, ["2 at once"]);
    assert_eq!(page.stored().await["pinned"], json!([]));
    page.click("Undo").await;
    page.dialog_says("is back").await;
    assert_eq!(page.run_names().await, ["2 at once", FIRST]);
    page.button(&format!("Pinned: {FIRST}")).await;
}

/// Guards against work that is lost by looking at an older run.
#[tokio::test]
async fn back_to_a_run_puts_edited_work_aside() {
    let site = Site::start().await;
    let page = opened(&site).await;
    page.run_all().await;
    let kept = page.arm("voting").metrics().await;
    page.set_slider("Votes", 3).await;
    page.listed().await;
    page.click(&format!("Back to this run: {FIRST}")).await;
    page.wait_for_notice(&["your earlier work was put aside"]).await;
    assert_eq!(page.arm("voting").metrics().await, kept);
    page.click("Back to my work").await;
    until("three voters", async || {
        (page.arm("voting").metric("peak-in-flight").await.value == "3").then_some(())
    })
    .await;
}

/// Guards against a change on the way that is lost when a run is opened again.
#[tokio::test]
async fn a_run_that_was_changed_on_the_way_comes_back_with_its_change() {
    let site = Site::start().await;
    let page = opened(&site).await;
    page.set_slider("Instant", 1500).await;
    page.set_slider("Concurrency", 1).await;
    page.wait_for_notice(&["changed at 1.5 s"]).await;
    let forked = page.arm("sectioning").metrics().await;
    page.listed().await;
    page.click("Keep this run").await;
    page.dialog_says("Kept as “1 at once”").await;
    page.click("Done").await;
    page.click("From the beginning").await;
    until("another run", async || (page.arm("sectioning").metrics().await != forked).then_some(())).await;
    page.listed().await;
    page.click("Back to this run: 1 at once").await;
    page.wait_for_notice(&["changed at 1.5 s"]).await;
    assert_eq!(page.arm("sectioning").metrics().await, forked);
}

#[tokio::test]
async fn a_simulated_run_is_given_out_whole_and_marked() {
    let site = Site::start().await;
    let page = opened(&site).await;
    page.listed().await;
    let run: Json = serde_json::from_slice(&page.download("Download run").await).expect("JSON");
    assert_eq!((&run["fanout_run"], &run["simulated"]), (&json!(1), &json!(true)));
    assert_eq!(run["scenario"], scenario_as_written(&page).await);
    for arm in page.arms() {
        let written = &run["arms"][arm.name];
        assert_eq!(written["outcome"]["simulated"], true, "{}", arm.name);
        let makespan = arm.metric("makespan").await.value;
        assert_eq!(written["metrics"]["makespan"]["value"].to_string(), makespan);
        assert!(written["events"].as_array().is_some_and(|events| events.len() > 10));
    }
}

/// The scenario that is on screen, as its own file has it.
async fn scenario_as_written(page: &Page) -> Json {
    page.click("Done").await;
    // Only the newest download is of interest.
    std::fs::read_dir(page.driver.downloads()).unwrap().flatten().for_each(|file| {
        std::fs::remove_file(file.path()).unwrap();
    });
    serde_json::from_slice(&page.download("Download scenario").await).expect("JSON")
}

#[tokio::test]
async fn a_trace_is_given_out_for_other_programs() {
    let site = Site::start().await;
    let page = opened(&site).await;
    page.listed().await;
    let trace: Json = serde_json::from_slice(&page.download("Download trace").await).expect("JSON");
    let events = trace["traceEvents"].as_array().expect("events");
    let named = |name: &str| events.iter().filter(|event| event["name"] == name).count();
    // Six sections and a synthesis, five voters, three documents and a reduce call.
    assert_eq!((named("process_name"), named("thread_name")), (3, 7 + 5 + 4));
    assert!(named("in flight") > 6 && named("generating") >= 16, "{}", events.len());
}

/// Guards against a key, an address or a second run where there was one.
#[tokio::test]
async fn a_live_run_is_kept_with_its_model_and_without_its_endpoint() {
    let provider = Provider::start(|_| Answer::ok(20, "Rome")).await;
    let page = Page::live(&provider.base_url, &scenario()).await;
    page.arm("voting").run_live().await;
    let names = until("a run", async || {
        let names = page.stored().await["runs"].as_array().cloned();
        names.filter(|runs| runs.len() == 1)
    })
    .await;
    assert_eq!(names[0]["answered"]["by"], "live");
    assert_eq!(names[0]["answered"]["model"], "typed-model");
    assert!(names[0]["arms"]["voting"].is_object() && names[0]["arms"]["sectioning"].is_null());
    page.listed().await;
    let run = String::from_utf8(page.download("Download run").await).unwrap();
    let run_json: Json = serde_json::from_str(&run).expect("JSON");
    assert_eq!((&run_json["simulated"], &run_json["answered"]["by"]), (&json!(false), &json!("live")));
    assert_eq!(run_json["arms"]["voting"]["answers"][0]["text"], "Rome");
    for text in [run, page.stored().await.to_string()] {
        assert!(!text.contains(API_KEY) && !text.contains(&provider.base_url), "{text:.300}");
    }
    // What it brought is nowhere else: as long as the page is there it comes back.
    page.click("Done").await;
    let numbers = page.arm("voting").metrics().await;
    page.choose_simulated().await;
    page.listed().await;
    page.click("Back to this run: 8 at once").await;
    until("the live run", async || (page.arm("voting").metrics().await == numbers).then_some(())).await;
    assert!(page.arm("voting").result("voter-1").await.unwrap_or_default().contains("Rome"));
}

/// Guards against a page that breaks, or loses other things, over what somebody else stored.
#[tokio::test]
async fn foreign_content_in_storage_is_ignored() {
    const PWNED: &str = "<img src=x onerror=\"window.__pwned=1\">";
    let site = Site::watched("/").await;
    let page = Page::open(&site.url).await;
    page.wait_for_state("done").await;
    page.open_scenario(&scenario()).await;
    page.run_all().await;
    page.read("localStorage.setItem('fanout.other', 'stays')", vec![]).await;
    let good = page.stored().await["runs"][0].clone();
    let hostile = json!({
        "at_ms": 253_402_300_799_999_u64, "name": PWNED, "answered": {"by": "live", "provider": PWNED, "model": PWNED},
        "scenario": json!({"fanout": 1, "title": PWNED, "limits": {"concurrency": -5, PWNED: PWNED}, "key": "k"}).to_string(),
        "changes": "[{\"until_us\":5,\"limits\":{},\"simulation\":7}]",
        "arms": {"voting": {"outcome": PWNED, "makespan": [u64::MAX, 0], "cost": ["x"]}}
    });
    let contents = [
        "{".to_string(),
        "null".to_string(),
        "[".repeat(100_000),
        json!({"fanout_runs": 1, "runs": [null, 7, {}, hostile, good], "pinned": [good["at_ms"], hostile["at_ms"], "x"]})
            .to_string(),
    ];
    for (content, n) in contents.iter().zip([0, 0, 0, 2]) {
        page.read("localStorage.setItem(...arguments)", vec![json!(STORED), json!(content)]).await;
        page.visit(&site.url).await;
        page.wait_for_state("done").await;
        assert_eq!(page.listed().await.len(), n, "{content:.60}");
        page.assert_quiet(&[&site.url], &format!("with {content:.60}")).await;
        page.click("Done").await;
    }
    page.listed().await;
    page.dialog_says("What differs").await;
    page.click(&format!("Back to this run: {PWNED}")).await;
    until("the hostile scenario", async || {
        let title = page.read("return document.querySelector('h1').textContent", vec![]).await;
        (title == PWNED).then_some(())
    })
    .await;
    page.assert_quiet(&[&site.url], "after a hostile run was opened").await;
    let other = page.read("return localStorage.getItem('fanout.other')", vec![]).await;
    assert_eq!(other, "stays");
}

#[tokio::test]
async fn a_browser_that_stores_nothing_says_so_and_goes_on() {
    let site = Site::start().await;
    let page = opened(&site).await;
    page.read(
        "Storage.prototype.setItem = () => { throw new DOMException('', 'QuotaExceededError') }",
        vec![],
    )
    .await;
    page.run_all().await;
    page.wait_for_notice(&["kept until the page is closed"]).await;
    page.set_slider("Concurrency", 2).await;
    page.run_all().await;
    assert_eq!(page.listed().await, ["2 at once", FIRST]);
    page.dialog_says("has no room for these runs").await;
}

/// Guards against runs of another tab that are written over.
#[tokio::test]
async fn two_tabs_keep_each_others_runs() {
    let site = Site::start().await;
    let page = opened(&site).await;
    page.run_all().await;
    let there = page.stored().await;
    page.set_slider("Concurrency", 2).await;
    // What another tab does: a run more, and the one of this tab deleted.
    let mut other = there["runs"][0].clone();
    other["at_ms"] = json!(5);
    other["name"] = json!("of another tab");
    let text = json!({"fanout_runs": 1, "runs": [other], "pinned": []}).to_string();
    page.read("localStorage.setItem(...arguments)", vec![json!(STORED), json!(text)]).await;
    page.run_all().await;
    assert_eq!(page.listed().await, ["2 at once", "of another tab"]);
}

/// Guards against differences to the last step of a slider instead of the run before it.
#[tokio::test]
async fn numbers_show_what_the_last_gesture_changed() {
    let site = Site::start().await;
    let page = opened(&site).await;
    let told = async |arm: &str, metric: &str| {
        let script = "const value = arm(arguments[0]).querySelector(`[data-metric=${arguments[1]}] dd`);
            return text(value)";
        page.read(script, vec![json!(arm), json!(metric)]).await.as_str().unwrap_or_default().to_string()
    };
    let peak = async || told("sectioning", "peak-in-flight").await;
    assert_eq!(peak().await, "6");
    // Steps of one gesture: all are told from where it began.
    for (n, words) in [(5, "5, 1 less"), (3, "3, 3 less"), (6, "6"), (2, "2, 4 less")] {
        page.set_slider("Concurrency", n).await;
        until(words, async || (peak().await == words).then_some(())).await;
    }
    // The pointer goes down: another gesture. What it does not change is told no longer.
    page.read("document.body.dispatchEvent(new PointerEvent('pointerdown', { bubbles: true }))", vec![])
        .await;
    page.set_slider("Votes", 7).await;
    until("no change", async || (peak().await == "2").then_some(())).await;
    let tokens = told("voting", "output-tokens").await;
    assert!(tokens.ends_with(" more"), "{tokens}");
    // Another scenario is not the last one after a change.
    page.open_scenario(&{
        let mut other = scenario();
        other["title"] = json!("Another one");
        other
    })
    .await;
    until("no change", async || (!told("voting", "output-tokens").await.contains(' ')).then_some(())).await;
}
