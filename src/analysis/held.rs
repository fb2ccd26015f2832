//! Which results are held at an instant: from their arrival until what they went into is over.

use crate::engine::call::CallId;

/// Follows the events of a trace.
#[derive(Clone, Debug, Default)]
pub struct Held {
    /// The bytes of each call's result, while it is held.
    bytes: Vec<Option<u64>>,
    /// For each call the results that went into it.
    inputs: Vec<Vec<CallId>>,
    held_bytes: u64,
    held: u64,
    peak_bytes: u64,
    peak: u64,
}

impl Held {
    pub fn of(n_calls: usize) -> Self {
        Held { bytes: vec![None; n_calls], inputs: vec![Vec::new(); n_calls], ..Held::default() }
    }

    /// The most bytes of results held at once.
    pub fn peak_bytes(&self) -> u64 {
        self.peak_bytes
    }

    /// The most results held at once.
    pub fn peak(&self) -> u64 {
        self.peak
    }

    /// A result of so many bytes came.
    pub fn came(&mut self, call: CallId, bytes: u64) {
        if let Some(slot) = self.bytes.get_mut(call.0 as usize) {
            *slot = Some(bytes);
            self.held += 1;
            self.held_bytes += bytes;
        }
        self.peak = self.peak.max(self.held);
        self.peak_bytes = self.peak_bytes.max(self.held_bytes);
        self.is_over(call);
    }

    /// The result of `call` went into `into`.
    pub fn used(&mut self, call: CallId, into: CallId) {
        if let Some(inputs) = self.inputs.get_mut(into.0 as usize) {
            inputs.push(call);
        }
    }

    /// A call is over: what went into it is no longer held.
    pub fn is_over(&mut self, call: CallId) {
        let inputs = self.inputs.get_mut(call.0 as usize).map(std::mem::take);
        for input in inputs.unwrap_or_default() {
            self.release(input);
        }
    }

    /// The result is no longer needed.
    pub fn release(&mut self, call: CallId) {
        if let Some(bytes) = self.bytes.get_mut(call.0 as usize).and_then(Option::take) {
            self.held -= 1;
            self.held_bytes -= bytes;
        }
    }
}
