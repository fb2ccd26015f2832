//! Voting: the same question to several voters, then a count.

use std::sync::Arc;

use futures::future::join_all;

use super::{Outcome, Planned, Role, nothing};
use crate::engine::call::{Prompt, Request, Task, estimate_tokens};
use crate::engine::draw::DrawKey;
use crate::engine::run::Arm;
use crate::host;

#[derive(Clone, Debug, PartialEq)]
pub struct Voting {
    pub question: Arc<str>,
    /// The answers to choose from; may be empty.
    pub options: Arc<[String]>,
    /// Which option is right, for the simulation only; never sent to a model.
    pub correct: Option<usize>,
    pub votes: u32,
    /// Variable: `{question}`.
    pub prompt: Prompt,
    pub max_tokens: u32,
}

/// The count. Buckets stand in the order of their size, equal ones in the order of their first voter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tally {
    pub buckets: Vec<Bucket>,
    pub verdict: Verdict,
    /// What each voter said and how it was counted; none for a voter whose call failed.
    pub ballots: Vec<Option<Ballot>>,
}

/// Votes for the same answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bucket {
    /// The normalised answer all its votes share.
    pub key: String,
    /// The answer in the words of its first voter, or the option it matched.
    pub answer: String,
    /// Voters by index, ascending.
    pub voters: Vec<u32>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// One answer has more votes than any other.
    Winner,
    /// The first `n_tied` buckets have equally many: there is no winner.
    Tie { n_tied: usize },
}

/// One vote: the words of the voter and the key they were counted under.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ballot {
    pub raw: String,
    pub key: String,
}

impl Voting {
    pub fn plan(&self) -> Vec<Planned> {
        (1..=self.votes)
            .map(|n| Planned {
                key: format!("voter-{n}"),
                label: format!("vote {n}"),
                role: Role::Worker,
                feeds: None,
            })
            .collect()
    }

    pub async fn run(&self, arm: &Arm, seed: u64) -> Outcome {
        let question = self.question_with_options();
        let prompt = self.prompt.fill(&[("question", &question)]);
        let input_tokens = estimate_tokens(&prompt.system) + estimate_tokens(&prompt.user);
        let calls = (0..self.votes).map(|voter| {
            let request = Request {
                draws: DrawKey { seed, item: 0, call: voter },
                prompt: prompt.clone(),
                task: Task::Vote { options: self.options.clone(), correct: self.correct },
                input_tokens,
                max_tokens: self.max_tokens,
            };
            arm.call(voter, request)
        });
        let results = join_all(calls).await;
        let answers: Vec<Option<&str>> =
            results.iter().map(|result| result.as_ref().ok().map(|reply| reply.answer.main_text())).collect();
        match tally(&answers, &self.options) {
            Some(tally) => Outcome::Voted(tally),
            None => nothing(results.iter()),
        }
    }

    fn question_with_options(&self) -> String {
        let mut text = self.question.to_string();
        if !self.options.is_empty() {
            text.push_str("\nAnswer with one of these:");
            for option in self.options.iter() {
                text.push_str("\n- ");
                text.push_str(option);
            }
        }
        text
    }
}

/// Counts the votes by plurality. None where nobody voted.
pub fn tally(answers: &[Option<&str>], options: &[String]) -> Option<Tally> {
    let mut buckets: Vec<Bucket> = Vec::new();
    let mut ballots = Vec::with_capacity(answers.len());
    for (voter, answer) in answers.iter().enumerate() {
        let Some(raw) = answer else {
            ballots.push(None);
            continue;
        };
        let (key, shown) = match matched_option(raw, options) {
            Some(option) => (normalised(option), option.as_str()),
            None => (normalised(raw), raw.trim()),
        };
        match buckets.iter_mut().find(|bucket| bucket.key == key) {
            Some(bucket) => bucket.voters.push(voter as u32),
            None => buckets.push(Bucket {
                key: key.clone(),
                answer: shown.to_string(),
                voters: vec![voter as u32],
            }),
        }
        ballots.push(Some(Ballot { raw: raw.to_string(), key }));
    }
    // Buckets were made in the order of their first voter, which decides between equal ones.
    let mut ranked = Vec::with_capacity(buckets.len());
    while let Some(most) = buckets.iter().map(|bucket| bucket.voters.len()).max() {
        ranked.extend(buckets.extract_if(.., |bucket| bucket.voters.len() == most));
    }
    let buckets = ranked;
    let most = buckets.first()?.voters.len();
    let n_tied = buckets.iter().filter(|bucket| bucket.voters.len() == most).count();
    let verdict = if n_tied == 1 { Verdict::Winner } else { Verdict::Tie { n_tied } };
    Some(Tally { buckets, verdict, ballots })
}

/// The key an answer is counted under: lower case, no punctuation at its ends, single spaces. The
/// sign of a number and the signs of a name such as C++ are no punctuation.
pub fn normalised(answer: &str) -> String {
    let lower = host::lower(answer).replace('−', "-");
    let outer = |c: char| !c.is_alphanumeric();
    let from = lower.trim_start_matches(outer);
    let inner = from.trim_end_matches(outer);
    if inner.is_empty() {
        // An answer of nothing but punctuation stays what it is.
        return single_spaced(&lower);
    }
    let before = &lower[..lower.len() - from.len()];
    let behind = &from[inner.len()..];
    let negative = before.ends_with('-') && inner.starts_with(is_digit);
    let signs = behind.len() - behind.trim_start_matches(['+', '#']).len();
    format!("{}{}", if negative { "-" } else { "" }, single_spaced(&from[..inner.len() + signs]))
}

fn single_spaced(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn is_digit(c: char) -> bool {
    c.is_ascii_digit()
}

/// The option an answer means: the same text, or the only option it mentions as a whole word.
fn matched_option<'a>(answer: &str, options: &'a [String]) -> Option<&'a String> {
    let key = normalised(answer);
    if let Some(same) = options.iter().find(|option| normalised(option) == key) {
        return Some(same);
    }
    let mut mentioned = options.iter().filter(|option| mentions(&key, &normalised(option)));
    match (mentioned.next(), mentioned.next()) {
        (Some(only), None) => Some(only),
        _ => None,
    }
}

fn mentions(text: &str, word: &str) -> bool {
    let within_number = |c: char| matches!(c, '-' | '.' | ',') && word.starts_with(is_digit);
    !word.is_empty()
        && text.match_indices(word).any(|(at, _)| {
            let before = text[..at].chars().next_back();
            let mut behind = text[at + word.len()..].chars();
            let after = behind.next();
            let goes_on = after.is_some_and(within_number) && behind.next().is_some_and(is_digit);
            !before.is_some_and(|c| c.is_alphanumeric() || within_number(c))
                && !after.is_some_and(|c| c.is_alphanumeric() || matches!(c, '+' | '#'))
                && !goes_on
        })
}
