//! A slow and simple telling of what the limiter has to do, for comparison with the engine. It shares no
//! code with it: at each instant every item is looked at, and the next instant is the smallest of all the
//! times at which anything could happen.

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    pub cap: u32,
    pub adaptive: Option<Adaptive>,
    pub requests: Option<Requests>,
    pub tokens: Option<Bucket>,
    /// One unit of money for each token.
    pub budget: Option<u64>,
    pub probe: bool,
    pub window: Option<u32>,
    pub order: Order,
    pub retry: Retry,
    pub timeouts: Timeouts,
    pub policy: Policy,
    pub clean_up_us: u64,
    pub items: Vec<Item>,
    /// Item and time.
    pub cancels: Vec<(usize, u64)>,
    pub stop_at: Option<u64>,
    /// Time and new cap.
    pub resizes: Vec<(u64, u32)>,
}

/// The highest limit is the cap.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Adaptive {
    pub init: u32,
    pub min: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Requests {
    Bucket { per_minute: u32, burst: u32 },
    Rolling { per_minute: u32 },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bucket {
    pub per_minute: u32,
    pub burst: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    Completion,
    Input,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retry {
    pub max_attempts: u32,
    pub max_refusals: u32,
    pub base_us: u64,
    pub cap_us: u64,
    pub budget: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Timeouts {
    pub attempt: Option<u64>,
    pub first_token: Option<u64>,
    pub idle: Option<u64>,
    pub queue: Option<u64>,
    pub item: Option<u64>,
    pub run: Option<u64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Policy {
    Collect,
    Gather,
    TaskGroup,
    FailFast,
    Threshold(u32),
    Quorum(u32),
}

/// Every attempt takes the next step, a refused one too; the last step serves all further attempts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    pub reserved: u32,
    pub steps: Vec<Step>,
}

/// The chunks are times since the start of the attempt, ascending and at most `after_us`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    pub chunks: Vec<u64>,
    pub after_us: u64,
    pub end: StepEnd,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepEnd {
    Served { tokens: u32 },
    Server,
    Rejected,
    Refused { retry_after_us: Option<u64> },
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    pub items: Vec<ToldItem>,
    pub settled_us: u64,
    pub ended_us: u64,
    pub peak: u32,
    pub uncertain: u32,
    pub spent: u64,
}

/// An item that never entered has no times at all.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ToldItem {
    pub starts: Vec<u64>,
    pub ended_us: Option<u64>,
    pub end: End,
    pub entered_us: Option<u64>,
    pub delivered_us: Option<u64>,
    pub paused: u64,
    pub queued: u64,
    pub budget: u64,
    pub request_rate: u64,
    pub token_rate: u64,
    pub in_flight: u64,
    pub backing_off: u64,
    pub cleaning_up: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum End {
    Served,
    Failed(Why),
    Cancelled,
    #[default]
    NeverEntered,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    Final,
    AttemptsUsed,
    RefusalsUsed,
    WaitTooLong,
    RetryBudget,
    Deadline,
    QueueTimeout,
    ItemTimeout,
    RunTimeout,
    Stalled,
    OverBudget,
}

/// Panics where an item can never end, as with a cap or a window of 0.
pub fn tell(config: &Config) -> Told {
    let mut world = World::new(config);
    world.instant();
    while !world.works.iter().all(|work| work.phase == Phase::Over) {
        let next = world.next().expect("an item can never end");
        world.pass(next - world.now);
        world.now = next;
        world.instant();
    }
    let items: Vec<ToldItem> = world.works.into_iter().map(|work| work.told).collect();
    let ended_us = items.iter().filter_map(|item| item.ended_us).max().unwrap_or(0);
    Told {
        items,
        settled_us: world.settled.unwrap_or(ended_us),
        ended_us,
        peak: world.peak,
        uncertain: world.uncertain,
        spent: world.spent,
    }
}

const MINUTE: u64 = 60_000_000;
const LONGEST_WAIT: u64 = 120_000_000;
const REFUSAL_BASE: u64 = 2_000_000;

#[derive(Clone, Copy, PartialEq, Default)]
enum Phase {
    #[default]
    Outside,
    Ready {
        since: u64,
    },
    Flight {
        since: u64,
        serial: u64,
    },
    BackingOff {
        until: u64,
    },
    CleaningUp {
        until: u64,
    },
    Over,
}

#[derive(Clone, Copy)]
enum Reason {
    Paused,
    Queued,
    Budget,
    RequestRate,
    TokenRate,
}

#[derive(Clone, Copy, PartialEq)]
enum Outcome {
    Served(u32),
    Rejected,
    Refused,
    Unknown,
}

enum Verdict {
    Go,
    OverBudget,
    Wait(Reason),
}

#[derive(Default)]
struct Work {
    phase: Phase,
    failures: u32,
    refusals: u32,
    /// Admitted at this very instant; whoever cancels it before it is sent gets everything back.
    unsent: bool,
    /// Ended by the stop or by the time-out of the run, of which the policy takes no notice.
    by_stop: bool,
    told: ToldItem,
}

/// A token is `MINUTE` units, and `per_minute` units come in each microsecond.
struct Level {
    units: i128,
    at: u64,
    bucket: Bucket,
}

impl Level {
    fn new(bucket: Bucket) -> Level {
        Level { units: bucket.burst as i128 * MINUTE as i128, at: 0, bucket }
    }

    fn fill(&mut self, now: u64) {
        let more = (now - self.at) as i128 * self.bucket.per_minute as i128;
        self.at = now;
        self.add(more);
    }

    fn add(&mut self, units: i128) {
        self.units = (self.units + units).min(self.bucket.burst as i128 * MINUTE as i128);
    }

    fn enough_at(&self, tokens: u32) -> Option<u64> {
        let need = tokens.min(self.bucket.burst) as i128 * MINUTE as i128;
        let missing = (need - self.units).max(0);
        let rate = self.bucket.per_minute as i128;
        match rate {
            0 => (missing == 0).then_some(self.at),
            rate => Some(self.at + ((missing + rate - 1) / rate) as u64),
        }
    }
}

struct World<'a> {
    config: &'a Config,
    now: u64,
    works: Vec<Work>,
    changed: bool,
    cap: u32,
    limit: u32,
    successes: u32,
    saturated: bool,
    /// Attempts are numbered in the order of admission; those below are older than the last decrease.
    epoch: u64,
    admitted: Vec<Option<u64>>,
    requests: Option<Level>,
    tokens: Option<Level>,
    spent: u64,
    uncertain: u32,
    peak: u32,
    pause: Option<u64>,
    /// The first attempt after the pause would have at least this number.
    probing: Option<u64>,
    retry_level: u32,
    reason: Reason,
    decided: bool,
    settled: Option<u64>,
    stopped: Option<u64>,
}

impl<'a> World<'a> {
    fn new(config: &'a Config) -> World<'a> {
        let requests = match config.requests {
            Some(Requests::Bucket { per_minute, burst }) => Some(Level::new(Bucket { per_minute, burst })),
            _ => None,
        };
        World {
            config,
            now: 0,
            works: config.items.iter().map(|_| Work::default()).collect(),
            changed: false,
            cap: config.cap,
            limit: config.adaptive.map_or(config.cap, |adaptive| adaptive.init.min(config.cap)),
            successes: 0,
            saturated: false,
            epoch: 0,
            admitted: Vec::new(),
            requests,
            tokens: config.tokens.map(Level::new),
            spent: 0,
            uncertain: 0,
            peak: 0,
            pause: None,
            probing: None,
            retry_level: 100,
            reason: Reason::Queued,
            decided: false,
            settled: None,
            stopped: None,
        }
    }

    fn instant(&mut self) {
        let mut first = true;
        loop {
            self.changed = false;
            self.completions();
            self.time_outs();
            if first {
                self.cancels();
                self.resizes();
                first = false;
            }
            self.waits_over();
            self.policy();
            self.deliveries();
            self.entries();
            self.sendings();
            self.admissions();
            if !self.changed {
                return;
            }
        }
    }

    fn completions(&mut self) {
        for i in 0..self.works.len() {
            let Phase::Flight { since, serial } = self.works[i].phase else { continue };
            if self.works[i].unsent {
                continue;
            }
            let step = self.step(i);
            if self.now < since.saturating_add(step.after_us) {
                continue;
            }
            match step.end {
                StepEnd::Served { tokens } => {
                    self.count_success();
                    self.leave(i, Outcome::Served(tokens));
                    self.retry_level = (self.retry_level + 1).min(100);
                    self.end(i, End::Served);
                }
                StepEnd::Server => self.fail(i),
                StepEnd::Rejected => {
                    self.leave(i, Outcome::Rejected);
                    self.end(i, End::Failed(Why::Final));
                }
                StepEnd::Refused { retry_after_us } => {
                    self.count_refusal(serial);
                    self.leave(i, Outcome::Refused);
                    self.refuse(i, retry_after_us);
                }
            }
        }
    }

    fn time_outs(&mut self) {
        let limits = self.config.timeouts;
        let now = self.now;
        let due = |since, limit| plus(since, limit).is_some_and(|at| at <= now);
        for i in 0..self.works.len() {
            if let Phase::Flight { since, .. } = self.works[i].phase {
                let chunk = self.last_chunk(i, since);
                if due(since, limits.attempt) || (chunk.is_none() && due(since, limits.first_token)) {
                    self.fail(i);
                } else if chunk.is_some_and(|chunk| due(chunk, limits.idle)) {
                    self.abandon(i, Why::Stalled);
                }
            }
            if let Phase::Ready { since } = self.works[i].phase
                && due(since, limits.queue)
            {
                self.abandon(i, Why::QueueTimeout);
            }
            if matches!(self.works[i].phase, Phase::CleaningUp { .. } | Phase::Over) {
                continue;
            }
            if self.works[i].told.entered_us.is_some_and(|entered| due(entered, limits.item)) {
                self.abandon(i, Why::ItemTimeout);
            } else if due(0, limits.run) {
                self.works[i].by_stop = true;
                match self.works[i].phase {
                    Phase::Outside => self.end(i, End::NeverEntered),
                    _ => self.abandon(i, Why::RunTimeout),
                }
            }
        }
        if due(0, limits.run) && self.stopped.is_none() {
            self.stopped = Some(now);
        }
    }

    fn cancels(&mut self) {
        for &(i, at) in &self.config.cancels {
            if at == self.now {
                self.cancel(i);
            }
        }
        if self.config.stop_at == Some(self.now) {
            self.stopped = self.stopped.or(Some(self.now));
            for i in 0..self.works.len() {
                self.works[i].by_stop |=
                    !matches!(self.works[i].phase, Phase::CleaningUp { .. } | Phase::Over);
                self.cancel(i);
            }
        }
    }

    fn resizes(&mut self) {
        for &(at, cap) in &self.config.resizes {
            if at == self.now {
                self.cap = cap;
                self.limit = if self.config.adaptive.is_some() { self.limit.min(cap) } else { cap };
            }
        }
    }

    fn waits_over(&mut self) {
        for i in 0..self.works.len() {
            if matches!(self.works[i].phase, Phase::CleaningUp { until } if until <= self.now) {
                self.end(i, End::Cancelled);
            }
        }
        for i in 0..self.works.len() {
            if matches!(self.works[i].phase, Phase::BackingOff { until } if until <= self.now) {
                self.change(i, Phase::Ready { since: self.now });
            }
        }
    }

    fn policy(&mut self) {
        // What ends after a stop is the stop's doing, not the policy's.
        if self.decided || self.stopped.is_some_and(|at| at < self.now) {
            return;
        }
        let heeded = || self.works.iter().filter(|work| work.phase == Phase::Over && !work.by_stop);
        let failed = heeded().filter(|work| matches!(work.told.end, End::Failed(_))).count();
        let served = heeded().filter(|work| work.told.end == End::Served).count();
        let lost = heeded().count() - served;
        self.decided = match self.config.policy {
            Policy::Collect => false,
            Policy::Gather | Policy::TaskGroup | Policy::FailFast => failed > 0,
            Policy::Threshold(most) => failed > most as usize,
            Policy::Quorum(least) => served >= least as usize || self.works.len() - lost < least as usize,
        };
        if !self.decided {
            return;
        }
        if self.config.policy != Policy::TaskGroup {
            self.settled = Some(self.now);
        }
        if self.config.policy != Policy::Gather {
            (0..self.works.len()).for_each(|i| self.cancel(i));
        }
    }

    fn deliveries(&mut self) {
        for i in 0..self.works.len() {
            let work = &mut self.works[i];
            if work.phase != Phase::Over {
                if self.config.order == Order::Input {
                    return;
                }
            } else if work.told.entered_us.is_some() && work.told.delivered_us.is_none() {
                work.told.delivered_us = Some(self.now);
                self.changed = true;
            }
        }
    }

    fn entries(&mut self) {
        for i in 0..self.works.len() {
            if self.works[i].phase != Phase::Outside {
                continue;
            }
            let held = |work: &&Work| work.told.entered_us.is_some() && work.told.delivered_us.is_none();
            let held = self.works.iter().filter(held).count();
            if self.config.window.is_some_and(|window| held >= window as usize) {
                return;
            }
            self.works[i].told.entered_us = Some(self.now);
            self.change(i, Phase::Ready { since: self.now });
        }
    }

    fn sendings(&mut self) {
        for work in &mut self.works {
            self.changed |= std::mem::take(&mut work.unsent);
        }
    }

    fn admissions(&mut self) {
        if self.pause.is_some_and(|until| until <= self.now) {
            self.pause = None;
            if let Some(level) = &mut self.requests {
                level.fill(self.now);
                level.units = level.units.min(MINUTE as i128);
            }
            if self.config.probe && self.config.requests.is_none() {
                self.probing = Some(self.admitted.len() as u64);
            }
        }
        while let Some(head) = self.head() {
            match self.verdict(head) {
                Verdict::Go => self.start(head),
                Verdict::OverBudget => self.end(head, End::Failed(Why::OverBudget)),
                Verdict::Wait(reason) => {
                    self.reason = reason;
                    return;
                }
            }
        }
    }

    fn verdict(&self, head: usize) -> Verdict {
        let estimate = self.config.items[head].reserved;
        if self.pause.is_some() || self.probing.is_some_and(|from| self.flying_from(from) > 0) {
            return Verdict::Wait(Reason::Paused);
        }
        if self.flying_from(0) >= self.limit {
            return Verdict::Wait(Reason::Queued);
        }
        if let Some(budget) = self.config.budget {
            let flying = |(work, _): &(&Work, &Item)| matches!(work.phase, Phase::Flight { .. });
            let pairs = self.works.iter().zip(&self.config.items);
            let reserved: u64 = pairs.filter(flying).map(|(_, item)| item.reserved as u64).sum();
            if self.spent + estimate as u64 > budget {
                return Verdict::OverBudget;
            }
            if self.spent + reserved + estimate as u64 > budget {
                return Verdict::Wait(Reason::Budget);
            }
        }
        if self.request_at().is_none_or(|at| at > self.now) {
            return Verdict::Wait(Reason::RequestRate);
        }
        if self.tokens_at(estimate).is_none_or(|at| at > self.now) {
            return Verdict::Wait(Reason::TokenRate);
        }
        Verdict::Go
    }

    /// The earliest time from the last change on at which a request may start, or never.
    fn request_at(&self) -> Option<u64> {
        match (&self.requests, self.config.requests) {
            (Some(level), _) => level.enough_at(1),
            (None, Some(Requests::Rolling { per_minute })) => {
                let counted =
                    |now: u64| self.admitted.iter().flatten().filter(|&&at| at + MINUTE > now).count();
                let free = |&now: &u64| counted(now) < per_minute as usize;
                let leaving =
                    self.admitted.iter().flatten().map(|&at| at + MINUTE).filter(|&at| at > self.now);
                leaving.chain([self.now]).filter(free).min()
            }
            _ => Some(self.now),
        }
    }

    fn tokens_at(&self, estimate: u32) -> Option<u64> {
        self.tokens.as_ref().map_or(Some(self.now), |level| level.enough_at(estimate))
    }

    fn start(&mut self, i: usize) {
        if let Some(level) = &mut self.requests {
            level.fill(self.now);
            level.add(-(MINUTE as i128));
        }
        if let Some(level) = &mut self.tokens {
            level.fill(self.now);
            level.add(-(self.config.items[i].reserved as i128 * MINUTE as i128));
        }
        self.change(i, Phase::Flight { since: self.now, serial: self.admitted.len() as u64 });
        self.admitted.push(Some(self.now));
        self.works[i].unsent = true;
        self.works[i].told.starts.push(self.now);
        self.peak = self.peak.max(self.flying_from(0));
    }

    /// An attempt that was admitted and not sent is as if it had never been.
    fn take_back(&mut self, i: usize, serial: u64) {
        self.works[i].unsent = false;
        self.admitted[serial as usize] = None;
        if let Some(level) = &mut self.requests {
            level.fill(self.now);
            level.add(MINUTE as i128);
        }
        if let Some(level) = &mut self.tokens {
            level.fill(self.now);
            level.add(self.config.items[i].reserved as i128 * MINUTE as i128);
        }
    }

    /// Settles the attempt in flight; the caller says what becomes of the item.
    fn leave(&mut self, i: usize, outcome: Outcome) {
        let Phase::Flight { serial, .. } = self.works[i].phase else { panic!("not in flight") };
        let reserved = self.config.items[i].reserved;
        let (spent, back) = match outcome {
            Outcome::Served(actual) => (actual, reserved as i128 - actual as i128),
            Outcome::Rejected | Outcome::Refused => (0, reserved as i128),
            Outcome::Unknown => (reserved, 0),
        };
        self.spent += spent as u64;
        self.uncertain += (outcome == Outcome::Unknown) as u32;
        if let Some(level) = &mut self.tokens {
            level.fill(self.now);
            level.add(back * MINUTE as i128);
        }
        if outcome != Outcome::Refused && self.probing.is_some_and(|from| serial >= from) {
            self.probing = None;
        }
    }

    /// The attempt in flight met a server error or ran out of its time, so it may be tried again.
    fn fail(&mut self, i: usize) {
        self.leave(i, Outcome::Unknown);
        self.works[i].failures += 1;
        self.retry_level = self.retry_level.saturating_sub(10);
        let retry = self.config.retry;
        let failures = self.works[i].failures;
        let delay = doubled(retry.base_us, failures, retry.cap_us);
        if failures >= retry.max_attempts {
            self.end(i, End::Failed(Why::AttemptsUsed));
        } else if retry.budget && self.retry_level <= 50 {
            self.end(i, End::Failed(Why::RetryBudget));
        } else {
            self.back_off(i, delay);
        }
    }

    fn refuse(&mut self, i: usize, retry_after: Option<u64>) {
        self.works[i].refusals += 1;
        let retry = self.config.retry;
        let refusals = self.works[i].refusals;
        let delay = match retry_after {
            None | Some(0) => doubled(REFUSAL_BASE, refusals, retry.cap_us.max(REFUSAL_BASE)),
            Some(wait) => wait,
        };
        if retry_after.is_some_and(|wait| wait > LONGEST_WAIT) {
            self.end(i, End::Failed(Why::WaitTooLong));
        } else if refusals > retry.max_refusals {
            self.end(i, End::Failed(Why::RefusalsUsed));
        } else if self.back_off(i, delay) {
            self.pause = self.pause.max(Some(self.now + delay));
        }
    }

    /// Whether there is time for it.
    fn back_off(&mut self, i: usize, delay: u64) -> bool {
        let until = self.now.saturating_add(delay);
        let entered = self.works[i].told.entered_us.expect("it has entered");
        let late = |since, limit| plus(since, limit).is_some_and(|at| at <= until);
        if late(entered, self.config.timeouts.item) || late(0, self.config.timeouts.run) {
            self.end(i, End::Failed(Why::Deadline));
            return false;
        }
        self.change(i, Phase::BackingOff { until });
        true
    }

    /// The item ends at once for the lack of time, whatever it is doing.
    fn abandon(&mut self, i: usize, why: Why) {
        if matches!(self.works[i].phase, Phase::Flight { .. }) {
            self.leave(i, Outcome::Unknown);
        }
        self.end(i, End::Failed(why));
    }

    fn cancel(&mut self, i: usize) {
        match self.works[i].phase {
            Phase::Outside => self.end(i, End::NeverEntered),
            Phase::Ready { .. } | Phase::BackingOff { .. } => self.end(i, End::Cancelled),
            Phase::Flight { serial, .. } if self.works[i].unsent => {
                self.take_back(i, serial);
                self.end(i, End::Cancelled);
            }
            Phase::Flight { .. } => {
                self.leave(i, Outcome::Unknown);
                match self.config.clean_up_us {
                    0 => self.end(i, End::Cancelled),
                    long => self.change(i, Phase::CleaningUp { until: self.now.saturating_add(long) }),
                }
            }
            Phase::CleaningUp { .. } | Phase::Over => {}
        }
    }

    fn end(&mut self, i: usize, end: End) {
        self.change(i, Phase::Over);
        let told = &mut self.works[i].told;
        told.end = end;
        told.ended_us = told.entered_us.map(|_| self.now);
    }

    fn change(&mut self, i: usize, phase: Phase) {
        self.works[i].phase = phase;
        self.changed = true;
    }

    fn count_success(&mut self) {
        if self.config.adaptive.is_none() {
            return;
        }
        self.successes += 1;
        self.saturated |= self.flying_from(0) >= self.limit;
        if self.successes >= self.limit {
            if self.saturated {
                self.limit = (self.limit + 1).min(self.cap);
            }
            self.successes = 0;
            self.saturated = false;
        }
    }

    fn count_refusal(&mut self, serial: u64) {
        let Some(adaptive) = self.config.adaptive else { return };
        if serial >= self.epoch {
            self.limit = (self.limit / 2).max(adaptive.min).min(self.cap);
            self.successes = 0;
            self.saturated = false;
            self.epoch = self.admitted.len() as u64;
        }
    }

    fn head(&self) -> Option<usize> {
        self.works.iter().position(|work| matches!(work.phase, Phase::Ready { .. }))
    }

    fn flying_from(&self, from: u64) -> u32 {
        let flying = |work: &&Work| matches!(work.phase, Phase::Flight { serial, .. } if serial >= from);
        self.works.iter().filter(flying).count() as u32
    }

    fn step(&self, i: usize) -> &'a Step {
        let steps = &self.config.items[i].steps;
        &steps[(self.works[i].told.starts.len() - 1).min(steps.len() - 1)]
    }

    fn last_chunk(&self, i: usize, since: u64) -> Option<u64> {
        self.step(i).chunks.iter().map(|chunk| since + chunk).filter(|&at| at <= self.now).max()
    }

    /// Spends the time up to the next instant, during which nothing changes.
    fn pass(&mut self, time: u64) {
        for work in &mut self.works {
            let told = &mut work.told;
            match work.phase {
                Phase::Outside | Phase::Over => {}
                Phase::Flight { .. } => told.in_flight += time,
                Phase::BackingOff { .. } => told.backing_off += time,
                Phase::CleaningUp { .. } => told.cleaning_up += time,
                Phase::Ready { .. } => match self.reason {
                    Reason::Paused => told.paused += time,
                    Reason::Queued => told.queued += time,
                    Reason::Budget => told.budget += time,
                    Reason::RequestRate => told.request_rate += time,
                    Reason::TokenRate => told.token_rate += time,
                },
            }
        }
    }

    fn next(&self) -> Option<u64> {
        let limits = self.config.timeouts;
        let mut times: Vec<Option<u64>> = vec![self.pause, limits.run, self.config.stop_at];
        times.extend(self.config.cancels.iter().map(|&(_, at)| Some(at)));
        times.extend(self.config.resizes.iter().map(|&(at, _)| Some(at)));
        if let Some(head) = self.head() {
            times.extend([self.request_at(), self.tokens_at(self.config.items[head].reserved)]);
        }
        for (i, work) in self.works.iter().enumerate() {
            let mut after = |since, limit| times.push(plus(since, limit));
            match work.phase {
                Phase::Outside | Phase::Over => continue,
                Phase::Ready { since } => after(since, limits.queue),
                Phase::BackingOff { until } | Phase::CleaningUp { until } => after(until, Some(0)),
                Phase::Flight { since, .. } => {
                    let step = self.step(i);
                    step.chunks.iter().for_each(|&chunk| after(since, Some(chunk)));
                    after(since, Some(step.after_us));
                    after(since, limits.attempt);
                    after(since, limits.first_token);
                    if let Some(chunk) = self.last_chunk(i, since) {
                        after(chunk, limits.idle);
                    }
                }
            }
            after(work.told.entered_us.expect("it has entered"), limits.item);
        }
        times.into_iter().flatten().filter(|&at| at > self.now).min()
    }
}

fn plus(since: u64, limit: Option<u64>) -> Option<u64> {
    limit.map(|limit| since.saturating_add(limit))
}

fn doubled(base: u64, times: u32, most: u64) -> u64 {
    base.saturating_mul(2_u64.saturating_pow(times - 1)).min(most)
}
