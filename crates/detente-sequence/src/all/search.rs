//! The search by cases: every sequence is unused or a best reply.
//!
//! The one idea: a case makes one variable of one player's table 0; a few pivots say whether that
//! can be. A sequence that already fits all over both faces needs no case. The first cases are cut
//! into pieces, which are independent; results are put together in their order.

use super::Limits;
use super::corners::corners;
use crate::form::Form;
use crate::lemke::table::{Forced, Mode, Table, Variable, Weights};
use detente_exact::Q;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

/// Numbers of lists of corners, one of each player: every pair of corners is an equilibrium.
pub type Faces = [usize; 2];

/// What was made 0 on a face.
type Key = BTreeSet<Variable>;

/// Variables that are not 0, per table: an equilibrium of the trembling game.
pub type Bases = [Vec<Variable>; 2];

/// One step of the proof that no case was forgotten; first things first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// A player's slot is unused, or else a best reply; the steps of both cases follow.
    Branch(usize, usize),
    /// No strategy of this player fits the case: weights on shortfalls of the other's slots whose sum
    /// would be below 0, where it cannot be.
    Refuted(usize, Weights),
    /// The same, where the sum is 0 at most: then it is 0.
    Implied(usize, Weights),
    /// What is left lies in this product.
    Piece(u32),
}

/// Most steps that a piece writes down.
const WRITTEN: usize = 4_000;

/// Cases decided one after the other before pieces are handed out: there are at most two to this.
const DEPTH: u32 = 7;

/// What a search found.
pub struct Found {
    /// Corners of the faces met, per player.
    pub lists: [Vec<Vec<Vec<Q>>>; 2],
    /// Pairs of faces that consist of equilibria.
    pub faces: BTreeSet<Faces>,
    /// With trembles: each equilibrium's limit and the variables that are not 0.
    pub points: Vec<([Vec<Q>; 2], Bases)>,
    pub complete: bool,
    pub cases: u64,
    /// Without trembles: the steps, if they were written down.
    pub steps: Vec<Step>,
    /// The pairs of faces that steps name.
    pub kept: Vec<Faces>,
    pub written: bool,
}

impl Found {
    /// Takes what a piece found; its steps are put into their place by the caller.
    fn absorb(&mut self, piece: Found) {
        let before = [self.lists[0].len(), self.lists[1].len()];
        self.written &= piece.written;
        self.kept.extend(piece.kept.into_iter().map(|[x, y]| [before[0] + x, before[1] + y]));
        for (mine, theirs) in self.lists.iter_mut().zip(piece.lists) {
            mine.extend(theirs);
        }
        self.faces.extend(piece.faces.into_iter().map(|[x, y]| [before[0] + x, before[1] + y]));
        self.points.extend(piece.points);
        self.complete &= piece.complete;
        self.cases += piece.cases;
    }
}

/// Searches all cases.
pub fn search(form: &Form, roots: &[Table; 2], limits: &Limits, mode: Mode) -> Found {
    let mut top = Search::new(form, roots, limits, mode);
    top.explore([&roots[0], &roots[1]], DEPTH);
    let (pieces, places) = (std::mem::take(&mut top.pieces), std::mem::take(&mut top.places));
    let results: Vec<OnceLock<Found>> = pieces.iter().map(|_| OnceLock::new()).collect();
    (limits.share)(pieces.len(), &|k| {
        let mut search = Search::new(form, roots, limits, mode);
        search.explore([&pieces[k][0], &pieces[k][1]], u32::MAX);
        // A piece is done once.
        let _ = results[k].set(search.found);
    });
    let mut found = top.found;
    let (first, mut from) = (std::mem::take(&mut found.steps), 0);
    for (result, place) in results.into_iter().zip(places) {
        found.steps.extend_from_slice(&first[from.min(place)..place.min(first.len())]);
        from = place;
        match result.into_inner() {
            Some(mut piece) => {
                let before = found.kept.len() as u32;
                found.steps.extend(std::mem::take(&mut piece.steps).into_iter().map(|step| match step {
                    Step::Piece(n) => Step::Piece(before + n),
                    other => other,
                }));
                found.absorb(piece);
            }
            None => found.complete = false,
        }
    }
    found.steps.extend_from_slice(&first[from.min(first.len())..]);
    found
}

struct Search<'a> {
    form: &'a Form,
    limits: &'a Limits<'a>,
    mode: Mode,
    /// The tables without any case.
    roots: &'a [Table; 2],
    known: [BTreeMap<Key, usize>; 2],
    found: Found,
    /// Cases that are left to others, and before which step each comes.
    pieces: Vec<[Table; 2]>,
    places: Vec<usize>,
}

impl<'a> Search<'a> {
    fn new(form: &'a Form, roots: &'a [Table; 2], limits: &'a Limits<'a>, mode: Mode) -> Search<'a> {
        let found = Found {
            lists: [vec![], vec![]],
            faces: BTreeSet::new(),
            points: vec![],
            complete: true,
            cases: 0,
            steps: vec![],
            kept: vec![],
            written: mode == Mode::Exact,
        };
        let known = [BTreeMap::new(), BTreeMap::new()];
        Search { form, limits, mode, roots, known, found, pieces: vec![], places: vec![] }
    }

    /// Writes a step down, unless there are too many.
    fn write(&mut self, step: impl FnOnce() -> Step) {
        if self.found.steps.len() >= WRITTEN {
            self.found.written = false;
            self.found.steps.clear();
        }
        if self.found.written {
            self.found.steps.push(step());
        }
    }

    /// Looks at the case that these tables stand for, `depth` more cases deep.
    fn explore(&mut self, tables: [&Table; 2], depth: u32) {
        if depth == 0 {
            self.pieces.push(tables.map(Table::clone));
            self.places.push(self.found.steps.len());
            return;
        }
        self.found.cases += 1;
        let cases = self.found.cases;
        if cases > self.limits.cases || (cases.is_multiple_of(64) && !(self.limits.keep_going)()) {
            self.found.complete = false;
        }
        if !self.found.complete {
            return;
        }
        let Some((player, slot)) = self.open(tables) else { return self.keep(tables) };
        self.write(|| Step::Branch(player, slot));
        for (at, variable) in [(player, Variable::Reach(slot)), (1 - player, Variable::Short(slot))] {
            let mut table = tables[at].clone();
            match table.forced(variable, self.mode) {
                Forced::Zero => {}
                Forced::Follows(row) => self.write(|| Step::Implied(at, table.weights(row))),
                Forced::Never(row) => {
                    self.write(|| Step::Refuted(at, table.weights(row)));
                    continue;
                }
                Forced::Lost => {
                    self.found.written = false;
                    continue;
                }
            }
            let mut next = tables;
            next[at] = &table;
            self.explore(next, depth - 1);
        }
    }

    /// A sequence that is neither unused nor a best reply all over; one that is neither at the
    /// tables' present points if there is such.
    fn open(&self, tables: [&Table; 2]) -> Option<(usize, usize)> {
        let mut any = None;
        for player in 0..2 {
            let (own, other) = (tables[player], tables[1 - player]);
            for slot in 1..self.form.sides[player].slots() {
                let (reach, short) = (Variable::Reach(slot), Variable::Short(slot));
                if own.vanishes(reach, self.mode) || other.vanishes(short, self.mode) {
                    continue;
                }
                if own.is_positive(reach, self.mode) && other.is_positive(short, self.mode) {
                    return Some((player, slot));
                }
                any = any.or(Some((player, slot)));
            }
        }
        any
    }

    /// Keeps what is left of both tables: first all that the first player may do while the second
    /// does as its table says, then all that the second may do against that.
    fn keep(&mut self, tables: [&Table; 2]) {
        if self.mode == Mode::Trembling {
            let limit = [0, 1].map(|p| tables[p].limit(&self.form.sides[p]));
            self.found.points.push((limit, [0, 1].map(|p| tables[p].basic().to_vec())));
            return;
        }
        let faces = self.face(0, tables[1]).and_then(|(first, mine)| {
            let (second, yours) = self.face(1, &first)?;
            Some([self.corners(0, first, mine)?, self.corners(1, second, yours)?])
        });
        match faces {
            Some(faces) => {
                self.found.faces.insert(faces);
                let number = self.found.kept.len() as u32;
                self.write(|| Step::Piece(number));
                self.found.kept.push(faces);
            }
            None => self.found.complete = false,
        }
    }

    /// The face of a player on which everything is 0 whose partner is not 0 all over the other's
    /// table, and what was made 0.
    fn face(&self, player: usize, other: &Table) -> Option<(Table, Key)> {
        let own = (1..self.form.sides[player].slots()).map(Variable::Reach);
        let theirs = (1..self.form.sides[1 - player].slots()).map(Variable::Short);
        let key: Key = own.chain(theirs).filter(|v| !other.vanishes(v.partner(), self.mode)).collect();
        let mut table = self.roots[player].clone();
        key.iter().all(|variable| table.force(*variable, self.mode)).then_some((table, key))
    }

    /// The number of a face's list of corners; `None` if the list was not finished.
    fn corners(&mut self, player: usize, table: Table, key: Key) -> Option<usize> {
        if let Some(known) = self.known[player].get(&key) {
            return Some(*known);
        }
        let held: BTreeSet<usize> = key.iter().filter_map(|v| v.short_of()).collect();
        let sides = [&self.form.sides[player], &self.form.sides[1 - player]];
        let list = corners(table, sides, &held, self.limits.corners, self.limits.keep_going)?;
        self.found.lists[player].push(list);
        let number = self.found.lists[player].len() - 1;
        self.known[player].insert(key, number);
        Some(number)
    }
}
