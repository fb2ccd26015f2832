//! The numbers of one arm. Unknown is not zero: each says how sure it is.

use super::held::Held;
use super::recording::Recording;
use crate::engine::call::{CallId, Certainty, Usage};
use crate::engine::patterns::Outcome;
use crate::engine::price::Price;
use crate::engine::trace::{End, Failure, What};

/// A number and how it was come by; a number that is unknown is not there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Figure {
    pub value: Option<u64>,
    pub certainty: Certainty,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Metrics {
    /// Whether it came to something: a run that did not is not fast.
    pub has_outcome: bool,
    pub makespan_us: Figure,
    /// The same calls one by one.
    pub sequential_us: Figure,
    pub peak_in_flight: Figure,
    pub refusals: Figure,
    pub retries: Figure,
    pub failed: Figure,
    pub cancelled: Figure,
    pub input_tokens: Figure,
    pub output_tokens: Figure,
    pub cost_nano_usd: Figure,
    /// The most bytes of results held at once between their arrival and their aggregation.
    pub peak_held_bytes: Figure,
}

impl Figure {
    pub fn known(value: u64) -> Self {
        Figure { value: Some(value), certainty: Certainty::Known }
    }

    pub fn estimated(value: u64) -> Self {
        Figure { value: Some(value), certainty: Certainty::Estimated }
    }

    pub const UNKNOWN: Figure = Figure { value: None, certainty: Certainty::Unknown };
}

/// Sums up a recording. `sequential_us` comes from a run of its own; without one it is estimated
/// from the attempts that were served.
pub fn metrics(recording: &Recording, sequential_us: Option<u64>, price: Option<Price>) -> Metrics {
    let mut sum = Sum { price, ..Sum::default() };
    let n_calls = recording.plan.len();
    sum.sent_us = vec![0; n_calls];
    sum.held = Held::of(n_calls);
    for event in &recording.events {
        sum.add(event.at_us, event.what);
    }
    let tokens = |value: u64| match sum.certainty {
        Certainty::Unknown => Figure::UNKNOWN,
        certainty => Figure { value: Some(value), certainty },
    };
    // An aborted attempt may have been billed; by how much nobody says.
    let billed = if sum.uncertain { sum.certainty.max(Certainty::Estimated) } else { sum.certainty };
    // Where nobody knows a price and nothing was billed, even nothing is not known to cost nothing.
    let cost = match sum.unpriced || (price.is_none() && !sum.is_billed) {
        false if billed != Certainty::Unknown => Figure { value: Some(sum.cost_nano_usd), certainty: billed },
        _ => Figure::UNKNOWN,
    };
    Metrics {
        has_outcome: !matches!(recording.outcome, None | Some(Outcome::None(_))),
        makespan_us: if sum.n_over > 0 { Figure::known(sum.last_end_us) } else { Figure::UNKNOWN },
        sequential_us: match sequential_us {
            Some(us) => Figure::known(us),
            None if sum.n_over > 0 => Figure::estimated(sum.served_us),
            None => Figure::UNKNOWN,
        },
        peak_in_flight: Figure::known(sum.peak_in_flight),
        refusals: Figure::known(sum.refusals),
        retries: Figure::known(sum.retries),
        failed: Figure::known(sum.failed),
        cancelled: Figure::known(sum.cancelled),
        input_tokens: tokens(sum.input_tokens),
        output_tokens: tokens(sum.output_tokens),
        cost_nano_usd: cost,
        peak_held_bytes: Figure::known(sum.held.peak_bytes()),
    }
}

#[derive(Default)]
struct Sum {
    n_over: u64,
    last_end_us: u64,
    served_us: u64,
    in_flight: u64,
    peak_in_flight: u64,
    refusals: u64,
    retries: u64,
    failed: u64,
    cancelled: u64,
    input_tokens: u64,
    output_tokens: u64,
    certainty: Certainty,
    uncertain: bool,
    price: Option<Price>,
    /// What is known beyond totals of the attempt that is served next.
    details: Usage,
    cost_nano_usd: u64,
    /// The server said of an attempt what it costs.
    is_billed: bool,
    /// An attempt was served of which neither the server nor the price list says what it costs.
    unpriced: bool,
    held: Held,
    sent_us: Vec<u64>,
}

impl Sum {
    fn add(&mut self, at_us: u64, what: What) {
        match what {
            What::Admitted(CallId(call)) => {
                self.in_flight += 1;
                self.peak_in_flight = self.peak_in_flight.max(self.in_flight);
                if let Some(sent_us) = self.sent_us.get_mut(call as usize) {
                    *sent_us = at_us;
                }
            }
            What::Served { call, input_tokens, output_tokens, certainty, bytes } => {
                self.in_flight = self.in_flight.saturating_sub(1);
                self.input_tokens += u64::from(input_tokens);
                self.output_tokens += u64::from(output_tokens);
                self.certainty = self.certainty.max(certainty);
                let usage =
                    Usage { input_tokens, output_tokens, certainty, ..std::mem::take(&mut self.details) };
                match self.price.map(|price| price.cost_nano_usd(usage)).or(usage.cost_nano_usd) {
                    Some(nano_usd) => self.cost_nano_usd = self.cost_nano_usd.saturating_add(nano_usd),
                    None => self.unpriced = true,
                }
                let sent_us = self.sent_us.get(call.0 as usize).copied().unwrap_or(at_us);
                self.served_us += at_us - sent_us;
                self.over(at_us);
                self.held.came(call, bytes.into());
            }
            What::Counted { cached_tokens, cache_write_tokens, reasoning_tokens, .. } => {
                let cost_nano_usd = self.details.cost_nano_usd;
                self.details = Usage {
                    cached_tokens,
                    cache_write_tokens,
                    reasoning_tokens,
                    cost_nano_usd,
                    ..Usage::default()
                };
            }
            What::Billed { nano_usd, .. } => {
                self.is_billed = true;
                self.details.cost_nano_usd = Some(nano_usd);
            }
            What::Failed { failure, .. } => {
                self.in_flight = self.in_flight.saturating_sub(1);
                match failure {
                    Failure::Refused => self.refusals += 1,
                    Failure::Aborted | Failure::TimedOut | Failure::Truncated => self.uncertain = true,
                    _ => {}
                }
            }
            What::BackingOff { .. } => self.retries += 1,
            What::Ended { call, end } => {
                match end {
                    End::Failed => self.failed += 1,
                    End::Cancelled => self.cancelled += 1,
                    End::Served | End::Skipped => {}
                }
                self.over(at_us);
                self.held.is_over(call);
            }
            What::Used { call, into } => self.held.used(call, into),
            What::Released(call) => self.held.release(call),
            What::Entered(_)
            | What::FirstToken(_)
            | What::Holding(_)
            | What::Delivered(_)
            | What::Left { .. }
            | What::Limit(_) => {}
        }
    }

    fn over(&mut self, at_us: u64) {
        self.n_over += 1;
        self.last_end_us = at_us;
    }
}
