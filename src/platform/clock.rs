//! The browser's monotonic clock.

use std::time::Duration;

use futures::future::LocalBoxFuture;
use gloo_timers::future::TimeoutFuture;
use web_time::Instant;

use crate::engine::clock::Clock;

/// Time since it was made.
#[derive(Clone, Copy)]
pub struct BrowserClock {
    began: Instant,
}

/// The longest delay a browser's timer takes; a longer one would fire at once.
const LONGEST_DELAY_MS: u64 = i32::MAX as u64;

impl BrowserClock {
    pub fn start() -> Self {
        BrowserClock { began: Instant::now() }
    }
}

impl Clock for BrowserClock {
    fn now_us(&self) -> u64 {
        u64::try_from(self.began.elapsed().as_micros()).unwrap_or(u64::MAX)
    }

    fn sleep_until(&self, at_us: u64) -> LocalBoxFuture<'static, ()> {
        let clock = *self;
        Box::pin(async move {
            // A timer may fire early by its rounding, or be one of several for a long delay.
            loop {
                let left = Duration::from_micros(at_us.saturating_sub(clock.now_us()));
                if left.is_zero() {
                    return;
                }
                let ms = (left.as_micros() as u64).div_ceil(1000).min(LONGEST_DELAY_MS);
                TimeoutFuture::new(ms as u32).await;
            }
        })
    }
}

/// What the time is, in milliseconds since 1970.
pub fn now_ms() -> u64 {
    js_sys::Date::now() as u64
}

/// The date and the time of day where the browser is: 2026-11-28 14:05.
pub fn date(at_ms: u64) -> String {
    let at = |ms: f64| js_sys::Date::new(&ms.into());
    let offset_ms = at(at_ms as f64).get_timezone_offset() * 60_000.0;
    let there_ms = at_ms as f64 - offset_ms;
    let iso = String::from(at(there_ms).to_iso_string());
    iso.get(..16).unwrap_or_default().replace('T', " ")
}
