//! The numbers of a text.

use super::word::{Reading, digit};
use crate::engine::fnv::fnv1a;

/// A number as it stands.
pub struct Number<'a> {
    pub text: &'a str,
    /// The same however its thousands are separated and its decimals; with its sign and its per cent.
    pub key: u64,
}

/// The numbers written in digits, years and ordinals too. No numbers are those of a list at the start of
/// a line, and those that a word or a name carries: `H2O`, `GPT-4`.
pub fn numbers<'a>(reading: &Reading<'a>) -> Vec<Number<'a>> {
    let mut numbers = Vec::new();
    let words = &reading.words;
    let mut next = 0;
    while let Some(word) = words.get(next) {
        let first = next;
        next += 1;
        if word.n_digits == 0 || carried(reading, first) || numbers_a_list(reading, first) {
            continue;
        }
        while is_joined(reading, next) {
            next += 1;
        }
        match style(reading, first, next) {
            Style::Whole => numbers.extend(number(reading, first, next, next)),
            Style::Decimal => numbers.extend(number(reading, first, next, next - 1)),
            Style::Apart => {
                numbers.extend((first..next).filter_map(|at| number(reading, at, at + 1, at + 1)))
            }
        }
    }
    numbers
}

/// How digits with single signs between them are read.
enum Style {
    /// The signs stand between thousands.
    Whole,
    /// The last sign stands before decimals.
    Decimal,
    /// A date, a version, a list.
    Apart,
}

/// Whether the digits of a word are the tail of a name.
fn carried(reading: &Reading, at: usize) -> bool {
    let before = at.checked_sub(1).and_then(|before| reading.words.get(before));
    before.is_some_and(|before| before.n_capitals > 0) && matches!(reading.gap(at), "-" | "‑")
}

/// Whether digits number a line: `1.` or `2)` at its start, with something behind it.
fn numbers_a_list(reading: &Reading, at: usize) -> bool {
    let Some(word) = reading.words.get(at) else { return false };
    let mut behind = reading.gap(at + 1).chars();
    word.n_digits == word.n_letters
        && word.n_digits <= 3
        && (at == 0 || reading.gap(at).contains('\n'))
        && matches!(behind.next(), Some('.' | ')'))
        && matches!(behind.next(), Some(' ' | '\t'))
}

/// Whether a word goes on with the digits of the one before.
fn is_joined(reading: &Reading, at: usize) -> bool {
    let before = at.checked_sub(1).and_then(|before| reading.words.get(before));
    before.is_some_and(|before| before.n_digits == before.n_letters)
        && reading.words.get(at).is_some_and(|word| word.n_digits > 0)
        && matches!(reading.gap(at), "," | "." | "'" | "’" | "٬" | "٫" | "\u{a0}" | "\u{2009}" | "\u{202f}")
}

fn style(reading: &Reading, first: usize, next: usize) -> Style {
    let last_sign = reading.gap(next - 1);
    let sign = reading.gap(first + 1);
    let uniform = (first + 1..next - 1).all(|at| reading.gap(at) == sign);
    // One sign may be any; a point alone stands before decimals, as in English.
    let thousands = match next - first {
        1 => return Style::Whole,
        2 => !matches!(sign, "." | "٫"),
        _ => uniform && sign == last_sign,
    };
    if thousands && grouped(reading, first, next) {
        return Style::Whole;
    }
    let decimals = matches!(last_sign, "." | "," | "٫") && (next - first == 2 || sign != last_sign);
    match decimals && uniform && grouped(reading, first, next - 1) {
        true => Style::Decimal,
        false => Style::Apart,
    }
}

/// Whether digits stand in threes behind the first, or in twos before the last three, as in India.
fn grouped(reading: &Reading, first: usize, next: usize) -> bool {
    match reading.words.get(first..next) {
        Some([_]) => true,
        Some([head, middle @ .., last]) => {
            head.n_digits <= 3
                && !reading.text[head.start..].starts_with('0')
                && middle.iter().all(|word| matches!(word.n_digits, 2 | 3))
                && last.n_digits == 3
        }
        _ => false,
    }
}

/// The number of these words, with a point before the word `point`.
fn number<'a>(reading: &Reading<'a>, first: usize, next: usize, point: usize) -> Option<Number<'a>> {
    let text = reading.text;
    let words = reading.words.get(first..next)?;
    let (mut start, mut end) = (words.first()?.start, words.last()?.end);
    let mut digits = String::new();
    for (word, at) in words.iter().zip(first..) {
        if at == point {
            digits.push_str(if digits.is_empty() { "0." } else { "." });
        }
        let values = text[word.start..word.end].chars().filter_map(digit);
        for value in values.take(word.n_digits as usize) {
            // Dates have zeros in front, or have not.
            if value > 0 || !digits.is_empty() {
                digits.push(char::from(b'0' + value as u8));
            }
        }
    }
    if digits.is_empty() {
        digits.push('0')
    }
    if let Some(before) = text[..start].strip_suffix(['-', '−'])
        && (before.is_empty() || before.ends_with(|c: char| c.is_whitespace() || c == '('))
    {
        start = before.len();
        digits.insert(0, '-');
    }
    if let Some(behind) = percent(&text[end..]) {
        end = text.len() - behind.len();
        digits.push('%');
    }
    Some(Number { text: &text[start..end], key: fnv1a(digits.bytes()) })
}

/// What is behind the sign for per cent, where a text begins with one.
fn percent(text: &str) -> Option<&str> {
    let text = text.trim_start_matches([' ', '\u{a0}', '\u{202f}']);
    let word = || text.strip_prefix("percent").or_else(|| text.strip_prefix("per cent"));
    text.strip_prefix(['%', '٪', '％'])
        .or_else(|| word().filter(|rest| !rest.starts_with(char::is_alphanumeric)))
}
