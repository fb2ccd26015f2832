//! The providers that Settings offers: where they are, what they speak, how a page is let in.
//!
//! Source: their documentation of November 2026.

use super::protocol::Protocol;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Provider {
    /// As it stands in files of settings.
    pub key: &'static str,
    pub name: &'static str,
    pub protocol: Protocol,
    pub base_url: &'static str,
    /// A model to begin with, the cheapest that does.
    pub model: &'static str,
    pub place: Place,
}

/// Where a server runs, and what a person has to do there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// On the web, with a key from this page.
    Web { keys: &'static str },
    /// On the person's own machine, without a key.
    Local(Local),
    /// Wherever the person says.
    Anywhere,
}

/// A program that serves models on one's own machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Local {
    Ollama,
    LmStudio,
    LlamaCpp,
    Vllm,
}

pub const PROVIDERS: [Provider; 14] = [
    web(
        "openai",
        "OpenAI",
        "https://api.openai.com/v1",
        "gpt-6-luna",
        "https://platform.openai.com/api-keys",
    ),
    Provider {
        protocol: Protocol::Messages,
        ..web(
            "anthropic",
            "Anthropic",
            "https://api.anthropic.com/v1",
            "claude-haiku-5-5",
            "https://platform.claude.com/settings/keys",
        )
    },
    Provider {
        protocol: Protocol::GenerateContent,
        ..web(
            "gemini",
            "Google Gemini",
            "https://generativelanguage.googleapis.com/v1beta",
            "gemini-3.5-flash-lite",
            "https://aistudio.google.com/apikey",
        )
    },
    web(
        "openrouter",
        "OpenRouter",
        "https://openrouter.ai/api/v1",
        "openai/gpt-oss-20b",
        "https://openrouter.ai/settings/keys",
    ),
    web(
        "groq",
        "Groq",
        "https://api.groq.com/openai/v1",
        "openai/gpt-oss-20b",
        "https://console.groq.com/keys",
    ),
    web(
        "mistral",
        "Mistral",
        "https://api.mistral.ai/v1",
        "mistral-small-latest",
        "https://console.mistral.ai/api-keys",
    ),
    web(
        "deepseek",
        "DeepSeek",
        "https://api.deepseek.com",
        "deepseek-flash",
        "https://platform.deepseek.com/api_keys",
    ),
    web(
        "together",
        "Together",
        "https://api.together.ai/v1",
        "openai/gpt-oss-20b",
        "https://api.together.ai/settings/api-keys",
    ),
    web(
        "fireworks",
        "Fireworks",
        "https://api.fireworks.ai/inference/v1",
        "accounts/fireworks/models/gpt-oss-20b",
        "https://app.fireworks.ai/settings/users/api-keys",
    ),
    Provider {
        protocol: Protocol::OllamaChat,
        ..local("ollama", "Ollama", "http://localhost:11434", Local::Ollama)
    },
    local("lm-studio", "LM Studio", "http://localhost:1234/v1", Local::LmStudio),
    local("llama-cpp", "llama.cpp", "http://127.0.0.1:8080/v1", Local::LlamaCpp),
    local("vllm", "vLLM", "http://localhost:8000/v1", Local::Vllm),
    Provider {
        key: "custom",
        name: "Another, OpenAI-compatible",
        protocol: Protocol::ChatCompletions,
        base_url: "",
        model: "",
        place: Place::Anywhere,
    },
];

/// The provider at a base URL; none where it is another.
pub fn at(base_url: &str) -> Option<&'static Provider> {
    let spelled = |url: &str| url.trim().trim_end_matches('/').to_ascii_lowercase();
    let base_url = spelled(base_url);
    PROVIDERS.iter().find(|provider| !provider.base_url.is_empty() && spelled(provider.base_url) == base_url)
}

/// The provider of this key.
pub fn by_key(key: &str) -> Option<&'static Provider> {
    PROVIDERS.iter().find(|provider| provider.key == key)
}

const fn web(
    key: &'static str,
    name: &'static str,
    base_url: &'static str,
    model: &'static str,
    keys: &'static str,
) -> Provider {
    Provider { key, name, protocol: Protocol::ChatCompletions, base_url, model, place: Place::Web { keys } }
}

const fn local(key: &'static str, name: &'static str, base_url: &'static str, program: Local) -> Provider {
    let protocol = Protocol::ChatCompletions;
    Provider { key, name, protocol, base_url, model: "", place: Place::Local(program) }
}
