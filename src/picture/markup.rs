//! A picture as elements and texts, which are only looked at.

/// A text, or an element without events.
#[derive(Clone, Debug, PartialEq)]
pub enum Markup {
    Text(String),
    /// A text from outside in an element of its own, formatted when it is painted: while others
    /// arrive, those that are there are only compared.
    Formatted(String),
    Element {
        tag: &'static str,
        attributes: Vec<(&'static str, String)>,
        children: Vec<Markup>,
    },
}

/// What stands before the name of a style property, which is no attribute: the page's
/// Content-Security-Policy allows no style sheets in attributes.
pub const STYLE: &str = "style:";

/// The attribute that says what a click on an element does.
pub const ACT: &str = "data-act";

/// A sentence that stands small beside what it is about.
pub fn hint(text: impl Into<String>) -> Markup {
    element("p").class("hint").text(text)
}

/// A button, and what a click on it does.
pub fn button(class: &'static str, act: impl Into<String>, text: impl Into<String>) -> Markup {
    element("button").class(class).with(ACT, act).text(text)
}

/// Buttons of which one is pressed.
pub fn segments(name: &'static str, act: &str, choices: &[&str], chosen: usize) -> Markup {
    let button = |(i, name): (usize, &&str)| {
        let pressed = (i == chosen).to_string();
        element("button").with(ACT, format!("{act} {i}")).with("aria-pressed", pressed).text(*name)
    };
    let buttons = choices.iter().enumerate().map(button).collect();
    element("div").class("segments").with("role", "group").with("aria-label", name).children(buttons)
}

pub fn element(tag: &'static str) -> Markup {
    Markup::Element { tag, attributes: Vec::new(), children: Vec::new() }
}

impl Markup {
    pub fn class(self, names: &'static str) -> Markup {
        self.with("class", names)
    }

    /// Sets an attribute, or with `style:` before its name a property of the style.
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Markup {
        if let Markup::Element { attributes, .. } = &mut self {
            attributes.push((name, value.into()));
        }
        self
    }

    pub fn text(self, text: impl Into<String>) -> Markup {
        self.children(vec![Markup::Text(text.into())])
    }

    pub fn children(mut self, more: Vec<Markup>) -> Markup {
        if let Markup::Element { children, .. } = &mut self {
            children.extend(more);
        }
        self
    }
}
