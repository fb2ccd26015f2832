//! An OpenAI-compatible endpoint on loopback that does what its script says.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use futures::stream;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::time::sleep;

use crate::completion;
use crate::post::{Book, Post, Unanswered};

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

/// The endpoint. It lives as long as the test.
pub struct Provider {
    /// What goes into the settings: ends in `/v1`.
    pub base_url: String,
    desk: Arc<Desk>,
}

struct Desk {
    script: Box<dyn Fn(&Asked) -> Answer + Send + Sync>,
    book: Arc<Book>,
}

impl Provider {
    pub async fn start(script: impl Fn(&Asked) -> Answer + Send + Sync + 'static) -> Provider {
        let desk = Arc::new(Desk { script: Box::new(script), book: Arc::default() });
        let routes = Router::new()
            .route("/v1/chat/completions", post(complete))
            .route("/v1/models", get(list))
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
        self.desk.book.posts()
    }

    /// The most requests that were unanswered at one moment.
    pub fn peak(&self) -> usize {
        self.posts().iter().map(|post| post.in_flight).max().unwrap_or(0)
    }
}

async fn list() -> Json<Value> {
    Json(json!({"object": "list", "data": [{"id": "the-only-one"}]}))
}

async fn complete(State(desk): State<Arc<Desk>>, headers: HeaderMap, Json(body): Json<Value>) -> Response {
    let model = body["model"].as_str().unwrap_or_default().to_string();
    let wants_stream = body["stream"] == true;
    let post = Post::new(headers, body);
    let user = post.user();
    let entry = desk.book.record(post);
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
