//! Failure witnesses: parameter values at which a claim is false.
//!
//! A claim that no values can falsify says nothing about the world. The search
//! looks at the base values, the corners of the ranges, the draws, and then at
//! ranges doubled through zero; each find is solved anew, exactly. Then parameters
//! return to their base values wherever the claim stays false, so that a witness
//! names only what matters. Points that enclosures prove to falsify nothing new are passed over.

use crate::claims::{Column, Decision, applies, decide, refuted};
use crate::draws::Draw;
use crate::fast::points::Claims;
use crate::sampler::Sampler;
use crate::solved::{Games, Memory, all_games, needed, solve_near, with_formulas};
use crate::verdict::{Class, Verdict};
use detente_batch::LANES;
use detente_exact::Q;
use detente_game::ParamId;
use detente_model::Model;
use detente_model::model::Claim;
use detente_prob::base::three_digits;
use detente_prob::{Prior, uniform};
use detente_solve::{Progress, Settings};
use serde::{Deserialize, Serialize};

/// Most corners that are tried.
const MAX_CORNERS: usize = 64;
/// Points tried in the doubled ranges.
const DOUBLED: u64 = 128;
/// Draws solved anew per claim before the search moves on.
const MAX_DRAWS: usize = 8;

/// Where a witness was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Place {
    Base,
    /// 1 % and 99 % quantiles of the priors.
    Corner,
    Draw,
    /// Outside the ranges as written: doubled and widened to hold zero.
    Doubled,
}

/// Values at which a claim is false.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Witness {
    pub place: Place,
    /// The uncertain parameters that differ from their base values; every value is exact.
    pub params: Vec<(String, Q)>,
    /// True if it is false in every equilibrium there; else false in one at least.
    pub in_all: bool,
    pub decision: Decision,
}

/// Searches a witness for every claim of a model; `None`: it follows from the structure,
/// as far as the search sees.
pub fn search(
    model: &Model,
    sampler: &Sampler,
    draws: &[Draw],
    settings: &Settings,
    memory: &Memory,
    progress: &dyn Progress,
) -> Vec<Option<Witness>> {
    let games = all_games(model);
    let base = model.game.base_params();
    let claims: Vec<&Claim> = model.claims.iter().collect();
    let point = solve_near(model, &base, &games, settings, Some(memory), progress).ok();
    let lanes = point.map(|p| Claims::new(model, &p, settings.concept, &claims));
    let found = model.claims.iter().map(|_| None).collect();
    let mut hunt = Hunt { model, games, settings, memory, progress, lanes, found };
    let uncertain: Vec<(ParamId, &Prior)> = sampler.uncertain().collect();
    hunt.look(Place::Base, &uncertain, &base, None);
    let ends: Vec<Vec<Q>> = corners(&uncertain).iter().map(|c| with(model, &uncertain, c)).collect();
    hunt.look_all(Place::Corner, &uncertain, &ends);
    for claim in 0..model.claims.len() {
        for draw in promising(model, &uncertain, draws, claim) {
            let rounded: Option<Vec<Q>> = draw.values.iter().map(|v| three_digits(*v)).collect();
            for values in [rounded, Some(draw.values.iter().filter_map(|v| Q::from_f64(*v)).collect())] {
                if let Some(values) = values.filter(|_| !hunt.settled(claim)) {
                    hunt.look(Place::Draw, &uncertain, &with(model, &uncertain, &values), None);
                }
            }
        }
    }
    let value = |index: u64| -> Option<Vec<Q>> {
        uncertain.iter().map(|(p, prior)| doubled(model, *p, prior, index)).collect()
    };
    let wide: Vec<Vec<Q>> = (0..DOUBLED).filter_map(value).map(|v| with(model, &uncertain, &v)).collect();
    hunt.look_all(Place::Doubled, &uncertain, &wide);
    for claim in 0..model.claims.len() {
        hunt.shorten(claim, &uncertain);
    }
    hunt.found
}

struct Hunt<'a> {
    model: &'a Model,
    games: Games,
    settings: &'a Settings,
    memory: &'a Memory,
    progress: &'a dyn Progress,
    /// Decides claims at many points; `None` without a game at the base values.
    lanes: Option<Claims<'a>>,
    found: Vec<Option<Witness>>,
}

impl Hunt<'_> {
    fn settled(&self, claim: usize) -> bool {
        self.found[claim].as_ref().is_some_and(|w| w.in_all)
    }

    /// Looks at these points in their order, as long as a claim is open.
    fn look_all(&mut self, place: Place, uncertain: &[(ParamId, &Prior)], points: &[Vec<Q>]) {
        for some in points.chunks(LANES) {
            if !self.found.iter().any(|w| open(w, place)) {
                return;
            }
            let known = self.lanes.as_ref().map_or(vec![None; some.len()], |lanes| lanes.classes(some));
            for (params, known) in some.iter().zip(known) {
                self.look(place, uncertain, params, known.as_deref());
            }
        }
    }

    /// Solves one point and keeps it for every claim that is false there and has no better witness; `known`: the
    /// claims' classes there.
    fn look(&mut self, place: Place, uncertain: &[(ParamId, &Prior)], params: &[Q], known: Option<&[Class]>) {
        let open = |w: &Option<Witness>| open(w, place);
        if !self.found.iter().any(open) || !self.progress.keep_going(0.0) {
            return;
        }
        let full = with_formulas(self.model, params);
        let new = |(k, claim): (usize, &Claim), class: Class| {
            let w = &self.found[k];
            let better = class == Class::FalseInAll || class != Class::TrueInAll && w.is_none();
            better && open(w) && applies(claim, &full)
        };
        let claims = || self.model.claims.iter().enumerate();
        if known.is_some_and(|known| !claims().zip(known).any(|(claim, class)| new(claim, *class))) {
            return;
        }
        let near = Some(self.memory);
        let Ok(point) = solve_near(self.model, params, &self.games, self.settings, near, self.progress)
        else {
            return;
        };
        let hands = point.hands();
        let out = refuted(self.model, &hands);
        for (k, claim) in self.model.claims.iter().enumerate() {
            if !open(&self.found[k]) || !applies(claim, &full) {
                continue;
            }
            let decision = decide(&hands, claim, &out);
            let (in_all, somewhere) = falsity(&decision);
            if in_all || (somewhere && self.found[k].is_none()) {
                let params = self.changed(uncertain, params);
                self.found[k] = Some(Witness { place, params, in_all, decision });
            }
        }
    }

    /// The uncertain parameters that differ from their base values.
    fn changed(&self, uncertain: &[(ParamId, &Prior)], params: &[Q]) -> Vec<(String, Q)> {
        let known = &self.model.game.params;
        let moved = uncertain.iter().map(|(p, _)| p.index()).filter(|p| params[*p] != known[*p].base);
        moved.map(|p| (known[p].name.clone(), params[p].clone())).collect()
    }

    /// Puts parameters back to their base values: all but one if one alone does it, else one after
    /// another as long as the claim stays false in as many equilibria.
    fn shorten(&mut self, claim: usize, uncertain: &[(ParamId, &Prior)]) {
        let Some(witness) = self.found[claim].clone() else { return };
        let base = self.model.game.base_params();
        let moved: Vec<(usize, Q)> = witness
            .params
            .iter()
            .filter_map(|(name, q)| Some((self.model.game.find_param(name)?.index(), q.clone())))
            .collect();
        if moved.len() < 2 {
            return;
        }
        let keep = |hunt: &mut Hunt, params: &[Q], decision: Decision| {
            let params = hunt.changed(uncertain, params);
            hunt.found[claim] = Some(Witness { params, decision, ..witness.clone() });
        };
        for (p, value) in &moved {
            let mut alone = base.clone();
            alone[*p] = value.clone();
            if let Some(decision) = self.still_false(claim, &alone, witness.in_all) {
                return keep(self, &alone, decision);
            }
        }
        let mut params = base.clone();
        moved.iter().for_each(|(p, value)| params[*p] = value.clone());
        for (p, _) in &moved {
            let mut fewer = params.clone();
            fewer[*p] = base[*p].clone();
            if let Some(decision) = self.still_false(claim, &fewer, witness.in_all) {
                keep(self, &fewer, decision);
                params = fewer;
            }
        }
    }

    /// Solves the games of one claim anew; `None` where it is not false, or not in as many equilibria.
    fn still_false(&self, claim: usize, params: &[Q], in_all: bool) -> Option<Decision> {
        let claim = &self.model.claims[claim];
        let asked = applies(claim, &with_formulas(self.model, params)) && self.progress.keep_going(0.0);
        if !asked {
            return None;
        }
        let games = needed(std::iter::once(&claim.body), std::iter::empty());
        let near = Some(self.memory);
        let point = solve_near(self.model, params, &games, self.settings, near, self.progress).ok()?;
        let hands = point.hands();
        let decision = decide(&hands, claim, &refuted(self.model, &hands));
        let (all, somewhere) = falsity(&decision);
        (all || (somewhere && !in_all)).then_some(decision)
    }
}

/// Whether a better witness is looked for: outside the ranges only for claims that have none inside.
fn open(w: &Option<Witness>, place: Place) -> bool {
    match (w, place) {
        (None, _) => true,
        (Some(w), Place::Doubled) => !w.in_all && w.place == Place::Doubled,
        (Some(w), _) => !w.in_all,
    }
}

/// Whether a claim is false in all equilibria, and whether in one at least.
fn falsity(decision: &Decision) -> (bool, bool) {
    let in_all = decision.class(Column::All) == Class::FalseInAll;
    let false_there = |v: &Verdict| matches!(v, Verdict::False | Verdict::Mixed);
    (in_all, decision.rows.iter().any(|row| false_there(&row.verdict)))
}

/// Where and how widely the claim is false, in words that end where the values begin.
pub fn place_words(witness: &Witness) -> String {
    let place = match witness.place {
        Place::Base => "at the base values",
        Place::Corner => "at these ends of the ranges, with all else at its base value",
        Place::Draw => "inside the ranges, with all else at its base value",
        Place::Doubled => "only outside the ranges, doubled through zero, with all else at its base value",
    };
    let all = if witness.in_all { "in every equilibrium" } else { "in one equilibrium at least" };
    format!("{place}, {all}")
}

pub(crate) fn with(model: &Model, uncertain: &[(ParamId, &Prior)], values: &[Q]) -> Vec<Q> {
    let mut params = model.game.base_params();
    for ((p, _), v) in uncertain.iter().zip(values) {
        params[p.index()] = v.clone();
    }
    params
}

/// Low and high of every parameter, in all combinations if they are few, else one at a time
/// and then in combinations taken at random from fixed addresses.
pub(crate) fn corners(uncertain: &[(ParamId, &Prior)]) -> Vec<Vec<Q>> {
    let end = |prior: &Prior, high: bool| three_digits(prior.quantile(if high { 0.99 } else { 0.01 }));
    let n = uncertain.len();
    let pick = |high: &dyn Fn(usize) -> bool| -> Option<Vec<Q>> {
        uncertain.iter().enumerate().map(|(k, (_, prior))| end(prior, high(k))).collect()
    };
    let mut list = vec![];
    if n < usize::BITS as usize && 1usize << n <= MAX_CORNERS {
        for mask in 0..1usize << n {
            list.extend(pick(&|k| mask >> k & 1 == 1));
        }
        return list;
    }
    for k in 0..MAX_CORNERS as u64 {
        list.extend(pick(&|j| uniform(k, "corner", j as u64) < 0.5));
    }
    list
}

/// Draws in which a claim is false, those nearest to the base values first.
fn promising<'d>(
    model: &Model,
    uncertain: &[(ParamId, &Prior)],
    draws: &'d [Draw],
    claim: usize,
) -> Vec<&'d Draw> {
    let distance = |d: &Draw| -> f64 {
        let far = |(value, (p, prior)): (&f64, &(ParamId, &Prior))| {
            (prior.cdf(*value) - prior.cdf(model.game.params[p.index()].base.to_f64())).abs()
        };
        d.values.iter().zip(uncertain).map(far).fold(0.0, f64::max)
    };
    let is_false = |d: &&Draw| d.claims[claim].as_ref().is_some_and(|c| c.classes[0] == Class::FalseInAll);
    let mut list: Vec<&Draw> = draws.iter().filter(is_false).collect();
    list.sort_by(|a, b| distance(a).total_cmp(&distance(b)).then(a.index.cmp(&b.index)));
    list.truncate(MAX_DRAWS);
    list
}

/// A value in the range doubled about its middle and widened to hold zero.
fn doubled(model: &Model, p: ParamId, prior: &Prior, index: u64) -> Option<Q> {
    let (lo, hi) = (prior.quantile(0.01), prior.quantile(0.99));
    let width = hi - lo;
    let (low, high) = ((lo - width / 2.0).min(0.0), (hi + width / 2.0).max(0.0));
    let share = uniform(index, &model.game.params[p.index()].name, 0);
    three_digits(low + (high - low) * share)
}
