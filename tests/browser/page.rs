//! The page, used the way its contract says it can be.

use std::time::Duration;

use fantoccini::Locator;
use fantoccini::elements::Element;
use serde_json::{Value as Json, json};

use crate::arm::Arm;
use crate::browser::Wish;
use crate::driver::Driver;
use crate::poll::{PATIENCE, until, within};
use crate::site::Site;

/// What the tests type into Settings.
pub const MODEL: &str = "typed-model";
pub const API_KEY: &str = "sk-typed-0123456789";

/// The page in a browser with a fresh profile.
pub struct Page {
    pub driver: Driver,
}

impl Page {
    /// Opens an address in a new browser.
    pub async fn open(url: &str) -> Page {
        Page::open_with(url, &[]).await
    }

    /// Opens an address in a new browser that is as a test wishes.
    pub async fn open_with(url: &str, wishes: &[Wish]) -> Page {
        let page = Page { driver: Driver::start(wishes).await };
        page.visit(url).await;
        page
    }

    /// The page with a scenario, ready to run it live against an endpoint.
    pub async fn live(base_url: &str, scenario: &Json) -> Page {
        let site = Site::start().await;
        let page = Page::open(&site.url).await;
        page.wait_for_state("done").await;
        page.open_scenario(scenario).await;
        page.set_endpoint(base_url, false).await;
        page.choose_live().await;
        page
    }

    /// Loads an address anew, also where only its fragment differs.
    pub async fn visit(&self, url: &str) {
        self.driver.client.goto("about:blank").await.unwrap();
        self.driver.client.goto(url).await.unwrap();
    }

    pub fn arm<'a>(&'a self, name: &'a str) -> Arm<'a> {
        Arm { page: self, name }
    }

    pub fn arms(&self) -> [Arm<'_>; 3] {
        ["sectioning", "voting", "map-reduce"].map(|name| self.arm(name))
    }

    /// What `main` says of the run.
    pub async fn state(&self) -> Option<String> {
        let state = self.read("return document.querySelector('main')?.dataset.runState", vec![]).await;
        state.as_str().map(str::to_string)
    }

    pub async fn wait_for_state(&self, state: &str) {
        self.wait_for_state_within(state, PATIENCE).await;
    }

    pub async fn wait_for_state_within(&self, state: &str, limit: Duration) {
        let reached = within(limit, async || self.state().await.filter(|now| now == state)).await;
        let now = self.state().await;
        assert!(reached.is_some(), "the run is not {state} after {limit:?} but {now:?}");
    }

    /// Waits until the run that was started last is over.
    pub async fn wait_for_end(&self, state: &str) {
        until(&format!("a run that becomes {state}"), async || {
            // In this order: a state that is read before the run begins is the one of the run before.
            (self.has_run().await && self.state().await.as_deref() == Some(state)).then_some(())
        })
        .await;
    }

    /// Starts a live run with a button, and consents where the page asks.
    pub async fn start_live(&self, button: &Element) {
        self.read("watchStates()", vec![]).await;
        button.click().await.unwrap();
        let consent = until("a run, or a question whether to run", async || {
            if self.has_run().await { Some(None) } else { self.find("button", "Run live").await.map(Some) }
        })
        .await;
        if let Some(consent) = consent {
            consent.click().await.unwrap();
        }
    }

    /// Whether a run has begun since the last start, over or not.
    async fn has_run(&self) -> bool {
        let states = self.read("return window.runStates", vec![]).await;
        states.as_array().is_some_and(|states| states.contains(&json!("running")))
    }

    pub async fn run_all_live(&self) {
        self.start_live(&self.button("Run all").await).await;
    }

    pub async fn choose_live(&self) {
        self.choose("Live").await;
    }

    pub async fn choose_simulated(&self) {
        self.choose("Simulated").await;
    }

    /// Fills in Settings.
    pub async fn set_endpoint(&self, base_url: &str, streams: bool) {
        self.click("Settings").await;
        self.set_field("Base URL", base_url).await;
        self.set_field("Model", MODEL).await;
        self.set_field("API key", API_KEY).await;
        self.set_checkbox("Stream answers", streams).await;
        self.click("Done").await;
    }

    /// What the open dialog says.
    pub async fn dialog(&self) -> Option<String> {
        self.read("return dialog()?.innerText", vec![]).await.as_str().map(str::to_string)
    }

    /// What the page announces: its alerts and status lines.
    pub async fn notices(&self) -> String {
        let script = "return [...document.querySelectorAll('[role=alert], [role=status]')]
            .filter(isVisible).map((notice) => notice.innerText.trim()).join('\\n').trim()";
        self.read(script, vec![]).await.as_str().unwrap_or_default().to_string()
    }

    /// Waits for an announcement that has one of the words, in whatever case.
    pub async fn wait_for_notice(&self, words: &[&str]) -> String {
        until(&format!("a notice with one of {words:?}"), async || {
            let notices = self.notices().await;
            words.iter().any(|word| notices.to_lowercase().contains(&word.to_lowercase())).then_some(notices)
        })
        .await
    }

    /// Has the browser keep what `statuses` reads.
    pub async fn watch_replies(&self) {
        self.read("watchReplies()", vec![]).await;
    }

    /// The statuses of the replies to what was requested under an address, as the browser's network has
    /// them: 0 for one that broke off.
    pub async fn statuses(&self, under: &str) -> Vec<u64> {
        let statuses = self.read("return statuses(arguments[0])", vec![json!(under)]).await;
        serde_json::from_value(statuses).expect("a list of numbers")
    }

    /// Runs a script in the page, with the helpers of page.js at hand.
    pub async fn read(&self, script: &str, args: Vec<Json>) -> Json {
        let script = format!("{}\n{script}", include_str!("page.js"));
        self.driver.client.execute(&script, args).await.unwrap()
    }

    /// The three arms as elements.
    pub async fn regions(&self) -> Vec<Element> {
        self.driver.client.find_all(Locator::Css("[data-arm]")).await.unwrap()
    }
}
