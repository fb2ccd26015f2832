//! An OpenAI-compatible endpoint on loopback that does what its script says and writes down what came.

use std::convert::Infallible;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::body::Body;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use futures::stream;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::time::sleep;

use crate::completion;

/// What the endpoint does with one request.
pub enum Answer {
    /// 200, as a stream where the request asks for one.
    Ok { after_ms: u64, content: String },
    /// Another status. The headers are sent as they are, `access-control-expose-headers` too.
    Status { after_ms: u64, status: u16, headers: &'static [(&'static str, &'static str)], body: Value },
    /// Never; a stream gets its first record, so that it hangs half way.
    Hang,
}

impl Answer {
    pub fn ok(after_ms: u64, content: impl Into<String>) -> Answer {
        Answer::Ok { after_ms, content: content.into() }
    }
}

/// A request as the script sees it.
pub struct Asked {
    /// How many came before it.
    pub nth: usize,
    /// The text of the last user message.
    pub user: String,
}

/// A request as it was recorded.
#[derive(Clone)]
pub struct Post {
    pub arrived: Instant,
    pub headers: HeaderMap,
    pub body: Value,
    /// How many were unanswered when it came, itself included.
    pub in_flight: usize,
    /// None while it is unanswered.
    pub end: Option<End>,
}

/// How a request ended, and when.
#[derive(Clone, Copy, Debug)]
pub enum End {
    Answered(Instant),
    /// The client closed the connection before the answer was complete.
    Closed(Instant),
}

impl Post {
    /// The text of the last user message.
    pub fn user(&self) -> String {
        user(&self.body)
    }

    pub fn answered(&self) -> Option<Instant> {
        match self.end {
            Some(End::Answered(at)) => Some(at),
            _ => None,
        }
    }

    pub fn closed(&self) -> Option<Instant> {
        match self.end {
            Some(End::Closed(at)) => Some(at),
            _ => None,
        }
    }
}

/// The endpoint. It lives as long as the test.
pub struct Provider {
    /// What goes into the settings: ends in `/v1`.
    pub base_url: String,
    desk: Arc<Desk>,
}

struct Desk {
    script: Box<dyn Fn(&Asked) -> Answer + Send + Sync>,
    posts: Mutex<Vec<Post>>,
}

impl Provider {
    pub async fn start(script: impl Fn(&Asked) -> Answer + Send + Sync + 'static) -> Provider {
        let desk = Arc::new(Desk { script: Box::new(script), posts: Mutex::default() });
        let routes = Router::new()
            .route("/v1/chat/completions", post(complete))
            .layer(DefaultBodyLimit::disable())
            .layer(from_fn(allow_any_origin))
            .with_state(desk.clone());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base_url = format!("http://{}/v1", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, routes).await });
        Provider { base_url, desk }
    }

    /// Everything that came so far, in order of arrival.
    pub fn posts(&self) -> Vec<Post> {
        self.desk.posts.lock().unwrap().clone()
    }

    /// The most requests that were unanswered at one moment.
    pub fn peak(&self) -> usize {
        self.posts().iter().map(|post| post.in_flight).max().unwrap_or(0)
    }
}

/// The entry of a request that has no answer yet. Dropping it means the client went away.
struct Unanswered {
    desk: Arc<Desk>,
    nth: usize,
}

impl Unanswered {
    fn record(desk: Arc<Desk>, headers: HeaderMap, body: Value) -> Unanswered {
        let mut posts = desk.posts.lock().unwrap();
        let nth = posts.len();
        let in_flight = 1 + posts.iter().filter(|post| post.end.is_none()).count();
        posts.push(Post { arrived: Instant::now(), headers, body, in_flight, end: None });
        drop(posts);
        Unanswered { desk, nth }
    }

    fn end(&self, end: End) {
        self.desk.posts.lock().unwrap()[self.nth].end.get_or_insert(end);
    }

    fn answered(&self) {
        self.end(End::Answered(Instant::now()));
    }
}

impl Drop for Unanswered {
    fn drop(&mut self) {
        self.end(End::Closed(Instant::now()));
    }
}

async fn complete(State(desk): State<Arc<Desk>>, headers: HeaderMap, Json(body): Json<Value>) -> Response {
    let user = user(&body);
    let model = body["model"].as_str().unwrap_or_default().to_string();
    let wants_stream = body["stream"] == true;
    let entry = Unanswered::record(desk.clone(), headers, body);
    match (desk.script)(&Asked { nth: entry.nth, user }) {
        Answer::Ok { after_ms, content } if wants_stream => {
            event_stream(entry, completion::records(&model, &content), Some(after_ms))
        }
        Answer::Hang if wants_stream => event_stream(entry, completion::records(&model, ""), None),
        Answer::Ok { after_ms, content } => {
            sleep(Duration::from_millis(after_ms)).await;
            entry.answered();
            Json(completion::whole(&model, &content)).into_response()
        }
        Answer::Hang => std::future::pending().await,
        Answer::Status { after_ms, status, headers, body } => {
            sleep(Duration::from_millis(after_ms)).await;
            entry.answered();
            let mut response = (StatusCode::from_u16(status).unwrap(), Json(body)).into_response();
            for (name, value) in headers {
                response.headers_mut().insert(*name, HeaderValue::from_static(value));
            }
            response
        }
    }
}

/// The first record at once, the others after `after_ms`, or never.
fn event_stream(entry: Unanswered, records: Vec<String>, after_ms: Option<u64>) -> Response {
    let n_records = records.len();
    let left = records.into_iter().enumerate();
    let body = stream::unfold((entry, left), move |(entry, mut left)| async move {
        let (i, record) = left.next()?;
        match after_ms {
            Some(after_ms) if i == 1 => sleep(Duration::from_millis(after_ms)).await,
            None if i == 1 => std::future::pending().await,
            _ => {}
        }
        if i + 1 == n_records {
            entry.answered();
        }
        Some((Ok::<_, Infallible>(record), (entry, left)))
    });
    ([(header::CONTENT_TYPE, "text/event-stream; charset=utf-8")], Body::from_stream(body)).into_response()
}

/// CORS as open as it can be: any origin, and any header a preflight asks for.
async fn allow_any_origin(request: Request, next: Next) -> Response {
    let asked = request.headers().get(header::ACCESS_CONTROL_REQUEST_HEADERS).cloned();
    let mut response = match *request.method() {
        Method::OPTIONS => StatusCode::NO_CONTENT.into_response(),
        _ => next.run(request).await,
    };
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    if let Some(asked) = asked {
        headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, asked);
        headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("POST"));
        headers.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("600"));
    }
    response
}

fn user(body: &Value) -> String {
    let messages = body["messages"].as_array().map(Vec::as_slice).unwrap_or_default();
    let last = messages.iter().rfind(|message| message["role"] == "user");
    last.and_then(|message| message["content"].as_str()).unwrap_or_default().to_string()
}
