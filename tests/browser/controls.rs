//! Buttons and fields, found by the names that assistive technology gives them.

use std::time::{Duration, Instant, SystemTime};

use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use fantoccini::elements::Element;
use serde_json::{Value as Json, json};

use crate::page::Page;
use crate::poll::until;

/// The key WebDriver gives elements in JSON.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

impl Page {
    /// Presses a button or follows a link, by its name.
    pub async fn click(&self, name: &str) {
        let button = self.button(name).await;
        // WebKit's driver does not scroll what is in a dialog.
        self.read("arguments[0].scrollIntoView({ block: 'nearest' })", vec![handle(&button)]).await;
        button.click().await.unwrap();
    }

    /// Presses a button, and says when the browser got the press: on a busy machine WebDriver
    /// takes long to deliver it, and that is not the page's doing.
    pub async fn click_timed(&self, name: &str) -> Instant {
        let script = "addEventListener('click', (event) => {
            window.clickedAt = performance.timeOrigin + event.timeStamp;
        }, { capture: true, once: true })";
        self.read(script, vec![]).await;
        self.click(name).await;
        // Both sides read the same wall clock, so the way there and back does not count.
        let clicked_ms = self.read("return window.clickedAt", vec![]).await.as_f64().expect("a click");
        let clicked = SystemTime::UNIX_EPOCH + Duration::from_secs_f64(clicked_ms / 1e3);
        Instant::now() - clicked.elapsed().unwrap_or_default()
    }

    /// Presses keys where the focus is.
    pub async fn press(&self, keys: &str) {
        // Not sent to the element that has it: to a field for files those would be paths.
        let press = keys.chars().fold(KeyActions::new("keys".to_string()), |actions, value| {
            actions.then(KeyAction::Down { value }).then(KeyAction::Up { value })
        });
        self.driver.client.perform_actions(press).await.unwrap();
    }

    /// A button or link that can be pressed now.
    pub async fn button(&self, name: &str) -> Element {
        self.named("button, a[href], [role=button]", name).await
    }

    /// Chooses a radio button.
    pub async fn choose(&self, name: &str) {
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
        // WebKit takes no text of no characters.
        if !text.is_empty() {
            field.send_keys(text).await.unwrap();
        }
    }

    /// Puts a text of several lines into a field at once: WebKit's driver types no ends of lines.
    pub async fn paste(&self, label: &str, text: &str) {
        let field = self.named("textarea", label).await;
        self.read("setValue(...arguments)", vec![handle(&field), json!(text)]).await;
    }

    /// Chooses from a list, by the words of the option.
    pub async fn select(&self, label: &str, option: &str) {
        let list = self.named("select", label).await;
        self.read("setValue(...arguments)", vec![handle(&list), json!(option)]).await;
    }

    pub async fn set_checkbox(&self, label: &str, checked: bool) {
        let checkbox = self.named("input[type=checkbox], [role=switch]", label).await;
        let script = "if (arguments[0].checked !== arguments[1]) arguments[0].click()";
        self.read(script, vec![handle(&checkbox), json!(checked)]).await;
    }

    /// The control with this name, as soon as it is there.
    pub async fn named(&self, selector: &str, name: &str) -> Element {
        until(&format!("{selector} with the name {name:?}"), async || self.find(selector, name).await).await
    }

    /// The control with this name, if it is there.
    pub async fn find(&self, selector: &str, name: &str) -> Option<Element> {
        let found = self.read("return find(...arguments)", vec![json!(selector), json!(name)]).await;
        self.element(&found)
    }

    /// The element a script returned.
    pub fn element(&self, found: &Json) -> Option<Element> {
        let id = found.get(ELEMENT)?.as_str()?.to_string();
        Some(Element::from_element_id(self.driver.client.clone(), id.into()))
    }
}

/// An element as the argument of a script.
fn handle(element: &Element) -> Json {
    json!({ELEMENT: element.element_id().as_ref()})
}
