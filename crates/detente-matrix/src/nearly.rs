//! All equilibria of a table that is known up to rounding: the pairs of supports that may hold one.
//!
//! The one idea: the case tree of `search`, walked by floats down to its leaves, where every strategy is
//! decided. What is refuted is refuted with room for the error of the table; whatever is not sure ends the
//! walk without an answer. So what it returns holds every equilibrium of every table within the error, and
//! whoever called encloses each of them.

use crate::face::{Face, Forced};
use crate::refute::{self, Marks};

/// Products of losses and probabilities above this count as violated.
const TOLERANCE: f64 = 1e-9;

/// Entries this far apart differ in truth, whatever their errors.
const APART: f64 = 1e-10;

/// How far an entry of a table may be from the true one.
pub const ENTRY_ERROR: f64 = 1e-12;

/// Positions of the strategies in use, per player.
pub type Supports = [Vec<usize>; 2];

/// The pairs of supports in which all equilibria lie: what is not in a support is unused, and what is in
/// it is a best reply. `None` where rounding leaves some case open, or after too many steps.
///
/// `tables[k][other][own]` is what the other player gets from `other` against player `k`'s `own`: between
/// 1/2 and 3/2, within [`ENTRY_ERROR`] of the truth, each own strategy's column shifted and scaled by itself.
pub fn supports(tables: &[Vec<Vec<f64>>; 2], steps: u32) -> Option<Vec<Supports>> {
    walked(tables, None, steps)
}

/// As [`supports`], where some entries are known to be equal: `same(k, a, b, other)` says that player `k` gets the
/// same from its strategies `a` and `b` against the other player's `other`. What follows from that is not
/// branched on, so a support may hold strategies that are best replies for nothing but being as good as others.
pub fn supports_of_tied(
    tables: &[Vec<Vec<f64>>; 2],
    same: &dyn Fn(usize, usize, usize, usize) -> bool,
    steps: u32,
) -> Option<Vec<Supports>> {
    walked(tables, Some(same), steps)
}

fn walked(tables: &[Vec<Vec<f64>>; 2], same: Option<Same>, steps: u32) -> Option<Vec<Supports>> {
    let faces = Box::new([Face::new(&tables[0]), Face::new(&tables[1])]);
    let size = |k: usize| tables[1 - k].len();
    let marks = [Marks::new(size(0)), Marks::new(size(1))];
    let mut walk = Walk { tables, same, marks, steps, found: vec![] };
    walk.explore(faces)?;
    walk.found.sort();
    walk.found.dedup();
    Some(walk.found)
}

/// Which entries of a player's table are equal.
type Same<'a> = &'a dyn Fn(usize, usize, usize, usize) -> bool;

struct Walk<'a> {
    tables: &'a [Vec<Vec<f64>>; 2],
    same: Option<Same<'a>>,
    marks: [Marks; 2],
    steps: u32,
    found: Vec<Supports>,
}

/// A strategy of a player: player, position.
type Label = (usize, usize);

impl Walk<'_> {
    /// Whose strategies a case restricts, and the variable that it makes 0.
    fn variable(&self, (player, own): Label, best: bool) -> (usize, usize) {
        let other = 1 - player;
        if best { (other, self.marks[other].best.len() + own) } else { (player, own) }
    }

    fn mark(&mut self, (player, own): Label, best: bool, value: bool) {
        let marks = &mut self.marks[player];
        let list = if best { &mut marks.best } else { &mut marks.unused };
        list[own] = value;
    }

    fn open(&self) -> Vec<Label> {
        let both = (0..2).flat_map(|k| (0..self.marks[k].best.len()).map(move |own| (k, own)));
        both.filter(|(k, own)| !self.marks[*k].unused[*own] && !self.marks[*k].best[*own]).collect()
    }

    /// Explores the case of the marks; `None` ends the walk.
    fn explore(&mut self, faces: Box<[Face; 2]>) -> Option<()> {
        self.steps = self.steps.checked_sub(1)?;
        if let Some((label, best)) = self.implied() {
            // The other case of the strategy is part of this one.
            self.mark(label, best, true);
            let done = match self.marks[label.0].unused.iter().all(|u| *u) {
                true => Some(()),
                false => self.explore(faces),
            };
            self.mark(label, best, false);
            return done;
        }
        let open = self.open();
        for label in &open {
            for best in [false, true] {
                let (player, variable) = self.variable(*label, best);
                if faces[player].stays_positive(variable) {
                    let rows = faces[player].multipliers(variable);
                    self.mark(*label, best, true);
                    let refuted = self.refuted(player, &rows);
                    self.mark(*label, best, false);
                    if refuted {
                        return self.child(*label, !best, faces);
                    }
                }
            }
        }
        let loss = |label: &Label| {
            let [unused, best] = [false, true].map(|best| self.variable(*label, best));
            faces[unused.0].value(unused.1) * faces[best.0].value(best.1)
        };
        let worst = open.iter().copied().reduce(|a, b| if loss(&b) > loss(&a) { b } else { a });
        let Some(worst) = worst else {
            let in_use =
                |k: usize| (0..self.marks[k].best.len()).filter(|i| self.marks[k].best[*i]).collect();
            self.found.push([in_use(0), in_use(1)]);
            return Some(());
        };
        let label = if loss(&worst) > TOLERANCE { worst } else { open[0] };
        self.child(label, false, faces.clone())?;
        self.child(label, true, faces)
    }

    /// A strategy that entries which are equal decide: a best reply, if it is as good as one against all that may be
    /// used; unused, if it tells two best replies apart and nothing makes up for that.
    fn implied(&self) -> Option<(Label, bool)> {
        let same = self.same?;
        for player in 0..2 {
            let (marks, others) = (&self.marks[player], &self.marks[1 - player]);
            let used: Vec<usize> = (0..others.unused.len()).filter(|i| !others.unused[*i]).collect();
            let best: Vec<usize> = (0..marks.best.len()).filter(|a| marks.best[*a]).collect();
            let open = |marks: &Marks, own: usize| !marks.unused[own] && !marks.best[own];
            for (k, a) in best.iter().enumerate() {
                let as_good = |b: &usize| open(marks, *b) && used.iter().all(|i| same(player, *a, *b, *i));
                if let Some(b) = (0..marks.best.len()).find(as_good) {
                    return Some(((player, b), true));
                }
                for b in &best[..k] {
                    let sign = |i: &usize| {
                        let table = &self.tables[1 - player];
                        let difference = table[*a][*i] - table[*b][*i];
                        match same(player, *a, *b, *i) {
                            true => Some(0),
                            false if difference.abs() > APART => Some(difference.signum() as i32),
                            false => None,
                        }
                    };
                    let signs: Vec<Option<i32>> = used.iter().map(sign).collect();
                    if signs.contains(&None) || signs.contains(&Some(1)) == signs.contains(&Some(-1)) {
                        continue;
                    }
                    let told = |(i, sign): (&usize, &Option<i32>)| {
                        (*sign != Some(0) && open(others, *i)).then_some(((1 - player, *i), false))
                    };
                    if let Some(found) = used.iter().zip(&signs).find_map(told) {
                        return Some(found);
                    }
                }
            }
        }
        None
    }

    /// Explores one case of a strategy, or refutes it.
    fn child(&mut self, label: Label, best: bool, mut faces: Box<[Face; 2]>) -> Option<()> {
        let (player, variable) = self.variable(label, best);
        self.mark(label, best, true);
        let done = if self.marks[player].unused.iter().all(|u| *u) {
            Some(())
        } else {
            match faces[player].force(variable) {
                Forced::Done => self.explore(faces),
                Forced::Refuted(rows) => self.refuted(player, &rows).then_some(()),
                Forced::Lost => None,
            }
        };
        self.mark(label, best, false);
        done
    }

    /// Whether multipliers prove that no strategy of a player fits the marks, error included.
    fn refuted(&self, player: usize, rows: &[f64]) -> bool {
        let (unused, best) = (&self.marks[player].unused, &self.marks[1 - player].best);
        refute::round(&self.tables[player], unused, best, rows).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::{supports, supports_of_tied};
    use crate::{Bimatrix, Limits, all};
    use detente_exact::Q;

    /// Whole numbers from a linear congruence (the multiplier is Knuth's for MMIX).
    fn random(state: &mut u64) -> i64 {
        *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (*state >> 40) as i64
    }

    /// Without ties the supports are those of the exact equilibria.
    #[test]
    fn the_supports_are_those_of_the_exact_search() {
        let mut state = 7;
        for (rows, columns) in [(2, 2), (3, 4), (5, 5), (7, 6), (9, 9)] {
            for _ in 0..20 {
                let mut matrix = || -> Vec<Vec<Q>> {
                    (0..rows).map(|_| (0..columns).map(|_| Q::from(random(&mut state))).collect()).collect()
                };
                let game = Bimatrix::new(matrix(), &matrix()).expect("two matrices of one size");
                let tables = [game.replies_as_floats(0), game.replies_as_floats(1)];
                let found = supports(&tables, 100_000).expect("no ties");
                let exact =
                    all(&game, &Limits { steps: 1_000_000, keep_going: &|_| true, share: &crate::in_turn });
                assert!(exact.complete);
                let used = |k: usize, n: &u32| -> Vec<usize> {
                    let x = &exact.strategies[k][*n as usize];
                    (0..x.len()).filter(|i| x[*i].is_positive()).collect()
                };
                let mut expected: Vec<[Vec<usize>; 2]> =
                    exact.pieces.iter().map(|[x, y]| [used(0, &x[0]), used(1, &y[0])]).collect();
                expected.sort();
                expected.dedup();
                assert_eq!(found, expected, "{rows} × {columns}");
            }
        }
    }

    /// Matching pennies with a row twice: which of the two is used is open.
    #[test]
    fn a_tie_has_no_answer_or_holds_every_equilibrium() {
        let heads = [1.5, 0.5];
        let first: Vec<Vec<f64>> = vec![vec![0.5, 1.5, 0.5], vec![1.5, 0.5, 1.5]];
        let second: Vec<Vec<f64>> = vec![heads.to_vec(), vec![0.5, 1.5], heads.to_vec()];
        if let Some(found) = supports(&[first, second], 1_000) {
            assert!(found.iter().all(|[x, y]| x.contains(&1) && y.len() == 2), "{found:?}");
        }
    }

    /// The row that stands twice counts with its twin, so that one pair of supports holds every equilibrium.
    #[test]
    fn twins_are_in_a_support_together() {
        let heads = [1.5, 0.5];
        let first: Vec<Vec<f64>> = vec![vec![0.5, 1.5, 0.5], vec![1.5, 0.5, 1.5]];
        let second: Vec<Vec<f64>> = vec![heads.to_vec(), vec![0.5, 1.5], heads.to_vec()];
        let twins =
            |player: usize, a: usize, b: usize, _| player == 0 && a.is_multiple_of(2) && b.is_multiple_of(2);
        let found = supports_of_tied(&[first, second], &|p, a, b, i| a == b || twins(p, a, b, i), 1_000);
        let found = found.expect("the tie is known");
        assert!(found.contains(&[vec![0, 1, 2], vec![0, 1]]), "{found:?}");
    }
}
