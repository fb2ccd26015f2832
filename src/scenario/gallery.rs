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

/// From the simplest to the hardest.
pub const READY: [Ready; 14] = [
    Ready { name: "bill-of-rights", title: "The Bill of Rights: cap your calls" },
    Ready { name: "eight-planets", title: "Eight planets: independent parts" },
    Ready { name: "guest-book", title: "A guest book: many small items" },
    Ready { name: "first-lines", title: "First lines: votes against invention" },
    Ready { name: "bus-timetable", title: "A bus timetable: one call is enough" },
    Ready { name: "gettysburg", title: "Gettysburg Address: too small to pay" },
    Ready { name: "jack-built", title: "The house that Jack built: a chain" },
    Ready { name: "federalist-10", title: "Federalist 10: the limit sets the pace" },
    Ready { name: "declaration", title: "The Declaration: a shared mistake" },
    Ready { name: "weather-stations", title: "Weather stations: one call fails" },
    Ready { name: "aesop", title: "Aesop: what a deep tree loses" },
    Ready { name: "bridge-reports", title: "Bridge reports: the lost warning" },
    Ready { name: "lighthouse-log", title: "A lighthouse log: in strict order" },
    Ready { name: "rain-year", title: "A year of rain: what memory holds" },
];

pub const FIRST: Ready = READY[0];
