//! Fields: each setting has one, and it says what it is.

use fanout::picture::controls::controls;
use fanout::picture::editor::editor;
use fanout::picture::field::{TAKES, field};
use fanout::picture::markup::{Markup, element};
use fanout::scenario::ArmKind;
use fanout::scenario::dial::{Dial, Values};
use fanout::scenario::draft::Draft;
use fanout::scenario::setting::{Setting, Takes};

use crate::html::html;

/// What is taken by the fields of a picture.
fn taken(markup: &Markup, found: &mut Vec<String>) {
    let Markup::Element { attributes, children, .. } = markup else { return };
    found.extend(attributes.iter().filter(|(name, _)| *name == TAKES).map(|(_, takes)| takes.clone()));
    children.iter().for_each(|child| taken(child, found));
}

/// Guards against fields behind a closed “More”: a browser that fills in forms lays out every one of them
/// while the page opens.
#[test]
fn nothing_is_behind_more_while_it_is_closed() {
    let drawn = controls(&Draft::default(), true, false);
    let Some(Markup::Element { tag: "details", children, .. }) = drawn.last() else { panic!("{drawn:?}") };
    assert_eq!(children[..], [element("summary").text("More")]);
}

/// Guards against a setting that the file has and nobody can change on the page, or in two places.
#[test]
fn every_setting_has_one_field() {
    let mut draft = Draft::default();
    // So that all of them matter.
    for about in &Dial::ALL {
        if let Values::Choice(values) = about.values {
            draft.dials.set(about.dial, Some(values.len() as u32 - 1));
        }
    }
    let mut found = Vec::new();
    let editors = ArmKind::ALL.map(|kind| editor(kind, &draft, None));
    controls(&draft, true, true)
        .iter()
        .chain(editors.iter().flatten())
        .for_each(|part| taken(part, &mut found));
    for setting in (0..).map_while(Setting::at).filter(|setting| setting.matters(&draft)) {
        let verb = match setting.field().takes {
            Takes::Slider(_) => "slide",
            Takes::Number { .. } => "count",
            Takes::Choice(_) => "choose",
            Takes::Flag => "check",
        };
        let takes = format!("{verb} {}", setting.number());
        assert_eq!(found.iter().filter(|other| **other == takes).count(), 1, "{setting:?}: {takes}");
    }
}

fn check(setting: Setting, change: fn(&mut Draft), expected: &[&str]) {
    let mut draft = Draft::default();
    change(&mut draft);
    let drawn = html(&field(setting, &draft));
    for words in expected {
        assert!(drawn.contains(words), "{words} in {drawn}");
    }
}

/// Guards against a field that shows another value than the draft has, or none by its name.
#[test]
fn a_field_shows_what_the_draft_has() {
    check(
        Setting::Concurrency,
        |draft| draft.limits.concurrency = 50,
        // The slider ends at 32, the field beside it does not.
        &["aria-valuetext=\"50 at once\"", "max=\"32\" value=\"32\"", "value=\"50\" data-takes=\"type 0\""],
    );
    check(
        Setting::Requests,
        |draft| draft.limits.requests_per_minute = None,
        &["aria-valuetext=\"no limit\"", "placeholder=\"none\" value=\"\""],
    );
    check(
        Setting::Dial(Dial::OnFailure),
        |draft| draft.dials.set(Dial::OnFailure, Some(2)),
        &["<option value=\"task-group\" selected=\"\">"],
    );
    check(Setting::Dial(Dial::Single), |draft| draft.dials.set(Dial::Single, Some(1)), &[" checked"]);
    check(Setting::Dial(Dial::FailureCount), |_| (), &["<span hidden=\"\"></span>"]);
}
