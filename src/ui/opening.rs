//! Opens scenarios: from the address bar, a file, the ready ones.

use gloo_timers::future::TimeoutFuture;
use leptos::prelude::{UpdateValue, WithUntracked};
use leptos::task::spawn_local;
use web_sys::File;

use super::notices::Notice;
use super::saving::{Base, kept_aside};
use super::verdict::Studied;
use super::workspace::{DRAFT, Workspace};
use crate::platform::{fetch, files, location, worker, zlib};
use crate::scenario::draft::Draft;
use crate::scenario::file::{self, FileError, Opened};
use crate::scenario::gallery::{FIRST, REVISION, Ready};
use crate::scenario::link;
use crate::scenario::readable::{self, Readable};
use crate::scenario::view::{Stage, View, without_secrets};

/// Another page was put in place of the one that is open.
const NEWER: &str = "There is a newer version of this page. Reload it when it suits you: your work stays.";

/// What the address bar says of work in a tab, and another browser is told.
const ELSEWHERE: &str = "This address is of work in another tab or browser, which is not here. A link from “Share” \
    has it in it.";

/// What came of an address.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Followed {
    NoLink,
    Opened,
    Broken,
}

impl Workspace {
    /// Opens what the page begins with: the link in the address bar, or the first ready scenario.
    pub fn begin(self) {
        spawn_local(async move {
            let aside = kept_aside();
            let fragment = location::fragment();
            let names_draft = fragment.trim_start_matches('#') == DRAFT;
            let is_draft = self.open_work_left(&fragment) || names_draft && self.open_kept_work();
            let followed = if is_draft { Followed::Opened } else { self.open_link(&fragment).await };
            // A link that does not open leaves what was there before the page was loaded anew.
            let is_open =
                followed == Followed::Opened || followed == Followed::Broken && self.open_kept_work();
            if !is_open && self.load_ready(FIRST).await {
                self.studied.set(Studied::Drawn(None));
            }
            // Not earlier: whoever goes back to it at once would have the link come over it.
            if !aside.is_empty() {
                self.replaced.update(|replaced| replaced.extend(aside));
            }
            if names_draft && !is_draft {
                self.notify(Notice::status(ELSEWHERE.to_string()));
            }
            self.look_as_linked(&fragment);
            if !self.is_embedded() {
                self.finish_sign_in();
                worker::keep_page(move || self.notify(Notice::status(NEWER.to_string())));
            }
            // Each for itself: together they would keep a slow phone busy for long.
            TimeoutFuture::new(0).await;
            self.checked.with_untracked(|_| ());
            for shown in self.shown {
                TimeoutFuture::new(0).await;
                shown.with_untracked(|_| ());
            }
            TimeoutFuture::new(0).await;
            self.opened.set(true);
        });
    }

    /// Opens what the address bar says now, if it says anything.
    pub fn open_fragment(self) {
        spawn_local(async move {
            let fragment = location::fragment();
            self.notices.update(|notices| notices.retain(|notice| notice.code.is_none()));
            if self.open_link(&fragment).await == Followed::Broken {
                // The address says again what is on screen.
                self.write_address();
            }
            self.look_as_linked(&fragment);
        });
    }

    /// Opens what a page without a link begins with.
    pub fn open_default(self) {
        self.notices.set(Vec::new());
        self.open_ready(FIRST);
    }

    /// Opens a file the person chose.
    pub fn open_file(self, chosen: File) {
        spawn_local(async move {
            let name = chosen.name();
            match files::read(chosen).await {
                Ok(text) => {
                    if self.open_text(&name, &text) {
                        self.forget_link();
                    }
                }
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
            if self.load_ready(ready).await {
                self.write_address();
            }
        });
    }

    /// Opens the scenario of a run that is kept; false where it does not open.
    pub(super) fn open_kept(self, name: &str, scenario: &str) -> bool {
        let opened = self.open_text(name, scenario);
        if opened {
            self.forget_link();
        }
        opened
    }

    /// Opens what a fragment links to, if it is a link.
    async fn open_link(self, fragment: &str) -> Followed {
        let opened = match readable::parse(fragment) {
            Ok(Some(readable)) => {
                return if self.open_readable(&readable).await { Followed::Opened } else { Followed::Broken };
            }
            Ok(None) => match link::payload(fragment) {
                Ok(None) => return Followed::NoLink,
                Ok(Some(packed)) => link::open(fragment, zlib::unpack(&packed, link::LARGEST).await),
                Err(error) => Err(error),
            },
            Err(error) => Err(error),
        };
        match opened {
            Ok(opened) => {
                self.notify(Notice::status(format!("Opened from a link: {}", opened.draft.title)));
                self.take(opened);
                Followed::Opened
            }
            Err(error) => {
                self.notify(Notice::error(error.sentence()).with_code(error.code()));
                Followed::Broken
            }
        }
    }

    /// Opens a ready scenario with the settings of a link.
    async fn open_readable(self, readable: &Readable) -> bool {
        let Some(text) = self.ready_text(readable.ready).await else { return false };
        let (Ok(base), Ok(opened)) = (file::read(&text), readable.open(&text)) else { return false };
        let with = match readable.settings() {
            settings if settings.is_empty() => String::new(),
            settings => format!(", with {settings}"),
        };
        if readable.is_altered() {
            self.notify(Notice::status(
                "This link was changed after it was made. Look whether the numbers are those you expect."
                    .to_string(),
            ));
        }
        if self.stage.get_untracked() == Stage::Page {
            self.notify(Notice::status(format!("Opened from a link: {}{with}", base.draft.title)));
        }
        self.take(opened);
        self.begin_from(readable.ready, base.draft);
        true
    }

    async fn load_ready(self, ready: Ready) -> bool {
        let Some(text) = self.ready_text(ready).await else { return false };
        let is_open = self.open_text(ready.name, &text);
        if is_open {
            self.begin_from(ready, self.draft.get_untracked());
        }
        is_open
    }

    async fn ready_text(self, ready: Ready) -> Option<String> {
        let read = fetch::read_beside(&format!("scenarios/{}.json", ready.name)).await;
        read.map_err(|sentence| self.notify(Notice::error(sentence))).ok()
    }

    fn begin_from(self, ready: Ready, draft: Draft) {
        let base = Base { ready, revision: REVISION, draft };
        self.runner.update_value(|runner| runner.base = Some(base));
    }

    /// Looks at what was opened as the sender did.
    fn look_as_linked(self, fragment: &str) {
        let mut notices = Vec::new();
        let view = View::parse(fragment, &mut notices);
        self.look_as(&view);
        // An address that says something else by now is left alone.
        let is_ours = location::fragment() == fragment && !self.is_embedded();
        if let Some(clean) = without_secrets(fragment).filter(|_| is_ours) {
            location::replace_fragment(&clean);
        }
        if !notices.is_empty() {
            self.notify(Notice::status(format!("In the link: {}", joined(&notices))));
        }
    }

    /// Whether the text was a scenario. Where it was not, what is on screen stays.
    fn open_text(self, name: &str, text: &str) -> bool {
        let refused = match file::read(text) {
            Ok(opened) => {
                self.take(opened);
                return true;
            }
            Err(FileError::Malformed(sentence)) => format!("{name}: {sentence} What was on screen stays."),
            Err(FileError::Newer { version }) => format!(
                "{name} was made with a newer version (scenario version {version}). Reload the page to update it."
            ),
        };
        self.notify(Notice::error(refused));
        false
    }

    /// A link that was opened no longer says what is on screen.
    fn forget_link(self) {
        if !location::fragment().is_empty() {
            location::replace_fragment("/");
        }
    }

    fn take(self, opened: Opened) {
        let Opened { draft, notices } = opened;
        self.runner.update_value(|runner| runner.base = None);
        self.open(draft);
        if !notices.is_empty() {
            let n = notices.len();
            let noun = if n == 1 { "value was" } else { "values were" };
            self.notify(Notice::status(format!("{n} {noun} changed on opening: {}", joined(&notices))));
        }
    }
}

/// The first few of what there is to say, each as long as a line: a link can hold any number of mistakes.
fn joined(notices: &[String]) -> String {
    const MOST: usize = 5;
    let short = |notice: &String| match notice.char_indices().nth(200) {
        Some((end, _)) => format!("{}…", &notice[..end]),
        None => notice.clone(),
    };
    let mut said: Vec<String> = notices.iter().take(MOST).map(short).collect();
    if notices.len() > MOST {
        said.push(format!("and {} more", notices.len() - MOST));
    }
    said.join("; ")
}
