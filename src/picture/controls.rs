//! The settings: limits of client and provider, votes, and what the simulated provider is like.

use super::editor::takes;
use super::field::{area, field, group, line};
use super::markup::{Markup, button, element};
use crate::scenario::dial::Dial;
use crate::scenario::draft::Draft;
use crate::scenario::passage::Passage;
use crate::scenario::setting::Setting;

/// What is always there, the one that asks to be moved first.
const USUAL: [Setting; 7] = [
    Setting::Concurrency,
    Setting::Requests,
    Setting::Votes,
    Setting::Attempts,
    Setting::Admission,
    Setting::Dial(Dial::OnFailure),
    Setting::Dial(Dial::FailureCount),
];
const LIMITS: [Setting; 2] = [Setting::Burst, Setting::Tokens];
const SIMULATION: [Setting; 4] =
    [Setting::Faults, Setting::RightVoters, Setting::SharedErrors, Setting::Speed];

const GROUPS: [(&str, &[Dial]); 5] = [
    ("Order and memory", &[Dial::Entry, Dial::EntrySize, Dial::Delivery]),
    ("The limiter", &[Dial::Limiters, Dial::AfterPause, Dial::Budget, Dial::Adaptive, Dial::RollingMinute]),
    ("Retries", &[Dial::Refusals, Dial::BackoffBase, Dial::BackoffCap, Dial::Jitter, Dial::RetryBudget]),
    (
        "Time-outs",
        &[
            Dial::AttemptTimeout,
            Dial::FirstTokenTimeout,
            Dial::IdleTimeout,
            Dial::QueueTimeout,
            Dial::CallTimeout,
            Dial::RunTimeout,
        ],
    ),
    ("To compare", &[Dial::Single, Dial::CleanUp]),
];

/// `simulates` says whether the simulated provider has a part in what is run; what is behind “More” is
/// there while it `is_unfolded`.
pub fn controls(draft: &Draft, simulates: bool, is_unfolded: bool) -> Vec<Markup> {
    let mut drawn = fields(&USUAL, draft);
    let mut more = vec![element("summary").text("More")];
    if is_unfolded {
        more.extend(finer(draft, simulates));
    }
    drawn.push(element("details").class("more").children(more));
    drawn
}

fn finer(draft: &Draft, simulates: bool) -> [Markup; 2] {
    let mut finer = fields(&LIMITS, draft);
    if simulates {
        finer.extend(fields(&SIMULATION, draft));
        let again = button("button", "reseed", format!("{}, draw again", draft.seed));
        finer.push(element("div").class("choice").children(vec![element("span").text("Seed"), again]));
    }
    let dials = |(heading, dials): (&'static str, &[Dial])| {
        let settings: Vec<Setting> = dials.iter().map(|dial| Setting::Dial(*dial)).collect();
        group(heading, &settings, draft)
    };
    let words = element("fieldset").class("dials").children(vec![
        element("legend").text("What is said above"),
        line("Title", takes(Passage::Title), "text", "", &draft.title),
        area("Note", "what to look at, what to change", takes(Passage::Note), 4, &draft.note),
    ]);
    [
        element("div").class("more-controls").children(finer),
        element("div").class("dial-groups").children(GROUPS.into_iter().map(dials).chain([words]).collect()),
    ]
}

fn fields(settings: &[Setting], draft: &Draft) -> Vec<Markup> {
    settings.iter().map(|setting| field(*setting, draft)).collect()
}
