//! A vote that stops once it is decided loses nothing: every vote there can be, and every way on from there.

use fanout::engine::patterns::voting::reading::Reading;
use fanout::engine::patterns::voting::rule::Rule;
use fanout::engine::patterns::voting::stop::{Decision, StopRule, decide};
use fanout::engine::patterns::voting::tally::{Ballot, Verdict, Vote, tally};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::voters::{read, vote};

/// What came of a vote; none where nobody voted.
pub type Result = Option<(Verdict, Option<String>)>;

pub fn result(votes: &[Option<Vote>], rule: Rule) -> Result {
    let tally = tally(votes, &Reading::default().of(&[]), rule)?;
    let wins = tally.verdict == Verdict::Winner;
    Some((tally.verdict, tally.buckets.into_iter().next().filter(|_| wins).map(|bucket| bucket.key)))
}

/// Every vote there can be, up to the names of the answers.
struct EveryVote {
    rule: Rule,
    /// What a voter can say; those who say the same answer with other confidences stand together.
    sayings: Vec<Vec<Option<Vote<'static>>>>,
    n_voters: usize,
    votes: Vec<Option<Vote<'static>>>,
    ballots: Vec<Option<Ballot>>,
    n_stopped_early: u32,
}

impl EveryVote {
    /// Checks all votes that go on from here, and gives back what can come of them. A new answer is
    /// tried under one name only.
    fn go_on(&mut self, n_answers: usize) -> Vec<Result> {
        let n_to_come = self.n_voters - self.votes.len();
        if n_to_come == 0 {
            return vec![result(&self.votes, self.rule)];
        }
        let mut possible: Vec<Result> = Vec::new();
        for i in 0..self.sayings.len().min(n_answers + 2) {
            for vote in self.sayings[i].clone() {
                self.votes.push(vote);
                self.ballots.push(vote.map(read));
                for result in self.go_on(n_answers.max(i)) {
                    if !possible.contains(&result) {
                        possible.push(result);
                    }
                }
                self.votes.pop();
                self.ballots.pop();
            }
        }
        let stops = decide(StopRule::Decided, self.rule, &self.ballots, n_to_come as u32) != Decision::GoOn;
        if stops {
            let now = [result(&self.votes, self.rule)];
            assert_eq!(possible, now, "{:?} loses something after {:?}", self.rule, self.votes);
            self.n_stopped_early += 1;
        } else if !self.rule.is_weighted() {
            assert!(possible.len() > 1, "{:?} waits for nothing after {:?}", self.rule, self.votes);
        }
        possible
    }
}

/// Stopping by `Decided` gives what the full vote gives, whatever is said; and where no weights
/// are, it does so at the first vote after which that is so.
fn check_every_vote(rule: Rule, n_voters: usize, confidences: &[&str]) {
    let say = |answer: &str| {
        let each = confidences.iter().map(|share| vote(String::leak(format!("{answer}{share}"))));
        each.collect::<Vec<_>>()
    };
    let mut n_stopped_early = 0;
    for n_voters in 1..=n_voters {
        let sayings = vec![vec![vote("?"), vote("-")], say("a"), say("b"), say("c")];
        let (votes, ballots) = (Vec::new(), Vec::new());
        let mut every = EveryVote { rule, sayings, n_voters, votes, ballots, n_stopped_early: 0 };
        every.go_on(0);
        n_stopped_early += every.n_stopped_early;
    }
    assert!(n_stopped_early > 0, "{rule:?} never stops early");
}

#[test]
fn stopping_a_decided_plurality_loses_nothing() {
    check_every_vote(Rule::Plurality, 7, &[""]);
}

#[test]
fn stopping_a_decided_majority_loses_nothing() {
    check_every_vote(Rule::Majority, 7, &[""]);
}

#[test]
fn stopping_a_decided_unanimity_loses_nothing() {
    check_every_vote(Rule::Unanimity, 7, &[""]);
}

#[test]
fn stopping_a_decided_vote_by_log_odds_loses_nothing() {
    check_every_vote(Rule::LogOdds, 7, &[".8"]);
}

/// Guards against a bound that forgets how much a vote can take away.
#[test]
fn stopping_a_decided_vote_by_log_odds_reckons_with_every_weight() {
    check_every_vote(Rule::LogOdds, 4, &["", "0", ".8", "1"]);
}

#[test]
fn stopping_a_decided_vote_by_softmax_loses_nothing() {
    check_every_vote(Rule::Softmax, 7, &["1"]);
}

#[test]
fn stopping_a_decided_vote_by_softmax_reckons_with_every_weight() {
    check_every_vote(Rule::Softmax, 4, &["", ".5", "1"]);
}
