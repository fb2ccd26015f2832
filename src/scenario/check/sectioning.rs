//! Sections: named, few enough, and none waiting for itself.

use super::super::draft::{SectionDraft, SectioningDraft};
use super::{beyond_quorum, lacks_variable, repeated, too_many};
use crate::engine::batch::Manner;
use crate::engine::patterns::sectioning::{Section, Sectioning};

/// The most sections a topic may have.
const MOST_SECTIONS: usize = 10_000;

impl SectioningDraft {
    pub(super) fn check(&self, manner: Manner) -> Result<Sectioning, Vec<String>> {
        // One that was only just added is left out as long as nothing stands in it: the others go on.
        if self.sections.iter().any(SectionDraft::is_new) {
            let written = self.sections.iter().filter(|section| !section.is_new()).cloned().collect();
            return SectioningDraft { sections: written, ..self.clone() }.check(manner);
        }
        let mut wrong = Vec::new();
        if self.sections.is_empty() {
            wrong.push("There is no section to write. Add one under “Edit”.".to_string());
        }
        for (i, section) in self.sections.iter().enumerate() {
            if section.name.trim().is_empty() {
                wrong.push(format!("Section {} has no name. Give it one, or remove it.", i + 1));
            }
        }
        wrong.extend(repeated(self.sections.iter().map(|section| section.name.trim())).into_iter().map(
            |name| {
                format!("Two sections are called “{name}”. Rename one, so that a missing one can be named.")
            },
        ));
        wrong.extend(self.wrong_dependencies());
        wrong.extend(lacks_variable("synthesis prompt", &self.synthesis_prompt, "results"));
        wrong.extend(lacks_variable("section prompt", &self.section_prompt, "section"));
        wrong.extend(too_many(self.sections.len() + 1, MOST_SECTIONS));
        wrong.extend(beyond_quorum(manner, self.sections.len() as u32, "sections"));
        if !wrong.is_empty() {
            return Err(wrong);
        }
        Ok(Sectioning {
            topic: self.topic.trim().into(),
            sections: self
                .sections
                .iter()
                .map(|section| Section {
                    name: section.name.trim().into(),
                    brief: section.brief.trim().into(),
                    after: section.after.iter().filter_map(|name| self.number_of(name)).collect(),
                })
                .collect(),
            manner,
            section_prompt: self.section_prompt.clone(),
            synthesis_prompt: self.synthesis_prompt.clone(),
            section_max_tokens: self.section_max_tokens.max(1),
            synthesis_max_tokens: self.synthesis_max_tokens.max(1),
        })
    }

    fn number_of(&self, name: &str) -> Option<u32> {
        let name = Some(name.trim()).filter(|name| !name.is_empty())?;
        let place = self.sections.iter().position(|section| section.name.trim() == name);
        place.map(|place| place as u32)
    }

    /// Sections that wait for one there is not, or for each other in a circle.
    fn wrong_dependencies(&self) -> Vec<String> {
        let mut wrong = Vec::new();
        for section in &self.sections {
            let unknown = |name: &&String| !name.trim().is_empty() && self.number_of(name).is_none();
            for needed in section.after.iter().filter(unknown) {
                let name = section.name.trim();
                wrong.push(format!(
                    "“{name}” waits for “{needed}”, which is no section. Remove it under “after”."
                ));
            }
        }
        if let Some(circle) = self.circle() {
            let names: Vec<&str> = circle
                .iter()
                .filter_map(|number| self.sections.get(*number as usize))
                .map(|section| section.name.trim())
                .collect();
            wrong.push(format!(
                "Sections wait for each other in a circle: {}. Remove one “after” of these.",
                names.join(" → ")
            ));
        }
        wrong
    }

    /// Sections of which each waits for the next and the last is the first; none where there is no such.
    fn circle(&self) -> Option<Vec<u32>> {
        let needs = |number: u32| {
            let section = self.sections.get(number as usize);
            section.into_iter().flat_map(|section| &section.after).filter_map(|name| self.number_of(name))
        };
        // Sections from which no circle can be reached: those that need nobody, or only such.
        let mut free: Vec<bool> = self.sections.iter().map(|section| section.after.is_empty()).collect();
        let is_free = |free: &[bool], number: u32| free.get(number as usize).copied().unwrap_or(true);
        loop {
            let freed = |number: &u32| {
                !is_free(&free, *number) && needs(*number).all(|needed| is_free(&free, needed))
            };
            let Some(number) = (0..self.sections.len() as u32).find(freed) else { break };
            if let Some(slot) = free.get_mut(number as usize) {
                *slot = true;
            }
        }
        // Whoever is not free needs somebody who is not: the walk comes back to where it has been.
        let mut walk = vec![free.iter().position(|free| !free)? as u32];
        loop {
            let next = needs(*walk.last()?).find(|needed| !is_free(&free, *needed))?;
            if let Some(start) = walk.iter().position(|been| *been == next) {
                walk.push(next);
                return Some(walk.split_off(start));
            }
            walk.push(next);
        }
    }
}
