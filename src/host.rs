//! What the place the program runs in knows already: a browser has tables of letters and a reader
//! of dates, which in the program would be a fifteenth of the page. Natively, libraries do it.

/// A text in lower case, by Unicode.
pub fn lower(text: &str) -> String {
    match text.is_ascii() {
        true => text.to_ascii_lowercase(),
        false => imp::lower(text),
    }
}

/// A date of HTTP (RFC 9110, section 5.6.7) in milliseconds since 1970. Of its three forms the two
/// that name their time zone are read; nothing has been allowed to send the third since 1997.
pub fn http_date_ms(text: &str) -> Option<u64> {
    let text = text.trim();
    text.ends_with(" GMT").then(|| imp::http_date_ms(text))?
}

/// The origin of an address: scheme, host and port, as browsers compare them. None where it is no
/// address of the web.
pub fn origin(url: &str) -> Option<String> {
    let url = url.trim();
    let is_web = ["http://", "https://"]
        .iter()
        .any(|scheme| url.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme)));
    is_web.then(|| imp::origin(url))?
}

/// The host and port of an address as people read it; the address itself where it is none.
pub fn host(url: &str) -> String {
    let origin = origin(url);
    origin.as_deref().and_then(|origin| origin.split_once("://")).map_or(url, |(_, host)| host).to_string()
}

/// Where an address leads, as far as its name or number can be nothing else (RFC 1918, RFC 6761).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    Machine,
    Network,
    Web,
}

/// How far away an address is. None where it is no address of the web.
pub fn reach(url: &str) -> Option<Reach> {
    let origin = origin(url)?;
    let (_, rest) = origin.split_once("://")?;
    let name = match rest.strip_prefix('[') {
        Some(number) => number.split(']').next()?,
        None => rest.split(':').next()?,
    };
    let octets: Option<Vec<u8>> = name.split('.').map(|part| part.parse().ok()).collect();
    Some(match octets.as_deref() {
        Some([127, _, _, _]) => Reach::Machine,
        Some([10, _, _, _] | [192, 168, _, _] | [172, 16..=31, _, _]) => Reach::Network,
        _ if name == "localhost" || name.ends_with(".localhost") || name == "::1" => Reach::Machine,
        _ => Reach::Web,
    })
}

/// A text as it may stand in a part of an address (RFC 3986, section 2.3).
pub fn encoded(text: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => encoded.push(byte.into()),
            _ => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    encoded
}

#[cfg(target_arch = "wasm32")]
mod imp {
    pub fn origin(url: &str) -> Option<String> {
        web_sys::Url::new(url).ok().map(|url| url.origin())
    }

    pub fn lower(text: &str) -> String {
        js_sys::JsString::from(text).to_lower_case().into()
    }

    pub fn http_date_ms(text: &str) -> Option<u64> {
        let ms = js_sys::Date::parse(text);
        (ms >= 0.0).then_some(ms as u64)
    }
}

#[cfg(not(target_arch = "wasm32"))]
mod imp {
    use std::time::UNIX_EPOCH;

    pub fn origin(url: &str) -> Option<String> {
        url::Url::parse(url).ok().map(|url| url.origin().ascii_serialization())
    }

    pub fn lower(text: &str) -> String {
        text.to_lowercase()
    }

    pub fn http_date_ms(text: &str) -> Option<u64> {
        let at = httpdate::parse_http_date(text).ok()?.duration_since(UNIX_EPOCH).ok()?;
        u64::try_from(at.as_millis()).ok()
    }
}
