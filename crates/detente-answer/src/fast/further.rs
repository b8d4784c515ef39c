//! What is asked of a draw beside a model's own questions: forecasts.
//!
//! The one idea: the same formulas and enclosures, heard in every combination of equilibria of all games.

use super::compile::Compiler;
use super::evaluate::Open;
use super::formula::{Formula, Statement};
use super::place::{Place, ends};
use super::{Fast, computed, pooled};
use crate::play::{Play, Setting, over_plays};
use crate::shares::Pair;
use crate::solved::Point;
use detente_model::question::{Arithmetic, Body, Happening, Number, PlayNumber, Query, QueryKind, Relation};

/// One thing more to be asked.
pub(super) enum Further {
    /// P(X and E) and P(not X and E); whether P(not X and E) is what is wanted.
    Pairs([Formula; 2], bool),
    Bounds(Formula),
    /// A statement, which counts 1 where it is true and 0 where it is false.
    Truth(Statement),
    /// Values that a number takes, each with such a pair.
    Atoms(Vec<(f64, [Formula; 2])>),
    /// Nothing that equilibria tell.
    Nothing,
}

/// The answer in one combination of equilibria.
#[derive(Clone, Debug, PartialEq)]
pub enum Heard {
    /// P(X and E) and P(E).
    Pairs(Vec<Pair>),
    /// Low and high, where it has a value.
    Bounds(Option<(f64, f64)>),
    /// Values of a number, each with P(value and E).
    Atoms(Vec<(f64, f64)>),
    Nothing,
}

/// What is wanted of a number.
#[derive(Clone, Copy)]
pub enum Want<'q> {
    /// A probability, if it is one or what is left of one; else its bounds.
    Chance(&'q Number),
    /// The values that the mean of a query goes over.
    Values(&'q Query),
    /// Bounds of a number, or of a statement that counts 1 or 0.
    Body(&'q Body),
    Nothing,
}

impl<'m> Fast<'m> {
    /// The same games with these questions; `None` where one of them is of another kind.
    pub fn asking(mut self, point: &Point<'m>, wanted: &[Want]) -> Option<Fast<'m>> {
        let computed = computed(self.model);
        let compiler = self.compiler(point, &computed);
        let further = wanted.iter().map(|w| further(&compiler, *w)).collect::<Option<Vec<_>>>()?;
        let tables = compiler.tables.into_inner();
        Some(Fast { further, tables, ..self })
    }
}

fn further(compiler: &Compiler, want: Want) -> Option<Further> {
    let is_chance = |n: &Number| matches!(n, Number::Query(q) if matches!(q.kind, QueryKind::Prob(_)));
    Some(match want {
        Want::Nothing => Further::Nothing,
        Want::Body(Body::Number(n)) => Further::Bounds(compiler.number(n)?),
        Want::Body(Body::Truth(t)) => Further::Truth(compiler.statement(t)?),
        Want::Chance(n) if is_chance(n) => Further::Pairs(pooled(compiler, n)??, false),
        // 1 - prob(X): the rest of the same evidence.
        Want::Chance(Number::Binary(Arithmetic::Sub, one, other))
            if matches!(&**one, Number::Const(q) if *q == detente_exact::Q::ONE) && is_chance(other) =>
        {
            Further::Pairs(pooled(compiler, other)??, true)
        }
        Want::Chance(n) => Further::Bounds(compiler.number(n)?),
        Want::Values(query) => Further::Atoms(atoms(compiler, query)?),
    })
}

/// The values that a number of the play takes, which must be the same in every draw.
fn atoms(compiler: &Compiler, query: &Query) -> Option<Vec<(f64, [Formula; 2])>> {
    let QueryKind::Mean(what) = &query.kind else { return Some(vec![]) };
    let solved = compiler.point.games.iter().find(|g| g.variant == query.conditions.variant)?;
    if !super::compile::constant(what) {
        return None;
    }
    let setting = Setting { game: solved.game, numbers: &solved.numbers, params: &solved.params };
    let mut values: Vec<detente_exact::Q> = vec![];
    over_plays(setting, (), |play: &Play| values.extend(play.number(what)));
    values.sort();
    values.dedup();
    let one = |value: detente_exact::Q| {
        let equal = Box::new(PlayNumber::Const(value.clone()));
        let is = Happening::Compare(Relation::Equal, Box::new(what.clone()), equal);
        let query = Query { kind: QueryKind::Prob(is), ..query.clone() };
        Some((value.to_f64(), pooled(compiler, &Number::Query(Box::new(query)))??))
    };
    values.into_iter().map(one).collect()
}

impl Place<'_> {
    /// Everything more, in every combination of equilibria.
    pub(super) fn further(&self) -> Result<Vec<Vec<Heard>>, Open> {
        if self.fast.further.is_empty() {
            return Ok(vec![]);
        }
        let games: Vec<usize> = (0..self.found.len()).collect();
        let worlds = self.worlds(&games)?;
        let hear = |further: &Further| -> Result<Vec<Heard>, Open> {
            let each = worlds.iter().map(|(_, scene)| {
                Ok(match further {
                    Further::Nothing => Heard::Nothing,
                    Further::Pairs(parts, rest) => {
                        let pairs = self.pairs(scene, parts)?;
                        let turn = |(a, b): Pair| if *rest { (b - a, b) } else { (a, b) };
                        Heard::Pairs(pairs.into_iter().map(turn).collect())
                    }
                    Further::Bounds(f) => Heard::Bounds(scene.number(f)?.map(ends)),
                    Further::Truth(t) => Heard::Bounds(scene.verdict(t)?.map(|truth| match truth {
                        Some(true) => (1.0, 1.0),
                        Some(false) => (0.0, 0.0),
                        None => (0.0, 1.0),
                    })),
                    Further::Atoms(list) => {
                        let mut atoms = vec![];
                        for (value, parts) in list {
                            match self.pairs(scene, parts)?[..] {
                                [(weight, _)] if weight > 0.0 => atoms.push((*value, weight)),
                                [_] => {}
                                // Over a continuum the exact path says which point counts.
                                _ => return Err(Open),
                            }
                        }
                        Heard::Atoms(atoms)
                    }
                })
            });
            each.collect()
        };
        self.fast.further.iter().map(hear).collect()
    }
}
