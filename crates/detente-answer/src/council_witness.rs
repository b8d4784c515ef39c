//! Failure witnesses of claims about councils: numbers of the table at which a claim is false.
//!
//! The one idea: as for games, base values, corners of the ranges and draws are looked at, in this order.
//! A table has many numbers, so what differs from the base is first pushed to the ends of its range, where few
//! numbers do what many did, and then whatever can go back to its base value does: what is left is what the
//! failure hangs on, and none of it can be spared.

use crate::council::Session;
use crate::sampler::Sampler;
use crate::solved::with_formulas;
use crate::witness::{Place, corners, with};
use detente_exact::Q;
use detente_game::ParamId;
use detente_model::model::Claim;
use detente_prob::Prior;
use detente_prob::base::three_digits;
use detente_solve::Progress;
use serde::Serialize;

/// Draws looked at for a claim that nothing before has falsified.
const MOST_DRAWS: u64 = 1000;

/// A failure in every theory is preferred to one in some, if it needs no more numbers than this: a longer list
/// convinces nobody.
const MOST_NUMBERS: usize = 6;
/// Points reduced for a claim before the best witness so far is good enough.
const MOST_REDUCED: usize = 8;

/// Numbers at which a claim is false.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CouncilWitness {
    pub place: Place,
    /// The parameters that differ from their base values there, and their values.
    pub params: Vec<(String, f64)>,
    /// True if it is false in every theory that decides it.
    pub in_all: bool,
    /// The theories in which it is false; one empty word where none is needed.
    pub theories: Vec<String>,
}

/// Searches a witness for every claim about a council, among `draws` draws of the seed.
pub fn search(
    session: &Session,
    sampler: &Sampler,
    seed: u64,
    draws: u64,
    progress: &dyn Progress,
) -> Vec<Option<CouncilWitness>> {
    let uncertain: Vec<(ParamId, &Prior)> = sampler.uncertain().collect();
    let claims = &session.model.council_claims;
    let mut hunt = Hunt {
        session,
        uncertain,
        progress,
        found: claims.iter().map(|_| None).collect(),
        reduced: vec![0; claims.len()],
        stopped: false,
    };
    let model = session.model;
    hunt.look(Place::Base, &model.game.base_params());
    for corner in corners(&hunt.uncertain) {
        let point = with(model, &hunt.uncertain, &corner);
        hunt.look(Place::Corner, &point);
    }
    for index in 0..draws.min(MOST_DRAWS) {
        let drawn: Option<Vec<Q>> = sampler.values(seed, index).iter().map(|v| three_digits(*v)).collect();
        if let Some(drawn) = drawn {
            let point = with(model, &hunt.uncertain, &drawn);
            hunt.look(Place::Draw, &point);
        }
    }
    hunt.found
}

struct Hunt<'a> {
    session: &'a Session<'a>,
    uncertain: Vec<(ParamId, &'a Prior)>,
    progress: &'a dyn Progress,
    found: Vec<Option<CouncilWitness>>,
    /// How many points were reduced for each claim.
    reduced: Vec<usize>,
    stopped: bool,
}

/// Which theories call a claim false, and whether all do; `None` where it holds, is left out or undefined.
type Falsehood = Option<(Vec<String>, bool)>;

impl Hunt<'_> {
    fn falsehood(&self, claims: &[&Claim], params: &[Q]) -> Vec<Falsehood> {
        let point: Vec<f64> = with_formulas(self.session.model, params).iter().map(Q::to_f64).collect();
        let Ok(sittings) = self.session.at(&point) else { return vec![None; claims.len()] };
        let decide = |claim: &&Claim| {
            let left_out = claim.restriction.as_ref().is_some_and(|r| {
                let holds = self.session.truth(r, &point, &sittings);
                holds.first().is_none_or(|(_, holds)| *holds != Ok(true))
            });
            let by = self.session.truth(&claim.body, &point, &sittings);
            let undefined = by.iter().any(|(_, holds)| holds.is_err());
            let theories: Vec<String> =
                by.iter().filter(|(_, holds)| *holds == Ok(false)).map(|(word, _)| word.clone()).collect();
            let all = theories.len() == by.len();
            (!left_out && !undefined && !theories.is_empty()).then_some((theories, all))
        };
        claims.iter().map(decide).collect()
    }

    /// Can a better witness of a claim be hoped for?
    fn open(&self, claim: usize) -> bool {
        let good = |w: &CouncilWitness| w.in_all && w.params.len() <= MOST_NUMBERS;
        self.reduced[claim] < MOST_REDUCED && !self.found[claim].as_ref().is_some_and(good)
    }

    /// Looks at one point and keeps it for every claim that is false there and has no better witness.
    fn look(&mut self, place: Place, params: &[Q]) {
        self.stopped |= !self.progress.keep_going(1.0);
        let all = &self.session.model.council_claims;
        let claims: Vec<usize> = (0..all.len()).filter(|k| self.open(*k)).collect();
        if self.stopped || claims.is_empty() {
            return;
        }
        let listed: Vec<&Claim> = claims.iter().map(|k| &all[*k]).collect();
        for (k, falsehood) in claims.iter().zip(self.falsehood(&listed, params)) {
            let Some((_, in_all)) = falsehood else { continue };
            // What is false in some theories only is of interest until there is a witness.
            if !in_all && self.found[*k].is_some() {
                continue;
            }
            self.reduced[*k] += 1;
            let found = self.witness(&all[*k], place, params, in_all);
            let old = self.found[*k].as_ref();
            if old.is_none_or(|old| rank(&found) < rank(old)) {
                self.found[*k] = Some(found);
            }
        }
    }

    /// The witness that a point comes to once it is pushed to the ends and reduced.
    fn witness(&self, claim: &Claim, place: Place, params: &[Q], in_all: bool) -> CouncilWitness {
        let far = self.pushed(params);
        let still = |found: &Falsehood| found.as_ref().is_some_and(|(_, all)| *all || !in_all);
        let (place, params) = match still(&self.falsehood(&[claim], &far)[0]) {
            true if place != Place::Base => (Place::Corner, far),
            _ => (place, params.to_vec()),
        };
        let params = self.reduced(claim, &params, in_all);
        let (theories, in_all) = self.falsehood(&[claim], &params).swap_remove(0).unwrap_or((vec![], in_all));
        CouncilWitness { place, params: self.changed(&params), in_all, theories }
    }

    /// The same point with every number that differs from its base value at that end of its range.
    fn pushed(&self, params: &[Q]) -> Vec<Q> {
        let mut far = params.to_vec();
        for (param, prior) in &self.uncertain {
            let (base, value) =
                (&self.session.model.game.params[param.index()].base, &mut far[param.index()]);
            let share = if *value > *base { 0.99 } else { 0.01 };
            if *value != *base
                && let Some(end) = three_digits(prior.quantile(share))
                && (end > *base) == (*value > *base)
            {
                *value = end;
            }
        }
        far
    }

    /// The same point with every number back at its base value that the failure does not need.
    fn reduced(&self, claim: &Claim, params: &[Q], in_all: bool) -> Vec<Q> {
        let mut kept = params.to_vec();
        let game = &self.session.model.game;
        // What is needed may become dispensable once others are back, so each is tried more than once; many
        // at a time first, since most of a long table has nothing to do with one claim.
        let mut size = self.uncertain.len().div_ceil(2).max(1);
        loop {
            let mut spared = false;
            for part in self.uncertain.chunks(size) {
                let changed = part.iter().any(|(p, _)| kept[p.index()] != game.params[p.index()].base);
                if !changed || !self.progress.keep_going(1.0) {
                    continue;
                }
                let mut less = kept.clone();
                part.iter().for_each(|(p, _)| less[p.index()] = game.params[p.index()].base.clone());
                let still = &self.falsehood(&[claim], &less)[0];
                if still.as_ref().is_some_and(|(_, all)| *all || !in_all) {
                    kept = less;
                    spared = true;
                }
            }
            // Of single numbers each is tried until none can be spared.
            if size == 1 && !spared {
                return kept;
            }
            size = size.div_ceil(2);
        }
    }

    fn changed(&self, params: &[Q]) -> Vec<(String, f64)> {
        let game = &self.session.model.game;
        let changed = self.uncertain.iter().filter(|(p, _)| params[p.index()] != game.params[p.index()].base);
        changed.map(|(p, _)| (game.params[p.index()].name.clone(), params[p.index()].to_f64())).collect()
    }
}

/// What comes first: false in every theory by few numbers, then by the fewest numbers.
fn rank(witness: &CouncilWitness) -> (bool, usize, bool) {
    let few = witness.params.len() <= MOST_NUMBERS;
    (!(witness.in_all && few), witness.params.len(), !witness.in_all)
}
