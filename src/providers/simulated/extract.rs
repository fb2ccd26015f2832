//! Summaries by extraction: the sentences that carry most of a text's frequent words, as they stand.

use std::mem::replace;

use crate::engine::fnv::fnv1a;
use crate::engine::sentence::sentence_ends;

/// The sentences of a text, trimmed; what has no letter and no digit is none.
pub fn sentences(text: &str) -> Vec<&str> {
    let mut start = 0;
    let pieces = sentence_ends(text).into_iter().map(|end| text[replace(&mut start, end)..end].trim());
    pieces.filter(|piece| piece.chars().any(char::is_alphanumeric)).collect()
}

/// The `n` weightiest sentences in the order of the text.
pub fn weightiest(text: &str, n: usize, shake: impl FnMut(usize) -> f64) -> Vec<&str> {
    Weighed::of(text, shake).heaviest(n)
}

/// The sentences of a text, and the weight of each.
pub struct Weighed<'a> {
    sentences: Vec<&'a str>,
    /// The bits of positive floats, which stand in the order of the floats.
    weights: Vec<u64>,
}

impl<'a> Weighed<'a> {
    /// `shake` gives each sentence a factor, so that two readers of the same text need not agree on all
    /// of them.
    pub fn of(text: &'a str, mut shake: impl FnMut(usize) -> f64) -> Self {
        let sentences = sentences(text);
        let mut words: Vec<u64> = Vec::new();
        let mut ends = Vec::with_capacity(sentences.len());
        for sentence in &sentences {
            words.extend(content_words(sentence));
            ends.push(words.len());
        }
        let mut sorted = words.clone();
        sorted.sort_unstable();
        let count = |word: &u64| {
            sorted.partition_point(|other| other <= word) - sorted.partition_point(|other| other < word)
        };
        let mut start = 0;
        let weigh = |(i, end): (usize, usize)| {
            let own = words.get(replace(&mut start, end)..end).unwrap_or_default();
            let sum: usize = own.iter().map(count).sum();
            // Dividing by the root keeps long sentences from always winning.
            let weight = sum as f64 / (own.len().max(4) as f64).sqrt();
            (weight * shake(i)).max(0.0).to_bits()
        };
        let weights = ends.into_iter().enumerate().map(weigh).collect();
        Weighed { sentences, weights }
    }

    pub fn n_sentences(&self) -> usize {
        self.sentences.len()
    }

    /// The `n` weightiest, in the order of the text.
    pub fn heaviest(&self, n: usize) -> Vec<&'a str> {
        let mut weights: Vec<Option<u64>> = self.weights.iter().copied().map(Some).collect();
        for _ in 0..n {
            // The last of the greatest from the back: of equal ones the first.
            if let Some(heaviest) = weights.iter_mut().rev().max() {
                *heaviest = None;
            }
        }
        let kept = self.sentences.iter().zip(weights).filter(|(_, weight)| weight.is_none());
        kept.map(|(sentence, _)| *sentence).collect()
    }
}

/// Words of at least four bytes, which in most scripts but Latin is two letters, each as a hash that
/// ASCII capitals do not change: short words say little.
fn content_words(text: &str) -> impl Iterator<Item = u64> + '_ {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| word.len() >= 4)
        .map(|word| fnv1a(word.bytes().map(|byte| byte.to_ascii_lowercase())))
}
