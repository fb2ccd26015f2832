//! Limits that change while calls wait and run, and what somebody who looks on sees meanwhile.

use std::rc::Rc;
use std::sync::Arc;

use fanout::engine::call::{Attempt, Foreseen, Model, Request};
use fanout::engine::clock::{Clock, MS, VirtualClock};
use fanout::engine::limiter::bucket::Rate;
use fanout::engine::limiter::core::Limits;
use fanout::engine::limiter::requests::RequestRate;
use fanout::engine::run::report::Report;
use fanout::engine::run::{Progress, Run, RunView, Setup};
use fanout::engine::trace::What;
use futures::future::join_all;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::scripted::{ONE_TRY, cap, nz, rate, reply, request};

/// A run of calls of 100 ms in arms of the given sizes, and what may be done to it at some instants.
fn arms(sizes: &[u32], limits: Limits, acts: Vec<(u64, Limits)>) -> RunView {
    let clock = VirtualClock::default();
    let model = Rc::new(Steady(clock.clone()));
    let mut run = Run::new(Setup { retry: ONE_TRY, ..Setup::new(Rc::new(clock.clone()), model, limits) });
    for n in sizes.iter().copied() {
        run.add_arm(n, 0, move |arm| async move {
            join_all((0..n).map(|item| arm.call(item, request(item, 0)))).await;
        });
    }
    let view = run.view();
    for (ms, limits) in acts {
        let (view, sleep) = (view.clone(), clock.sleep_until(ms * MS));
        run.add_arm(0, 0, |_| async move {
            sleep.await;
            view.set_limits(limits);
        });
    }
    run.finish(&clock).expect("the run comes to an end")
}

struct Steady(VirtualClock);

impl Model for Steady {
    fn send(&self, _: &Arc<Request>, _: u32, _: Report) -> Attempt {
        let ends_us = self.0.now_us() + 100 * MS;
        Attempt::Foreseen(Foreseen { first_token_us: None, ends_us, result: Ok(reply(0)) })
    }
}

fn calls(view: &RunView, of: fn(&What) -> bool) -> Vec<(u64, u32)> {
    let trace = view.trace();
    let own = trace.events().filter(|event| of(&event.what));
    own.filter_map(|event| Some((event.at_us / MS, event.what.call()?.0))).collect()
}

/// Guards against an instant whose order is that of memory: arms take turns by item in it, too.
#[test]
fn what_ends_at_one_instant_ends_in_the_order_of_the_queue() {
    let view = arms(&[2, 2], cap(4), Vec::new());
    let ended = calls(&view, |what| what.end().is_some());
    assert_eq!(ended, [(100, 0), (100, 2), (100, 1), (100, 3)]);
}

#[test]
fn rates_change_while_calls_wait() {
    let bucket = |per_minute, burst| rate(per_minute, burst).map(RequestRate::Bucket);
    let rolling = |per_minute| Some(RequestRate::Rolling(nz(per_minute)));
    let with = |requests| Limits { requests, ..cap(9) };
    for (first, then, starts) in [
        // A token is half there when the rate rises tenfold.
        (bucket(60, 1), bucket(600, 1), [0, 550, 650, 750]),
        (bucket(60, 3), bucket(60, 1), [0, 0, 0, 1000]),
        (bucket(1, 2), bucket(600, 4), [0, 0, 599, 699]),
        (rolling(1), rolling(3), [0, 500, 500, 60_000]),
        // The other way of counting begins anew.
        (rolling(1), bucket(60, 2), [0, 500, 500, 1500]),
    ] {
        let view = arms(&[4], with(first), vec![(500, with(then))]);
        let admitted = calls(&view, |what| matches!(what, What::Admitted(_)));
        assert_eq!(admitted.iter().map(|(ms, _)| *ms).collect::<Vec<_>>(), starts, "{first:?} {then:?}");
    }
}

#[test]
fn an_adaptive_limit_begins_anew_only_where_it_is_set_anew() {
    let adaptive =
        |initial| Some(fanout::engine::limiter::adaptive::Adaptive { initial: nz(initial), least: nz(1) });
    let with = |initial, most| Limits { adaptive: adaptive(initial), ..cap(most) };
    for (then, at_150) in [
        // Two successes at a limit of two have made it three.
        (with(2, 9), 3),
        (with(2, 2), 2),
        (with(5, 9), 5),
    ] {
        let view = arms(&[12], with(2, 8), vec![(150, then)]);
        let trace = view.trace();
        let limits = trace.events().filter_map(|event| match event.what {
            What::Limit(limit) if event.at_us <= 150 * MS => Some(limit),
            _ => None,
        });
        assert_eq!(limits.last(), Some(at_150), "{then:?}");
    }
}

#[test]
fn who_looks_on_sees_how_many_are_in_flight() {
    let clock = VirtualClock::default();
    let model = Rc::new(Steady(clock.clone()));
    let mut run = Run::new(Setup { retry: ONE_TRY, ..Setup::new(Rc::new(clock.clone()), model, cap(2)) });
    run.add_arm(3, 0, |arm| async move {
        join_all((0..3).map(|item| arm.call(item, request(item, 0)))).await;
    });
    let view = run.view();
    let mut seen = vec![view.in_flight()];
    while run.advance(&clock).expect("it goes on") == Progress::More {
        seen.push(view.in_flight());
    }
    assert_eq!(seen, [0, 2, 1]);
}

/// Two seconds' worth of requests and ten of tokens, at least one.
#[test]
fn rates_come_with_a_burst() {
    for (per_minute, requests, tokens) in [(1, 1, 1), (60, 2, 10), (61, 3, 10), (6000, 200, 1000)] {
        assert_eq!(Rate::requests(nz(per_minute)).burst, nz(requests), "{per_minute} requests");
        assert_eq!(Rate::tokens(nz(per_minute)).burst, nz(tokens), "{per_minute} tokens");
    }
}

/// Guards against a place that takes the arm or the priority along.
#[test]
fn another_place_in_the_queue_leaves_priority_and_arm() {
    use fanout::engine::limiter::core::Order;
    for (item, place) in [(0, 5), (70_000, 5), (u32::MAX, 0), (5, u32::MAX)] {
        assert_eq!(Order::new(2, item, 3).at(place), Order::new(2, place, 3), "{item} {place}");
    }
}
