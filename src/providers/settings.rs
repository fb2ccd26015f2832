//! What this browser is set to: who answers live calls, with which key, and what that costs.
//!
//! Invariant: no scenario, link or file reads or writes any of it, and keys lie apart from the rest.

use serde_json::Value;

use super::catalog::{Provider, at, by_key};
use super::connection::is_private;
use super::endpoint::Target;
use super::keyring::Keyring;
use super::models::Listed;
use super::prices::{PRICES, price_of};
use super::protocol::Protocol;
use crate::engine::price::Price;
use crate::host::origin;
use crate::json::{self, object};

#[derive(Clone, PartialEq)]
pub struct Settings {
    pub provider: Choice,
    pub base_url: String,
    pub model: String,
    pub keys: Keyring,
    pub streaming: bool,
    /// Runs that may cost more are asked about, in USD as it was typed.
    pub ask_above: String,
    pub prices: Vec<PriceRow>,
    /// What the endpoint lists, as far as somebody asked.
    pub listed: Vec<Listed>,
}

/// Who answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// The practice server in this page.
    Practice,
    /// The model that this browser has built in.
    BuiltIn,
    Provider(&'static Provider),
}

/// A price as it is typed, in USD per million tokens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PriceRow {
    pub model: String,
    pub input: String,
    pub cached: String,
    pub output: String,
}

/// What live calls go to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answerer {
    Practice,
    BuiltIn(Target),
    Remote(Target),
}

pub const PRACTICE: &str = "practice";
pub const BUILT_IN: &str = "built-in";

impl Choice {
    pub fn key(self) -> &'static str {
        match self {
            Choice::Practice => PRACTICE,
            Choice::BuiltIn => BUILT_IN,
            Choice::Provider(provider) => provider.key,
        }
    }

    pub fn provider(self) -> Option<&'static Provider> {
        match self {
            Choice::Practice | Choice::BuiltIn => None,
            Choice::Provider(provider) => Some(provider),
        }
    }

    pub fn protocol(self) -> Protocol {
        self.provider().map(|provider| provider.protocol).unwrap_or_default()
    }
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            provider: Choice::Practice,
            base_url: String::new(),
            model: String::new(),
            keys: Keyring::default(),
            streaming: true,
            ask_above: "0.05".to_string(),
            prices: PRICES.iter().map(|(model, price)| PriceRow::of(model, *price)).collect(),
            listed: Vec::new(),
        }
    }
}

impl Settings {
    /// Takes another provider, with its own address and a model to begin with.
    pub fn choose(&mut self, key: &str) {
        self.listed.clear();
        match by_key(key) {
            Some(provider) => {
                self.provider = Choice::Provider(provider);
                self.base_url = provider.base_url.to_string();
                self.model = provider.model.to_string();
            }
            None => {
                self.provider = if key == BUILT_IN { Choice::BuiltIn } else { Choice::Practice };
                self.base_url.clear();
                self.model.clear();
            }
        }
    }

    /// Takes an address as it is typed. One that is a known provider's chooses that provider; any
    /// other one leaves the protocol as it is.
    pub fn set_base_url(&mut self, base_url: String) {
        self.listed.clear();
        self.provider = match (at(&base_url), self.provider) {
            (Some(provider), _) => Choice::Provider(provider),
            (None, Choice::Practice | Choice::BuiltIn) if !base_url.trim().is_empty() => {
                by_key("custom").map_or(Choice::Practice, Choice::Provider)
            }
            (None, known) => known,
        };
        self.base_url = base_url;
    }

    /// Where live calls go, or a sentence that says what is missing.
    pub fn answerer(&self) -> Result<Answerer, String> {
        let provider = match self.provider {
            Choice::Practice => return Ok(Answerer::Practice),
            // It writes its answers as a server of chat completions would that streams.
            Choice::BuiltIn => {
                return Ok(Answerer::BuiltIn(Target {
                    protocol: Protocol::ChatCompletions,
                    base_url: BUILT_IN.to_string(),
                    model: BUILT_IN.to_string(),
                    api_key: None,
                    streaming: true,
                }));
            }
            Choice::Provider(provider) => provider,
        };
        let base_url = self.base_url.trim();
        if base_url.is_empty() {
            return Err(
                "A live run needs a Base URL, such as http://localhost:11434/v1. Enter it under Settings."
                    .into(),
            );
        }
        if origin(base_url).is_none() {
            return Err(format!(
                "The Base URL “{base_url}” is no address: it should begin with https:// or http:// and a host."
            ));
        }
        if names_user(base_url) {
            return Err(
                "The Base URL has a user name or a password in it. Take it out: a browser does not send \
                 it. A key goes into “API key”."
                    .into(),
            );
        }
        if base_url.contains('#') {
            return Err(format!("The Base URL “{base_url}” should end before its “#”."));
        }
        let model = self.model.trim();
        if model.is_empty() {
            return Err("A live run needs the name of a model. Enter it under Settings.".into());
        }
        Ok(Answerer::Remote(Target {
            protocol: provider.protocol,
            base_url: base_url.to_string(),
            model: model.to_string(),
            api_key: self.keys.key(base_url)?,
            streaming: self.streaming,
        }))
    }

    /// Whether nobody sends a bill.
    pub fn is_free(&self) -> bool {
        self.provider.provider().is_none() || is_private(&self.base_url)
    }

    /// What the next live run is charged by: nothing where this browser answers itself.
    pub fn price(&self) -> Option<Price> {
        match self.provider.provider() {
            Some(_) => self.price_of(&self.model),
            None => Some(Price::default()),
        }
    }

    /// The price of a model: by the person's table, by what the endpoint lists, by the table we know.
    /// None where nobody says.
    pub fn price_of(&self, model: &str) -> Option<Price> {
        let model = model.trim();
        if let Some(row) = self.prices.iter().find(|row| row.model.trim().eq_ignore_ascii_case(model)) {
            return row.price();
        }
        let listed = self.listed.iter().find(|listed| listed.name == model).and_then(|listed| listed.price);
        listed.or_else(|| price_of(model))
    }

    /// What a run may cost without a question, in nano-USD. What cannot be read asks about everything.
    pub fn ask_above_nano_usd(&self) -> u64 {
        milli(&self.ask_above).unwrap_or(0).saturating_mul(1_000_000)
    }

    /// What is to be stored: everything but the keys.
    pub fn stored(&self) -> String {
        let row = |row: &PriceRow| {
            let PriceRow { model, input, cached, output } = row;
            Value::from(vec![model.as_str(), input, cached, output])
        };
        // Of prices only the person's own: those we know are newer with a newer page.
        let known = Settings::default().prices;
        let own = self.prices.iter().filter(|row| !known.contains(row)).map(row);
        json::write(&object(vec![
            ("provider", self.provider.key().into()),
            ("base_url", if names_user(&self.base_url) { "" } else { self.base_url.as_str() }.into()),
            ("model", self.model.as_str().into()),
            ("streaming", self.streaming.into()),
            ("ask_above", self.ask_above.as_str().into()),
            ("prices", own.collect::<Vec<_>>().into()),
        ]))
    }

    /// What was stored, as far as it can be read.
    pub fn restored(text: &str, keys: Keyring) -> Settings {
        let value = json::read(text).unwrap_or(Value::Null);
        let field = |name: &str| value.get(name).and_then(Value::as_str).map(str::to_string);
        let mut settings = Settings { keys, ..Settings::default() };
        settings.choose(&field("provider").unwrap_or_default());
        if let Choice::Provider(_) = settings.provider {
            settings.base_url = field("base_url").unwrap_or_default();
            settings.model = field("model").unwrap_or_default();
        }
        settings.streaming = value.get("streaming").and_then(Value::as_bool).unwrap_or(true);
        settings.ask_above = field("ask_above").unwrap_or(settings.ask_above);
        for row in value.get("prices").and_then(Value::as_array).into_iter().flatten() {
            let cell = |i: usize| row.get(i).and_then(Value::as_str).unwrap_or_default().to_string();
            let row = PriceRow { model: cell(0), input: cell(1), cached: cell(2), output: cell(3) };
            match settings.prices.iter_mut().find(|known| known.model == row.model) {
                Some(known) => *known = row,
                None => settings.prices.push(row),
            }
        }
        settings
    }
}

impl PriceRow {
    fn of(model: &str, price: Price) -> Self {
        let usd = |nano: u64| format!("{}.{:03}", nano / 1000, nano % 1000);
        PriceRow {
            model: model.to_string(),
            input: usd(price.input_nano_usd),
            cached: usd(price.cached_nano_usd),
            output: usd(price.output_nano_usd),
        }
    }

    /// None where a number cannot be read. What is typed says nothing of putting input into a cache:
    /// that costs as much more as it does by the table, or nothing more.
    fn price(&self) -> Option<Price> {
        let (input_nano_usd, output_nano_usd) = (milli(&self.input)?, milli(&self.output)?);
        let cached_nano_usd = match self.cached.trim() {
            "" => input_nano_usd,
            typed => milli(typed)?,
        };
        let known = price_of(&self.model);
        let cache_write_nano_usd = known.map_or(input_nano_usd, |known| {
            input_nano_usd.saturating_mul(known.cache_write_nano_usd) / known.input_nano_usd.max(1)
        });
        let cache_write_nano_usd = cache_write_nano_usd.max(input_nano_usd);
        Some(Price { input_nano_usd, cached_nano_usd, cache_write_nano_usd, output_nano_usd })
    }
}

/// Thousandths of a number: digits and at most one dot. Of USD per million tokens they are nano-USD
/// per token.
fn milli(text: &str) -> Option<u64> {
    let text = text.trim();
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    if whole.is_empty() && fraction.is_empty() {
        return None;
    }
    let thousandths: String = fraction.chars().chain("000".chars()).take(3).collect();
    let whole: u64 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
    whole.checked_mul(1000)?.checked_add(thousandths.parse().ok()?)
}

/// Whether a user name or a password stands before the host.
fn names_user(base_url: &str) -> bool {
    let authority = base_url.split_once("://").map_or(base_url, |(_, rest)| rest);
    authority.split(['/', '?', '#', '\\']).next().is_some_and(|authority| authority.contains('@'))
}
