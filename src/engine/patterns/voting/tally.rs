//! The count: which answers are the same, who gave them, who won.

use super::reading::Reader;
use super::rule::{Rule, TOLERANCE, stated};
use crate::engine::call::Answer;

/// A vote as it arrived.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Vote<'a> {
    pub raw: &'a str,
    /// How sure the voter says it is, from 0 to 1; anything else is as good as nothing.
    pub confidence: Option<f64>,
}

/// A vote as it was read.
#[derive(Clone, Debug, PartialEq)]
pub struct Ballot {
    pub raw: String,
    /// What it counts for; none for an abstention.
    pub key: Option<String>,
    pub confidence: Option<f64>,
}

/// The count. Buckets stand in the order of their scores, equal ones in the order of their first voter.
#[derive(Clone, Debug, PartialEq)]
pub struct Tally {
    pub rule: Rule,
    pub buckets: Vec<Bucket>,
    pub verdict: Verdict,
    /// What each voter said and how it was read; none for a voter whose call failed.
    pub ballots: Vec<Option<Ballot>>,
    /// Voters who answered without an answer, by index, ascending. They are in no bucket.
    pub abstained: Vec<u32>,
    /// Votes without a confidence where the rule weighs by it, abstentions aside.
    pub unweighted: u32,
}

/// Votes for the same answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Bucket {
    /// What all its votes were read as.
    pub key: String,
    /// The answer in the words of its first voter, or the option it means.
    pub answer: String,
    /// Voters by index, ascending.
    pub voters: Vec<u32>,
    /// The sum of its votes' weights; their number, where the rule weighs none.
    pub score: f64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The first bucket meets the rule, and no other does as well.
    Winner,
    /// The first `n_tied` buckets do equally well: there is no winner.
    Tie { n_tied: usize },
    /// No bucket meets the rule, or there is none: there is no winner.
    Short,
}

impl<'a> Vote<'a> {
    pub fn of(answer: &'a Answer) -> Self {
        let confidence = match answer {
            Answer::Vote { confidence, .. } => *confidence,
            _ => None,
        };
        Vote { raw: answer.main_text(), confidence }
    }
}

impl Ballot {
    pub fn read(vote: Vote, reader: &Reader) -> Self {
        Ballot { raw: vote.raw.to_string(), key: reader.key(vote.raw), confidence: stated(vote.confidence) }
    }
}

/// Counts the votes, which stand in the order of the voters; none for a voter whose call failed.
/// None where nobody voted.
pub fn tally(votes: &[Option<Vote>], reader: &Reader, rule: Rule) -> Option<Tally> {
    votes.iter().flatten().next()?;
    let mut buckets: Vec<Bucket> = Vec::new();
    let mut ballots = Vec::with_capacity(votes.len());
    let mut abstained = Vec::new();
    let mut unweighted = 0;
    for (voter, vote) in (0..).zip(votes) {
        let Some(vote) = *vote else {
            ballots.push(None);
            continue;
        };
        let ballot = Ballot::read(vote, reader);
        if let Some(key) = &ballot.key {
            let weight = rule.weight(ballot.confidence);
            unweighted += u32::from(rule.is_weighted() && ballot.confidence.is_none());
            match buckets.iter_mut().find(|bucket| bucket.key == *key) {
                Some(bucket) => {
                    bucket.voters.push(voter);
                    bucket.score += weight;
                }
                None => buckets.push(Bucket {
                    key: key.clone(),
                    answer: reader.shown(vote.raw).to_string(),
                    voters: vec![voter],
                    score: weight,
                }),
            }
        } else {
            abstained.push(voter);
        }
        ballots.push(Some(ballot));
    }
    let buckets = ranked(buckets);
    let verdict = rule.verdict(&buckets);
    Some(Tally { rule, buckets, verdict, ballots, abstained, unweighted })
}

/// Buckets were made in the order of their first voter, which decides between equal ones.
fn ranked(mut buckets: Vec<Bucket>) -> Vec<Bucket> {
    let mut ranked = Vec::with_capacity(buckets.len());
    while let Some(best) = buckets.iter().map(|bucket| bucket.score).reduce(f64::max) {
        ranked.extend(buckets.extract_if(.., |bucket| bucket.score > best - TOLERANCE));
    }
    ranked
}
