//! A run that is kept: what it takes to have it again, and what came of it.

use serde_json::Value;

use crate::analysis::measure::{Figures, MEASURES};
use crate::analysis::metrics::Figure;
use crate::analysis::recording::Recording;
use crate::analysis::words;
use crate::engine::call::Certainty;
use crate::engine::patterns::Outcome;
use crate::json::{self, object};
use crate::scenario::ArmKind;

#[derive(Clone, Debug, PartialEq)]
pub struct Kept {
    /// When it was kept, in milliseconds since 1970. No two runs have the same.
    pub at_ms: u64,
    pub name: String,
    pub answered: Answered,
    /// The scenario file, on one line.
    pub scenario: String,
    /// What was changed on the way, as JSON on one line.
    pub changes: String,
    /// The arms that ran.
    pub arms: [Option<Summary>; 3],
}

/// Who answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answered {
    Simulated,
    /// The practice server in the page.
    Practice,
    /// A real model.
    Live {
        provider: String,
        model: String,
    },
}

/// What an arm came to.
#[derive(Clone, Debug, PartialEq)]
pub struct Summary {
    pub figures: Figures,
    /// Its outcome in a sentence.
    pub outcome: String,
}

/// Bytes of a scenario beyond which a run is not stored: a browser gives a page five megabytes.
const LARGEST: usize = 100_000;

/// The end of the year 9999, in milliseconds: later dates are written otherwise.
const LATEST_MS: u64 = 253_402_300_800_000;

impl Answered {
    /// Whether no model wrote the answers.
    pub fn is_simulated(&self) -> bool {
        !matches!(self, Answered::Live { .. })
    }

    pub fn words(&self) -> String {
        match self {
            Answered::Simulated => "simulated".to_string(),
            Answered::Practice => "practice".to_string(),
            Answered::Live { provider, model } => format!("live: {provider}, {model}"),
        }
    }

    pub fn value(&self) -> Value {
        match self {
            Answered::Simulated => object(vec![("by", "simulated".into())]),
            Answered::Practice => object(vec![("by", "practice".into())]),
            Answered::Live { provider, model } => object(vec![
                ("by", "live".into()),
                ("provider", provider.as_str().into()),
                ("model", model.as_str().into()),
            ]),
        }
    }

    fn read(value: &Value) -> Option<Self> {
        let text = |name: &str| value.get(name)?.as_str().map(str::to_string);
        match value.get("by")?.as_str()? {
            "simulated" => Some(Answered::Simulated),
            "practice" => Some(Answered::Practice),
            "live" => Some(Answered::Live { provider: text("provider")?, model: text("model")? }),
            _ => None,
        }
    }
}

impl Kept {
    /// Whether the other one would say nothing new.
    pub fn is_same(&self, other: &Kept) -> bool {
        let Kept { answered, scenario, changes, arms, .. } = self;
        (answered, scenario, changes, arms) == (&other.answered, &other.scenario, &other.changes, &other.arms)
    }

    /// Whether it is stored, and not only in memory.
    pub fn is_stored(&self) -> bool {
        self.scenario.len() <= LARGEST
    }

    /// What the run was set to, as one value: the scenario, who answered, the changes on the way.
    pub fn settings(&self) -> Value {
        let mut settings = json::read(&self.scenario).unwrap_or_default();
        if let Value::Object(settings) = &mut settings {
            settings.insert("answered".to_string(), self.answered.words().into());
            settings.insert("changes".to_string(), json::read(&self.changes).unwrap_or_default());
        }
        settings
    }

    pub(super) fn value(&self) -> Value {
        let mut arms = Vec::new();
        for (kind, arm) in ArmKind::ALL.iter().zip(&self.arms) {
            arms.extend(arm.iter().map(|arm| (kind.as_str(), arm.value())));
        }
        object(vec![
            ("at_ms", self.at_ms.into()),
            ("name", self.name.as_str().into()),
            ("answered", self.answered.value()),
            ("scenario", self.scenario.as_str().into()),
            ("changes", self.changes.as_str().into()),
            ("arms", object(arms)),
        ])
    }

    /// None where the value is no run.
    pub(super) fn read(value: &Value) -> Option<Self> {
        let text = |name: &str| value.get(name)?.as_str().map(str::to_string);
        let scenario = text("scenario")?;
        // What does not open again is no run.
        json::read(&scenario)?.get("fanout")?;
        let arms = value.get("arms")?;
        Some(Kept {
            at_ms: value.get("at_ms")?.as_u64().filter(|ms| *ms < LATEST_MS)?,
            name: text("name")?,
            answered: Answered::read(value.get("answered")?)?,
            scenario,
            changes: text("changes")?,
            arms: ArmKind::ALL.map(|kind| Summary::read(arms.get(kind.as_str())?)),
        })
    }
}

impl Summary {
    pub fn of(recording: &Recording, figures: Figures) -> Self {
        Summary { figures, outcome: outcome(recording) }
    }

    fn value(&self) -> Value {
        let mut fields = vec![("outcome", self.outcome.as_str().into())];
        for (measure, figure) in MEASURES.iter().zip(&self.figures) {
            let written = vec![figure.value.into(), (figure.certainty as u32).into()];
            fields.push((measure.name, Value::Array(written)));
        }
        object(fields)
    }

    fn read(value: &Value) -> Option<Self> {
        let figure = |name: &str| {
            let written = value.get(name)?;
            let certainty = match written.get(1)?.as_u64()? {
                0 => Certainty::Known,
                1 => Certainty::Estimated,
                _ => Certainty::Unknown,
            };
            Some(Figure { value: written.get(0)?.as_u64(), certainty })
        };
        // A number that a later version adds, or an earlier one lacks, is unknown.
        let figures = MEASURES.map(|measure| figure(measure.name).unwrap_or(Figure::UNKNOWN));
        Some(Summary { figures, outcome: value.get("outcome")?.as_str()?.to_string() })
    }
}

/// Characters of an outcome that are kept: enough to tell one from another.
const LONGEST_OUTCOME: usize = 140;

fn outcome(recording: &Recording) -> String {
    let text = match &recording.outcome {
        None => "not there yet".to_string(),
        Some(Outcome::Merged(merged)) => {
            let (used, missing) = (merged.coverage.used.len(), merged.coverage.missing.len());
            format!("from {used} of {} inputs: {}", used + missing, merged.reply.answer.main_text())
        }
        Some(Outcome::Voted(voted)) => match &voted.judged {
            Some(judged) => words::judged(judged, &voted.tally),
            None => words::verdict(&voted.tally),
        },
        Some(Outcome::None(why)) => words::no_outcome(why, &recording.plan),
    };
    let mut rest = text.chars();
    let mut shown: String = rest.by_ref().take(LONGEST_OUTCOME).collect();
    shown.extend(rest.next().map(|_| '…'));
    shown
}
