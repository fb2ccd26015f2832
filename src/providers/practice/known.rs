//! What the page's patterns tell of a request that the request itself does not.

use std::sync::Arc;

use super::asked::{Asked, Shape};
use crate::engine::call::{Prompt, Task};
use crate::engine::patterns::{Pattern, parts_in};

pub(super) struct Known(pub(super) Vec<Arc<Pattern>>);

impl Known {
    /// What is asked. Where no pattern knows the request, all of its message is the material.
    pub(super) fn task(&self, asked: &Asked) -> Task {
        let prompt = &asked.prompt;
        match &asked.shape {
            Shape::Vote(options) => {
                Task::Vote { correct: self.correct(options, prompt), options: options.clone().into() }
            }
            Shape::Points => self.section(prompt).unwrap_or_else(|| {
                let parts = parts_in(&prompt.user);
                match parts.is_empty() {
                    true => Task::Section { name: "".into(), brief: prompt.user.as_str().into() },
                    false => Task::Synthesis { topic: "".into(), parts: parts.into() },
                }
            }),
            Shape::Summary => {
                let parts = parts_in(&prompt.user);
                match self.document(prompt) {
                    Some(document) => Task::Summary { document },
                    None if parts.is_empty() => Task::Summary { document: prompt.user.as_str().into() },
                    None => Task::Reduce { parts: parts.into() },
                }
            }
            Shape::Text => Task::Summary { document: prompt.user.as_str().into() },
        }
    }

    /// Which option is right: of a vote of the page, or of the letters under which a judge is shown
    /// its answers.
    fn correct(&self, options: &[String], prompt: &Prompt) -> Option<usize> {
        self.0.iter().find_map(|pattern| {
            let Pattern::Voting(voting) = &**pattern else { return None };
            let right = voting.correct?;
            if *voting.options == *options {
                return Some(right);
            }
            let right = voting.options.get(right)?;
            let names_right = |letter: &String| {
                let line = format!("{letter}. {right}");
                prompt.user.lines().any(|other| other == line)
            };
            options.iter().position(names_right)
        })
    }

    fn section(&self, prompt: &Prompt) -> Option<Task> {
        self.0.iter().find_map(|pattern| {
            let Pattern::Sectioning(sectioning) = &**pattern else { return None };
            let section = sectioning.asked_in(prompt)?;
            Some(Task::Section { name: section.name.clone(), brief: section.brief.clone() })
        })
    }

    /// The document that the message holds word for word: the longest, since one may hold another.
    /// A message with results in it is no question about one document alone.
    fn document(&self, prompt: &Prompt) -> Option<Arc<str>> {
        let documents = self.0.iter().filter_map(|pattern| match &**pattern {
            Pattern::MapReduce(map_reduce) => Some(&map_reduce.documents),
            _ => None,
        });
        let texts = documents.flatten().map(|document| document.text());
        let held = texts
            .filter(|text| !text.is_empty() && (prompt.user.contains(text) || prompt.system.contains(text)));
        let longest = held.max_by_key(|text| text.len())?;
        let holds_results = parts_in(&prompt.user).len() > parts_in(longest).len();
        (!holds_results).then(|| longest.into())
    }
}
