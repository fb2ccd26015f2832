//! What of a draft is a text: each with one field on the page, which knows it by two numbers.

use super::draft::Draft;
use crate::engine::call::Prompt;

/// A text of the draft; those of sections and documents with the number of theirs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Passage {
    Title,
    /// What to look at, to change and to conclude.
    Note,
    Topic,
    SectionName(usize),
    SectionBrief(usize),
    /// Names with commas between them.
    SectionAfter(usize),
    Question,
    /// One a line.
    Options,
    DocumentId(usize),
    DocumentText(usize),
    System(PromptKind),
    User(PromptKind),
}

/// The prompts of a draft.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PromptKind {
    Section,
    Synthesis,
    Vote,
    Judge,
    Map,
    Reduce,
    Refine,
}

impl PromptKind {
    const ALL: [PromptKind; 7] = [
        PromptKind::Section,
        PromptKind::Synthesis,
        PromptKind::Vote,
        PromptKind::Judge,
        PromptKind::Map,
        PromptKind::Reduce,
        PromptKind::Refine,
    ];

    pub fn name(self) -> &'static str {
        match self {
            PromptKind::Section => "Section prompt",
            PromptKind::Synthesis => "Synthesis prompt",
            PromptKind::Vote => "Voting prompt",
            PromptKind::Judge => "Judge prompt",
            PromptKind::Map => "Map prompt",
            PromptKind::Reduce => "Reduce prompt",
            PromptKind::Refine => "Refine prompt",
        }
    }

    /// The variables it may contain.
    pub fn variables(self) -> &'static str {
        match self {
            PromptKind::Section => "{topic} {section}",
            PromptKind::Synthesis => "{topic} {results}",
            PromptKind::Vote => "{question}",
            PromptKind::Judge => "{question} {candidates}",
            PromptKind::Map => "{id} {document}",
            PromptKind::Reduce => "{results}",
            PromptKind::Refine => "{results} {id} {document}",
        }
    }

    pub fn of(self, draft: &Draft) -> &Prompt {
        match self {
            PromptKind::Section => &draft.sectioning.section_prompt,
            PromptKind::Synthesis => &draft.sectioning.synthesis_prompt,
            PromptKind::Vote => &draft.voting.prompt,
            PromptKind::Judge => &draft.voting.judge_prompt,
            PromptKind::Map => &draft.map_reduce.map_prompt,
            PromptKind::Reduce => &draft.map_reduce.reduce_prompt,
            PromptKind::Refine => &draft.map_reduce.refine_prompt,
        }
    }

    fn of_mut(self, draft: &mut Draft) -> &mut Prompt {
        match self {
            PromptKind::Section => &mut draft.sectioning.section_prompt,
            PromptKind::Synthesis => &mut draft.sectioning.synthesis_prompt,
            PromptKind::Vote => &mut draft.voting.prompt,
            PromptKind::Judge => &mut draft.voting.judge_prompt,
            PromptKind::Map => &mut draft.map_reduce.map_prompt,
            PromptKind::Reduce => &mut draft.map_reduce.reduce_prompt,
            PromptKind::Refine => &mut draft.map_reduce.refine_prompt,
        }
    }
}

impl Passage {
    /// The passage of two numbers.
    pub fn at(kind: usize, index: usize) -> Option<Passage> {
        let prompt = || PromptKind::ALL.get(index).copied();
        Some(match kind {
            0 => Passage::Topic,
            1 => Passage::SectionName(index),
            2 => Passage::SectionBrief(index),
            3 => Passage::SectionAfter(index),
            4 => Passage::Question,
            5 => Passage::Options,
            6 => Passage::DocumentId(index),
            7 => Passage::DocumentText(index),
            8 => Passage::System(prompt()?),
            9 => Passage::User(prompt()?),
            10 => Passage::Title,
            11 => Passage::Note,
            _ => return None,
        })
    }

    /// The numbers by which the page knows it.
    pub fn numbers(self) -> (usize, usize) {
        match self {
            Passage::Topic => (0, 0),
            Passage::SectionName(i) => (1, i),
            Passage::SectionBrief(i) => (2, i),
            Passage::SectionAfter(i) => (3, i),
            Passage::Question => (4, 0),
            Passage::Options => (5, 0),
            Passage::DocumentId(i) => (6, i),
            Passage::DocumentText(i) => (7, i),
            Passage::System(kind) => (8, kind as usize),
            Passage::User(kind) => (9, kind as usize),
            Passage::Title => (10, 0),
            Passage::Note => (11, 0),
        }
    }

    /// Writes what was typed. What is only half typed, such as an empty line, stays.
    pub fn write(self, draft: &mut Draft, typed: String) {
        match self {
            Passage::Options => draft.voting.options = typed.split('\n').map(str::to_string).collect(),
            Passage::SectionAfter(i) => {
                let section = draft.sectioning.sections.get_mut(i);
                section.into_iter().for_each(|section| section.set_after(&typed));
            }
            plain => plain.place(draft).into_iter().for_each(|place| *place = typed.clone()),
        }
    }

    fn place(self, draft: &mut Draft) -> Option<&mut String> {
        match self {
            Passage::Title => Some(&mut draft.title),
            Passage::Note => Some(&mut draft.note),
            Passage::Topic => Some(&mut draft.sectioning.topic),
            Passage::SectionName(i) => Some(&mut draft.sectioning.sections.get_mut(i)?.name),
            Passage::SectionBrief(i) => Some(&mut draft.sectioning.sections.get_mut(i)?.brief),
            Passage::Question => Some(&mut draft.voting.question),
            Passage::DocumentId(i) => Some(&mut draft.map_reduce.documents.get_mut(i)?.id),
            Passage::DocumentText(i) => Some(&mut draft.map_reduce.documents.get_mut(i)?.text),
            Passage::System(kind) => Some(&mut kind.of_mut(draft).system),
            Passage::User(kind) => Some(&mut kind.of_mut(draft).user),
            Passage::SectionAfter(_) | Passage::Options => None,
        }
    }
}
