//! The words of a text, and what their letters tell.

use std::iter::empty;

use crate::engine::cluster::is_mark;
use crate::engine::fnv::{fnv1a, fnv1a_on};
use crate::host;

/// A text and its words.
pub struct Reading<'a> {
    pub text: &'a str,
    pub words: Vec<Word>,
}

/// A run of letters and digits with their marks. Where a script has no spaces, each two neighbouring
/// characters are a word, as search engines have it.
pub struct Word {
    pub start: usize,
    pub end: usize,
    /// The same whatever the case.
    pub hash: u64,
    /// Letters and digits, without marks.
    pub n_letters: u32,
    pub n_capitals: u32,
    pub starts_capital: bool,
    /// Digits it begins with.
    pub n_digits: u32,
    unspaced: bool,
}

impl<'a> Reading<'a> {
    pub fn of(text: &'a str) -> Self {
        let lower = host::lower(text);
        let mut lowers = lower.chars();
        let mut words: Vec<Word> = Vec::new();
        for (at, c) in text.char_indices() {
            let low = lowers.next().unwrap_or(c);
            // The one character that is two in lower case.
            if c == 'İ' {
                lowers.next();
            }
            let is_letter = c.is_alphanumeric();
            let mark = is_mark(c);
            let unspaced = !mark && is_unspaced(c);
            let goes_on = words
                .last()
                .is_some_and(|word| word.end == at && (mark || is_letter && unspaced == word.unspaced));
            let starts = is_letter && (unspaced || !goes_on);
            if starts {
                words.push(Word::at(at, unspaced));
            }
            for word in words.iter_mut().rev().take(usize::from(goes_on) + usize::from(starts)) {
                word.add(c, low, is_letter);
            }
        }
        Reading { text, words }
    }

    /// What stands between a word and the one before.
    pub fn gap(&self, word: usize) -> &'a str {
        let start = match word.checked_sub(1).and_then(|before| self.words.get(before)) {
            Some(before) => before.end,
            None => 0,
        };
        let end = self.words.get(word).map_or(self.text.len(), |word| word.start);
        self.text.get(start..end).unwrap_or_default()
    }
}

impl Word {
    fn at(start: usize, unspaced: bool) -> Self {
        Word {
            start,
            end: start,
            hash: fnv1a(empty()),
            n_letters: 0,
            n_capitals: 0,
            starts_capital: false,
            n_digits: 0,
            unspaced,
        }
    }

    fn add(&mut self, c: char, low: char, is_letter: bool) {
        let capital = low != c;
        self.starts_capital |= capital && self.n_letters == 0;
        self.n_digits += u32::from(self.n_digits == self.n_letters && digit(c).is_some());
        self.n_letters += u32::from(is_letter);
        self.n_capitals += u32::from(capital);
        self.end += c.len_utf8();
        self.hash = fnv1a_on(self.hash, low.encode_utf8(&mut [0; 4]).bytes());
    }

    /// Whether it says something by itself: a number, or a word that is not short.
    pub fn has_content(&self) -> bool {
        self.n_digits > 0 || self.n_letters >= if self.unspaced { 2 } else { 4 }
    }
}

/// The value of a digit: of the ASCII ones, Arabic, Persian, Devanagari and full-width ones.
pub fn digit(c: char) -> Option<u32> {
    let zeros = [0x30, 0x660, 0x6F0, 0x966, 0xFF10];
    zeros.iter().filter_map(|zero| u32::from(c).checked_sub(*zero)).find(|value| *value < 10)
}

/// Letters of scripts that put no space between words: Thai, Lao, Burmese, Khmer, Chinese, Japanese.
fn is_unspaced(c: char) -> bool {
    matches!(
        u32::from(c),
        0xE00..=0xEFF | 0x1000..=0x109F | 0x1780..=0x17FF | 0x2E80..=0x9FFF | 0xF900..=0xFAFF
            | 0xFF66..=0xFF9D | 0x20000..=0x3FFFF
    )
}
