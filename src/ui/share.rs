//! Sharing: what is in the link, how long it is, the link in its forms, and the file for what no link
//! takes.

use leptos::prelude::*;

use super::parts::painted::{Markup, button, element, hint};
use super::saving::{Made, Sharing, is_confirmed};
use super::workspace::{Dialog, Workspace};
use crate::picture::field::{line, switch};
use crate::picture::markup::segments;
use crate::picture::qr;
use crate::platform::{clipboard, document, location};
use crate::scenario::link::LONGEST_MADE;
use crate::scenario::secret::{REMOVED, Secret};

/// Characters that every chat takes.
const FITS_ANYWHERE: usize = 1_800;
/// Characters that most take.
const LONG: usize = 8_000;

/// Makes the link anew with each change, as long as the dialog is open.
pub fn follow(workspace: Workspace) {
    Effect::new(move || {
        if workspace.dialog.get() == Some(Dialog::Share) {
            workspace.make_link();
        }
    });
}

pub fn contents(workspace: Workspace) -> Vec<Markup> {
    let Sharing { view, typed, has_secrets, .. } = workspace.sharing;
    let share = |drawn| element("div").class("share").children(drawn);
    let mut drawn = vec![share(held(workspace))];
    if has_secrets.get() {
        let label = "To keep them, type “leave them in”";
        drawn.push(line(label, "leave-in", "text", "", &typed.get().unwrap_or_default()));
    }
    drawn.push(switch("Show what I look at", "view", view.get()));
    drawn.push(share(forms(workspace)));
    drawn.push(button("button", "download-scenario", "Download as a file"));
    drawn
}

impl Workspace {
    /// Copies one of the texts that are shown. Its selection stays for browsers that refuse the clipboard.
    pub fn copy_shared(self, number: usize) {
        if let Some(text) = document::select(&format!("[data-text=\"{number}\"]")) {
            clipboard::write(&text);
            self.sharing.copied.set(Some(number as u64));
        }
    }

    pub fn choose_shared(self, number: usize) {
        self.sharing.whole.set(number == 1);
    }

    pub fn enlarge_or_shrink_code(self) {
        self.sharing.large.update(|large| *large = !*large);
    }
}

/// What the link holds, and what is the matter with that.
fn held(workspace: Workspace) -> Vec<Markup> {
    let Sharing { typed, made, .. } = workspace.sharing;
    let Some(Made { has_readable, is_readable, secrets, .. }) = made.get() else { return Vec::new() };
    let mut drawn = Vec::new();
    if has_readable {
        let choices = ["Only what I changed", "The whole scenario"];
        drawn.push(segments("What is shared", "scope", &choices, (!is_readable).into()));
    }
    drawn.push(hint(match is_readable {
        true => {
            "In it: the name of the ready scenario and the settings you changed; people can read and edit \
             them. Not in it: texts, keys, endpoints, answers."
        }
        false => {
            "In it: the title, all prompts, sections, documents and limits, and the seed. Not in it: keys, \
             endpoints, answers of real models. Anyone who has the link can read the prompts. It is not \
             encrypted; it is only never sent to a server."
        }
    }));
    if !secrets.is_empty() {
        let said = match is_confirmed(typed) {
            true => "These look like secrets, and they are in the link:".to_string(),
            false => format!("These look like secrets. The link has {REMOVED} in their place:"),
        };
        let spot = |Secret { place, excerpt }: Secret| {
            let excerpt = element("code").text(excerpt);
            element("li").children(vec![Markup::Text(format!("{place}: ")), excerpt])
        };
        let spots = element("ul").children(secrets.into_iter().map(spot).collect());
        let said = element("p").class("problem").text(said);
        drawn.push(element("div").class("secrets").with("role", "alert").children(vec![said, spots]));
    }
    drawn
}

/// The link as it is, as a code, in Markdown and in a frame.
fn forms(workspace: Workspace) -> Vec<Markup> {
    let Some(Made { fragment, .. }) = workspace.sharing.made.get() else { return Vec::new() };
    let fragment = match fragment {
        Ok(fragment) if workspace.sharing.view.get() => fragment + &workspace.view().write(),
        Ok(fragment) => fragment,
        Err(refused) => {
            return vec![element("p").class("problem").with("role", "alert").text(refused.sentence())];
        }
    };
    let address = location::with_fragment(&fragment);
    let title = workspace.draft.with(|draft| draft.title.clone());
    let verdict = workspace.verdict_sentence().map_or(String::new(), |sentence| format!(": {sentence}"));
    let named = format!("{title}{verdict}").replace(['[', ']'], "");
    let markdown = format!("[{named}]({address})");
    let quoted = title.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;");
    let frame = format!(
        "<iframe src=\"{}&amp;embed=1\" title=\"{quoted}\" width=\"100%\" height=\"640\" loading=\"lazy\" \
         allow=\"clipboard-write\"></iframe>",
        address.replace('&', "&amp;"),
    );
    let copied = workspace.sharing.copied.get();
    let text = |number: u64, label: &'static str, verb: &'static str, text: &str| {
        let area =
            element("textarea").with("readonly", "").with("rows", "3").with("data-text", number.to_string());
        let kind = if number == 0 { "button button-primary" } else { "button" };
        let words = if copied == Some(number) { "Copied" } else { verb };
        let button = button(kind, format!("copy {number}"), words);
        let field = vec![element("span").text(label), area.text(text)];
        vec![element("label").class("field").children(field), button]
    };
    let mut drawn = text(0, "Link", "Copy link", &address);
    drawn.insert(1, meter(address.chars().count()));
    drawn.extend(code(&address, workspace.sharing.large.get()));
    let mut more = vec![element("summary").text("Markdown, and a frame for a page")];
    more.extend(text(1, "Markdown", "Copy Markdown", &markdown));
    more.extend(text(2, "Embed", "Copy frame", &frame));
    drawn.push(element("details").children(more));
    drawn
}

fn meter(n: usize) -> Markup {
    let (tone, words) = if n <= FITS_ANYWHERE {
        ("short", "fits Discord and every other chat")
    } else if n <= LONG {
        ("long", "fits Slack and Teams; Discord cuts it")
    } else {
        ("very-long", "very long: better send the file")
    };
    let meter = element("meter")
        .with("min", "0")
        .with("max", LONGEST_MADE.to_string())
        .with("low", FITS_ANYWHERE.to_string())
        .with("high", LONG.to_string())
        .with("optimum", "0")
        .with("aria-label", "Length of the link")
        .with("value", n.to_string());
    let words = element("span").with("data-tone", tone).text(format!("{n} characters, {words}"));
    element("div").class("meter").children(vec![meter, words])
}

fn code(address: &str, large: bool) -> Vec<Markup> {
    let Some(picture) = qr::picture(address) else {
        let n = address.len();
        let most = qr::MOST_CHARACTERS;
        return vec![hint(format!(
            "No QR code: a camera reads up to {most} characters from a projector, and the link has {n}."
        ))];
    };
    let words = if large { "Show small" } else { "Show large" };
    let button = button("button", "large", words);
    let size = if large { "large" } else { "small" };
    vec![element("div").class("qr").with("data-size", size).children(vec![picture, button])]
}
