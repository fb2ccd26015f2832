//! Voting: a question, voters, answers that differ.

use super::super::dial::{Dial, Dials};
use super::super::draft::VotingDraft;
use super::{beyond_quorum, lacks_variable, repeated};
use crate::engine::batch::Manner;
use crate::engine::patterns::voting::Voting;

/// The most voters one question may have.
pub const MOST_VOTES: u32 = 101;

impl VotingDraft {
    pub(super) fn check(&self, manner: Manner, dials: &Dials) -> Result<Voting, Vec<String>> {
        let mut wrong = Vec::new();
        if self.question.trim().is_empty() {
            wrong.push("There is no question to vote on. Write one under “Edit”.".to_string());
        }
        if self.votes == 0 {
            wrong.push("There are 0 voters. Set Votes to 1 or more.".to_string());
        }
        if self.votes > MOST_VOTES {
            wrong.push(format!("{} voters are more than {MOST_VOTES}. Set Votes lower.", self.votes));
        }
        let options: Vec<String> = self
            .options
            .iter()
            .map(|option| option.trim().to_string())
            .filter(|option| !option.is_empty())
            .collect();
        wrong.extend(
            repeated(options.iter().map(String::as_str))
                .into_iter()
                .map(|option| format!("The answer “{option}” is there twice. Remove one.")),
        );
        wrong.extend(lacks_variable("voting prompt", &self.prompt, "question"));
        if dials.is_on(Dial::Judge) {
            wrong.extend(lacks_variable("judge prompt", &self.judge_prompt, "candidates"));
        }
        wrong.extend(beyond_quorum(manner, self.votes, "voters"));
        if !wrong.is_empty() {
            return Err(wrong);
        }
        Ok(Voting {
            question: self.question.trim().into(),
            correct: self
                .correct
                .and_then(|index| self.options.get(index as usize))
                .and_then(|right| options.iter().position(|option| option == right.trim())),
            options: options.into(),
            votes: self.votes,
            reading: dials.reading(),
            rule: dials.rule(),
            stop: dials.stop(),
            judge_prompt: dials.is_on(Dial::Judge).then(|| self.judge_prompt.clone()),
            manner,
            prompt: self.prompt.clone(),
            max_tokens: self.max_tokens.max(1),
        })
    }
}
