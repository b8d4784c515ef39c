//! How far from the base values a verdict surely stays what it is.
//!
//! The one idea: a proof around the base values holds while its conditions keep their signs. In a
//! ball of normal scores a condition is its value at the center plus slopes times moves, so it keeps
//! its sign while slopes, enclosed over the ball, cannot use it up (mean value form; R. E. Moore,
//! Interval Analysis, 1966). In that ball strategies are known functions of the parameters, and the
//! claim is decided over all their values at once.

use super::joint::EDGE;
use crate::claims::{Column, decide};
use crate::number::scene;
use crate::query::Equilibrium;
use crate::range::Range;
use crate::sampler::{Sampler, stated_range};
use crate::solved::{Games, Point, needed};
use crate::undefined::Why;
use crate::verdict::{Class, Verdict, class};
use detente_exact::poly::MPoly;
use detente_exact::{Interval, Q};
use detente_game::{Game, ParamId};
use detente_model::Model;
use detente_model::model::Claim;
use detente_model::question::{Happening, Number, QueryKind, Truth};
use detente_parametric::around::{Around, around};
use detente_parametric::formula::Formula;
use detente_parametric::slopes::gradient;
use detente_prob::families::{normal_cdf, normal_quantile};
use detente_solve::{Progress, Settings};
use detente_verify::over::{Component, Place};

/// Nothing is proven beyond so many standard deviations.
const FARTHEST: f64 = 4.0;
/// Halvings of the distance that is proven.
const HALVINGS: u32 = 14;
/// Points on a ray at which a prior's quantiles are read off.
const READ: usize = 128;
/// Most combinations of equilibria that are decided.
const MAX_WORLDS: usize = 256;
/// Quantiles are computed in floats; what is read off is widened by this share.
const ROUNDING: f64 = 1e-9;

/// The proofs around the base values, one per game that is asked about.
pub struct Proofs<'a> {
    free: Vec<ParamId>,
    score: Score<'a>,
    games: Vec<(Option<usize>, Result<Proof, String>)>,
}

/// A proof about one game, and which of the uncertain parameters it is over: a variant may set others.
struct Proof {
    around: Around,
    own: Vec<usize>,
}

impl<'a> Proofs<'a> {
    /// Solves every game at the base values and replays the proofs over all uncertain parameters.
    pub fn new(
        model: &'a Model,
        sampler: &'a Sampler<'a>,
        games: &Games,
        settings: &Settings,
        progress: &dyn Progress,
    ) -> Proofs<'a> {
        let free: Vec<ParamId> = sampler.uncertain().map(|(p, _)| p).collect();
        let ranges: Option<Vec<(Q, Q)>> = sampler.uncertain().map(|(_, prior)| stated_range(prior)).collect();
        let prove = |variant: &Option<usize>| {
            let ranges = ranges.as_ref().ok_or_else(|| "a range is not known".to_string())?;
            let game = model.game_of(*variant);
            let mut base = model.game.base_params();
            let sets = variant.and_then(|v| model.variants.get_index(v)).map_or(&[][..], |(_, v)| &v.sets);
            for p in sets {
                base[p.index()] = game.params[p.index()].base.clone();
            }
            let own: Vec<usize> = (0..free.len()).filter(|k| !sets.contains(&free[*k])).collect();
            let (params, sides): (Vec<ParamId>, Vec<(Q, Q)>) =
                own.iter().map(|k| (free[*k], ranges[*k].clone())).unzip();
            let found = around(game, &base, &params, &sides, settings, progress);
            found.map(|around| Proof { around, own }).map_err(|stop| stop.words().to_string())
        };
        let games = games.iter().map(|v| (*v, prove(v))).collect();
        Proofs { free, score: Score::new(sampler), games }
    }

    /// The distance, in standard deviations of the joint prior, within which the claim surely has the
    /// verdict that it has at the base values; not above `limit`.
    ///
    /// # Errors
    /// Why nothing is proven, in words.
    pub fn steady(&self, claim: &Claim, point: &Point, limit: f64) -> Result<f64, String> {
        if !plain(&claim.body, &self.free) {
            return Err("the claim asks for more than probabilities of moves and outcomes".into());
        }
        let own: Games = needed(std::iter::once(&claim.body), std::iter::empty());
        let mut proofs = vec![];
        for (variant, proof) in self.games.iter().filter(|(v, _)| own.contains(v)) {
            proofs.push((*variant, proof.as_ref().map_err(Clone::clone)?));
        }
        let hands = point.hands();
        let out = vec![false; hands.own().len()];
        let at_base = decide(&hands, claim, &out).class(Column::All);
        if at_base == Class::Undefined {
            return Err("the claim is not decided at the base values".into());
        }
        let holds = |radius: f64| {
            let Some(ball) = self.score.ball(radius) else { return false };
            proofs.iter().all(|(_, proof)| ball.keeps_all(proof))
                && self.class_over(claim, point, &proofs, &ball) == Some(at_base)
        };
        let (mut low, mut high) = (0.0, limit.min(FARTHEST));
        if holds(high) {
            return Ok(high);
        }
        for _ in 0..HALVINGS {
            let middle = (low + high) / 2.0;
            if holds(middle) { low = middle } else { high = middle }
        }
        match low > 0.0 {
            true => Ok(low),
            false => Err("somebody is all but indifferent at the base values".into()),
        }
    }

    /// The verdict all over a ball in which the proofs hold, if it shows.
    fn class_over(
        &self,
        claim: &Claim,
        point: &Point,
        proofs: &[(Option<usize>, &Proof)],
        ball: &Ball,
    ) -> Option<Class> {
        let mut lists: Vec<Vec<Equilibrium>> = vec![];
        for (variant, proof) in proofs {
            let solved = point.games.iter().find(|g| g.variant == *variant)?;
            let setting =
                crate::play::Setting { game: solved.game, numbers: &solved.numbers, params: &solved.params };
            // What a component is like elsewhere is not asked; any stands for it.
            let any = solved.solution.components.first()?;
            let known = ball.known(proof);
            let chance = boxes(&proof.around.chance, &known)?;
            let mut list = vec![];
            for component in &proof.around.found.components {
                for place in &component.places {
                    let mut eq = Equilibrium::new(setting, solved.solution.concept, any);
                    eq.shown.moves = moves(solved.game, component, place, &known)?;
                    eq.shown.beliefs = vec![vec![]; solved.game.infosets.len()];
                    eq.shown.chance = Some(chance.clone());
                    list.push(eq);
                }
            }
            lists.push(list);
        }
        let mut worlds: Vec<Vec<(Option<usize>, &Equilibrium)>> = vec![vec![]];
        for ((variant, _), list) in proofs.iter().zip(&lists) {
            let mut longer = vec![];
            for world in &worlds {
                for eq in list {
                    longer.push([world.as_slice(), &[(*variant, eq)]].concat());
                }
            }
            worlds = longer;
            if worlds.len() > MAX_WORLDS {
                return None;
            }
        }
        let mut verdicts: Vec<Verdict> = vec![];
        for world in &worlds {
            verdicts.push(match scene(&point.params, world, false).truth(&claim.body) {
                Ok(Some(true)) => Verdict::True,
                Ok(Some(false)) => Verdict::False,
                Ok(None) => return None,
                Err(why) if why.why == Why::ProbabilityZero => Verdict::Undefined(why),
                Err(_) => return None,
            });
        }
        Some(class(verdicts.iter()))
    }
}

/// Functions over a ball, as ranges.
fn boxes(rows: &[Vec<Formula>], known: &[Interval]) -> Option<Vec<Vec<Range>>> {
    rows.iter().map(|row| row.iter().map(|f| range(f, known)).collect()).collect()
}

/// All values of a probability.
fn range(f: &Formula, known: &[Interval]) -> Option<Range> {
    if let Some(constant) = f.constant() {
        return Some(Range::Point(constant.clone()));
    }
    let all = f.range(known)?.intersect(Interval::new(0.0, 1.0)?)?;
    Some(Range::new(Q::from_f64(all.lo())?, Q::from_f64(all.hi())?))
}

/// A box that holds the strategies of a cell of equilibria all over a ball.
fn moves(
    game: &Game,
    component: &Component<Formula>,
    place: &Place<Formula>,
    known: &[Interval],
) -> Option<Vec<Vec<Range>>> {
    let mut all = Vec::with_capacity(game.infosets.len());
    for (h, set) in game.infosets.iter().enumerate() {
        if let (Some(row), true) = (&place.profile[h], place.pinned[h]) {
            all.push(row.iter().map(|f| range(f, known)).collect::<Option<Vec<Range>>>()?);
            continue;
        }
        // Only which actions may be used is known.
        let used: Option<Vec<&Vec<bool>>> = component.supports.iter().map(|s| s[h].as_ref()).collect();
        let may = |a: usize| used.as_ref().is_none_or(|list| list.iter().any(|s| s[a]));
        let count = (0..set.actions.len()).filter(|a| may(*a)).count();
        let row = (0..set.actions.len()).map(|a| match (may(a), count) {
            (false, _) => Range::ZERO,
            (true, 1) => Range::Point(Q::ONE),
            (true, _) => Range::Between(Q::ZERO, Q::ONE),
        });
        all.push(row.collect());
    }
    Some(all)
}

/// Whether a statement speaks of nothing but probabilities that do not depend on numbers of the game
/// beside those of chance and strategies.
fn plain(truth: &Truth, free: &[ParamId]) -> bool {
    match truth {
        Truth::Const(_) => true,
        Truth::Compare(_, a, b) => plain_number(a, free) && plain_number(b, free),
        Truth::And(parts) | Truth::Or(parts) => parts.iter().all(|p| plain(p, free)),
        Truth::Not(part) => plain(part, free),
    }
}

fn plain_number(number: &Number, free: &[ParamId]) -> bool {
    match number {
        Number::Const(_) => true,
        // A formula may depend on what is free: only numbers that are written out stay.
        Number::Param(_) | Number::Council(_) => false,
        Number::Neg(a) | Number::Function(_, a) => plain_number(a, free),
        Number::Binary(_, a, b) => plain_number(a, free) && plain_number(b, free),
        Number::If(c, a, b) => plain(c, free) && plain_number(a, free) && plain_number(b, free),
        Number::Query(q) => match &q.kind {
            QueryKind::Prob(what) => no_numbers(what) && q.conditions.given.as_ref().is_none_or(no_numbers),
            _ => false,
        },
    }
}

fn no_numbers(what: &Happening) -> bool {
    match what {
        Happening::Const(_) | Happening::Outcome(_) | Happening::Arm { .. } | Happening::Made(_) => true,
        Happening::Compare(..) => false,
        Happening::And(parts) | Happening::Or(parts) => parts.iter().all(no_numbers),
        Happening::Not(part) => no_numbers(part),
    }
}

/// The normal scores of the uncertain parameters.
struct Score<'a> {
    sampler: &'a Sampler<'a>,
    base: Vec<f64>,
    values: Vec<f64>,
    /// Correlations of the scores.
    correlations: Option<Vec<Vec<f64>>>,
}

impl<'a> Score<'a> {
    fn new(sampler: &'a Sampler<'a>) -> Score<'a> {
        let values = sampler.base_values();
        let score = |((_, prior), v): ((ParamId, &detente_prob::Prior), &f64)| {
            normal_quantile(prior.cdf(*v).clamp(EDGE, 1.0 - EDGE))
        };
        let base = sampler.uncertain().zip(&values).map(score).collect();
        Score { sampler, base, values, correlations: sampler.scores() }
    }

    /// The ball of this radius; `None` if a value there is no number.
    fn ball(&self, radius: f64) -> Option<Ball<'_>> {
        let mut sides = vec![];
        let mut reach = vec![];
        for (k, (_, prior)) in self.sampler.uncertain().enumerate() {
            let (start, score) = (self.values[k], self.base[k]);
            let at = |d: f64| prior.quantile(normal_cdf(score + d).clamp(EDGE, 1.0 - EDGE));
            let wide = ROUNDING * (start.abs() + (at(radius) - at(-radius)).abs());
            let (low, high) = ((at(-radius) - wide).min(start), (at(radius) + wide).max(start));
            sides.push(Interval::new(low, high)?);
            // How far a move can go per step of the score: on a grid that grows from a hundredth of
            // the radius, the far end's distance over the near end's score.
            let per = |side: f64| {
                let first = radius / 100.0;
                let grow = libm::pow(100.0, 1.0 / READ as f64);
                let (mut d, mut most) = (first, 0.0f64);
                for _ in 0..READ {
                    let far = (at(side * (d * grow).min(radius * 1.000001)) - start).abs() + wide;
                    most = most.max(far / d);
                    d *= grow;
                }
                (most, (at(side * first) - start).abs() + wide)
            };
            reach.push([per(-1.0), per(1.0)]);
        }
        Some(Ball { radius, sides, reach, correlations: self.correlations.as_deref() })
    }
}

/// All parameters within a distance of the base values.
struct Ball<'a> {
    radius: f64,
    sides: Vec<Interval>,
    /// Per parameter, below and above: the most that it moves per unit of the score, and what it
    /// moves near the center at most.
    reach: Vec<[(f64, f64); 2]>,
    correlations: Option<&'a [Vec<f64>]>,
}

impl Ball<'_> {
    /// Enclosures of all variables of a proof.
    fn known(&self, proof: &Proof) -> Vec<Interval> {
        let sides: Vec<Interval> = proof.own.iter().map(|k| self.sides[*k]).collect();
        proof.around.atoms.sides(&sides)
    }

    /// Whether all conditions of a proof keep their signs.
    fn keeps_all(&self, proof: &Proof) -> bool {
        let known = self.known(proof);
        proof.around.conditions.iter().all(|poly| self.keeps(poly, proof, &known) == Some(true))
    }

    fn keeps(&self, poly: &MPoly, proof: &Proof, known: &[Interval]) -> Option<bool> {
        let Proof { around: proof, own } = proof;
        let sign = poly.eval(&proof.at)?.signum();
        if sign == 0 {
            return Some(false);
        }
        if poly.eval(known)?.sign() == Some(sign) {
            return Some(true);
        }
        let center: Vec<Interval> = proof.at[..proof.atoms.free].iter().map(Interval::from_q).collect();
        let here = poly.eval(&proof.atoms.sides(&center))?;
        let room = if sign > 0 { here.lo() } else { -here.hi() };
        let slopes = gradient(poly, &proof.atoms, known)?;
        // What a move of one parameter can take away, per unit of its score.
        let (mut weights, mut near) = (vec![], 0.0);
        for (slope, k) in slopes.iter().zip(own) {
            let [below, above] = self.reach[*k];
            let slope = if sign > 0 { *slope } else { -*slope };
            let (down, up) = (slope.hi().max(0.0), (-slope.lo()).max(0.0));
            weights.push((down * below.0).max(up * above.0));
            near += (down * below.1).max(up * above.1);
        }
        let square = |i: usize, j: usize| {
            let tie = self.correlations.map_or(f64::from(u8::from(i == j)), |c| c[own[i]][own[j]].abs());
            weights[i] * weights[j] * tie
        };
        let n = weights.len();
        let sum: f64 = (0..n).flat_map(|i| (0..n).map(move |j| (i, j))).map(|(i, j)| square(i, j)).sum();
        Some(room > (near + self.radius * sum.sqrt()) * (1.0 + ROUNDING))
    }
}
