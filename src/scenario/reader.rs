//! Reading a file's values forgivingly: what does not fit is changed, and a sentence says how.

use serde_json::{Map, Value};

use super::dial::{About, Values};
use crate::engine::call::Prompt;
use crate::json;

/// A list may be wrong at each of its items; nobody reads so many notices.
const MOST_NOTICES: usize = 100;

/// Reads the fields of one object and notes what it had to change.
pub(super) struct Reader<'a> {
    object: &'a Map<String, Value>,
    path: String,
    notices: &'a mut Vec<String>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(object: &'a Map<String, Value>, notices: &'a mut Vec<String>) -> Self {
        Reader { object, path: String::new(), notices }
    }
}

impl<'a> Reader<'a> {
    fn note(&mut self, name: &str, what: &str) {
        let notice = match self.notices.len() {
            ..MOST_NOTICES => format!("{}{name}: {what}", self.path),
            _ => "There is more that was changed or left out.".to_string(),
        };
        if self.notices.len() <= MOST_NOTICES && !self.notices.contains(&notice) {
            self.notices.push(notice);
        }
    }

    pub(super) fn text(&mut self, name: &str, missing: &str) -> String {
        match self.object.get(name) {
            Some(Value::String(text)) => text.clone(),
            None | Some(Value::Null) => missing.to_string(),
            Some(_) => {
                self.note(name, "should be a text; left out.");
                missing.to_string()
            }
        }
    }

    pub(super) fn number(&mut self, name: &str, missing: u64, least: u64, most: u64) -> u64 {
        self.optional_number(name, least, most).unwrap_or(missing)
    }

    fn optional_number(&mut self, name: &str, least: u64, most: u64) -> Option<u64> {
        let value = match self.object.get(name)? {
            Value::Null => return None,
            Value::Number(number) => number,
            _ => {
                self.note(name, "should be a number; left out.");
                return None;
            }
        };
        // Negative and fractional numbers are brought into range like others out of it.
        let number = value.as_u64().unwrap_or_else(|| json::to_f64(value).round() as u64);
        let clamped = number.clamp(least, most);
        if value.as_u64() != Some(clamped) {
            self.note(name, &format!("{} → {clamped}", value.as_str()));
        }
        Some(clamped)
    }

    pub(super) fn count(&mut self, name: &str, missing: u32, least: u32, most: u32) -> u32 {
        self.number(name, missing.into(), least.into(), most.into()) as u32
    }

    pub(super) fn optional_count(&mut self, name: &str, least: u32, most: u32) -> Option<u32> {
        self.optional_number(name, least.into(), most.into()).map(|number| number as u32)
    }

    /// How a dial stands; none where the file does not say.
    pub(super) fn dial(&mut self, about: &About) -> Option<Option<u32>> {
        let value = self.object.get(about.key)?;
        match about.values {
            Values::Count { least, most } => Some(self.optional_count(about.key, least, most)),
            Values::Optional { .. } if value.is_null() => Some(None),
            Values::Optional { least, most } => Some(Some(self.optional_count(about.key, least, most)?)),
            Values::Choice(values) => {
                let named =
                    value.as_str().and_then(|name| values.iter().position(|(known, _)| *known == name));
                if named.is_none() {
                    let usual =
                        about.default.and_then(|n| values.get(n as usize)).map_or("", |(name, _)| name);
                    self.note(about.key, &format!("{} is not known; “{usual}” is used.", json::write(value)));
                }
                named.map(|n| Some(n as u32))
            }
            Values::Flag => {
                let on = value.as_bool();
                if on.is_none() {
                    self.note(about.key, "should be true or false; left out.");
                }
                on.map(|on| Some(on.into()))
            }
        }
    }

    /// A number between 0 and 1.
    pub(super) fn share(&mut self, name: &str, missing: f64) -> f64 {
        let Some(value) = self.object.get(name) else { return missing };
        let Some(number) = value.as_number().map(json::to_f64) else {
            self.note(name, "should be a number; left out.");
            return missing;
        };
        // To as many digits as are written, so that it is the same when it is read again.
        let kept = (number.clamp(0.0, 1.0) * 1e15).round() / 1e15;
        if kept != number {
            self.note(name, &format!("{} → {}", json::write(value), json::write(&json::decimal(kept))));
        }
        kept
    }

    pub(super) fn choice<T: Copy>(
        &mut self,
        name: &str,
        missing: T,
        all: &[T],
        as_str: fn(T) -> &'static str,
    ) -> T {
        let Some(value) = self.object.get(name) else { return missing };
        let chosen = value.as_str().and_then(|text| all.iter().find(|choice| as_str(**choice) == text));
        if chosen.is_none() {
            let given = json::write(value);
            self.note(name, &format!("{given} is not known; “{}” is used.", as_str(missing)));
        }
        chosen.copied().unwrap_or(missing)
    }

    pub(super) fn prompt(&mut self, name: &str, missing: Prompt) -> Prompt {
        let mut prompt = missing.clone();
        self.object(name, |r| {
            prompt =
                Prompt { system: r.text("system", &missing.system), user: r.text("user", &missing.user) };
        });
        prompt
    }

    pub(super) fn object(&mut self, name: &str, read: impl FnOnce(&mut Reader)) {
        match self.object.get(name) {
            Some(Value::Object(object)) => {
                let path = format!("{}{name}.", self.path);
                read(&mut Reader { object, path, notices: self.notices });
            }
            None => {}
            Some(_) => self.note(name, "should be an object; left out."),
        }
    }

    pub(super) fn list<T>(&mut self, name: &str, mut read: impl FnMut(&mut Reader) -> T) -> Vec<T> {
        let mut items = Vec::new();
        let Some(values) = self.array(name) else { return items };
        for (i, value) in values.iter().enumerate() {
            match value {
                Value::Object(object) => {
                    let path = format!("{}{name}[{}].", self.path, i + 1);
                    items.push(read(&mut Reader { object, path, notices: self.notices }));
                }
                _ => self.note(&format!("{name}[{}]", i + 1), "should be an object; left out."),
            }
        }
        items
    }

    pub(super) fn texts(&mut self, name: &str) -> Vec<String> {
        let Some(values) = self.array(name) else { return Vec::new() };
        let texts = values.iter().filter_map(Value::as_str).map(str::to_string).collect::<Vec<_>>();
        if texts.len() != values.len() {
            self.note(name, "has items that are not texts; they are left out.");
        }
        texts
    }

    fn array(&mut self, name: &str) -> Option<&'a [Value]> {
        match self.object.get(name)? {
            Value::Array(values) => Some(values),
            Value::Null => None,
            _ => {
                self.note(name, "should be a list; left out.");
                None
            }
        }
    }
}
