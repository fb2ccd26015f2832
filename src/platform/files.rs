//! Files in and out, without a server.

use js_sys::{Array, JsString};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, BlobPropertyBag, File, HtmlAnchorElement, Url};

/// The largest file that is read, in bytes.
const LARGEST: f64 = 20e6;

/// The text of a file the person chose.
pub async fn read(file: File) -> Result<String, String> {
    let name = file.name();
    if file.size() > LARGEST {
        let megabytes = |bytes: f64| (bytes / 1e6) as u32;
        return Err(format!(
            "{name} has {} MB; the most is {} MB.",
            megabytes(file.size()),
            megabytes(LARGEST)
        ));
    }
    let text = JsFuture::from(file.text()).await;
    let text = text.ok().and_then(|text| text.dyn_into::<JsString>().ok()).map(String::from);
    text.ok_or_else(|| format!("{name} could not be read. Is it still there?"))
}

/// Offers a text as a download.
pub fn download(name: &str, media_type: &str, text: &str) {
    let parts = Array::of1(&JsValue::from_str(text));
    let options = BlobPropertyBag::new();
    options.set_type(media_type);
    let Ok(blob) = Blob::new_with_str_sequence_and_options(&parts, &options) else { return };
    let Ok(url) = Url::create_object_url_with_blob(&blob) else { return };
    let document = web_sys::window().and_then(|window| window.document());
    let anchor = document.and_then(|document| document.create_element("a").ok());
    if let Some(anchor) = anchor.and_then(|anchor| anchor.dyn_into::<HtmlAnchorElement>().ok()) {
        anchor.set_href(&url);
        anchor.set_download(name);
        anchor.click();
    }
    // The click has taken the URL; what it names is kept until the download is done.
    let _ = Url::revoke_object_url(&url);
}
