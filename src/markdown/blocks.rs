//! Lines to paragraphs, headings, lists, quotes, code and tables.

use super::{DEEPEST, Kind, Node, Reader, push_text};

impl Reader {
    pub(super) fn blocks(&mut self, lines: &[&str], depth: usize) -> Vec<Node> {
        let mut nodes = Vec::new();
        let mut rest = lines;
        while let Some(first) = rest.first() {
            if is_blank(first) {
                rest = &rest[1..];
                continue;
            }
            if self.n_left == 0 || depth > DEEPEST {
                push_text(&mut nodes, &rest.join("\n"));
                break;
            }
            let (node, n_lines) = self.block(first, rest, depth);
            nodes.push(node);
            // Words on both sides stay apart where only the text is read.
            push_text(&mut nodes, "\n");
            rest = rest.get(n_lines.max(1)..).unwrap_or_default();
        }
        nodes
    }

    /// The block that begins with the first line, and how many lines it has.
    fn block(&mut self, first: &str, lines: &[&str], depth: usize) -> (Node, usize) {
        if let Some(fence) = fence(first) {
            return self.code(fence, lines);
        }
        if let Some((level, text)) = heading(first) {
            let children = self.inline(text);
            return (self.element(Kind::Heading(level), children), 1);
        }
        if is_rule(first) {
            self.n_left -= 1;
            return (Node::Rule, 1);
        }
        if first.trim_start().starts_with('>') {
            let quoted: Vec<&str> = lines.iter().map_while(|line| unquoted(line)).collect();
            let children = self.blocks(&quoted, depth + 1);
            return (self.element(Kind::Quote, children), quoted.len());
        }
        if marker(first).is_some() {
            return self.list(lines, depth);
        }
        if let Some(names) = table(lines) {
            return self.table(&names, lines);
        }
        let goes_on = |line: &&&str| !is_blank(line) && !interrupts(line);
        let n_lines = 1 + lines.iter().skip(1).take_while(goes_on).count();
        let text: Vec<&str> = lines.iter().take(n_lines).map(|line| line.trim()).collect();
        let children = self.inline(&text.join("\n"));
        (self.element(Kind::Paragraph, children), n_lines)
    }

    fn code(&mut self, fence: &str, lines: &[&str]) -> (Node, usize) {
        let ends = |line: &&&str| {
            let line = line.trim();
            line.starts_with(fence) && line.bytes().all(|byte| fence.as_bytes().first() == Some(&byte))
        };
        let inside = &lines[1..];
        let n_inside = inside.iter().take_while(|line| !ends(line)).count();
        let indent = indent(lines[0]);
        let code: Vec<&str> = inside.iter().take(n_inside).map(|line| outdented(line, indent)).collect();
        let code = vec![Node::Text(code.join("\n"))];
        // Without its end it goes on to the end of all.
        (self.element(Kind::CodeBlock, code), (n_inside + 2).min(lines.len()))
    }

    fn list(&mut self, lines: &[&str], depth: usize) -> (Node, usize) {
        let first = marker(lines[0]).and_then(|marker| marker.number);
        let outermost = indent(lines[0]);
        let (mut items, mut n_lines, mut is_loose) = (Vec::new(), 0, false);
        while let Some(marker) = lines.get(n_lines).and_then(|line| marker(line))
            && marker.number.is_some() == first.is_some()
            && indent(lines[n_lines]) < outermost + 2
            && !is_rule(lines[n_lines])
        {
            let n = lines_of_item(&lines[n_lines..]);
            let mut inside = vec![marker.text];
            let more = lines[n_lines + 1..n_lines + n].iter();
            inside.extend(more.map(|line| outdented(line, marker.width)));
            let n_blank = lines[n_lines + n..].iter().take_while(|line| is_blank(line)).count();
            let next = lines.get(n_lines + n + n_blank);
            is_loose |= inside.iter().any(|line| is_blank(line));
            is_loose |= n_blank > 0 && next.is_some_and(|line| self::marker(line).is_some());
            let children = self.blocks(&inside, depth + 1);
            items.push(self.element(Kind::Item, children));
            push_text(&mut items, "\n");
            n_lines += n + n_blank;
            if self.n_left == 0 {
                break;
            }
        }
        if !is_loose {
            items.iter_mut().for_each(tighten);
        }
        (self.element(Kind::List(first), items), n_lines)
    }

    fn table(&mut self, names: &[&str], lines: &[&str]) -> (Node, usize) {
        let mut rows = vec![self.row(Kind::Head, names)];
        let is_row = |line: &&&str| !is_blank(line) && line.contains('|');
        let n_rows = lines.iter().skip(2).take_while(is_row).count();
        for line in lines.iter().skip(2).take(n_rows) {
            push_text(&mut rows, "\n");
            let mut cells = cells(line);
            cells.truncate(names.len());
            match self.n_left {
                0 => push_text(&mut rows, line),
                _ => rows.push(self.row(Kind::Row, &cells)),
            }
        }
        (self.element(Kind::Table, rows), 2 + n_rows)
    }

    fn row(&mut self, kind: Kind, cells: &[&str]) -> Node {
        let mut row = Vec::new();
        for cell in cells {
            let children = self.inline(&cell.trim().replace("\\|", "|"));
            match self.n_left {
                0 => push_text(&mut row, cell),
                _ => row.push(self.element(Kind::Cell, children)),
            }
            push_text(&mut row, "\n");
        }
        self.element(kind, row)
    }
}

fn is_blank(line: &str) -> bool {
    line.trim().is_empty()
}

/// Columns before the first character that is seen.
fn indent(line: &str) -> usize {
    let white = line.chars().take_while(|c| matches!(c, ' ' | '\t'));
    white.map(|c| if c == '\t' { 4 } else { 1 }).sum()
}

/// A line without so many columns of white space.
fn outdented(line: &str, columns: usize) -> &str {
    let mut left = columns;
    line.trim_start_matches(|c| {
        let width = if c == '\t' { 4 } else { 1 };
        let is_within = matches!(c, ' ' | '\t') && left > 0;
        left = left.saturating_sub(width);
        is_within
    })
}

/// The signs that code begins with.
fn fence(line: &str) -> Option<&str> {
    let line = line.trim_start();
    let sign = line.chars().next().filter(|c| matches!(c, '`' | '~'))?;
    let n = line.bytes().take_while(|byte| *byte == sign as u8).count();
    let is_code = n >= 3 && (sign == '~' || !line[n..].contains('`'));
    is_code.then_some(&line[..n])
}

fn heading(line: &str) -> Option<(usize, &str)> {
    let line = line.trim();
    let level = line.bytes().take_while(|byte| *byte == b'#').count();
    let text = &line[level..];
    let is_heading = (1..=6).contains(&level) && (text.is_empty() || text.starts_with([' ', '\t']));
    is_heading.then(|| (level, text.trim_end_matches('#').trim()))
}

fn is_rule(line: &str) -> bool {
    let signs = || line.bytes().filter(|byte| !matches!(byte, b' ' | b'\t'));
    let first = signs().next();
    matches!(first, Some(b'-' | b'*' | b'_'))
        && signs().all(|sign| Some(sign) == first)
        && signs().count() >= 3
}

fn unquoted(line: &str) -> Option<&str> {
    let line = line.trim_start().strip_prefix('>')?;
    Some(line.strip_prefix(' ').unwrap_or(line))
}

/// What an item of a list begins with.
struct Marker<'a> {
    number: Option<u32>,
    /// Columns before the text.
    width: usize,
    text: &'a str,
}

fn marker(line: &str) -> Option<Marker<'_>> {
    let from = line.trim_start();
    let (number, after) = match from.strip_prefix(['-', '*', '+', '•']) {
        Some(after) => (None, after),
        None => {
            let n_digits = from.bytes().take_while(u8::is_ascii_digit).count();
            let number = from[..n_digits].parse().ok().filter(|_| n_digits < 10)?;
            (Some(number), from[n_digits..].strip_prefix(['.', ')'])?)
        }
    };
    let text = after.trim_start();
    // “1.” alone is an answer, not a list of nothing.
    let is_marker = !text.is_empty() && after.starts_with([' ', '\t']);
    let width = indent(line) + (from.len() - after.len()).min(4) + 1;
    is_marker.then_some(Marker { number, width, text })
}

/// The lines of the item that the first line begins: those indented, and those that go on with its
/// last paragraph.
fn lines_of_item(lines: &[&str]) -> usize {
    let least = indent(lines[0]) + 2;
    let (mut n_lines, mut is_after_blank) = (1, false);
    for (i, line) in lines.iter().enumerate().skip(1) {
        let goes_on = !is_after_blank && !interrupts(line) && marker(line).is_none();
        match is_blank(line) {
            true => is_after_blank = true,
            false if indent(line) >= least || goes_on => {
                is_after_blank = false;
                n_lines = i + 1;
            }
            false => break,
        }
    }
    n_lines
}

/// Whether a paragraph ends where such a line follows.
fn interrupts(line: &str) -> bool {
    fence(line).is_some()
        || heading(line).is_some()
        || is_rule(line)
        || line.trim_start().starts_with('>')
        // A number at the beginning of a line is more often a part of its sentence.
        || marker(line).is_some_and(|marker| marker.number.unwrap_or(1) == 1)
}

/// Takes the paragraphs of an item as its text.
fn tighten(item: &mut Node) {
    if let Node::Element { kind: Kind::Item, children } = item {
        for child in std::mem::take(children) {
            match child {
                Node::Element { kind: Kind::Paragraph, children: text } => children.extend(text),
                other => children.push(other),
            }
        }
    }
}

/// The names of the columns, where the first two lines are the head of a table.
fn table<'a>(lines: &[&'a str]) -> Option<Vec<&'a str>> {
    let [head, under, ..] = lines else { return None };
    if !head.contains('|') || !under.contains('-') {
        return None;
    }
    let is_line =
        |cell: &&str| !cell.trim().is_empty() && cell.trim().trim_matches(':').bytes().all(|b| b == b'-');
    let (names, lines) = (cells(head), cells(under));
    (names.len() == lines.len() && lines.iter().all(is_line)).then_some(names)
}

fn cells(line: &str) -> Vec<&str> {
    let line = line.trim();
    let line = line.strip_prefix('|').unwrap_or(line);
    let line = line.strip_suffix('|').unwrap_or(line);
    let mut is_escaped = false;
    line.split(|c| {
        let ends = c == '|' && !is_escaped;
        is_escaped = c == '\\' && !is_escaped;
        ends
    })
    .collect()
}
