//! Proof that who redeems a code is who asked for it (RFC 7636).

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use js_sys::{Function, Promise, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

const SECRET_BYTES: u32 = 32;

/// A secret, and what is sent ahead of it. None where the browser has no cryptography for this page.
pub async fn secret_and_challenge() -> Option<(String, String)> {
    let window: JsValue = web_sys::window()?.into();
    let crypto = Reflect::get(&window, &"crypto".into()).ok()?;
    let bytes = Uint8Array::new_with_length(SECRET_BYTES);
    call(&crypto, "getRandomValues", &[&bytes])?;
    let secret = BASE64_URL_SAFE_NO_PAD.encode(bytes.to_vec());
    let subtle = Reflect::get(&crypto, &"subtle".into()).ok()?;
    let text = Uint8Array::from(secret.as_bytes());
    let digest: Promise = call(&subtle, "digest", &[&"SHA-256".into(), &text])?.dyn_into().ok()?;
    let digest = Uint8Array::new(&JsFuture::from(digest).await.ok()?);
    Some((secret, BASE64_URL_SAFE_NO_PAD.encode(digest.to_vec())))
}

fn call(object: &JsValue, name: &str, words: &[&JsValue]) -> Option<JsValue> {
    let method: Function = Reflect::get(object, &name.into()).ok()?.dyn_into().ok()?;
    method.apply(object, &words.iter().copied().collect()).ok()
}
