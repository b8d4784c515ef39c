//! Replays the cases of a proof about a strategic game for two.
//!
//! The one idea: what is marked is a claim about every equilibrium of the case; each step either
//! shows that no strategy has the marks, or that all that have them are listed.

use super::corners;
use super::table::Table;
use detente_exact::Q;
use detente_game::matrix::{MatrixProof, MatrixStep};

/// The state of a replay.
pub(crate) struct Replay<'a> {
    table: &'a Table,
    proof: &'a MatrixProof,
    facts: &'a Facts,
    marks: [Marks; 2],
    at: usize,
    /// Whether some case was left open.
    pub open: bool,
}

/// What is marked of a player's strategies.
#[derive(Clone)]
struct Marks {
    unused: Vec<bool>,
    best: Vec<bool>,
}

/// What each listed strategy uses, and what the other player's best replies to it are.
pub(crate) struct Facts {
    pub used: [Vec<Vec<bool>>; 2],
    /// `replies[p][x]`: best replies of player `1 - p` to strategy `x` of `p`.
    pub replies: [Vec<Vec<bool>>; 2],
}

impl Facts {
    /// Recomputes both.
    ///
    /// # Errors
    /// A list is no mixed strategy.
    pub(crate) fn new(table: &Table, proof: &MatrixProof) -> Result<Facts, String> {
        let mut facts = Facts { used: [vec![], vec![]], replies: [vec![], vec![]] };
        for (p, list) in proof.strategies.iter().enumerate() {
            for x in list {
                let mixed = x.len() == table.size(p)
                    && x.iter().all(|q| !q.is_negative())
                    && x.iter().cloned().sum::<Q>() == Q::ONE;
                if !mixed {
                    return Err("a list of the proof is no mixed strategy".into());
                }
                facts.used[p].push(x.iter().map(Q::is_positive).collect());
                facts.replies[p].push(table.replies(1 - p, x));
            }
        }
        Ok(facts)
    }

    /// Whether two listed strategies are an equilibrium.
    pub(crate) fn is_equilibrium(&self, pair: [u32; 2]) -> bool {
        (0..2).all(|p| {
            let used = &self.used[p][pair[p] as usize];
            used.iter().zip(&self.replies[1 - p][pair[1 - p] as usize]).all(|(used, best)| *best || !*used)
        })
    }
}

impl<'a> Replay<'a> {
    pub(crate) fn new(table: &'a Table, proof: &'a MatrixProof, facts: &'a Facts) -> Replay<'a> {
        let none = |p: usize| Marks { unused: vec![false; table.size(p)], best: vec![false; table.size(p)] };
        Replay { table, proof, facts, marks: [none(0), none(1)], at: 0, open: false }
    }

    /// Replays all steps.
    ///
    /// # Errors
    /// Says which step proves nothing.
    pub(crate) fn run(&mut self) -> Result<(), String> {
        self.case().map_err(|why| format!("step {} of the cases: {why}", self.at.saturating_sub(1)))?;
        match self.at == self.proof.steps.len() {
            true => Ok(()),
            false => Err("the proof goes on after its last case".into()),
        }
    }

    /// One case, to its end. Cases nest no deeper than there are strategies.
    fn case(&mut self) -> Result<(), String> {
        loop {
            let step = self.proof.steps.get(self.at).ok_or("the steps end within a case")?;
            self.at += 1;
            match step {
                MatrixStep::Open => {
                    self.open = true;
                    return Ok(());
                }
                MatrixStep::Refuted(p, weights) => {
                    let signs = self.signs(*p, weights)?;
                    return match signs.iter().all(|(_, sign)| *sign > 0) {
                        true => Ok(()),
                        false => Err("the weights do not refute the case".into()),
                    };
                }
                MatrixStep::Implied(p, weights) => {
                    let signs = self.signs(*p, weights)?;
                    if signs.iter().any(|(_, sign)| *sign < 0) {
                        return Err("the weights imply nothing".into());
                    }
                    let p = *p as usize;
                    for (own, _) in signs.iter().filter(|(_, sign)| *sign > 0) {
                        self.marks[p].unused[*own] = true;
                    }
                    for (best, _) in self.marks[1 - p].best.iter_mut().zip(weights).filter(|(_, w)| **w > 0) {
                        *best = true;
                    }
                }
                MatrixStep::Saddle(x, y) => self.saddle([*x, *y])?,
                MatrixStep::Piece(piece) => return self.piece(*piece),
                MatrixStep::Branch(k) => return self.branch(*k as usize),
            }
        }
    }

    fn branch(&mut self, k: usize) -> Result<(), String> {
        let first = self.table.size(0);
        let (p, own) = if k < first { (0, k) } else { (1, k - first) };
        let marks = &self.marks[p];
        if !(marks.unused.get(own) == Some(&false) && marks.best.get(own) == Some(&false)) {
            return Err("a strategy is decided twice, or is none".into());
        }
        let before = self.marks.clone();
        self.marks[p].unused[own] = true;
        self.case()?;
        self.marks.clone_from(&before);
        self.marks[p].best[own] = true;
        self.case()?;
        self.marks = before;
        Ok(())
    }

    /// The signs of the sums for each strategy of `p` not marked unused.
    fn signs(&self, p: u8, weights: &[i64]) -> Result<Vec<(usize, i32)>, String> {
        let p = p as usize;
        if p > 1 || weights.len() != self.table.size(1 - p) {
            return Err("there is not one weight per strategy of the other player".into());
        }
        let free = weights.iter().zip(&self.marks[1 - p].best).all(|(w, best)| *best || *w >= 0);
        if !free || weights.iter().map(|w| i128::from(*w)).sum::<i128>() != 0 {
            return Err("the weights have a wrong sign, or do not sum to 0".into());
        }
        let own = (0..self.table.size(p)).filter(|i| !self.marks[p].unused[*i]);
        Ok(own.map(|i| (i, self.table.sign(p, i, weights))).collect())
    }

    fn saddle(&mut self, pair: [u32; 2]) -> Result<(), String> {
        let listed = (0..2).all(|p| (pair[p] as usize) < self.proof.strategies[p].len());
        if !listed || !self.table.is_constant_sum() || !self.facts.is_equilibrium(pair) {
            return Err("this is no equilibrium of a game of constant sum".into());
        }
        for p in 0..2 {
            let replies = &self.facts.replies[1 - p][pair[1 - p] as usize];
            let used = &self.facts.used[p][pair[p] as usize];
            for own in 0..self.table.size(p) {
                self.marks[p].unused[own] |= !replies[own];
                self.marks[p].best[own] |= used[own];
            }
        }
        Ok(())
    }

    /// Whether all that has the marks lies in the piece.
    fn piece(&self, piece: u32) -> Result<(), String> {
        let lists = self.proof.pieces.get(piece as usize).ok_or("a case names no piece")?;
        for p in 0..2 {
            self.covered(p, &lists[p])?;
        }
        Ok(())
    }

    fn covered(&self, p: usize, list: &[u32]) -> Result<(), String> {
        let own: Vec<usize> = (0..self.table.size(p)).filter(|i| !self.marks[p].unused[*i]).collect();
        let tied: Vec<usize> = (0..self.table.size(1 - p)).filter(|k| self.marks[1 - p].best[*k]).collect();
        let others = &self.table.payoffs[1 - p];
        let form = |k: usize, than: usize| -> Vec<Q> {
            own.iter().map(|i| &others[k][*i] - &others[than][*i]).collect()
        };
        let fits = |x: u32| {
            let (used, replies) = (&self.facts.used[p][x as usize], &self.facts.replies[p][x as usize]);
            let only = used.iter().zip(&self.marks[p].unused).all(|(used, unused)| !(*used && *unused));
            only && tied.iter().all(|k| replies[*k])
        };
        let mut corners = vec![];
        if let Some(anchor) = tied.first() {
            let equal: Vec<Vec<Q>> = tied[1..].iter().map(|k| form(*k, *anchor)).collect();
            if list.iter().any(|x| fits(*x)) && corners::at_most_one(own.len(), &equal) {
                return Ok(());
            }
            let below: Vec<Vec<Q>> =
                (0..others.len()).filter(|k| !tied.contains(k)).map(|k| form(k, *anchor)).collect();
            corners = corners::corners(own.len(), &equal, &below).ok_or("a case has too many corners")?;
        } else {
            for i in 0..own.len() {
                corners.push((0..own.len()).map(|j| if i == j { Q::ONE } else { Q::ZERO }).collect());
            }
        }
        for corner in corners {
            let mut whole = vec![Q::ZERO; self.table.size(p)];
            for (i, q) in own.iter().zip(corner) {
                whole[*i] = q;
            }
            if !list.iter().any(|x| self.proof.strategies[p][*x as usize] == whole) {
                return Err("a corner of the case is not listed in its piece".into());
            }
        }
        Ok(())
    }
}
