//! One call and nothing else: the whole task, to see whether the fan-out was worth it, or an aggregator
//! that is tried out.

use std::sync::Arc;

use super::{Pattern, Planned, Role};
use crate::engine::call::Request;
use crate::engine::run::Run;

/// The only call there is.
pub fn plan() -> Vec<Planned> {
    vec![Planned {
        key: "single".to_string(),
        label: "one call".to_string(),
        role: Role::Worker,
        feeds: None,
        needs: Vec::new(),
    }]
}

/// Adds the call to a run as an arm that draws from `seed`. It goes after all other calls.
pub fn add_to(pattern: Arc<Pattern>, run: &mut Run, seed: u64) {
    let request = match &*pattern {
        Pattern::Sectioning(sectioning) => sectioning.whole(seed),
        Pattern::Voting(voting) => voting.whole(seed),
        Pattern::MapReduce(map_reduce) => map_reduce.whole(seed),
    };
    ask(request, run);
}

/// Adds a call to a run. It goes after all other calls.
pub fn ask(request: Request, run: &mut Run) {
    run.add_arm(1, u8::MAX, move |arm| async move {
        let _ = arm.call(0, request).await;
    });
}
