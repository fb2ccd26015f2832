//! Hides a key in an answer that comes in pieces: a server may repeat what it was sent.

use super::key::ApiKey;

/// What may be the beginning of the key is held back until it is known.
#[derive(Debug, Default)]
pub struct Veil {
    key: Option<ApiKey>,
    held: String,
}

impl Veil {
    pub fn over(key: Option<ApiKey>) -> Veil {
        Veil { key, held: String::new() }
    }

    /// What may be shown once this piece is there.
    pub fn pass(&mut self, piece: &str) -> String {
        let Some(key) = &self.key else { return piece.to_string() };
        self.held.push_str(piece);
        let mut shown = key.hidden_in(&self.held);
        self.held = shown.split_off(shown.len() - key.begun_at_end_of(&shown));
        shown
    }
}
