//! Verdicts: what is studied here, and the names of what is found.

mod exact;
mod rules;

use fanout::analysis::verdict::study::Study;
use fanout::analysis::verdict::{Finding, Rule};
use fanout::engine::price::Price;
use fanout::engine::run::Progress;
use fanout::scenario::draft::Draft;
use fanout::scenario::{ArmKind, file};

use ArmKind::{MapReduce, Sectioning, Voting};

pub const PRICE: Price =
    Price { input_nano_usd: 3000, cached_nano_usd: 300, cache_write_nano_usd: 3750, output_nano_usd: 15_000 };

pub fn ready(name: &str) -> Draft {
    let text = std::fs::read_to_string(format!("public/scenarios/{name}.json")).expect("a ready scenario");
    file::read(&text).expect("a scenario").draft
}

/// The first ready scenario without limits, and without the other arms.
pub fn only(arm: ArmKind, change: impl FnOnce(&mut Draft)) -> Draft {
    let mut draft = ready("bill-of-rights");
    draft.limits.requests_per_minute = None;
    if arm != Sectioning {
        draft.sectioning.sections.clear();
    }
    if arm != Voting {
        draft.voting.question.clear();
    }
    if arm != MapReduce {
        draft.map_reduce.documents.clear();
    }
    change(&mut draft);
    draft
}

pub fn study(draft: &Draft) -> Study {
    let mut study = Study::new(&draft.check().0, Some(PRICE));
    let mut permille = 0;
    while study.step() == Progress::More {
        assert!((permille..=1000).contains(&study.permille()), "progress goes forward");
        permille = study.permille();
    }
    assert_eq!(study.permille(), 1000);
    study
}

/// What is found about the only arm.
pub fn findings(draft: &Draft) -> Vec<Finding> {
    let verdict = study(draft).verdict().clone();
    let [arm] = verdict.arms.into_iter().flatten().collect::<Vec<_>>().try_into().expect("one arm");
    arm.findings
}

pub fn named(rule: &Rule) -> &'static str {
    match rule {
        Rule::Dependent { .. } => "dependent",
        Rule::Throttled { .. } => "throttled",
        Rule::PastTheKnee { .. } => "past the knee",
        Rule::Refused { .. } => "refused",
        Rule::TooFewAtOnce { .. } => "too few at once",
        Rule::Overhead { .. } => "overhead",
        Rule::StrictOrder { .. } => "strict order",
        Rule::Straggler { .. } => "straggler",
        Rule::Losing { .. } => "losing",
        Rule::PayingForNothing { .. } => "paying for nothing",
        Rule::UseIt { .. } => "use it",
    }
}

pub fn names(findings: &[Finding]) -> Vec<&'static str> {
    findings.iter().map(|finding| named(&finding.rule)).collect()
}

// ---- Fixed durations -------------------------------------------------------------------------

pub fn votes(n: u32, change: impl FnOnce(&mut Draft)) -> Draft {
    only(Voting, |draft| {
        draft.voting.votes = n;
        change(draft);
    })
}
