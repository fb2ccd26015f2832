//! Steps back and forth among drafts.

use super::draft::Draft;

/// What the draft was before the last gestures, and what it was before they were taken back.
#[derive(Default)]
pub struct Undo {
    before: Vec<Draft>,
    behind: Vec<Draft>,
}

/// What is kept at most, in steps and in bytes of text.
pub const MOST_STEPS: usize = 100;
pub const MOST_BYTES: usize = 20_000_000;

impl Undo {
    /// Notes a draft that is about to be changed. What was taken back is gone then.
    pub fn note(&mut self, draft: &Draft) {
        self.behind.clear();
        self.before.push(draft.clone());
        let mut bytes = 0;
        let kept = self.before.iter().rev().take(MOST_STEPS).take_while(|draft| {
            bytes += size(draft);
            bytes <= MOST_BYTES
        });
        let kept = kept.count();
        self.before.drain(..self.before.len() - kept);
    }

    /// The draft before the last step, in place of the one that is there now.
    pub fn back(&mut self, now: &Draft) -> Option<Draft> {
        step(&mut self.before, &mut self.behind, now)
    }

    /// The draft before it was taken back.
    pub fn forth(&mut self, now: &Draft) -> Option<Draft> {
        step(&mut self.behind, &mut self.before, now)
    }

    /// Whether there is a step back, and one forth.
    pub fn reaches(&self) -> [bool; 2] {
        [!self.before.is_empty(), !self.behind.is_empty()]
    }
}

/// Steps that changed nothing are none.
fn step(from: &mut Vec<Draft>, to: &mut Vec<Draft>, now: &Draft) -> Option<Draft> {
    while let Some(draft) = from.pop() {
        if draft != *now {
            to.push(now.clone());
            return Some(draft);
        }
    }
    None
}

/// What makes drafts large.
fn size(draft: &Draft) -> usize {
    draft.map_reduce.documents.iter().map(|document| document.text.len()).sum()
}
