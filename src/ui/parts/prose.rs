//! A text from outside, formatted: headings, lists, code and the rest of what Markdown has.

use super::painted::{Markup, element};
use crate::markdown::address::Address;
use crate::markdown::{self, Kind, Node};

/// What an element holds that shows this text.
pub fn prose(text: &str) -> Vec<Markup> {
    markdown::read(text).into_iter().map(|node| markup(node, "td")).collect()
}

/// `cell` is the tag of a table's cells at this place.
fn markup(node: Node, cell: &'static str) -> Markup {
    let (kind, children) = match node {
        Node::Text(text) => return Markup::Text(text),
        Node::Break => return element("br"),
        Node::Rule => return element("hr"),
        Node::Element { kind, children } => (kind, children),
    };
    let cell = if kind == Kind::Head { "th" } else { cell };
    let drawn = match kind {
        Kind::Paragraph => element("p"),
        // Below the headings of the page.
        Kind::Heading(1) => element("h4"),
        Kind::Heading(2) => element("h5"),
        Kind::Heading(_) => element("h6"),
        Kind::List(None) => element("ul"),
        Kind::List(Some(first)) => element("ol").with("start", first.to_string()),
        Kind::Item => element("li"),
        Kind::Quote => element("blockquote"),
        Kind::CodeBlock => element("pre"),
        Kind::Table => element("table"),
        Kind::Head | Kind::Row => element("tr"),
        Kind::Cell => element(cell),
        Kind::Code => element("code"),
        Kind::Emphasis => element("em"),
        Kind::Strong => element("strong"),
        Kind::Struck => element("s"),
        Kind::Link(Address { to, host }) => element("a")
            .with("href", to)
            .with("title", host)
            .with("target", "_blank")
            .with("rel", "noopener noreferrer nofollow"),
    };
    drawn.children(children.into_iter().map(|child| markup(child, cell)).collect())
}
