//! Summaries by extraction: the sentences that carry most of a text's frequent words, as they stand.

use std::collections::HashMap;

/// The sentences of a text, trimmed. A line break ends a sentence too; a dot inside a number or
/// after an initial does not.
pub fn sentences(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    for line in text.lines() {
        let mut start = 0;
        let mut chars = line.char_indices().peekable();
        while let Some((at, c)) = chars.next() {
            let spaced = chars.peek().is_none_or(|(_, next)| next.is_whitespace());
            let ends = match c {
                '.' | '!' | '?' | ';' => spaced && !ends_in_initial(&line[start..at]),
                '。' | '！' | '？' => true,
                _ => false,
            };
            if ends {
                let end = at + c.len_utf8();
                push_trimmed(&mut found, &line[start..end]);
                start = end;
            }
        }
        push_trimmed(&mut found, &line[start..]);
    }
    found
}

/// A single capital before the dot abbreviates a name.
fn ends_in_initial(text: &str) -> bool {
    let mut backwards = text.chars().rev();
    backwards.next().is_some_and(|c| c.is_ascii_uppercase())
        && backwards.next().is_none_or(|before| !before.is_alphanumeric())
}

fn push_trimmed<'a>(sentences: &mut Vec<&'a str>, piece: &'a str) {
    let piece = piece.trim();
    if piece.chars().any(char::is_alphanumeric) {
        sentences.push(piece);
    }
}

/// The `n` weightiest sentences in the order of the text. `shake` gives each sentence a factor, so
/// that two readers of the same text need not agree on all of them.
pub fn weightiest(text: &str, n: usize, mut shake: impl FnMut(usize) -> f64) -> Vec<&str> {
    let sentences = sentences(text);
    let mut counts: HashMap<String, u32> = HashMap::new();
    for word in content_words(text) {
        *counts.entry(word).or_default() += 1;
    }
    let mut weights: Vec<Option<u64>> = sentences
        .iter()
        .enumerate()
        .map(|(i, sentence)| {
            let words: Vec<String> = content_words(sentence).collect();
            let sum: u32 = words.iter().filter_map(|word| counts.get(word)).sum();
            // Dividing by the root keeps long sentences from always winning.
            let weight = f64::from(sum) / libm::sqrt(words.len().max(4) as f64);
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

/// Words of at least four letters, in lower case: short ones say little in most languages.
fn content_words(text: &str) -> impl Iterator<Item = String> + '_ {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| word.chars().count() >= 4 || !word.is_ascii())
        .map(str::to_lowercase)
}
