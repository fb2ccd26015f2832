//! A model behind a server.

use std::rc::Rc;
use std::sync::Arc;

use futures::StreamExt;
use futures::future::LocalBoxFuture;

use super::answer::read_answer;
use super::completion::{Brought, Completion, Counts};
use super::dialect::Dialect;
use super::endpoint::{Endpoint, Target, worded};
use super::failure;
use super::protocol::Protocol;
use super::reader::{StreamReader, read_whole};
use super::transport::{
    Body, HttpReply, MOST_OF_ERROR, MOST_OF_REPLY, TOO_LONG, Transport, TransportError, gather,
};
use super::veil::Veil;
use crate::engine::call::{
    Answer, Attempt, CallError, Certainty, Model, Prompt, Reply, Request, Usage, estimate_tokens,
};
use crate::engine::run::report::Report;

pub struct Remote {
    endpoint: Rc<Endpoint>,
    transport: Rc<dyn Transport>,
}

impl Remote {
    pub fn new(target: Target, transport: Rc<dyn Transport>) -> Remote {
        Remote { endpoint: Rc::new(Endpoint::new(target)), transport }
    }

    /// What the server turned out not to take, in words: it was left out, and what had been asked
    /// with it was asked once more.
    pub fn dropped(&self) -> Vec<&'static str> {
        self.endpoint.dropped()
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
        let dialect = exchange.endpoint.dialect();
        let sent = exchange.post(dialect);
        Attempt::Awaited(Box::pin(async move {
            let endpoint = exchange.endpoint.clone();
            exchange.answer(dialect, sent).await.map(Arc::new).map_err(|mut error| {
                // Once more than in the bytes: there it may stand in other signs, as JSON allows.
                if let Some(text) = text_of(&mut error) {
                    *text = endpoint.without_key(text);
                }
                Box::new(error)
            })
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

/// As many as there are fields that a server may not take.
const MAX_REWORDINGS: u32 = 4;

impl Exchange {
    async fn answer(self, mut dialect: Dialect, mut sent: Sent) -> Result<Reply, CallError> {
        let mut n_rewordings = 0;
        loop {
            let sent_now = sent.await;
            if let Ok(HttpReply { head, .. }) = &sent_now {
                let head = format!("{}\n{}", head.status, head.readable);
                self.report.head(self.endpoint.without_key(&head));
            }
            let error = match sent_now {
                Ok(reply) if reply.head.is_success() => return self.read(reply).await,
                Ok(HttpReply { head, body }) => {
                    // Half of an error still says more than none.
                    let (text, _) = gather(body, MOST_OF_ERROR).await;
                    failure::from_reply(&head, &self.endpoint.without_key(&text))
                }
                Err(error) => broken_off(error),
            };
            match self.endpoint.reworded(dialect, &error) {
                Some(reworded) if n_rewordings < MAX_REWORDINGS => {
                    n_rewordings += 1;
                    dialect = reworded;
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
        let mut completion =
            read(self.endpoint.protocol(), reply, &self.report, &*self.transport, self.endpoint.veil())
                .await?;
        if completion.text.len() > MOST_OF_ANSWER {
            return Err(too_long());
        }
        completion.text = self.endpoint.without_key(&completion.text);
        Ok(to_reply(&self.request, completion))
    }
}

/// In bytes: twice what the most talkative models write.
const MOST_OF_ANSWER: usize = 1_000_000;

fn too_long() -> CallError {
    CallError::Malformed { message: TOO_LONG.to_string() }
}

/// What an error holds of what the server said.
fn text_of(error: &mut CallError) -> Option<&mut String> {
    match error {
        CallError::Refused { message, .. }
        | CallError::Server { message, .. }
        | CallError::Unreachable { message }
        | CallError::Unauthorized { message, .. }
        | CallError::OutOfQuota { message, .. }
        | CallError::Rejected { message, .. }
        | CallError::Malformed { message } => Some(message),
        CallError::Truncated { partial } | CallError::Stalled { partial, .. } => Some(partial),
        CallError::TimedOut { .. } => None,
    }
}

/// What the server sends decides how it is read, not what it was asked for.
async fn read(
    protocol: Protocol,
    reply: HttpReply,
    report: &Report,
    transport: &dyn Transport,
    veil: Veil,
) -> Result<Completion, CallError> {
    let HttpReply { head, body } = reply;
    if head.framing().is_some() {
        return read_stream(StreamReader::new(protocol, head), body, report, transport, veil).await;
    }
    match gather(body, MOST_OF_REPLY).await {
        (text, None) => read_whole(protocol, &head, &text),
        (_, Some(error)) => Err(broken_off(error)),
    }
}

async fn read_stream(
    mut reader: StreamReader,
    mut body: Body,
    report: &Report,
    transport: &dyn Transport,
    mut veil: Veil,
) -> Result<Completion, CallError> {
    let (mut n_bytes, mut n_since_text) = (0, 0);
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
        let mut brought = Brought::default();
        let result = reader.push(&bytes, &mut brought);
        n_bytes += brought.text.len();
        n_since_text = if brought.text.is_empty() { n_since_text + bytes.len() } else { 0 };
        match brought.thinking || !brought.text.is_empty() {
            true => report.text(&veil.pass(&brought.text)),
            false => report.alive(),
        }
        result?;
        if n_bytes > MOST_OF_ANSWER || n_since_text > MOST_OF_REPLY {
            return Err(too_long());
        }
    }
    let said_to_be_over = reader.is_over();
    let whole = reader.finish()?;
    if said_to_be_over {
        transport.let_end(body).await;
    }
    Ok(whole)
}

/// Nothing of the answer arrived.
fn broken_off(error: TransportError) -> CallError {
    match error {
        TransportError::NotSent { message } => CallError::Rejected { status: 0, message },
        TransportError::Unreachable { message } | TransportError::Interrupted { message } => {
            CallError::Unreachable { message }
        }
        TransportError::TooLong { message } => CallError::Malformed { message },
    }
}

fn to_reply(request: &Request, completion: Completion) -> Reply {
    let Completion { text, is_refusal, counts } = completion;
    let Counts { input, cached, cache_write, output, reasoning, cost_nano_usd } = counts;
    let known = Usage {
        input_tokens: input.unwrap_or_default(),
        cached_tokens: cached,
        cache_write_tokens: cache_write,
        output_tokens: output.unwrap_or_default(),
        reasoning_tokens: reasoning,
        cost_nano_usd,
        certainty: Certainty::Known,
    };
    let usage = match (input, output) {
        (Some(_), Some(_)) => known,
        _ => {
            let Prompt { system, user } = worded(request);
            Usage {
                input_tokens: input
                    .unwrap_or_else(|| estimate_tokens(&system).saturating_add(estimate_tokens(&user))),
                output_tokens: output.unwrap_or_else(|| estimate_tokens(&text)),
                certainty: Certainty::Estimated,
                ..known
            }
        }
    };
    let answer = match is_refusal {
        true => Answer::Text(text.clone()),
        false => read_answer(&request.task, &text),
    };
    Reply { answer, text, usage }
}
