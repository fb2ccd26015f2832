//! A batch: calls of one kind that belong together, under a failure policy.

use std::collections::VecDeque;
use std::num::NonZeroU32;

use futures::future::join_all;

use super::call::Request;
use super::failure::{FailurePolicy, Others, Settled, Verdict, Watch};
use super::retry::GaveUp;
use super::run::arm::Arm;
use super::run::call::Over;
use super::run::group::Group;
use super::run::{CallResult, Failed};

/// How a batch goes: who may begin, who is handed over when, and what a failure does. By default as
/// `gather(return_exceptions=True)` does it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Manner {
    pub policy: FailurePolicy,
    pub entry: Entry,
    pub delivery: Delivery,
}

/// How many calls of a batch are begun before results of others were used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Entry {
    /// All at once.
    #[default]
    All,
    /// At most so many calls are begun whose result was not used yet.
    Window(NonZeroU32),
    /// So many at a time; the next ones when the results of all of these were used.
    Chunks(NonZeroU32),
}

/// When results are handed over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Delivery {
    /// When all are there.
    #[default]
    Together,
    /// Each as it completes.
    Completion,
    /// Each as soon as those before it are there.
    Input,
}

/// Whether whoever takes the results wants more of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flow {
    GoOn,
    Enough,
}

/// How a batch ended for its caller.
#[derive(Clone, Debug)]
pub struct Gathered {
    pub settled: Settled,
    /// What failed, with the number of the call, in the order in which it did.
    pub failures: Vec<(u32, Failed)>,
    /// Whether somebody cancelled a call.
    pub stopped: bool,
}

impl Gathered {
    fn note(&mut self, Over { item, result }: &Over) {
        match result {
            Ok(_) => {}
            Err(Failed { gave_up: GaveUp::Cancelled, .. }) => self.stopped = true,
            Err(failed) => self.failures.push((*item, failed.clone())),
        }
    }
}

/// Makes calls 0 to `n` of the arm and hands their results to `deliver`. Prompts are written when
/// their call begins.
pub async fn gather(
    arm: &Arm,
    n: u32,
    manner: Manner,
    request: &mut dyn FnMut(u32) -> Request,
    deliver: &mut dyn FnMut(u32, CallResult) -> Flow,
) -> Gathered {
    let Manner { policy, entry, delivery } = manner;
    if (policy, entry, delivery) == (FailurePolicy::Collect, Entry::All, Delivery::Together) {
        let mut gathered = Gathered { settled: Settled::Results, failures: Vec::new(), stopped: false };
        for over in join_all((0..n).map(|item| arm.call(item, request(item)))).await {
            gathered.note(&over);
            deliver(over.item, over.result);
        }
        return gathered;
    }
    let mut batch = Batch::new(arm, n, policy, entry);
    let mut held = Held::default();
    loop {
        if let Some(gathered) = batch.leave_if_settled().await {
            // The caller gets what had come, in whatever order it was to come.
            held.hand_over_all(arm, deliver);
            return gathered;
        }
        batch.enter(request);
        let mut ready = batch.next().await;
        if ready.is_none() {
            return batch.gathered();
        }
        held.next_instant();
        while let Some(Over { item, result }) = ready {
            let n_over = match delivery {
                Delivery::Together | Delivery::Completion => {
                    (deliver(item, result) == Flow::GoOn).then_some(1)
                }
                Delivery::Input => {
                    held.put(item, result);
                    held.hand_over(arm, deliver)
                }
            };
            let Some(n_over) = n_over else { return batch.enough() };
            batch.used(n_over);
            ready = batch.next_now();
        }
    }
}

/// The calls of a batch that are under way.
pub struct Batch {
    arm: Arm,
    calls: Group,
    watch: Watch,
    gathered: Gathered,
    entry: Entry,
    /// The order in which they begin, where that is not the one of their numbers.
    sequence: Option<Vec<u32>>,
    /// How many were begun, and how many there are.
    next: u32,
    n: u32,
    /// Calls that were begun and whose result was not used yet.
    n_inside: u32,
}

impl Batch {
    pub fn new(arm: &Arm, n: u32, policy: FailurePolicy, entry: Entry) -> Self {
        // `gather()` knows no window: all its calls exist from the start, so all of them can run on.
        let entry = if policy == FailurePolicy::Gather { Entry::All } else { entry };
        Batch {
            arm: arm.clone(),
            calls: arm.group(),
            watch: Watch::new(policy, n),
            gathered: Gathered { settled: Settled::Results, failures: Vec::new(), stopped: false },
            entry,
            sequence: None,
            next: 0,
            n,
            n_inside: 0,
        }
    }

    /// Lets the calls begin in another order.
    pub fn in_sequence(mut self, sequence: Vec<u32>) -> Self {
        self.sequence = Some(sequence);
        self
    }

    /// Begins the calls for which there is room.
    pub fn enter(&mut self, request: &mut dyn FnMut(u32) -> Request) {
        let room = match self.entry {
            Entry::All => self.n - self.next,
            Entry::Window(most) => most.get().saturating_sub(self.n_inside),
            Entry::Chunks(size) if self.n_inside == 0 => size.get(),
            Entry::Chunks(_) => 0,
        };
        for place in self.next..self.next.saturating_add(room).min(self.n) {
            let item = self.item_at(place);
            self.calls.push(item, request(item));
            self.next += 1;
            self.n_inside += 1;
        }
    }

    fn item_at(&self, place: u32) -> u32 {
        let sequence = self.sequence.as_ref();
        sequence.and_then(|sequence| sequence.get(place as usize)).copied().unwrap_or(place)
    }

    /// Whether no call is under way.
    pub fn is_idle(&self) -> bool {
        self.calls.is_empty()
    }

    /// Makes call number `item`, which may be none of the batch's own: one that works on its results.
    pub fn add(&mut self, item: u32, request: Request) {
        self.calls.push(item, request);
    }

    /// Waits until a call is over; none where none is under way.
    pub async fn next(&mut self) -> Option<Over> {
        let over = self.calls.next().await?;
        self.note(&over);
        Some(over)
    }

    /// The next call that is over already.
    pub fn next_now(&mut self) -> Option<Over> {
        let over = self.calls.next_now()?;
        self.note(&over);
        Some(over)
    }

    fn note(&mut self, over: &Over) {
        if over.item < self.n {
            self.watch.note(&over.result);
            self.gathered.note(over);
        }
    }

    /// So many results were used: as many other calls may begin.
    pub fn used(&mut self, n: u32) {
        self.n_inside = self.n_inside.saturating_sub(n);
    }

    /// Results came to stay: they take the places of so many calls.
    pub fn unused(&mut self, n: u32) {
        self.n_inside += n;
    }

    /// Whether the policy has seen enough and the caller has the results it asked for.
    pub fn has_what_it_needs(&self) -> bool {
        self.watch.verdict() == Verdict::Leave(Others::Cancelled) && self.watch.settled() == Settled::Results
    }

    /// Cancels the calls of the batch that are not over, those that were not begun included, and says
    /// which they are. Calls that were added go on.
    pub fn cancel_own(&mut self) -> Vec<u32> {
        let mut open = self.calls.open();
        open.retain(|item| *item < self.n);
        open.iter().for_each(|item| self.calls.cancel(*item));
        let begun = self.next.min(self.n);
        match &self.sequence {
            Some(sequence) => open.extend(sequence.iter().skip(begun as usize)),
            None => open.extend(begun..self.n),
        }
        self.next = self.n;
        open.sort_unstable();
        open
    }

    /// Whether the policy has seen enough.
    pub fn is_settled(&self) -> bool {
        self.watch.verdict() != Verdict::Wait
    }

    /// Where the policy has seen enough: what the caller has. Calls that are not over are left,
    /// cancelled or waited for, as the policy says.
    pub async fn leave_if_settled(&mut self) -> Option<Gathered> {
        let Verdict::Leave(others) = self.watch.verdict() else { return None };
        if !self.is_idle() && others != Others::CancelledAndAwaited {
            self.arm.leave();
        }
        match others {
            Others::RunOn => self.calls.run_on(),
            Others::Cancelled => self.calls.let_go(),
            Others::CancelledAndAwaited => {
                self.calls.open().into_iter().for_each(|item| self.calls.cancel(item));
                while self.next().await.is_some() {}
            }
        }
        Some(self.gathered())
    }

    /// The caller needs no more: what is under way is cancelled.
    pub fn enough(&mut self) -> Gathered {
        if !self.calls.is_empty() {
            self.arm.leave();
        }
        self.calls.let_go();
        self.gathered()
    }

    /// What the caller has.
    pub fn gathered(&self) -> Gathered {
        Gathered { settled: self.watch.settled(), ..self.gathered.clone() }
    }
}

/// Results that wait for those before them.
#[derive(Default)]
struct Held {
    /// The item that is handed over next, and what came from there on with the instant it came in.
    next: u32,
    results: VecDeque<Option<(u32, CallResult)>>,
    instant: u32,
}

impl Held {
    fn next_instant(&mut self) {
        self.instant += 1;
    }

    fn put(&mut self, item: u32, result: CallResult) {
        let place = item.saturating_sub(self.next) as usize;
        if self.results.len() <= place {
            self.results.resize(place + 1, None);
        }
        if let Some(slot) = self.results.get_mut(place) {
            *slot = Some((self.instant, result));
        }
    }

    /// Hands over what stands at the front, and says how much that was; none where nobody wants more.
    fn hand_over(&mut self, arm: &Arm, deliver: &mut dyn FnMut(u32, CallResult) -> Flow) -> Option<u32> {
        let mut n = 0;
        while let Some(front) = self.results.front_mut()
            && let Some((instant, result)) = front.take()
        {
            self.results.pop_front();
            let item = self.next;
            self.next += 1;
            n += 1;
            if instant != self.instant {
                arm.delivered(item);
            }
            if deliver(item, result) == Flow::Enough {
                return None;
            }
        }
        Some(n)
    }

    /// Hands over everything, gaps or not.
    fn hand_over_all(&mut self, arm: &Arm, deliver: &mut dyn FnMut(u32, CallResult) -> Flow) {
        for (place, held) in std::mem::take(&mut self.results).into_iter().enumerate() {
            if let Some((_, result)) = held {
                let item = self.next + place as u32;
                arm.delivered(item);
                deliver(item, result);
            }
        }
    }
}
