//! A text from outside as a small tree: the Markdown that models write, and nothing else.
//!
//! The tree has no place for HTML, for a picture or for an address other than those that [`address`]
//! lets through: what else a text asks for is in it as text. It is bounded in depth and size,
//! whatever the text is, and the time to read it grows with its length. References, footnotes, HTML,
//! entities and code by indentation are not read: a parser for all of Markdown costs the page 47 kB.

pub mod address;
mod blocks;
mod inline;

use self::address::Address;

/// A piece of a formatted text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Node {
    Text(String),
    /// A line ends here.
    Break,
    /// A line between paragraphs.
    Rule,
    Element {
        kind: Kind,
        children: Vec<Node>,
    },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    Paragraph,
    /// 1 is the highest level.
    Heading(usize),
    /// The first number of a numbered list.
    List(Option<u32>),
    Item,
    Quote,
    CodeBlock,
    Table,
    /// The row of a table that names its columns.
    Head,
    Row,
    Cell,
    Code,
    Emphasis,
    Strong,
    Struck,
    Link(Address),
}

/// Bytes beyond which a text is not formatted: nobody reads so much.
pub const LONGEST: usize = 256 * 1024;
/// Lists and quotes within each other. What is deeper is there as text.
pub const DEEPEST: usize = 8;
/// Elements in all, after which text follows.
pub const MOST: usize = 4_000;

pub fn read(text: &str) -> Vec<Node> {
    if text.len() > LONGEST {
        return vec![Node::Element { kind: Kind::Paragraph, children: vec![Node::Text(text.to_string())] }];
    }
    let lines: Vec<&str> = text.lines().collect();
    Reader { n_left: MOST }.blocks(&lines, 0)
}

/// Reads a text until it has made as many elements as there may be.
struct Reader {
    n_left: usize,
}

impl Reader {
    fn element(&mut self, kind: Kind, children: Vec<Node>) -> Node {
        self.n_left = self.n_left.saturating_sub(1);
        Node::Element { kind, children }
    }
}

/// Adds a text to the one before it.
fn push_text(nodes: &mut Vec<Node>, text: &str) {
    match nodes.last_mut() {
        Some(Node::Text(before)) => before.push_str(text),
        _ if text.is_empty() => {}
        _ => nodes.push(Node::Text(text.to_string())),
    }
}
