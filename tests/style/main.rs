//! The style sheets: colours that can be read and told apart, whoever looks.

#![cfg(not(target_arch = "wasm32"))]

mod tokens;
mod vision;

use self::tokens::{Scheme, tokens};
use self::vision::{Vision, contrast, difference};

const GROUNDS: [&str; 3] = ["bg", "surface", "sunken"];
const TEXTS: [&str; 7] = ["text", "muted", "faint", "accent", "ok", "warn", "bad"];
const PHASES: [&str; 7] = ["queued", "wait", "flight", "backoff", "failed", "cancelled", "done"];
/// What borders of controls and rings around the focus are drawn in.
const OUTLINES: [&str; 2] = ["control", "focus"];
/// Lines that say nothing.
const DECORATIONS: [&str; 2] = ["border", "grid"];

/// WCAG 2.1, 1.4.3 and 1.4.11.
const LEAST_OF_TEXT: f64 = 4.5;
const LEAST_OF_PICTURES: f64 = 3.0;
const LEAST_BETWEEN_PHASES: f64 = 14.0;

/// Holds names on grounds against a least contrast.
fn check(names: &[&str], grounds: &[&str], least: f64) {
    let mut found = Vec::new();
    for scheme in Scheme::ALL {
        let tokens = tokens(scheme);
        for (name, ground) in names.iter().flat_map(|name| grounds.iter().map(move |ground| (name, ground))) {
            let contrast = contrast(tokens[name], tokens[ground]);
            if contrast < least {
                found.push(format!("{scheme:?}: {name} on {ground} has {contrast:.2}"));
            }
        }
    }
    assert_eq!(found, [""; 0], "less than {least}");
}

#[test]
fn texts_can_be_read() {
    check(&TEXTS, &GROUNDS, LEAST_OF_TEXT);
    check(&["on-accent"], &["accent"], LEAST_OF_TEXT);
}

#[test]
fn bars_and_outlines_can_be_seen() {
    check(&PHASES, &["bg", "surface"], LEAST_OF_PICTURES);
    check(&OUTLINES, &["bg", "surface"], LEAST_OF_PICTURES);
}

#[test]
fn phases_can_be_told_apart() {
    let mut found = Vec::new();
    for scheme in Scheme::ALL {
        let tokens = tokens(scheme);
        for (vision, (i, one)) in
            Vision::ALL.iter().flat_map(|v| PHASES.iter().enumerate().map(move |p| (v, p)))
        {
            for other in &PHASES[i + 1..] {
                let difference = difference(*vision, tokens[one], tokens[other]);
                if difference < LEAST_BETWEEN_PHASES {
                    found
                        .push(format!("{scheme:?}, {vision:?}: {one} and {other} differ by {difference:.1}"));
                }
            }
        }
    }
    assert_eq!(found, [""; 0], "less than {LEAST_BETWEEN_PHASES}");
}

/// Guards against a new colour that nobody looks at.
#[test]
fn every_colour_is_held_to_something() {
    let mut named = [&GROUNDS[..], &TEXTS, &PHASES, &OUTLINES, &DECORATIONS, &["on-accent"]].concat();
    named.sort();
    assert_eq!(tokens(Scheme::Light).into_keys().collect::<Vec<_>>(), named);
}
