//! The aggregator alone, on inputs that somebody chose.

use std::rc::Rc;
use std::sync::Arc;

use futures::future::{AbortHandle, Abortable};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::arm::answers::written;
use super::arm::{kept, mark};
use super::notices::Notice;
use super::parts::painted::{Markup, button, element, hint};
use super::workspace::{Mode, Workspace};
use crate::analysis::recording::{Recording, Text};
use crate::analysis::rehearsal::limits;
use crate::analysis::{trial, words};
use crate::engine::call::{Part, Request, Usage};
use crate::engine::patterns::single;
use crate::engine::run::{Run, Setup};
use crate::format::usd_from_nano;
use crate::picture::field::area;
use crate::platform::clock::BrowserClock;
use crate::providers::remote::Remote;
use crate::providers::settings::Choice;
use crate::scenario::ArmKind;

/// A trial of an arm's aggregator.
#[derive(Clone, Default)]
pub struct Trial {
    pub typed: String,
    came_to: CameTo,
}

#[derive(Clone, Default)]
enum CameTo {
    #[default]
    Nothing,
    /// Why it cannot be, or what a person has to know before.
    Said(String),
    Asked(String),
    UnderWay,
    Answered(Answered),
}

/// What a trial brought.
#[derive(Clone)]
struct Answered {
    parts: Vec<Part>,
    text: Text,
    /// What stands beside an answer that no model gave.
    badge: Option<&'static str>,
}

/// A call of a trial; dropping it aborts it.
pub struct Trying(AbortHandle);

impl Drop for Trying {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Workspace {
    /// Begins from the answers of the run that is shown.
    pub fn take_answers(self, kind: ArmKind) {
        let typed = self.shown[kind.index()]
            .with_untracked(|shown| shown.as_ref().map(|shown| trial::typed(&shown.recording)));
        if let Some(typed) = typed.filter(|typed| !typed.is_empty()) {
            self.trials[kind.index()].set(Trial { typed, came_to: CameTo::Nothing });
        }
    }

    /// Asks the aggregator about the inputs; `consented` says that its cost is known.
    pub fn try_aggregator(self, kind: ArmKind, consented: bool) {
        let parts = self.trials[kind.index()].with_untracked(|trial| trial::inputs(&trial.typed));
        let (scenario, _) = self.checked.get_untracked();
        let Some(request) = trial::asked(&scenario, kind, parts.clone()) else {
            let said = "Type some inputs first, or take the answers of the run above.";
            return self.came_to(kind, CameTo::Said(said.to_string()));
        };
        if self.mode.get_untracked() == Mode::Simulated {
            let recording = trial::rehearse(&scenario, request);
            return self.answered(kind, parts, recording, Some("simulated"));
        }
        if let Some(said) = self.asks_before(&request).filter(|_| !consented) {
            return self.came_to(kind, CameTo::Asked(said));
        }
        let clock = Rc::new(BrowserClock::start());
        let Some((target, transport)) = self.line(&scenario, clock.clone()) else { return };
        let (provider, price) =
            self.settings.with_untracked(|settings| (settings.provider, settings.price()));
        if scenario.budget_nano_usd.is_some() && price.is_none() {
            return self.came_to(kind, CameTo::Said(words::budget_without_price(&target.model)));
        }
        let badge = (provider == Choice::Practice).then_some("practice");
        let timeouts = if target.streaming { scenario.timeouts } else { scenario.timeouts.whole() };
        let remote = Rc::new(Remote::new(target, transport));
        let setup = Setup::new(clock, remote.clone(), limits(&scenario, price));
        let mut run = Run::new(Setup { retry: scenario.retry, timeouts, ..setup });
        single::ask(request, &mut run);
        let (abort, registration) = AbortHandle::new_pair();
        self.runner.update_value(|runner| runner.trying[kind.index()] = Some(Trying(abort)));
        self.came_to(kind, CameTo::UnderWay);
        spawn_local(async move {
            let view = run.view();
            if Abortable::new(run, registration).await.is_err() {
                // Another trial of this aggregator took its place, or another scenario.
                return;
            }
            for field in remote.dropped() {
                self.notify(Notice::status(words::left_out(field)));
            }
            let recording = Recording::of(&view, 0, Arc::new(single::plan()), None);
            self.answered(kind, parts, Some(recording), badge);
        });
    }

    /// The inputs were of a scenario that is no longer there.
    pub(super) fn forget_trials(self) {
        self.runner.update_value(|runner| runner.trying = Default::default());
        self.trials.iter().for_each(|trial| trial.set(Trial::default()));
    }

    /// What a person should know before this call; none where they need not be asked.
    fn asks_before(self, request: &Request) -> Option<String> {
        let (price, is_free, ask_above) =
            self.settings.with_untracked(|s| (s.price(), s.is_free(), s.ask_above_nano_usd()));
        let most = Usage {
            input_tokens: request.input_tokens,
            output_tokens: request.max_tokens,
            ..Usage::default()
        };
        match price.map(|price| price.cost_nano_usd(most)) {
            _ if is_free => None,
            Some(most) if most <= ask_above => None,
            Some(most) => Some(format!("This one call may cost up to {}.", usd_from_nano(most))),
            None => Some("What this one call costs is not known: the model has no price.".to_string()),
        }
    }

    fn answered(
        self,
        kind: ArmKind,
        parts: Vec<Part>,
        recording: Option<Recording>,
        badge: Option<&'static str>,
    ) {
        let text = recording.and_then(|recording| recording.texts.into_iter().next()).unwrap_or_default();
        self.came_to(kind, CameTo::Answered(Answered { parts, text, badge }));
    }

    fn came_to(self, kind: ArmKind, came_to: CameTo) {
        self.trials[kind.index()].update(|trial| trial.came_to = came_to);
    }
}

/// What stands below the prompts of an arm that has an aggregator.
pub fn picture(workspace: Workspace, kind: ArmKind) -> Option<Markup> {
    if kind == ArmKind::Voting {
        return None;
    }
    let place = kind.index();
    workspace.trials[place].with(|trial| {
        let names = "a line of --- between two; a first line that ends with a colon is a name";
        let act = |act: &str| format!("{act} {place}");
        let buttons = vec![
            button("button", act("take-answers"), "Take the answers above"),
            button("button", act("try"), "Run the aggregator"),
        ];
        let came_to = element("div").with("role", "status").with("data-trial", "");
        let drawn = vec![
            element("summary").text("Try the aggregator on other inputs"),
            hint("Its prompt as it stands, in one call: does it keep what matters, whatever it is given?"),
            area("Test inputs", names, act("trial"), 6, &trial.typed),
            element("div").class("buttons").children(buttons),
            came_to.children(came_to_words(&trial.came_to, place)),
        ];
        Some(element("details").class("trial").children(drawn))
    })
}

fn came_to_words(came_to: &CameTo, place: usize) -> Vec<Markup> {
    match came_to {
        CameTo::Nothing => Vec::new(),
        CameTo::Said(said) => vec![element("p").class("problem").text(said)],
        CameTo::Asked(said) => {
            vec![element("p").text(said), button("button", format!("try-live {place}"), "Run live")]
        }
        CameTo::UnderWay => vec![hint("Asking…")],
        CameTo::Answered(Answered { parts, text, badge }) => match &text.result {
            Some(Ok(reply)) => {
                let mut drawn: Vec<Markup> =
                    badge.iter().map(|name| element("p").children(vec![mark(name)])).collect();
                drawn.extend(written(&reply.answer));
                drawn.extend(trial::kept(parts, text).iter().flat_map(kept::lines));
                drawn
            }
            Some(Err(failed)) => vec![element("p").class("problem").text(words::failed(failed))],
            None => vec![element("p").class("problem").text("It brought no answer within the time-outs.")],
        },
    }
}
