//! One door for both ways: all that a caller needs to answer draws of a game.
//!
//! The one idea: load a block of parameters, then ask lane by lane; what cannot be told here says why.

use crate::backward::{Perfect, Played};
use crate::found::{Found, Play, signature_of_choices};
use crate::lanes::{Block, LANES};
use crate::tape::Values;
use crate::whole::tree::{Kind, Numbers};
use crate::whole::{Whole, Why, describe};
use detente_exact::Interval;
use detente_game::Game;
use detente_game::solution::Concept;

/// A game, ready for draws.
#[derive(Clone, Debug)]
pub struct Batch {
    perfect: Option<Perfect>,
    whole: Whole,
}

/// Rows that are used again from block to block.
#[derive(Default)]
pub struct Work {
    values: Values,
    played: Played,
}

/// The numbers of one draw: chances, and what each end pays.
pub struct Point<'b> {
    batch: &'b Batch,
    numbers: Numbers,
}

impl Batch {
    /// Compiles a game. `block` tells which parameters are fixed, and their values.
    ///
    /// `None` where the concept is another one, the probabilities do not sum to 1 as formulas, or a
    /// menu is longer than 30: then every draw needs the exact path. In a game of perfect information
    /// subgame-perfect equilibria are the sequential ones; elsewhere only the latter are found here.
    pub fn new(game: &Game, concept: Concept, block: &Block) -> Option<Batch> {
        Batch::with_constants(game, concept, block, &[])
    }

    /// As [`Batch::new`], where these parameters have their base values in every block: what ties by their being
    /// what they are is known to tie.
    pub fn with_constants(
        game: &Game,
        concept: Concept,
        block: &Block,
        constants: &[usize],
    ) -> Option<Batch> {
        let seen = crate::backward::applies(game);
        if game.strategic || !(concept == Concept::Sequential || concept == Concept::Spe && seen) {
            return None;
        }
        let perfect = if seen { Perfect::new(game, block) } else { None };
        Some(Batch { perfect, whole: Whole::new(game, constants)? })
    }

    /// Evaluates a block of draws.
    pub fn load(&self, block: &Block, work: &mut Work) {
        match &self.perfect {
            Some(perfect) => perfect.run(block, &mut work.played),
            None => self.whole.load(block, &mut work.values),
        }
    }

    fn values<'w>(&self, work: &'w Work) -> &'w Values {
        if self.perfect.is_some() { work.played.numbers() } else { &work.values }
    }

    /// The numbers of one lane of the loaded block.
    ///
    /// # Errors
    /// A probability or a formula that may be outside of its range there.
    pub fn point(&self, work: &Work, lane: usize) -> Result<Point<'_>, Why> {
        let numbers = self.whole.tree().numbers(self.values(work), lane)?;
        Ok(Point { batch: self, numbers })
    }

    /// All equilibria in one lane of the loaded block, proven complete.
    ///
    /// # Errors
    /// Why the draw needs the exact path.
    pub fn solve(&self, work: &Work, lane: usize) -> Result<Found, Why> {
        let numbers = self.whole.tree().numbers(self.values(work), lane)?;
        if self.perfect.is_none() {
            return self.whole.solve(numbers, self.values(work), lane);
        }
        let played = &work.played;
        if played.near[lane] {
            // A tie: the slower way tells whether play ends alike for everybody after it.
            return self.whole.solve(numbers, self.values(work), lane);
        }
        let plays = played.choice.iter().map(|c| Play::Pure(u32::from(c[lane]))).collect();
        let payoffs = played.values.iter().map(|row| {
            let (value, guard) = (row[lane], played.guard[lane]);
            Interval::new((value - guard).next_down(), (value + guard).next_up()).ok_or(Why::Close)
        });
        let payoffs = payoffs.collect::<Result<Vec<Interval>, Why>>()?;
        let only = describe::equilibrium(self.whole.tree(), &numbers, plays, payoffs);
        Ok(Found { equilibria: vec![only] })
    }

    /// The signature of every lane of the loaded block, `None` where it needs the exact path: cheaper
    /// than [`Batch::solve`] where nothing else is wanted.
    pub fn signatures(&self, work: &Work) -> [Option<u64>; LANES] {
        std::array::from_fn(|lane| match self.perfect {
            Some(_) => {
                let fits = self.whole.tree().numbers(self.values(work), lane).is_ok();
                let name = || signature_of_choices(work.played.choice.iter().map(|c| c[lane]));
                if fits && work.played.near[lane] {
                    return self.solve(work, lane).ok().map(|found| found.signature());
                }
                fits.then(name)
            }
            None => self.solve(work, lane).ok().map(|found| found.signature()),
        })
    }
}

impl Point<'_> {
    /// The probability of arm `k` at a chance node.
    pub fn chance(&self, node: usize, k: usize) -> Interval {
        match self.batch.whole.tree().nodes[node].kind {
            Kind::Chance(start) => self.numbers.probs[start as usize + k],
            _ => Interval::ZERO,
        }
    }

    /// What is paid to a player from the root through a node.
    pub fn paid(&self, node: usize, player: usize) -> Interval {
        let tree = self.batch.whole.tree();
        let mut sum = self.numbers.paid(tree, node as u32, player);
        let mut at = node;
        while let Some((above, _)) = tree.nodes[at].above {
            sum = sum + self.numbers.paid(tree, above, player);
            at = above as usize;
        }
        sum
    }
}
