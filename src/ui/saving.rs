//! Gives out what is on screen: as a link, as a file, in the address bar.

use gloo_timers::callback::Timeout;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::held::Held;
use super::notices::Notice;
use super::workspace::{DRAFT, Workspace};
use crate::platform::{files, location, storage, zlib};
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
    pub whole: Held<bool>,
    /// The link says what is looked at.
    pub view: Held<bool>,
    /// The QR code fills the screen.
    pub large: Held<bool>,
    /// Whether texts hold what looks like a secret.
    pub has_secrets: Held<bool>,
    /// What was typed so that secrets stay in.
    pub typed: Held<Option<String>>,
    /// The number of the text that was copied last.
    pub copied: Held<Option<u64>>,
    pub made: Held<Option<Made>>,
}

impl Default for Sharing {
    fn default() -> Self {
        Sharing {
            whole: Held::new(false),
            view: Held::new(false),
            large: Held::new(false),
            has_secrets: Held::new(false),
            typed: Held::new(None),
            copied: Held::new(None),
            made: Held::new(None),
        }
    }
}

/// Larger than what a browser keeps for a tab.
const UNKEPT: &str = "This work is too large for this browser to keep through a reload. Press “Download scenario” \
    to keep it.";

/// What has to be typed so that secrets stay in a link.
const LEAVE_IN: &str = "leave them in";

/// Whether that was typed.
pub fn is_confirmed(typed: Held<Option<String>>) -> bool {
    typed.get().is_some_and(|typed| typed.trim() == LEAVE_IN)
}

/// The work of this tab: not of the browser, since another tab has other work.
const WORK: &str = "fanout.work";
/// What the address was when the work was kept as the page went.
const LEFT: &str = "fanout.left";
/// What was put aside in this tab, newest first: JSON texts that a record separator keeps apart (RFC 7464).
const ASIDE: &str = "fanout.aside";
const RECORD_SEPARATOR: char = '\u{1e}';
/// A browser may refuse more than a hundred changes of its address in half a minute.
const KEPT_AFTER_MS: u32 = 400;

/// What was put aside before the page was loaded anew.
pub fn kept_aside() -> Vec<Draft> {
    let kept = storage::kept_for_visit(ASIDE).unwrap_or_default();
    let opened = kept.split(RECORD_SEPARATOR).filter_map(|text| file::read(text).ok());
    opened.map(|opened| opened.draft).collect()
}

impl Workspace {
    /// Keeps the draft as long as the tab is open, whatever happens to the page.
    pub fn keep_work(self) {
        let text = self.draft.with_untracked(file::write);
        let keep = || storage::keep_for_visit(WORK, Some(&text));
        // What was put aside gives way to what somebody works on.
        let is_kept = keep() || storage::keep_for_visit(ASIDE, None) && keep();
        let was_kept = self
            .runner
            .try_update_value(|runner| !std::mem::replace(&mut runner.is_unkept, !is_kept))
            .unwrap_or(true);
        if was_kept && !is_kept && !self.is_embedded() {
            self.notify(Notice::error(UNKEPT.to_string()));
        }
    }

    /// Keeps at once what would be kept soon: the page is about to go.
    pub fn keep_work_now(self) {
        if self.runner.with_value(|runner| runner.is_keeping_due) {
            self.keep_work();
            // Too late for the address bar, which says what was before.
            storage::keep_for_visit(LEFT, Some(&location::fragment()));
        }
    }

    /// Keeps what was put aside as long as the tab is open: the newest that there is room for.
    pub(super) fn keep_aside(self) {
        let mut texts: Vec<String> =
            self.replaced.with_untracked(|replaced| replaced.iter().map(file::write).collect());
        let joined = |texts: &[String]| texts.join(&String::from(RECORD_SEPARATOR));
        while !texts.is_empty() && !storage::keep_for_visit(ASIDE, Some(&joined(&texts))) {
            texts.pop();
        }
        if texts.is_empty() {
            storage::keep_for_visit(ASIDE, None);
        }
    }

    /// Whether there was work that was kept as the page went, and that the address does not know of; it is
    /// opened.
    pub fn open_work_left(self, fragment: &str) -> bool {
        let left = storage::kept_for_visit(LEFT);
        storage::keep_for_visit(LEFT, None);
        let is_open = left.as_deref() == Some(fragment) && self.open_kept_work();
        if is_open {
            self.write_address();
        }
        is_open
    }

    /// Whether there was work that was kept; it is opened.
    pub fn open_kept_work(self) -> bool {
        match storage::kept_for_visit(WORK).map(|text| file::read(&text)) {
            Some(Ok(opened)) => {
                self.open(opened.draft);
                self.edited.set(true);
                true
            }
            _ => false,
        }
    }

    /// Keeps the draft once nothing was changed for a moment, and has the address bar say what it is.
    pub(super) fn keep_work_soon(self) {
        let later = Timeout::new(KEPT_AFTER_MS, move || {
            self.runner.update_value(|runner| runner.is_keeping_due = false);
            self.keep_work();
            self.write_address();
        });
        self.runner.update_value(|runner| {
            runner.keeping = Some(later);
            runner.is_keeping_due = true;
        });
    }

    /// What was to be kept soon is put aside, or given up.
    pub(super) fn keep_no_work_soon(self) {
        self.runner.update_value(|runner| {
            runner.keeping = None;
            runner.is_keeping_due = false;
        });
    }

    /// Makes the link of what is on screen; an effect that calls this makes it anew with each change.
    pub fn make_link(self) {
        let Sharing { whole, typed, made, copied, large, has_secrets, .. } = self.sharing;
        // What was made before is of another draft.
        made.set(None);
        copied.set(None);
        large.set(false);
        let mut scenario = self.draft.with(file::value);
        let readable = self.readable();
        let has_readable = readable.is_some();
        let link = move |fragment, is_readable, secrets: Vec<Secret>| {
            // Only where it changes: whoever types into a field that goes with it should keep it.
            if has_secrets.get_untracked() == secrets.is_empty() {
                has_secrets.set(!secrets.is_empty());
            }
            made.set(Some(Made { fragment, has_readable, is_readable, secrets }));
        };
        if let (Some(fragment), false) = (readable, whole.get()) {
            return link(Ok(fragment), true, Vec::new());
        }
        let as_typed = link::text(&scenario);
        let secrets = secret::take_out(&mut scenario);
        let text = match is_confirmed(typed) {
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
        let draft = self.draft.get_untracked();
        files::download(&file_name(&draft.title, "fanout"), "application/json", &file::write(&draft));
        if let Some(warning) = warning_of_secrets(&draft) {
            self.notify(Notice::error(warning));
        }
    }

    /// Settings of a ready scenario stand in the address bar; texts never do.
    pub(super) fn write_address(self) {
        if self.is_embedded() {
            return;
        }
        match self.readable() {
            Some(fragment) => location::replace_fragment(&fragment),
            None => location::replace_fragment(DRAFT),
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

/// A name for a file of what has this title.
pub fn file_name(title: &str, what: &str) -> String {
    let plain: String = title
        .to_ascii_lowercase()
        .chars()
        .map(|c| if c.is_alphanumeric() { c } else { '-' })
        .take(60)
        .collect();
    let stem = plain.split('-').filter(|word| !word.is_empty()).collect::<Vec<_>>().join("-");
    format!("{}.{what}.json", if stem.is_empty() { "scenario" } else { &stem })
}

/// What is to be said of a file that holds the texts of a draft: it is somebody's own, so nothing is
/// taken out of it.
pub fn warning_of_secrets(draft: &Draft) -> Option<String> {
    let found = secret::take_out(&mut file::value(draft));
    let Secret { place, excerpt } = found.first()?;
    Some(format!(
        "The file holds what looks like a secret: “{excerpt}” in {place}. Take it out before you give the file \
         to somebody."
    ))
}
