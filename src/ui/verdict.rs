//! The verdict: use it, change it, or don't, with the number that decided and a button that does it.

use leptos::prelude::*;

use super::parts::icon::{Sign, drawn};
use super::parts::painted::{Markup, element, painted};
use super::workspace::{Mode, Workspace};
use crate::analysis::verdict::study::Study;
use crate::analysis::verdict::{ArmVerdict, Finding, Kind, Verdict, words};
use crate::engine::clock::{Clock, MS};
use crate::engine::run::Progress;
use crate::picture::markup::ACT;
use crate::platform::clock::BrowserClock;
use crate::platform::frame::{Frames, Next};
use crate::scenario::ArmKind;

/// How far the study of the scenario is.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Studied {
    #[default]
    Nothing,
    /// What was told last no longer holds for sure.
    Again(Verdict),
    Told(Verdict),
}

impl Studied {
    fn verdict(&self) -> Option<&Verdict> {
        match self {
            Studied::Nothing => None,
            Studied::Again(verdict) | Studied::Told(verdict) => Some(verdict),
        }
    }
}

#[component]
pub fn VerdictLine() -> impl IntoView {
    let workspace = Workspace::expect();
    workspace.study_on_change();
    view! { <div class="verdict-line" data-verdict="" role="status" use:painted=Signal::derive(move || picture(workspace))></div> }
        .into_any()
}

/// A person who drags a slider asks only once they hold.
const QUIET_MS: f64 = 250.0;

/// How much of a frame goes into the study.
const SLICE_US: u64 = 5 * MS;

impl Workspace {
    /// Studies the scenario anew whenever it changes, a little in every frame.
    fn study_on_change(self) {
        Effect::new(move |_| {
            let model = self.draft.with(|draft| draft.model.clone());
            let price = self.settings.with(|settings| settings.price_of(&model));
            let study = self.checked.with(|(scenario, _)| Study::new(scenario, price));
            self.study(study);
        });
    }

    fn study(self, mut study: Study) {
        self.studied.update(|studied| {
            if let Studied::Told(verdict) = std::mem::take(studied) {
                *studied = Studied::Again(verdict);
            }
        });
        let clock = BrowserClock::start();
        let mut began_ms = None;
        let frames = Frames::start(move |now_ms| {
            if now_ms - *began_ms.get_or_insert(now_ms) < QUIET_MS {
                return Next::Frame;
            }
            let until_us = clock.now_us() + SLICE_US;
            while study.step() == Progress::More {
                if clock.now_us() >= until_us {
                    return Next::Frame;
                }
            }
            let _ = self.studied.try_set(Studied::Told(study.verdict().clone()));
            Next::Stop
        });
        self.runner.update_value(|runner| runner.study = Some(frames));
    }

    /// Applies what a finding of an arm advises.
    pub fn take_advice(self, arm: usize, finding: usize) {
        let advice = self.studied.with_untracked(|studied| {
            let arm = studied.verdict()?.arms.get(arm)?.as_ref()?;
            arm.findings.get(finding)?.advice
        });
        if let Some(advice) = advice {
            self.edit(|draft| advice.apply(draft));
        }
    }
}

fn picture(workspace: Workspace) -> Vec<Markup> {
    if workspace.mode.get() == Mode::Live {
        return Vec::new();
    }
    workspace.studied.with(|studied| {
        let Some(verdict) = studied.verdict() else { return Vec::new() };
        let Some(lead) = verdict.lead() else { return Vec::new() };
        let is_busy = matches!(studied, Studied::Again(_));
        let line = element("div")
            .class("verdict-lead")
            .with("data-kind", kind(lead))
            .with("aria-busy", is_busy.to_string());
        let sign = if lead.rule.kind() == Kind::Use { Sign::Check } else { Sign::Warning };
        let mut drawn_line = vec![drawn(sign), sentence(lead)];
        drawn_line.extend(button(lead, 0));
        let panel = element("details").class("findings").children(vec![
            element("summary").text("All findings"),
            element("div").children(ArmKind::ALL.into_iter().zip(&verdict.arms).filter_map(arm).collect()),
        ]);
        vec![line.children(drawn_line), panel]
    })
}

fn kind(finding: &Finding) -> &'static str {
    match finding.rule.kind() {
        Kind::Use => "use",
        Kind::Change => "change",
        Kind::Dont => "dont",
    }
}

fn sentence(finding: &Finding) -> Markup {
    let Finding { arm, rule, .. } = finding;
    let head = element("strong").text(format!("{}: {}. ", arm.title(), words::kind(rule.kind())));
    element("p").children(vec![head, Markup::Text(words::finding(finding))])
}

fn button(finding: &Finding, place: usize) -> Option<Markup> {
    let act = format!("advise {} {place}", finding.arm.index());
    Some(element("button").class("button").with(ACT, act).text(finding.advice?.label()))
}

/// What was found out about an arm.
fn arm((kind_of_arm, verdict): (ArmKind, &Option<ArmVerdict>)) -> Option<Markup> {
    let verdict = verdict.as_ref()?;
    let finding = |(place, finding): (usize, &Finding)| {
        let children = [sentence(finding)].into_iter().chain(button(finding, place)).collect();
        element("li").with("data-kind", kind(finding)).children(children)
    };
    let list = element("ul").children(verdict.findings.iter().enumerate().map(finding).collect());
    let head = element("h3").text(kind_of_arm.title());
    let basis = element("p").class("hint").text(words::basis(verdict));
    Some(element("section").children(vec![head, list, basis]))
}
