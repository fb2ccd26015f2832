//! A model behind a server that speaks chat completions.

use std::cell::Cell;
use std::rc::Rc;
use std::sync::Arc;

use futures::StreamExt;
use futures::future::LocalBoxFuture;

use super::answer::read_answer;
use super::dialect::Dialect;
use super::failure;
use super::key::ApiKey;
use super::openai::{Completion, StreamReader, encode, read_whole};
use super::shape::instruction;
use super::transport::{Body, Head, HttpReply, HttpRequest, Transport, TransportError};
use crate::engine::call::{
    Answer, Attempt, CallError, Certainty, Model, Prompt, Reply, Request, Usage, estimate_tokens,
};
use crate::engine::run::report::Report;

/// Which model is called, where and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// With or without a slash at its end, or the whole address of the endpoint.
    pub base_url: String,
    pub model: String,
    /// Sent as a bearer token; without one there is no `Authorization` header.
    pub api_key: Option<ApiKey>,
    /// Whether the answer comes as it is written.
    pub streaming: bool,
}

pub struct Remote {
    endpoint: Rc<Endpoint>,
    transport: Rc<dyn Transport>,
}

impl Remote {
    pub fn new(settings: Settings, transport: Rc<dyn Transport>) -> Remote {
        let dialect = Cell::new(Dialect::of(&settings.base_url));
        Remote { endpoint: Rc::new(Endpoint { settings, dialect }), transport }
    }
}

impl Model for Remote {
    /// A server that does not take one of our optional fields is asked again without it within the
    /// same attempt, and is asked that way from then on.
    fn send(&self, request: &Arc<Request>, _attempt: u32, report: Report) -> Attempt {
        let exchange = Exchange {
            endpoint: self.endpoint.clone(),
            transport: self.transport.clone(),
            request: request.clone(),
            report,
        };
        // The request is on its way before anybody polls.
        let dialect = exchange.endpoint.dialect.get();
        let sent = exchange.post(dialect);
        Attempt::Awaited(Box::pin(async move {
            exchange.answer(dialect, sent).await.map(Arc::new).map_err(Box::new)
        }))
    }
}

/// One request and what comes of it.
struct Exchange {
    endpoint: Rc<Endpoint>,
    transport: Rc<dyn Transport>,
    request: Arc<Request>,
    report: Report,
}

type Sent = LocalBoxFuture<'static, Result<HttpReply, TransportError>>;

/// There are three fields that a server may not take.
const MAX_REWORDINGS: u32 = 3;

impl Exchange {
    async fn answer(self, mut dialect: Dialect, mut sent: Sent) -> Result<Reply, CallError> {
        let mut n_rewordings = 0;
        loop {
            let error = match sent.await {
                Ok(reply) if reply.head.is_success() => return self.read(reply).await,
                Ok(HttpReply { head, body }) => {
                    // Half of an error still says more than none.
                    let (text, _) = gather(body).await;
                    failure::from_reply(&head, &self.endpoint.without_key(&text))
                }
                Err(error) => broken_off(error),
            };
            match reworded(dialect, &error) {
                Some(reworded) if n_rewordings < MAX_REWORDINGS => {
                    n_rewordings += 1;
                    dialect = reworded;
                    self.endpoint.dialect.set(dialect);
                    sent = self.post(dialect);
                }
                _ => return Err(error),
            }
        }
    }

    fn post(&self, dialect: Dialect) -> Sent {
        self.transport.send(self.endpoint.http_request(&self.request, dialect))
    }

    async fn read(&self, reply: HttpReply) -> Result<Reply, CallError> {
        match read(reply, &self.report).await {
            Ok(completion) => Ok(to_reply(&self.request, completion)),
            Err(mut error) => {
                if let Some(message) = message_of(&mut error) {
                    *message = self.endpoint.without_key(message);
                }
                Err(error)
            }
        }
    }
}

fn reworded(dialect: Dialect, error: &CallError) -> Option<Dialect> {
    match error {
        CallError::Rejected { status: 400 | 422, message } => dialect.reworded(message),
        _ => None,
    }
}

struct Endpoint {
    settings: Settings,
    /// As far as it is known by now.
    dialect: Cell<Dialect>,
}

impl Endpoint {
    fn http_request(&self, request: &Request, dialect: Dialect) -> HttpRequest {
        let Settings { base_url, model, api_key, streaming } = &self.settings;
        // No other headers: several servers refuse a preflight that names one they do not know.
        let mut headers = vec![("content-type".to_string(), "application/json".to_string())];
        headers.extend(api_key.iter().map(|key| ("authorization".to_string(), key.bearer())));
        let prompt = worded(request);
        let body = encode(model, &prompt, &request.task, request.max_tokens, *streaming, dialect);
        HttpRequest { url: completions_url(base_url), headers, body }
    }

    /// Errors are shown and saved, and some servers repeat the key in theirs.
    fn without_key(&self, text: &str) -> String {
        match &self.settings.api_key {
            Some(key) => key.hidden_in(text),
            None => text.to_string(),
        }
    }
}

fn message_of(error: &mut CallError) -> Option<&mut String> {
    match error {
        CallError::Refused { message, .. }
        | CallError::Server { message, .. }
        | CallError::Unreachable { message }
        | CallError::Unauthorized { message, .. }
        | CallError::OutOfQuota { message, .. }
        | CallError::Rejected { message, .. }
        | CallError::Malformed { message } => Some(message),
        CallError::TimedOut { .. } | CallError::Truncated { .. } | CallError::Stalled { .. } => None,
    }
}

/// The address that chat completions are posted to.
pub fn completions_url(base_url: &str) -> String {
    const PATH: &str = "/chat/completions";
    let base = base_url.trim();
    let (path, query) = base.split_at(base.find('?').unwrap_or(base.len()));
    let path = path.trim_end_matches('/');
    let path = path.strip_suffix(PATH).unwrap_or(path);
    format!("{path}{PATH}{query}")
}

/// The prompt with the sentence that asks for the task's shape.
fn worded(request: &Request) -> Prompt {
    let mut prompt = request.prompt.clone();
    if !prompt.system.is_empty() {
        prompt.system.push_str("\n\n");
    }
    prompt.system.push_str(&instruction(&request.task));
    prompt
}

/// What the server sends decides how it is read, not what it was asked for.
async fn read(reply: HttpReply, report: &Report) -> Result<Completion, CallError> {
    let HttpReply { head, body } = reply;
    if head.is_event_stream() {
        return read_stream(head, body, report).await;
    }
    match gather(body).await {
        (text, None) => read_whole(&head, &text),
        (_, Some(error)) => Err(broken_off(error)),
    }
}

async fn read_stream(head: Head, mut body: Body, report: &Report) -> Result<Completion, CallError> {
    let mut reader = StreamReader::new(head);
    while !reader.is_over()
        && let Some(chunk) = body.next().await
    {
        let bytes = match chunk {
            Ok(bytes) => bytes,
            // Only the answer counts: it may be complete, or there may be nothing of it to keep.
            Err(error) => {
                return reader.finish().map_err(|cut| match cut {
                    CallError::Truncated { partial } if partial.is_empty() => broken_off(error),
                    cut => cut,
                });
            }
        };
        let mut more = String::new();
        let result = reader.push(&bytes, &mut more);
        if !more.is_empty() {
            report.text(&more);
        }
        result?;
    }
    reader.finish()
}

/// All of a body as text, and the error that cut it short.
async fn gather(mut body: Body) -> (String, Option<TransportError>) {
    let mut bytes = Vec::new();
    let mut cut = None;
    while let Some(chunk) = body.next().await {
        match chunk {
            Ok(more) => bytes.extend(more),
            Err(error) => {
                cut = Some(error);
                break;
            }
        }
    }
    (String::from_utf8_lossy(&bytes).into_owned(), cut)
}

/// Nothing of the answer arrived.
fn broken_off(error: TransportError) -> CallError {
    match error {
        TransportError::NotSent { message } => CallError::Rejected { status: 0, message },
        TransportError::Unreachable { message } | TransportError::Interrupted { message } => {
            CallError::Unreachable { message }
        }
    }
}

fn to_reply(request: &Request, completion: Completion) -> Reply {
    let Completion { text, is_refusal, input_tokens, output_tokens } = completion;
    let usage = match (input_tokens, output_tokens) {
        (Some(input_tokens), Some(output_tokens)) => {
            Usage { input_tokens, output_tokens, certainty: Certainty::Known }
        }
        _ => {
            let Prompt { system, user } = worded(request);
            Usage {
                input_tokens: input_tokens
                    .unwrap_or_else(|| estimate_tokens(&system).saturating_add(estimate_tokens(&user))),
                output_tokens: output_tokens.unwrap_or_else(|| estimate_tokens(&text)),
                certainty: Certainty::Estimated,
            }
        }
    };
    let answer = match is_refusal {
        true => Answer::Text(text.clone()),
        false => read_answer(&request.task, &text),
    };
    Reply { answer, text, usage }
}
