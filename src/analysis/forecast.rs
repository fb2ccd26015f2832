//! What a live run will ask for and cost, before it begins: a rehearsal without limits or faults,
//! and bounds that hold whatever the model writes.

use super::recording::{Recording, Text};
use super::rehearsal::{rehearse_in_full, rehearse_single};
use crate::engine::call::Usage;
use crate::engine::patterns::Pattern;
use crate::engine::patterns::voting::stop::StopRule;
use crate::engine::price::Price;
use crate::format;
use crate::scenario::{ArmKind, Scenario};

/// What is expected of some calls. A sum of several is the forecast of all of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Forecast {
    /// As many calls as there can be; a stop rule may do with fewer.
    pub most_calls: u32,
    pub may_stop_early: bool,
    /// Estimated, ±: what the rehearsal came to.
    pub input_tokens: u64,
    pub output_tokens: u64,
    pub cost: Option<Cost>,
}

/// In billionths of a US dollar.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cost {
    /// Every answer is one token long, and votes stop at the first.
    pub least_nano_usd: u64,
    pub likely_nano_usd: u64,
    /// Every answer is as long as it may be. Attempts that time out may be billed beside it.
    pub most_nano_usd: u64,
}

/// What these arms will ask for.
pub fn forecast(scenario: &Scenario, kinds: &[ArmKind], price: Option<Price>) -> Forecast {
    let mut sum = Forecast { cost: price.map(|_| Cost::default()), ..Forecast::default() };
    for kind in kinds {
        let Some(pattern) = scenario.arm(*kind) else { continue };
        let stops = matches!(&**pattern, Pattern::Voting(voting) if voting.stop != StopRule::None);
        sum.may_stop_early |= stops;
        let whole = rehearse_in_full(scenario, *kind);
        let single = if scenario.single { rehearse_single(scenario, *kind, None) } else { None };
        for recording in whole.iter().chain(&single) {
            sum.add(recording, stops, price);
        }
    }
    sum
}

impl Forecast {
    /// What is expected, in sentences. `endpoint` is where the calls go.
    pub fn told(&self, endpoint: &str, model: &str) -> Vec<String> {
        let up_to = if self.may_stop_early { "up to " } else { "" };
        let calls = if self.most_calls == 1 { "call" } else { "calls" };
        let (input, output) = (format::count(self.input_tokens), format::count(self.output_tokens));
        let cost = match &self.cost {
            Some(Cost { most_nano_usd: 0, .. }) => "It costs nothing.".to_string(),
            Some(cost) => {
                let [least, likely, most] = [cost.least_nano_usd, cost.likely_nano_usd, cost.most_nano_usd]
                    .map(format::usd_from_nano);
                format!(
                    "Cost: at least {least}, likely ≈ {likely}, at most {most}. Attempts that time out may be \
                     billed beside it."
                )
            }
            None => {
                format!("Nobody knows the price of “{model}”: add it under Settings to see what this costs.")
            }
        };
        vec![
            format!("{up_to}{} {calls} to {endpoint}, {model}.", self.most_calls),
            format!("≈ {input} tokens in, ≈ {output} tokens out."),
            cost,
        ]
    }

    /// Whether it may cost more than this. What nobody can tell may.
    pub fn may_exceed(&self, nano_usd: u64) -> bool {
        self.cost.is_none_or(|cost| cost.most_nano_usd > nano_usd)
    }

    fn add(&mut self, recording: &Recording, stops: bool, price: Option<Price>) {
        let calls = calls(recording);
        // What goes into an aggregator is at most as long as those before it may write.
        let mut longer = vec![0u32; calls.len()];
        for (planned, call) in recording.plan.iter().zip(&calls) {
            let more = call.max_tokens.saturating_sub(call.output_tokens);
            if let Some(sum) = planned.feeds.and_then(|into| longer.get_mut(into as usize)) {
                *sum = sum.saturating_add(more);
            }
        }
        for (i, (call, longer)) in calls.iter().zip(longer).enumerate() {
            let Call { input_tokens, output_tokens, max_tokens } = *call;
            self.most_calls += 1;
            self.input_tokens += u64::from(input_tokens);
            self.output_tokens += u64::from(output_tokens);
            let (Some(price), Some(cost)) = (price, &mut self.cost) else { continue };
            let costs = |output_tokens| {
                price.cost_nano_usd(Usage { input_tokens, output_tokens, ..Usage::default() })
            };
            if !stops || i == 0 {
                cost.least_nano_usd += costs(1);
            }
            cost.likely_nano_usd += costs(output_tokens);
            cost.most_nano_usd += price.most_nano_usd(input_tokens.saturating_add(longer), max_tokens);
        }
    }
}

/// A call of the rehearsal.
#[derive(Clone, Copy, Default)]
struct Call {
    input_tokens: u32,
    output_tokens: u32,
    max_tokens: u32,
}

/// The sentence that asks for a shape comes on top of every prompt.
const INSTRUCTION_TOKENS: u32 = 50;

fn calls(recording: &Recording) -> Vec<Call> {
    let call = |text: &Text| {
        let request = text.request.as_ref()?;
        let written = match &text.result {
            Some(Ok(reply)) => reply.usage.output_tokens,
            _ => request.max_tokens / 2,
        };
        Some(Call {
            input_tokens: request.input_tokens.saturating_add(INSTRUCTION_TOKENS),
            output_tokens: written,
            max_tokens: request.max_tokens,
        })
    };
    let calls: Vec<Option<Call>> = recording.texts.iter().map(call).collect();
    // A call that the rehearsal did not come to, such as a judge's, is taken for one of the longest.
    let longest = calls.iter().flatten().copied().reduce(|a, b| Call {
        input_tokens: a.input_tokens.max(b.input_tokens),
        output_tokens: a.output_tokens.max(b.output_tokens),
        max_tokens: a.max_tokens.max(b.max_tokens),
    });
    calls.into_iter().map(|call| call.or(longest).unwrap_or_default()).collect()
}
