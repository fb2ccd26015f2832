//! Where a model is, and how requests to it are worded.

use std::cell::{Cell, RefCell};

use super::dialect::Dialect;
use super::key::ApiKey;
use super::protocol::{Asked, Protocol};
use super::shape::instruction;
use super::transport::{HttpRequest, Method};
use super::veil::Veil;
use crate::engine::call::{CallError, Prompt, Request, Task};
use crate::engine::draw::DrawKey;

/// Which model is called, where and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    pub protocol: Protocol,
    /// With or without a slash at its end, or the whole address of the endpoint.
    pub base_url: String,
    pub model: String,
    /// Without one there is no header for it.
    pub api_key: Option<ApiKey>,
    /// Whether the answer comes as it is written.
    pub streaming: bool,
}

pub(super) struct Endpoint {
    target: Target,
    /// As far as it is known by now.
    dialect: Cell<Dialect>,
    /// What the server turned out not to take.
    dropped: RefCell<Vec<&'static str>>,
}

impl Endpoint {
    pub(super) fn new(target: Target) -> Self {
        let dialect = Dialect::of(target.protocol, &target.base_url, &target.model);
        Endpoint { target, dialect: Cell::new(dialect), dropped: RefCell::default() }
    }

    pub(super) fn protocol(&self) -> Protocol {
        self.target.protocol
    }

    pub(super) fn dialect(&self) -> Dialect {
        self.dialect.get()
    }

    pub(super) fn dropped(&self) -> Vec<&'static str> {
        self.dropped.borrow().clone()
    }

    pub(super) fn http_request(&self, request: &Request, dialect: Dialect) -> HttpRequest {
        let Target { protocol, base_url, model, api_key, streaming } = &self.target;
        let url = protocol.url(base_url, model, *streaming);
        let mut headers = vec![("content-type".to_string(), "application/json".to_string())];
        headers.extend(protocol.headers(&url, api_key.as_ref()));
        let asked = Asked {
            model,
            prompt: &worded(request),
            task: &request.task,
            max_tokens: request.max_tokens,
            streaming: *streaming,
        };
        HttpRequest { method: Method::Post, url, headers, body: protocol.encode(asked, dialect) }
    }

    /// Another wording for a server that does not take one of our optional fields, from now on.
    pub(super) fn reworded(&self, dialect: Dialect, error: &CallError) -> Option<Dialect> {
        let (reworded, dropped) = match error {
            CallError::Rejected { status: 400 | 422, message } => dialect.reworded(message)?,
            _ => return None,
        };
        self.dialect.set(reworded);
        let mut known = self.dropped.borrow_mut();
        if !known.contains(&dropped) {
            known.push(dropped);
        }
        Some(reworded)
    }

    /// For answers as they come.
    pub(super) fn veil(&self) -> Veil {
        Veil::over(self.target.api_key.clone())
    }

    /// What is shown and saved has no key in it, and some servers repeat it.
    pub(super) fn without_key(&self, text: &str) -> String {
        match &self.target.api_key {
            Some(key) => key.hidden_in(text),
            None => text.to_string(),
        }
    }
}

/// The request as it goes to a target first.
pub fn asked(target: &Target, request: &Request) -> HttpRequest {
    let endpoint = Endpoint::new(target.clone());
    endpoint.http_request(request, endpoint.dialect())
}

/// A request as short as one can be, to try an endpoint with.
pub fn sample(target: &Target) -> HttpRequest {
    let prompt =
        Prompt { system: String::new(), user: "Summarise: parallel calls finish sooner.".to_string() };
    let request = Request {
        draws: DrawKey { seed: 0, item: 0, call: 0 },
        prompt,
        task: Task::Summary { document: "".into() },
        input_tokens: 0,
        max_tokens: 200,
    };
    asked(target, &request)
}

/// The prompt with the sentence that asks for the task's shape.
pub(super) fn worded(request: &Request) -> Prompt {
    let mut prompt = request.prompt.clone();
    if !prompt.system.is_empty() {
        prompt.system.push_str("\n\n");
    }
    prompt.system.push_str(&instruction(&request.task));
    prompt
}
