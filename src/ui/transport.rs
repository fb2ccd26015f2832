//! The bar at the bottom: play, step, scrub, and what happens at the instant that is shown.

use leptos::prelude::*;

use super::parts::painted::{Picture, painted};
use super::replay::Pace;
use super::workspace::Workspace;
use crate::analysis::words;
use crate::engine::clock::MS;
use crate::picture::transport::{Place, bar};

/// How often it is told what happens while time passes: a screen reader says it each time.
const TOLD_EVERY_MS: u64 = 1000;

#[component]
pub fn Transport() -> impl IntoView {
    let workspace = Workspace::expect();
    let at_us = move || workspace.playhead.get().unwrap_or_else(|| workspace.length_us.get());
    // The place moves with every frame; what is said of it, once a second.
    let told_us = Memo::new(move |_| {
        let every_us = match (workspace.playing.get(), workspace.is_running()) {
            (true, _) => workspace.pace.get().covers_us(TOLD_EVERY_MS as f64, workspace.length_us.get()),
            (false, true) => TOLD_EVERY_MS * MS,
            (false, false) => 1,
        };
        at_us() / every_us.max(1) * every_us.max(1)
    });
    let words = Memo::new(move |_| {
        told_us.track();
        // What stands still is told anew when the run itself is another.
        let stands = untrack(|| !workspace.playing.get() && !workspace.is_running());
        let census = if stands { workspace.census() } else { untrack(|| workspace.census()) };
        words::moment(at_us(), census)
    });
    let picture = move |()| {
        let name = |(_, name): (Pace, &'static str)| (name, name);
        let pace = Pace::ALL.iter().find(|(pace, _)| *pace == workspace.pace.get());
        bar(&Place {
            is_playing: workspace.playing.get(),
            at_us: at_us(),
            length_us: workspace.length_us.get(),
            words: words.get(),
            paces: &Pace::ALL.map(name),
            pace: pace.map_or("", |(_, name)| name),
            changed_us: workspace.past.with(|past| past.iter().map(|past| past.until_us).collect()),
        })
    };
    view! { <section class="transport" aria-label="Replay" use:painted=Picture::new(picture)></section> }
        .into_any()
}
