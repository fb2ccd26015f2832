//! The finer settings of a scenario, each described once: the file, the page and the checks read
//! the same table.
//!
//! A dial is a whole number or nothing; a choice is the number of one of its values. Dials that
//! stand where they always do are not written.

/// What can be set. The discriminant is the dial's place in the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Dial {
    OnFailure,
    FailureCount,
    Entry,
    EntrySize,
    Delivery,
    Limiters,
    RollingMinute,
    Adaptive,
    AfterPause,
    Budget,
    Refusals,
    BackoffBase,
    BackoffCap,
    Jitter,
    RetryBudget,
    AttemptTimeout,
    FirstTokenTimeout,
    IdleTimeout,
    QueueTimeout,
    CallTimeout,
    RunTimeout,
    CleanUp,
    Single,
    Rule,
    Judge,
    ReadCase,
    ReadPunctuation,
    ReadNumber,
    ReadOptions,
    Stop,
    StopWindow,
    Combine,
    LongestFirst,
    Split,
    SplitTokens,
    ContextTokens,
}

/// What a dial is called and may say.
#[derive(Clone, Copy, Debug)]
pub struct About {
    pub dial: Dial,
    /// The object of the file it stands in, and its key there.
    pub group: &'static str,
    pub key: &'static str,
    pub label: &'static str,
    pub unit: &'static str,
    pub values: Values,
    pub default: Option<u32>,
}

#[derive(Clone, Copy, Debug)]
pub enum Values {
    Count {
        least: u32,
        most: u32,
    },
    /// A count that may be missing.
    Optional {
        least: u32,
        most: u32,
    },
    /// Values as the file has them, and the words for them.
    Choice(&'static [(&'static str, &'static str)]),
    /// 0 or 1.
    Flag,
}

/// How all dials stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dials([Option<u32>; Dial::ALL.len()]);

impl Dials {
    pub fn get(&self, dial: Dial) -> Option<u32> {
        self.0.get(dial as usize).copied().flatten()
    }

    /// Where a count is asked for that is always there.
    pub fn count(&self, dial: Dial) -> u32 {
        self.get(dial).unwrap_or(0)
    }

    pub fn is_on(&self, dial: Dial) -> bool {
        self.get(dial) == Some(1)
    }

    /// Sets a dial, within its range.
    pub fn set(&mut self, dial: Dial, value: Option<u32>) {
        let about = dial.about();
        let value = match about.values {
            Values::Count { least, most } => value.map(|n| n.clamp(least, most)).or(about.default),
            Values::Optional { least, most } => value.map(|n| n.clamp(least, most)),
            Values::Choice(values) => value.filter(|n| (*n as usize) < values.len()).or(about.default),
            Values::Flag => value.map(|n| n.min(1)).or(about.default),
        };
        if let Some(slot) = self.0.get_mut(dial as usize) {
            *slot = value;
        }
    }
}

impl Default for Dials {
    fn default() -> Self {
        Dials(Dial::ALL.map(|about| about.default))
    }
}

impl Dial {
    pub fn about(self) -> &'static About {
        &Dial::ALL[self as usize]
    }

    /// Whether it changes anything as the others stand.
    pub fn matters(self, dials: &Dials) -> bool {
        match self {
            Dial::FailureCount => dials.count(Dial::OnFailure) >= 4,
            Dial::EntrySize => dials.count(Dial::Entry) > 0,
            Dial::StopWindow => dials.count(Dial::Stop) == 4,
            Dial::SplitTokens => dials.count(Dial::Split) > 0,
            _ => true,
        }
    }

    /// In the order of the enum.
    pub const ALL: [About; 36] = [
        choice(
            Dial::OnFailure,
            ["failures", "policy"],
            "When a call fails",
            &[
                ("collect", "collect: gather(return_exceptions=True)"),
                ("gather", "gather(): the others run on, unseen"),
                ("task-group", "TaskGroup: cancel the others, wait for them"),
                ("fail-fast", "fail fast: cancel the others, go on at once"),
                ("threshold", "bear so many failures"),
                ("quorum", "be content with so many results"),
            ],
        ),
        count(Dial::FailureCount, ["failures", "count"], "How many", "calls", [0, 100_000], 3),
        choice(
            Dial::Entry,
            ["order", "entry"],
            "Begin",
            &[
                ("all", "all at once"),
                ("window", "as results are used, in a window"),
                ("chunks", "in chunks"),
            ],
        ),
        count(Dial::EntrySize, ["order", "size"], "Window or chunk", "calls", [1, 100_000], 32),
        choice(
            Dial::Delivery,
            ["order", "delivery"],
            "Hand over results",
            &[
                ("together", "when all are there"),
                ("completion", "as they come"),
                ("input", "in input order"),
            ],
        ),
        choice(
            Dial::Limiters,
            ["limits", "limiters"],
            "Limiters",
            &[
                ("auto", "one each when simulated, one when live"),
                ("shared", "one for all arms"),
                ("own", "one for each arm"),
            ],
        ),
        flag(Dial::RollingMinute, ["limits", "rolling_minute"], "Count requests in a rolling minute", false),
        flag(Dial::Adaptive, ["limits", "adaptive"], "Adapt concurrency to refusals", false),
        choice(
            Dial::AfterPause,
            ["limits", "after_pause"],
            "After a pause",
            &[("all", "all go on"), ("probe", "one goes ahead")],
        ),
        optional(
            Dial::Budget,
            ["limits", "budget_mills"],
            "Budget",
            "1/10 cent an arm",
            [1, 100_000_000],
            None,
        ),
        count(Dial::Refusals, ["retries", "refusals"], "Refusals a call bears", "", [0, 1000], 10),
        count(Dial::BackoffBase, ["retries", "base_ms"], "First backoff", "ms", [0, 60_000], 500),
        count(Dial::BackoffCap, ["retries", "cap_ms"], "Longest backoff", "ms", [0, 600_000], 8000),
        choice(
            Dial::Jitter,
            ["retries", "jitter"],
            "Jitter",
            &[
                ("equal", "half drawn"),
                ("full", "all drawn"),
                ("quarter", "up to a quarter off"),
                ("none", "none"),
            ],
        ),
        flag(Dial::RetryBudget, ["retries", "budget"], "Stop retrying while most attempts fail", true),
        optional(Dial::AttemptTimeout, ["timeouts", "attempt_s"], "Attempt", "s", [1, 3600], None),
        optional(
            Dial::FirstTokenTimeout,
            ["timeouts", "first_token_s"],
            "First token",
            "s",
            [1, 3600],
            Some(30),
        ),
        optional(Dial::IdleTimeout, ["timeouts", "idle_s"], "Silence in a stream", "s", [1, 3600], Some(30)),
        optional(Dial::QueueTimeout, ["timeouts", "queue_s"], "Waiting to be sent", "s", [1, 3600], None),
        optional(Dial::CallTimeout, ["timeouts", "call_s"], "Call, all in all", "s", [1, 86_400], None),
        optional(Dial::RunTimeout, ["timeouts", "run_s"], "Run", "s", [1, 86_400], None),
        count(Dial::CleanUp, ["simulation", "clean_up_ms"], "Stopping a call takes", "ms", [0, 60_000], 0),
        flag(Dial::Single, ["compare", "single"], "Also ask as one call", false),
        choice(
            Dial::Rule,
            ["voting", "rule"],
            "Who wins",
            &[
                ("plurality", "most votes"),
                ("majority", "more than half"),
                ("unanimity", "all votes"),
                ("log-odds", "weighed by confidence, log-odds"),
                ("softmax", "weighed by confidence, softmax"),
            ],
        ),
        flag(Dial::Judge, ["voting", "judge"], "A judge chooses among the answers", false),
        flag(Dial::ReadCase, ["voting", "read_case"], "Capitals do not matter", true),
        flag(Dial::ReadPunctuation, ["voting", "read_punctuation"], "Punctuation does not matter", true),
        flag(Dial::ReadNumber, ["voting", "read_number"], "A number is its value", false),
        flag(Dial::ReadOptions, ["voting", "read_options"], "An answer is the option it names", true),
        choice(
            Dial::Stop,
            ["voting", "stop"],
            "Stop voting",
            &[
                ("none", "when all have voted"),
                ("decided", "when it is decided"),
                ("beta", "when it is 95 % sure (Beta)"),
                ("either", "when decided or sure"),
                ("esc", "when a window agrees (ESC)"),
            ],
        ),
        count(Dial::StopWindow, ["voting", "stop_window"], "ESC window", "votes", [1, 101], 5),
        choice(
            Dial::Combine,
            ["map_reduce", "combine"],
            "Combine",
            &[
                ("tree", "in a tree, level by level"),
                ("fold", "as results come (fold)"),
                ("refine", "one after the other (refine)"),
            ],
        ),
        flag(Dial::LongestFirst, ["map_reduce", "longest_first"], "Longest documents first", false),
        choice(
            Dial::Split,
            ["map_reduce", "split"],
            "Split documents",
            &[
                ("none", "not at all"),
                ("tokens", "by tokens"),
                ("sentences", "by sentences"),
                ("headings", "by headings"),
            ],
        ),
        count(
            Dial::SplitTokens,
            ["map_reduce", "split_tokens"],
            "Piece",
            "tokens at most",
            [1, 1_000_000],
            500,
        ),
        optional(
            Dial::ContextTokens,
            ["map_reduce", "context_tokens"],
            "Context window",
            "tokens; sets the fan-in",
            [16, 100_000_000],
            None,
        ),
    ];
}

/// A row of the table; `at` is the object of the file it stands in, and its key there.
const fn choice(
    dial: Dial,
    at: [&'static str; 2],
    label: &'static str,
    values: &'static [(&'static str, &'static str)],
) -> About {
    About {
        dial,
        group: at[0],
        key: at[1],
        label,
        unit: "",
        values: Values::Choice(values),
        default: Some(0),
    }
}

const fn flag(dial: Dial, at: [&'static str; 2], label: &'static str, on: bool) -> About {
    About { dial, group: at[0], key: at[1], label, unit: "", values: Values::Flag, default: Some(on as u32) }
}

const fn count(
    dial: Dial,
    at: [&'static str; 2],
    label: &'static str,
    unit: &'static str,
    range: [u32; 2],
    default: u32,
) -> About {
    let values = Values::Count { least: range[0], most: range[1] };
    About { dial, group: at[0], key: at[1], label, unit, values, default: Some(default) }
}

const fn optional(
    dial: Dial,
    at: [&'static str; 2],
    label: &'static str,
    unit: &'static str,
    range: [u32; 2],
    default: Option<u32>,
) -> About {
    let values = Values::Optional { least: range[0], most: range[1] };
    About { dial, group: at[0], key: at[1], label, unit, values, default }
}
