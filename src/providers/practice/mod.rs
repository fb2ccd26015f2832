//! A practice server: chat completions out of the simulator, for a page that calls it as it would
//! call any other server.
//!
//! Invariant: whether a request is refused, when its answer comes and what that says is the
//! simulated provider's doing. A draw depends on the run's seed, on the text of the request, and on
//! how often that text was served before; it never depends on which call of the page it was.

pub mod asked;
pub mod course;
mod known;
mod records;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use self::asked::Asked;
use self::course::{Chunk, Course};
use self::known::Known;
use super::simulated::{Simulated, Simulation};
use crate::engine::call::{CallError, Foreseen, Request, estimate_tokens};
use crate::engine::clock::{Clock, SECOND};
use crate::engine::draw::DrawKey;
use crate::engine::fnv::fnv1a;
use crate::engine::patterns::Pattern;

/// Where it is, seen from the page.
pub const BASE_URL: &str = "practice/v1";

/// The only model it has.
pub const MODEL: &str = "practice";

/// A server for one run: another run has another seed, and limits that nobody has used up.
pub struct Practice {
    simulated: Simulated,
    clock: Rc<dyn Clock>,
    seed: u64,
    known: Known,
    /// How often each request was served, by its hash.
    n_served: RefCell<BTreeMap<u64, u32>>,
}

impl Practice {
    /// What the patterns say of their calls is what a request alone does not tell: which answer of
    /// a vote is right, and where in a prompt the document stands.
    pub fn open(
        simulation: Simulation,
        patterns: Vec<Arc<Pattern>>,
        seed: u64,
        clock: Rc<dyn Clock>,
    ) -> Practice {
        let simulated = Simulated::new(Simulation { texts: true, ..simulation }, clock.clone());
        Practice { simulated, clock, seed, known: Known(patterns), n_served: RefCell::default() }
    }

    /// What comes of a request that arrives now with this body.
    pub fn answer(&self, body: &str) -> Course {
        let Some(asked) = Asked::read(body) else {
            let message = "the body is no request for a chat completion";
            return Course::error(400, records::error("invalid_request_error", message), self.clock.now_us());
        };
        let hash = fnv1a(body.bytes());
        let nth = self.n_served.borrow().get(&hash).copied().unwrap_or(0);
        // Whoever asks the same gets the draws of another call of the same item, as voters do.
        let draws = DrawKey { seed: self.seed, item: (hash ^ (hash >> 32)) as u32, call: nth };
        let request = Request {
            draws,
            task: self.known.task(&asked),
            input_tokens: estimate_tokens(&asked.prompt.system) + estimate_tokens(&asked.prompt.user),
            max_tokens: asked.max_tokens,
            prompt: asked.prompt.clone(),
        };
        let foreseen = self.simulated.foresee(&request, 0);
        let is_refused =
            matches!(&foreseen.result, Err(error) if matches!(**error, CallError::Refused { .. }));
        if !is_refused {
            self.n_served.borrow_mut().insert(hash, nth + 1);
        }
        course(&asked, foreseen)
    }
}

fn course(asked: &Asked, foreseen: Foreseen) -> Course {
    let Foreseen { first_token_us, ends_us, result } = foreseen;
    let error = match result {
        Ok(reply) if asked.is_streaming => {
            return Course::stream(records::stream(
                asked,
                &reply,
                first_token_us.unwrap_or(ends_us),
                ends_us,
            ));
        }
        Ok(reply) => return Course::whole(Chunk { at_us: ends_us, text: records::whole(asked, &reply) }),
        Err(error) => *error,
    };
    match error {
        CallError::Refused { status, wait, message } => {
            let body = records::error("rate_limit_exceeded", &message);
            let seconds = wait.us().unwrap_or_default().div_ceil(SECOND);
            Course::error(status, body, ends_us).with("retry-after", seconds.to_string())
        }
        CallError::Server { status, message } => {
            Course::error(status, records::error("server_error", &message), ends_us)
        }
        // The simulator makes no other.
        _ => Course::error(500, records::error("server_error", "internal server error"), ends_us),
    }
}
