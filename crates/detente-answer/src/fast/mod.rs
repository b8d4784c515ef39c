//! Draws answered by enclosures: many at a time, without a search.
//!
//! The one idea: a block of draws is solved in lanes (`detente_batch`), and the questions, compiled
//! once (`formula`), are asked of enclosed equilibria (`evaluate`). An answer is given only where
//! rounding cannot change it, so it is the one that the exact path gives; a draw with anything left open
//! is left to that path, and the reason is counted.

mod asked;
pub mod compile;
pub mod drawn;
pub mod equal;
pub mod evaluate;
pub mod formula;
pub mod further;
mod mean;
pub(crate) mod place;
pub mod points;
pub mod seat;
mod slices;

use crate::draws::Draw;
use crate::observed::everything;
use crate::solved::{Point, needed};
use compile::Compiler;
use detente_batch::{Batch, Block, Found, LANES, Why, Work, same_chances};
use detente_exact::{Interval, Q};
use detente_game::solution::Concept;
use detente_game::{ExprId, Game};
use detente_model::Model;
use detente_model::model::ParamKind;
use detente_model::question::{Body, Happening, Number, QueryKind};
use drawn::{Row, Table};
use evaluate::Open;
use formula::{Formula, Group, Leaf, Statement};
use further::{Further, Heard};
use place::Place;
use std::cell::RefCell;

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
                batch: Batch::with_constants(solved.game, concept, &trusted(&block), &own)?,
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
    fn compiler<'p>(&mut self, base: &'p Point<'m>, computed: &'p [Option<ExprId>]) -> Compiler<'p, 'm> {
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
fn computed(model: &Model) -> Vec<Option<ExprId>> {
    let formula = |k: usize| match model.params.get(k)?.kind {
        ParamKind::Formula(e) => Some(e),
        _ => None,
    };
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
