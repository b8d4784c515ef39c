//! All equilibria by cases: each strategy is unused or a best reply.
//!
//! The case tree is that of Audet, Hansen, Jaumard and Savard, "Enumeration of all extreme
//! equilibria of bimatrix games", 2001. The one idea here: floats walk the two polytopes and say
//! where to look and what is empty; whole weights prove each empty case, and exact corners are
//! taken of each case that is left. So no answer rests on a float.

use crate::corners::corners;
use crate::face::{Face, Forced};
use crate::game::{Bimatrix, Mixed};
use crate::pieces::Share;
use crate::proof::Step;
use crate::refute::{self, Decided, Marks};
use std::collections::BTreeMap;

/// Products of losses and probabilities above this count as violated.
const TOLERANCE: f64 = 1e-9;
/// Faces that look as if they had at most this dimension are enumerated as they are.
const SMALL: usize = 3;
/// Most corners of one face.
const CORNERS: usize = 4_096;

/// All equilibria: products of faces, with the proof that there are no others.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cases {
    /// The steps of the proof.
    pub steps: Vec<Step>,
    /// Mixed strategies of each player that are corners of some piece.
    pub strategies: [Vec<Mixed>; 2],
    /// Each piece: every mixture of these strategies of the first player with every mixture of
    /// these of the second is an equilibrium.
    pub pieces: Vec<[Vec<u32>; 2]>,
    /// Whether every case was decided.
    pub complete: bool,
}

/// Limits and watching of a search.
pub struct Limits<'a> {
    /// Most steps of the proof.
    pub steps: u64,
    /// Called now and then with the share that is done; false stops the search.
    pub keep_going: &'a (dyn Fn(f64) -> bool + Sync),
    /// Does pieces of the search; the result does not depend on it. [`in_turn`](crate::in_turn) is
    /// the plainest way.
    pub share: &'a Share<'a>,
}

/// A case that is left to a search of its own: where its steps belong, and what it starts from.
pub(crate) struct Rest {
    /// Number of steps before it.
    pub(crate) at: usize,
    marks: [Marks; 2],
    faces: Option<Box<[Face; 2]>>,
    share: (f64, f64),
}

pub(crate) struct Search<'a> {
    game: &'a Bimatrix,
    limits: &'a Limits<'a>,
    /// Most steps of this search.
    most: u64,
    tables: &'a [Vec<Vec<f64>>; 2],
    marks: [Marks; 2],
    pub(crate) found: Cases,
    numbers: [BTreeMap<Mixed, u32>; 2],
    known: BTreeMap<[Vec<u32>; 2], u32>,
    stopped: bool,
    /// Branchings above the present case, and how many leave their cases to others.
    depth: u32,
    deepest: u32,
    pub(crate) rests: Vec<Rest>,
}

/// A strategy of a player.
#[derive(Clone, Copy)]
struct Label {
    player: usize,
    own: usize,
}

/// The two cases of a strategy.
#[derive(Clone, Copy, PartialEq)]
enum Case {
    Unused,
    Best,
}

impl<'a> Search<'a> {
    pub(crate) fn new(
        game: &'a Bimatrix,
        limits: &'a Limits<'a>,
        tables: &'a [Vec<Vec<f64>>; 2],
        most: u64,
    ) -> Search<'a> {
        Search {
            game,
            limits,
            most,
            tables,
            marks: [Marks::new(game.size(0)), Marks::new(game.size(1))],
            found: Cases { complete: true, ..Cases::default() },
            numbers: [BTreeMap::new(), BTreeMap::new()],
            known: BTreeMap::new(),
            stopped: false,
            depth: 0,
            deepest: u32::MAX,
            rests: vec![],
        }
    }

    /// Searches the cases of the first `deepest` branchings and leaves the others in `rests`.
    pub(crate) fn begin(&mut self, deepest: u32) {
        if self.saddle() {
            return;
        }
        self.deepest = deepest;
        let faces = Box::new([Face::new(&self.tables[0]), Face::new(&self.tables[1])]);
        self.explore(Some(faces), (0.0, 1.0));
    }

    /// Searches a case that was left.
    pub(crate) fn go_on(&mut self, rest: &Rest) {
        self.marks = rest.marks.clone();
        self.explore(rest.faces.clone(), rest.share);
    }

    /// The player whose strategies a case restricts, and the variable that it makes 0.
    fn variable(&self, label: Label, case: Case) -> (usize, usize) {
        match case {
            Case::Unused => (label.player, label.own),
            Case::Best => {
                let player = 1 - label.player;
                (player, self.game.size(player) + label.own)
            }
        }
    }

    fn mark(&mut self, label: Label, case: Case, value: bool) {
        let marks = &mut self.marks[label.player];
        match case {
            Case::Unused => marks.unused[label.own] = value,
            Case::Best => marks.best[label.own] = value,
        }
    }

    fn open(&self) -> Vec<Label> {
        let both =
            (0..2).flat_map(|player| (0..self.game.size(player)).map(move |own| Label { player, own }));
        both.filter(|l| !self.marks[l.player].unused[l.own] && !self.marks[l.player].best[l.own]).collect()
    }

    fn number(&self, label: Label) -> u32 {
        (label.own + if label.player == 1 { self.game.size(0) } else { 0 }) as u32
    }

    /// Explores the case of the marks. Without faces, exact arithmetic decides alone. `share` is
    /// where this case begins and how much of the whole it is.
    fn explore(&mut self, faces: Option<Box<[Face; 2]>>, share: (f64, f64)) {
        if self.depth >= self.deepest {
            let (at, marks) = (self.found.steps.len(), self.marks.clone());
            self.rests.push(Rest { at, marks, faces, share });
            return;
        }
        if self.stopped || self.found.steps.len() as u64 >= self.most {
            self.give_up();
            return;
        }
        if self.found.steps.len().is_multiple_of(256) && !(self.limits.keep_going)(share.0) {
            self.stopped = true;
            self.give_up();
            return;
        }
        let Some(mut faces) = faces else {
            return self.leaf(None, share);
        };
        let open = self.open();
        for label in &open {
            for case in [Case::Unused, Case::Best] {
                let (player, variable) = self.variable(*label, case);
                if faces[player].stays_positive(variable) {
                    let rows = faces[player].multipliers(variable);
                    if let Some(weights) = self.refuted(*label, case, &rows) {
                        self.one_sided(*label, case, weights, faces, share);
                        return;
                    }
                }
            }
        }
        let label = violated(self, &faces, &open).or_else(|| {
            open.iter().copied().find(|l| {
                let [unused, best] = [Case::Unused, Case::Best].map(|c| self.variable(*l, c));
                faces[unused.0].rises(unused.1) && faces[best.0].rises(best.1)
            })
        });
        match label {
            Some(label) => self.branch(label, Some(faces), share),
            None => self.leaf(Some(faces), share),
        }
    }

    /// Weights that refute one case of a strategy.
    fn refuted(&mut self, label: Label, case: Case, rows: &[f64]) -> Option<Vec<i64>> {
        let (player, _) = self.variable(label, case);
        self.mark(label, case, true);
        let (unused, best) = (&self.marks[player].unused, &self.marks[1 - player].best);
        let weights = refute::round(&self.tables[player], unused, best, rows);
        self.mark(label, case, false);
        weights
    }

    /// A strategy of which one case is refuted already.
    fn one_sided(
        &mut self,
        label: Label,
        case: Case,
        weights: Vec<i64>,
        faces: Box<[Face; 2]>,
        share: (f64, f64),
    ) {
        self.found.steps.push(Step::Branch(self.number(label)));
        let refuted = Step::Refuted(self.variable(label, case).0 as u8, weights);
        match case {
            Case::Unused => {
                self.found.steps.push(refuted);
                self.child(label, Case::Best, Some(faces), share);
            }
            Case::Best => {
                self.child(label, Case::Unused, Some(faces), share);
                self.found.steps.push(refuted);
            }
        }
    }

    fn branch(&mut self, label: Label, faces: Option<Box<[Face; 2]>>, (from, size): (f64, f64)) {
        self.found.steps.push(Step::Branch(self.number(label)));
        self.depth += 1;
        self.child(label, Case::Unused, faces.clone(), (from, size / 2.0));
        self.child(label, Case::Best, faces, (from + size / 2.0, size / 2.0));
        self.depth -= 1;
    }

    /// Explores one case of a strategy, or refutes it.
    fn child(&mut self, label: Label, case: Case, faces: Option<Box<[Face; 2]>>, share: (f64, f64)) {
        let (player, variable) = self.variable(label, case);
        self.mark(label, case, true);
        let forced = faces.map(|mut faces| (faces[player].force(variable), faces));
        let guess = match forced {
            Some((Forced::Done, faces)) => Ok(Some(faces)),
            Some((Forced::Refuted(rows), _)) => Err(Some(rows)),
            _ => Err(None),
        };
        let (unused, best) = (&self.marks[player].unused, &self.marks[1 - player].best);
        let nothing_left = unused.iter().all(|u| *u).then(|| vec![0; best.len()]);
        let rounded = || match &guess {
            Err(Some(rows)) => refute::round(&self.tables[player], unused, best, rows),
            _ => None,
        };
        if let Some(weights) = nothing_left.or_else(rounded) {
            self.found.steps.push(Step::Refuted(player as u8, weights));
        } else if let Ok(faces) = guess {
            self.explore(faces, share);
        } else {
            match refute::decide(self.game, player, unused, best) {
                Decided::Refuted(Some(weights)) => {
                    self.found.steps.push(Step::Refuted(player as u8, weights))
                }
                Decided::Refuted(None) => self.give_up(),
                Decided::Fits => self.explore(None, share),
            }
        }
        self.mark(label, case, false);
    }

    /// Takes the exact corners of both faces. If they are no equilibria all, a strategy that is
    /// neither unused nor a best reply is branched on.
    fn leaf(&mut self, faces: Option<Box<[Face; 2]>>, share: (f64, f64)) {
        let before = self.marks.clone();
        if let Some(mut faces) = faces.clone() {
            for (player, face) in faces.iter_mut().enumerate() {
                self.imply(player, face);
            }
        }
        self.take_corners(faces, share);
        self.marks = before;
    }

    fn take_corners(&mut self, faces: Option<Box<[Face; 2]>>, share: (f64, f64)) {
        let mut lists: [Vec<Mixed>; 2] = [vec![], vec![]];
        for player in 0..2 {
            let (unused, best) = (&self.marks[player].unused, &self.marks[1 - player].best);
            match corners(self.game, player, unused, best, CORNERS) {
                None => return self.give_up_or_branch(share),
                Some(list) if list.is_empty() => {
                    match refute::decide(self.game, player, unused, best) {
                        Decided::Refuted(Some(w)) => self.found.steps.push(Step::Refuted(player as u8, w)),
                        _ => self.give_up(),
                    }
                    return;
                }
                Some(list) => lists[player] = list,
            }
        }
        match self.open().into_iter().find(|l| is_violated(self.game, &lists, *l)) {
            Some(label) => self.branch(label, faces, share),
            None => self.keep(lists),
        }
    }

    /// Marks what is unused or a best reply all over a face without being decided: its dimension is
    /// smaller then than it looks.
    fn imply(&mut self, player: usize, face: &mut Face) {
        let (unused, best) = (&self.marks[player].unused, &self.marks[1 - player].best);
        let count = |list: &[bool]| list.iter().filter(|x| **x).count();
        if count(best) == 0 || unused.len() - count(unused) < count(best) + SMALL {
            return;
        }
        let own = unused.len();
        let never: Vec<bool> = (0..own).map(|i| !unused[i] && !face.rises(i)).collect();
        let always: Vec<bool> = (0..best.len()).map(|k| !best[k] && !face.rises(own + k)).collect();
        if count(&never) + count(&always) == 0 {
            return;
        }
        let Some(weights) = refute::implied(self.game, player, (unused, best), &never, &always) else {
            return;
        };
        // The weights may show more than was asked for.
        let (never, always) = refute::shown(self.game, player, (unused, best), &weights);
        self.found.steps.push(Step::Implied(player as u8, weights));
        for (mark, shown) in self.marks[player].unused.iter_mut().zip(never) {
            *mark |= shown;
        }
        for (mark, shown) in self.marks[1 - player].best.iter_mut().zip(always) {
            *mark |= shown;
        }
    }

    /// A face with too many corners: its strategies may still be told apart.
    fn give_up_or_branch(&mut self, share: (f64, f64)) {
        match self.open().first() {
            Some(label) => self.branch(*label, None, share),
            None => self.give_up(),
        }
    }

    fn keep(&mut self, lists: [Vec<Mixed>; 2]) {
        let mut player = 0;
        let piece = lists.map(|list| {
            let (numbers, all) = (&mut self.numbers[player], &mut self.found.strategies[player]);
            player += 1;
            let mut ids: Vec<u32> = list
                .into_iter()
                .map(|x| {
                    *numbers.entry(x.clone()).or_insert_with(|| {
                        all.push(x);
                        all.len() as u32 - 1
                    })
                })
                .collect();
            ids.sort_unstable();
            ids
        });
        let pieces = &mut self.found.pieces;
        let number = *self.known.entry(piece.clone()).or_insert_with(|| {
            pieces.push(piece);
            pieces.len() as u32 - 1
        });
        self.found.steps.push(Step::Piece(number));
    }

    fn give_up(&mut self) {
        self.found.complete = false;
        self.found.steps.push(Step::Open);
    }

    /// A game of constant sum needs one equilibrium to know them all. Returns whether that was done.
    fn saddle(&mut self) -> bool {
        if self.game.constant_sum().is_none() {
            return false;
        }
        let Some(pair) = crate::saddle::optimal(self.game) else { return false };
        for player in 0..2 {
            let replies = self.game.best_replies(player, &pair[1 - player]);
            for own in 0..self.game.size(player) {
                self.marks[player].unused[own] = !replies[own];
                self.marks[player].best[own] = pair[player][own].is_positive();
            }
        }
        self.found.steps.push(Step::Saddle(0, 0));
        for (player, x) in pair.into_iter().enumerate() {
            self.numbers[player].insert(x.clone(), 0);
            self.found.strategies[player].push(x);
        }
        let mut faces = Box::new([Face::new(&self.tables[0]), Face::new(&self.tables[1])]);
        for (player, face) in faces.iter_mut().enumerate() {
            let size = self.game.size(player);
            let unused = (0..size).filter(|i| self.marks[player].unused[*i]);
            let best = (0..self.game.size(1 - player)).filter(|k| self.marks[1 - player].best[*k]);
            for variable in unused.chain(best.map(|k| size + k)) {
                face.force(variable);
            }
        }
        self.leaf(Some(faces), (0.0, 1.0));
        true
    }
}

/// The open strategy whose probability times loss is largest at the current corners.
fn violated(search: &Search, faces: &[Face; 2], open: &[Label]) -> Option<Label> {
    let mut best = (TOLERANCE, None);
    for label in open {
        let [unused, reply] = [Case::Unused, Case::Best].map(|c| search.variable(*label, c));
        let product = faces[unused.0].value(unused.1) * faces[reply.0].value(reply.1);
        if product > best.0 {
            best = (product, Some(*label));
        }
    }
    best.1
}

/// Whether some corner uses a strategy that is no best reply to some corner of the other player.
fn is_violated(game: &Bimatrix, lists: &[Vec<Mixed>; 2], label: Label) -> bool {
    let used = lists[label.player].iter().any(|x| x[label.own].is_positive());
    used && lists[1 - label.player].iter().any(|y| !game.best_replies(label.player, y)[label.own])
}
