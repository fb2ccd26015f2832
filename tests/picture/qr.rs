//! Codes: what fits has one, what does not has none.

use fanout::picture::markup::Markup;
use fanout::picture::qr::{MOST_CHARACTERS, picture};

/// The modules of a side, quiet zone included, or none where there is no code.
fn check(n: usize, expected: Option<u32>) {
    let side = picture(&"a".repeat(n)).map(|picture| {
        let Markup::Element { attributes, .. } = picture else { panic!("an element") };
        let (_, view) = attributes.into_iter().find(|(name, _)| *name == "viewBox").expect("a box");
        view.rsplit(' ').next().and_then(|side| side.parse::<u32>().ok()).expect("a number")
    });
    assert_eq!(side, expected, "{n} characters");
}

/// Guards against a code too dense for a projector, and against words that name another limit.
#[test]
fn a_code_is_as_large_as_its_text_needs_and_no_larger_than_can_be_read() {
    check(14, Some(21 + 8));
    check(15, Some(25 + 8));
    check(MOST_CHARACTERS, Some(97 + 8));
    check(MOST_CHARACTERS + 1, None);
    check(5_000, None);
}

/// Guards against a code without the squares that cameras look for.
#[test]
fn three_corners_have_a_square_in_a_square() {
    let Some(Markup::Element { children, .. }) = picture("https://fanout.example/#/gettysburg.1") else {
        panic!("a code")
    };
    let Some(Markup::Element { attributes, .. }) = children.last() else { panic!("a path") };
    let dark = |x: u32, y: u32| attributes[0].1.contains(&format!("M{x} {y}h"));
    let last = 4 + 25 + 4 - 7;
    for (left, top) in [(4, 4), (last, 4), (4, last)] {
        let row =
            |y: u32| (0..7).map(|x| if dark(left + x, top + y) { '#' } else { '.' }).collect::<String>();
        let rows: Vec<String> = (0..7).map(row).collect();
        assert_eq!(rows, ["#######", "#.....#", "#.###.#", "#.###.#", "#.###.#", "#.....#", "#######"]);
    }
}
