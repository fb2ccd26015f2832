//! Gives out what is on screen: as a link, as a file.

use leptos::prelude::{Set, With, WithUntracked};
use leptos::task::spawn_local;

use super::workspace::Workspace;
use crate::platform::{files, zlib};
use crate::scenario::file;
use crate::scenario::link::{self, NoLink};

impl Workspace {
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
