//! Paints pictures that are data: they are compared with what is on the page, and what differs is
//! changed.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Document, Element, HtmlElement, HtmlInputElement, Node};

use super::prose::prose;
use crate::picture::markup::STYLE;
pub use crate::picture::markup::{ACT, Markup, button, element, hint};
use crate::ui::building;

/// The elements that belong to vector graphics.
const GRAPHIC: [&str; 6] = ["svg", "g", "path", "rect", "circle", "text"];

/// What a picture is at the time. No signal: each reader of one gets a copy.
pub type Picture = Callback<(), Vec<Markup>>;

/// A directive: `<ul use:painted=picture />` holds what the picture is at the time.
pub fn painted(parent: Element, picture: Picture) {
    building::build(move || {
        let effect = RenderEffect::new(move |before: Option<Vec<Markup>>| {
            let now = picture.run(());
            repainted(&parent, &before.unwrap_or_default(), &now);
            now
        });
        StoredValue::new_local(effect);
    });
}

/// Makes what is in an element, which looks like `before`, look like `now`.
pub fn repainted(parent: &Element, before: &[Markup], now: &[Markup]) {
    if let Some(document) = parent.owner_document() {
        paint(&document, parent, before, now);
    }
}

/// Makes the children of `parent` look like `now`; they look like `before`.
fn paint(document: &Document, parent: &Node, before: &[Markup], now: &[Markup]) {
    // Nodes are asked for only where something differs: most elements that change have the same children.
    if before == now {
        return;
    }
    let mut place = parent.first_child();
    for (i, markup) in now.iter().enumerate() {
        let next = place.as_ref().and_then(Node::next_sibling);
        let painted = match (&place, before.get(i)) {
            (Some(node), Some(before)) => repaint(document, node, before, markup),
            _ => false,
        };
        if !painted && let Some(node) = make(document, markup) {
            let _ = match &place {
                Some(old) => parent.replace_child(&node, old),
                None => parent.append_child(&node),
            };
        }
        place = next;
    }
    while let Some(node) = place {
        place = node.next_sibling();
        let _ = parent.remove_child(&node);
    }
}

/// Changes what differs; false where it takes a new node.
fn repaint(document: &Document, node: &Node, before: &Markup, now: &Markup) -> bool {
    match (before, now) {
        (before, now) if before == now => true,
        (Markup::Text(_), Markup::Text(text)) => {
            node.set_text_content(Some(text));
            true
        }
        (
            Markup::Element { tag: old_tag, attributes: old, children: old_children },
            Markup::Element { tag, attributes, children },
        ) if old_tag == tag
            && old.iter().map(|(name, _)| name).eq(attributes.iter().map(|(name, _)| name)) =>
        {
            // Children first: a select can only have a value that one of its options has.
            paint(document, node, old_children, children);
            for (_, attribute) in old.iter().zip(attributes).filter(|(old, new)| old != new) {
                set(node.unchecked_ref(), attribute);
            }
            true
        }
        _ => false,
    }
}

fn make(document: &Document, markup: &Markup) -> Option<Node> {
    match markup {
        Markup::Text(text) => Some(document.create_text_node(text).into()),
        Markup::Formatted(text) => {
            let holder = element("div").class("prose").with("dir", "auto");
            make(document, &holder.children(prose(text)))
        }
        Markup::Element { tag, attributes, children } => {
            let element = match GRAPHIC.contains(tag) {
                true => document.create_element_ns(Some("http://www.w3.org/2000/svg"), tag),
                false => document.create_element(tag),
            };
            let element = element.ok()?;
            for child in children {
                let _ = make(document, child).map(|child| element.append_child(&child));
            }
            for attribute in attributes {
                set(&element, attribute);
            }
            Some(element.into())
        }
    }
}

fn set(element: &Element, (name, value): &(&'static str, String)) {
    let field: &HtmlInputElement = element.unchecked_ref();
    // What was typed, chosen or switched on counts more than attributes.
    match (*name, name.strip_prefix(STYLE)) {
        (_, Some(property)) => {
            let _ = element.unchecked_ref::<HtmlElement>().style().set_property(property, value);
        }
        ("value", _) if element.local_name() != "option" => field.set_value(value),
        ("checked", _) => field.set_checked(value == "true"),
        ("disabled", _) => field.set_disabled(value == "true"),
        _ => {
            let _ = element.set_attribute(name, value);
        }
    }
}
