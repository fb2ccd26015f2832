//! The text of a paragraph to emphasis, code and links.

use super::address::Address;
use super::{Kind, Node, Reader, push_text};

/// What has begun and may end: its signs stand in the nodes as text until it does.
struct Open {
    sign: char,
    n_signs: usize,
    /// Where its signs are among the nodes.
    at: usize,
}

/// Beginnings that are kept. Of more the oldest are text.
const MOST_OPEN: usize = 16;
/// Bytes of an address, and parentheses within each other in it.
const LONGEST_ADDRESS: usize = 1_000;
const MOST_PARENTHESES: usize = 32;

impl Reader {
    pub(super) fn inline(&mut self, text: &str) -> Vec<Node> {
        let mut line = Line { reader: self, nodes: Vec::new(), open: Vec::new() };
        let mut rest = text;
        let mut before = None;
        while let Some(c) = rest.chars().next() {
            let n = match line.reader.n_left {
                0 => line.text(rest),
                _ => line.step(c, rest, before),
            };
            before = rest[..n].chars().next_back();
            rest = &rest[n..];
        }
        merged(line.nodes)
    }
}

/// A paragraph while it is read.
struct Line<'a> {
    reader: &'a mut Reader,
    nodes: Vec<Node>,
    open: Vec<Open>,
}

impl Line<'_> {
    /// Reads what the rest begins with, and says how many bytes that is.
    fn step(&mut self, c: char, rest: &str, before: Option<char>) -> usize {
        match c {
            '\n' => {
                self.reader.n_left -= 1;
                self.nodes.push(Node::Break);
                self.text("\n")
            }
            '\\' => match rest[1..].chars().next().filter(char::is_ascii_punctuation) {
                Some(_) => 1 + self.text(&rest[1..2]),
                None => self.text("\\"),
            },
            '`' => self.code(rest),
            '*' | '_' | '~' => self.signs(c, rest, before),
            '!' if rest.starts_with("![") => self.begin('!', 2, "!["),
            '[' => self.begin('[', 1, "["),
            ']' => self.end_of_link(rest),
            '<' => self.bare_link(rest),
            _ => {
                let ends = ['\n', '\\', '`', '*', '_', '~', '!', '[', ']', '<'];
                let n = rest
                    .char_indices()
                    .skip(1)
                    .find(|(_, c)| ends.contains(c))
                    .map_or(rest.len(), |(at, _)| at);
                self.text(&rest[..n])
            }
        }
    }

    fn text(&mut self, text: &str) -> usize {
        // Not to the text before it, which may be the signs of a beginning.
        self.nodes.push(Node::Text(text.to_string()));
        text.len()
    }

    fn begin(&mut self, sign: char, n_signs: usize, signs: &str) -> usize {
        if self.open.len() == MOST_OPEN {
            self.open.remove(0);
        }
        self.open.push(Open { sign, n_signs, at: self.nodes.len() });
        // A node of its own, to be taken out.
        self.nodes.push(Node::Text(signs.to_string()));
        signs.len()
    }

    /// Takes out what came since a beginning, which ends here, without its signs.
    fn since(&mut self, nth: usize) -> Vec<Node> {
        let at = self.open.get(nth).map_or(self.nodes.len(), |open| open.at);
        self.open.truncate(nth);
        let inside = self.nodes.split_off(at);
        merged(inside.into_iter().skip(1).collect())
    }

    fn code(&mut self, rest: &str) -> usize {
        let n = run(rest, '`');
        let mut from = n;
        while let Some(at) = rest[from..].find('`') {
            let end = from + at;
            let n_ending = run(&rest[end..], '`');
            if n_ending == n {
                let code = rest[n..end].replace('\n', " ");
                let trimmed = code.strip_prefix(' ').and_then(|code| code.strip_suffix(' '));
                let text = Node::Text(trimmed.unwrap_or(&code).to_string());
                let code = self.reader.element(Kind::Code, vec![text]);
                self.nodes.push(code);
                return end + n;
            }
            from = end + n_ending;
        }
        self.text(&rest[..n])
    }

    fn signs(&mut self, sign: char, rest: &str, before: Option<char>) -> usize {
        let n = run(rest, sign);
        let after = rest[n..].chars().next();
        let (opens, closes) = flanks(sign, before, after);
        let is_plain = if sign == '~' { n != 2 } else { n > 3 };
        if is_plain || !opens && !closes {
            return self.text(&rest[..n]);
        }
        let mut n_left = n;
        while closes
            && n_left > 0
            && let Some(nth) = self.beginning(sign, n_left)
        {
            let n_signs = self.open[nth].n_signs;
            let kind = match (sign, n_signs) {
                ('~', _) => Kind::Struck,
                (_, 1) => Kind::Emphasis,
                _ => Kind::Strong,
            };
            let inside = self.since(nth);
            let element = self.reader.element(kind, inside);
            self.nodes.push(element);
            n_left -= n_signs;
        }
        while opens && n_left > 0 {
            let n_signs = n_left.min(2);
            self.begin(sign, n_signs, &rest[..n_signs]);
            n_left -= n_signs;
        }
        self.text(&rest[..n_left]);
        n
    }

    /// The beginning that so many signs end: one of as many, or of three signs the last one.
    fn beginning(&self, sign: char, n: usize) -> Option<usize> {
        let find = |fits: &dyn Fn(usize) -> bool| {
            self.open.iter().rposition(|open| open.sign == sign && fits(open.n_signs))
        };
        match n {
            3 => find(&|_| true),
            _ => find(&|n_signs| n_signs == n).or_else(|| find(&|n_signs| n_signs < n)),
        }
    }

    fn end_of_link(&mut self, rest: &str) -> usize {
        let Some(nth) = self.open.iter().rposition(|open| matches!(open.sign, '[' | '!')) else {
            return self.text("]");
        };
        let is_picture = self.open[nth].sign == '!';
        let Some((to, n)) = destination(&rest[1..]) else {
            // No link: its bracket is one, and what has begun since may still end.
            self.open.remove(nth);
            return self.text("]");
        };
        let inside = self.since(nth);
        match Address::read(to).filter(|_| !is_picture) {
            Some(address) => {
                // Links have no links within.
                self.open.retain(|open| open.sign != '[');
                let link = self.reader.element(Kind::Link(address), inside);
                self.nodes.push(link);
            }
            None => {
                inside.into_iter().for_each(|node| self.nodes.push(node));
                self.text(&format!(" [{to}]"));
            }
        }
        1 + n
    }

    fn bare_link(&mut self, rest: &str) -> usize {
        let inside = rest[1..].split(['>', '<', ' ', '\n']).next().unwrap_or_default();
        match Address::read(inside).filter(|_| rest[1 + inside.len()..].starts_with('>')) {
            Some(address) => {
                let link = self.reader.element(Kind::Link(address), vec![Node::Text(inside.to_string())]);
                self.nodes.push(link);
                inside.len() + 2
            }
            None => self.text("<"),
        }
    }
}

/// How often a sign stands there in a row.
fn run(text: &str, sign: char) -> usize {
    text.bytes().take_while(|byte| *byte == sign as u8).count()
}

/// Whether signs between two characters can begin and end something. Those within a word of
/// underscores cannot, and those with white space on both sides are what they are.
fn flanks(sign: char, before: Option<char>, after: Option<char>) -> (bool, bool) {
    let is_white = |c: Option<char>| c.is_none_or(char::is_whitespace);
    let is_sign = |c: Option<char>| c.is_some_and(|c| !c.is_alphanumeric() && !c.is_whitespace());
    let left = !is_white(after) && (!is_sign(after) || is_white(before) || is_sign(before));
    let right = !is_white(before) && (!is_sign(before) || is_white(after) || is_sign(after));
    match sign {
        '_' => (left && (!right || is_sign(before)), right && (!left || is_sign(after))),
        _ => (left, right),
    }
}

/// The address in parentheses behind a link's text, and how many bytes it takes with all around it.
fn destination(rest: &str) -> Option<(&str, usize)> {
    let inside = rest.strip_prefix('(')?;
    let (mut depth, mut end) = (0, None);
    for (at, c) in inside.char_indices().take_while(|(at, _)| *at < LONGEST_ADDRESS) {
        match c {
            '(' if depth < MOST_PARENTHESES => depth += 1,
            '(' | '\n' => return None,
            ')' if depth == 0 => {
                end = Some(at);
                break;
            }
            ')' => depth -= 1,
            _ => {}
        }
    }
    let end = end?;
    let inside = inside[..end].trim();
    let to = match inside.strip_prefix('<').and_then(|inside| inside.split_once('>')) {
        Some((to, _)) => to,
        // A title may follow.
        None => match inside.find([' ', '\t']) {
            Some(at) if inside[at..].trim_start().starts_with(['"', '\'', '(']) => &inside[..at],
            _ => inside,
        },
    };
    Some((to, end + 2))
}

/// Neighbouring texts in one node.
fn merged(nodes: Vec<Node>) -> Vec<Node> {
    let mut all = Vec::new();
    for node in nodes {
        match node {
            Node::Text(text) => push_text(&mut all, &text),
            other => all.push(other),
        }
    }
    all
}
