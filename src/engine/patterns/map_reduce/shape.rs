//! How many reduce calls there are, what feeds them, and which document begins first.

use std::cmp::Reverse;

use super::{Combine, MapReduce};
use crate::engine::batch::Entry;

/// A node of the reduce tree. Its children are numbers of calls: documents first, then nodes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Node {
    pub(super) level: u32,
    /// Position in its level, from 1.
    pub(super) position: u32,
    pub(super) children: Vec<u32>,
    /// How many of them are not over.
    pub(super) n_open: u32,
}

impl MapReduce {
    /// The most reduce calls it can take.
    pub(super) fn n_reduces(&self) -> u32 {
        let n = self.n_documents();
        match self.combine {
            Combine::Refine => 0,
            Combine::Tree => {
                let (mut below, mut n_reduces) = (n, 0);
                while below > 1 {
                    let alone = u32::from(below % self.fan_in() == 1);
                    let above = below.div_ceil(self.fan_in());
                    n_reduces += above - alone;
                    below = above;
                }
                n_reduces
            }
            Combine::Fold => {
                // Each call makes one of up to `fan_in` results, so it takes away one less; results
                // beyond the first wait in the window together.
                let steps = |results: u32, most: u32| results.saturating_sub(1).div_ceil(most - 1);
                match self.manner.entry {
                    Entry::All => steps(n, self.fan_in()),
                    Entry::Window(window) => steps(n, self.fan_in().min(window.get().saturating_add(1))),
                    Entry::Chunks(size) => {
                        let size = size.get();
                        let (whole, rest) = (n / size, n % size);
                        let first = steps(size.min(n), self.fan_in());
                        let later = steps(size + 1, self.fan_in()) * whole.saturating_sub(1);
                        let last = if whole > 0 && rest > 0 { steps(rest + 1, self.fan_in()) } else { 0 };
                        first + later + last
                    }
                }
            }
        }
    }

    /// The calls above the documents, level by level. A result that would stand alone in its
    /// group goes up a level as it is: there is nothing to combine it with.
    pub(super) fn tree(&self) -> Vec<Node> {
        let fan_in = self.fan_in() as usize;
        let mut nodes = Vec::new();
        let mut below: Vec<u32> = (0..self.n_documents()).collect();
        let mut level = 0;
        while below.len() > 1 {
            level += 1;
            let mut above = Vec::with_capacity(below.len().div_ceil(fan_in));
            let mut position = 0;
            for group in below.chunks(fan_in) {
                if let [alone] = group {
                    above.push(*alone);
                    continue;
                }
                position += 1;
                above.push(self.n_documents() + nodes.len() as u32);
                let n_open = group.len() as u32;
                nodes.push(Node { level, position, children: group.to_vec(), n_open });
            }
            below = above;
        }
        nodes
    }

    /// Documents in the order in which they begin.
    pub(super) fn sequence(&self) -> Option<Vec<u32>> {
        let mut sequence: Vec<u32> = (0..self.n_documents()).collect();
        let length =
            |item: &u32| self.documents.get(*item as usize).map_or(0, |document| document.text.len());
        self.longest_first.then(|| {
            sequence.sort_by_key(|item| Reverse(length(item)));
            sequence
        })
    }
}
