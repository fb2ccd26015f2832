//! How events lie in memory: a head of kind and time passed, then the numbers of the kind.

use std::slice::Iter;

use super::{End, Failure, WaitReason, WaitSource, What};
use crate::engine::call::{CallId, Certainty};

/// Bits of the head that hold the microseconds since the event before.
const DELTA_BITS: u32 = 28;
pub(super) const MOST_DELTA_US: u64 = (1 << DELTA_BITS) - 1;

/// A head without an event: as much time passes as a head can say.
pub(super) const LONG_WAIT: u32 = MOST_DELTA_US as u32;

/// Bits of the second word that number the call; those above hold what is small of the event.
const CALL_BITS: u32 = 28;
const CALL: u32 = (1 << CALL_BITS) - 1;

/// Words of the longest event.
pub(super) const MOST_WORDS: usize = 5;

/// An event as words, and how many of them count.
pub(super) fn words(delta_us: u32, what: What) -> ([u32; MOST_WORDS], usize) {
    let about = |call: CallId, small: u32| small << CALL_BITS | (call.0 & CALL);
    let (kind, rest, n) = match what {
        What::Entered(call) => (1, [about(call, 0), 0, 0, 0], 2),
        What::Holding(reason) => (2, [reason.map_or(0, |reason| 1 + reason as u32), 0, 0, 0], 2),
        What::Admitted(call) => (3, [about(call, 0), 0, 0, 0], 2),
        What::FirstToken(call) => (4, [about(call, 0), 0, 0, 0], 2),
        What::Served { call, input_tokens, output_tokens, certainty, bytes } => {
            (5, [about(call, certainty as u32), input_tokens, output_tokens, bytes], 5)
        }
        What::Failed { call, failure, status } => (6, [about(call, failure as u32), status.into(), 0, 0], 3),
        What::BackingOff { call, delay_us, wait } => (7, [about(call, wait as u32), delay_us, 0, 0], 3),
        What::Ended { call, end } => (8, [about(call, end as u32), 0, 0, 0], 2),
        What::Delivered(call) => (9, [about(call, 0), 0, 0, 0], 2),
        What::Used { call, into } => (10, [about(call, 0), into.0, 0, 0], 3),
        What::Released(call) => (11, [about(call, 0), 0, 0, 0], 2),
        What::Left { arm } => (12, [arm.into(), 0, 0, 0], 2),
        What::Limit(limit) => (13, [limit, 0, 0, 0], 2),
    };
    let [second, third, fourth, fifth] = rest;
    ([kind << DELTA_BITS | delta_us, second, third, fourth, fifth], n)
}

/// Reads events back.
#[derive(Clone)]
pub(super) struct Words<'a>(Iter<'a, u32>);

impl<'a> Words<'a> {
    pub(super) fn new(words: &'a [u32]) -> Self {
        Words(words.iter())
    }

    /// The next event, and the time since the one before it.
    pub(super) fn next(&mut self) -> Option<(u64, What)> {
        let mut delta_us = 0;
        let mut head = self.word()?;
        while head >> DELTA_BITS == 0 {
            delta_us += u64::from(head);
            head = self.word()?;
        }
        delta_us += u64::from(head & LONG_WAIT);
        let second = self.word()?;
        let (call, small) = (CallId(second & CALL), (second >> CALL_BITS) as usize);
        let what = match head >> DELTA_BITS {
            1 => What::Entered(call),
            2 => {
                What::Holding((second as usize).checked_sub(1).and_then(|i| WaitReason::ALL.get(i).copied()))
            }
            3 => What::Admitted(call),
            4 => What::FirstToken(call),
            5 => What::Served {
                call,
                certainty: match small {
                    0 => Certainty::Known,
                    1 => Certainty::Estimated,
                    _ => Certainty::Unknown,
                },
                input_tokens: self.word()?,
                output_tokens: self.word()?,
                bytes: self.word()?,
            },
            6 => {
                What::Failed { call, failure: Failure::ALL.get(small).copied()?, status: self.word()? as u16 }
            }
            7 => {
                What::BackingOff { call, wait: WaitSource::ALL.get(small).copied()?, delay_us: self.word()? }
            }
            8 => What::Ended { call, end: End::ALL.get(small).copied()? },
            9 => What::Delivered(call),
            10 => What::Used { call, into: CallId(self.word()?) },
            11 => What::Released(call),
            12 => What::Left { arm: second as u8 },
            _ => What::Limit(second),
        };
        Some((delta_us, what))
    }

    fn word(&mut self) -> Option<u32> {
        self.0.next().copied()
    }
}
