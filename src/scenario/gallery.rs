//! The ready scenarios. Their files lie beside the page under `scenarios/`; the first one is on
//! screen when the page opens, so the page asks for it along with the program.

/// A ready scenario.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ready {
    /// The file is `scenarios/NAME.json`; links begin with it.
    pub name: &'static str,
    pub title: &'static str,
}

/// The revision of every ready scenario. One that changes after links to it were given out gets a
/// revision of its own, and what it was before stays.
pub const REVISION: u32 = 1;

pub const READY: [Ready; 5] = [
    Ready { name: "bill-of-rights", title: "The Bill of Rights" },
    Ready { name: "gettysburg", title: "Gettysburg Address: too small to pay" },
    Ready { name: "aesop", title: "Aesop: what a deep tree loses" },
    Ready { name: "federalist-10", title: "Federalist 10: the provider sets the pace" },
    Ready { name: "declaration", title: "The Declaration: failing calls, shared errors" },
];

pub const FIRST: Ready = READY[0];
