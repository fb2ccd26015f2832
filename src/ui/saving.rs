//! Gives out what is on screen: as a link, as a file.

use gloo_timers::callback::Timeout;
use leptos::prelude::{Set, UpdateValue, With, WithUntracked};
use leptos::task::spawn_local;

use super::workspace::Workspace;
use crate::platform::{files, storage, zlib};
use crate::scenario::file;
use crate::scenario::link::{self, NoLink};

/// The work of this tab: not of the browser, since another tab has other work.
const WORK: &str = "fanout.work";
const KEPT_AFTER_MS: u32 = 400;

impl Workspace {
    /// Keeps the draft as long as the tab is open, whatever happens to the page.
    pub fn keep_work(self) {
        storage::keep_for_visit(WORK, Some(&self.draft.with_untracked(file::write)));
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

    /// Keeps the draft once nothing was changed for a moment.
    pub(super) fn keep_work_soon(self) {
        let later = Timeout::new(KEPT_AFTER_MS, move || self.keep_work());
        self.runner.update_value(|runner| runner.keeping = Some(later));
    }

    /// Makes the link of what is on screen; an effect that calls this makes it anew with each change.
    pub fn make_link(self) {
        // What was made before is of another draft.
        self.link.set(None);
        let text = self.draft.with(link::text);
        spawn_local(async move {
            self.link.set(Some(match text {
                Ok(text) => match zlib::pack(text.as_bytes()).await {
                    Some(packed) => link::fragment(&packed),
                    None => Err(NoLink::Unsupported),
                },
                Err(refused) => Err(refused),
            }));
        });
    }

    pub fn download_scenario(self) {
        self.draft.with_untracked(|draft| {
            files::download(&file_name(&draft.title, "fanout"), "application/json", &file::write(draft));
        });
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
