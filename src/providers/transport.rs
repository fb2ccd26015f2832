//! What goes over the wire, as plain data, and who carries it.

use futures::StreamExt;
use futures::future::LocalBoxFuture;
use futures::stream::LocalBoxStream;

use super::framing::Framing;

/// The reply headers the codecs ask for, in lower case. A browser shows a page only few of the
/// others anyway, and hides most of these too unless the server exposes them.
/// The type comes first: of a good reply it is the only one that counts.
pub const READ_HEADERS: [&str; 5] =
    ["content-type", "retry-after-ms", "retry-after", "date", "x-should-retry"];

/// A request. One that gets has no body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HttpRequest {
    pub method: Method,
    pub url: String,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    Get,
    Post,
}

/// A reply whose head is there and whose body is still coming. Dropping it closes the connection.
pub struct HttpReply {
    pub head: Head,
    pub body: Body,
}

/// The body as it arrives, in chunks of any size. The stream ends after its first error.
pub type Body = LocalBoxStream<'static, Result<Vec<u8>, TransportError>>;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Head {
    pub status: u16,
    /// Those of [`READ_HEADERS`] that could be read.
    pub headers: Vec<(&'static str, String)>,
    /// All that could be read, a line each.
    pub readable: String,
    /// When the head came: milliseconds since 1970 by the wall clock.
    pub wall_ms: u64,
}

impl Head {
    /// The value of a header; `name` is one of [`READ_HEADERS`].
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str())
    }

    /// How the body comes, if it comes in pieces that can be read one by one.
    pub fn framing(&self) -> Option<Framing> {
        let kind = self.header("content-type").unwrap_or_default().trim_start().to_ascii_lowercase();
        match kind.split(';').next().unwrap_or_default().trim_end() {
            "text/event-stream" => Some(Framing::Events),
            "application/x-ndjson" => Some(Framing::Lines),
            _ => None,
        }
    }

    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }
}

/// What is said of a reply that does not end.
pub const TOO_LONG: &str = "the reply is longer than any answer of a model; the rest of it was not read";

/// Why a request brought no reply, or half of one. Each message is a sentence for the person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TransportError {
    /// It could not even be sent: the URL or a header is not valid, or the browser does not let it out.
    NotSent { message: String },
    /// Nothing came back: offline, no such host, or the browser may not read the reply.
    Unreachable { message: String },
    /// The connection broke while the body came.
    Interrupted { message: String },
    /// The body is longer than anybody wants to read.
    TooLong { message: String },
}

/// Carries requests: the browser's fetch, or a script in tests.
pub trait Transport {
    /// Starts sending at once and gives the reply as soon as its head is there. Dropping the
    /// future aborts the request.
    fn send(&self, request: HttpRequest) -> LocalBoxFuture<'static, Result<HttpReply, TransportError>>;

    /// Lets a body end of which nothing more is needed. A connection that is read to its end can be
    /// used again; dropping the body would close it.
    fn let_end(&self, body: Body) -> LocalBoxFuture<'static, ()> {
        drop(body);
        Box::pin(async {})
    }
}

/// Of an error, more says no more.
pub const MOST_OF_ERROR: usize = 64_000;

/// Of a reply that comes in one piece; models and their prices are long lists.
pub const MOST_OF_REPLY: usize = 8_000_000;

/// A body as text, of so many bytes at most, and the error that cut it short.
pub async fn gather(mut body: Body, most_bytes: usize) -> (String, Option<TransportError>) {
    let mut bytes = Vec::new();
    let mut cut = None;
    while let Some(chunk) = body.next().await {
        match chunk {
            Ok(more) if bytes.len() + more.len() > most_bytes => {
                let room = most_bytes - bytes.len();
                bytes.extend(more.into_iter().take(room));
                cut = Some(TransportError::TooLong { message: TOO_LONG.to_string() });
                break;
            }
            Ok(more) => bytes.extend(more),
            Err(error) => {
                cut = Some(error);
                break;
            }
        }
    }
    (String::from_utf8_lossy(&bytes).into_owned(), cut)
}
