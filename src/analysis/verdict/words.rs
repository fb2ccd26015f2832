//! The findings in sentences for people.

use super::sample::Loss;
use super::{ArmVerdict, Finding, Gain, Kind, Overhead, Rule};
use crate::analysis::words::plural;
use crate::format::{count, duration_us, percent, ratio, usd_from_nano};

/// The verdict in a word or two.
pub fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Use => "Use it",
        Kind::Change => "Change it",
        Kind::Dont => "Don’t",
    }
}

/// What a verdict rests on.
pub fn basis(verdict: &ArmVerdict) -> String {
    match verdict.n_seeds {
        1 => "Of one run.".to_string(),
        n => format!("Medians of {n} runs."),
    }
}

/// A finding that stands alone: about which arm, what to do, and why.
pub fn lead(finding: &Finding) -> String {
    let Finding { arm, rule, .. } = finding;
    format!("{}: {}. {}", arm.title(), kind(rule.kind()), self::finding(finding))
}

/// What was found, with the numbers that decided.
pub fn finding(finding: &Finding) -> String {
    match finding.rule {
        Rule::Dependent { path_us, work_us } => format!(
            "Each call waits for another: {} of {} of work are one chain, and no concurrency gets below it.",
            duration_us(path_us),
            duration_us(work_us)
        ),
        Rule::Throttled { floor_us, one_by_one_us } => format!(
            "The provider sets the pace: its limit alone takes {}, one by one takes {}.",
            duration_us(floor_us),
            duration_us(one_by_one_us)
        ),
        Rule::PastTheKnee { at_once, enough, us, enough_us, refusals, enough_refusals } => format!(
            "{} at once {} no faster than {}: {} against {}, but {} {} refused a run instead of {}.",
            capital(number(at_once)),
            plural(at_once as usize, "is", "are"),
            number(enough),
            duration_us(us),
            duration_us(enough_us),
            count(refusals),
            plural(refusals as usize, "call is", "calls are"),
            count(enough_refusals)
        ),
        Rule::Refused { us, asking_us, refusals } => format!(
            "{} {} refused a run for nothing: {} now, {} if the client asks its own limiter first.",
            count(refusals),
            plural(refusals as usize, "call is", "calls are"),
            duration_us(us),
            duration_us(asking_us)
        ),
        Rule::TooFewAtOnce { at_once, better, us, better_us } => format!(
            "{} at a time takes {}; {} at once would take {}.",
            capital(number(at_once)),
            duration_us(us),
            number(better),
            duration_us(better_us)
        ),
        Rule::Overhead { gain, cause } => overhead(gain, cause),
        Rule::StrictOrder { held, of } => {
            format!("In input order {held} of {of} results wait at once for an earlier one.")
        }
        Rule::Straggler { slowest_us, middle_us, is_always_the_same } => format!(
            "Everything waits for one call: the slowest takes {}, the middle one {}.{}",
            duration_us(slowest_us),
            duration_us(middle_us),
            if is_always_the_same { " It is the same one in most runs: split it." } else { "" }
        ),
        Rule::Losing { runs, without_outcome, of, loss } => losing(runs, without_outcome, of, loss),
        Rule::PayingForNothing { votes, enough, right_bp, enough_right_bp } => format!(
            "{} votes are right in {} of questions, {} in {}.",
            capital(number(votes)),
            percent(right_bp.into()),
            number(enough),
            percent(enough_right_bp.into())
        ),
        Rule::UseIt { gain, cost_nano_usd } => use_it(gain, cost_nano_usd),
    }
}

fn overhead(gain: Gain, cause: Overhead) -> String {
    let saved = duration_us(gain.saved_us);
    match cause {
        Overhead::OnlyOne => "There is one call, and nothing to run beside it.".to_string(),
        Overhead::Merging { us, work_us, pays_from } => {
            let pays = pays_from
                .map_or(String::new(), |n| format!(" It pays from about {} sections on.", number(n)));
            format!(
                "The sections alone take {} one by one; at once and merged they take {}.{pays}",
                duration_us(work_us),
                duration_us(us)
            )
        }
        Overhead::Small => {
            format!(
                "Running at once saves {saved}, {} as fast as one by one: too little.",
                times(gain.permille)
            )
        }
    }
}

fn losing(runs: u32, without_outcome: u32, of: u32, loss: Loss) -> String {
    let what = match without_outcome {
        0 => format!("{runs} of {of} runs lose a result"),
        n if n == runs => format!("{runs} of {of} runs bring no outcome"),
        n => format!("{runs} of {of} runs lose a result, and {n} of them bring no outcome"),
    };
    let why = match loss {
        Loss::Refused => ": a call is refused more often than it bears",
        Loss::Failed => ": every attempt of a call fails",
        Loss::RetryBudget => ": too many attempts fail to try again (retry budget)",
        Loss::Other => "",
    };
    format!("{what}{why}.")
}

fn use_it(gain: Gain, cost_nano_usd: Option<u64>) -> String {
    let cost = cost_nano_usd.map_or(String::new(), |nano| format!(" {},", usd_from_nano(nano)));
    let Gain { low_permille, permille, high_permille, .. } = gain;
    let depends = if low_permille < 1200 { "; in some runs it gains little" } else { "" };
    format!(
        "{} as fast as one by one ({} to {} in nine runs of ten),{cost} no call lost{depends}.",
        times(permille),
        times(low_permille),
        times(high_permille)
    )
}

fn times(permille: u64) -> String {
    ratio(permille, 1000).unwrap_or_default()
}

fn number(n: u32) -> String {
    const WORDS: [&str; 12] =
        ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];
    WORDS.get((n as usize).wrapping_sub(1)).map_or_else(|| n.to_string(), |word| word.to_string())
}

fn capital(mut word: String) -> String {
    if let Some(first) = word.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    word
}
