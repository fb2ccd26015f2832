//! The model that some browsers have built in, as a server of chat completions: who reads its
//! replies need not know it.
//!
//! Source: <https://developer.chrome.com/docs/ai/prompt-api>, as of Chrome 148.

use futures::StreamExt;
use futures::future::LocalBoxFuture;
use futures::stream::{once, unfold};
use js_sys::{Array, JSON, Object, Reflect};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{AbortController, ReadableStream, ReadableStreamDefaultReader};

use super::fetch::AbortGuard;
use crate::providers::transport::{Body, Head, HttpReply, HttpRequest, Transport, TransportError};

#[wasm_bindgen]
extern "C" {
    /// A conversation.
    type Session;

    #[wasm_bindgen(js_namespace = LanguageModel, catch)]
    async fn availability(options: &JsValue) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(js_namespace = LanguageModel, catch)]
    async fn create(options: &JsValue) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, js_name = promptStreaming, catch)]
    fn prompt_streaming(
        this: &Session,
        input: &JsValue,
        options: &JsValue,
    ) -> Result<ReadableStream, JsValue>;

    #[wasm_bindgen(method, getter, js_name = contextUsage)]
    fn context_usage(this: &Session) -> Option<f64>;

    #[wasm_bindgen(method)]
    fn destroy(this: &Session);
}

/// Whether this browser has such a model in principle.
pub fn is_there() -> bool {
    web_sys::window().is_some_and(|window| Reflect::has(&window, &"LanguageModel".into()).unwrap_or(false))
}

/// What the browser says of it: `available`, `downloadable`, `downloading` or `unavailable`.
pub async fn state() -> String {
    let state = availability(&languages()).await;
    state.ok().and_then(|state| state.as_string()).unwrap_or_else(|| "unavailable".to_string())
}

/// Hands requests to the built-in model.
pub struct BuiltIn;

impl Transport for BuiltIn {
    fn send(&self, request: HttpRequest) -> LocalBoxFuture<'static, Result<HttpReply, TransportError>> {
        Box::pin(async move {
            let head = |status, kind: &str| Head {
                status,
                headers: vec![("content-type", kind.to_string())],
                wall_ms: js_sys::Date::now() as u64,
                ..Head::default()
            };
            Ok(match converse(&request.body).await {
                Ok(records) => HttpReply { head: head(200, "text/event-stream"), body: records },
                Err(error) => {
                    let (status, body) = refusal(&error);
                    let body = once(async move { Ok(body.into_bytes()) }).boxed_local();
                    HttpReply { head: head(status, "application/json"), body }
                }
            })
        })
    }
}

/// Destroyed when dropped, with what it still writes.
struct Conversation {
    session: Session,
    _abort: AbortGuard,
}

impl Drop for Conversation {
    fn drop(&mut self) {
        self.session.destroy();
    }
}

/// Begins to answer a request, in the records of chat completions.
async fn converse(body: &str) -> Result<Body, JsValue> {
    let body = JSON::parse(body)?;
    let content = |nth: u32| path(&body, &["messages", &nth.to_string(), "content"]);
    let controller = AbortController::new()?;
    let signal: JsValue = controller.signal().into();
    let guard = AbortGuard::new(controller);
    let options = languages();
    let system = object(&[("role", "system".into()), ("content", content(0))]);
    set(&options, "initialPrompts", &Array::of1(&system));
    set(&options, "signal", &signal);
    let session: Session = create(&options).await?.unchecked_into();
    let conversation = Conversation { session, _abort: guard };
    let options = object(&[("signal", signal)]);
    let schema = path(&body, &["response_format", "json_schema", "schema"]);
    if schema.is_object() {
        set(&options, "responseConstraint", &schema);
    }
    let stream = conversation.session.prompt_streaming(&content(1), &options)?;
    let reader = ReadableStreamDefaultReader::new(&stream)?;
    Ok(unfold(Some((reader, conversation)), async |open| {
        let (reader, conversation) = open?;
        let read = wasm_bindgen_futures::JsFuture::from(reader.read()).await;
        Some(match read.map(|read| path(&read, &["value"]).as_string()) {
            Ok(Some(text)) => (Ok(record(&text.into())), Some((reader, conversation))),
            Ok(None) => (Ok(last(&conversation.session)), None),
            Err(error) => (Ok(format!("data: {}\n\n", refusal(&error).1).into_bytes()), None),
        })
    })
    .boxed_local())
}

fn record(text: &JsValue) -> Vec<u8> {
    let delta = object(&[("content", text.clone())]);
    written(&[("choices", Array::of1(&object(&[("delta", delta)])).into())])
}

/// The end of an answer. Of tokens the browser says only how many there are in all.
fn last(session: &Session) -> Vec<u8> {
    let choice = object(&[("delta", Object::new().into()), ("finish_reason", "stop".into())]);
    let usage = object(&[("total_tokens", session.context_usage().map_or(JsValue::NULL, Into::into))]);
    written(&[("choices", Array::of1(&choice).into()), ("usage", usage)])
}

fn written(fields: &[(&str, JsValue)]) -> Vec<u8> {
    let text = JSON::stringify(&object(fields)).map(String::from).unwrap_or_default();
    format!("data: {text}\n\n").into_bytes()
}

/// What the browser could not do, as a status and a body.
fn refusal(error: &JsValue) -> (u16, String) {
    let text = |name: &str| path(error, &[name]).as_string().unwrap_or_default();
    let status = match text("name").as_str() {
        "QuotaExceededError" => 413,
        "NotAllowedError" => 403,
        "NotSupportedError" | "TypeError" | "SyntaxError" | "ReferenceError" => 400,
        _ => 500,
    };
    let said = object(&[("code", status.into()), ("message", text("message").as_str().into())]);
    let body = JSON::stringify(&object(&[("error", said)])).map(String::from).unwrap_or_default();
    (status, body)
}

/// Without a language of its output the browser complains.
fn languages() -> JsValue {
    let text = object(&[("type", "text".into()), ("languages", Array::of1(&"en".into()).into())]);
    object(&[("expectedOutputs", Array::of1(&text).into())])
}

fn object(fields: &[(&str, JsValue)]) -> JsValue {
    let object: JsValue = Object::new().into();
    for (name, value) in fields {
        set(&object, name, value);
    }
    object
}

fn set(object: &JsValue, name: &str, value: &JsValue) {
    // A plain object takes every property.
    let _ = Reflect::set(object, &name.into(), value);
}

/// What lies under these names; undefined where nothing does.
fn path(value: &JsValue, names: &[&str]) -> JsValue {
    names.iter().fold(value.clone(), |value, name| {
        Reflect::get(&value, &(*name).into()).unwrap_or(JsValue::UNDEFINED)
    })
}
