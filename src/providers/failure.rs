//! What an error of a provider means: its status and body become the `CallError` that says what
//! happens next.
//!
//! Sources: the error pages of the OpenAI, Anthropic, Gemini, Groq, OpenRouter and Together APIs.
//! They all put an object or a string under `error`, and FastAPI servers one under `detail`.

use serde_json::Value;

use super::transport::Head;
use super::wait::asked_wait;
use crate::engine::call::{CallError, Wait};
use crate::json;

/// Reads a reply whose status is not a success.
pub fn from_reply(head: &Head, body: &str) -> CallError {
    let wait = asked_wait(head, body);
    let should_retry = match head.header("x-should-retry").map(str::trim) {
        Some("true") => Some(true),
        Some("false") => Some(false),
        _ => None,
    };
    classify(head.status, Said::in_body(head.status, body), wait, should_retry)
}

/// Reads an error that came within a successful reply, as the JSON of its body or of one event. It
/// counts as the status it names, or as 500 where it names none.
pub fn within_reply(head: &Head, json: &str) -> CallError {
    let said = Said::in_body(500, json);
    let status = said.status.unwrap_or_else(|| said.implied_status());
    classify(status, said, asked_wait(head, json), None)
}

/// Whether the same attempt would be made again.
pub fn is_retried(error: &CallError) -> bool {
    matches!(
        error,
        CallError::Refused { .. }
            | CallError::Server { .. }
            | CallError::Unreachable { .. }
            | CallError::TimedOut { .. }
    )
}

/// The start of a text that may be a whole web page.
pub fn excerpt(text: &str) -> String {
    text.trim().chars().take(300).collect()
}

fn classify(status: u16, said: Said, wait: Wait, should_retry: Option<bool>) -> CallError {
    let refusal = status == 429 || (status == 503 && wait != Wait::Unsaid);
    let transient = matches!(status, 408 | 409 | CAPACITY_EXCEEDED | 500..);
    let unpaid = said.is_unpaid(status);
    let unauthorized = said.is_unauthorized(status);
    let message = said.message;
    match should_retry {
        Some(true) if refusal => return CallError::Refused { status, wait, message },
        Some(true) => return CallError::Server { status, message },
        Some(false) if status == 429 => return CallError::OutOfQuota { status, message },
        Some(false) if refusal || transient => return CallError::Rejected { status, message },
        _ => {}
    }
    match status {
        _ if unpaid => CallError::OutOfQuota { status, message },
        _ if unauthorized => CallError::Unauthorized { status, message },
        _ if refusal => CallError::Refused { status, wait, message },
        _ if transient => CallError::Server { status, message },
        400..500 => CallError::Rejected { status, message },
        _ => CallError::Malformed { message },
    }
}

/// Groq's flexible tier is full for now.
const CAPACITY_EXCEEDED: u16 = 498;

/// What an error says, wherever in its body.
struct Said {
    message: String,
    /// Every code, type and reason in it, in lower case.
    codes: Vec<String>,
    /// The status it names itself.
    status: Option<u16>,
}

impl Said {
    fn in_body(status: u16, body: &str) -> Said {
        let parsed = json::read(body).unwrap_or(Value::Null);
        let mut codes = Vec::new();
        collect_codes(&parsed, &mut codes);
        let message = sentence(&parsed).unwrap_or_else(|| match excerpt(body) {
            empty if empty.is_empty() => format!("the server answered with status {status} and no reason"),
            text => text,
        });
        let status = codes.iter().find_map(|code| code.parse().ok().filter(|n| (400..600).contains(n)));
        Said { message, codes, status }
    }

    fn names(&self, known: &[&str]) -> bool {
        self.codes.iter().any(|code| known.contains(&code.as_str()))
    }

    fn mentions(&self, phrases: &[&str]) -> bool {
        let message = self.message.to_ascii_lowercase();
        phrases.iter().any(|phrase| message.contains(phrase))
    }

    /// Waiting does not help: the money or the day's quota is used up.
    fn is_unpaid(&self, status: u16) -> bool {
        const CODES: [&str; 9] = [
            "insufficient_quota",
            "credit_balance_exhausted",
            "billing_hard_limit_reached",
            "billing_error",
            "payment_required",
            "insufficient_balance",
            "enforced_spend_limit_reached",
            "ramp_limit_exceeded",
            "contract_spend_limit_reached",
        ];
        const PHRASES: [&str; 4] =
            ["spend limit", "spending limit", "credit balance", "insufficient balance"];
        let per_day = || self.codes.iter().any(|code| code.contains("perday"));
        match status {
            402 => true,
            400 | 403 | 429 => self.names(&CODES) || self.mentions(&PHRASES) || per_day(),
            _ => false,
        }
    }

    fn is_unauthorized(&self, status: u16) -> bool {
        const CODES: [&str; 3] = ["invalid_api_key", "api_key_invalid", "authentication_error"];
        // A 403 is about the key unless it is about the text or the place.
        const OTHER_REASONS: [&str; 8] =
            ["context", "max_tokens", "too long", "maximum", "moderation", "flagged", "country", "region"];
        match status {
            401 => true,
            403 => !self.mentions(&OTHER_REASONS),
            400 => self.names(&CODES),
            _ => false,
        }
    }

    /// The status that goes with the error's type.
    fn implied_status(&self) -> u16 {
        const STATUSES: [(u16, &[&str]); 7] = [
            (529, &["overloaded_error"]),
            (429, &["rate_limit_exceeded", "rate_limit_error", "resource_exhausted", "insufficient_quota"]),
            (
                400,
                &["invalid_request_error", "context_length_exceeded", "badrequesterror", "invalid_argument"],
            ),
            (401, &["authentication_error", "invalid_api_key", "unauthenticated"]),
            (402, &["payment_required", "billing_error"]),
            (403, &["permission_error", "permission_denied"]),
            (404, &["not_found_error", "model_not_found"]),
        ];
        let named = STATUSES.iter().find(|(_, codes)| self.names(codes));
        named.map_or(500, |(status, _)| *status)
    }
}

/// The words meant for a person: a string, the message in an object, those of all in a list.
fn sentence(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(excerpt(text)).filter(|text| !text.is_empty()),
        Value::Array(values) => {
            let sentences: Vec<String> = values.iter().filter_map(sentence).collect();
            Some(sentences.join("; ")).filter(|text| !text.is_empty())
        }
        Value::Object(fields) => {
            let said = ["error", "message", "detail", "msg"]
                .iter()
                .find_map(|name| fields.get(*name).and_then(sentence))?;
            // Servers name the field that they do not take in a place of its own.
            let last = fields.get("loc").and_then(Value::as_array).and_then(|path| path.last());
            let field = fields.get("param").or(last).and_then(Value::as_str);
            let said = match field.filter(|field| *field != "body" && !said.contains(field)) {
                Some(field) => format!("{said} ({field})"),
                None => said,
            };
            // A router says "Provider returned error" and passes on the provider's words beside it.
            match fields.get("metadata").and_then(|metadata| metadata.get("raw")).and_then(sentence) {
                Some(raw) => Some(format!("{said}: {raw}")),
                None => Some(said),
            }
        }
        _ => None,
    }
}

fn collect_codes(value: &Value, codes: &mut Vec<String>) {
    match value {
        Value::Array(values) => values.iter().for_each(|value| collect_codes(value, codes)),
        Value::Object(fields) => {
            for (name, value) in fields {
                match (name.as_str(), value) {
                    (
                        "code" | "status_code" | "type" | "status" | "error_type" | "reason" | "quotaId",
                        Value::String(code),
                    ) => codes.push(code.to_ascii_lowercase()),
                    ("code" | "status_code", Value::Number(code)) => codes.push(code.to_string()),
                    _ => collect_codes(value, codes),
                }
            }
        }
        _ => {}
    }
}
