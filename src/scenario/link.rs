//! The full-scenario link: JSON in a zlib stream in base64url, in the fragment, which never
//! reaches a server. Two sums tell a damaged link from a whole one: the zlib wrapper's Adler-32,
//! and a CRC-32 in the JSON. Whoever calls this packs and unpacks the stream; a browser can.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;

use super::file::{self, FileError, Opened};
use crate::json;

/// Before the payload: schema 1, codec z.
const PREFIX: &str = "s1z.";

/// Characters beyond which a link is not made.
pub const LONGEST_MADE: usize = 32_000;
/// Characters beyond which a link is not read.
const LONGEST_READ: usize = 64_000;
/// Bytes beyond which a payload is not unpacked.
pub const LARGEST: usize = 256 * 1024;
/// Characters of one text, items of one list, items in all.
const LONGEST_TEXT: usize = 20_000;
const MOST_ITEMS: usize = 500;

/// Why a payload does not unpack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnpackError {
    /// The stream ends before its end.
    Incomplete,
    Damaged,
    /// More than [`LARGEST`] bytes.
    TooLarge,
    /// This browser is too old to do it.
    Unsupported,
}

/// Why a link does not open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkError {
    /// E1: cut off, or holding characters no link has.
    Incomplete { characters: usize },
    /// E1 too: it names a ready scenario that there is not.
    Unknown { name: String },
    /// E2: changed on the way.
    Damaged,
    /// E3: made with a newer version.
    Newer { what: String },
    /// E3 too: the browser is the old one.
    Unsupported,
    /// E4: more than a link may hold.
    TooLarge { what: String },
}

impl LinkError {
    pub fn code(&self) -> &'static str {
        match self {
            LinkError::Incomplete { .. } | LinkError::Unknown { .. } => "E1",
            LinkError::Damaged => "E2",
            LinkError::Newer { .. } | LinkError::Unsupported => "E3",
            LinkError::TooLarge { .. } => "E4",
        }
    }

    /// What is wrong and what to do, for the person who followed the link.
    pub fn sentence(&self) -> String {
        match self {
            LinkError::Incomplete { characters } => format!(
                "This link is incomplete. It stops after {characters} characters, which usually means \
                 a chat or mail program cut it. Ask for the full link, or for the scenario as a file."
            ),
            LinkError::Unknown { name } => format!(
                "There is no ready scenario called “{name}”. Choose one under “Scenarios…”, or check how its \
                 name is spelled."
            ),
            LinkError::Damaged => "This link was changed on the way. It was not loaded, because it could \
                 have loaded wrong numbers. Copy it again from where it came."
                .to_string(),
            LinkError::Newer { what } => {
                format!("This link was made with a newer version ({what}). Reload the page to update it.")
            }
            LinkError::Unsupported => "This browser is too old to unpack a link. Update it, or ask for the \
                 scenario as a file."
                .to_string(),
            LinkError::TooLarge { what } => format!("This scenario is larger than a link may be: {what}."),
        }
    }
}

/// Why a draft does not become a link; a file takes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoLink {
    /// The link would have this many characters.
    Link { characters: usize },
    /// One text has this many.
    Text { characters: usize },
    /// A list has this many items.
    Items { count: usize },
    /// All of it has this many bytes before it is packed.
    Whole { bytes: usize },
    /// This browser is too old to pack it.
    Unsupported,
}

impl NoLink {
    pub fn sentence(&self) -> String {
        let cause = match self {
            NoLink::Link { characters } => format!(
                "the link would have {characters} characters, and {LONGEST_MADE} is the most that travels safely"
            ),
            NoLink::Text { characters } => {
                format!("one text has {characters} characters, and a link takes {LONGEST_TEXT} in one text")
            }
            NoLink::Items { count } => {
                format!("it has {count} sections or documents, and a link takes {MOST_ITEMS}")
            }
            NoLink::Whole { bytes } => {
                format!("it has {} kB, and a link takes {} kB", bytes.div_ceil(1024), LARGEST / 1024)
            }
            NoLink::Unsupported => "this browser is too old to pack one".to_string(),
        };
        format!("This scenario does not fit into a link: {cause}. Save as a file instead, or shorten it.")
    }
}

/// The text of a scenario's link, to be packed; the scenario as a file has it.
pub fn text(scenario: &Value) -> Result<String, NoLink> {
    let Content { n_items, longest_text } = Content::of(scenario);
    if longest_text > LONGEST_TEXT {
        return Err(NoLink::Text { characters: longest_text });
    }
    if n_items > MOST_ITEMS {
        return Err(NoLink::Items { count: n_items });
    }
    let text = with_sum(&json::write(scenario));
    match text.len() > LARGEST {
        true => Err(NoLink::Whole { bytes: text.len() }),
        false => Ok(text),
    }
}

/// The fragment of a packed text, without the number sign.
pub fn fragment(packed: &[u8]) -> Result<String, NoLink> {
    let fragment = format!("/{PREFIX}{}", URL_SAFE_NO_PAD.encode(packed));
    match fragment.len() > LONGEST_MADE {
        true => Err(NoLink::Link { characters: fragment.len() }),
        false => Ok(fragment),
    }
}

/// What a fragment, with or without its number sign, holds to be unpacked. None is no link: the
/// page begins with its own scenario.
pub fn payload(fragment: &str) -> Result<Option<Vec<u8>>, LinkError> {
    let repaired = repair(fragment);
    let body = body(&repaired);
    if body.is_empty() || body == "draft" {
        return Ok(None);
    }
    let Some(payload) = body.strip_prefix(PREFIX) else {
        return Err(unknown(body));
    };
    if body.len() > LONGEST_READ {
        return Err(LinkError::TooLarge {
            what: format!("{} characters, and {LONGEST_READ} is the limit", body.len()),
        });
    }
    let packed = URL_SAFE_NO_PAD.decode(payload);
    packed.map(Some).map_err(|_| LinkError::Incomplete { characters: body.len() })
}

/// Opens what a fragment's payload came to.
pub fn open(fragment: &str, unpacked: Result<Vec<u8>, UnpackError>) -> Result<Opened, LinkError> {
    let bytes = unpacked.map_err(|error| match error {
        UnpackError::Incomplete => LinkError::Incomplete { characters: body(&repair(fragment)).len() },
        UnpackError::Damaged => LinkError::Damaged,
        UnpackError::TooLarge => {
            LinkError::TooLarge { what: format!("it unpacks to more than {} kB", LARGEST / 1024) }
        }
        UnpackError::Unsupported => LinkError::Unsupported,
    })?;
    let text = String::from_utf8(bytes).map_err(|_| LinkError::Damaged)?;
    let text = without_sum(text).ok_or(LinkError::Damaged)?;
    let opened = file::read(&text).map_err(|error| match error {
        FileError::Malformed(_) => LinkError::Damaged,
        FileError::Newer { version } => LinkError::Newer { what: format!("scenario version {version}") },
    })?;
    let Content { n_items, longest_text } = Content::of(&file::value(&opened.draft));
    if n_items > MOST_ITEMS {
        return Err(LinkError::TooLarge { what: format!("{n_items} items, and {MOST_ITEMS} is the limit") });
    }
    if longest_text > LONGEST_TEXT {
        let what = format!("a text of {longest_text} characters, and {LONGEST_TEXT} is the limit");
        return Err(LinkError::TooLarge { what });
    }
    Ok(opened)
}

/// The part that says what to open; others follow behind ampersands.
pub(super) fn body(fragment: &str) -> &str {
    let all = fragment.trim_start_matches('#').trim_start_matches('/');
    all.split('&').next().unwrap_or(all)
}

/// What the JSON of a link begins with: eight digits and `",` follow, then the scenario.
const SUM: &str = "{\"check\":\"";

/// Puts a CRC-32 before the scenario. Adler-32 alone lets changes through: it is the same for
/// “nothing” and “nothgre”, and one changed character of a link makes the one of the other.
fn with_sum(object: &str) -> String {
    let scenario = object.strip_prefix('{').unwrap_or(object);
    format!("{SUM}{:08x}\",{scenario}", crc32(scenario.as_bytes()))
}

/// Takes it out again; none where it does not fit. A link made elsewhere may be without.
fn without_sum(text: String) -> Option<String> {
    let Some((digits, scenario)) = text.strip_prefix(SUM).and_then(|rest| rest.split_once("\",")) else {
        return Some(text);
    };
    let fits = u32::from_str_radix(digits, 16) == Ok(crc32(scenario.as_bytes()));
    fits.then(|| format!("{{{scenario}"))
}

/// The CRC-32 of zlib, gzip and PNG.
fn crc32(bytes: &[u8]) -> u32 {
    !crc(bytes, 0xEDB8_8320, u32::MAX)
}

/// A cyclic redundancy check, low bits first. Of `n` bits it sees every change within `n` bits in a row.
pub(super) fn crc(bytes: &[u8], polynomial: u32, start: u32) -> u32 {
    bytes.iter().fold(start, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| (sum >> 1) ^ (polynomial * (sum & 1)))
    })
}

/// The names and values behind the part that says what to open.
pub(super) fn pairs(repaired: &str) -> impl Iterator<Item = (&str, &str)> {
    let pairs = repaired.split('&').skip(1).filter(|pair| !pair.is_empty());
    pairs.map(|pair| pair.split_once('=').unwrap_or((pair, "")))
}

/// Takes back what mail and chat programs do to links: escapes, and punctuation stuck to the end.
pub(super) fn repair(fragment: &str) -> String {
    let unescaped = fragment
        .replace("%25", "%")
        .replace("%23", "#")
        .replace("%2F", "/")
        .replace("%2f", "/")
        .replace("%3D", "=")
        .replace("%26", "&")
        .replace("&amp;", "&");
    let stuck = |c: char| c.is_whitespace() || matches!(c, '.' | ',' | ')' | '>' | '"' | '\'');
    unescaped.trim_end_matches(stuck).to_string()
}

/// A body that is no link of this version: a newer schema, a codec unknown here, or a cut prefix.
fn unknown(body: &str) -> LinkError {
    let head = body.split('.').next().unwrap_or(body);
    let mut chars = head.chars();
    let is_scenario = chars.next() == Some('s')
        && chars.next().is_some_and(|c| c.is_ascii_digit())
        && head.len() <= 6
        && body.contains('.');
    match is_scenario {
        true => LinkError::Newer { what: format!("format {head}") },
        false if is_name(body) => LinkError::Unknown { name: head.to_string() },
        false => LinkError::Incomplete { characters: body.len() },
    }
}

/// Whether a body was meant to name a ready scenario: words and hyphens, or anything with a revision.
fn is_name(body: &str) -> bool {
    let (name, revision) = body.split_once('.').unwrap_or((body, ""));
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '-';
    let is_plain = name.len() > 3 && name.chars().all(|c| c.is_ascii_lowercase() || c == '-');
    let has_revision = !revision.is_empty() && revision.chars().all(|c| c.is_ascii_digit());
    name.chars().all(is_word) && (has_revision || (is_plain && revision.is_empty()))
}

/// What a scenario holds, as far as links limit it.
#[derive(Default)]
struct Content {
    /// Items of the longest list.
    n_items: usize,
    /// Characters of the longest text.
    longest_text: usize,
}

impl Content {
    fn of(scenario: &Value) -> Content {
        let mut content = Content::default();
        content.add(scenario);
        content
    }

    fn add(&mut self, value: &Value) {
        match value {
            Value::String(text) => self.longest_text = self.longest_text.max(text.chars().count()),
            Value::Array(items) => {
                self.n_items = self.n_items.max(items.len());
                items.iter().for_each(|item| self.add(item));
            }
            Value::Object(object) => object.values().for_each(|value| self.add(value)),
            _ => {}
        }
    }
}
