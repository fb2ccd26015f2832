//! The chunks of a browser's stream, one after another.

use js_sys::{Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{ReadableStream, ReadableStreamDefaultReader};

pub struct Chunks {
    reader: ReadableStreamDefaultReader,
}

impl Chunks {
    /// None where somebody reads the stream already.
    pub fn of(stream: &ReadableStream) -> Option<Self> {
        Some(Chunks { reader: ReadableStreamDefaultReader::new(stream).ok()? })
    }

    /// The next chunk; none at the end of the stream.
    pub async fn next(&self) -> Result<Option<Vec<u8>>, JsValue> {
        let read = JsFuture::from(self.reader.read()).await?;
        let value = Reflect::get(&read, &JsValue::from_str("value"))?;
        Ok(value.dyn_ref::<Uint8Array>().map(Uint8Array::to_vec))
    }
}
