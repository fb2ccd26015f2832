//! Opens scenarios: from the address bar, a file, the ready ones.

use leptos::prelude::Set;
use leptos::task::spawn_local;
use web_sys::File;

use super::notices::Notice;
use super::workspace::Workspace;
use crate::platform::{fetch, files, location};
use crate::scenario::draft::Draft;
use crate::scenario::file::{self, FileError, Opened};
use crate::scenario::gallery::{FIRST, Ready};
use crate::scenario::link::{self, Link};

/// The scenario a page without a link begins with.
pub fn first_draft() -> Draft {
    file::read(FIRST).map(|opened| opened.draft).unwrap_or_default()
}

impl Workspace {
    /// Opens what the address bar says.
    pub fn open_fragment(self) {
        match link::read(&location::fragment()) {
            Ok(Link::Nothing) => {}
            Ok(Link::Scenario(opened)) => {
                self.notify(Notice::status(format!("Opened from a link: {}", opened.draft.title)));
                self.take(*opened);
            }
            Err(error) => self.notify(Notice::error(error.sentence()).with_code(error.code())),
        }
    }

    /// Opens what a page without a link begins with.
    pub fn open_default(self) {
        self.forget_link();
        self.notices.set(Vec::new());
        self.open(first_draft());
    }

    /// Opens a file the person chose.
    pub fn open_file(self, chosen: File) {
        spawn_local(async move {
            let name = chosen.name();
            match files::read(chosen).await {
                Ok(text) => self.open_text(&name, &text),
                Err(sentence) => self.notify(Notice::error(sentence)),
            }
        });
    }

    /// Adds text files as documents.
    pub fn add_documents(self, chosen: Vec<File>) {
        spawn_local(async move {
            for file in chosen {
                let name = file.name();
                match files::read(file).await {
                    Ok(text) => self.edit(|draft| {
                        let stem = name.rsplit_once('.').map_or(name.as_str(), |(stem, _)| stem);
                        draft.map_reduce.add_document(stem, text);
                    }),
                    Err(sentence) => self.notify(Notice::error(sentence)),
                }
            }
        });
    }

    /// Opens one of the ready scenarios.
    pub fn open_ready(self, ready: Ready) {
        spawn_local(async move {
            match fetch::read_beside(&format!("scenarios/{}.json", ready.name)).await {
                Ok(text) => self.open_text(ready.name, &text),
                Err(sentence) => self.notify(Notice::error(sentence)),
            }
        });
    }

    fn open_text(self, name: &str, text: &str) {
        match file::read(text) {
            Ok(opened) => {
                self.forget_link();
                self.take(opened);
            }
            Err(FileError::Malformed(sentence)) => {
                self.notify(Notice::error(format!("{name}: {sentence} What was on screen stays.")));
            }
            Err(FileError::Newer { version }) => self.notify(Notice::error(format!(
                "{name} was made with a newer version (scenario version {version}). Reload the page to update it."
            ))),
        }
    }

    /// A link that was opened no longer says what is on screen.
    fn forget_link(self) {
        if !location::fragment().is_empty() {
            location::replace_fragment("/");
        }
    }

    fn take(self, opened: Opened) {
        let Opened { draft, notices } = opened;
        self.open(draft);
        if !notices.is_empty() {
            let n = notices.len();
            let noun = if n == 1 { "value was" } else { "values were" };
            self.notify(Notice::status(format!("{n} {noun} changed on opening: {}", notices.join("; "))));
        }
    }
}
