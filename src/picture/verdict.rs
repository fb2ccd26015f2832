//! The verdict: the finding that leads, and all others folded away.

use super::markup::{self, Markup, element, hint};
use super::sign::{Sign, drawn};
use crate::analysis::verdict::{ArmVerdict, Finding, Kind, Verdict, words};
use crate::scenario::ArmKind;

/// `is_busy` says that it may no longer hold; the arm that is looked at leads.
pub fn line(verdict: &Verdict, is_busy: bool, looked_at: Option<ArmKind>) -> Vec<Markup> {
    let Some(lead) = verdict.lead(looked_at) else {
        return match is_busy {
            true => under_way(),
            false => {
                lead_line("No verdict: nothing can be run, or too much to run it again and again.", false)
            }
        };
    };
    let sign = if lead.rule.kind() == Kind::Use { Sign::Check } else { Sign::Warning };
    let basis = verdict.arms.get(lead.arm.index()).and_then(Option::as_ref).map(words::basis);
    let basis = element("small").text(format!(" {}", basis.unwrap_or_default()));
    let said = sentence(lead).children(vec![basis]);
    let parts = [drawn(sign), said].into_iter().chain(button(lead, 0)).collect();
    let line = element("div").class("verdict-lead").with("data-kind", kind(lead));
    let arms = ArmKind::ALL.into_iter().zip(&verdict.arms).filter_map(section).collect();
    let panel = element("details").class("findings");
    vec![
        line.with("aria-busy", is_busy.to_string()).children(parts),
        panel.children(vec![element("summary").text("All findings"), element("div").children(arms)]),
    ]
}

/// What stands there before the first verdict, as high as that.
pub fn under_way() -> Vec<Markup> {
    lead_line("Running this again and again with other draws…", true)
}

fn lead_line(words: &str, is_busy: bool) -> Vec<Markup> {
    let line = element("div").class("verdict-lead").with("data-kind", "none");
    vec![line.with("aria-busy", is_busy.to_string()).children(vec![element("p").text(words)])]
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
    Some(markup::button("button", act, finding.advice?.label()))
}

/// What was found out about an arm.
fn section((kind_of_arm, verdict): (ArmKind, &Option<ArmVerdict>)) -> Option<Markup> {
    let verdict = verdict.as_ref()?;
    let finding = |(place, finding): (usize, &Finding)| {
        let children = [sentence(finding)].into_iter().chain(button(finding, place)).collect();
        element("li").with("data-kind", kind(finding)).children(children)
    };
    let list = element("ul").children(verdict.findings.iter().enumerate().map(finding).collect());
    let head = element("h2").text(kind_of_arm.title());
    let basis = hint(words::basis(verdict));
    Some(element("section").children(vec![head, list, basis]))
}
