//! Points of the parameters, many at a time: what draws can do, for whoever looks at points of its own choice.
//!
//! The one idea: a point is a draw whose values need not be floats. What a float leaves of a value is part of
//! the enclosure, so an answer is as sure as that of a draw; where there is none, the point takes the exact path.

use super::further::{Heard, Want};
use super::{Fast, Left, Quick};
use crate::draws::{Draw, DrawnClaim};
use crate::ends::{Ends, hull};
use crate::solved::{Point, needed};
use crate::verdict::Class;
use detente_batch::{Block, LANES, Work};
use detente_exact::{Interval, Q};
use detente_game::solution::Concept;
use detente_model::Model;
use detente_model::model::Claim;
use detente_model::question::Body;

impl<'m> Fast<'m> {
    /// Prepares the games of a solved point for [`Fast::at`], without any question.
    pub fn anywhere(model: &'m Model, base: &Point<'m>, concept: Concept) -> Option<Fast<'m>> {
        Fast::compiled(model, base, concept, Block::loosened)
    }

    /// Answers points at which all parameters have these values; only after [`Fast::anywhere`].
    pub fn at(&self, points: &[Vec<Q>]) -> Vec<Result<Quick, Left>> {
        points.chunks(LANES).flat_map(|some| self.block(some)).collect()
    }

    fn block(&self, points: &[Vec<Q>]) -> Vec<Result<Quick, Left>> {
        let Some(first) = points.first() else { return vec![] };
        let mut works = vec![];
        for prepared in &self.games {
            let mut block = prepared.block.clone();
            for (p, info) in prepared.game.params.iter().enumerate() {
                if prepared.own.contains(&p) || points.iter().all(|point| point[p] == info.base) {
                    continue;
                }
                for lane in 0..LANES {
                    // Lanes that are not used repeat the first, so that they are games too.
                    block.put(p, lane, &points.get(lane).unwrap_or(first)[p]);
                }
            }
            let mut work = Work::default();
            prepared.batch.load(&block, &mut work);
            works.push(work);
        }
        let blank = DrawnClaim { classes: [Class::Undefined; 3], margin: None };
        let empty = Draw {
            index: 0,
            values: vec![],
            complete: false,
            open: None,
            claims: vec![Some(blank); self.claims.len()],
            asks: vec![],
            hypotheses: vec![vec![]; self.hypotheses.len()],
            observed: vec![],
        };
        let one = |(lane, point): (usize, &Vec<Q>)| {
            let params: Vec<Interval> = point.iter().map(Interval::from_q).collect();
            self.one(&works, lane, &params, &empty)
        };
        points.iter().enumerate().map(one).collect()
    }
}

/// Claims, decided at many points.
pub struct Claims<'m>(Option<Fast<'m>>);

impl<'m> Claims<'m> {
    /// Prepares claims; `base` is a solved point of the games that they are about.
    pub fn new(model: &'m Model, base: &Point<'m>, concept: Concept, claims: &[&Claim]) -> Claims<'m> {
        // Games that nobody asks about would only be in the way.
        let wanted = needed(claims.iter().map(|c| &c.body), std::iter::empty());
        let games = base.games.iter().filter(|g| wanted.contains(&g.variant)).cloned().collect();
        let base = Point { params: base.params.clone(), games };
        Claims(Fast::anywhere(model, &base, concept).and_then(|fast| fast.claiming(&base, claims)))
    }

    /// At each point the class of every claim over all equilibria, proven; `None` where it takes the exact path to
    /// know.
    pub fn classes(&self, points: &[Vec<Q>]) -> Vec<Option<Vec<Class>>> {
        let Some(fast) = &self.0 else { return vec![None; points.len()] };
        let classes = |quick: Quick| quick.draw.claims.iter().flatten().map(|c| c.classes[0]).collect();
        fast.at(points).into_iter().map(|found| found.ok().map(classes)).collect()
    }
}

/// Numbers and statements, computed at many points; the default knows no answer.
#[derive(Default)]
pub struct Bodies<'m> {
    fast: Option<Fast<'m>>,
}

/// Per body its value in each combination of equilibria, `None` where it has none.
pub type Values = Vec<Vec<Option<Ends>>>;

impl<'m> Bodies<'m> {
    /// Prepares bodies; `base` is a solved point of the games that they are about.
    pub fn new(model: &'m Model, base: &Point<'m>, concept: Concept, bodies: &[&Body]) -> Bodies<'m> {
        let wanted: Vec<Want> = bodies.iter().map(|b| Want::Body(b)).collect();
        Bodies { fast: Fast::anywhere(model, base, concept).and_then(|fast| fast.asking(base, &wanted)) }
    }

    /// At each point the values of all bodies, in every combination of equilibria of all games, all equilibria
    /// being known; `None` where it takes the exact path to know.
    pub fn values(&self, points: &[Vec<Q>]) -> Vec<Option<Values>> {
        let Some(fast) = &self.fast else { return vec![None; points.len()] };
        let ends = |heard: Heard| match heard {
            Heard::Bounds(bounds) => bounds.map(|(low, high)| Ends { low, high }),
            _ => None,
        };
        let values = |quick: Quick| {
            quick.further.into_iter().map(|list| list.into_iter().map(ends).collect()).collect()
        };
        fast.at(points).into_iter().map(|found| found.ok().map(values)).collect()
    }

    /// As [`Bodies::values`], the first body over all equilibria; `Some(None)` where it has no value.
    pub fn overall(&self, points: &[Vec<Q>]) -> Vec<Option<Option<Ends>>> {
        let first =
            |values: Values| hull(values.into_iter().next().unwrap_or_default().into_iter().flatten());
        self.values(points).into_iter().map(|found| found.map(first)).collect()
    }
}
