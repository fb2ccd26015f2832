//! What the dials mean to the engine.

use std::num::NonZeroU32;

use super::Limiters;
use super::dial::{Dial, Dials};
use crate::engine::batch::{Delivery, Entry, Manner};
use crate::engine::clock::{MS, SECOND};
use crate::engine::failure::FailurePolicy;
use crate::engine::limiter::adaptive::Adaptive;
use crate::engine::limiter::core::AfterPause;
use crate::engine::patterns::map_reduce::Combine;
use crate::engine::patterns::split::{Split, Unit};
use crate::engine::patterns::voting::reading::Reading;
use crate::engine::patterns::voting::rule::Rule;
use crate::engine::patterns::voting::stop::StopRule;
use crate::engine::retry::{Jitter, RetryPolicy};
use crate::engine::timeouts::Timeouts;

impl Dials {
    pub(super) fn manner(&self) -> Manner {
        let count = self.count(Dial::FailureCount);
        let size = NonZeroU32::new(self.count(Dial::EntrySize)).unwrap_or(NonZeroU32::MIN);
        Manner {
            policy: match self.count(Dial::OnFailure) {
                0 => FailurePolicy::Collect,
                1 => FailurePolicy::Gather,
                2 => FailurePolicy::TaskGroup,
                3 => FailurePolicy::FailFast,
                4 => FailurePolicy::Threshold(count),
                _ => FailurePolicy::Quorum(count),
            },
            entry: match self.count(Dial::Entry) {
                0 => Entry::All,
                1 => Entry::Window(size),
                _ => Entry::Chunks(size),
            },
            delivery: match self.count(Dial::Delivery) {
                0 => Delivery::Together,
                1 => Delivery::Completion,
                _ => Delivery::Input,
            },
        }
    }

    pub(super) fn timeouts(&self) -> Timeouts {
        let after_us = |dial| self.get(dial).map(|seconds| u64::from(seconds) * SECOND);
        Timeouts {
            attempt_us: after_us(Dial::AttemptTimeout),
            first_token_us: after_us(Dial::FirstTokenTimeout),
            idle_us: after_us(Dial::IdleTimeout),
            queue_us: after_us(Dial::QueueTimeout),
            call_us: after_us(Dial::CallTimeout),
            run_us: after_us(Dial::RunTimeout),
        }
    }

    pub(super) fn retry(&self, max_attempts: u32) -> RetryPolicy {
        RetryPolicy {
            max_attempts,
            max_refusals: self.count(Dial::Refusals),
            base_us: u64::from(self.count(Dial::BackoffBase)) * MS,
            cap_us: u64::from(self.count(Dial::BackoffCap)) * MS,
            jitter: match self.count(Dial::Jitter) {
                0 => Jitter::Equal,
                1 => Jitter::Full,
                2 => Jitter::Quarter,
                _ => Jitter::None,
            },
            budgeted: self.is_on(Dial::RetryBudget),
        }
    }

    pub(super) fn adaptive(&self) -> Option<Adaptive> {
        self.is_on(Dial::Adaptive).then_some(Adaptive::STANDARD)
    }

    pub(super) fn after_pause(&self) -> AfterPause {
        if self.is_on(Dial::AfterPause) { AfterPause::Probe } else { AfterPause::All }
    }

    pub(super) fn limiters(&self) -> Limiters {
        match self.count(Dial::Limiters) {
            0 => Limiters::Auto,
            1 => Limiters::Shared,
            _ => Limiters::Own,
        }
    }

    pub(super) fn reading(&self) -> Reading {
        Reading {
            case: self.is_on(Dial::ReadCase),
            punctuation: self.is_on(Dial::ReadPunctuation),
            number: self.is_on(Dial::ReadNumber),
            options: self.is_on(Dial::ReadOptions),
        }
    }

    pub(super) fn rule(&self) -> Rule {
        match self.count(Dial::Rule) {
            0 => Rule::Plurality,
            1 => Rule::Majority,
            2 => Rule::Unanimity,
            3 => Rule::LogOdds,
            _ => Rule::Softmax,
        }
    }

    pub(super) fn stop(&self) -> StopRule {
        match self.count(Dial::Stop) {
            0 => StopRule::None,
            1 => StopRule::Decided,
            2 => StopRule::Beta,
            3 => StopRule::Either,
            _ => StopRule::Esc { window: self.count(Dial::StopWindow) },
        }
    }

    pub(super) fn combine(&self) -> Combine {
        match self.count(Dial::Combine) {
            0 => Combine::Tree,
            1 => Combine::Fold,
            _ => Combine::Refine,
        }
    }

    /// How documents are split; none where they stay whole.
    pub(super) fn split(&self) -> Option<Split> {
        let by = match self.count(Dial::Split) {
            0 => return None,
            1 => Unit::Tokens,
            2 => Unit::Sentences,
            _ => Unit::Headings,
        };
        Some(Split { by, most_tokens: self.count(Dial::SplitTokens) })
    }
}
