//! Settings of this browser: where live calls go, and what tokens cost. They are in no scenario,
//! and in memory only.

use leptos::prelude::*;

use super::parts::button::Button;
use super::parts::dialog::DialogFrame;
use super::parts::field::TextField;
use super::workspace::{Dialog, Workspace};
use crate::providers::key::ApiKey;
use crate::providers::prices::{AS_OF, PRICES, Price, price_of};
use crate::providers::remote;

#[derive(Clone, PartialEq)]
pub struct Settings {
    pub base_url: String,
    pub model: String,
    pub api_key: String,
    pub streaming: bool,
    pub prices: Vec<PriceRow>,
}

/// A price as it is typed, in USD per million tokens.
#[derive(Clone, PartialEq)]
pub struct PriceRow {
    pub model: String,
    pub input: String,
    pub output: String,
}

impl Default for Settings {
    fn default() -> Self {
        let usd = |nano: u64| format!("{}.{:03}", nano / 1000, nano % 1000);
        let rows = PRICES.iter().map(|(model, price)| PriceRow {
            model: (*model).to_string(),
            input: usd(price.input_nano_usd),
            output: usd(price.output_nano_usd),
        });
        Settings {
            base_url: String::new(),
            model: String::new(),
            api_key: String::new(),
            streaming: true,
            prices: rows.collect(),
        }
    }
}

impl Settings {
    /// Where live calls go, or a sentence that says what is missing.
    pub fn endpoint(&self) -> Result<remote::Settings, String> {
        let base_url = self.base_url.trim();
        if base_url.is_empty() {
            return Err(
                "A live run needs a Base URL, such as http://localhost:11434/v1. Enter it under Settings."
                    .into(),
            );
        }
        if !base_url.starts_with("https://") && !base_url.starts_with("http://") {
            return Err(format!("The Base URL “{base_url}” should begin with https:// or http://."));
        }
        if self.model.trim().is_empty() {
            return Err("A live run needs the name of a model. Enter it under Settings.".into());
        }
        let api_key = match self.api_key.trim() {
            "" => None,
            key => Some(ApiKey::new(key)?),
        };
        Ok(remote::Settings {
            base_url: base_url.to_string(),
            model: self.model.trim().to_string(),
            api_key,
            streaming: self.streaming,
        })
    }

    /// The price of a model by the person's table; none where it has no such model or no number.
    pub fn price_of(&self, model: &str) -> Option<Price> {
        let model = model.trim();
        match self.prices.iter().find(|row| row.model.trim().eq_ignore_ascii_case(model)) {
            Some(row) => {
                Some(Price { input_nano_usd: nano(&row.input)?, output_nano_usd: nano(&row.output)? })
            }
            None => price_of(model),
        }
    }
}

/// Nano-USD per token from USD per million tokens: digits and at most one dot.
fn nano(usd_per_million: &str) -> Option<u64> {
    let text = usd_per_million.trim();
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let thousandths: String = fraction.chars().chain("000".chars()).take(3).collect();
    let whole: u64 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
    whole.checked_mul(1000)?.checked_add(thousandths.parse().ok()?)
}

#[component]
pub fn SettingsDialog() -> impl IntoView {
    let workspace = Workspace::expect();
    let settings = workspace.settings;
    let read = move |field: fn(&Settings) -> &String| {
        Signal::derive(move || settings.with(|settings| field(settings).clone()))
    };
    let write = move |field: fn(&mut Settings) -> &mut String| {
        Callback::new(move |text| settings.update(|settings| *field(settings) = text))
    };
    view! {
        <DialogFrame title="Settings" is=Dialog::Settings>
            <p class="hint">
                "For live runs: any endpoint that speaks the OpenAI chat completions format. These settings \
                 stay in this browser’s memory until the page is closed. They are in no link and no file."
            </p>
            <TextField
                label="Base URL"
                placeholder="https://api.openai.com/v1"
                value=read(|s| &s.base_url)
                on_input=write(|s| &mut s.base_url)
            />
            <TextField
                label="Model"
                placeholder="gpt-6-luna"
                value=read(|s| &s.model)
                on_input=write(|s| &mut s.model)
            />
            <TextField
                label="API key"
                kind="password"
                placeholder="none for a local model"
                value=read(|s| &s.api_key)
                on_input=write(|s| &mut s.api_key)
            />
            <label class="check">
                <input
                    type="checkbox"
                    prop:checked=move || settings.with(|s| s.streaming)
                    on:change:target=move |event| settings.update(|s| s.streaming = event.target().checked())
                />
                "Stream answers"
            </label>
            <details class="prices">
                <summary>"Prices, USD per million tokens"</summary>
                <p class="hint">{format!("List prices of {AS_OF}. Change them to what you pay.")}</p>
                <PriceTable />
            </details>
        </DialogFrame>
    }
}

#[component]
fn PriceTable() -> impl IntoView {
    let settings = Workspace::expect().settings;
    let n_rows = Memo::new(move |_| settings.with(|s| s.prices.len()));
    let add = move |()| {
        settings.update(|s| {
            let row = PriceRow { model: s.model.clone(), input: "0".into(), output: "0".into() };
            s.prices.push(row);
        });
    };
    view! {
        <table>
            <thead>
                <tr><th scope="col">"Model"</th><th scope="col">"In"</th><th scope="col">"Out"</th></tr>
            </thead>
            <tbody>
                {move || (0..n_rows.get()).map(|row| view! { <PriceCells row /> }.into_any()).collect_view().into_any()}
            </tbody>
        </table>
        <Button text="Add a model" on_click=add />
    }
}

#[component]
fn PriceCells(row: usize) -> impl IntoView {
    view! {
        <tr>
            <PriceCell row name="Priced model" field=|row| &mut row.model />
            <PriceCell row name="USD per million input tokens" field=|row| &mut row.input />
            <PriceCell row name="USD per million output tokens" field=|row| &mut row.output />
        </tr>
    }
}

#[component]
fn PriceCell(row: usize, name: &'static str, field: fn(&mut PriceRow) -> &mut String) -> impl IntoView {
    let settings = Workspace::expect().settings;
    let value = move || {
        settings.with(|s| s.prices.get(row).map(|row| field(&mut row.clone()).clone()).unwrap_or_default())
    };
    let set = move |text: String| {
        settings.update(|s| {
            if let Some(row) = s.prices.get_mut(row) {
                *field(row) = text;
            }
        });
    };
    view! {
        <td>
            <input
                aria-label=name
                prop:value=value
                on:input:target=move |event| set(event.target().value())
            />
        </td>
    }
}
