//! Reading sentences: what the tests look for in the page's text.

/// The whole numbers in a text, with or without separators between the thousands.
pub fn numbers(text: &str) -> Vec<u64> {
    let separators = [',', '.', '\'', '\u{2019}', '\u{a0}', '\u{2009}', '\u{202f}'];
    let characters: Vec<char> = text.chars().collect();
    let is_digit = |i: usize| characters.get(i).is_some_and(char::is_ascii_digit);
    let mut found = Vec::new();
    let mut digits = String::new();
    for (i, c) in characters.iter().enumerate() {
        if c.is_ascii_digit() {
            digits.push(*c);
            continue;
        }
        let is_separator = separators.contains(c)
            && is_digit(i + 1)
            && is_digit(i + 2)
            && is_digit(i + 3)
            && !is_digit(i + 4);
        if (!is_separator || digits.is_empty())
            && let Ok(number) = std::mem::take(&mut digits).parse()
        {
            found.push(number);
        }
    }
    found.extend(digits.parse::<u64>());
    found
}

/// Whether `word` stands in the text as a word, in whatever case.
pub fn has_word(text: &str, word: &str) -> bool {
    text.to_lowercase().split(|c: char| !c.is_alphanumeric()).any(|found| found == word)
}

/// Asserts that the text holds all of `parts`, in this order.
#[track_caller]
pub fn assert_in_order<S: AsRef<str>>(text: &str, parts: &[S]) {
    let mut from = 0;
    for part in parts {
        let part = part.as_ref();
        match text[from..].find(part) {
            Some(at) => from += at + part.len(),
            None => panic!("{part:?} is missing or out of order in:\n{text}"),
        }
    }
}
