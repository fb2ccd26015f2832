//! The provider in a run: faults are drawn, refusals come from limits, and neither changes an answer.

use std::num::NonZeroU32;
use std::rc::Rc;
use std::sync::Arc;

use fanout::engine::call::{CallError, CallId, Prompt, Wait};
use fanout::engine::clock::{SECOND, VirtualClock};
use fanout::engine::limiter::bucket::Rate;
use fanout::engine::limiter::core::Limits;
use fanout::engine::limiter::requests::RequestRate;
use fanout::engine::patterns::voting::Voting;
use fanout::engine::patterns::{Outcome, Pattern};
use fanout::engine::retry::RetryPolicy;
use fanout::engine::run::{Run, RunView, Setup};
use fanout::providers::simulated::answers::Opinion;
use fanout::providers::simulated::latency::Speed;
use fanout::providers::simulated::{Simulated, Simulation};

fn nz(n: u32) -> NonZeroU32 {
    NonZeroU32::new(n).expect("not zero")
}

fn rate(per_minute: u32, burst: u32) -> Option<Rate> {
    Some(Rate { per_minute: nz(per_minute), burst: nz(burst) })
}

const BENIGN: Simulation = Simulation {
    speed: Speed::Small,
    requests: None,
    tokens: None,
    fault_percent: 0,
    opinion: Opinion { accuracy: 0.6, shared_error: 0.6 },
    texts: true,
};

/// So many votes, fifty at a time.
fn run(simulation: Simulation, votes: u32, max_attempts: u32) -> (Outcome, RunView) {
    let pattern = Arc::new(Pattern::Voting(Voting {
        question: "Which?".into(),
        options: Arc::new(["a", "b", "c"].map(String::from)),
        correct: Some(0),
        votes,
        prompt: Prompt { system: String::new(), user: "{question}".into() },
        max_tokens: 100,
        ..Voting::default()
    }));
    let clock = VirtualClock::default();
    let model = Simulated::new(simulation, Rc::new(clock.clone()));
    let setup = Setup::new(Rc::new(clock.clone()), Rc::new(model), Limits::concurrent(nz(50)));
    let retry = RetryPolicy { max_attempts, max_refusals: 1000, budgeted: false, ..RetryPolicy::STANDARD };
    let mut run = Run::new(Setup { retry, ..setup });
    let outcome = pattern.add_to(&mut run, 42);
    let view = run.finish(&clock).expect("the run comes to an end");
    (outcome.get().expect("an outcome").clone(), view)
}

/// Every error of every call, in order.
fn errors(view: &RunView, n_calls: u32) -> Vec<CallError> {
    (0..n_calls)
        .flat_map(|call| view.text(CallId(call)).expect("the call is there").errors().to_vec())
        .collect()
}

#[test]
fn as_many_attempts_fail_as_the_percentage_says() {
    for percent in [0, 7, 50, 100] {
        let n = 4000;
        let (_, view) = run(Simulation { fault_percent: percent, ..BENIGN }, n, 1);
        let statuses: Vec<u16> = errors(&view, n)
            .iter()
            .map(|error| match error {
                CallError::Server { status, .. } => *status,
                other => panic!("{other:?}"),
            })
            .collect();
        let p = f64::from(percent) / 100.0;
        let expected = p * f64::from(n);
        let error = (f64::from(n) * p * (1.0 - p)).sqrt();
        assert!((statuses.len() as f64 - expected).abs() <= 3.0 * error, "{percent} %: {}", statuses.len());
        for status in [500, 503, 529] {
            let same = statuses.iter().filter(|other| **other == status).count() as f64;
            let third = statuses.len() as f64 / 3.0;
            assert!((same - third).abs() <= 3.0 * (third * 2.0 / 3.0).sqrt(), "{status}: {same} of {third}");
        }
    }
}

#[test]
fn without_limits_nobody_is_refused() {
    let (_, view) = run(BENIGN, 500, 1);
    assert_eq!(errors(&view, 500), []);
}

#[test]
fn a_refusal_says_for_how_many_whole_seconds() {
    for limited in [
        Simulation { requests: rate(600, 10).map(RequestRate::Bucket), ..BENIGN },
        Simulation { tokens: rate(60_000, 2000), ..BENIGN },
    ] {
        let (_, view) = run(limited, 100, 1);
        let errors = errors(&view, 100);
        assert!(!errors.is_empty());
        for error in errors {
            match error {
                CallError::Refused { status: 429, wait: Wait::Header { us }, .. } => {
                    assert!(us >= SECOND && us % SECOND == 0, "{us}");
                }
                other => panic!("{other:?}"),
            }
        }
    }
}

/// Guards against limits that change the vote: a refusal is not a draw.
#[test]
fn what_is_served_in_the_end_does_not_depend_on_the_limits() {
    let faulty = Simulation { fault_percent: 10, ..BENIGN };
    let (free, _) = run(faulty, 200, 8);
    assert!(matches!(free, Outcome::Voted(_)), "{free:?}");
    for limited in [
        Simulation { requests: rate(120, 5).map(RequestRate::Bucket), ..faulty },
        Simulation { tokens: rate(20_000, 1500), ..faulty },
    ] {
        let (outcome, view) = run(limited, 200, 8);
        let refused = |error: &&CallError| matches!(error, CallError::Refused { .. });
        assert!(errors(&view, 200).iter().filter(refused).count() > 20);
        assert_eq!(outcome, free);
    }
}
