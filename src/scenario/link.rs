//! The full-scenario link: JSON in a zlib stream in base64url, in the fragment, which never
//! reaches a server. Two sums tell a damaged link from a whole one: the zlib wrapper's Adler-32,
//! and a CRC-32 in the JSON.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use miniz_oxide::deflate::compress_to_vec_zlib;
use miniz_oxide::inflate::{TINFLStatus, decompress_to_vec_zlib_with_limit};

use super::draft::Draft;
use super::file::{self, FileError, Opened};

/// Before the payload: schema 1, codec z.
const PREFIX: &str = "s1z.";

/// Characters beyond which a link is not made.
pub const LONGEST_MADE: usize = 32_000;
/// Characters beyond which a link is not read.
const LONGEST_READ: usize = 64_000;
/// Bytes beyond which a payload is not unpacked.
const LARGEST: usize = 256 * 1024;
/// Characters of one text, items of one list, items in all.
const LONGEST_TEXT: usize = 20_000;
const MOST_ITEMS: usize = 500;

/// What a link holds.
#[derive(Clone, Debug, PartialEq)]
pub enum Link {
    /// No scenario: the page begins with its own.
    Nothing,
    Scenario(Box<Opened>),
}

/// Why a link does not open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkError {
    /// E1: cut off, or holding characters no link has.
    Incomplete { characters: usize },
    /// E2: changed on the way.
    Damaged,
    /// E3: made with a newer version.
    Newer { what: String },
    /// E4: more than a link may hold.
    TooLarge { what: String },
}

impl LinkError {
    pub fn code(&self) -> &'static str {
        match self {
            LinkError::Incomplete { .. } => "E1",
            LinkError::Damaged => "E2",
            LinkError::Newer { .. } => "E3",
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
            LinkError::Damaged => "This link was changed on the way. It was not loaded, because it could \
                 have loaded wrong numbers. Copy it again from where it came."
                .to_string(),
            LinkError::Newer { what } => {
                format!("This link was made with a newer version ({what}). Reload the page to update it.")
            }
            LinkError::TooLarge { what } => format!("This scenario is larger than a link may be: {what}."),
        }
    }
}

/// Why a draft does not become a link; a file takes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TooLong {
    /// The link would have this many characters.
    Link { characters: usize },
    /// One text has this many.
    Text { characters: usize },
    /// A list has this many items.
    Items { count: usize },
    /// All of it has this many bytes before it is packed.
    Whole { bytes: usize },
}

impl TooLong {
    pub fn sentence(&self) -> String {
        let cause = match self {
            TooLong::Link { characters } => format!(
                "the link would have {characters} characters, and {LONGEST_MADE} is the most that travels safely"
            ),
            TooLong::Text { characters } => {
                format!("one text has {characters} characters, and a link takes {LONGEST_TEXT} in one text")
            }
            TooLong::Items { count } => {
                format!("it has {count} sections or documents, and a link takes {MOST_ITEMS}")
            }
            TooLong::Whole { bytes } => {
                format!("it has {} kB, and a link takes {} kB", bytes.div_ceil(1024), LARGEST / 1024)
            }
        };
        format!("This scenario does not fit into a link: {cause}. Save as a file instead, or shorten it.")
    }
}

/// The fragment of a draft, without the number sign.
pub fn write(draft: &Draft) -> Result<String, TooLong> {
    if let Some(characters) = longest_text(draft).filter(|n| *n > LONGEST_TEXT) {
        return Err(TooLong::Text { characters });
    }
    if let Some(count) = n_items(draft).filter(|n| *n > MOST_ITEMS) {
        return Err(TooLong::Items { count });
    }
    let text = with_sum(&file::write_compact(draft));
    if text.len() > LARGEST {
        return Err(TooLong::Whole { bytes: text.len() });
    }
    let packed = compress_to_vec_zlib(text.as_bytes(), 9);
    let fragment = format!("/{PREFIX}{}", URL_SAFE_NO_PAD.encode(packed));
    match fragment.len() > LONGEST_MADE {
        true => Err(TooLong::Link { characters: fragment.len() }),
        false => Ok(fragment),
    }
}

/// Reads a fragment, with or without its number sign.
pub fn read(fragment: &str) -> Result<Link, LinkError> {
    let repaired = repair(fragment);
    let body = repaired.trim_start_matches('#').trim_start_matches('/');
    let body = body.split('&').next().unwrap_or(body);
    if body.is_empty() || body == "draft" {
        return Ok(Link::Nothing);
    }
    let Some(payload) = body.strip_prefix(PREFIX) else {
        return Err(unknown(body));
    };
    let incomplete = LinkError::Incomplete { characters: body.len() };
    if body.len() > LONGEST_READ {
        return Err(LinkError::TooLarge {
            what: format!("{} characters, and {LONGEST_READ} is the limit", body.len()),
        });
    }
    let packed = URL_SAFE_NO_PAD.decode(payload).map_err(|_| incomplete.clone())?;
    let bytes = decompress_to_vec_zlib_with_limit(&packed, LARGEST).map_err(|error| match error.status {
        TINFLStatus::FailedCannotMakeProgress | TINFLStatus::NeedsMoreInput => incomplete.clone(),
        TINFLStatus::HasMoreOutput => {
            LinkError::TooLarge { what: format!("it unpacks to more than {} kB", LARGEST / 1024) }
        }
        _ => LinkError::Damaged,
    })?;
    let text = String::from_utf8(bytes).map_err(|_| LinkError::Damaged)?;
    let text = without_sum(text).ok_or(LinkError::Damaged)?;
    let opened = file::read(&text).map_err(|error| match error {
        FileError::Malformed(_) => LinkError::Damaged,
        FileError::Newer { version } => LinkError::Newer { what: format!("scenario version {version}") },
    })?;
    if let Some(count) = n_items(&opened.draft).filter(|n| *n > MOST_ITEMS) {
        return Err(LinkError::TooLarge { what: format!("{count} items, and {MOST_ITEMS} is the limit") });
    }
    if let Some(length) = longest_text(&opened.draft).filter(|n| *n > LONGEST_TEXT) {
        let what = format!("a text of {length} characters, and {LONGEST_TEXT} is the limit");
        return Err(LinkError::TooLarge { what });
    }
    Ok(Link::Scenario(Box::new(opened)))
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
    !bytes.iter().fold(u32::MAX, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| (sum >> 1) ^ (0xEDB8_8320 * (sum & 1)))
    })
}

/// Takes back what mail and chat programs do to links: escapes, and punctuation stuck to the end.
fn repair(fragment: &str) -> String {
    let unescaped = fragment
        .replace("%25", "%")
        .replace("%23", "#")
        .replace("%2F", "/")
        .replace("%2f", "/")
        .replace("%3D", "=")
        .replace("%26", "&");
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
        false => LinkError::Incomplete { characters: body.len() },
    }
}

fn n_items(draft: &Draft) -> Option<usize> {
    [draft.sectioning.sections.len(), draft.map_reduce.documents.len(), draft.voting.options.len()]
        .into_iter()
        .max()
}

fn longest_text(draft: &Draft) -> Option<usize> {
    let Draft { sectioning, voting, map_reduce, .. } = draft;
    let prompts = [
        &sectioning.section_prompt,
        &sectioning.synthesis_prompt,
        &voting.prompt,
        &map_reduce.map_prompt,
        &map_reduce.reduce_prompt,
    ];
    let texts = [&draft.title, &draft.note, &draft.model, &sectioning.topic, &voting.question];
    texts
        .into_iter()
        .chain(prompts.into_iter().flat_map(|prompt| [&prompt.system, &prompt.user]))
        .chain(sectioning.sections.iter().flat_map(|section| [&section.name, &section.brief]))
        .chain(voting.options.iter())
        .chain(map_reduce.documents.iter().flat_map(|document| [&document.id, &document.text]))
        .map(|text| text.chars().count())
        .max()
}
