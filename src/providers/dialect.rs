//! What the servers that speak chat completions want differently.
//!
//! Source: the providers' API references of November 2026.

/// How a request has to be worded for one server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dialect {
    /// The field for the most tokens an answer may have.
    pub token_cap: &'static str,
    /// Whether usage has to be asked for in a stream. Those that send it anyway may not know the field.
    pub asks_for_usage: bool,
    pub structure: Structure,
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

const OLD_CAP: &str = "max_tokens";
const NEW_CAP: &str = "max_completion_tokens";

impl Dialect {
    /// The dialect of the server at a base URL; of one that is not known, the most common one.
    pub fn of(base_url: &str) -> Dialect {
        let common = Dialect { token_cap: OLD_CAP, asks_for_usage: true, structure: Structure::Schema };
        match host(base_url) {
            "api.openai.com" | "api.groq.com" => Dialect { token_cap: NEW_CAP, ..common },
            "api.mistral.ai" => Dialect { asks_for_usage: false, ..common },
            "api.deepseek.com" => Dialect { structure: Structure::Object, ..common },
            _ => common,
        }
    }

    /// Another wording after a 400 or 422 that names a field of ours. None where it names none.
    pub fn reworded(self, message: &str) -> Option<Dialect> {
        if message.contains("response_format") || message.contains("json_schema") {
            let structure = Structure::None;
            return (self.structure != structure).then_some(Dialect { structure, ..self });
        }
        if message.contains("stream_options") {
            return self.asks_for_usage.then_some(Dialect { asks_for_usage: false, ..self });
        }
        if message.contains(self.token_cap) {
            let token_cap = if self.token_cap == OLD_CAP { NEW_CAP } else { OLD_CAP };
            return Some(Dialect { token_cap, ..self });
        }
        None
    }
}

fn host(base_url: &str) -> &str {
    let after_scheme = base_url.trim().split_once("://").map_or(base_url, |(_, rest)| rest);
    let end = after_scheme.find(['/', ':', '?', '#']).unwrap_or(after_scheme.len());
    after_scheme.split_at(end).0
}
