//! Splitting a document: where a piece may end, and what never comes apart.

use fanout::engine::call::estimate_tokens;
use fanout::engine::patterns::split::Unit::{Headings, Sentences, Tokens};
use fanout::engine::patterns::split::{Split, Unit, split};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

#[track_caller]
fn check(by: Unit, most_tokens: u32, text: &str, expected: &[&str]) {
    assert_eq!(split(text, Split { by, most_tokens }), expected, "{by:?}, {most_tokens} of {text:?}");
}

#[test]
fn a_text_within_the_limit_is_one_piece() {
    for by in [Tokens, Sentences, Headings] {
        check(by, 4, "", &[]);
        check(by, 4, " \r\n\t\u{3000} ", &[]);
        check(by, 1, "Four", &["Four"]);
        check(by, 4, " # A\n\n# B. C.\n\n", &["# A\n\n# B. C."]);
        check(by, u32::MAX, "One. Two.\n# Three", &["One. Two.\n# Three"]);
    }
}

#[test]
fn tokens_fill_up_to_the_limit_and_end_at_white_space() {
    check(Tokens, 2, "one two three", &["one two", "three"]);
    check(Tokens, 2, "one  two   three", &["one  two", "three"]);
    check(Tokens, 2, "a23456789abcdefghi j", &["a2345678", "9abcdefg", "hi j"]);
    // White space in the first half is too far back.
    check(Tokens, 2, "abc defghijk", &["abc defg", "hijk"]);
    check(Tokens, 2, "abcd efghijk", &["abcd efg", "hijk"]);
    check(Tokens, 2, "abcde fghijk", &["abcde", "fghijk"]);
    check(Tokens, 3, "吾輩は猫である。", &["吾輩は猫", "である。"]);
    check(Tokens, 1, "吾輩", &["吾", "輩"]);
    // Nothing but indivisible characters over the limit.
    check(Tokens, 0, "ab c", &["a", "b", "c"]);
    check(Tokens, 1, "🇩🇪🇫🇷", &["🇩🇪", "🇫🇷"]);
}

#[test]
fn sentences_are_packed_whole() {
    check(Sentences, 5, "One is. Two is. Three is it.", &["One is. Two is.", "Three is it."]);
    check(Sentences, 5, "G. K. Chesterton. He.", &["G. K. Chesterton.", "He."]);
    check(Sentences, 4, "Pi is 3.14159. Yes it is.", &["Pi is 3.14159.", "Yes it is."]);
    check(Sentences, 3, "a list\r\nof lines\r\nhere", &["a list", "of lines", "here"]);
    check(Sentences, 5, "He said “No.” (So.) Then", &["He said “No.”", "(So.) Then"]);
    check(Sentences, 5, "Er rief „Halt.“ Dann", &["Er rief „Halt.“", "Dann"]);
    check(Sentences, 3, "Well… Then on.", &["Well…", "Then on."]);
    check(Sentences, 3, "What?! No way.", &["What?!", "No way."]);
    check(Sentences, 6, "「走れ。」と言う。彼は", &["「走れ。」", "と言う。彼は"]);
    check(Sentences, 8, "वह गया। वह आया॥ हाँ", &["वह गया।", "वह आया॥ हाँ"]);
    check(Sentences, 6, "هل جاء؟ نعم جاء.", &["هل جاء؟", "نعم جاء."]);
}

/// Guards against a long sentence that takes the rest of the text to pieces with it.
#[test]
fn a_sentence_over_the_limit_is_cut_as_by_tokens() {
    check(
        Sentences,
        4,
        "Short. This sentence is a long one. The end.",
        &["Short.", "This sentence is", "a long one.", "The end."],
    );
}

#[test]
fn a_heading_stays_with_its_text() {
    let text = "Before.\n\n# One\nText of one.\n\n## Two\n\nText of two.\n";
    check(Headings, 6, text, &["Before.", "# One\nText of one.", "## Two\n\nText of two."]);
    check(Headings, 40, text, &[text.trim_end()]);
    // A heading with nothing under it goes with the next, at the end it has to stand alone.
    let text = "# Book\n\n## Part\nText of it.\n\n## Part\nMore of it.\n# End";
    check(Headings, 7, text, &["# Book\n\n## Part\nText of it.", "## Part\nMore of it.", "# End"]);
    // A section over the limit is cut by sentences, and never right after its heading.
    let text = "# One\nFirst one. Second one.\n# Two\n\n\n\nA sentence that is long.";
    check(
        Headings,
        5,
        text,
        &["# One\nFirst one.", "Second one.", "# Two\n\n\n\nA sentence", "that is long."],
    );
    check(Headings, 3, "# A\r\nText a.\r\n# B\r\nText b.", &["# A\r\nText a.", "# B\r\nText b."]);
}

#[test]
fn an_underlined_line_is_a_heading() {
    check(
        Headings,
        6,
        "Title\n=====\nText one.\n\nOther\n---\nText two.",
        &["Title\n=====\nText one.", "Other\n---\nText two."],
    );
    // Not under two lines, nor under a list, a quote, a table, a blank line.
    for above in ["a line\nand one", "- item", "* item", "> quote", "| a | b |", "    code", "a line\n"] {
        has_no_headings(&format!("{above}\n---\nText"));
    }
}

/// By headings it is split as by sentences, whatever the limit.
#[track_caller]
fn has_no_headings(text: &str) {
    for most_tokens in 1..estimate_tokens(text) {
        check(Headings, most_tokens, text, &split(text, Split { by: Sentences, most_tokens }));
    }
}

#[test]
fn code_and_words_with_a_hash_are_no_headings() {
    for no_heading in ["#hashtag", "####### seven", "    # code", "\t# code", "a # b", "```\n# code\n```"] {
        has_no_headings(&format!("One.\n{no_heading}\nAnd two."));
    }
}

/// A fence ends with as many of the same, standing alone; one that never ends goes on to the end.
#[test]
fn code_goes_on_to_the_end_of_its_fence() {
    for (open, no_end, end) in [
        ("```", "~~~", "```"),
        ("````", "```", "`````"),
        ("```rust", "```rust", "```"),
        ("~~~ text `a`", "~~~ text", "~~~"),
        ("  ```", "    ```", " ```  "),
    ] {
        let text = format!("A text\n{open}\n# a comment\n{no_end}\n# another");
        has_no_headings(&text);
        let text = format!("{text}\n{end}");
        let most_tokens = estimate_tokens(&text);
        check(Headings, most_tokens, &format!("{text}\n# Heading"), &[text.trim_end(), "# Heading"]);
    }
    // Code within a line opens no fence.
    check(Headings, 4, "```a``` b\n# B\nText", &["```a``` b", "# B\nText"]);
}

/// Texts, a bar between any two of what people count as characters.
const TRICKY: [&str; 13] = [
    "吾|輩|は|猫|で|あ|る|。|か\u{3099}|か\u{3099}|名|前|！|ﾊ\u{ff9f}",
    "ה|ש|\u{5dc}\u{5b8}|ם| |مُ|حَ|مَّ|د|؟| |ن|ع|م|.| |۱|۲",
    "👨\u{200d}👩\u{200d}👧\u{200d}👦|👍🏽|👩🏾\u{200d}🚀|❤\u{fe0f}\u{200d}🔥|a|1\u{fe0f}\u{20e3}|🏳\u{fe0f}\u{200d}🌈",
    "🇩🇪|🇫🇷|🇯🇵|🇺🇳|a|🇧|b|🇧🇷|🏴\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f}|🇬🇧",
    "e\u{301}|o\u{308}\u{323}|Z\u{351}\u{36b}\u{343}| \u{301}|x|.| |A\u{30a}|.| |。\u{fe00}|n\u{303}",
    "a|.|\r\n|b|\r\n|\r\n|#| |c|\r\n|d|\r\n|\r\n|e|!|\r\n",
    "क्\u{200d}ष|त्र|हि|न्दी|।| |क्ष|त्रि|य| |नि|मि|ष|॥| |বাং|লা|தி|ரு",
    "กำ|น้ำ|ภ|า|ษ|า|ไ|ท|ย|ที่|นี่|ดี|ខ្មែ|រ|ម|င်္ဂ|လိ|မြ|န်",
    "한|국|어|\u{1112}\u{1161}\u{11ab}|\u{1100}\u{1173}\u{11af}|각|.| |말|\u{200b}",
    "D|o|n|a|u|d|a|m|p|f|s|c|h|i|f|f|f|a|h|r|t|s|g|e|s|e|l|l|s|c|h|a|f|t",
    " |\n|\t|\u{3000}|\r\n|\u{a0}| ",
    "`|`|`|\n|#| |n|o|\n|`|`|`|\n|#| |y|e|s|\n|=|=|\n|x",
    "O|n|e|.|\n|-|-|-|\n|\n|T|\n|=|=|=|\n|“|N|o|.|”| |S|o|…",
];

#[test]
fn whatever_the_text_and_the_limit_nothing_is_lost_and_nothing_comes_apart() {
    let mut n = 0;
    for barred in TRICKY.map(str::to_string).into_iter().chain([TRICKY.join("|")]) {
        let text = barred.replace('|', "");
        let mut edges = vec![0];
        for cluster in barred.split('|') {
            edges.push(edges[edges.len() - 1] + cluster.len());
        }
        for most_tokens in 1..=40 {
            for by in [Tokens, Sentences, Headings] {
                let pieces = split(&text, Split { by, most_tokens });
                let mut at = 0;
                for piece in &pieces {
                    let here = format!("{piece:?} by {by:?}, {most_tokens}");
                    let start = at + text[at..].find(piece).expect(&here);
                    let end = start + piece.len();
                    assert!(text[at..start].trim().is_empty(), "{here}: lost before");
                    assert!(edges.contains(&start) && edges.contains(&end), "{here}: inside a character");
                    assert!(!piece.trim().is_empty(), "{here}: empty");
                    let alone = edges.windows(2).any(|edge| edge == [start, end]);
                    assert!(alone || estimate_tokens(piece) <= most_tokens, "{here}: too long");
                    at = end;
                    n += 1;
                }
                assert!(text[at..].trim().is_empty(), "lost at the end, by {by:?}, {most_tokens}");
            }
        }
    }
    assert!(n > 5_000, "{n} pieces");
}

/// Guards against work that grows with the square of a hostile text.
#[test]
fn a_long_text_of_anything_is_split_at_once() {
    for unit in [
        "a", " ", "\n", "a ", ". ", "# \n", "\u{301}", "# a\n", "a\n=\n", "```\n", "字", "🇩", ".\u{301}",
        "\r\n\n# ",
    ] {
        let text = format!("# a{}b", unit.repeat(100_000 / unit.len()));
        for by in [Tokens, Sentences, Headings] {
            let pieces = split(&text, Split { by, most_tokens: 10 });
            let n = pieces.iter().filter(|piece| estimate_tokens(piece) > 10).count();
            assert!(n <= 1, "{unit:?} by {by:?}: {n} pieces are too long");
        }
    }
}
