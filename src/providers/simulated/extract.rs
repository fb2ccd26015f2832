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

/// The `n` weightiest sentences in the order of the text. `shake` gives each sentence a factor, so
/// that two readers of the same text need not agree on all of them.
pub fn weightiest(text: &str, n: usize, mut shake: impl FnMut(usize) -> f64) -> Vec<&str> {
    let sentences = sentences(text);
    let mut all: Vec<u64> = content_words(text).collect();
    all.sort_unstable();
    let count =
        |word: u64| all.partition_point(|other| *other <= word) - all.partition_point(|other| *other < word);
    let mut weights: Vec<Option<u64>> = sentences
        .iter()
        .enumerate()
        .map(|(i, sentence)| {
            let (mut n, mut sum) = (0, 0);
            for word in content_words(sentence) {
                n += 1;
                sum += count(word);
            }
            // Dividing by the root keeps long sentences from always winning.
            let weight = sum as f64 / f64::from(n.max(4)).sqrt();
            // The bits of positive floats stand in the order of the floats.
            Some((weight * shake(i)).max(0.0).to_bits())
        })
        .collect();
    for _ in 0..n {
        // The last of the greatest from the back: of equal ones the first.
        if let Some(heaviest) = weights.iter_mut().rev().max() {
            *heaviest = None;
        }
    }
    let kept = sentences.into_iter().zip(weights).filter(|(_, weight)| weight.is_none());
    kept.map(|(sentence, _)| sentence).collect()
}

/// Words of at least four bytes, which in most scripts but Latin is two letters, each as a hash that
/// ASCII capitals do not change: short words say little.
fn content_words(text: &str) -> impl Iterator<Item = u64> + '_ {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| word.len() >= 4)
        .map(|word| fnv1a(word.bytes().map(|byte| byte.to_ascii_lowercase())))
}
