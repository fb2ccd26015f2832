//! How an answer becomes the key it is counted under, or an abstention.

use crate::host;

/// What two answers may differ in and still be the same. Spaces never matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reading {
    /// Capital letters are small ones.
    pub case: bool,
    /// Punctuation at the ends does not matter. The sign of a number and the signs of a name such as
    /// C++ are no punctuation.
    pub punctuation: bool,
    /// An answer whose only digits are one number is that number: 1,200.50 € is 1200.5. For
    /// questions whose answer is a number; units and words beside it do not matter.
    pub number: bool,
    /// An answer is the option it names.
    pub options: bool,
}

/// Whole answers that are none, case and punctuation aside.
const NO_ANSWER: [&str; 13] = [
    "abstain",
    "i abstain",
    "i don't know",
    "i do not know",
    "don't know",
    "unknown",
    "unsure",
    "not sure",
    "no answer",
    "none",
    "n/a",
    "cannot tell",
    "can't tell",
];

impl Default for Reading {
    /// Everything but numbers, which would make one answer of “Paris in 1900” and “London in 1900”.
    fn default() -> Self {
        Reading { case: true, punctuation: true, number: false, options: true }
    }
}

/// Reads answers to a question whose options were read once for all of them.
pub struct Reader<'a> {
    reading: Reading,
    options: &'a [String],
    /// Of those that an answer may name.
    named: Vec<Named<'a>>,
}

struct Named<'a> {
    option: &'a str,
    words: String,
    value: Option<String>,
}

impl Reading {
    /// What reads answers to a question with these options.
    pub fn of(self, options: &[String]) -> Reader<'_> {
        let named = |option| Named { option, words: self.words(option), value: self.value(option) };
        let named = options.iter().filter(|_| self.options).map(|option| named(option)).collect();
        Reader { reading: self, options, named }
    }

    fn words(self, answer: &str) -> String {
        let text = if self.case { host::lower(answer) } else { answer.to_string() };
        if self.punctuation { without_ends(&text) } else { single_spaced(&text) }
    }

    fn value(self, answer: &str) -> Option<String> {
        if self.number { number(answer) } else { None }
    }
}

impl<'a> Reader<'a> {
    /// The key an answer is counted under; none for an abstention.
    pub fn key(&self, answer: &str) -> Option<String> {
        if is_abstention(answer, self.options) {
            return None;
        }
        let (words, value) = (self.reading.words(answer), self.reading.value(answer));
        Some(match self.meant(&words, &value) {
            Some(named) => named.words.clone(),
            None => value.unwrap_or(words),
        })
    }

    /// What is shown for an answer: the option it means, or its own words.
    pub fn shown<'s>(&self, answer: &'s str) -> &'s str
    where
        'a: 's,
    {
        let meant = self.meant(&self.reading.words(answer), &self.reading.value(answer));
        meant.map_or(answer.trim(), |named| named.option)
    }

    /// The same text, or else the only option mentioned as a whole word, or else the only one with
    /// the same number.
    fn meant(&self, words: &str, value: &Option<String>) -> Option<&Named<'a>> {
        if let Some(same) = self.named.iter().find(|named| named.words == words) {
            return Some(same);
        }
        let mut same_number = Vec::new();
        let mut mentioned = Vec::new();
        for named in &self.named {
            let has_number = value.is_some() && named.value.is_some();
            if has_number && named.value == *value {
                same_number.push(named);
            }
            // The 200 in 1’200 is no mention of the option 200.
            if mentions(words, &named.words) && (!has_number || named.value == *value) {
                mentioned.push(named);
            }
        }
        let candidates = if mentioned.is_empty() { same_number } else { mentioned };
        match candidates[..] {
            [only] => Some(only),
            _ => None,
        }
    }
}

/// Whether an answer is none. One that is an option word for word is an answer; a mention is not
/// enough, for “no answer” mentions “no”.
fn is_abstention(answer: &str, options: &[String]) -> bool {
    let plain = |text: &str| Reading::default().words(&text.replace('’', "'"));
    let said = plain(answer);
    (said.is_empty() || NO_ANSWER.contains(&said.as_str()))
        && !options.iter().any(|option| plain(option) == said)
}

fn without_ends(text: &str) -> String {
    let text = text.replace('−', "-");
    let outer = |c: char| !c.is_alphanumeric();
    let from = text.trim_start_matches(outer);
    let inner = from.trim_end_matches(outer);
    if inner.is_empty() {
        // An answer of nothing but punctuation stays what it is.
        return single_spaced(&text);
    }
    let before = &text[..text.len() - from.len()];
    let behind = &from[inner.len()..];
    let negative = before.ends_with('-') && inner.starts_with(is_digit);
    let signs = behind.len() - behind.trim_start_matches(['+', '#']).len();
    format!("{}{}", if negative { "-" } else { "" }, single_spaced(&from[..inner.len() + signs]))
}

fn single_spaced(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn is_digit(c: char) -> bool {
    c.is_ascii_digit()
}

fn mentions(text: &str, word: &str) -> bool {
    let within_number = |c: char| matches!(c, '-' | '.' | ',') && word.starts_with(is_digit);
    !word.is_empty()
        && text.match_indices(word).any(|(at, _)| {
            let before = text[..at].chars().next_back();
            let mut behind = text[at + word.len()..].chars();
            let after = behind.next();
            let goes_on = after.is_some_and(within_number) && behind.next().is_some_and(is_digit);
            !before.is_some_and(|c| c.is_alphanumeric() || within_number(c))
                && !after.is_some_and(|c| c.is_alphanumeric() || matches!(c, '+' | '#'))
                && !goes_on
        })
}

/// The one number a text holds, as digits without separators and needless zeros. None where its
/// digits are anything else: several numbers, a date, 1e5, the 2 of CO2, a decimal comma.
fn number(text: &str) -> Option<String> {
    let at = text.find(is_digit)?;
    let digits_to = text.rfind(is_digit)? + 1;
    let (mut before, body) = (&text[..at], &text[at..digits_to]);
    let (mut whole, mut fraction) = body.split_once('.').unwrap_or((body, ""));
    if let Some(rest) = before.strip_suffix('.')
        && !rest.ends_with(|c: char| c.is_alphanumeric() || c == '.')
    {
        // .5 is a half, but No.5 and the end of an ellipsis are not.
        (before, whole, fraction) = (rest, "", body);
    }
    let whole = joined_groups(whole)?;
    if before.ends_with(char::is_alphanumeric) || !fraction.chars().all(is_digit) {
        return None;
    }
    let (whole, fraction) = (whole.trim_start_matches('0'), fraction.trim_end_matches('0'));
    let mut value = String::new();
    if is_negative(before) && !(whole.is_empty() && fraction.is_empty()) {
        value.push('-');
    }
    value.push_str(if whole.is_empty() { "0" } else { whole });
    if !fraction.is_empty() {
        value.push('.');
        value.push_str(fraction);
    }
    Some(value)
}

/// Digits, which one kind of separator may part into groups of three.
fn joined_groups(whole: &str) -> Option<String> {
    let separator = whole.chars().find(|c| !is_digit(*c));
    let Some(separator) = separator else { return Some(whole.to_string()) };
    let mut groups = whole.split(separator);
    let first = groups.next()?;
    let parts = matches!(separator, ',' | '\'' | '’' | '_' | '\u{a0}' | '\u{2009}' | '\u{202f}')
        && first.len() <= 3
        && !first.starts_with('0')
        && groups.all(|group| group.len() == 3 && group.chars().all(is_digit));
    parts.then(|| whole.split(separator).collect())
}

/// Whether what stands before a number ends in its sign, which a currency may follow. A hyphen
/// within a word or a range is none.
fn is_negative(before: &str) -> bool {
    let before = before.trim_end_matches(['$', '€', '£', '¥']);
    let unsigned = before.strip_suffix(['-', '−']);
    unsigned.is_some_and(|rest| !rest.ends_with(|c: char| c.is_alphanumeric() || c == '-'))
}
