//! A call: what is asked, what comes back, who answers.

use std::sync::Arc;

use futures::future::LocalBoxFuture;

use super::draw::DrawKey;
use super::run::report::Report;

/// A call of a run: a dense index over all its arms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CallId(pub u32);

/// One unit of work, the same in every attempt.
#[derive(Clone, Debug)]
pub struct Request {
    pub draws: DrawKey,
    pub prompt: Prompt,
    pub task: Task,
    /// Tokens of the prompt, estimated before anything is sent.
    pub input_tokens: u32,
    /// The most tokens the answer may have; reserved until the real number is known.
    pub max_tokens: u32,
}

impl Request {
    /// What the limiter reserves for one attempt.
    pub fn reserved_tokens(&self) -> u32 {
        self.input_tokens.saturating_add(self.max_tokens)
    }
}

/// The words that are sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Prompt {
    pub system: String,
    pub user: String,
}

/// What is asked, as data: a simulated model answers from it, and it says which structure to expect.
#[derive(Clone, Debug, PartialEq)]
pub enum Task {
    /// Write one section of a topic; the brief says what it covers.
    Section { name: Arc<str>, brief: Arc<str> },
    /// Merge the sections that arrived.
    Synthesis { topic: Arc<str>, parts: Arc<[Part]> },
    /// Answer a question, with one of the options where there are any.
    Vote { options: Arc<[String]>, correct: Option<usize> },
    /// Summarise one document.
    Summary { document: Arc<str> },
    /// Combine summaries.
    Reduce { parts: Arc<[Part]> },
}

/// A worker's result as an aggregator gets it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    pub name: String,
    pub text: String,
}

/// What came back for a call.
#[derive(Clone, Debug, PartialEq)]
pub struct Reply {
    pub answer: Answer,
    /// The reply word for word.
    pub text: String,
    pub usage: Usage,
}

/// A reply in typed fields. What could not be read as structure is text, never dropped.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    Points { content: String, key_points: Vec<String> },
    Vote { answer: String, confidence: Option<f64>, reasoning: String },
    Summary { summary: String },
    Text(String),
}

impl Answer {
    /// The part an aggregator works on.
    pub fn main_text(&self) -> &str {
        match self {
            Answer::Points { content, .. } => content,
            Answer::Vote { answer, .. } => answer,
            Answer::Summary { summary } => summary,
            Answer::Text(text) => text,
        }
    }
}

/// Tokens of one attempt, and how sure they are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// All of the prompt, whether cached or not.
    pub input_tokens: u32,
    /// Of the input, what the provider had in its cache.
    pub cached_tokens: u32,
    /// Of the input, what it put into its cache.
    pub cache_write_tokens: u32,
    /// All of the answer and of the thinking before it.
    pub output_tokens: u32,
    /// Of the output, the thinking.
    pub reasoning_tokens: u32,
    /// What the server says it costs, in nano-USD; most do not say.
    pub cost_nano_usd: Option<u64>,
    pub certainty: Certainty,
}

/// Unknown is not zero: every figure says how it was come by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Certainty {
    #[default]
    Known,
    Estimated,
    Unknown,
}

/// Why an attempt brought no answer, named by what happens next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CallError {
    /// 429, or 503 with a wait time: wait as long as the server says, the whole limiter waits too.
    Refused { status: u16, wait: Wait, message: String },
    /// 408, 409 or 5xx: back off and try again.
    Server { status: u16, message: String },
    /// Nothing came back: offline, no such host, or the browser may not read the reply.
    Unreachable { message: String },
    /// No reply within the attempt's time-out: try again, the outcome of this attempt is unknown.
    TimedOut { after_us: u64 },
    /// The key is missing or wrong: fix it in Settings.
    Unauthorized { status: u16, message: String },
    /// The account has no credit or quota left: waiting does not help.
    OutOfQuota { status: u16, message: String },
    /// Another 4xx: the request itself has to change. The status is 0 where it was not even sent.
    Rejected { status: u16, message: String },
    /// The reply is not what the protocol says.
    Malformed { message: String },
    /// The stream ended before the answer did; what had arrived is kept.
    Truncated { partial: String },
    /// The stream fell silent half-way and was given up; what had arrived is kept.
    Stalled { after_us: u64, partial: String },
}

/// How long a refusal asks to wait, and where that was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wait {
    /// A header could be read.
    Header { us: u64 },
    /// The text of the error named it.
    Body { us: u64 },
    /// Nothing readable: back off.
    Unsaid,
}

impl Wait {
    pub fn us(self) -> Option<u64> {
        match self {
            Wait::Header { us } | Wait::Body { us } => Some(us),
            Wait::Unsaid => None,
        }
    }
}

/// An attempt that was started.
pub enum Attempt {
    /// It answers when it answers; dropping it aborts it.
    Awaited(LocalBoxFuture<'static, AttemptResult>),
    /// Its course is known as soon as it is sent, as that of a simulation is.
    Foreseen(Foreseen),
}

pub type AttemptResult = Result<Arc<Reply>, Box<CallError>>;

/// The course of an attempt, in the time of the run's clock.
pub struct Foreseen {
    /// When the first part of the answer comes; none where it comes in one piece, or none comes.
    pub first_token_us: Option<u64>,
    pub ends_us: u64,
    pub result: AttemptResult,
}

impl Foreseen {
    /// Whether something happens at this instant.
    pub fn has(&self, at_us: u64) -> bool {
        self.ends_us == at_us || self.first_token_us == Some(at_us)
    }
}

/// Who answers: a simulated provider or a real one.
pub trait Model {
    /// Starts one attempt. Called when the limiter admits it, in the order of admission, so a
    /// simulated provider counts arrivals in an order that does not depend on polling.
    ///
    /// `attempt` counts attempts that were served or failed; a refusal does not advance it, so
    /// what is finally served does not depend on the limits.
    fn send(&self, request: &Arc<Request>, attempt: u32, report: Report) -> Attempt;
}

/// Bytes of UTF-8 a token is taken for, the common rule of thumb for English.
pub const TOKEN_BYTES: usize = 4;

/// Tokens of a text, estimated.
pub fn estimate_tokens(text: &str) -> u32 {
    tokens_in(text.len())
}

/// Tokens of a text of so many bytes, estimated.
pub fn tokens_in(bytes: usize) -> u32 {
    u32::try_from(bytes.div_ceil(TOKEN_BYTES)).unwrap_or(u32::MAX)
}
