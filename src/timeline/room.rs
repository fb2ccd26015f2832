//! How much room the limits leave: slots in use, and permits in the provider's bucket.

use crate::engine::limiter::bucket::{Bucket, Rate};
use crate::engine::trace::{Event, What};

/// From an instant on there are so many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    pub at_us: u64,
    pub n: u32,
}

/// More than that no picture shows.
const MOST_STEPS: usize = 4000;

/// Attempts in flight, instant by instant.
pub fn slots(events: &[Event]) -> Vec<Step> {
    let mut steps = vec![Step { at_us: 0, n: 0 }];
    let mut n: u32 = 0;
    for Event { at_us, what } in events {
        n = match what {
            What::Admitted(_) => n + 1,
            What::Served { .. } | What::Failed { .. } => n.saturating_sub(1),
            _ => continue,
        };
        go_on(&mut steps, *at_us, n);
    }
    steps
}

/// Permits that a provider has left, as its bucket fills and requests take them. A request that finds none
/// is refused, and takes none. Each rate holds from its instant on; what is left then stays.
pub fn permits(events: &[Event], rates: &[(u64, Rate)], until_us: u64) -> Vec<Step> {
    let [(_, first), changes @ ..] = rates else { return Vec::new() };
    let admitted = events.iter().filter(|event| matches!(event.what, What::Admitted(_)));
    let mut moments: Vec<(u64, Moment)> = admitted.map(|event| (event.at_us, Moment::Request)).collect();
    moments.extend(changes.iter().map(|(from_us, rate)| (*from_us, Moment::Change(*rate))));
    moments.retain(|(at_us, _)| *at_us < until_us);
    moments.sort_by_key(|(at_us, _)| *at_us);
    moments.push((until_us, Moment::End));

    let mut bucket = Bucket::new(*first, 0);
    let mut steps = vec![Step { at_us: 0, n: bucket.left(0) }];
    for (at_us, moment) in moments {
        // Between two moments it fills permit by permit.
        while let Some(next_us) = next_permit_us(&mut bucket, &steps).filter(|next_us| *next_us <= at_us) {
            let n = bucket.left(next_us);
            go_on(&mut steps, next_us, n);
            if steps.len() > MOST_STEPS {
                return Vec::new();
            }
        }
        match moment {
            Moment::Request if bucket.lacks_until_us(1, at_us).is_none() => bucket.take(1),
            Moment::Change(rate) => bucket.resize(rate, at_us),
            Moment::Request | Moment::End => continue,
        }
        let n = bucket.left(at_us);
        go_on(&mut steps, at_us, n);
    }
    steps
}

/// What may change how many are left, besides time.
#[derive(Clone, Copy)]
enum Moment {
    Request,
    Change(Rate),
    End,
}

/// When there is one more than at the last step; none where the bucket is full.
fn next_permit_us(bucket: &mut Bucket, steps: &[Step]) -> Option<u64> {
    let Step { at_us, n } = *steps.last()?;
    bucket.lacks_until_us(n + 1, at_us)
}

/// What follows within the same instant takes the place of what was.
fn go_on(steps: &mut Vec<Step>, at_us: u64, n: u32) {
    match steps.last_mut() {
        Some(last) if last.at_us == at_us => last.n = n,
        _ => steps.push(Step { at_us, n }),
    }
}
