//! Where the sentences of a text end.

use super::cluster::is_mark;

/// The ends of a text's sentences as offsets in bytes, ascending; the last is the end of the text. A
/// line break ends a sentence too; a dot inside a number or after an initial does not. Quotes and
/// brackets that close right after the end belong to the sentence.
pub fn sentence_ends(text: &str) -> Vec<usize> {
    let mut ends = Vec::new();
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let spaced = match c {
            '\n' => {
                let line = &text[..at];
                ends.push(line.strip_suffix('\r').unwrap_or(line).len());
                continue;
            }
            '.' | '!' | '?' | ';' | '…' | '؟' | '۔' => true,
            '。' | '！' | '？' | '।' | '॥' => false,
            _ => continue,
        };
        while chars.next_if(|(_, next)| closes(*next, spaced) || is_mark(*next)).is_some() {}
        let next = chars.peek().copied();
        let apart = next.is_none_or(|(_, next)| next.is_whitespace());
        if !spaced || apart && !(c == '.' && ends_in_initial(&text[..at])) {
            ends.push(next.map_or(text.len(), |(at, _)| at));
        }
    }
    if ends.last() != Some(&text.len()) {
        ends.push(text.len());
    }
    ends
}

/// Whether a character closes a quote, a bracket or an emphasis. Germans close with the quote that opens
/// elsewhere: it closes where a space has to follow.
fn closes(c: char, spaced: bool) -> bool {
    match c {
        ')' | ']' | '"' | '\'' | '”' | '’' | '»' | '*' | '_' => true,
        '）' | '】' | '》' | '」' | '』' => true,
        '“' | '«' => spaced,
        _ => false,
    }
}

/// A single capital before the dot abbreviates a name.
fn ends_in_initial(text: &str) -> bool {
    let mut backwards = text.chars().rev();
    backwards.next().is_some_and(|c| c.is_ascii_uppercase())
        && backwards.next().is_none_or(|before| !before.is_alphanumeric())
}
