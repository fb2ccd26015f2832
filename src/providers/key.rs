//! An API key: valid by construction, bound to one origin, and never shown.

use std::fmt;

use crate::host::origin;

/// A key as it is sent, to one origin only. It has no `Display`, and its `Debug` output hides it.
#[derive(Clone, PartialEq, Eq)]
pub struct ApiKey {
    secret: String,
    origin: String,
}

impl ApiKey {
    /// Takes a key as it was pasted, for the server of a base URL. The error is a sentence that says
    /// what is wrong with it, and repeats none of it.
    pub fn new(pasted: &str, base_url: &str) -> Result<ApiKey, String> {
        let key = pasted.trim();
        if key.is_empty() {
            return Err("The API key is empty.".to_string());
        }
        // The browser's fetch throws on characters that a header cannot have.
        if let Some(at) = key.chars().position(|c| !c.is_ascii_graphic()) {
            return Err(format!(
                "Character {} of the API key is one that no key has, such as a space. Copy the key again.",
                at + 1
            ));
        }
        match origin(base_url) {
            Some(origin) => Ok(ApiKey { secret: key.to_string(), origin }),
            None => Err("The API key has no server to go to: the Base URL is not an address.".to_string()),
        }
    }

    /// The key, if it may be sent to this address.
    pub fn for_url(&self, url: &str) -> Option<&str> {
        (origin(url).as_ref() == Some(&self.origin)).then_some(self.secret.as_str())
    }

    /// A text without the key, for servers that repeat it in their errors.
    pub fn hidden_in(&self, text: &str) -> String {
        self.replaced_in(text, "[key]")
    }

    /// How many bytes at the end of a text are a beginning of the key.
    pub fn begun_at_end_of(&self, text: &str) -> usize {
        let begins = |n: &usize| self.secret.get(..*n).is_some_and(|begin| text.ends_with(begin));
        (1..self.secret.len()).rev().find(begins).unwrap_or(0)
    }

    /// A text with something else in the key's place.
    pub fn replaced_in(&self, text: &str, other: &str) -> String {
        text.replace(&self.secret, other)
    }
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("ApiKey")
    }
}
