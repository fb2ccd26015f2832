//! Settings of this browser: who answers live calls, with which key, and what that costs. They are
//! in no scenario, no link and no file.

mod changing;

use leptos::prelude::*;

use super::held::Held;
use super::notices::Notice;
use super::parts::painted::{Markup, button, element, hint};
use super::workspace::Workspace;
use crate::host::origin;
use crate::picture::field::{TAKES, choice, line, switch};
use crate::platform::built_in::is_there;
use crate::platform::storage;
use crate::providers::catalog::{PROVIDERS, Place};
use crate::providers::connection::Command;
use crate::providers::keyring::Keyring;
use crate::providers::prices::AS_OF;
use crate::providers::settings::{BUILT_IN, Choice, PRACTICE, PriceRow, Settings};

/// How far the check of the connection is.
#[derive(Clone, Default, PartialEq)]
pub enum Checked {
    #[default]
    Not,
    Checking,
    /// What was found, and commands that help.
    Found(String, Vec<Command>),
}

/// Under what names they lie in the browser's storage.
const STORED: &str = "fanout.settings";
const STORED_KEYS: &str = "fanout.keys";

const NOT_STORED: &str = "This browser does not store the settings: it is full, or set to store nothing. They hold \
    until the page is closed.";

/// What was set the last time.
pub fn restored() -> Settings {
    let keys = storage::read(STORED_KEYS).map(|text| Keyring::restored(&text)).unwrap_or_default();
    Settings::restored(&storage::read(STORED).unwrap_or_default(), keys)
}

/// Stores what changes, from now on; keys only where the person asked for it.
pub fn keep_stored(settings: Held<Settings>, notices: Held<Vec<Notice>>) {
    let store = move |name: &str, text: Option<&str>| {
        if !storage::write(name, text) && !storage::is_sealed() {
            Notice::error(NOT_STORED.to_string()).add_to(notices);
        }
    };
    // A key that another tab forgot is not written back by this one.
    let elsewhere = window_event_listener_untyped("storage", move |_| {
        let stored = storage::read(STORED_KEYS).unwrap_or_default();
        if settings.with_untracked(|settings| settings.keys.stored().unwrap_or_default()) != stored {
            settings.update(|settings| settings.keys.follow(&stored));
        }
    });
    on_cleanup(|| elsewhere.remove());
    Effect::new(move |before: Option<(String, Option<String>)>| {
        let now = settings.with(|settings| (settings.stored(), settings.keys.stored()));
        if before.as_ref().is_some_and(|before| before.0 != now.0) {
            store(STORED, Some(&now.0));
        }
        if before.as_ref().is_some_and(|before| before.1 != now.1) {
            store(STORED_KEYS, now.1.as_deref());
        }
        now
    });
}

pub fn contents(workspace: Workspace) -> Vec<Markup> {
    workspace.settings.with(|settings| {
        let mut drawn = vec![
            hint(
                "Who answers live runs. These settings stay in this browser: they are in no link and no file.",
            ),
            choice("Provider", "provider", &providers(), settings.provider.key()),
            line("Base URL", "base-url", "text", "practice server", &settings.base_url),
            model(settings),
        ];
        if settings.provider.provider().is_some() {
            drawn.extend(key(settings));
        }
        if settings.provider != Choice::Practice {
            drawn.extend(check(&workspace.connection.get()));
        }
        let above = "Ask before a run that may cost more than, in USD";
        drawn.push(switch("Stream answers", "streaming", settings.streaming));
        drawn.push(line(above, "ask-above", "text", "", &settings.ask_above));
        drawn.push(prices(&settings.prices));
        drawn
    })
}

fn providers() -> Vec<(&'static str, &'static str)> {
    let built_in = is_there().then_some((BUILT_IN, "The model built into this browser, no key"));
    let known = PROVIDERS.iter().map(|provider| (provider.key, provider.name));
    [(PRACTICE, "Practice server in this page, no key")].into_iter().chain(built_in).chain(known).collect()
}

fn model(settings: &Settings) -> Markup {
    let name = |name: &str| element("option").with("value", name);
    let names = settings.listed.iter().map(|listed| name(&listed.name)).collect();
    let field = element("input")
        .with("list", "models")
        .with("placeholder", "as the endpoint names it")
        .with("autocomplete", "off")
        .with("spellcheck", "false")
        .with("value", settings.model.as_str())
        .with(TAKES, "model");
    element("label").class("field").children(vec![
        element("span").text("Model"),
        field,
        element("datalist").with("id", "models").children(names),
    ])
}

/// The key for the server of the base URL, and what becomes of it.
fn key(settings: &Settings) -> Vec<Markup> {
    let Settings { provider, base_url, keys, .. } = settings;
    let bound = match origin(base_url) {
        Some(origin) => format!("Sent to {origin} and nowhere else. "),
        None => "Enter the Base URL first: a key belongs to one server. ".to_string(),
    };
    let mut bound = vec![Markup::Text(bound)];
    if let Some(Place::Web { keys }) = provider.provider().map(|provider| provider.place) {
        let link = element("a").class("link").with("href", keys).with("target", "_blank");
        bound.push(link.with("rel", "noopener noreferrer").text("Get a key"));
    }
    let kept = "Without it the key is gone when this page is closed. With it the key lies readable in this \
                browser’s storage, for everybody who uses this device and for every page of this site. ";
    let forget = button("button button-quiet", "forget-keys", "Forget all keys");
    let signs_in =
        (provider.key() == "openrouter").then(|| button("button", "sign-in", "Sign in with OpenRouter"));
    let fields = [
        line("API key", "key", "password", "none for a local model", keys.typed(base_url)),
        element("p").class("hint").children(bound),
        switch("Remember on this device", "remember", keys.is_remembered(base_url)),
        element("p").class("hint").children(vec![Markup::Text(kept.to_string()), forget]),
    ];
    signs_in.into_iter().chain(fields).collect()
}

/// Tries the connection out, and says what is the matter and what to type.
fn check(checked: &Checked) -> Vec<Markup> {
    let try_out = button("button", "check-connection", "Check connection")
        .with("disabled", (*checked == Checked::Checking).to_string());
    let buttons = vec![try_out, button("button", "copy-sample", "Copy as curl")];
    let command = |Command { place, text }: &Command| {
        let text = element("dd").children(vec![element("code").text(text)]);
        [element("dt").text(*place), text]
    };
    let found = match checked {
        Checked::Not => Vec::new(),
        Checked::Checking => vec![hint("Asking for the list of models…")],
        Checked::Found(sentence, commands) => vec![
            element("p").class("finding").text(sentence),
            element("dl").class("commands").children(commands.iter().flat_map(command).collect()),
        ],
    };
    let status = element("div").with("role", "status").with("data-connection", "");
    vec![element("div").class("buttons").children(buttons), status.children(found)]
}

/// What tokens cost, to be changed to what the person pays.
fn prices(rows: &[PriceRow]) -> Markup {
    let head = |name: &'static str| element("th").with("scope", "col").text(name);
    let cell = |i: usize, column: usize, name: &'static str, value: &str| {
        let field = element("input")
            .with("aria-label", name)
            .with("value", value)
            .with(TAKES, format!("price {i} {column}"));
        element("td").children(vec![field])
    };
    let row = |(i, row): (usize, &PriceRow)| {
        element("tr").children(vec![
            cell(i, 0, "Priced model", &row.model),
            cell(i, 1, "USD per million input tokens", &row.input),
            cell(i, 2, "USD per million cached input tokens", &row.cached),
            cell(i, 3, "USD per million output tokens", &row.output),
        ])
    };
    let heads = ["Model", "In", "Cached", "Out"].map(head).into();
    let table = element("table").children(vec![
        element("thead").children(vec![element("tr").children(heads)]),
        element("tbody").children(rows.iter().enumerate().map(row).collect()),
    ]);
    element("details").class("prices").children(vec![
        element("summary").text("Prices, USD per million tokens"),
        hint(format!("List prices of {AS_OF}. Change them to what you pay.")),
        table,
        button("button", "add-price", "Add a model"),
    ])
}
