//! The inspector: one call, why it waited, what each attempt met, what was asked and answered.

use leptos::prelude::*;

use super::acts::inspect;
use super::arm::answers::written;
use super::parts::painted::{ACT, Markup, Picture, button, element, hint, painted};
use super::workspace::{Mode, Workspace};
use crate::analysis::inspection::{Lasted, Tried, attempts, phases, why_it_waited};
use crate::analysis::recording::{Recording, Text};
use crate::analysis::story::Story;
use crate::analysis::words;
use crate::engine::call::{Certainty, Request, Usage};
use crate::format::{self, duration_us};
use crate::picture::sign::{Sign, icon};
use crate::platform::{clipboard, document};
use crate::providers::answer::so_far;
use crate::providers::curl::command;
use crate::providers::endpoint::asked;
use crate::providers::settings::{Answerer, Settings};
use crate::scenario::ArmKind;

/// A call that is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Inspected {
    pub kind: ArmKind,
    /// Its number within the arm.
    pub call: usize,
}

#[component]
pub fn Inspector() -> impl IntoView {
    let workspace = Workspace::expect();
    view! {
        <aside
            class="inspector"
            aria-label="Call"
            tabindex="-1"
            hidden=move || workspace.inspected.get().is_none()
            use:painted=Picture::new(move |()| picture(workspace))
        ></aside>
    }
    .into_any()
}

/// The call among all, as a waterfall or a list has it.
fn row(kind: ArmKind, call: usize) -> String {
    format!("[{ACT}=\"{}\"]", inspect(kind, call))
}

/// Has a row stay where it is in the window while `change` makes the page narrower or wider.
fn in_place(row: String, change: impl FnOnce()) {
    let before = document::top_of(&row);
    change();
    request_animation_frame(move || {
        if let (Some(before), Some(now)) = (before, document::top_of(&row)) {
            document::scroll_by(now - before);
        }
    });
}

impl Workspace {
    pub fn inspect(self, kind: ArmKind, call: usize) {
        self.curl.set(None);
        in_place(row(kind, call), || self.inspected.set(Some(Inspected { kind, call })));
        // It is hidden until what depends on that was drawn.
        request_animation_frame(|| document::focus(".inspector"));
    }

    pub fn inspect_next(self) {
        self.inspect_other(|call| call + 1);
    }

    pub fn inspect_previous(self) {
        self.inspect_other(|call| call.saturating_sub(1));
    }

    pub fn close_inspector(self) {
        let Some(Inspected { kind, call }) = self.inspected.get_untracked() else { return };
        in_place(row(kind, call), || self.inspected.set(None));
        let row = row(kind, call);
        document::focus(&format!("button{row}, {row} button"));
    }

    /// Copies the request of the call as a command for a shell, for the endpoint in Settings.
    pub fn copy_call_as_curl(self) {
        let Some(Inspected { kind, call }) = self.inspected.get_untracked() else { return };
        let request = self.shown[kind.index()]
            .with_untracked(|shown| shown.as_ref()?.recording.texts.get(call)?.request.clone());
        let Some(request) = request else { return };
        let said = match self.settings.with_untracked(Settings::answerer) {
            Ok(Answerer::Remote(target)) => {
                let text = command(&asked(&target, &request), target.api_key.as_ref());
                clipboard::write(&text);
                text
            }
            Ok(_) => {
                "Choose a provider under Settings: a shell reaches no server that lives in this browser."
                    .to_string()
            }
            Err(sentence) => sentence,
        };
        self.curl.set(Some(said));
    }

    fn inspect_other(self, change: impl Fn(usize) -> usize) {
        let Some(Inspected { kind, call }) = self.inspected.get_untracked() else { return };
        let n_calls = self.shown[kind.index()]
            .with_untracked(|shown| shown.as_ref().map_or(0, |shown| shown.recording.plan.len()));
        let other = change(call);
        if other < n_calls {
            self.inspect(kind, other);
        }
    }
}

fn picture(workspace: Workspace) -> Vec<Markup> {
    let Some(Inspected { kind, call }) = workspace.inspected.get() else { return Vec::new() };
    let story = workspace.stories(kind).tell(call);
    let drawn = workspace.shown[kind.index()].with(|shown| {
        let recording = &shown.as_ref()?.recording;
        let planned = recording.plan.get(call)?;
        let head = head(&planned.label, call, recording.plan.len());
        let facts = facts(workspace, recording, call, &story?);
        Some([head].into_iter().chain(facts).collect())
    });
    drawn.unwrap_or_else(|| {
        vec![head("This call is not part of the run", call, call + 1), hint("Close, and choose another.")]
    })
}

fn head(label: &str, call: usize, n_calls: usize) -> Markup {
    element("header").children(vec![
        element("h2").text(label),
        icon("previous", "Previous call", Sign::StepBack).with("disabled", (call == 0).to_string()),
        icon("next", "Next call", Sign::Step).with("disabled", (call + 1 >= n_calls).to_string()),
        icon("close", "Close", Sign::Close),
    ])
}

fn facts(workspace: Workspace, recording: &Recording, call: usize, story: &Story) -> Vec<Markup> {
    let (Some(planned), Some(text)) = (recording.plan.get(call), recording.texts.get(call)) else {
        return Vec::new();
    };
    let mut drawn = vec![
        element("p").class("inspected-end").text(words::ended(story)),
        element("p").class("why").with("data-why", "").text(why_it_waited(planned, story)),
    ];
    drawn.extend(phase_table(story));
    let tried = attempts(recording, call);
    if !tried.is_empty() {
        drawn.push(element("h3").text(words::plural(tried.len(), "One attempt", "Attempts")));
        if tried.len() > workspace.draft.with(|draft| draft.limits.attempts as usize) {
            drawn.push(hint("Refusals do not count against the attempts that are set."));
        }
        drawn.push(element("ol").class("attempts").children(tried.into_iter().map(attempt).collect()));
    }
    drawn.extend(reply(text));
    drawn.extend(text.request.iter().flat_map(|sent| request(workspace, sent)));
    drawn
}

/// The most phases that are told one by one.
const MOST_PHASES: usize = 60;

fn phase_table(story: &Story) -> Vec<Markup> {
    let (phases, all_us) = phases(story);
    if all_us == 0 {
        return Vec::new();
    }
    let cell = |text: String| element("td").text(text);
    let row = |name: &str, from: String, us: u64, percent: u64| {
        let name = element("th").with("scope", "row").text(name);
        let cells = vec![name, cell(from), cell(duration_us(us)), cell(format!("{percent} %"))];
        element("tr").children(cells)
    };
    let told = phases.iter().take(MOST_PHASES);
    let mut rows: Vec<Markup> = told
        .map(|Lasted { phase, from_us, us, percent }| {
            row(words::phase(*phase), duration_us(*from_us), *us, *percent)
        })
        .collect();
    let more = phases.len().saturating_sub(MOST_PHASES);
    if more > 0 {
        rows.push(element("tr").children(vec![element("th").text(format!("and {more} more"))]));
    }
    rows.push(row("in all", String::new(), all_us, 100).class("sum"));
    let head = ["phase", "from", "for", "share"].map(|name| element("th").with("scope", "col").text(name));
    let head = element("thead").children(vec![element("tr").children(head.into())]);
    vec![element("table").class("phases").children(vec![head, element("tbody").children(rows)])]
}

fn attempt(tried: Tried) -> Markup {
    let Tried { sent_us, first_token_after_us, took_us, words, head } = tried;
    let mut times = format!("sent at {}", duration_us(sent_us));
    if let Some(us) = first_token_after_us {
        times.push_str(&format!(", first token after {}", duration_us(us)));
    }
    if let Some(us) = took_us {
        times.push_str(&format!(", over after {}", duration_us(us)));
    }
    let mut drawn = vec![hint(times), element("p").text(words)];
    if !head.is_empty() {
        let lines = element("pre").class("prompt").with("data-head", "").text(head.trim_end());
        let name = element("summary").text("Status, and the headers this page may read");
        drawn.push(element("details").class("heads").children(vec![name, lines]));
    }
    element("li").children(drawn)
}

fn reply(text: &Text) -> Vec<Markup> {
    let head = |words: String| element("h3").text(words);
    match &text.result {
        Some(Ok(reply)) => {
            let mut drawn = vec![head(format!("Answer · {}", used(&reply.usage)))];
            drawn.extend(written(&reply.answer));
            drawn
        }
        Some(Err(failed)) => {
            vec![head("No answer".to_string()), element("p").class("problem").text(words::failed(failed))]
        }
        None if text.let_go => vec![hint(words::LET_GO)],
        None if text.partial.is_empty() => Vec::new(),
        None => {
            vec![head("So far".to_string()), element("p").with("dir", "auto").text(so_far(&text.partial))]
        }
    }
}

fn used(usage: &Usage) -> String {
    let tokens = |n: u32| format::figure(Some(n.into()), usage.certainty, format::count);
    format!("{} tokens in, {} out", tokens(usage.input_tokens), tokens(usage.output_tokens))
}

fn request(workspace: Workspace, request: &Request) -> Vec<Markup> {
    let quoted =
        |text: &str| element("pre").class("prompt").with("dir", "auto").with("tabindex", "0").text(text);
    let tokens = format::figure(Some(request.input_tokens.into()), Certainty::Estimated, format::count);
    let mut drawn =
        vec![element("h3").text(format!("Request · {tokens} tokens, at most {} out", request.max_tokens))];
    for (name, text) in [("system", &request.prompt.system), ("user", &request.prompt.user)] {
        if !text.is_empty() {
            drawn.push(hint(name));
            drawn.push(quoted(text));
        }
    }
    if workspace.mode.get() == Mode::Simulated {
        drawn.push(hint("Simulated: nothing was sent. As curl it goes to the endpoint in Settings."));
    }
    drawn.push(button("button", "curl", "Copy as curl"));
    drawn.extend(
        workspace.curl.get().map(|said| element("div").with("role", "status").children(vec![quoted(&said)])),
    );
    drawn
}
