//! What of a draft is a number, a choice or a switch: each with one field on the page.
//!
//! Like a dial's, a value is a whole number or nothing, and a choice is the number of one of its
//! values. The finer settings are dials; those here have places of their own in the draft.

use super::check::MOST_VOTES;
use super::dial::{Dial, Values};
use super::draft::{Admission, Draft};
use crate::providers::simulated::latency::Speed;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Setting {
    Concurrency,
    Requests,
    Votes,
    Attempts,
    Admission,
    Burst,
    Tokens,
    Faults,
    RightVoters,
    SharedErrors,
    Speed,
    FanIn,
    Dial(Dial),
}

/// What its field is called, and what it takes.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    pub label: &'static str,
    pub unit: &'static str,
    pub takes: Takes,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Takes {
    /// Any number, and a slider for the usual ones.
    Slider(Steps),
    Number {
        least: u32,
        most: u32,
        may_be_none: bool,
    },
    /// One of these: values as the file has them, and the words for them.
    Choice(Vec<(&'static str, &'static str)>),
    /// 0 or 1.
    Flag,
}

/// The values of a slider, in order. The last step may stand for no limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Steps {
    /// Every whole number from one to the other.
    Range(u32, u32),
    /// Chosen stops; with `open_end` one more step behind them means no limit.
    Stops { stops: &'static [u32], open_end: bool },
}

const REQUESTS: &[u32] = &[10, 20, 30, 60, 120, 240, 500, 1000, 2000, 6000];
const TOKENS: &[u32] = &[5_000, 10_000, 20_000, 30_000, 60_000, 120_000, 250_000, 500_000, 1_000_000];
const BURSTS: &[u32] = &[1, 2, 4, 8, 16, 32, 60, 120];

/// What the page calls what stands at a place of the file, where that is one field with the same value.
pub fn called(path: &str) -> Option<&'static str> {
    let own = match path {
        "limits.concurrency" => Setting::Concurrency,
        "limits.requests_per_minute" => Setting::Requests,
        "limits.tokens_per_minute" => Setting::Tokens,
        "limits.burst" => Setting::Burst,
        "limits.admission" => Setting::Admission,
        "limits.attempts" => Setting::Attempts,
        "voting.votes" => Setting::Votes,
        "map_reduce.fan_in" => Setting::FanIn,
        _ => {
            let (group, key) = path.split_once('.')?;
            let about = Dial::ALL.iter().find(|about| about.group == group && about.key == key);
            return about.map(|about| about.label);
        }
    };
    Some(own.field().label)
}

impl Setting {
    /// Those that are no dials, each at its number.
    const OWN: [Setting; 12] = [
        Setting::Concurrency,
        Setting::Requests,
        Setting::Votes,
        Setting::Attempts,
        Setting::Admission,
        Setting::Burst,
        Setting::Tokens,
        Setting::Faults,
        Setting::RightVoters,
        Setting::SharedErrors,
        Setting::Speed,
        Setting::FanIn,
    ];

    /// The setting of a number.
    pub fn at(number: usize) -> Option<Setting> {
        let dial = || Dial::ALL.get(number - Setting::OWN.len()).map(|about| Setting::Dial(about.dial));
        Setting::OWN.get(number).copied().or_else(dial)
    }

    /// The number by which the page knows it.
    pub fn number(self) -> usize {
        match self {
            Setting::Dial(dial) => Setting::OWN.len() + dial as usize,
            own => Setting::OWN.iter().position(|other| *other == own).unwrap_or(0),
        }
    }

    pub fn read(self, draft: &Draft) -> Option<u32> {
        let place = |place: Option<usize>| place.map(|place| place as u32);
        match self {
            Setting::Concurrency => Some(draft.limits.concurrency),
            Setting::Requests => draft.limits.requests_per_minute,
            Setting::Votes => Some(draft.voting.votes),
            Setting::Attempts => Some(draft.limits.attempts),
            Setting::Admission => place(Admission::ALL.iter().position(|a| *a == draft.limits.admission)),
            Setting::Burst => Some(draft.limits.burst),
            Setting::Tokens => draft.limits.tokens_per_minute,
            Setting::Faults => Some(draft.simulation.fault_percent),
            Setting::RightVoters => percent(draft.simulation.difficulty),
            Setting::SharedErrors => percent(draft.simulation.shared_error),
            Setting::Speed => place(Speed::ALL.iter().position(|s| *s == draft.simulation.speed)),
            Setting::FanIn => Some(draft.map_reduce.fan_in),
            Setting::Dial(dial) => draft.dials.get(dial),
        }
    }

    /// Sets it, within its range.
    pub fn write(self, draft: &mut Draft, value: Option<u32>) {
        let n = value.unwrap_or(0);
        match self {
            Setting::Concurrency => draft.limits.concurrency = n.clamp(1, 1000),
            Setting::Requests => draft.limits.requests_per_minute = value.filter(|n| *n != 0),
            Setting::Votes => draft.voting.votes = n.min(MOST_VOTES),
            Setting::Attempts => draft.limits.attempts = n.clamp(1, 20),
            Setting::Admission => {
                draft.limits.admission = *Admission::ALL.get(n as usize).unwrap_or(&draft.limits.admission);
            }
            Setting::Burst => draft.limits.burst = n.max(1),
            Setting::Tokens => draft.limits.tokens_per_minute = value.filter(|n| *n != 0),
            Setting::Faults => draft.simulation.fault_percent = n.min(50),
            Setting::RightVoters => draft.simulation.difficulty = share(n),
            Setting::SharedErrors => draft.simulation.shared_error = share(n),
            Setting::Speed => {
                draft.simulation.speed = *Speed::ALL.get(n as usize).unwrap_or(&draft.simulation.speed);
            }
            Setting::FanIn => draft.map_reduce.fan_in = value.unwrap_or(2).min(1000),
            Setting::Dial(dial) => draft.dials.set(dial, value),
        }
    }

    /// Whether it changes anything as the draft stands.
    pub fn matters(self, draft: &Draft) -> bool {
        match self {
            Setting::Dial(dial) => dial.matters(&draft.dials),
            _ => true,
        }
    }

    pub fn field(self) -> Field {
        let range = |least, most| Takes::Slider(Steps::Range(least, most));
        let stops = |stops, open_end| Takes::Slider(Steps::Stops { stops, open_end });
        let (label, unit, takes) = match self {
            Setting::Concurrency => ("Concurrency", "at once", range(1, 32)),
            Setting::Requests => ("Requests per minute", "", stops(REQUESTS, true)),
            Setting::Votes => ("Votes", "", range(1, 31)),
            Setting::Attempts => ("Attempts", "", range(1, 10)),
            Setting::Admission => {
                let words = ["Send, retry if refused", "Ask the own limiter first"];
                let ways = Admission::ALL.map(Admission::as_str).into_iter().zip(words);
                ("At the rate limit", "", Takes::Choice(ways.collect()))
            }
            Setting::Burst => ("Burst", "at once", stops(BURSTS, false)),
            Setting::Tokens => ("Tokens per minute", "", stops(TOKENS, true)),
            Setting::Faults => ("Failing attempts", "%", range(0, 50)),
            Setting::RightVoters => ("A voter is right", "%", range(0, 100)),
            Setting::SharedErrors => ("Errors are shared", "%", range(0, 100)),
            Setting::Speed => {
                let speeds = Speed::ALL.map(|speed| (speed.as_str(), speed.as_str()));
                ("Model speed", "", Takes::Choice(speeds.to_vec()))
            }
            Setting::FanIn => ("Fan-in", "results a reduce call", range(2, 16)),
            Setting::Dial(dial) => {
                let about = dial.about();
                let takes = match about.values {
                    Values::Count { least, most } => Takes::Number { least, most, may_be_none: false },
                    Values::Optional { least, most } => Takes::Number { least, most, may_be_none: true },
                    Values::Choice(values) => Takes::Choice(values.to_vec()),
                    Values::Flag => Takes::Flag,
                };
                (about.label, about.unit, takes)
            }
        };
        Field { label, unit, takes }
    }
}

impl Steps {
    /// The first place of the slider, and the last.
    pub fn bounds(self) -> (u32, u32) {
        match self {
            Steps::Range(least, most) => (least, most),
            Steps::Stops { stops, open_end } => (0, (stops.len() - 1) as u32 + u32::from(open_end)),
        }
    }

    /// The place of a value, or the nearest there is.
    pub fn place(self, value: Option<u32>) -> u32 {
        match (self, value) {
            (Steps::Range(least, most), value) => value.unwrap_or(most).clamp(least, most),
            (Steps::Stops { stops, .. }, None) => stops.len() as u32,
            (Steps::Stops { stops, .. }, Some(value)) => {
                stops.iter().take_while(|stop| **stop < value).count().min(stops.len() - 1) as u32
            }
        }
    }

    /// The value at a place.
    pub fn value(self, place: u32) -> Option<u32> {
        match self {
            Steps::Range(..) => Some(place),
            Steps::Stops { stops, .. } => stops.get(place as usize).copied(),
        }
    }

    pub fn may_be_none(self) -> bool {
        matches!(self, Steps::Stops { open_end: true, .. })
    }
}

/// A share between 0 and 1 in percent, and back.
fn percent(share: f64) -> Option<u32> {
    Some((share * 100.0).round() as u32)
}

fn share(percent: u32) -> f64 {
    f64::from(percent.min(100)) / 100.0
}
