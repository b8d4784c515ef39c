//! The search by cases: every sequence is unused or a best reply.
//!
//! The one idea: a case makes one variable of one player's table 0; a few pivots say whether that
//! can be. A sequence that already fits all over both faces needs no case.

use super::Limits;
use super::corners::corners;
use crate::form::Form;
use crate::lemke::table::{Mode, Table, Variable};
use detente_exact::Q;

/// Corners of a face of each player.
pub type Faces = [Vec<Vec<Q>>; 2];

/// Variables that are not 0, per table: an equilibrium of the trembling game.
pub type Bases = [Vec<Variable>; 2];

pub struct Search<'a> {
    form: &'a Form,
    limits: &'a Limits<'a>,
    mode: Mode,
    /// Pairs of faces that consist of equilibria.
    pub faces: Vec<Faces>,
    /// With trembles: each equilibrium's limit and the variables that are not 0.
    pub points: Vec<([Vec<Q>; 2], Bases)>,
    pub complete: bool,
    pub cases: u64,
}

impl<'a> Search<'a> {
    pub fn new(form: &'a Form, limits: &'a Limits<'a>, mode: Mode) -> Search<'a> {
        Search { form, limits, mode, faces: vec![], points: vec![], complete: true, cases: 0 }
    }

    /// Looks at the case that these tables stand for.
    pub fn explore(&mut self, tables: [&Table; 2]) {
        self.cases += 1;
        if self.cases > self.limits.cases || (self.cases.is_multiple_of(64) && !(self.limits.keep_going)()) {
            self.complete = false;
        }
        if !self.complete {
            return;
        }
        let Some((player, slot)) = self.open(tables) else { return self.keep(tables) };
        for (at, variable) in [(player, Variable::Reach(slot)), (1 - player, Variable::Short(slot))] {
            let mut table = tables[at].clone();
            if table.force(variable, self.mode) {
                let mut next = tables;
                next[at] = &table;
                self.explore(next);
            }
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

    /// Keeps what is left of both tables.
    fn keep(&mut self, tables: [&Table; 2]) {
        let side = |p: usize| &self.form.sides[p];
        if self.mode == Mode::Trembling {
            let limit = [0, 1].map(|p| tables[p].limit(side(p)));
            self.points.push((limit, [0, 1].map(|p| tables[p].basic().to_vec())));
            return;
        }
        let lists = [0, 1].map(|p| corners(tables[p], side(p), self.limits.corners));
        match lists {
            [Some(first), Some(second)] => self.faces.push([first, second]),
            _ => self.complete = false,
        }
    }
}
