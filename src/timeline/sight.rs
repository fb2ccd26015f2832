//! Which of very many calls are in sight. The nearer the time axis is looked at, the higher each of them
//! is drawn, up to a whole row; what does not fit into the frame is scrolled to.

use std::ops::Range;

use super::axis::{Place, WHOLE};
use super::window::Window;

/// A frame on the field of all calls. Lengths are in pixels of the page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sight {
    pub n_calls: u64,
    /// The height of the field.
    pub field: u64,
    /// The height of the frame, and where on the field it begins.
    pub frame: u64,
    pub top: u64,
}

/// The height of a row.
const ROW: u64 = 18;

impl Sight {
    /// The field is as much higher than the frame as `window` is shorter than `whole`.
    pub fn new(n_calls: usize, frame: u64, window: Window, whole: Window) -> Sight {
        let n_calls = n_calls as u64;
        let field = frame.saturating_mul(whole.length_us) / window.length_us.max(1);
        Sight { n_calls, field: field.min(n_calls * ROW), frame, top: 0 }
    }

    /// The same scrolled: what stood at `kept` of the frame on the field before stays there.
    pub fn kept(self, before: Sight, kept: Place) -> Sight {
        let place = self.frame * u64::from(kept.0) / u64::from(WHOLE);
        let top = ((before.top + place) * self.field / before.field.max(1)).saturating_sub(place);
        Sight { top: top.min(self.field.saturating_sub(self.frame)), ..self }
    }

    /// The same scrolled to a call.
    pub fn around(self, call: usize) -> Sight {
        let top = self.place(call).saturating_sub(self.frame / 2);
        Sight { top: top.min(self.field.saturating_sub(self.frame)), ..self }
    }

    /// The calls of which something is in the frame.
    pub fn calls(self) -> Range<usize> {
        let field = self.field.max(1);
        let end = ((self.top + self.frame) * self.n_calls).div_ceil(field);
        (self.top * self.n_calls / field) as usize..end.min(self.n_calls) as usize
    }

    /// Where on the field a call begins.
    pub fn place(self, call: usize) -> u64 {
        call as u64 * self.field / self.n_calls.max(1)
    }

    /// The calls in sight that have room for a label.
    pub fn labelled(self) -> impl Iterator<Item = usize> {
        let every = (ROW * self.n_calls).div_ceil(self.field.max(1)).max(1) as usize;
        let calls = self.calls();
        (calls.start.next_multiple_of(every)..calls.end).step_by(every)
    }
}
