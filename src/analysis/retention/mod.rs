//! What an aggregator's outcome kept of its inputs, counted without asking a model.
//!
//! These are lower bounds: what is said in other words counts as lost. `1.2 million` is not 1,200,000,
//! `five` is not 5, and names are found by their capitals only.

pub mod arm;
mod name;
mod number;
mod word;

use std::iter::once;
use std::ops::RangeInclusive;

use self::name::{Name, Run, key, keys, runs};
use self::number::numbers;
use self::word::{Reading, Word};
use crate::engine::patterns::map_reduce::count_words;

/// What an aggregator was given of one worker.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    /// The section or the document. Its numbers are known to an aggregator, but need not be kept.
    pub name: &'a str,
    /// Without the key points.
    pub text: &'a str,
    /// None where the reply was not structured.
    pub key_points: &'a [String],
}

/// What was kept, each kind in the order in which the inputs say it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Retention {
    /// Kept if most of a point's words of content are in the outcome, in any order.
    pub key_points: Vec<Item>,
    /// Kept if the outcome has the same number, however its thousands are separated.
    pub numbers: Vec<Item>,
    /// Kept if the outcome has the name, or its last word where no other name ends with it.
    pub names: Vec<Item>,
    /// Numbers of the outcome that no input has, as they stand.
    pub invented: Vec<String>,
    /// How much of each input's words of content the outcome has, in per mille (ROUGE-1 recall); none
    /// where it has no such words. Short outcomes have little of anything: show the words beside it.
    pub coverage: Vec<Option<u32>>,
    pub words_in: u64,
    pub words_out: u64,
}

/// Something that inputs say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// As it first stands.
    pub text: String,
    /// Which inputs say it, by index, ascending.
    pub inputs: Vec<u32>,
    pub kept: bool,
}

/// How many of some items were kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Share {
    pub kept: u32,
    pub of: u32,
}

/// Of a key point's words of content, how many have to be in the outcome.
const KEPT_PERCENT: usize = 60;

/// Compares an outcome with what it was made of. The work grows with the length of the texts, not with
/// their product.
pub fn retention(inputs: &[Input], outcome: &str) -> Retention {
    let out = Reading::of(outcome);
    let said = keys(&out.words);
    let out_numbers = numbers(&out);
    let said_numbers = sorted(out_numbers.iter().map(|number| number.key));
    let mut retention = Retention { words_out: count_words(outcome), ..Retention::default() };
    let mut found_points = Vec::new();
    let mut found_numbers = Vec::new();
    let mut found_runs = Vec::new();
    // Numbers that an aggregator may say.
    let mut known = Vec::new();
    for (input, index) in inputs.iter().zip(0..) {
        known.extend(numbers(&Reading::of(input.name)).iter().map(|number| number.key));
        let mut content = Vec::new();
        let texts = once((input.text, false)).chain(input.key_points.iter().map(|point| (&**point, true)));
        for (text, is_point) in texts {
            let reading = Reading::of(text);
            retention.words_in += count_words(text);
            content.extend(reading.words.iter().filter(|word| word.has_content()).map(|word| word.hash));
            if is_point && !reading.words.is_empty() {
                let kept = covers(&said, &reading.words);
                found_points.push(Found { key: key(&reading.words), text: text.trim(), index, kept });
            }
            for number in numbers(&reading) {
                known.push(number.key);
                let kept = has(&said_numbers, number.key);
                found_numbers.push(Found { key: number.key, text: number.text, index, kept });
            }
            found_runs.extend(runs(&reading).into_iter().map(|run| (run, index)));
        }
        retention.coverage.push(recall(&sorted(content.into_iter()), &said));
    }
    known.sort_unstable();
    let invented = out_numbers.iter().filter(|number| !has(&known, number.key));
    let invented = invented.map(|number| Found { key: number.key, text: number.text, index: 0, kept: true });
    retention.invented = items(&invented.collect::<Vec<_>>()).into_iter().map(|item| item.text).collect();
    retention.key_points = items(&found_points);
    retention.numbers = items(&found_numbers);
    retention.names = items(&found_names(found_runs, &said));
    retention
}

impl Retention {
    /// Of everything that this many inputs say, how much was kept: what only one says is lost first.
    pub fn said_by(&self, n_inputs: RangeInclusive<usize>) -> Share {
        let mut share = Share::default();
        for item in [&self.key_points, &self.numbers, &self.names].into_iter().flatten() {
            if n_inputs.contains(&item.inputs.len()) {
                share.add(item);
            }
        }
        share
    }
}

impl Share {
    pub fn of(items: &[Item]) -> Self {
        let mut share = Share::default();
        items.iter().for_each(|item| share.add(item));
        share
    }

    /// The true share lies within with 95 % confidence, in per mille (Wilson's interval); none of nothing.
    pub fn interval(self) -> Option<(u32, u32)> {
        if self.of == 0 {
            return None;
        }
        // The square of the normal distribution's 97.5 % quantile.
        let z2 = 3.841_459;
        let n = f64::from(self.of);
        let p = f64::from(self.kept) / n;
        let middle = p + z2 / (2.0 * n);
        let half = (z2 * (p * (1.0 - p) / n + z2 / (4.0 * n * n))).sqrt();
        let per_mille = |share: f64| (share / (1.0 + z2 / n) * 1000.0 + 0.5) as u32;
        Some((per_mille(middle - half), per_mille(middle + half)))
    }

    fn add(&mut self, item: &Item) {
        self.of += 1;
        self.kept += u32::from(item.kept);
    }
}

/// Something an input says, at one place.
struct Found<'a> {
    key: u64,
    text: &'a str,
    index: u32,
    kept: bool,
}

/// What was found, with equal keys as one, in the order of the inputs.
fn items(found: &[Found]) -> Vec<Item> {
    let mut keys = sorted(found.iter().map(|found| found.key));
    keys.dedup();
    let mut places = vec![None; keys.len()];
    let mut items: Vec<Item> = Vec::with_capacity(keys.len());
    for Found { key, text, index, kept } in found {
        let Some(place) = places.get_mut(keys.partition_point(|other| other < key)) else { continue };
        let n_items = items.len();
        match items.get_mut(*place.get_or_insert(n_items)) {
            Some(item) if item.inputs.last() == Some(index) => {}
            Some(item) => item.inputs.push(*index),
            None => items.push(Item { text: text.to_string(), inputs: vec![*index], kept: *kept }),
        }
    }
    items
}

fn found_names<'a>(runs: Vec<(Run<'a>, u32)>, said: &[u64]) -> Vec<Found<'a>> {
    let certain = runs.iter().filter_map(|(run, _)| match run {
        Run::Name(name) => Some(name.key),
        Run::Start { rest, .. } => rest.map(|rest| rest.key),
    });
    let certain = sorted(certain);
    let names = runs.into_iter().filter_map(|(run, index)| match run {
        Run::Name(name) => Some((name, index)),
        Run::Start { whole, rest } => {
            whole.filter(|whole| has(&certain, whole.key)).or(rest).map(|name| (name, index))
        }
    });
    let names: Vec<(Name, u32)> = names.collect();
    let mut bearers: Vec<(u64, u64)> =
        names.iter().filter_map(|(name, _)| Some((name.surname?, name.key))).collect();
    bearers.sort_unstable();
    bearers.dedup();
    let is_unique = |surname: u64| {
        let first = bearers.partition_point(|(other, _)| *other < surname);
        bearers.get(first + 1).is_none_or(|(other, _)| *other != surname)
    };
    let kept = |name: &Name| {
        has(said, name.key) || name.surname.is_some_and(|surname| has(said, surname) && is_unique(surname))
    };
    names
        .iter()
        .map(|(name, index)| Found { key: name.key, text: name.text, index: *index, kept: kept(name) })
        .collect()
}

/// Whether an outcome that says this has most of a point.
fn covers(said: &[u64], point: &[Word]) -> bool {
    // Of a point of short words alone, all count.
    let short = !point.iter().any(Word::has_content);
    let counted = point.iter().filter(|word| short || word.has_content()).map(|word| word.hash);
    let (mut n, mut kept) = (0, 0);
    for word in counted {
        n += 1;
        kept += usize::from(has(said, word));
    }
    kept * 100 >= n * KEPT_PERCENT
}

/// How much of these words is said, each as often as it is on both sides.
fn recall(words: &[u64], said: &[u64]) -> Option<u32> {
    let mut kept = 0;
    for same in words.chunk_by(|a, b| a == b) {
        let Some(word) = same.first() else { continue };
        let first = said.partition_point(|other| other < word);
        kept += said.iter().skip(first).zip(same).take_while(|(other, word)| other == word).count();
    }
    let n = words.len() as u64;
    (kept as u64 * 1000 + n / 2).checked_div(n).map(|share| share as u32)
}

fn sorted(keys: impl Iterator<Item = u64>) -> Vec<u64> {
    let mut keys: Vec<u64> = keys.collect();
    keys.sort_unstable();
    keys
}

fn has(sorted: &[u64], key: u64) -> bool {
    sorted.binary_search(&key).is_ok()
}
