//! Sentences, and which of them are kept.

use fanout::providers::simulated::extract::{sentences, weightiest};

fn check(text: &str, expected: &[&str]) {
    assert_eq!(sentences(text), expected, "{text:?}");
}

#[test]
fn sentences_end_where_they_end() {
    check("", &[]);
    check(" \n\n ", &[]);
    check("...", &[]);
    check("One", &["One"]);
    check("One. Two! Three? Four; five", &["One.", "Two!", "Three?", "Four;", "five"]);
    check("One\nTwo\r\nThree", &["One", "Two", "Three"]);
    check("Wait... what?", &["Wait...", "what?"]);
    check("No space.After", &["No space.After"]);
    check("He said “No.” (So.) *Yes!* Then", &["He said “No.”", "(So.)", "*Yes!*", "Then"]);
    check("Well… then?! Plan B? Yes", &["Well…", "then?!", "Plan B?", "Yes"]);
    check("वह गया। वह आया॥", &["वह गया।", "वह आया॥"]);
    check("هل جاء؟ نعم.", &["هل جاء؟", "نعم."]);
}

/// Guards against a sentence that ends within a name or a number.
#[test]
fn a_dot_within_a_name_or_a_number_ends_nothing() {
    check("G. K. Chesterton wrote. He did.", &["G. K. Chesterton wrote.", "He did."]);
    check("Pi is 3.14 and more.", &["Pi is 3.14 and more."]);
    check("It was version 2. It broke.", &["It was version 2.", "It broke."]);
    check("Made by NASA. It flew.", &["Made by NASA.", "It flew."]);
}

#[test]
fn japanese_sentences_end_without_a_space() {
    check(
        "吾輩は猫である。名前はまだ無い！どこで生れたか？",
        &["吾輩は猫である。", "名前はまだ無い！", "どこで生れたか？"],
    );
    assert_eq!(weightiest("猫である。名前は無い。", 1, |_| 1.0).len(), 1);
}

#[test]
fn the_weightiest_are_kept_in_the_order_of_the_text() {
    let text = "A dog sleeps. Rivers carry water. It ends. Water makes rivers.";
    assert_eq!(weightiest(text, 2, |_| 1.0), ["Rivers carry water.", "Water makes rivers."]);
    assert_eq!(weightiest(text, 0, |_| 1.0), [""; 0]);
    assert_eq!(weightiest(text, 99, |_| 1.0), sentences(text));
    // A word at the start of a sentence is the same as within one.
    let capitals = "Grass grows. Rain falls. Grass needs grass.";
    assert_eq!(weightiest(capitals, 1, |_| 1.0), ["Grass needs grass."]);
    let once_each = "Lions sleep here. Birds sing there. The birds, BIRDS.";
    assert_eq!(weightiest(once_each, 1, |_| 1.0), ["The birds, BIRDS."]);
    // A shake can turn the order over.
    assert_eq!(weightiest(text, 1, |i| if i == 0 { 100.0 } else { 1.0 }), ["A dog sleeps."]);
}
