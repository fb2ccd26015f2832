//! What servers want differently within a protocol, and what they turn out not to want.
//!
//! Source: the providers' API references of November 2026.

use super::protocol::Protocol;
use crate::host::host;

/// How a request has to be worded for one server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dialect {
    /// The field for the most tokens an answer may have.
    pub token_cap: &'static str,
    /// Whether usage has to be asked for in a stream. Those that send it anyway may not know the field.
    pub asks_for_usage: bool,
    pub structure: Structure,
    pub effort: Effort,
}

/// How a server is held to JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Structure {
    /// It takes a JSON schema.
    Schema,
    /// It promises JSON, of whatever shape.
    Object,
    /// It cannot be: the prompt has to do.
    None,
}

/// How much a model is to think. Thinking counts against the most tokens of an answer, so short
/// answers need it short.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effort {
    Off,
    Low,
    Unsaid,
}

const OLD_CAP: &str = "max_tokens";
const NEW_CAP: &str = "max_completion_tokens";

impl Dialect {
    /// The dialect of the server at a base URL and of a model; of one that is not known, the most
    /// common one.
    pub fn of(protocol: Protocol, base_url: &str, model: &str) -> Dialect {
        let common = Dialect {
            token_cap: OLD_CAP,
            asks_for_usage: true,
            structure: Structure::Schema,
            effort: Effort::Unsaid,
        };
        match protocol {
            Protocol::ChatCompletions => match host(base_url).as_str() {
                "api.openai.com" => Dialect { token_cap: NEW_CAP, effort: thinking(model), ..common },
                "api.groq.com" => Dialect { token_cap: NEW_CAP, ..common },
                "api.mistral.ai" | "openrouter.ai" => Dialect { asks_for_usage: false, ..common },
                "api.deepseek.com" => Dialect { structure: Structure::Object, ..common },
                _ => common,
            },
            Protocol::Messages | Protocol::OllamaChat => Dialect { effort: Effort::Off, ..common },
            // The second generation counts its thinking in tokens and has no levels.
            Protocol::GenerateContent if model.contains("gemini-2") => common,
            Protocol::GenerateContent => Dialect { effort: Effort::Low, ..common },
        }
    }

    /// Another wording after a 400 or 422 that names a field of ours, and the field. None where it
    /// names none.
    pub fn reworded(self, message: &str) -> Option<(Dialect, &'static str)> {
        let says = |words: &[&str]| words.iter().any(|word| message.contains(word));
        let (structure, effort) = (Structure::None, Effort::Unsaid);
        if says(&[
            "response_format",
            "json_schema",
            "responseJsonSchema",
            "responseMimeType",
            "output_config.format",
        ]) && self.structure != structure
        {
            return Some((Dialect { structure, ..self }, "a JSON schema"));
        }
        if says(&["stream_options"]) && self.asks_for_usage {
            return Some((Dialect { asks_for_usage: false, ..self }, "stream_options"));
        }
        if says(&["reasoning_effort", "thinking", "effort"]) && self.effort != effort {
            // A model that always thinks may still be asked to think little.
            let effort = if self.effort == Effort::Off { Effort::Low } else { effort };
            return Some((Dialect { effort, ..self }, "a setting for thinking"));
        }
        if message.contains(self.token_cap) && says(&["nsupported", "nknown", "nrecognized", NEW_CAP]) {
            let (token_cap, dropped) =
                if self.token_cap == OLD_CAP { (NEW_CAP, OLD_CAP) } else { (OLD_CAP, NEW_CAP) };
            return Some((Dialect { token_cap, ..self }, dropped));
        }
        None
    }
}

/// Models of these families think before they answer.
fn thinking(model: &str) -> Effort {
    let thinks = ["gpt-5", "gpt-6", "o3", "o4"].iter().any(|family| model.trim().starts_with(family));
    if thinks { Effort::Low } else { Effort::Unsaid }
}
