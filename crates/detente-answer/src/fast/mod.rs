//! Draws answered by enclosures: many at a time, without a search.
//!
//! The one idea: a block of draws is solved in lanes (`detente_batch`), and the questions, compiled
//! once (`formula`), are asked of enclosed equilibria (`evaluate`). An answer is given only where
//! rounding cannot change it, so it is the one that the exact path gives; a draw with anything left open
//! is left to that path, and the reason is counted.

pub mod drawn;
pub mod equal;
pub mod evaluate;
pub mod formula;
pub mod further;
pub mod points;

use crate::draws::{Draw, DrawnAsk, DrawnClaim};
use crate::observed::everything;
use crate::shares::Pair;
use crate::solved::{Point, needed};
use crate::verdict::Class;
use detente_batch::{Batch, Block, Found, LANES, Why, Work, same_chances};
use detente_exact::{Interval, Q};
use detente_game::Game;
use detente_game::solution::Concept;
use detente_model::Model;
use detente_model::model::ParamKind;
use detente_model::question::{Body, Happening, Number, QueryKind};
use drawn::{Row, Table};
use evaluate::{Open, Scene, Seat, Value};
use formula::{Compiler, Formula, Group, Leaf, Statement};
use further::{Further, Heard};
use std::cell::RefCell;

/// Most combinations of equilibria of several games.
const MAX_WORLDS: usize = 200;

/// Why a draw is left to the exact path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Left {
    /// Its equilibria: a sign that rounding could turn.
    Close,
    /// Its equilibria: a game of another shape, or too large.
    Shape,
    /// They are known, but rounding or a continuum leaves some answer open.
    Question,
}

impl Left {
    /// The reason in words.
    pub fn words(self) -> &'static str {
        match self {
            Left::Close => "a tie, or nearly one",
            Left::Shape => "a game that is not solved in lanes here",
            Left::Question => "an answer that varies over a continuum of equilibria, or is close to a tie",
        }
    }
}

/// A draw, answered.
#[derive(Clone, Debug)]
pub struct Quick {
    pub draw: Draw,
    /// Per equilibrium of the model's own game, the probability of each outcome.
    pub outcomes: Vec<Vec<f64>>,
    /// Whether the observations refute it.
    pub refuted: Vec<bool>,
    /// What else was asked, in the order in which it was.
    pub further: Vec<Vec<Heard>>,
    /// Names the sets of equilibria, one per game, see [`detente_batch::signature`].
    pub signatures: Vec<u64>,
}

/// A model, ready for quick draws.
pub struct Fast<'m> {
    model: &'m Model,
    games: Vec<Prepared<'m>>,
    claims: Vec<(Vec<usize>, Statement)>,
    asks: Vec<(Vec<usize>, Body2, Option<[Formula; 2]>)>,
    observed: Formula,
    hypotheses: Vec<[Formula; 2]>,
    /// More that is asked in every combination of equilibria of all games.
    further: Vec<Further>,
    /// What is asked of plays and hangs on the numbers of a draw.
    tables: Vec<Table>,
}

struct Prepared<'m> {
    game: &'m Game,
    batch: Batch,
    block: Block,
    /// Parameters that the variant sets itself.
    own: Vec<usize>,
    ends: Vec<Option<usize>>,
    chances: Vec<Vec<u32>>,
}

enum Body2 {
    Number(Formula),
    Truth(Statement),
}

impl<'m> Fast<'m> {
    /// Prepares the games of a solved point, without any question. `None` where they are of another kind.
    pub fn bare(model: &'m Model, base: &Point<'m>, concept: Concept) -> Option<Fast<'m>> {
        Fast::compiled(model, base, concept, Block::clone)
    }

    /// As [`Fast::bare`]; `trusted` is the block with which games are compiled.
    fn compiled(
        model: &'m Model,
        base: &Point<'m>,
        concept: Concept,
        trusted: fn(&Block) -> Block,
    ) -> Option<Fast<'m>> {
        // The intuitive criterion is decided on exact numbers only.
        let marked = |g: &crate::solved::Solved| g.solution.components.iter().any(|c| c.intuitive.is_some());
        if base.games.iter().any(marked) {
            return None;
        }
        let mut games = vec![];
        let set = |solved: &crate::solved::Solved| -> Vec<(u32, Q)> {
            let own = solved.variant.and_then(|v| model.variants.get_index(v)).map(|(_, v)| &v.sets);
            let value = |p: &detente_game::ParamId| (p.0, solved.game.params[p.index()].base.clone());
            own.map_or(vec![], |sets| sets.iter().map(value).collect())
        };
        let all: Vec<(&Game, Vec<(u32, Q)>)> = base.games.iter().map(|s| (s.game, set(s))).collect();
        for (solved, chances) in base.games.iter().zip(same_chances(&all)) {
            let sets = solved.variant.and_then(|v| model.variants.get_index(v)).map(|(_, v)| &v.sets);
            let block = Block::new(solved.game);
            let own: Vec<usize> = sets.map_or(vec![], |s| s.iter().map(|p| p.index()).collect());
            games.push(Prepared {
                game: solved.game,
                batch: Batch::new(solved.game, concept, &trusted(&block))?,
                block,
                own,
                ends: formula::end_of_each(solved.game),
                chances,
            });
        }
        let observed = Formula::Const(Interval::ONE);
        let (claims, asks, hypotheses) = (vec![], vec![], vec![]);
        let (further, tables) = (vec![], vec![]);
        Some(Fast { model, games, claims, asks, observed, hypotheses, further, tables })
    }

    /// Prepares one claim and nothing else; `base` is a solved point of the games that it is about. `None`
    /// where the games or the claim are of another kind.
    pub fn about(
        model: &'m Model,
        base: &Point<'m>,
        concept: Concept,
        claim: &detente_model::model::Claim,
    ) -> Option<Fast<'m>> {
        Fast::bare(model, base, concept)?.claiming(base, &[claim])
    }

    /// The same games with these claims; `None` where one of them is of another kind.
    pub fn claiming(mut self, base: &Point<'m>, claims: &[&detente_model::model::Claim]) -> Option<Fast<'m>> {
        let computed = computed(self.model);
        let compiler = self.compiler(base, &computed);
        let one = |claim: &&detente_model::model::Claim| {
            let mut wanted = needed(std::iter::once(&claim.body), std::iter::empty());
            wanted.insert(None);
            Some((places(base, &wanted), compiler.statement(&claim.body)?))
        };
        let claims = claims.iter().map(one).collect::<Option<Vec<_>>>()?;
        let tables = compiler.tables.into_inner();
        Some(Fast { claims, tables, ..self })
    }

    /// What compiles questions about these games; it takes the tables with it.
    fn compiler<'p>(&mut self, base: &'p Point<'m>, computed: &'p [bool]) -> Compiler<'p, 'm> {
        let own = self.games.iter().map(|g| g.own.clone()).collect();
        let tables = RefCell::new(std::mem::take(&mut self.tables));
        Compiler { point: base, computed, own, tables }
    }

    /// Prepares a model; `base` is its solved point at the base values. `None` where the games or the
    /// questions are of another kind: then each draw takes the exact path.
    pub fn new(model: &'m Model, base: &Point<'m>, concept: Concept) -> Option<Fast<'m>> {
        let claims: Vec<&detente_model::model::Claim> = model.claims.iter().collect();
        let mut bare = Fast::bare(model, base, concept)?.claiming(base, &claims)?;
        let computed = computed(model);
        let compiler = bare.compiler(base, &computed);
        let chance = |what: &Happening| -> Option<Formula> {
            let leaf = Leaf::Happens(compiler.marks(0, what)?);
            let one = Formula::Const(Interval::ONE);
            let group = Group { game: 0, forced: vec![], terms: vec![(one, leaf)], outcomes: false };
            Some(Formula::Sum(Box::new(Formula::Const(Interval::ZERO)), vec![group]))
        };
        let mut asks = vec![];
        for ask in &model.asks {
            let wanted = needed(std::iter::empty(), std::iter::once(&ask.body));
            let (body, parts) = match &ask.body {
                Body::Truth(t) => (Body2::Truth(compiler.statement(t)?), None),
                Body::Number(n) => (Body2::Number(compiler.number(n)?), pooled(&compiler, n)?),
            };
            asks.push((places(base, &wanted), body, parts));
        }
        let seen = everything(model).unwrap_or(Happening::Const(true));
        let mut hypotheses = vec![];
        for h in &model.hypotheses {
            let inside = Happening::And(vec![h.event.clone(), seen.clone()]);
            let outside = Happening::And(vec![Happening::Not(Box::new(h.event.clone())), seen.clone()]);
            hypotheses.push([chance(&inside)?, chance(&outside)?]);
        }
        let observed = chance(&seen)?;
        let tables = compiler.tables.into_inner();
        Some(Fast { asks, observed, hypotheses, tables, ..bare })
    }

    /// Answers up to [`LANES`] draws. Each comes with the values of its uncertain parameters and is
    /// filled in, or comes back with the reason why not. `drawn` lists these parameters, in order.
    pub fn take(&self, drawn: &[usize], draws: Vec<Draw>) -> Vec<Result<Quick, (Box<Draw>, Left)>> {
        let mut works = vec![];
        for prepared in &self.games {
            let mut block = prepared.block.clone();
            for (lane, draw) in draws.iter().take(LANES).enumerate() {
                for (p, value) in drawn.iter().zip(&draw.values) {
                    if !prepared.own.contains(p) {
                        block.set(*p, lane, *value);
                    }
                }
            }
            // Lanes that are not used repeat the first, so that they are games too.
            for lane in draws.len()..LANES {
                for (p, value) in drawn.iter().zip(draws.first().map_or(&[][..], |d| &d.values[..])) {
                    if !prepared.own.contains(p) {
                        block.set(*p, lane, *value);
                    }
                }
            }
            let mut work = Work::default();
            prepared.batch.load(&block, &mut work);
            works.push(work);
        }
        let params = |draw: &Draw| -> Vec<Interval> {
            let mut all: Vec<Interval> =
                self.model.game.params.iter().map(|p| Interval::from_q(&p.base)).collect();
            for (p, value) in drawn.iter().zip(&draw.values) {
                all[*p] = Interval::point(*value).unwrap_or(Interval::ENTIRE);
            }
            all
        };
        let one = |(lane, draw): (usize, Draw)| match self.one(&works, lane, &params(&draw), &draw) {
            Ok(quick) => Ok(quick),
            Err(left) => Err((Box::new(draw), left)),
        };
        draws.into_iter().enumerate().map(one).collect()
    }

    fn one(&self, works: &[Work], lane: usize, params: &[Interval], empty: &Draw) -> Result<Quick, Left> {
        let (mut points, mut found): (Vec<detente_batch::Point>, Vec<Found>) = (vec![], vec![]);
        for (prepared, work) in self.games.iter().zip(works) {
            let left = |why: Why| if why == Why::Close { Left::Close } else { Left::Shape };
            found.push(prepared.batch.solve(work, lane).map_err(left)?);
            points.push(prepared.batch.point(work, lane).map_err(left)?);
        }
        let rows: Vec<Result<Row, Open>> = self.tables.iter().map(|t| t.row(params)).collect();
        let place = Place { fast: self, params, points: &points, found: &found, rows: &rows };
        place.answer(empty.clone()).map_err(|Open| Left::Question)
    }
}

/// The positions of these games in a solved point.
fn places(base: &Point, wanted: &crate::solved::Games) -> Vec<usize> {
    (0..base.games.len()).filter(|k| wanted.contains(&base.games[*k].variant)).collect()
}

/// Parameters that are formulas: their value is not at hand in a draw.
fn computed(model: &Model) -> Vec<bool> {
    let formula = |k: usize| model.params.get(k).is_some_and(|i| matches!(i.kind, ParamKind::Formula(_)));
    (0..model.game.params.len()).map(formula).collect()
}

/// P(X and E) and P(not X and E) of an ask that is one probability.
fn pooled(compiler: &Compiler, n: &Number) -> Option<Option<[Formula; 2]>> {
    let Number::Query(query) = n else { return Some(None) };
    let QueryKind::Prob(what) = &query.kind else { return Some(None) };
    let given = query.conditions.given.clone().unwrap_or(Happening::Const(true));
    let part = |parts: Vec<Happening>| {
        let mut query = query.clone();
        query.conditions.given = None;
        query.kind = QueryKind::Prob(Happening::And(parts));
        compiler.number(&Number::Query(query))
    };
    let inside = part(vec![what.clone(), given.clone()])?;
    let outside = part(vec![Happening::Not(Box::new(what.clone())), given])?;
    Some(Some([inside, outside]))
}

/// One draw with its equilibria.
struct Place<'a> {
    fast: &'a Fast<'a>,
    params: &'a [Interval],
    points: &'a [detente_batch::Point<'a>],
    found: &'a [Found],
    rows: &'a [Result<Row, Open>],
}

impl Place<'_> {
    /// Every combination of one equilibrium of each of these games.
    fn worlds(&self, games: &[usize]) -> Result<Vec<(Vec<usize>, Scene<'_>)>, Open> {
        let counts: Vec<usize> = games.iter().map(|g| self.found[*g].equilibria.len()).collect();
        if counts.iter().product::<usize>() > MAX_WORLDS {
            return Err(Open);
        }
        let mut worlds = vec![];
        let mut pick = vec![0; games.len()];
        loop {
            let mut seats: Vec<Option<Seat>> = vec![None; self.found.len()];
            for (g, k) in games.iter().zip(&pick) {
                let prepared = &self.fast.games[*g];
                seats[*g] = Some(Seat {
                    game: prepared.game,
                    point: &self.points[*g],
                    equilibrium: &self.found[*g].equilibria[*k],
                    end_of_each: &prepared.ends,
                    chances: &prepared.chances,
                });
            }
            worlds.push((pick.clone(), Scene { params: self.params, seats, rows: self.rows }));
            let mut at = 0;
            while at < pick.len() && pick[at] + 1 == counts[at] {
                pick[at] = 0;
                at += 1;
            }
            match pick.get_mut(at) {
                Some(p) => *p += 1,
                None => return Ok(worlds),
            }
        }
    }

    fn answer(&self, mut draw: Draw) -> Result<Quick, Open> {
        let loose = |p: &detente_batch::Play| matches!(p, detente_batch::Play::Free(r) if !r.tight);
        if self.found.iter().flat_map(|f| &f.equilibria).any(|e| e.plays.iter().any(loose)) {
            return Err(Open);
        }
        let own = self.worlds(&[0])?;
        let observed: Vec<Interval> =
            own.iter().map(|(_, s)| s.number(&self.fast.observed)?.ok_or(Open)).collect::<Result<_, _>>()?;
        let refuted: Vec<bool> = observed.iter().map(|p| p.hi() <= 0.0).collect();
        for ((games, body), kept) in self.fast.claims.iter().zip(&mut draw.claims) {
            if let Some(kept) = kept {
                *kept = self.claim(games, body, &refuted)?;
            }
        }
        draw.asks = self.fast.asks.iter().map(|a| self.ask(a)).collect::<Result<_, _>>()?;
        draw.observed = observed.iter().map(|p| (ends(*p).0.max(0.0), ends(*p).1)).collect();
        for (parts, kept) in self.fast.hypotheses.iter().zip(&mut draw.hypotheses) {
            *kept = vec![];
            for (_, scene) in &own {
                kept.extend(self.pairs(scene, parts)?);
            }
        }
        draw.complete = true;
        draw.open = None;
        let middle = |p: &Interval| p.mid().clamp(0.0, 1.0);
        let of = |e: &detente_batch::Equilibrium| e.outcomes.iter().map(middle).collect();
        Ok(Quick {
            draw,
            outcomes: self.found[0].equilibria.iter().map(of).collect(),
            refuted,
            further: self.further()?,
            signatures: self.found.iter().map(Found::signature).collect(),
        })
    }

    fn claim(&self, games: &[usize], body: &Statement, refuted: &[bool]) -> Result<DrawnClaim, Open> {
        let own = games.iter().position(|g| *g == 0);
        let (mut verdicts, mut margins) = (vec![], Some(vec![]));
        for (pick, scene) in self.worlds(games)? {
            let out = own.is_some_and(|k| refuted[pick[k]]);
            verdicts.push((scene.verdict(body)?, out));
            let margin = match body {
                Statement::Compare(relation, difference) => match margin_sign(*relation) {
                    Some(sign) => scene.number(difference)?.map(|d| sign * middle(d)),
                    None => None,
                },
                _ => None,
            };
            margins = margins.zip(margin).map(|(mut list, m)| {
                list.push(m);
                list
            });
        }
        let class = |left_only: bool| {
            class(verdicts.iter().filter(|(_, out)| !left_only || !out).map(|(truth, _)| *truth))
        };
        let margin = margins.and_then(|list: Vec<f64>| list.into_iter().reduce(f64::min));
        Ok(DrawnClaim { classes: [class(false), class(false), class(true)], margin })
    }

    fn ask(
        &self,
        (games, body, parts): &(Vec<usize>, Body2, Option<[Formula; 2]>),
    ) -> Result<DrawnAsk, Open> {
        let mut kept = DrawnAsk::default();
        let worlds = self.worlds(games)?;
        match body {
            Body2::Truth(t) => {
                let list = worlds.iter().map(|(_, s)| s.verdict(t)).collect::<Result<Vec<_>, _>>()?;
                kept.class = Some(class(list.into_iter()));
            }
            Body2::Number(n) => {
                for (_, scene) in &worlds {
                    match scene.number(n)? {
                        Some(range) => {
                            let (low, high) = ends(range);
                            let so_far = kept.bounds.unwrap_or((low, high));
                            kept.bounds = Some((so_far.0.min(low), so_far.1.max(high)));
                        }
                        None => kept.undefined = true,
                    }
                    if let Some(parts) = parts {
                        kept.pairs.extend(self.pairs(scene, parts)?);
                    }
                }
            }
        }
        Ok(kept)
    }

    fn pairs(&self, scene: &Scene, [inside, outside]: &[Formula; 2]) -> Result<Vec<Pair>, Open> {
        let number = |f: &Formula| -> Value { scene.number(f) };
        let (Some(a), Some(b)) = (number(inside)?, number(outside)?) else { return Err(Open) };
        let at = |p: Interval| (ends(p).0.max(0.0), ends(p).1);
        let ((a, c), (b, d)) = (at(a), at(b));
        Ok(if a == c && b == d { vec![(a, a + b)] } else { vec![(a, a + d), (c, c + b)] })
    }
}

/// The margin of a comparison is left minus right for `>`, right minus left for `<`.
fn margin_sign(relation: detente_model::question::Relation) -> Option<f64> {
    use detente_model::question::Relation;
    match relation {
        Relation::Greater | Relation::GreaterEqual => Some(1.0),
        Relation::Less | Relation::LessEqual => Some(-1.0),
        Relation::Equal | Relation::NotEqual => None,
    }
}

/// The ends of a range as floats; one number where it is only rounding that keeps them apart.
fn ends(range: Interval) -> (f64, f64) {
    let middle = middle(range);
    if range.hi() - range.lo() <= 1e-12 * (1.0 + middle.abs()) {
        return (middle, middle);
    }
    (range.lo(), range.hi())
}

fn middle(range: Interval) -> f64 {
    range.mid() + 0.0
}

/// What holds over some combinations: `None` is undefined, `Some(None)` true and false on a continuum.
fn class(list: impl Iterator<Item = Option<Option<bool>>>) -> Class {
    let (mut count, mut all, mut some, mut none) = (0, true, false, true);
    for verdict in list {
        count += 1;
        all &= verdict == Some(Some(true));
        some |= matches!(verdict, Some(Some(true) | None));
        none &= verdict == Some(Some(false));
    }
    match (count, all, some, none) {
        (0, ..) => Class::Undefined,
        (_, true, ..) => Class::TrueInAll,
        (_, _, true, _) => Class::TrueInSome,
        (_, _, _, true) => Class::FalseInAll,
        _ => Class::Undefined,
    }
}

#[cfg(test)]
mod tests {
    use super::evaluate::share;
    use super::*;

    #[test]
    fn a_share_of_nothing_is_undefined_and_of_perhaps_nothing_open() {
        let perhaps = Interval::new(0.0, 0.5).expect("ends in order");
        assert_eq!(share(Interval::ZERO, Interval::ZERO), Ok(None));
        assert_eq!(share(perhaps, Interval::ZERO), Err(Open));
        assert_eq!(share(Interval::ONE, Interval::ZERO), Ok(Some(Interval::ONE)));
    }
}
