//! Splitting a document into pieces that are summarised apart.

use std::mem::replace;

use crate::engine::call::TOKEN_BYTES;
use crate::engine::cluster::first_cluster;
use crate::engine::sentence::sentence_ends;

/// What a piece is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// As much as the limit allows, cut at white space where some is near.
    Tokens,
    /// As many whole sentences as the limit allows.
    Sentences,
    /// The text under one heading of Markdown.
    Headings,
}

/// How a document is split.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Split {
    pub by: Unit,
    /// The most tokens of a piece, by the estimate of a call.
    pub most_tokens: u32,
}

/// The pieces of a text in its order: all of it but white space at the cuts. A text within the limit is
/// one piece. A unit over the limit is cut by the next smaller one; what people count as one character
/// never is, and may exceed the limit.
pub fn split(text: &str, split: Split) -> Vec<&str> {
    let text = text.trim_end();
    let most = (split.most_tokens as usize).saturating_mul(TOKEN_BYTES);
    let mut pieces = Vec::new();
    match split.by {
        Unit::Tokens => fill(text, most, &[], &mut pieces),
        Unit::Sentences => fill(text, most, &sentence_ends(text), &mut pieces),
        Unit::Headings if text.len() <= most => fill(text, most, &[], &mut pieces),
        Unit::Headings => {
            let mut sections = sections(text).into_iter().peekable();
            while let Some(Section { start, title_end }) = sections.next() {
                let section = &text[start..sections.peek().map_or(text.len(), |next| next.start)];
                let title = title_end - start;
                let body = title + space(&section[title..]);
                let mut ends = sentence_ends(section);
                // A heading does not stand alone.
                ends.retain(|end| *end > body);
                fill(section, most, &ends, &mut pieces);
            }
        }
    }
    pieces
}

/// Adds pieces that end at the last of `ends` within the limit, and where there is none anywhere.
fn fill<'a>(text: &'a str, most: usize, ends: &[usize], pieces: &mut Vec<&'a str>) {
    let text = text.trim_end();
    let mut start = 0;
    loop {
        start += space(&text[start..]);
        let rest = &text[start..];
        if rest.is_empty() {
            return;
        }
        let within = ends.partition_point(|end| *end <= start.saturating_add(most));
        let end = match ends[..within].last() {
            _ if rest.len() <= most => text.len(),
            Some(end) if *end > start => *end,
            _ => start + cut(rest, most),
        };
        pieces.push(text[start..end].trim_end());
        start = end;
    }
}

/// Bytes of white space that a text begins with. A space that carries a mark is none.
fn space(text: &str) -> usize {
    let mut at = 0;
    loop {
        let n = first_cluster(&text[at..]);
        if n == 0 || !text[at..at + n].trim_end().is_empty() {
            return at;
        }
        at += n;
    }
}

/// Where a text over the limit is cut: at the last white space of the limit's second half, else between
/// characters.
fn cut(text: &str, most: usize) -> usize {
    let mut at = 0;
    let mut last_space = None;
    loop {
        let next = at + first_cluster(&text[at..]);
        if at > most / 2 && text[at..next].trim_end().is_empty() {
            last_space = Some(at);
        }
        if at == 0 && next > most {
            return next;
        }
        if next > most {
            return last_space.unwrap_or(at);
        }
        at = next;
    }
}

/// A heading and what is under it, or what is before the first heading.
struct Section {
    start: usize,
    title_end: usize,
}

/// What a line of Markdown is.
enum Line<'a> {
    /// `# Title`
    Title,
    /// `===` or `---`: makes a paragraph of one line a heading.
    Underline,
    /// Three or more of "`" or `~`: code, until the same stand alone.
    Fence {
        run: &'a str,
        alone: bool,
    },
    Text,
    /// Text that no underline makes a heading: of a list, a quote, a table, indented.
    Item,
    Blank,
}

/// What the lines above mean for the next.
#[derive(Clone, Copy)]
enum Above<'a> {
    Nothing,
    /// A line that may be underlined, and whether there are only headings before it in its section.
    Line {
        start: usize,
        bare: bool,
    },
    Paragraph,
    Code {
        run: &'a str,
    },
}

/// The sections of a text in Markdown; a heading with nothing under it goes with the next.
fn sections(text: &str) -> Vec<Section> {
    let mut sections = vec![Section { start: 0, title_end: 0 }];
    let mut above = Above::Nothing;
    // Whether there are only headings in the section so far.
    let mut bare = true;
    let mut end = 0;
    for line in text.split_inclusive('\n') {
        let start = end;
        end += line.len();
        let mut heading = None;
        above = match (above, read(line)) {
            (Above::Code { run: opened }, Line::Fence { run, alone: true }) if run.starts_with(opened) => {
                Above::Nothing
            }
            (Above::Code { run }, _) => Above::Code { run },
            (Above::Line { start, bare }, Line::Underline) => {
                heading = Some((start, bare));
                Above::Nothing
            }
            (_, Line::Title) => {
                heading = Some((start, bare));
                Above::Nothing
            }
            (_, Line::Underline | Line::Blank) => Above::Nothing,
            (Above::Nothing, Line::Text) => Above::Line { start, bare: replace(&mut bare, false) },
            (_, line) => {
                bare = false;
                match line {
                    Line::Fence { run, .. } => Above::Code { run },
                    _ => Above::Paragraph,
                }
            }
        };
        let Some((start, after_heading)) = heading else { continue };
        bare = true;
        match sections.last_mut() {
            Some(section) if after_heading => section.title_end = end,
            _ => sections.push(Section { start, title_end: end }),
        }
    }
    sections
}

fn read(line: &str) -> Line<'_> {
    let line = line.trim_end();
    let text = line.trim_start_matches(' ');
    let Some(first) = text.chars().next() else { return Line::Blank };
    if line.len() - text.len() > 3 {
        return Line::Item;
    }
    let rest = text.trim_start_matches(first);
    let run = &text[..text.len() - rest.len()];
    match (first, run.len()) {
        ('#', 1..=6) if rest.is_empty() || rest.starts_with([' ', '\t']) => Line::Title,
        ('=' | '-', 2..) if rest.is_empty() => Line::Underline,
        ('~', 3..) | ('`', 3..) if first == '~' || !rest.contains('`') => {
            Line::Fence { run, alone: rest.is_empty() }
        }
        ('-' | '+' | '*', 1) if rest.starts_with(' ') => Line::Item,
        ('>' | '|' | '\t', _) => Line::Item,
        _ => Line::Text,
    }
}
