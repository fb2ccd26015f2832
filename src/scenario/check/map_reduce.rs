//! Documents: named, not empty, in pieces that fit.

use super::super::dial::{Dial, Dials};
use super::super::draft::{DocumentDraft, MapReduceDraft};
use super::{beyond_quorum, lacks_variable, repeated, too_many};
use crate::engine::batch::Manner;
use crate::engine::patterns::map_reduce::{Combine, Document, MapReduce};
use crate::engine::patterns::split::split;

/// The most calls map-reduce may make.
const MOST_CALLS: usize = 250_000;

impl MapReduceDraft {
    pub(super) fn check(&self, manner: Manner, dials: &Dials) -> Result<MapReduce, Vec<String>> {
        let mut wrong = Vec::new();
        if self.written().next().is_none() {
            wrong.push("There is no document to summarise. Add one under “Edit”.".to_string());
        }
        for (i, document) in self.documents.iter().enumerate() {
            let name = match document.id.trim() {
                "" => format!("Document {}", i + 1),
                id => format!("Document “{id}”"),
            };
            if document.id.trim().is_empty() {
                wrong.push(format!("{name} has no id. Give it one."));
            }
            if document.text.trim().is_empty() && !document.is_new() {
                wrong.push(format!("{name} is empty. Write something into it, or remove it."));
            }
        }
        wrong.extend(
            repeated(self.written().map(|document| document.id.trim()))
                .into_iter()
                .map(|id| format!("Two documents have the id “{id}”. Rename one.")),
        );
        if self.fan_in < 2 {
            wrong.push("Fan-in is below 2. A reduce call combines at least two results.".to_string());
        }
        wrong.extend(lacks_variable("map prompt", &self.map_prompt, "document"));
        let combine = dials.combine();
        wrong.extend(match combine {
            Combine::Refine => lacks_variable("refine prompt", &self.refine_prompt, "results")
                .or_else(|| lacks_variable("refine prompt", &self.refine_prompt, "document")),
            Combine::Tree | Combine::Fold => lacks_variable("reduce prompt", &self.reduce_prompt, "results"),
        });
        let documents = self.pieces(dials);
        let mut map_reduce = MapReduce {
            combine,
            fan_in: self.fan_in,
            longest_first: dials.is_on(Dial::LongestFirst),
            manner,
            map_prompt: self.map_prompt.clone(),
            reduce_prompt: self.reduce_prompt.clone(),
            refine_prompt: self.refine_prompt.clone(),
            map_max_tokens: self.map_max_tokens.max(1),
            reduce_max_tokens: self.reduce_max_tokens.max(1),
            documents,
        };
        wrong.extend(beyond_quorum(manner, map_reduce.documents.len() as u32, "documents"));
        wrong.extend(too_many(map_reduce.n_calls() as usize, MOST_CALLS));
        // Refining holds one summary and a document, whatever the fan-in.
        let context = dials.get(Dial::ContextTokens).filter(|_| combine != Combine::Refine);
        if let Some(context_tokens) = context {
            match map_reduce.preflight(context_tokens).fan_in {
                Some(fan_in) => map_reduce.fan_in = fan_in,
                None => wrong.push(format!(
                    "A context window of {context_tokens} tokens cannot hold two summaries of \
                     {} tokens, the reduce prompt and its answer. Allow shorter summaries, or a larger window.",
                    map_reduce.map_max_tokens
                )),
            }
        }
        if wrong.is_empty() { Ok(map_reduce) } else { Err(wrong) }
    }

    /// The documents, or their pieces where they are to be split.
    /// One that was only just added is left out as long as nothing stands in it: the others go on.
    fn written(&self) -> impl Iterator<Item = &DocumentDraft> {
        self.documents.iter().filter(|document| !document.is_new())
    }

    fn pieces(&self, dials: &Dials) -> Vec<Document> {
        let Some(how) = dials.split() else {
            let whole = |document: &DocumentDraft| Document::new(document.id.trim(), document.text.as_str());
            return self.written().map(whole).collect();
        };
        let mut pieces = Vec::new();
        for document in self.written() {
            let id = document.id.trim();
            let texts = split(&document.text, how);
            match texts[..] {
                [whole] => pieces.push(Document::new(id, whole)),
                _ => pieces
                    .extend(texts.iter().zip(1..).map(|(text, n)| Document::new(format!("{id}.{n}"), *text))),
            }
        }
        pieces
    }
}
