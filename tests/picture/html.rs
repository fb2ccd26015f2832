//! Markup as HTML. Properties of the style go into an attribute from which a script takes them, since
//! the page's Content-Security-Policy allows no styles in the HTML.

use fanout::picture::markup::{Markup, STYLE, element};

pub fn html(markup: &Markup) -> String {
    match markup {
        Markup::Text(text) | Markup::Formatted(text) => escaped(text),
        Markup::Element { tag, attributes, children } => {
            let styles: Vec<String> = attributes
                .iter()
                .filter_map(|(name, value)| Some(format!("{}:{value}", name.strip_prefix(STYLE)?)))
                .collect();
            let styles = (!styles.is_empty()).then(|| format!(" data-put=\"{}\"", styles.join(";")));
            // Of these, HTML only knows that they are there; and what is chosen is an option's affair.
            let is_there = |name: &str, value: &str| match name {
                "checked" | "disabled" => value == "true",
                "value" => *tag != "select",
                _ => !name.starts_with(STYLE),
            };
            let chosen = attributes.iter().find(|(name, _)| *tag == "select" && *name == "value");
            let select = |child: &Markup| match (child, chosen) {
                (Markup::Element { attributes, .. }, Some((_, value)))
                    if attributes.iter().any(|a| a.1 == *value) =>
                {
                    child.clone().with("selected", "")
                }
                _ => child.clone(),
            };
            let attributes: String = attributes
                .iter()
                .filter(|(name, value)| is_there(name, value))
                .map(|(name, value)| match *name {
                    "checked" | "disabled" | "inert" => format!(" {name}"),
                    _ => format!(" {name}=\"{}\"", escaped(value)),
                })
                .collect();
            let children: String = children.iter().map(|child| html(&select(child))).collect();
            if ["input", "br", "hr"].contains(tag) {
                return format!("<{tag}{attributes}>");
            }
            format!("<{tag}{attributes}{}>{children}</{tag}>", styles.unwrap_or_default())
        }
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[test]
fn a_text_is_a_text_and_a_style_waits_for_the_script() {
    let picture = element("p").class("a").with("title", "\"<b>\"").with("style:left", "1%").text("1 < 2 & 3");
    let expected = "<p class=\"a\" title=\"&quot;&lt;b&gt;&quot;\" data-put=\"left:1%\">1 &lt; 2 &amp; 3</p>";
    assert_eq!(html(&picture), expected);
}
