//! Chat completions, the protocol that OpenAI began and most servers speak: request out, reply in.
//!
//! Source: <https://platform.openai.com/docs/api-reference/chat>, and what other servers send in
//! its name: every field may be missing or null.

use serde_json::Value;

use super::dialect::{Dialect, Structure};
use super::failure::{excerpt, is_retried, within_reply};
use super::shape::schema;
use super::sse::{Event, Parser};
use super::transport::Head;
use crate::engine::call::{CallError, Prompt, Task};
use crate::json::{self, object};

/// The body of a request.
pub fn encode(
    model: &str,
    prompt: &Prompt,
    task: &Task,
    max_tokens: u32,
    streaming: bool,
    dialect: Dialect,
) -> String {
    let message =
        |role: &str, content: &str| object(vec![("role", role.into()), ("content", content.into())]);
    let messages = vec![message("system", &prompt.system), message("user", &prompt.user)];
    let mut body = vec![
        ("model", model.into()),
        ("messages", messages.into()),
        (dialect.token_cap, max_tokens.into()),
        ("stream", streaming.into()),
    ];
    if streaming && dialect.asks_for_usage {
        body.push(("stream_options", object(vec![("include_usage", true.into())])));
    }
    match dialect.structure {
        Structure::Schema => {
            let (name, schema) = schema(task);
            let json_schema =
                object(vec![("name", name.into()), ("strict", true.into()), ("schema", schema)]);
            let format = vec![("type", "json_schema".into()), ("json_schema", json_schema)];
            body.push(("response_format", object(format)));
        }
        Structure::Object => {
            body.push(("response_format", object(vec![("type", "json_object".into())])));
        }
        Structure::None => {}
    }
    json::write(&object(body))
}

/// A reply that came to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completion {
    /// The answer, or the words in which the model refuses one.
    pub text: String,
    pub is_refusal: bool,
    /// Tokens as the server counts them; none where it does not say.
    pub input_tokens: Option<u32>,
    pub output_tokens: Option<u32>,
}

/// Reads a reply that came in one piece. A status of 200 does not mean that it is not an error.
pub fn read_whole(head: &Head, body: &str) -> Result<Completion, CallError> {
    let mut assembly = Assembly::default();
    // Blank lines before the JSON keep the connection open while a request is queued.
    assembly.add(head, body.trim())?;
    assembly.completion()
}

/// Reads a reply that comes as an event stream.
pub struct StreamReader {
    head: Head,
    parser: Parser,
    assembly: Assembly,
    is_over: bool,
}

impl StreamReader {
    pub fn new(head: Head) -> StreamReader {
        StreamReader { head, parser: Parser::default(), assembly: Assembly::default(), is_over: false }
    }

    /// Takes more of the body and adds the part of the answer it brings to `more`, also where an
    /// error follows it. An error after a part of the answer is never one that is tried again.
    pub fn push(&mut self, bytes: &[u8], more: &mut String) -> Result<(), CallError> {
        for event in self.parser.push(bytes) {
            more.push_str(&self.take(&event)?);
        }
        Ok(())
    }

    /// The server said that nothing more comes.
    pub fn is_over(&self) -> bool {
        self.is_over
    }

    /// The body is over. Without a finish reason the answer is not, and what had arrived comes back
    /// as `CallError::Truncated`.
    pub fn finish(mut self) -> Result<Completion, CallError> {
        if let Some(event) = std::mem::take(&mut self.parser).finish() {
            match self.take(&event) {
                // An event cut in two says nothing, and is no fault of the server's protocol.
                Ok(_) | Err(CallError::Malformed { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        match self.assembly.finish_reason {
            Some(_) => self.assembly.completion(),
            None => Err(CallError::Truncated { partial: self.assembly.text }),
        }
    }

    fn take(&mut self, event: &Event) -> Result<String, CallError> {
        let data = event.data.trim();
        if self.is_over || data.is_empty() {
            return Ok(String::new());
        }
        if data == "[DONE]" {
            self.is_over = true;
            return Ok(String::new());
        }
        let added = match event.name.as_str() {
            "error" => Err(within_reply(&self.head, data)),
            _ => self.assembly.add(&self.head, data),
        };
        added.map_err(|error| match is_retried(&error) && !self.assembly.text.is_empty() {
            true => CallError::Truncated { partial: std::mem::take(&mut self.assembly.text) },
            false => error,
        })
    }
}

/// DeepSeek's finish reason for an answer it could not finish.
const BROKEN_OFF: &str = "insufficient_system_resource";

/// What has come of a reply so far.
#[derive(Default)]
struct Assembly {
    text: String,
    refusal: String,
    finish_reason: Option<String>,
    input_tokens: Option<u32>,
    output_tokens: Option<u32>,
}

impl Assembly {
    /// Adds a whole reply or one chunk of a stream, and gives the part of the answer in it.
    fn add(&mut self, head: &Head, text: &str) -> Result<String, CallError> {
        let Some(value) = json::read(text) else {
            return Err(CallError::Malformed {
                message: format!("the reply is not JSON: {}", excerpt(text)),
            });
        };
        let error = value.get("error").is_some_and(|error| !error.is_null());
        if error || value.get("object").and_then(Value::as_str) == Some("error") {
            return Err(within_reply(head, text));
        }
        let usage = value.get("usage").filter(|usage| usage.is_object());
        if let Some(usage) = usage.or_else(|| value.pointer("/x_groq/usage")) {
            // The last numbers count: some servers send a running total with every chunk.
            self.input_tokens = tokens(usage, "prompt_tokens").or(self.input_tokens);
            self.output_tokens = tokens(usage, "completion_tokens").or(self.output_tokens);
        }
        let Some(choice) = value.pointer("/choices/0") else { return Ok(String::new()) };
        if let Some(reason) = choice.get("finish_reason").and_then(Value::as_str) {
            self.finish_reason = Some(reason.to_string());
        }
        let Some(message) = choice.get("delta").or_else(|| choice.get("message")) else {
            return Ok(String::new());
        };
        if let Some(refusal) = message.get("refusal").and_then(Value::as_str) {
            self.refusal.push_str(refusal);
        }
        let more = message.get("content").map(content_text).unwrap_or_default();
        self.text.push_str(&more);
        Ok(more)
    }

    fn completion(self) -> Result<Completion, CallError> {
        let reason = self.finish_reason.as_deref();
        if let Some(BROKEN_OFF | "error") = reason {
            return Err(CallError::Truncated { partial: self.text });
        }
        let is_refusal = self.text.trim().is_empty();
        let text = if is_refusal { self.refusal } else { self.text };
        if text.trim().is_empty() {
            let message = match reason {
                Some("length") => "the token limit was reached before the answer began".to_string(),
                Some(reason) => format!("the reply holds no text (finish reason: {reason})"),
                None => "the reply holds no text".to_string(),
            };
            return Err(CallError::Malformed { message });
        }
        let Assembly { input_tokens, output_tokens, .. } = self;
        Ok(Completion { text, is_refusal, input_tokens, output_tokens })
    }
}

/// A text, or the text parts of a list; its other parts are thinking.
fn content_text(content: &Value) -> String {
    match content {
        Value::String(text) => text.clone(),
        Value::Array(parts) => {
            parts.iter().filter_map(|part| part.get("text").unwrap_or(part).as_str()).collect()
        }
        _ => String::new(),
    }
}

fn tokens(usage: &Value, name: &str) -> Option<u32> {
    u32::try_from(usage.get(name)?.as_u64()?).ok()
}
