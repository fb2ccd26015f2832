//! What an outcome kept of its inputs, on texts counted by hand.

use fanout::analysis::retention::{Input, Item, Retention, Share, retention};

fn input(text: &str) -> Input<'_> {
    Input { name: "", text, key_points: &[] }
}

fn of(texts: &[&str], outcome: &str) -> Retention {
    let inputs: Vec<Input> = texts.iter().map(|text| input(text)).collect();
    retention(&inputs, outcome)
}

/// The items with what became of them: `5%`, lost ones in brackets, and which inputs say them.
fn told(items: &[Item]) -> Vec<String> {
    let told = |item: &Item| {
        let text = if item.kept { item.text.clone() } else { format!("({})", item.text) };
        format!("{text} {:?}", item.inputs)
    };
    items.iter().map(told).collect()
}

fn texts(items: &[Item]) -> Vec<&str> {
    items.iter().map(|item| item.text.as_str()).collect()
}

#[track_caller]
fn check_numbers(text: &str, expected: &[&str]) {
    assert_eq!(texts(&of(&[text], "").numbers), expected, "{text:?}");
}

#[track_caller]
fn check_names(text: &str, expected: &[&str]) {
    assert_eq!(texts(&of(&[text], "").names), expected, "{text:?}");
}

/// Whether an outcome with the second number has the first.
#[track_caller]
fn check_same(number: &str, other: &str, same: bool) {
    let found = of(&[&format!("It is {number} here.")], &format!("Here, {other}"));
    let kept: Vec<bool> = found.numbers.iter().map(|item| item.kept).collect();
    assert_eq!(kept, [same], "{number} and {other}");
    assert_eq!(found.invented.is_empty(), same, "{number} and {other}: {:?}", found.invented);
}

#[test]
fn numbers_are_found_where_people_see_them() {
    check_numbers("", &[]);
    check_numbers("In 1990, 3 of 1,234 (5 %).", &["1990", "3", "1,234", "5 %"]);
    check_numbers("From 3-5 to −7 and -8", &["3", "5", "−7", "-8"]);
    check_numbers("On 2024-05-01 at 12:30", &["2024", "05", "01", "12", "30"]);
    check_numbers("The 21st of the 1980s, 5km, 3.5x", &["21st", "1980s", "5km", "3.5x"]);
    check_numbers("2024年に3人", &["2024", "3"]);
    check_numbers("1,2,3 and 1.2.3", &["1", "2", "3"]);
    // What a word or a name carries.
    check_numbers("H2O, GPT-4, COVID-19, v2 and mid-2020", &["2020"]);
    // The numbers of a list, but none within its lines.
    check_numbers("1. One of 2.\n 2) Two\n- 3 apples\n\n10. Ten", &["2", "3"]);
    check_numbers("42.", &["42"]);
    check_numbers("\n2024. That was it.", &["2024"]);
}

#[test]
fn numbers_are_the_same_however_they_are_written() {
    for (number, other) in [
        ("1,234,567", "1234567"),
        ("1.234.567", "1 234 567".replace(' ', "\u{202f}").as_str()),
        ("12,34,567", "1234567"),
        ("1’234", "1234"),
        ("1,234.50", "1.234,50"),
        ("0.5", "0,5"),
        ("3.14", "3,14"),
        ("5 %", "5%"),
        ("5\u{a0}%", "5 percent"),
        ("5 per cent", "5%"),
        ("−5", "-5"),
        ("(−5)", "-5"),
        ("05", "5"),
        ("2nd", "2"),
        ("٤٢", "42"),
        ("４２", "42"),
        ("$5", "5"),
    ] {
        check_same(number, other, true);
    }
    for (number, other) in [
        ("1,234", "1.234"),
        ("5", "5%"),
        ("5%", "5 percentage points"),
        ("5", "-5"),
        ("0.05", "0.5"),
        ("3.1", "3.10"),
        // A false alarm, on purpose: words are not numbers.
        ("1.2 million", "1,200,000"),
    ] {
        check_same(number, other, false);
    }
}

#[test]
fn names_are_runs_of_capitals_inside_sentences() {
    check_names("We met Marie Curie in Paris, France.", &["Marie Curie", "Paris", "France"]);
    check_names("The house of J. R. R. Tolkien and O’Neill", &["J. R. R. Tolkien", "O’Neill"]);
    check_names("He likes AT&T, the R&D of Jean-Luc and I do", &["AT&T", "R&D", "Jean-Luc"]);
    // At the start of a sentence only what is a name elsewhere, or looks like no word.
    check_names("Rivers flow. Water is wet.", &[]);
    check_names("Paris is big. I love Paris.", &["Paris"]);
    check_names("Marie Curie won. It was Marie Curie.", &["Marie Curie"]);
    check_names("The European Union grew.\nIn Rome it rained.", &["European Union", "Rome"]);
    check_names("NASA flew. GPT-4 and iPhone 15 too. Q3 was good.", &["NASA", "GPT-4", "iPhone", "Q3"]);
    check_names("Note: The end. “Yes,” she said.", &[]);
    // A long title is several.
    check_names("of A1 B1 C1 D1 E1 F1", &["A1 B1 C1 D1 E1", "F1"]);
}

/// An honest limit: there are no capitals to see.
#[test]
fn scripts_without_case_have_no_names() {
    check_names("玛丽·居里在巴黎。", &[]);
    check_names("وُلدت ماري كوري في وارسو.", &[]);
    check_names("मारी क्यूरी पेरिस में", &[]);
    check_names("Я видел Москву и ΑΘΗΝΑ", &["Москву", "ΑΘΗΝΑ"]);
    check_names("a İzmir b", &["İzmir"]);
}

#[test]
fn a_name_is_kept_as_a_whole_or_by_its_last_word() {
    let told = |text: &str, outcome: &str| told(&of(&[text], outcome).names);
    assert_eq!(told("by Marie Curie", "MARIE, CURIE"), ["Marie Curie [0]"]);
    assert_eq!(told("by Marie Curie", "Curie’s work"), ["Marie Curie [0]"]);
    assert_eq!(told("by Marie Curie", "Marie’s work"), ["(Marie Curie) [0]"]);
    assert_eq!(told("by Marie Curie", "Curies"), ["(Marie Curie) [0]"]);
    // The last word of two says neither.
    assert_eq!(
        told("by Marie Curie and by Pierre Curie", "Marie Curie and others"),
        ["Marie Curie [0]", "(Pierre Curie) [0]"]
    );
    // The name and its short form are no two people.
    assert_eq!(told("by Marie Curie, so Curie", "Curie"), ["Marie Curie [0]", "Curie [0]"]);
    assert_eq!(told("by GPT-4", "4"), ["(GPT-4) [0]"]);
    assert_eq!(told("in New York", "York New"), ["New York [0]"]);
    assert_eq!(told("in Los Angeles", "the angel"), ["(Los Angeles) [0]"]);
}

#[test]
fn a_key_point_is_kept_by_most_of_its_words() {
    let points = [
        "Solar prices fell sharply by 80%".to_string(),
        "Wind turbines need rare metals".to_string(),
        "so it is".to_string(),
        " ".to_string(),
    ];
    let inputs = [
        Input { name: "a", text: "", key_points: &points },
        Input { name: "b", text: "", key_points: &points[..1] },
    ];
    // Of solar, prices, fell, sharply, 80: three of five. Of wind, turbines, need, rare, metals: two.
    let found = retention(&inputs, "Prices of SOLAR power fell; wind turbines do.");
    assert_eq!(
        told(&found.key_points),
        ["Solar prices fell sharply by 80% [0, 1]", "(Wind turbines need rare metals) [0]", "(so it is) [0]"]
    );
    assert_eq!(told(&found.numbers), ["(80%) [0, 1]"]);
    let found = retention(&inputs, "It is solar, solar, solar and so on.");
    assert_eq!(told(&found.key_points)[2], "so it is [0]");
    // Pairs of characters stand for words where there are no spaces.
    let points = ["太陽電池の価格が下がった".to_string()];
    let japanese = [Input { name: "", text: "", key_points: &points }];
    assert!(retention(&japanese, "価格が下がったのは太陽電池だ。").key_points[0].kept);
    assert!(!retention(&japanese, "太陽は大きい。").key_points[0].kept);
}

/// Three reports on one plant, as an aggregator gets them.
const REPORTS: [&str; 3] = [
    "The plant near Lyon opened in 1998. It makes 1,200 cells a day and employs 340 people.",
    "Opened in 1998, the plant of Voltan SA makes 1,200 cells a day. Its loss was 5 % in 2023.",
    "The plant opened in 1998. Neighbours in Lyon complain, says Anna Weber.",
];

#[test]
fn a_report_is_counted_as_by_hand() {
    let found =
        of(&REPORTS, "Voltan’s plant, opened in 1998, makes 1200 cells a day; 12 neighbours complain.");
    assert_eq!(
        told(&found.numbers),
        ["1998 [0, 1, 2]", "1,200 [0, 1]", "(340) [0]", "(5 %) [1]", "(2023) [1]"]
    );
    assert_eq!(told(&found.names), ["(Lyon) [0, 2]", "(Voltan SA) [1]", "(Anna Weber) [2]"]);
    assert_eq!(found.invented, ["12"]);
    assert_eq!((found.words_in, found.words_out), (17 + 20 + 12, 13));
    // 5 of 12: plant, opened, 1998, makes, cells; not near, Lyon, 1, 200, employs, 340, people.
    // 6 of 11: opened, 1998, plant, Voltan, makes, cells; not 1, 200, loss, 5, 2023.
    // 5 of 9: plant, opened, 1998, neighbours, complain; not Lyon, says, Anna, Weber.
    assert_eq!(found.coverage, [Some(417), Some(545), Some(556)]);
    assert_eq!(Share::of(&found.numbers), Share { kept: 2, of: 5 });
    assert_eq!(found.said_by(1..=1), Share { kept: 0, of: 5 });
    assert_eq!(found.said_by(2..=2), Share { kept: 1, of: 2 });
    assert_eq!(found.said_by(3..=usize::MAX), Share { kept: 1, of: 1 });
}

#[test]
fn an_outcome_that_is_its_input_keeps_all() {
    for (report, n) in REPORTS.iter().zip([17, 20, 12]) {
        let found = of(&[report], report);
        let all = found.said_by(1..=1);
        assert_eq!(all.kept, all.of);
        assert_eq!((found.invented, found.coverage), (vec![], vec![Some(1000)]));
        assert_eq!((found.words_in, found.words_out), (n, n));
    }
}

/// A word said once covers it once: ROUGE counts with limits.
#[test]
fn coverage_counts_a_word_as_often_as_both_say_it() {
    assert_eq!(of(&["rain rain rain wind"], "rain, Rain").coverage, [Some(500)]);
    assert_eq!(of(&["rain wind"], "rain rain rain").coverage, [Some(500)]);
    assert_eq!(of(&["a b c", ""], "a b c").coverage, [None, None]);
}

#[test]
fn numbers_in_the_names_of_inputs_are_not_invented() {
    let inputs = [Input { name: "Document 7", text: "It rains.", key_points: &[] }];
    let found = retention(&inputs, "In document 7 it rains, in 8 and 9 and 8 not.");
    assert_eq!(found.invented, ["8", "9"]);
    assert!(found.numbers.is_empty());
}

/// Wilson's interval, from the oracle: 3/6 (.1876, .8124), 6/6 (.6097, 1), 45/60 (.6277, .8422).
#[test]
fn a_share_says_how_sure_it_is() {
    for (kept, of, interval) in [
        (3, 6, Some((188, 812))),
        (6, 6, Some((610, 1000))),
        (0, 6, Some((0, 390))),
        (45, 60, Some((628, 842))),
        (0, 0, None),
        (u32::MAX, u32::MAX, Some((1000, 1000))),
    ] {
        assert_eq!(Share { kept, of }.interval(), interval, "{kept} of {of}");
    }
}

#[test]
fn nothing_is_kept_of_nothing() {
    assert_eq!(retention(&[], ""), Retention::default());
    let found = of(&["", " \n"], "");
    assert_eq!(found, Retention { coverage: vec![None, None], ..Retention::default() });
    assert_eq!(of(&[], "5 of Rome").invented, ["5"]);
}

/// Guards against a panic, and against work that grows with the square of a hostile text.
#[test]
fn hostile_texts_are_counted_too() {
    for unit in [
        "A ",
        "Aa-1",
        "1,",
        "1.",
        "1,000",
        "1\u{a0}",
        "٥",
        "-",
        "%",
        "İ",
        "ΑΣ ",
        "字",
        "ก็",
        "👨\u{200d}👩",
        "\u{301}",
        "a\u{301} ",
        "שלום 5 ",
        "\n1. ",
        "I. ",
        "Aa Bb. ",
        "܀ܐ",
        "ßẞ ",
        "\u{202e}",
        "²½Ⅷ ",
        "0",
    ] {
        let text = unit.repeat(20_000 / unit.len());
        let points = [text.clone()];
        let inputs = [Input { name: &text, text: &text, key_points: &points }, input("Rome 1")];
        let found = retention(&inputs, &text);
        let all = found.said_by(1..=2);
        assert!(all.kept + 2 >= all.of, "{unit:?}: {all:?}");
        assert!(found.invented.is_empty(), "{unit:?}");
    }
}
