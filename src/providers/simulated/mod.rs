//! A simulated provider: seeded latency, limits, faults and answers on whatever clock it is given.
//!
//! Invariant: a refusal comes from the provider's limits and is never drawn; what is served, and
//! how long that takes, depends on the call and the attempt alone, not on the limits.

pub mod answers;
pub mod beta;
pub mod extract;
pub mod latency;

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;

use self::answers::Opinion;
use self::latency::Speed;
use crate::engine::call::{
    Answer, Attempt, CallError, Certainty, Foreseen, Model, Reply, Request, Usage, Wait,
};
use crate::engine::clock::{Clock, MS, SECOND};
use crate::engine::draw::{AttemptDraws, Purpose};
use crate::engine::limiter::bucket::{Bucket, Rate};
use crate::engine::limiter::requests::{RequestRate, Requests};
use crate::engine::run::report::Report;

/// What the simulated provider is like.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Simulation {
    pub speed: Speed,
    /// The provider's own limits: this is where 429s come from.
    pub requests: Option<RequestRate>,
    pub tokens: Option<Rate>,
    /// How likely an attempt ends in a 5xx, in percent.
    pub fault_percent: u8,
    pub opinion: Opinion,
    /// Whether replies carry text; without, a run costs only its numbers.
    pub texts: bool,
}

/// How long the provider takes to say no.
const REFUSAL_US: u64 = 80 * MS;

pub struct Simulated {
    simulation: Cell<Simulation>,
    clock: Rc<dyn Clock>,
    limits: RefCell<ProviderLimits>,
}

struct ProviderLimits {
    requests: Option<Requests>,
    tokens: Option<Bucket>,
}

impl Simulated {
    pub fn new(simulation: Simulation, clock: Rc<dyn Clock>) -> Self {
        let now_us = clock.now_us();
        let limits = ProviderLimits {
            requests: simulation.requests.map(|rate| Requests::new(rate, now_us)),
            tokens: simulation.tokens.map(|rate| Bucket::new(rate, now_us)),
        };
        Simulated { simulation: Cell::new(simulation), clock, limits: RefCell::new(limits) }
    }

    /// Is like this from now on. Under other limits it goes on with what is left.
    pub fn change(&self, simulation: Simulation) {
        let now_us = self.clock.now_us();
        let mut limits = self.limits.borrow_mut();
        match (&mut limits.requests, simulation.requests) {
            (Some(requests), Some(rate)) => requests.resize(rate, now_us),
            (requests, rate) => *requests = rate.map(|rate| Requests::new(rate, now_us)),
        }
        match (&mut limits.tokens, simulation.tokens) {
            (Some(bucket), Some(rate)) => bucket.resize(rate, now_us),
            (tokens, rate) => *tokens = rate.map(|rate| Bucket::new(rate, now_us)),
        }
        self.simulation.set(simulation);
    }
}

impl Model for Simulated {
    fn send(&self, request: &Arc<Request>, attempt: u32, _: Report) -> Attempt {
        Attempt::Foreseen(self.foresee(request, attempt))
    }
}

impl Simulated {
    /// What comes of a request that arrives now.
    pub fn foresee(&self, request: &Request, attempt: u32) -> Foreseen {
        let now_us = self.clock.now_us();
        let simulation = self.simulation.get();
        if let Some(wait_us) = self.limits.borrow_mut().refuse(request.reserved_tokens(), now_us) {
            return Foreseen {
                first_token_us: None,
                ends_us: now_us + REFUSAL_US,
                result: Err(Box::new(CallError::Refused {
                    status: 429,
                    wait: Wait::Header { us: wait_us },
                    message: self.refusal_message(wait_us),
                })),
            };
        }
        let draws = request.draws.attempt(attempt);
        let latency = simulation.speed.latency(request, draws);
        let first_token_us = now_us + latency.first_token_us;
        if let Some(status) = fault(draws, simulation.fault_percent) {
            return Foreseen {
                first_token_us: None,
                ends_us: first_token_us,
                result: Err(Box::new(CallError::Server { status, message: self.fault_message(status) })),
            };
        }
        let (answer, text) = match simulation.texts {
            true => {
                let answer = answers::answer(request, attempt, simulation.opinion);
                let text = answers::in_full(&answer);
                (answer, text)
            }
            false => (Answer::Text(String::new()), String::new()),
        };
        let usage = Usage {
            input_tokens: request.input_tokens,
            output_tokens: latency.output_tokens,
            certainty: Certainty::Known,
            ..Usage::default()
        };
        Foreseen {
            first_token_us: Some(first_token_us),
            ends_us: first_token_us + latency.generation_us,
            result: Ok(Arc::new(Reply { answer, text, usage })),
        }
    }

    fn refusal_message(&self, wait_us: u64) -> String {
        match self.simulation.get().texts {
            true => format!("rate limit reached, try again in {} s", wait_us / SECOND),
            false => String::new(),
        }
    }

    fn fault_message(&self, status: u16) -> String {
        let message = match status {
            _ if !self.simulation.get().texts => "",
            529 => "overloaded",
            503 => "service unavailable",
            _ => "internal server error",
        };
        message.to_string()
    }
}

impl ProviderLimits {
    /// Counts an arrival; how long to wait where it is refused, in whole seconds as the header has it.
    fn refuse(&mut self, tokens: u32, now_us: u64) -> Option<u64> {
        let requests_at = self.requests.as_mut().and_then(|requests| requests.lacks_until_us(now_us));
        let tokens_at = self.tokens.as_mut().and_then(|bucket| bucket.lacks_until_us(tokens, now_us));
        if let Some(at_us) = requests_at.max(tokens_at) {
            let seconds = at_us.saturating_sub(now_us).div_ceil(SECOND).max(1);
            return Some(seconds * SECOND);
        }
        if let Some(requests) = &mut self.requests {
            requests.take(now_us);
        }
        if let Some(bucket) = &mut self.tokens {
            bucket.take(tokens);
        }
        None
    }
}

fn fault(draws: AttemptDraws, fault_percent: u8) -> Option<u16> {
    let likely = f64::from(fault_percent) / 100.0;
    let kinds = [500, 503, 529];
    (draws.uniform(Purpose::Fault) < likely).then(|| {
        let which = draws.nth_uniform(Purpose::Fault, 1) * kinds.len() as f64;
        kinds.get(which as usize).copied().unwrap_or(500)
    })
}
