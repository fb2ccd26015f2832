//! How much room the limits leave, instant by instant.

use std::num::NonZeroU32;

use fanout::analysis::fork::Past;
use fanout::analysis::rehearsal::{rehearse, rehearse_arm};
use fanout::engine::call::CallId;
use fanout::engine::clock::{MS, SECOND};
use fanout::engine::limiter::bucket::Rate;
use fanout::engine::trace::{Event, Failure, What};
use fanout::scenario::draft::Admission;
use fanout::scenario::{ArmKind, Scenario};
use fanout::timeline::room::{Step, permits, slots};

use crate::traces::scenario;

/// Guards against slots that are counted twice or never given back.
#[test]
fn slots_in_use_are_never_more_than_there_are_and_none_is_left_in_use() {
    for concurrency in [1, 2, 5, 8] {
        let scenario = scenario(|draft| {
            draft.limits.concurrency = concurrency;
            // Refused and failed attempts give theirs back, too.
            draft.limits.requests_per_minute = Some(600);
            draft.simulation.fault_percent = 20;
        });
        for kind in ArmKind::ALL {
            let recording = rehearse(&scenario, kind, None).expect("it does not stall");
            let steps = slots(&recording.events);
            assert!(steps.iter().all(|step| step.n <= concurrency), "{kind:?} with {concurrency}");
            assert!(steps.iter().any(|step| step.n == concurrency.min(5)), "{kind:?} with {concurrency}");
            assert_eq!(steps.last().map(|step| step.n), Some(0), "{kind:?} with {concurrency}");
            assert!(steps.is_sorted_by(|one, next| one.at_us < next.at_us), "{kind:?} with {concurrency}");
        }
    }
}

fn rate(per_minute: u32, burst: u32) -> Rate {
    let some = |n| NonZeroU32::new(n).expect("not zero");
    Rate { per_minute: some(per_minute), burst: some(burst) }
}

fn check(rates: &[(u64, Rate)], admitted_s: &[u64], until_s: u64, expected: &[(u64, u32)]) {
    let event = |s: &u64| Event { at_us: s * SECOND, what: What::Admitted(CallId(0)) };
    let events: Vec<Event> = admitted_s.iter().map(event).collect();
    let rates: Vec<(u64, Rate)> = rates.iter().map(|(s, rate)| (s * SECOND, *rate)).collect();
    let expected: Vec<Step> = expected.iter().map(|(s, n)| Step { at_us: s * SECOND, n: *n }).collect();
    assert_eq!(permits(&events, &rates, until_s * SECOND), expected, "{rates:?} {admitted_s:?}");
}

/// Guards against a bucket that fills in jumps, above its brim or while nobody looks.
#[test]
fn permits_come_one_by_one_and_stop_at_the_brim() {
    check(&[(0, rate(60, 2))], &[], 9, &[(0, 2)]);
    check(&[(0, rate(60, 2))], &[0], 9, &[(0, 1), (1, 2)]);
    // The third finds none and takes none; what comes at once is taken at once.
    check(&[(0, rate(60, 2))], &[0, 0, 0, 1], 9, &[(0, 0), (1, 0), (2, 1), (3, 2)]);
    check(&[(0, rate(30, 3))], &[0, 0, 5], 12, &[(0, 1), (2, 2), (4, 3), (5, 2), (7, 3)]);
}

/// Guards against a rate that is changed on the way and holds from the beginning, or fills the bucket anew.
#[test]
fn a_rate_that_changes_goes_on_with_what_is_left() {
    let slower = [(0, rate(60, 3)), (4, rate(30, 3))];
    check(&slower, &[0, 0, 0, 4], 12, &[(0, 0), (1, 1), (2, 2), (3, 3), (4, 2), (6, 3)]);
    let smaller = [(0, rate(60, 4)), (2, rate(60, 1))];
    check(&smaller, &[0, 0], 9, &[(0, 2), (1, 3), (2, 1)]);
    // Nothing that comes after the end is looked at.
    check(&[(0, rate(60, 2)), (9, rate(60, 1))], &[10], 9, &[(0, 2)]);
    check(&[], &[0], 9, &[]);
}

/// Guards against permits that tell another story than the provider's refusals, also where its rate is changed
/// on the way.
#[test]
fn a_request_is_refused_where_no_permit_is_left() {
    for admission in Admission::ALL {
        for earlier in [None, Some(20), Some(240)] {
            let at = |per_minute| {
                scenario(|draft| {
                    draft.limits.admission = admission;
                    draft.limits.requests_per_minute = Some(per_minute);
                    draft.limits.burst = 4;
                })
            };
            let (after, changed_us) = (at(60), 3 * SECOND + 1);
            let past: Vec<Past> = earlier
                .map(at)
                .map(|Scenario { limits, simulation, .. }| Past { until_us: changed_us, limits, simulation })
                .into_iter()
                .collect();
            let rates = match earlier {
                None => vec![(0, rate(60, 4))],
                Some(per_minute) => vec![(0, rate(per_minute, 4)), (changed_us, rate(60, 4))],
            };
            let recording = rehearse_arm(&past, &after, ArmKind::MapReduce, None).expect("it does not stall");
            let steps = permits(&recording.events, &rates, recording.last_us());
            let left = |at_us: u64| steps.iter().rev().find(|step| step.at_us <= at_us).map(|step| step.n);
            let mut n_refused = 0;
            for event in &recording.events {
                if let What::Failed { failure: Failure::Refused, .. } = event.what {
                    n_refused += 1;
                    assert_eq!(left(event.at_us - REFUSAL_US), Some(0), "{earlier:?}, at {}", event.at_us);
                }
            }
            let is_sent = admission == Admission::SendAndRetry;
            assert_eq!(n_refused > 0, is_sent, "{admission:?}, {earlier:?}");
        }
    }
}

/// How long the simulated provider takes to say no.
const REFUSAL_US: u64 = 80 * MS;
