//! Fields of settings. An attribute says what becomes of what is put into one.

use super::markup::{Markup, element};
use crate::scenario::draft::Draft;
use crate::scenario::setting::{Field, Setting, Steps, Takes};

/// The attribute of a field that says what becomes of what is put into it.
pub const TAKES: &str = "data-takes";

/// The field of a setting. Where the setting does not matter its place is kept, so that what stands
/// behind it stays as it is.
pub fn field(setting: Setting, draft: &Draft) -> Markup {
    if !setting.matters(draft) {
        return element("span").with("hidden", "");
    }
    let Field { label, unit, takes } = setting.field();
    let value = setting.read(draft);
    let number = setting.number();
    match takes {
        Takes::Slider(steps) => slider(number, label, unit, steps, value),
        Takes::Number { least, most, may_be_none } => {
            let field = element("input")
                .with("type", "number")
                .with("min", least.to_string())
                .with("max", most.to_string())
                .with("placeholder", if may_be_none { "none" } else { "" })
                .with("value", digits(value))
                .with(TAKES, format!("count {number}"));
            element("label").class("number").children(vec![named(label, unit), field])
        }
        Takes::Choice(options) => {
            let chosen = value.and_then(|n| options.get(n as usize)).map_or("", |(value, _)| value);
            choice(label, format!("choose {number}"), &options, chosen)
        }
        Takes::Flag => switch(label, format!("check {number}"), value == Some(1)),
    }
}

/// Fields under a heading.
pub fn group(heading: &'static str, settings: &[Setting], draft: &Draft) -> Markup {
    let fields = settings.iter().map(|setting| field(*setting, draft)).collect();
    element("fieldset").class("dials").children(vec![element("legend").text(heading)]).children(fields)
}

/// One of a few: values and the words for them.
pub fn choice(
    label: &'static str,
    takes: impl Into<String>,
    options: &[(&str, &str)],
    chosen: &str,
) -> Markup {
    element("label")
        .class("choice")
        .children(vec![element("span").text(label), select(takes, options, chosen)])
}

/// The same without a label.
pub fn select(takes: impl Into<String>, options: &[(&str, &str)], chosen: &str) -> Markup {
    let option = |(value, words): &(&str, &str)| element("option").with("value", *value).text(*words);
    let options = options.iter().map(option).collect();
    element("select").with("value", chosen).with(TAKES, takes).children(options)
}

/// Something that is on or off.
pub fn switch(label: &'static str, takes: impl Into<String>, is_on: bool) -> Markup {
    let field = element("input").with("type", "checkbox").with("checked", is_on.to_string());
    element("label").class("check").children(vec![field.with(TAKES, takes), Markup::Text(label.to_string())])
}

/// A button that opens the browser's file chooser.
pub fn file_button(text: &'static str, takes: &'static str, accept: &'static str) -> Markup {
    let input = element("input")
        .with("type", "file")
        .class("visually-hidden")
        .with("aria-label", text)
        .with("accept", accept)
        .with(TAKES, takes);
    element("label").class("button file-button").children(vec![Markup::Text(text.to_string()), input])
}

/// A slider for the usual range, and a field for any value.
fn slider(
    number: usize,
    label: &'static str,
    unit: &'static str,
    steps: Steps,
    value: Option<u32>,
) -> Markup {
    let (least, most) = steps.bounds();
    let spoken = value.map_or("no limit".to_string(), |value| format!("{value} {unit}"));
    let range = element("input")
        .with("type", "range")
        .with("aria-label", label)
        .with("aria-valuetext", spoken)
        .with("min", least.to_string())
        .with("max", most.to_string())
        .with("value", steps.place(value).to_string())
        .with(TAKES, format!("slide {number}"));
    let typed = element("input")
        .with("type", "number")
        .with("inputmode", "numeric")
        .with("min", "0")
        .with("aria-label", label)
        .with("placeholder", "none")
        .with("value", digits(value))
        .with(TAKES, format!("type {number}"));
    let unit = element("span").class("unit").text(unit);
    element("div").class("slider").children(vec![
        element("span").class("slider-label").with("aria-hidden", "true").text(label),
        range,
        element("span").class("slider-value").children(vec![typed, unit]),
    ])
}

/// A text of one line. `kind` is the browser's type of field.
pub fn line(
    label: &'static str,
    takes: impl Into<String>,
    kind: &'static str,
    placeholder: &'static str,
    value: &str,
) -> Markup {
    let field = element("input")
        .with("type", kind)
        .with("placeholder", placeholder)
        .with("autocomplete", "off")
        .with("spellcheck", "false")
        .with("dir", "auto")
        .with("value", value)
        .with(TAKES, takes);
    element("label").class("field").children(vec![element("span").text(label), field])
}

/// A text of several lines; `hint` says what may stand in it.
pub fn area(
    label: impl Into<String>,
    hint: &'static str,
    takes: impl Into<String>,
    rows: u32,
    value: &str,
) -> Markup {
    let name = vec![Markup::Text(label.into() + " "), element("small").text(hint)];
    let field = element("textarea")
        .with("rows", rows.to_string())
        .with("dir", "auto")
        .with("value", value)
        .with(TAKES, takes);
    element("label").class("field").children(vec![element("span").children(name), field])
}

fn named(label: &'static str, unit: &'static str) -> Markup {
    let label = Markup::Text(format!("{label} "));
    element("span").children(vec![label, element("small").text(unit)])
}

fn digits(value: Option<u32>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}
