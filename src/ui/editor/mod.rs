//! Prompts and inputs of an arm, edited in place.

pub mod map_reduce;
pub mod prompt;
pub mod sectioning;
pub mod voting;

use leptos::prelude::*;

use self::map_reduce::MapReduceEditor;
use self::sectioning::SectioningEditor;
use self::voting::VotingEditor;
use crate::scenario::ArmKind;

#[component]
pub fn Editor(kind: ArmKind) -> impl IntoView {
    let opened = RwSignal::new(false);
    view! {
        <details class="editor" on:toggle:target=move |event| opened.set(event.target().open())>
            <summary>"Edit prompts and inputs"</summary>
            // Built when it is first opened: most visitors never do.
            {move || {
                opened
                    .get()
                    .then(|| match kind {
                        ArmKind::Sectioning => view! { <SectioningEditor /> }.into_any(),
                        ArmKind::Voting => view! { <VotingEditor /> }.into_any(),
                        ArmKind::MapReduce => view! { <MapReduceEditor /> }.into_any(),
                    })
                    .into_any()
            }}
        </details>
    }
}
