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

pub(super) fn write(words: &mut Vec<u32>, delta_us: u32, what: What) {
    let head = |kind: u32| kind << DELTA_BITS | delta_us;
    let about = |call: CallId, small: u32| small << CALL_BITS | (call.0 & CALL);
    let short = match what {
        What::Served { call, input_tokens, output_tokens, certainty, bytes } => {
            let call = about(call, certainty as u32);
            words.extend_from_slice(&[head(5), call, input_tokens, output_tokens, bytes]);
            return;
        }
        What::Counted { call, cached_tokens, cache_write_tokens, reasoning_tokens } => {
            let counts = [cached_tokens, cache_write_tokens, reasoning_tokens];
            words.extend_from_slice(&[head(14), about(call, 0)]);
            words.extend_from_slice(&counts);
            return;
        }
        What::Billed { call, nano_usd } => {
            words.extend_from_slice(&[head(15), about(call, 0), (nano_usd >> 32) as u32, nano_usd as u32]);
            return;
        }
        What::Failed { call, failure, status } => {
            words.extend_from_slice(&[head(6), about(call, failure as u32), status.into()]);
            return;
        }
        What::BackingOff { call, delay_us, wait } => {
            words.extend_from_slice(&[head(7), about(call, wait as u32), delay_us]);
            return;
        }
        What::Used { call, into } => {
            words.extend_from_slice(&[head(10), about(call, 0), into.0]);
            return;
        }
        What::Entered(call) => [head(1), about(call, 0)],
        What::Holding(reason) => [head(2), reason.map_or(0, |reason| 1 + reason as u32)],
        What::Admitted(call) => [head(3), about(call, 0)],
        What::FirstToken(call) => [head(4), about(call, 0)],
        What::Ended { call, end } => [head(8), about(call, end as u32)],
        What::Delivered(call) => [head(9), about(call, 0)],
        What::Released(call) => [head(11), about(call, 0)],
        What::Left { arm } => [head(12), arm.into()],
        What::Limit(limit) => [head(13), limit],
    };
    words.extend_from_slice(&short);
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
            13 => What::Limit(second),
            14 => What::Counted {
                call,
                cached_tokens: self.word()?,
                cache_write_tokens: self.word()?,
                reasoning_tokens: self.word()?,
            },
            _ => What::Billed { call, nano_usd: u64::from(self.word()?) << 32 | u64::from(self.word()?) },
        };
        Some((delta_us, what))
    }

    fn word(&mut self) -> Option<u32> {
        self.0.next().copied()
    }
}
