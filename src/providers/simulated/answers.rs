//! What a simulated model says: votes drawn from the options, texts extracted from what it was given.

use super::beta;
use super::extract::{Weighed, sentences, weightiest};
use crate::engine::call::{Answer, Part, Request, Task};
use crate::engine::draw::{DrawKey, Purpose};

/// How voters err. Their errors are not independent: a hard question is hard for all of them, and
/// many who are wrong are wrong in the same way: of two models that both err, about 60 % of the times both give
/// the same wrong answer (Kim et al., ICML 2025, arXiv:2506.07962).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Opinion {
    /// The mean chance that a voter is right, over questions.
    pub accuracy: f64,
    /// The chance that a wrong voter gives the popular wrong answer.
    pub shared_error: f64,
}

/// How strongly the difficulty of a question ties its voters together (intra-question correlation).
pub const CORRELATION: f64 = 0.3;

/// Sentences a summary keeps of its document, at most.
const SUMMARY_SENTENCES: usize = 2;

pub fn answer(request: &Request, attempt: u32, opinion: Opinion) -> Answer {
    let draws = request.draws;
    let shake = |i: usize| 0.8 + 0.4 * draws.nth_uniform(attempt, Purpose::Summary, i as u64);
    match &request.task {
        Task::Section { name, brief } => section(name, brief, shake),
        Task::Synthesis { parts, .. } => synthesis(parts, shake),
        Task::Vote { options, correct } => vote(draws, attempt, options, *correct, opinion),
        Task::Summary { document } => {
            let weighed = Weighed::of(document, shake);
            let n = weighed.n_sentences().div_ceil(2).min(SUMMARY_SENTENCES);
            Answer::Summary { summary: weighed.heaviest(n).join(" ") }
        }
        Task::Reduce { parts } => {
            let kept = parts.iter().flat_map(|part| weightiest(body(part), 1, shake));
            Answer::Summary { summary: kept.collect::<Vec<_>>().join(" ") }
        }
    }
}

/// The reply as one text.
pub fn in_full(answer: &Answer) -> String {
    match answer {
        Answer::Points { content, key_points } => {
            let points = key_points.iter().map(|point| format!("\n- {point}"));
            format!("{content}{}", points.collect::<String>())
        }
        Answer::Vote { answer, reasoning, .. } => format!("{answer}\n{reasoning}"),
        Answer::Summary { summary } => summary.clone(),
        Answer::Text(text) => text.clone(),
    }
}

fn section(name: &str, brief: &str, shake: impl FnMut(usize) -> f64) -> Answer {
    if brief.is_empty() {
        let content =
            format!("{name}: nothing is said about this section, so a simulation has nothing to write from.");
        return Answer::Points { content, key_points: Vec::new() };
    }
    let key_points = weightiest(brief, 2, shake).into_iter().map(str::to_string).collect();
    Answer::Points { content: sentences(brief).join(" "), key_points }
}

fn synthesis(parts: &[Part], shake: impl Fn(usize) -> f64 + Copy) -> Answer {
    let (mut content, mut key_points) = (Vec::new(), Vec::new());
    for part in parts {
        let weighed = Weighed::of(body(part), shake);
        content.push(format!("{}: {}", part.name, weighed.heaviest(2).join(" ")));
        key_points.extend(weighed.heaviest(1).into_iter().map(str::to_string));
    }
    Answer::Points { content: content.join("\n\n"), key_points }
}

/// A part without the list of key points behind it, which repeats its sentences.
fn body(part: &Part) -> &str {
    part.text.split("\nKey points:").next().unwrap_or(&part.text)
}

fn vote(
    draws: DrawKey,
    attempt: u32,
    options: &[String],
    correct: Option<usize>,
    opinion: Opinion,
) -> Answer {
    // Without options there is nothing to draw from but the commonest of answers.
    let common = ["yes".to_string(), "no".to_string()];
    let options = if options.is_empty() { &common[..] } else { options };
    let n = options.len();
    let correct = correct.filter(|index| *index < n).unwrap_or(0);
    let chance = chance_of_right(draws, opinion.accuracy);
    let nth = |i| draws.nth_uniform(attempt, Purpose::Answer, i);
    let popular_wrong = (correct + 1) % n;
    let chosen = if nth(0) < chance || n == 1 {
        correct
    } else if n == 2 || nth(1) < opinion.shared_error {
        popular_wrong
    } else {
        (correct + 2 + (nth(2) * (n - 2) as f64) as usize) % n
    };
    let answer = options.get(chosen).cloned().unwrap_or_default();
    let spread = draws.uniform(attempt, Purpose::Confidence);
    let confidence = ((0.5 + 0.45 * spread) * 100.0).round() / 100.0;
    let reasoning = format!("A simulated voter chose “{answer}” among {n} answers.");
    Answer::Vote { answer, confidence: Some(confidence), reasoning }
}

/// How likely any voter is right on this question: beta-distributed over questions, and the same
/// for every voter of one.
fn chance_of_right(draws: DrawKey, accuracy: f64) -> f64 {
    let accuracy = accuracy.clamp(0.0, 1.0);
    if accuracy == 0.0 || accuracy == 1.0 {
        return accuracy;
    }
    let strength = (1.0 - CORRELATION) / CORRELATION;
    let question = DrawKey { call: 0, ..draws };
    beta::quantile(question.uniform(0, Purpose::Difficulty), accuracy * strength, (1.0 - accuracy) * strength)
}
