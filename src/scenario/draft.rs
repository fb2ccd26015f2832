//! A scenario as typed: it may be incomplete or out of range, and nothing of it is lost.

use serde_json::{Map, Value};

use super::dial::Dials;
use crate::engine::call::Prompt;
use crate::providers::simulated::latency::Speed;

#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    pub title: String,
    /// What to look at, what to change, what to conclude.
    pub note: String,
    pub seed: u64,
    /// A suggestion: in a live run the model of this browser's settings counts.
    pub model: String,
    pub limits: LimitsDraft,
    /// The finer settings.
    pub dials: Dials,
    pub simulation: SimulationDraft,
    pub sectioning: SectioningDraft,
    pub voting: VotingDraft,
    pub map_reduce: MapReduceDraft,
    /// Keys of the file it came from that this version does not know; written back, never acted on.
    pub unknown: Map<String, Value>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LimitsDraft {
    pub concurrency: u32,
    /// The provider's limits where simulated, the client's where live. None is no limit.
    pub requests_per_minute: Option<u32>,
    pub burst: u32,
    pub tokens_per_minute: Option<u32>,
    pub admission: Admission,
    pub attempts: u32,
}

/// What the client does about the provider's limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Admission {
    /// Send, and try again when refused.
    SendAndRetry,
    /// Ask the own limiter first, which has the provider's numbers.
    AskFirst,
}

impl Admission {
    pub const ALL: [Admission; 2] = [Admission::SendAndRetry, Admission::AskFirst];

    pub fn as_str(self) -> &'static str {
        match self {
            Admission::SendAndRetry => "send-and-retry",
            Admission::AskFirst => "ask-first",
        }
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct SimulationDraft {
    pub speed: Speed,
    pub fault_percent: u32,
    /// The mean chance that one voter is right.
    pub difficulty: f64,
    /// The chance that a wrong voter gives the popular wrong answer.
    pub shared_error: f64,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SectioningDraft {
    pub topic: String,
    pub sections: Vec<SectionDraft>,
    pub section_prompt: Prompt,
    pub section_max_tokens: u32,
    pub synthesis_prompt: Prompt,
    pub synthesis_max_tokens: u32,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SectionDraft {
    pub name: String,
    pub brief: String,
    /// Names of sections whose results it needs.
    pub after: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VotingDraft {
    pub question: String,
    pub options: Vec<String>,
    pub correct: Option<u32>,
    pub votes: u32,
    pub prompt: Prompt,
    pub judge_prompt: Prompt,
    pub max_tokens: u32,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MapReduceDraft {
    pub documents: Vec<DocumentDraft>,
    pub fan_in: u32,
    pub map_prompt: Prompt,
    pub map_max_tokens: u32,
    pub reduce_prompt: Prompt,
    pub refine_prompt: Prompt,
    pub reduce_max_tokens: u32,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DocumentDraft {
    pub id: String,
    pub text: String,
}

/// What a document is called that nobody gave a name.
const NEW: &str = "document";

impl DocumentDraft {
    /// Whether it was only just added: nothing stands in it, and its name is nobody's choice.
    pub fn is_new(&self) -> bool {
        let is_number = |rest: &str| rest.strip_prefix('-').is_some_and(|n| n.parse::<u32>().is_ok());
        let rest = self.id.strip_prefix(NEW);
        self.text.trim().is_empty() && rest.is_some_and(|rest| rest.is_empty() || is_number(rest))
    }
}

impl SectionDraft {
    /// Whether it was only just added, and nothing stands in it.
    pub fn is_new(&self) -> bool {
        self.name.trim().is_empty() && self.brief.trim().is_empty() && self.after.is_empty()
    }

    /// Names with commas between them, as typed.
    pub fn set_after(&mut self, names: &str) {
        // A comma at the end stays while somebody types.
        let typed = names.split(',').map(|name| name.trim_start().to_string());
        self.after = if names.trim().is_empty() { Vec::new() } else { typed.collect() };
    }
}

impl MapReduceDraft {
    /// Adds a document under an id that no other has.
    pub fn add_document(&mut self, wanted: &str, text: String) {
        let wanted = if wanted.is_empty() { NEW } else { wanted };
        let taken = |id: &str| self.documents.iter().any(|document| document.id == id);
        let mut id = wanted.to_string();
        let mut n = 2;
        while taken(&id) {
            id = format!("{wanted}-{n}");
            n += 1;
        }
        self.documents.push(DocumentDraft { id, text });
    }
}

impl Default for Draft {
    /// The scenario a person begins from when there is none: complete, but about nothing.
    fn default() -> Self {
        let prompt = |system: &str, user: &str| Prompt { system: system.into(), user: user.into() };
        Draft {
            title: "Untitled".into(),
            note: String::new(),
            seed: 1,
            model: String::new(),
            limits: LimitsDraft {
                concurrency: 8,
                requests_per_minute: None,
                burst: 4,
                tokens_per_minute: None,
                admission: Admission::SendAndRetry,
                attempts: 3,
            },
            dials: Dials::default(),
            simulation: SimulationDraft {
                speed: Speed::Mid,
                fault_percent: 0,
                difficulty: 0.6,
                shared_error: 0.6,
            },
            sectioning: SectioningDraft {
                topic: String::new(),
                sections: Vec::new(),
                section_prompt: prompt(
                    "You write one section of a longer text. Keep to your section.",
                    "Topic: {topic}\n\nWrite this section: {section}",
                ),
                section_max_tokens: 500,
                synthesis_prompt: prompt(
                    "You merge sections into one coherent text and lose nothing that matters.",
                    "Topic: {topic}\n\nMerge these sections:\n\n{results}",
                ),
                synthesis_max_tokens: 900,
            },
            voting: VotingDraft {
                question: String::new(),
                options: Vec::new(),
                correct: None,
                votes: 5,
                prompt: prompt("You answer in a few words.", "{question}"),
                judge_prompt: prompt(
                    "You judge answers by what they say, not by where they stand. Answer with one letter.",
                    "{question}\n\nWhich of these answers is best?\n{candidates}",
                ),
                max_tokens: 200,
            },
            map_reduce: MapReduceDraft {
                documents: Vec::new(),
                fan_in: 4,
                map_prompt: prompt(
                    "You summarise documents faithfully, in two sentences.",
                    "Summarise document {id}:\n\n{document}",
                ),
                map_max_tokens: 300,
                reduce_prompt: prompt(
                    "You combine summaries into one and keep what they disagree on.",
                    "Combine these summaries:\n\n{results}",
                ),
                refine_prompt: prompt(
                    "You improve a summary with what a further document adds, and lose nothing of it.",
                    "The summary so far:\n\n{results}\n\nAdd what document {id} says:\n\n{document}",
                ),
                reduce_max_tokens: 600,
            },
            unknown: Map::new(),
        }
    }
}
