//! Every call of a run, and every attempt that is under way.

use slab::Slab;

use super::flight::{Course, Flight};
use super::slot::{FlightKey, Phase, Slot};
use super::timers::Stage;
use crate::engine::call::{CallId, Foreseen};

#[derive(Default)]
pub(super) struct Ledger {
    pub(super) slots: Vec<Slot>,
    flights: Slab<Flight>,
}

impl Ledger {
    pub(super) fn slot(&self, call: CallId) -> Option<&Slot> {
        self.slots.get(call.0 as usize)
    }

    pub(super) fn slot_mut(&mut self, call: CallId) -> Option<&mut Slot> {
        self.slots.get_mut(call.0 as usize)
    }

    /// The attempt of a call that is under way.
    pub(super) fn flight(&self, call: CallId) -> Option<&Flight> {
        self.flights.get(self.slot(call)?.phase.flight()?.0)
    }

    pub(super) fn flight_mut(&mut self, call: CallId) -> Option<&mut Flight> {
        let key = self.slot(call)?.phase.flight()?;
        self.flights.get_mut(key.0)
    }

    /// The attempt of a call is under way from now on.
    pub(super) fn take_off(&mut self, call: CallId, flight: Flight) {
        if let Some(slot) = self.slots.get_mut(call.0 as usize) {
            slot.phase = Phase::InFlight(FlightKey(self.flights.insert(flight)));
        }
    }

    /// The attempt of a call is no longer under way; its phase is for the caller to change.
    pub(super) fn take_flight(&mut self, call: CallId) -> Option<Flight> {
        let key = self.slot(call)?.phase.flight()?;
        self.flights.try_remove(key.0)
    }

    /// When a stage began that has not ended; none where the call is not in it.
    pub(super) fn began_us(&self, call: CallId, stage: Stage) -> Option<u64> {
        let slot = self.slot(call)?;
        let flight = slot.phase.flight().and_then(|key| self.flights.get(key.0));
        match stage {
            Stage::Attempt => flight.map(|_| slot.since_us),
            Stage::FirstToken => flight.filter(|flight| flight.part_us.is_none()).map(|_| slot.since_us),
            Stage::Idle => flight.and_then(|flight| flight.part_us),
            Stage::Queue => (slot.phase == Phase::Waiting).then_some(slot.since_us),
            Stage::Call => (flight.is_some() || matches!(slot.phase, Phase::Waiting | Phase::BackingOff))
                .then_some(slot.entered_us),
        }
    }

    /// The course of a call's attempt, where it is known.
    pub(super) fn foreseen(&self, call: CallId) -> Option<&Foreseen> {
        self.flight(call)?.foreseen()
    }

    /// What an attempt that is over brought; none where it is not.
    pub(super) fn take_course(&mut self, call: CallId) -> Option<Flight> {
        let key = self.slot(call)?.phase.flight()?;
        match self.flights.get(key.0)?.course {
            Course::Awaited(_) => None,
            Course::Foreseen(_) | Course::Arrived(_) => self.flights.try_remove(key.0),
        }
    }
}
