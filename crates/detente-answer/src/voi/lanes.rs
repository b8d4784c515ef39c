//! One game at many points in lanes, as the value of information needs it: what play is worth, and what each
//! equilibrium lets own plans pay.
//!
//! The one idea: the others' moves at one equilibrium are all that own plans are weighed by. Where a move that bears on
//! them varies over a continuum the exact path says which point stands for it; elsewhere the middle of its enclosure
//! is the number.

use super::plans::Plans;
use crate::ends::{Ends, hull};
use crate::fast::place::ends;
use detente_batch::{Batch, Block, Equilibrium, LANES, Play, Point, Work};
use detente_exact::{Interval, Q};
use detente_game::solution::Concept;
use detente_game::{Game, PlayerId};
use std::cmp::Ordering;

/// What is known of one game at one point.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Now {
    /// The player's value over all equilibria.
    pub value: Option<Ends>,
    /// Per state of knowledge asked about and per equilibrium, the weights of own sequences.
    pub weights: Vec<Vec<Vec<f64>>>,
}

/// A game, ready for points.
pub(super) struct Lanes<'g> {
    game: &'g Game,
    batch: Option<Batch>,
    block: Block,
}

impl<'g> Lanes<'g> {
    /// Compiles a game that is asked about points of any fractions.
    pub fn new(game: &'g Game, concept: Concept) -> Lanes<'g> {
        let block = Block::new(game);
        Lanes { game, batch: Batch::new(game, concept, &block.loosened()), block }
    }

    /// Compiles a game that is asked about its base values only: its numbers count as constants, so that what ties by
    /// them is known to tie.
    pub fn fixed(game: &'g Game, concept: Concept) -> Lanes<'g> {
        let block = Block::new(game);
        let all: Vec<usize> = (0..game.params.len()).collect();
        Lanes { game, batch: Batch::with_constants(game, concept, &block, &all), block }
    }

    /// The player's value at the base values; `None` where only the exact path tells.
    pub fn value(&self, player: PlayerId) -> Option<Ends> {
        let batch = self.batch.as_ref()?;
        let mut work = Work::default();
        batch.load(&self.block, &mut work);
        worth(&batch.solve(&work, 0).ok()?.equilibria, player)
    }

    /// At each point what the player gets and what its plans weigh; `None` where only the exact path tells.
    pub fn at(&self, points: &[Vec<Q>], player: PlayerId, plans: &[&Plans]) -> Vec<Option<Now>> {
        let Some(batch) = &self.batch else { return vec![None; points.len()] };
        points.chunks(LANES).flat_map(|some| self.block(batch, some, player, plans)).collect()
    }

    fn block(
        &self,
        batch: &Batch,
        points: &[Vec<Q>],
        player: PlayerId,
        plans: &[&Plans],
    ) -> Vec<Option<Now>> {
        let mut block = self.block.clone();
        for (p, info) in self.game.params.iter().enumerate() {
            if points.iter().all(|point| point[p] == info.base) {
                continue;
            }
            for lane in 0..LANES {
                // Lanes that are not used repeat the first, so that they are games too.
                block.put(p, lane, &points.get(lane).unwrap_or(&points[0])[p]);
            }
        }
        let mut work = Work::default();
        batch.load(&block, &mut work);
        let one = |lane: usize| {
            let mut found = batch.solve(&work, lane).ok()?.equilibria;
            let point = batch.point(&work, lane).ok()?;
            found.sort_by(order);
            let weigh = |plans: &&Plans| {
                let each = found.iter().map(|e| self.weigh(plans, &point, e, player));
                each.collect::<Option<Vec<Vec<f64>>>>()
            };
            let weights = plans.iter().map(weigh).collect::<Option<Vec<_>>>()?;
            Some(Now { value: Some(worth(&found, player)?), weights })
        };
        (0..points.len()).map(one).collect()
    }

    /// The weights of own sequences; `None` if a move that they hang on varies.
    fn weigh(&self, plans: &Plans, point: &Point, e: &Equilibrium, player: PlayerId) -> Option<Vec<f64>> {
        // What varies spoils every sum that it is part of, and no other.
        let sure = |range: Interval| if wide(range) { f64::NAN } else { range.mid() };
        let moves = |h: usize, k: usize| sure(e.moves[e.starts[h] + k]);
        let weights = plans.weights(self.game, &moves, &|node, k| point.chance(node, k).mid(), &|node| {
            point.paid(node, player.index()).mid()
        });
        weights.iter().all(|w| w.is_finite()).then_some(weights)
    }
}

fn wide(range: Interval) -> bool {
    let width = range.hi() - range.lo();
    width.is_nan() || width > 1e-9
}

/// A player's value over all equilibria; `None` where an enclosure says less than the exact path would.
fn worth(found: &[Equilibrium], player: PlayerId) -> Option<Ends> {
    let averaged = |e: &&Equilibrium| e.plays.iter().any(|p| matches!(p, Play::Split(..) | Play::Heard(_)));
    if found.is_empty() || found.iter().any(|e| averaged(&e)) {
        return None;
    }
    let payoffs = || found.iter().map(|e| e.payoffs[player.index()]);
    if payoffs().any(|p| !p.hi().is_finite() || wide(p)) {
        return None;
    }
    hull(payoffs().map(|p| {
        let (low, high) = ends(p);
        Ends { low, high }
    }))
}

/// The order in which equilibria are listed everywhere: by outcome probabilities, descending, then by moves.
fn order(a: &Equilibrium, b: &Equilibrium) -> Ordering {
    let pairs = a.outcomes.iter().chain(&a.moves).zip(b.outcomes.iter().chain(&b.moves));
    let mut apart = pairs.map(|(x, y)| y.mid() - x.mid()).filter(|d| d.abs() > 1e-9);
    apart.next().map_or(Ordering::Equal, |d| d.total_cmp(&0.0))
}
