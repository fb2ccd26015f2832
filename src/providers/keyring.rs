//! The keys of this browser, each for one origin.
//!
//! Invariant: what is stored is what the person asked to be remembered, and nothing else.

use serde_json::Value;

use super::key::ApiKey;
use crate::host::origin;
use crate::json::{self, object};

/// Keys as they were typed. It has no `Debug`: nothing prints them.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Keyring(Vec<Entry>);

#[derive(Clone, PartialEq, Eq)]
struct Entry {
    origin: String,
    typed: String,
    is_remembered: bool,
}

impl Keyring {
    /// The keys that were stored. What cannot be read is none.
    pub fn restored(text: &str) -> Keyring {
        let value = json::read(text).unwrap_or(Value::Null);
        let entry = |(origin, typed): (&String, &Value)| {
            Some(Entry { origin: origin.clone(), typed: typed.as_str()?.to_string(), is_remembered: true })
        };
        Keyring(value.as_object().into_iter().flatten().filter_map(entry).collect())
    }

    /// What is to be stored; none where nothing is to be remembered.
    pub fn stored(&self) -> Option<String> {
        let remembered = self.0.iter().filter(|entry| entry.is_remembered && !entry.typed.is_empty());
        let fields: Vec<(&str, Value)> =
            remembered.map(|entry| (entry.origin.as_str(), entry.typed.as_str().into())).collect();
        (!fields.is_empty()).then(|| json::write(&object(fields)))
    }

    /// What was typed for the server of a base URL.
    pub fn typed(&self, base_url: &str) -> &str {
        self.entry(base_url).map_or("", |entry| &entry.typed)
    }

    pub fn is_remembered(&self, base_url: &str) -> bool {
        self.entry(base_url).is_some_and(|entry| entry.is_remembered)
    }

    /// Takes what was typed. Where the base URL has no origin there is nothing to bind a key to.
    pub fn set_typed(&mut self, base_url: &str, typed: String) {
        if let Some(entry) = self.entry_mut(base_url) {
            entry.typed = typed;
        }
    }

    pub fn set_remembered(&mut self, base_url: &str, is_remembered: bool) {
        if let Some(entry) = self.entry_mut(base_url) {
            entry.is_remembered = is_remembered;
        }
    }

    /// Takes over what another tab had stored or forgotten; what only this tab knows stays.
    pub fn follow(&mut self, stored: &str) {
        self.0.retain(|entry| !entry.is_remembered);
        for entry in Keyring::restored(stored).0 {
            self.0.retain(|own| own.origin != entry.origin);
            self.0.push(entry);
        }
    }

    pub fn forget_all(&mut self) {
        self.0.clear();
    }

    /// The origins that have a key.
    pub fn origins(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter(|entry| !entry.typed.is_empty()).map(|entry| entry.origin.as_str())
    }

    /// The key for a base URL; none where nothing was typed. The error says what is wrong with it.
    pub fn key(&self, base_url: &str) -> Result<Option<ApiKey>, String> {
        match self.typed(base_url).trim() {
            "" => Ok(None),
            typed => ApiKey::new(typed, base_url).map(Some),
        }
    }

    fn entry(&self, base_url: &str) -> Option<&Entry> {
        let origin = origin(base_url)?;
        self.0.iter().find(|entry| entry.origin == origin)
    }

    fn entry_mut(&mut self, base_url: &str) -> Option<&mut Entry> {
        let origin = origin(base_url)?;
        let at = self.0.iter().position(|entry| entry.origin == origin).unwrap_or_else(|| {
            self.0.push(Entry { origin, typed: String::new(), is_remembered: false });
            self.0.len() - 1
        });
        self.0.get_mut(at)
    }
}
