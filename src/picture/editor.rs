//! Prompts and inputs of an arm, to be edited in place.

use super::field::{area, choice, field, file_button, group, line};
use super::markup::{Markup, button, element, hint};
use super::sign::{Sign, icon, with_sign};
use crate::scenario::ArmKind;
use crate::scenario::dial::Dial;
use crate::scenario::draft::Draft;
use crate::scenario::passage::{Passage, PromptKind};
use crate::scenario::setting::Setting;

/// The page stays as quick as it is with more documents than anybody edits by hand.
const MOST_DOCUMENTS: usize = 100;

const COMBINING: [Dial; 5] =
    [Dial::Combine, Dial::Split, Dial::SplitTokens, Dial::ContextTokens, Dial::LongestFirst];
const COUNTING: [Dial; 4] = [Dial::Rule, Dial::Stop, Dial::StopWindow, Dial::Judge];
const READING: [Dial; 4] = [Dial::ReadCase, Dial::ReadPunctuation, Dial::ReadNumber, Dial::ReadOptions];

/// What there is once stands before what there may be any number of. `preflight` says what the reduce calls
/// of map-reduce will have to hold.
pub fn editor(kind: ArmKind, draft: &Draft, preflight: Option<String>) -> Vec<Markup> {
    match kind {
        ArmKind::Sectioning => sectioning(draft),
        ArmKind::Voting => voting(draft),
        ArmKind::MapReduce => map_reduce(draft, preflight),
    }
}

fn sectioning(draft: &Draft) -> Vec<Markup> {
    let sectioning = &draft.sectioning;
    let mut drawn = vec![area("Topic", "", takes(Passage::Topic), 2, &sectioning.topic)];
    drawn.extend([PromptKind::Section, PromptKind::Synthesis].map(|kind| prompt(kind, draft)));
    for (i, section) in sectioning.sections.iter().enumerate() {
        let after = "names of sections it builds on, with commas";
        let empty = if section.is_new() { "left out as long as it is empty" } else { "" };
        drawn.push(element("div").class("item").children(vec![
            line("Section", takes(Passage::SectionName(i)), "text", "", &section.name),
            area("What it covers", empty, takes(Passage::SectionBrief(i)), 3, &section.brief),
            line("After", takes(Passage::SectionAfter(i)), "text", after, &section.after.join(", ")),
            icon(format!("drop-section {i}"), format!("Remove section {}", i + 1), Sign::Close),
        ]));
    }
    drawn.push(with_sign(Sign::Add, button("button", "add-section", "Add a section")));
    drawn
}

fn voting(draft: &Draft) -> Vec<Markup> {
    let voting = &draft.voting;
    let numbers: Vec<String> = (0..voting.options.len()).map(|i| i.to_string()).collect();
    let known = numbers.iter().map(String::as_str).zip(voting.options.iter().map(String::as_str));
    let options: Vec<(&str, &str)> = [("", "not known")].into_iter().chain(known).collect();
    let correct = voting.correct.map(|correct| correct.to_string()).unwrap_or_default();
    let answers = "one a line; none for a free answer";
    let mut drawn = vec![
        area("Question", "", takes(Passage::Question), 3, &voting.question),
        area("Answers to choose from", answers, takes(Passage::Options), 4, &voting.options.join("\n")),
        choice("Right answer, for the simulation only", "correct", &options, &correct),
        dials("The count", &COUNTING, draft),
        dials("When answers are the same", &READING, draft),
        prompt(PromptKind::Vote, draft),
    ];
    if draft.dials.is_on(Dial::Judge) {
        drawn.push(prompt(PromptKind::Judge, draft));
    }
    drawn
}

fn map_reduce(draft: &Draft, preflight: Option<String>) -> Vec<Markup> {
    let documents = &draft.map_reduce.documents;
    let mut drawn = vec![
        field(Setting::FanIn, draft),
        dials("Combining", &COMBINING, draft),
        hint(preflight.unwrap_or_default()),
    ];
    drawn.extend([PromptKind::Map, PromptKind::Reduce].map(|kind| prompt(kind, draft)));
    if draft.dials.count(Dial::Combine) == 2 {
        drawn.push(prompt(PromptKind::Refine, draft));
    }
    for (i, document) in documents.iter().enumerate().take(MOST_DOCUMENTS) {
        let empty = if document.is_new() { "left out as long as it is empty" } else { "" };
        drawn.push(element("div").class("item").children(vec![
            line("Document", takes(Passage::DocumentId(i)), "text", "", &document.id),
            area("Text", empty, takes(Passage::DocumentText(i)), 4, &document.text),
            icon(format!("drop-document {i}"), format!("Remove document {}", i + 1), Sign::Close),
        ]));
    }
    if documents.len() > MOST_DOCUMENTS {
        let more = documents.len() - MOST_DOCUMENTS;
        drawn.push(hint(format!("and {more} more documents, to be changed in the file")));
    }
    let files = file_button("Add text files", "documents", ".txt,.md,text/plain").with("multiple", "");
    drawn.push(
        element("div")
            .class("buttons")
            .children(vec![with_sign(Sign::Add, button("button", "add-document", "Add a document")), files]),
    );
    drawn
}

/// What the model is told about itself, and what it is asked.
fn prompt(kind: PromptKind, draft: &Draft) -> Markup {
    let (name, prompt) = (kind.name(), kind.of(draft));
    element("fieldset").children(vec![
        element("legend").text(name),
        area(format!("{name}, system"), "", takes(Passage::System(kind)), 2, &prompt.system),
        area(format!("{name}, user"), kind.variables(), takes(Passage::User(kind)), 4, &prompt.user),
    ])
}

fn dials(heading: &'static str, dials: &[Dial], draft: &Draft) -> Markup {
    let settings: Vec<Setting> = dials.iter().map(|dial| Setting::Dial(*dial)).collect();
    group(heading, &settings, draft)
}

/// What becomes of what is typed into the field of a passage.
pub fn takes(passage: Passage) -> String {
    let (kind, index) = passage.numbers();
    format!("text {kind} {index}")
}
