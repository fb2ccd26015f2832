//! Money as a hard stop: what an attempt may cost is reserved before it is sent.

use crate::engine::price::Price;

/// The most a run may spend, in billionths of a US dollar, and what tokens cost it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    pub most_nano_usd: u64,
    pub price: Price,
}

/// Whether an attempt can be paid for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Affordable {
    Yes,
    /// Once attempts in flight have cost less than was reserved for them.
    Perhaps,
    /// Not even if all that is reserved came back.
    No,
}

/// What is spent and what is reserved for attempts in flight.
#[derive(Clone, Copy, Debug, Default)]
pub struct Spending {
    pub spent_nano_usd: u64,
    pub reserved_nano_usd: u64,
}

impl Spending {
    pub fn affordable(&self, budget: &Budget, cost_nano_usd: u64) -> Affordable {
        let at_best = self.spent_nano_usd.saturating_add(cost_nano_usd);
        if at_best > budget.most_nano_usd {
            Affordable::No
        } else if at_best.saturating_add(self.reserved_nano_usd) > budget.most_nano_usd {
            Affordable::Perhaps
        } else {
            Affordable::Yes
        }
    }

    pub fn reserve(&mut self, cost_nano_usd: u64) {
        self.reserved_nano_usd = self.reserved_nano_usd.saturating_add(cost_nano_usd);
    }

    /// A reservation ends; `actual_nano_usd` of it was spent.
    pub fn settle(&mut self, reserved_nano_usd: u64, actual_nano_usd: u64) {
        self.reserved_nano_usd = self.reserved_nano_usd.saturating_sub(reserved_nano_usd);
        self.spent_nano_usd = self.spent_nano_usd.saturating_add(actual_nano_usd);
    }
}
