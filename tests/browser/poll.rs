//! Waiting for something to become true, with a deadline.

use std::time::{Duration, Instant};

/// Long enough for a slow machine; a test that works never comes near it.
pub const PATIENCE: Duration = Duration::from_secs(20);

const INTERVAL: Duration = Duration::from_millis(15);

/// What `check` finds before `limit` is over, if anything.
pub async fn within<T>(limit: Duration, mut check: impl AsyncFnMut() -> Option<T>) -> Option<T> {
    let start = Instant::now();
    loop {
        if let Some(found) = check().await {
            return Some(found);
        }
        if start.elapsed() >= limit {
            return None;
        }
        tokio::time::sleep(INTERVAL).await;
    }
}

/// What `check` finds; fails the test with `what` when it finds nothing in time.
pub async fn until<T>(what: &str, check: impl AsyncFnMut() -> Option<T>) -> T {
    match within(PATIENCE, check).await {
        Some(found) => found,
        None => panic!("not within {PATIENCE:?}: {what}"),
    }
}
