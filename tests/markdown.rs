//! Text from outside becomes a small tree in which nothing runs, loads or sends.

use std::fmt::Write;
use std::time::{Duration, Instant};

use fanout::markdown::{Kind, LONGEST, MOST, Node, read};

/// A tree on one line: `p(one em(two))`.
fn written(nodes: &[Node]) -> String {
    let mut line = String::new();
    for node in nodes {
        let _ = match node {
            Node::Text(text) => write!(line, "{}", text.replace('\n', " ")),
            Node::Break => write!(line, "|"),
            Node::Rule => write!(line, "---"),
            Node::Element { kind, children } => {
                let within = written(children);
                // What separates blocks is of no interest here.
                let within = within.trim();
                match kind {
                    Kind::Link(address) => write!(line, "a<{}>({within})", address.host),
                    Kind::Heading(level) => write!(line, "h{level}({within})"),
                    Kind::List(Some(first)) => write!(line, "ol{first}({within})"),
                    Kind::List(None) => write!(line, "ul({within})"),
                    kind => write!(line, "{}({within})", format!("{kind:?}").to_lowercase()),
                }
            }
        };
    }
    line.trim().to_string()
}

#[track_caller]
fn check(text: &str, tree: &str) {
    assert_eq!(written(&read(text)), tree, "{text:?}");
}

#[test]
fn what_models_write_is_read() {
    check("", "");
    check("One\n\ntwo", "paragraph(One) paragraph(two)");
    check("one\ntwo  \nthree", "paragraph(one| two| three)");
    check("# A\n### B ##\n#no", "h1(A) h3(B) paragraph(#no)");
    check("> a\n> > b", "quote(paragraph(a) quote(paragraph(b)))");
    check("```js\na < b\n\n  c\n```\nd", "codeblock(a < b    c) paragraph(d)");
    check("~~~\n```\n~~~", "codeblock(```)");
    check("```\nwithout an end", "codeblock(without an end)");
    check("a\n\n---\n\nb", "paragraph(a) --- paragraph(b)");
    check("|a|b|\n|-|:-:|\n|c|d|\n|e|\n\nf", {
        "table(head(cell(a) cell(b)) row(cell(c) cell(d)) row(cell(e))) paragraph(f)"
    });
    check("a | b\n--- | ---\n`c` | d \\| e", "table(head(cell(a) cell(b)) row(cell(code(c)) cell(d | e)))");
    check("a | b, but no table\nc", "paragraph(a | b, but no table| c)");
}

#[test]
fn lists_are_read_as_models_write_them() {
    check("- a\n- b\n  - c\n- d", "ul(item(a) item(b ul(item(c))) item(d))");
    check("3. a\n4. b", "ol3(item(a) item(b))");
    check("1. **A**\n   - b\n   - c\n2. **D**", "ol1(item(strong(A) ul(item(b) item(c))) item(strong(D)))");
    check("1. a\n  - b", "ol1(item(a ul(item(b))))");
    check("Words:\n- a\n* b", "paragraph(Words:) ul(item(a) item(b))");
    check("- a\n\n- b", "ul(item(paragraph(a)) item(paragraph(b)))");
    check("- a\nb\n\nc", "ul(item(a| b)) paragraph(c)");
    check("- a\n\n  b", "ul(item(paragraph(a) paragraph(b)))");
    check("- ```\n  x\n  ```", "ul(item(codeblock(x)))");
    check("It was in\n1984. Or so.", "paragraph(It was in| 1984. Or so.)");
    check("-5 degrees", "paragraph(-5 degrees)");
    check("1.", "paragraph(1.)");
}

#[test]
fn emphasis_is_told_from_signs() {
    check("*a* **b** ~~c~~ `d`", "paragraph(emphasis(a) strong(b) struck(c) code(d))");
    check("_a_ __b__", "paragraph(emphasis(a) strong(b))");
    check("***a***", "paragraph(strong(emphasis(a)))");
    check("**a *b* c**", "paragraph(strong(a emphasis(b) c))");
    check("*a **b***", "paragraph(emphasis(a strong(b)))");
    check("2 * 3 * 4 and snake_case_name", "paragraph(2 * 3 * 4 and snake_case_name)");
    check("**a", "paragraph(**a)");
    check("**a*", "paragraph(**a*)");
    check("~a~ and ~~~~b", "paragraph(~a~ and ~~~~b)");
    check("``a`b`` and `c", "paragraph(code(a`b) and `c)");
    check("`*a*` \\*b\\*", "paragraph(code(*a*) *b*)");
    check("*a `b* c` d*", "paragraph(emphasis(a code(b* c) d))");
}

#[test]
fn html_is_text() {
    check("a <b>b</b> c", "paragraph(a <b>b</b> c)");
    check("<script>alert(1)</script>", "paragraph(<script>alert(1)</script>)");
    check("<div onclick='x'>\n*a*\n</div>", "paragraph(<div onclick='x'>| emphasis(a)| </div>)");
    check("&lt;img src=x onerror=alert(1)&gt;", "paragraph(&lt;img src=x onerror=alert(1)&gt;)");
    check("<!-- a -->", "paragraph(<!-- a -->)");
}

#[test]
fn a_picture_is_its_words_and_its_address() {
    check("![a *cat*](https://a.example/x.png?q=secret)", {
        "paragraph(a emphasis(cat) [https://a.example/x.png?q=secret])"
    });
    check("![](data:image/svg+xml,x)", "paragraph([data:image/svg+xml,x])");
    check("[![a](https://a.example/x.png)](https://b.example)", {
        "paragraph(a<b.example>(a [https://a.example/x.png]))"
    });
}

#[test]
fn links_say_where_they_lead() {
    check("[a](https://b.example/c?d#e)", "paragraph(a<b.example>(a))");
    check("[a](HTTP://b.example:8080)", "paragraph(a<b.example:8080>(a))");
    check("[**a**](https://b.example/x_(y) \"title\")", "paragraph(a<b.example>(strong(a)))");
    check(
        "[https://bank.example](https://thief.example)",
        "paragraph(a<thief.example>(https://bank.example))",
    );
    check("<https://b.example>", "paragraph(a<b.example>(https://b.example))");
    check("[a](mailto:a@b.example?subject=x)", "paragraph(a<a@b.example>(a))");
    check("[a [b](https://c.example)](https://d.example)", {
        "paragraph([a a<c.example>(b)](https://d.example))"
    });
    check("[1] and [2] *a [3*", "paragraph([1] and [2] emphasis(a [3))");
}

#[test]
fn an_address_that_is_no_plain_link_is_text() {
    for to in [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "vbscript:x",
        "data:text/html,x",
        "file:///etc/passwd",
        "blob:https://a.example/1",
        "//a.example/x",
        "/x",
        "#x",
        "https:a.example",
        "https:///x",
        "https://good.example\\@evil.example",
        "https://good.example@evil.example",
        "https://good.example:x@evil.example",
        "https://ex%61mple.com",
        "https://аpple.com",
        "mailto:",
        "java\tscript:alert(1)",
        "\u{1}javascript:alert(1)",
        "javascript&colon;alert(1)",
        "&#x6A;avascript:alert(1)",
    ] {
        check(&format!("[a]({to})"), &format!("paragraph(a [{to}])"));
        check(&format!("<{to}>"), &format!("paragraph(<{}>)", to.replace("\\@", "@")));
    }
}

fn depth(nodes: &[Node]) -> usize {
    nodes
        .iter()
        .map(|node| match node {
            Node::Element { children, .. } => 1 + depth(children),
            _ => 0,
        })
        .max()
        .unwrap_or(0)
}

fn count(nodes: &[Node]) -> usize {
    nodes
        .iter()
        .map(|node| match node {
            Node::Text(_) => 0,
            Node::Element { children, .. } => 1 + count(children),
            _ => 1,
        })
        .sum()
}

/// Guards against an answer that hangs the page or runs out of its stack.
#[test]
fn hostile_sizes_are_bounded() {
    let patterns = [
        ">",
        "[",
        "![",
        "](",
        "*",
        "_",
        "**a",
        "~~",
        "`",
        "``a",
        "<",
        "<a",
        "<!--",
        "&",
        "&#",
        "\\",
        "- ",
        "1. ",
        "#",
        "|",
        "|a",
        "(",
        ")",
        "\n",
        " ",
        "\t",
        "> - ",
        "a\n",
        "> a\n\n",
        "- a\n\n",
        "[a](",
        "[a][",
        "[a]: b\n",
        "*a_ ",
        "|a|\n|-|\n",
        "```\n",
        "    ",
        "</",
        "<?",
        "<![CDATA[",
        "\u{0}",
        "\u{301}",
        "\u{202e}",
        "a**b",
    ];
    let start = Instant::now();
    for pattern in patterns {
        for size in [LONGEST, LONGEST * 4] {
            let text = pattern.repeat(size / pattern.len());
            let one = Instant::now();
            let nodes = read(&text);
            if one.elapsed() > Duration::from_millis(200) {
                println!("{pattern:?} x {size}: {:?}", one.elapsed());
            }
            assert!(depth(&nodes) <= 40, "{pattern:?}: {}", depth(&nodes));
            // What has begun when there may be no more is brought to its end.
            assert!(count(&nodes) <= MOST + 50, "{pattern:?}: {}", count(&nodes));
        }
    }
    assert!(start.elapsed() < Duration::from_secs(60), "{:?}", start.elapsed());
}

/// Guards against words that are lost where a text is too deep or has too much in it.
#[test]
fn beyond_the_bounds_the_words_stay() {
    let deep = format!("{}word", "> ".repeat(1000));
    assert!(written(&read(&deep)).contains("word"));
    let many = "*q* z `q`\n\n".repeat(MOST);
    let tree = written(&read(&many));
    assert_eq!((tree.matches('q').count(), tree.matches('z').count()), (2 * MOST, MOST));
    let long = "a".repeat(LONGEST + 1);
    assert_eq!(
        read(&long),
        [Node::Element { kind: Kind::Paragraph, children: vec![Node::Text(long.clone())] }]
    );
}

/// Guards against a place in a text that is no boundary of a character, or out of it.
#[test]
fn texts_at_random_are_read() {
    let parts = [
        "*",
        "**",
        "_",
        "__",
        "~~",
        "`",
        "``",
        "```",
        "\n",
        "\n\n",
        " ",
        "    ",
        "\t",
        "[",
        "](",
        ")",
        "![",
        "<",
        ">",
        "> ",
        "- ",
        "1. ",
        "# ",
        "|",
        "|-|",
        "---",
        "\\",
        "é",
        "海",
        "𝕏",
        "\u{301}",
        "a",
        "b c",
        "https://a.example",
        "\u{0}",
        "\r",
    ];
    let mut state: u64 = 7;
    let mut next = |n: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % n
    };
    for _ in 0..20_000 {
        let text: String = (0..next(30)).map(|_| parts[next(parts.len())]).collect();
        read(&text);
    }
}
