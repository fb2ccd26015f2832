//! An API key: valid by construction, and never shown.

use std::fmt;

/// A key as it is sent. It has no `Display`, and its `Debug` output hides it.
#[derive(Clone, PartialEq, Eq)]
pub struct ApiKey(String);

impl ApiKey {
    /// Takes a key as it was pasted. The error is a sentence that says what is wrong with it, and
    /// repeats none of it.
    pub fn new(pasted: &str) -> Result<ApiKey, String> {
        let key = pasted.trim();
        if key.is_empty() {
            return Err("The API key is empty.".to_string());
        }
        // The browser's fetch throws on characters that a header cannot have.
        match key.chars().position(|c| !c.is_ascii_graphic()) {
            Some(at) => Err(format!(
                "Character {} of the API key is one that no key has, such as a space. Copy the key again.",
                at + 1
            )),
            None => Ok(ApiKey(key.to_string())),
        }
    }

    /// The value of the `Authorization` header.
    pub fn bearer(&self) -> String {
        format!("Bearer {}", self.0)
    }

    /// A text without the key, for servers that repeat it in their errors.
    pub fn hidden_in(&self, text: &str) -> String {
        text.replace(&self.0, "[key]")
    }
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("ApiKey")
    }
}
