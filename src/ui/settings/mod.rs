//! Settings of this browser: who answers live calls, with which key, and what that costs. They are
//! in no scenario, no link and no file.

pub mod checking;
mod keys;
mod prices;

use leptos::prelude::*;

use self::checking::ConnectionCheck;
use self::keys::KeyFields;
use self::prices::Prices;
use super::parts::dialog::DialogFrame;
use super::parts::field::{Choice, Switch, TextField};
use super::workspace::{Dialog, Workspace};
use crate::platform::built_in::is_there;
use crate::platform::storage;
use crate::providers::catalog::PROVIDERS;
use crate::providers::keyring::Keyring;
use crate::providers::settings::{BUILT_IN, Choice as Provider, PRACTICE, Settings};

/// Under what names they lie in the browser's storage.
const STORED: &str = "fanout.settings";
const STORED_KEYS: &str = "fanout.keys";

/// What was set the last time.
pub fn restored() -> Settings {
    let keys = storage::read(STORED_KEYS).map(|text| Keyring::restored(&text)).unwrap_or_default();
    Settings::restored(&storage::read(STORED).unwrap_or_default(), keys)
}

/// Stores what changes, from now on; keys only where the person asked for it.
pub fn keep_stored(settings: RwSignal<Settings>) {
    Effect::new(move |before: Option<(String, Option<String>)>| {
        let now = settings.with(|settings| (settings.stored(), settings.keys.stored()));
        if before.as_ref().is_some_and(|before| before.0 != now.0) {
            storage::write(STORED, Some(&now.0));
        }
        if before.as_ref().is_some_and(|before| before.1 != now.1) {
            storage::write(STORED_KEYS, now.1.as_deref());
        }
        now
    });
}

#[component]
pub fn SettingsDialog() -> impl IntoView {
    let settings = Workspace::expect().settings;
    let text = move |field: fn(&Settings) -> &String| {
        Signal::derive(move || settings.with(|settings| field(settings).clone()))
    };
    let provider = Memo::new(move |_| settings.with(|s| s.provider));
    let built_in = is_there().then_some((BUILT_IN, "The model built into this browser, no key"));
    let options = [(PRACTICE, "Practice server in this page, no key")]
        .into_iter()
        .chain(built_in)
        .map(|(key, words)| (key.to_string(), words.to_string()))
        .chain(PROVIDERS.iter().map(|provider| (provider.key.to_string(), provider.name.to_string())))
        .collect::<Vec<_>>();
    view! {
        <DialogFrame title="Settings" is=Dialog::Settings>
            <p class="hint">
                "Who answers live runs. These settings stay in this browser: they are in no link and no file."
            </p>
            <Choice
                label="Provider"
                options=options
                chosen=Signal::derive(move || settings.with(|s| s.provider.key().to_string()))
                on_choose=Callback::new(move |key: String| settings.update(|s| s.choose(&key)))
            />
            <TextField
                label="Base URL"
                placeholder="practice server"
                value=text(|s| &s.base_url)
                on_input=Callback::new(move |text| settings.update(|s| s.set_base_url(text)))
            />
            <TextField
                label="Model"
                placeholder="as the endpoint names it"
                list="models"
                value=text(|s| &s.model)
                on_input=Callback::new(move |text| settings.update(|s| s.model = text))
            />
            <datalist id="models">
                {move || {
                    settings
                        .with(|s| s.listed.iter().map(|listed| listed.name.clone()).collect::<Vec<_>>())
                        .into_iter()
                        .map(|name| view! { <option value=name></option> }.into_any())
                        .collect_view()
                        .into_any()
                }}
            </datalist>
            {move || {
                let has_key = provider.get().provider().is_some();
                let is_elsewhere = provider.get() != Provider::Practice;
                view! {
                    {has_key.then(|| view! { <KeyFields /> }).into_any()}
                    {is_elsewhere.then(|| view! { <ConnectionCheck /> }).into_any()}
                }
                .into_any()
            }}
            <Switch
                label="Stream answers"
                on=Signal::derive(move || settings.with(|s| s.streaming))
                on_change=Callback::new(move |on| settings.update(|s| s.streaming = on))
            />
            <TextField
                label="Ask before a run that may cost more than, in USD"
                value=text(|s| &s.ask_above)
                on_input=Callback::new(move |text| settings.update(|s| s.ask_above = text))
            />
            <Prices />
        </DialogFrame>
    }
}
