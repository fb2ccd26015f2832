//! Gives out what is on screen: as a link, as a file, in the address bar.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::workspace::Workspace;
use crate::platform::pause::Pause;
use crate::platform::{files, location, zlib};
use crate::scenario::draft::Draft;
use crate::scenario::file;
use crate::scenario::gallery::Ready;
use crate::scenario::link::{self, NoLink};
use crate::scenario::readable;
use crate::scenario::secret::{self, Secret};

/// The ready scenario that was opened, as it was before anything was changed.
pub struct Base {
    pub ready: Ready,
    pub revision: u32,
    pub draft: Draft,
}

/// A link, and what was found in making it.
#[derive(Clone, Debug)]
pub struct Made {
    /// Without the number sign, and without the view.
    pub fragment: Result<String, NoLink>,
    /// Whether the settings alone would make a link.
    pub has_readable: bool,
    pub is_readable: bool,
    /// What looks like a secret in its texts.
    pub secrets: Vec<Secret>,
}

/// What a person chose in sharing.
#[derive(Clone, Copy)]
pub struct Sharing {
    /// The whole scenario goes into the link where its settings would do.
    pub whole: RwSignal<bool>,
    /// The link says what is looked at.
    pub view: RwSignal<bool>,
    /// The QR code fills the screen.
    pub large: RwSignal<bool>,
    /// What was typed so that secrets stay in.
    pub typed: RwSignal<String>,
    /// The number of the text that was copied last.
    pub copied: RwSignal<Option<u32>>,
    pub made: RwSignal<Option<Made>>,
}

impl Default for Sharing {
    fn default() -> Self {
        Sharing {
            whole: RwSignal::new(false),
            view: RwSignal::new(false),
            large: RwSignal::new(false),
            typed: RwSignal::new(String::new()),
            copied: RwSignal::new(None),
            made: RwSignal::new(None),
        }
    }
}

/// What has to be typed so that secrets stay in a link.
pub const LEAVE_IN: &str = "leave them in";

/// A browser may refuse more than a hundred changes of its address in half a minute.
const PAUSE_MS: u32 = 400;

impl Workspace {
    /// Makes the link of what is on screen; an effect that calls this makes it anew with each change.
    pub fn make_link(self) {
        let Sharing { whole, typed, made, copied, large, .. } = self.sharing;
        // What was made before is of another draft.
        made.set(None);
        copied.set(None);
        large.set(false);
        let mut scenario = self.draft.with(file::value);
        let readable = self.readable();
        let has_readable = readable.is_some();
        let link = move |fragment, is_readable, secrets| {
            made.set(Some(Made { fragment, has_readable, is_readable, secrets }));
        };
        if let (Some(fragment), false) = (readable, whole.get()) {
            return link(Ok(fragment), true, Vec::new());
        }
        let as_typed = link::text(&scenario);
        let secrets = secret::take_out(&mut scenario);
        let text = match typed.with(|typed| typed.trim() == LEAVE_IN) {
            true => as_typed,
            false => link::text(&scenario),
        };
        spawn_local(async move {
            let fragment = match text {
                Ok(text) => match zlib::pack(text.as_bytes()).await {
                    Some(packed) => link::fragment(&packed),
                    None => Err(NoLink::Unsupported),
                },
                Err(refused) => Err(refused),
            };
            link(fragment, false, secrets);
        });
    }

    pub fn download_scenario(self) {
        self.draft.with_untracked(|draft| {
            files::download(&file_name(&draft.title), "application/json", &file::write(draft));
        });
    }

    /// Has the address bar say what is on screen, once nothing has changed for a moment.
    pub(super) fn follow_in_address_bar(self) {
        let pause = Pause::before(PAUSE_MS, move || self.write_address());
        self.runner.update_value(|runner| runner.address = Some(pause));
    }

    /// Settings of a ready scenario stand in the address bar; texts never do.
    pub(super) fn write_address(self) {
        if self.is_embedded() {
            return;
        }
        match self.readable() {
            Some(fragment) => location::replace_fragment(&fragment),
            None if location::fragment().is_empty() => {}
            None => location::replace_fragment("/draft"),
        }
    }

    /// The readable link of what is on screen, where it is a ready scenario with other settings.
    fn readable(self) -> Option<String> {
        self.runner.with_value(|runner| {
            let Base { ready, revision, draft } = runner.base.as_ref()?;
            self.draft.with_untracked(|now| readable::fragment(*ready, *revision, draft, now))
        })
    }
}

fn file_name(title: &str) -> String {
    let plain: String = title
        .to_ascii_lowercase()
        .chars()
        .map(|c| if c.is_alphanumeric() { c } else { '-' })
        .take(60)
        .collect();
    let stem = plain.split('-').filter(|word| !word.is_empty()).collect::<Vec<_>>().join("-");
    format!("{}.fanout.json", if stem.is_empty() { "scenario" } else { &stem })
}
