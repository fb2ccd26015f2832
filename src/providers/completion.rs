//! What has come of a reply so far, in whatever protocol, and what it came to.

use crate::engine::call::CallError;

/// A reply that came to its end.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Completion {
    /// The answer, or the words in which the model refuses one.
    pub text: String,
    pub is_refusal: bool,
    pub counts: Counts,
}

/// Tokens as the server counts them. Where it says nothing of a total, nobody knows it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// All of the prompt, cached or not.
    pub input: Option<u32>,
    /// Of the input, read from the provider's cache.
    pub cached: u32,
    /// Of the input, put into that cache.
    pub cache_write: u32,
    /// All that was generated, thinking included.
    pub output: Option<u32>,
    /// Of the output, thinking.
    pub reasoning: u32,
    /// What the server says it costs.
    pub cost_nano_usd: Option<u64>,
}

/// Why a server stopped writing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Finish {
    /// The answer is complete.
    Ended,
    /// As many tokens as the answer may have.
    TokenLimit,
    /// The server could not go on.
    BrokenOff,
    /// Another reason, in the server's word.
    Other(String),
}

/// A reply that is being put together.
#[derive(Default)]
pub(super) struct Assembly {
    pub(super) text: String,
    /// The words in which the model refuses, where they come apart from its answers.
    pub(super) refusal: String,
    pub(super) finish: Option<Finish>,
    pub(super) counts: Counts,
    /// The server said that nothing more comes.
    pub(super) is_over: bool,
}

/// What a piece of a reply brought.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Brought {
    /// A part of the answer.
    pub text: String,
    /// The model thinks.
    pub thinking: bool,
}

impl Assembly {
    /// Adds a part of the answer.
    pub(super) fn say(&mut self, brought: &mut Brought, text: &str) {
        self.text.push_str(text);
        brought.text.push_str(text);
    }

    /// The reply, or why it is none.
    pub(super) fn completion(self) -> Result<Completion, CallError> {
        let Assembly { text, refusal, finish, counts, .. } = self;
        if finish == Some(Finish::BrokenOff) {
            return Err(CallError::Truncated { partial: text });
        }
        let is_refusal = text.trim().is_empty();
        let text = if is_refusal { refusal } else { text };
        if text.trim().is_empty() {
            let message = match finish {
                Some(Finish::TokenLimit) => "the token limit was reached before the answer began".to_string(),
                Some(Finish::Other(reason)) => format!("the reply holds no text (finish reason: {reason})"),
                _ => "the reply holds no text".to_string(),
            };
            return Err(CallError::Malformed { message });
        }
        Ok(Completion { text, is_refusal, counts })
    }
}
