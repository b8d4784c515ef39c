//! Remembers what a payment or draw was worth where the same moves led to it.
//!
//! A formula depends on a few events and counters only; the value for one
//! combination of their arms serves every path with that combination.

use super::Builder;
use crate::program::*;
use detente_game::{ChanceId, PayListId};
use std::collections::{BTreeSet, HashMap};
use std::hash::{BuildHasherDefault, Hasher};

/// A fast hasher for small keys of integers; not for hostile input, and never iterated.
#[derive(Clone, Copy, Default)]
pub(super) struct Mix(u64);

impl Hasher for Mix {
    fn finish(&self) -> u64 {
        self.0 ^ (self.0 >> 29)
    }
    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut word = [0u8; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            self.write_u64(u64::from_le_bytes(word));
        }
    }
    fn write_u8(&mut self, x: u8) {
        self.write_u64(u64::from(x));
    }
    fn write_u32(&mut self, x: u32) {
        self.write_u64(u64::from(x));
    }
    fn write_usize(&mut self, x: usize) {
        self.write_u64(x as u64);
    }
    fn write_u64(&mut self, x: u64) {
        self.0 = (self.0.rotate_left(23) ^ x).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    }
}

pub(super) type Fast<K, V> = HashMap<K, V, BuildHasherDefault<Mix>>;

/// What a group of formulas depends on.
#[derive(Clone, Debug, Default)]
pub(super) struct Needs {
    events: Vec<usize>,
    counters: Vec<usize>,
    /// True if it looks at other rounds, so that nothing is remembered.
    elsewhere: bool,
}

/// A remembered place: its needs and what was found for each combination.
#[derive(Debug)]
pub(super) struct Site<R> {
    needs: Needs,
    known: Fast<Box<[u64]>, R>,
}

/// Remembered payments by outcome, and draws by the address of their statement.
#[derive(Debug, Default)]
pub(super) struct Memo {
    outcomes: Fast<usize, Site<PayListId>>,
    draws: Fast<usize, Site<ChanceId>>,
}

impl<'p> Builder<'p> {
    /// Returns the payments of an outcome here, if nothing else is paid.
    pub(super) fn outcome_pays(&mut self, outcome: usize) -> PayListId {
        let program = self.program;
        self.memo.outcomes.entry(outcome).or_insert_with(|| {
            let formulas = program.outcomes[outcome].pays.iter().map(|p| &p.amount);
            Site { needs: needs(program, formulas), known: Fast::default() }
        });
        let key = self.memo.outcomes.get(&outcome).and_then(|site| self.key(&site.needs));
        if let Some(key) = &key
            && let Some(list) = self.memo.outcomes.get(&outcome).and_then(|site| site.known.get(key))
        {
            return *list;
        }
        let mut pays = Vec::new();
        self.pay(&program.outcomes[outcome].pays, &mut pays);
        let list = self.pay_list(&pays);
        if let (Some(key), Some(site)) = (key, self.memo.outcomes.get_mut(&outcome)) {
            site.known.insert(key, list);
        }
        list
    }

    /// Returns the chance move of a statement here; `None` after an error.
    pub(super) fn remembered_draw(
        &mut self,
        code: &'p ChanceCode,
        find: impl FnOnce(&mut Self) -> Option<ChanceId>,
    ) -> Option<ChanceId> {
        let at = std::ptr::from_ref(code) as usize;
        if !self.memo.draws.contains_key(&at) {
            let formulas = code.arms.iter().filter_map(|arm| match &arm.weight {
                Weight::Formula(formula) => Some(formula),
                Weight::Rest(_) => None,
            });
            let mut needs = needs(self.program, formulas);
            // The event itself differs from round to round.
            needs.counters.extend(&self.program.events[code.event].loops);
            self.memo.draws.insert(at, Site { needs, known: Fast::default() });
        }
        let key = self.memo.draws.get(&at).and_then(|site| self.key(&site.needs));
        if let Some(key) = &key
            && let Some(chance) = self.memo.draws.get(&at).and_then(|site| site.known.get(key))
        {
            return Some(*chance);
        }
        let chance = find(self)?;
        if let (Some(key), Some(site)) = (key, self.memo.draws.get_mut(&at)) {
            site.known.insert(key, chance);
        }
        Some(chance)
    }

    /// The arms and counters that matter; `None` if something is missing or looks elsewhere.
    fn key(&self, needs: &Needs) -> Option<Box<[u64]>> {
        if needs.elsewhere {
            return None;
        }
        let mut key = Vec::with_capacity(needs.events.len() + needs.counters.len());
        for counter in &needs.counters {
            key.push(self.counters[*counter]? as u64);
        }
        for decl in &needs.events {
            let event = self.find_event(*decl)?;
            let arm = self.taken[event.index()]?;
            key.push(u64::from(event.0) << 32 | u64::from(arm));
        }
        Some(key.into_boxed_slice())
    }
}

/// Collects what formulas depend on, through functions and tables.
fn needs<'a>(program: &'a Program, formulas: impl Iterator<Item = &'a Formula>) -> Needs {
    let mut needs = Needs::default();
    let mut seen = BTreeSet::new();
    for formula in formulas {
        collect(program, formula, &mut needs, &mut seen);
    }
    needs
}

fn collect<'a>(
    program: &'a Program,
    formula: &'a Formula,
    needs: &mut Needs,
    seen: &mut BTreeSet<(bool, usize)>,
) {
    let mut inner: Vec<&Formula> = Vec::new();
    formula.walk(&mut |f| match &f.kind {
        FormulaKind::Event { event, index } => {
            needs.elsewhere |= !index.is_empty();
            if !needs.events.contains(event) {
                needs.events.push(*event);
            }
        }
        FormulaKind::Counter(id) if !needs.counters.contains(id) => needs.counters.push(*id),
        FormulaKind::Quantified(..) => needs.elsewhere = true,
        FormulaKind::Call(at, _) if seen.insert((true, *at)) => inner.push(&program.functions[*at].body),
        FormulaKind::Table(at, _) if seen.insert((false, *at)) => {
            inner.extend(program.tables[*at].cells.iter().map(|(_, value)| value));
        }
        _ => {}
    });
    for formula in inner {
        collect(program, formula, needs, seen);
    }
}
