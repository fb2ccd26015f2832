//! The protocols that providers speak, and the one place that tells them apart.

use serde_json::Value;

use super::completion::{Assembly, Brought};
use super::dialect::Dialect;
use super::key::ApiKey;
use super::{anthropic, gemini, ollama, openai};
use crate::engine::call::{Prompt, Task};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Protocol {
    /// Chat completions, which OpenAI began and most servers speak.
    #[default]
    ChatCompletions,
    /// Anthropic's Messages.
    Messages,
    /// Google's generateContent.
    GenerateContent,
    /// Ollama's own.
    OllamaChat,
}

/// What is asked of a model, before it has a protocol.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    pub model: &'a str,
    pub prompt: &'a Prompt,
    pub task: &'a Task,
    pub max_tokens: u32,
    pub streaming: bool,
}

pub(super) type Headers = Vec<(String, String)>;

impl Protocol {
    /// The address that requests are posted to.
    pub fn url(self, base_url: &str, model: &str, streaming: bool) -> String {
        match self {
            Protocol::ChatCompletions => with_path(base_url, "/chat/completions"),
            Protocol::Messages => with_path(base_url, "/messages"),
            Protocol::GenerateContent => gemini::url(base_url, model, streaming),
            Protocol::OllamaChat => ollama::url(base_url, "/api/chat"),
        }
    }

    /// The address that lists models.
    pub fn models_url(self, base_url: &str) -> String {
        match self {
            Protocol::ChatCompletions => with_path(base_url, "/models"),
            Protocol::Messages => with_path(base_url, "/models?limit=1000"),
            Protocol::GenerateContent => with_path(base_url, "/models?pageSize=1000"),
            Protocol::OllamaChat => ollama::url(base_url, "/api/tags"),
        }
    }

    /// The headers of every request. No others: several servers refuse a preflight that names one
    /// they do not know.
    pub fn headers(self, url: &str, key: Option<&ApiKey>) -> Headers {
        let header = |name: &str, value: String| (name.to_string(), value);
        let key = key.and_then(|key| key.for_url(url));
        let mut headers = match self {
            Protocol::Messages => {
                anthropic::HEADERS.iter().map(|(name, value)| header(name, value.to_string())).collect()
            }
            _ => Vec::new(),
        };
        headers.extend(key.map(|key| match self {
            Protocol::ChatCompletions | Protocol::OllamaChat => {
                header("authorization", format!("Bearer {key}"))
            }
            Protocol::Messages => header("x-api-key", key.to_string()),
            Protocol::GenerateContent => header("x-goog-api-key", key.to_string()),
        }));
        headers
    }

    /// The body of a request.
    pub fn encode(self, asked: Asked, dialect: Dialect) -> String {
        match self {
            Protocol::ChatCompletions => openai::encode(asked, dialect),
            Protocol::Messages => anthropic::encode(asked, dialect),
            Protocol::GenerateContent => gemini::encode(asked, dialect),
            Protocol::OllamaChat => ollama::encode(asked, dialect),
        }
    }

    /// Adds a whole reply or one event of a stream, which is no error.
    pub(super) fn add(self, assembly: &mut Assembly, value: &Value, brought: &mut Brought) {
        match self {
            Protocol::ChatCompletions => openai::add(assembly, value, brought),
            Protocol::Messages => anthropic::add(assembly, value, brought),
            Protocol::GenerateContent => gemini::add(assembly, value, brought),
            Protocol::OllamaChat => ollama::add(assembly, value, brought),
        }
    }
}

/// A path behind a base URL, which may end in a slash or already in a path of the protocol.
fn with_path(base_url: &str, path: &str) -> String {
    let base = base_url.trim();
    let (place, query) = base.split_at(base.find('?').unwrap_or(base.len()));
    let place = place.trim_end_matches('/');
    let place = ["/chat/completions", "/messages"]
        .into_iter()
        .find_map(|whole| place.strip_suffix(whole))
        .unwrap_or(place);
    format!("{place}{path}{query}")
}
