//! What happened, in sentences for people.

use std::borrow::Cow;

use super::critical_path::CriticalPath;
use super::metrics::Figure;
use super::moment::Census;
use super::recording::Recording;
use super::story::{Phase, Story};
use crate::engine::call::{CallError, Wait};
use crate::engine::patterns::map_reduce::preflight::Preflight;
use crate::engine::patterns::voting::judge::Judged;
use crate::engine::patterns::voting::rule::Rule;
use crate::engine::patterns::voting::tally::{Tally, Verdict};
use crate::engine::patterns::{NoOutcome, Planned, Role};
use crate::engine::retry::GaveUp;
use crate::engine::run::Failed;
use crate::engine::trace::{End, Failure, WaitReason, What};
use crate::format::{self, count, duration_us, ratio};

/// How a call ended.
pub fn ended(story: &Story) -> String {
    match story.end {
        None => "not done yet".to_string(),
        Some((at_us, End::Served)) => format!("done at {}", duration_us(at_us)),
        Some((at_us, End::Failed)) => format!("failed at {}", duration_us(at_us)),
        Some((_, End::Cancelled)) => "cancelled".to_string(),
        Some((_, End::Skipped)) => "not called, since nothing arrived for it".to_string(),
    }
}

/// What all calls do at an instant.
pub fn moment(at_us: u64, census: Census) -> String {
    let parts = [
        (census.in_flight, "in flight"),
        (census.waiting, "waiting"),
        (census.backing_off, "backing off"),
        (census.served, "done"),
        (census.lost, "without a result"),
    ];
    let there = parts.into_iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!("{n} {what}"));
    let there: Vec<String> = there.collect();
    match there.is_empty() {
        true => format!("{}: nothing has begun", duration_us(at_us)),
        false => format!("{}: {}", duration_us(at_us), there.join(", ")),
    }
}

/// Why a call brought nothing, and what to do where there is something to do.
pub fn failed(failed: &Failed) -> String {
    let Some(error) = &failed.error else { return gave_up(failed.gave_up).to_string() };
    let met = met(error);
    match failed.gave_up {
        GaveUp::Final | GaveUp::Cancelled => met,
        GaveUp::AttemptsUsed { attempts: 1 } => met,
        GaveUp::AttemptsUsed { attempts } => format!("{met} Given up after {attempts} attempts."),
        GaveUp::RefusalsUsed { refusals } => {
            format!("{met} Given up after {refusals} refusals. Lower Concurrency, or ask first.")
        }
        GaveUp::WaitTooLong { wait_us } => {
            format!("{met} It would be possible again in {}, which nobody waits for.", duration_us(wait_us))
        }
        GaveUp::RetryBudgetUsed => {
            format!("{met} Not tried again: too many attempts failed lately (retry budget).")
        }
        GaveUp::TooLate => format!("{met} Not tried again: its time would be over before."),
        GaveUp::QueueTimeout | GaveUp::CallTimeout | GaveUp::RunTimeout | GaveUp::OverBudget => {
            format!("{} The last attempt: {met}", gave_up(failed.gave_up))
        }
    }
}

fn gave_up(gave_up: GaveUp) -> &'static str {
    match gave_up {
        GaveUp::Cancelled => "Stopped before it was done.",
        GaveUp::QueueTimeout => "It waited too long to be sent (queue time-out).",
        GaveUp::CallTimeout => "It took too long from start to end (call time-out).",
        GaveUp::RunTimeout => "The run took too long (run time-out).",
        GaveUp::OverBudget => "What is left of the budget could not pay for it.",
        _ => "Nothing was sent.",
    }
}

/// Why a budget cannot be kept.
pub fn budget_without_price(model: &str) -> String {
    let model = match model.trim() {
        "" => "a model without a name".to_string(),
        named => format!("“{named}”"),
    };
    format!(
        "The budget cannot be kept: nobody knows the price of {model}. Add it under Settings, or clear the budget."
    )
}

/// The server did not take something optional.
pub fn left_out(field: &str) -> String {
    format!(
        "The endpoint does not take {field}. It was left out, and the call was made once more without it."
    )
}

/// What a live run was expected to cost, and what it came to.
pub fn expected_cost(expected_nano_usd: u64, cost: Figure) -> String {
    let came_to = format::figure(cost.value, cost.certainty, format::usd_from_nano);
    format!("Expected before the run: ≈ {}. It came to {came_to}.", format::usd_from_nano(expected_nano_usd))
}

/// What a failure costs under `gather`.
pub const GATHER_LEAVES_ORPHANS: &str = "With gather() the caller goes on at the first failure. Calls that \
    are under way then run on: they are sent, retried and billed, and nobody sees what they bring. “TaskGroup” or \
    “fail fast” would cancel them.";

/// What stands in place of an answer that is no longer kept.
pub const LET_GO: &str = "Used, and let go: of so many calls not every answer is kept.";

/// What one attempt met.
pub fn met(error: &CallError) -> String {
    match error {
        CallError::Refused { status, wait, message } => {
            let asked = match wait {
                Wait::Header { us } | Wait::Body { us } => format!("; it asks to wait {}", duration_us(*us)),
                Wait::Unsaid => String::new(),
            };
            format!("Refused by the provider’s limit ({status}{asked}){}.", quoted(message))
        }
        CallError::Server { status, message } => {
            format!("The server failed ({status}){}.", quoted(message))
        }
        CallError::Unreachable { message } => format!("{}.", sentence(message)),
        CallError::TimedOut { after_us } => {
            format!("No answer within {}. Whether it is billed is unknown.", duration_us(*after_us))
        }
        CallError::Unauthorized { status, message } => {
            format!("The key was not accepted ({status}){}. Check it under Settings.", quoted(message))
        }
        CallError::OutOfQuota { status, message } => {
            format!("The account has no quota left ({status}){}. Waiting does not help.", quoted(message))
        }
        CallError::Rejected { status: 0, message } => format!("{}.", sentence(message)),
        CallError::Rejected { status, message } => {
            let next = match status {
                404 => " Check the model and the Base URL under Settings.",
                413 => " Split the documents, or shorten the prompt.",
                _ => "",
            };
            format!("The server rejected the request ({status}){}.{next}", quoted(message))
        }
        CallError::Malformed { message } => format!("The reply could not be read: {message}."),
        CallError::Stalled { after_us, partial } => format!(
            "Nothing more came for {} after {} characters.",
            duration_us(*after_us),
            partial.chars().count()
        ),
        CallError::Truncated { partial } => {
            format!("The reply broke off after {} characters.", partial.chars().count())
        }
    }
}

fn quoted(message: &str) -> String {
    let message = message.trim();
    if message.is_empty() { String::new() } else { format!(": “{message}”") }
}

fn sentence(text: &str) -> String {
    let text = text.trim().trim_end_matches('.');
    let mut chars = text.chars();
    chars
        .next()
        .map(|first| std::iter::once(first.to_ascii_uppercase()).chain(chars).collect())
        .unwrap_or_default()
}

/// Why an arm has no outcome.
pub fn no_outcome(none: &NoOutcome, plan: &[Planned]) -> String {
    match none {
        NoOutcome::Failures(failures) => {
            let named = failures.iter().map(|(call, why)| {
                let label = plan.get(*call as usize).map_or("", |planned| planned.label.as_str());
                format!(" {label}: {}", failed(why))
            });
            let n = failures.len();
            format!("No outcome: {n} {} failed.{}", plural(n, "call", "calls"), named.collect::<String>())
        }
        NoOutcome::NothingArrived => {
            "No outcome: not one call brought a result, so the aggregator was not called.".to_string()
        }
        NoOutcome::AggregatorFailed(why) => format!("No outcome: the aggregator failed. {}", failed(why)),
        NoOutcome::Stopped => "No outcome: stopped before the aggregator was done.".to_string(),
    }
}

/// Whether a count found the answer that is right.
pub fn graded(tally: &Tally, right: &str) -> String {
    let found = tally.buckets.first().filter(|_| tally.verdict == Verdict::Winner);
    match found {
        Some(first) if first.answer == right.trim() => "In this simulation that is right.".to_string(),
        Some(_) => format!("In this simulation that is wrong: {} is right.", isolated(right.trim())),
        None => format!("In this simulation {} is right.", isolated(right.trim())),
    }
}

/// An answer in a sentence. One that is written from right to left stands between the marks of an
/// isolate (UAX #9), so that the words and numbers around it keep their order.
fn isolated(answer: &str) -> Cow<'_, str> {
    let from_right_to_left =
        |c| matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}');
    if answer.contains(from_right_to_left) {
        Cow::Owned(format!("\u{2068}{answer}\u{2069}"))
    } else {
        Cow::Borrowed(answer)
    }
}

/// The result of a count.
pub fn verdict(tally: &Tally) -> String {
    let Some(first) = tally.buckets.first() else {
        return "No winner: nobody gave an answer".to_string();
    };
    let n_votes: usize = tally.buckets.iter().map(|bucket| bucket.voters.len()).sum();
    let most = first.voters.len();
    let of = format!("{most} of {n_votes} {}", plural(n_votes, "vote", "votes"));
    let names = |n_first: usize| {
        let buckets = tally.buckets.iter().take(n_first);
        buckets.map(|bucket| isolated(&bucket.answer)).collect::<Vec<_>>().join(" and ")
    };
    match tally.verdict {
        Verdict::Winner if tally.rule.is_weighted() => {
            format!("{}: the most weight, with {of}", isolated(&first.answer))
        }
        Verdict::Winner => format!("{}: {of}", isolated(&first.answer)),
        Verdict::Tie { n_tied } if tally.rule.is_weighted() => {
            format!("A tie, no winner: {} with equal weight", names(n_tied))
        }
        Verdict::Tie { n_tied } => format!("A tie, no winner: {} with {of} each", names(n_tied)),
        Verdict::Short if tally.rule.is_weighted() => {
            "No winner: by the voters’ own confidence, no answer is more likely right than wrong".to_string()
        }
        Verdict::Short => {
            let short = if tally.rule == Rule::Unanimity { "Not unanimous" } else { "No majority" };
            let n_leading = tally.buckets.iter().filter(|bucket| bucket.voters.len() == most).count();
            let (lead, each) = if n_leading == 1 { ("leads", "") } else { ("lead", " each") };
            format!("{short}, no winner: {} {lead} with {of}{each}", names(n_leading))
        }
    }
}

/// What the longest chain of calls means.
pub fn path(path: CriticalPath) -> String {
    let CriticalPath { path_us, work_us, n_waves } = path;
    let faster = ratio(work_us, path_us).unwrap_or_default();
    format!(
        "{n_waves} {}. Critical path {} of {} of work: at best {faster} as fast as one by one, however many \
         run at once.",
        plural(n_waves as usize, "wave", "waves"),
        duration_us(path_us),
        duration_us(work_us)
    )
}

/// What a look ahead says of the reduce calls.
pub fn preflight(preflight: &Preflight) -> String {
    let Preflight { map_tokens, fan_in, levels } = *preflight;
    match fan_in {
        Some(fan_in) => format!(
            "All summaries together are up to {} tokens. One reduce call holds {fan_in} of them: {levels} {}.",
            count(map_tokens),
            plural(levels as usize, "level", "levels")
        ),
        None => "One reduce call cannot hold two summaries.".to_string(),
    }
}

/// When the caller went on without calls that were not over, and what became of those.
pub fn left(recording: &Recording) -> Option<String> {
    let left_us = recording.events.iter().find_map(|event| match event.what {
        What::Left { .. } => Some(event.at_us),
        _ => None,
    })?;
    let after = recording.events.iter().filter(|event| event.at_us >= left_us);
    let (mut n_unseen, mut n_cancelled, mut last_us) = (0, 0, left_us);
    for event in after {
        match event.what {
            What::Served { .. } | What::Ended { end: End::Failed, .. } if event.at_us > left_us => {
                n_unseen += 1
            }
            What::Ended { end: End::Cancelled, .. } => n_cancelled += 1,
            _ => continue,
        }
        last_us = event.at_us;
    }
    let went_on = format!("The caller went on at {}.", duration_us(left_us));
    Some(match (n_unseen, n_cancelled) {
        (0, 0) => went_on,
        (0, n) => format!("{went_on} {n} {} cancelled.", plural(n, "call was", "calls were")),
        (n, _) => format!(
            "{went_on} {n} {} on unseen, the last until {}, and {} billed all the same.",
            plural(n, "call ran", "calls ran"),
            duration_us(last_us),
            plural(n, "is", "are")
        ),
    })
}

/// How a vote is counted.
pub fn rule(rule: Rule) -> &'static str {
    match rule {
        Rule::Plurality => "Most votes win; equal numbers are a tie.",
        Rule::Majority => "More than half of the votes win.",
        Rule::Unanimity => "Only an answer that all give wins.",
        Rule::LogOdds => "Votes weigh by the log-odds of their confidence.",
        Rule::Softmax => "Votes weigh by the exponential of their confidence.",
    }
}

/// What a judge made of a vote.
pub fn judged(judged: &Judged, tally: &Tally) -> String {
    match judged {
        Judged::Chose(bucket) => {
            let answer = tally.buckets.get(*bucket).map_or("", |bucket| &bucket.answer);
            format!("{answer}: chosen by the judge, whichever answer it read first")
        }
        Judged::ChangedWithOrder => {
            "No winner: the judge chose another answer when it read them in another order".to_string()
        }
        Judged::Unclear => "No winner: the judge named none of the answers".to_string(),
        Judged::Failed(why) => format!("No winner: the judge failed. {}", failed(why)),
    }
}

pub fn plural<'a>(n: usize, one: &'a str, many: &'a str) -> &'a str {
    if n == 1 { one } else { many }
}

/// What an arm consists of.
pub fn makeup(plan: &[Planned]) -> String {
    let workers = plan.iter().filter(|planned| planned.role == Role::Worker).count();
    let aggregators = plan.len() - workers;
    let noun = match plan.first().map(|planned| planned.key.as_str()) {
        Some(key) if key.starts_with("section-") => plural(workers, "section", "sections"),
        Some(key) if key.starts_with("voter-") => plural(workers, "vote", "votes"),
        _ => plural(workers, "document", "documents"),
    };
    let many = count(workers as u64);
    match aggregators {
        0 if noun.starts_with("vote") => format!("{many} {noun}, then a count"),
        0 => format!("{many} {noun}"),
        _ if noun.starts_with("vote") => format!("{many} {noun}, then a judge"),
        1 if noun.starts_with("section") => format!("{many} {noun}, then a synthesis"),
        1 => format!("{many} {noun}, then one reduce"),
        n => format!("{many} {noun}, then {} reduces", count(n as u64)),
    }
}

/// The name of a phase, for legends and titles.
pub fn phase(phase: Phase) -> &'static str {
    match phase {
        Phase::Waiting(WaitReason::Concurrency) => "queued, no free slot",
        Phase::Waiting(WaitReason::OtherArm) => "waiting for another arm",
        Phase::Waiting(WaitReason::Paused) => "paused by a refusal",
        Phase::Waiting(WaitReason::RequestRate) => "waiting for the request rate",
        Phase::Waiting(WaitReason::TokenRate) => "waiting for the token rate",
        Phase::Waiting(WaitReason::Budget) => "waiting for the budget",
        Phase::FirstToken => "waiting for the first token",
        Phase::Generating => "generating",
        Phase::Failed(Failure::Refused) => "refused",
        Phase::Failed(_) => "failed attempt",
        Phase::BackingOff => "backing off",
        Phase::Cancelled => "cancelled",
        Phase::CleaningUp => "cleaning up",
    }
}
