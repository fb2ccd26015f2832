//! The names of a text, told from their capitals.

use super::word::{Reading, Word};
use crate::engine::fnv::fnv1a_on;

/// The most words of a name; a longer run of capitals is taken for several.
pub const MOST_WORDS: usize = 5;

/// Words that stand together.
#[derive(Clone, Copy)]
pub struct Name<'a> {
    pub text: &'a str,
    /// The same whatever the case and the signs between the words.
    pub key: u64,
    /// The key of its last word, where it has more than one and that is no number.
    pub surname: Option<u64>,
}

/// A run of capitalised words.
pub enum Run<'a> {
    Name(Name<'a>),
    /// At the start of a sentence, where every word has a capital: a name if it is one elsewhere, else
    /// what is behind its first word is one.
    Start {
        whole: Option<Name<'a>>,
        rest: Option<Name<'a>>,
    },
}

/// The runs of capitalised words, acronyms and names like `iPhone` and `GPT-4`. Without case, as in
/// Arabic or Chinese, there are none; German nouns all count.
pub fn runs<'a>(reading: &Reading<'a>) -> Vec<Run<'a>> {
    let mut runs = Vec::new();
    let mut next = 0;
    while let Some(word) = reading.words.get(next) {
        let first = next;
        next += 1;
        if word.n_capitals == 0 || word.n_digits > 0 {
            continue;
        }
        while next - first < MOST_WORDS && goes_on(reading, next) {
            next += 1;
        }
        let whole = name(reading, first, next);
        let with_number = reading.words[first..next].iter().any(|word| word.n_digits > 0);
        if with_number || is_odd(reading, word) || is_inside(reading, first) {
            runs.extend(whole.map(Run::Name));
        } else {
            runs.push(Run::Start { whole, rest: name(reading, first + 1, next) });
        }
    }
    runs
}

/// The key of words in this order; that of one is its hash.
pub fn key(words: &[Word]) -> u64 {
    words.iter().fold(0, with)
}

/// The keys of all runs of words that are no longer than a name, sorted.
pub fn keys(words: &[Word]) -> Vec<u64> {
    let mut keys = Vec::with_capacity(words.len() * MOST_WORDS);
    for start in 0..words.len() {
        let mut key = 0;
        for word in words[start..].iter().take(MOST_WORDS) {
            key = with(key, word);
            keys.push(key);
        }
    }
    keys.sort_unstable();
    keys
}

/// The key of what has this key with a word behind it.
fn with(key: u64, word: &Word) -> u64 {
    match key {
        0 => word.hash,
        _ => fnv1a_on(key, word.hash.to_le_bytes().into_iter()),
    }
}

fn name<'a>(reading: &Reading<'a>, first: usize, next: usize) -> Option<Name<'a>> {
    let words = reading.words.get(first..next)?;
    let (head, last) = (words.first()?, words.last()?);
    // A letter alone is a pronoun, an initial, a label.
    if words.len() == 1 && head.n_letters == 1 {
        return None;
    }
    let has_surname = words.len() > 1 && last.n_digits == 0 && last.n_letters > 1;
    Some(Name {
        text: reading.text.get(head.start..last.end)?,
        key: key(words),
        surname: has_surname.then_some(last.hash),
    })
}

/// Whether a word belongs to the name of the words before.
fn goes_on(reading: &Reading, at: usize) -> bool {
    let (Some(before), Some(word)) = (reading.words.get(at.wrapping_sub(1)), reading.words.get(at)) else {
        return false;
    };
    let capital = word.n_capitals > 0 && word.n_digits == 0;
    match reading.gap(at) {
        " " | "\u{a0}" | "'" | "’" | "." | "&" => capital,
        "-" | "‑" => capital || word.n_digits > 0,
        // After an initial.
        ". " => capital && before.n_letters == 1,
        _ => false,
    }
}

/// Whether no plain word is written like this: with a second capital, a capital inside, or a digit.
fn is_odd(reading: &Reading, word: &Word) -> bool {
    let text = reading.text.get(word.start..word.end).unwrap_or_default();
    word.n_capitals > 1 || !word.starts_capital || text.contains(|c: char| c.is_ascii_digit())
}

/// Whether a word stands inside a sentence, by what is between it and the word before.
fn is_inside(reading: &Reading, at: usize) -> bool {
    let joins = |c| matches!(c, ' ' | '\u{a0}' | ',' | '-' | '‑' | '/' | '\'' | '’' | '&' | '*' | '_');
    at > 0 && reading.gap(at).chars().all(joins)
}
