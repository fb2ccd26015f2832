//! The page, used the way its contract says it can be.

use std::time::Duration;

use fantoccini::Locator;
use fantoccini::elements::Element;
use serde_json::{Value as Json, json};

use crate::arm::Arm;
use crate::driver::Driver;
use crate::poll::{PATIENCE, until, within};
use crate::scenario::FIRST_DOCUMENT;
use crate::site::Site;

/// What the tests type into Settings.
pub const MODEL: &str = "typed-model";
pub const API_KEY: &str = "sk-typed-0123456789";

/// How long a live run may take to ask for consent.
const CONSENT: Duration = Duration::from_millis(300);

/// The page in a browser with a fresh profile.
pub struct Page {
    pub driver: Driver,
}

impl Page {
    /// Opens an address in a new browser.
    pub async fn open(url: &str) -> Page {
        let page = Page { driver: Driver::start().await };
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
            let states = self.read("return window.runStates", vec![]).await;
            let ran = states.as_array().is_some_and(|states| states.contains(&json!("running")));
            (ran && self.state().await.as_deref() == Some(state)).then_some(())
        })
        .await;
    }

    /// Presses a button or follows a link, by its name.
    pub async fn click(&self, name: &str) {
        self.button(name).await.click().await.unwrap();
    }

    /// A button or link that can be pressed now.
    pub async fn button(&self, name: &str) -> Element {
        self.named("button, a[href], [role=button]", name).await
    }

    /// Starts a live run with a button, and consents where the page asks.
    pub async fn start_live(&self, button: &Element) {
        self.read("watchStates()", vec![]).await;
        button.click().await.unwrap();
        let consent = within(CONSENT, async || self.find("button", "Run live").await).await;
        if let Some(consent) = consent {
            consent.click().await.unwrap();
        }
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

    async fn choose(&self, name: &str) {
        // The input may be drawn by its label, where WebDriver would not let us press it.
        let radio = self.named("input[type=radio], [role=radio]", name).await;
        self.read("arguments[0].click()", vec![handle(&radio)]).await;
    }

    /// Moves a slider as a person does, with the events of every step at once.
    pub async fn set_slider(&self, label: &str, value: u32) {
        let slider = self.named("input[type=range], input[type=number]", label).await;
        self.read("setValue(...arguments)", vec![handle(&slider), json!(value.to_string())]).await;
    }

    /// Types a text into a field in place of what is there.
    pub async fn set_field(&self, label: &str, text: &str) {
        let field = self.named("input, textarea", label).await;
        field.clear().await.unwrap();
        field.send_keys(text).await.unwrap();
    }

    pub async fn set_checkbox(&self, label: &str, checked: bool) {
        let checkbox = self.named("input[type=checkbox], [role=switch]", label).await;
        let script = "if (arguments[0].checked !== arguments[1]) arguments[0].click()";
        self.read(script, vec![handle(&checkbox), json!(checked)]).await;
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

    /// Gives the page a file, whatever is in it.
    pub async fn open_file(&self, name: &str, contents: &str) {
        let input = self.named("input[type=file]", "Open file").await;
        input.send_keys(&self.driver.write_file(name, contents)).await.unwrap();
    }

    /// Opens a scenario file and waits until its documents are there.
    pub async fn open_scenario(&self, scenario: &Json) {
        self.open_file("scenario.json", &scenario.to_string()).await;
        let id = format!("document-{FIRST_DOCUMENT}");
        until("the opened scenario", async || self.arm("map-reduce").result(&id).await).await;
    }

    /// Presses a button that downloads a file, and gives its bytes.
    pub async fn download(&self, button: &str) -> Vec<u8> {
        self.click(button).await;
        until("the download", async || {
            let files = std::fs::read_dir(self.driver.downloads()).ok()?.flatten();
            // While it is being written it has another ending.
            let done =
                files.map(|file| file.path()).find(|path| path.extension().is_some_and(|e| e == "json"))?;
            std::fs::read(done).ok().filter(|bytes| !bytes.is_empty())
        })
        .await
    }

    /// The link in the dialog behind "Share".
    pub async fn share(&self) -> String {
        self.click("Share").await;
        until("a link", async || self.link().await).await
    }

    /// The text in the field "Link", if there is one.
    pub async fn link(&self) -> Option<String> {
        let field = self.find("input, textarea", "Link").await?;
        field.prop("value").await.ok().flatten().filter(|link| !link.is_empty())
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
            words.iter().any(|word| notices.to_lowercase().contains(word)).then_some(notices)
        })
        .await
    }

    /// Runs a script in the page, with the helpers of page.js at hand.
    pub async fn read(&self, script: &str, args: Vec<Json>) -> Json {
        let script = format!("{}\n{script}", include_str!("page.js"));
        self.driver.client.execute(&script, args).await.unwrap()
    }

    async fn named(&self, selector: &str, name: &str) -> Element {
        until(&format!("{selector} with the name {name:?}"), async || self.find(selector, name).await).await
    }

    async fn find(&self, selector: &str, name: &str) -> Option<Element> {
        let found = self.read("return find(...arguments)", vec![json!(selector), json!(name)]).await;
        self.element(&found)
    }

    /// The element a script returned.
    pub fn element(&self, found: &Json) -> Option<Element> {
        let id = found.get(ELEMENT)?.as_str()?.to_string();
        Some(Element::from_element_id(self.driver.client.clone(), id.into()))
    }

    /// The three arms as elements.
    pub async fn regions(&self) -> Vec<Element> {
        self.driver.client.find_all(Locator::Css("[data-arm]")).await.unwrap()
    }
}

/// The key WebDriver gives elements in JSON.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// An element as the argument of a script.
fn handle(element: &Element) -> Json {
    json!({ELEMENT: element.element_id().as_ref()})
}
