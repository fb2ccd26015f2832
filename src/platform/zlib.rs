//! Zlib streams, packed and unpacked by the browser.

use js_sys::Uint8Array;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen_futures::JsFuture;
use web_sys::{ReadableStream, WritableStream, WritableStreamDefaultWriter};

use super::stream::Chunks;
use crate::scenario::link::UnpackError;

// web-sys counts these among what may still change.
#[wasm_bindgen]
extern "C" {
    type CompressionStream;
    #[wasm_bindgen(constructor, catch)]
    fn new(format: &str) -> Result<CompressionStream, JsValue>;
    #[wasm_bindgen(method, getter)]
    fn readable(this: &CompressionStream) -> ReadableStream;
    #[wasm_bindgen(method, getter)]
    fn writable(this: &CompressionStream) -> WritableStream;

    type DecompressionStream;
    #[wasm_bindgen(constructor, catch)]
    fn new(format: &str) -> Result<DecompressionStream, JsValue>;
    #[wasm_bindgen(method, getter)]
    fn readable(this: &DecompressionStream) -> ReadableStream;
    #[wasm_bindgen(method, getter)]
    fn writable(this: &DecompressionStream) -> WritableStream;
}

/// The zlib wrapper around DEFLATE goes by this name.
const FORMAT: &str = "deflate";

/// A stream unpacks a piece as a whole before it waits for a reader, up to a thousandfold.
const PIECE: usize = 1024;

/// None where the browser is too old to do it.
pub async fn pack(bytes: &[u8]) -> Option<Vec<u8>> {
    let stream = CompressionStream::new(FORMAT).ok()?;
    through(&stream.writable(), &stream.readable(), bytes, usize::MAX).await.ok()
}

/// Stops where more than `limit` bytes come out.
pub async fn unpack(packed: &[u8], limit: usize) -> Result<Vec<u8>, UnpackError> {
    let stream = DecompressionStream::new(FORMAT).map_err(|_| UnpackError::Unsupported)?;
    through(&stream.writable(), &stream.readable(), packed, limit).await
}

async fn through(
    writable: &WritableStream,
    readable: &ReadableStream,
    bytes: &[u8],
    limit: usize,
) -> Result<Vec<u8>, UnpackError> {
    let writer = WritableStreamDefaultWriter::new(writable).map_err(|_| UnpackError::Unsupported)?;
    let chunks = Chunks::of(readable).ok_or(UnpackError::Unsupported)?;
    // Written without waiting: a stream takes the next piece when somebody reads what came of the last.
    let written: Vec<JsFuture> = bytes
        .chunks(PIECE)
        .map(|piece| JsFuture::from(writer.write_with_chunk(&Uint8Array::from(piece))))
        .collect();
    // Kept, so that no rejection goes unheard.
    let _closed = JsFuture::from(writer.close());
    let mut all = Vec::new();
    while let Ok(next) = chunks.next().await {
        let Some(chunk) = next else { return Ok(all) };
        all.extend(chunk);
        if all.len() > limit {
            return Err(UnpackError::TooLarge);
        }
    }
    // Bytes that are wrong are refused when written, those that are missing when the stream is closed.
    for write in written {
        write.await.map_err(|_| UnpackError::Damaged)?;
    }
    Err(UnpackError::Incomplete)
}
