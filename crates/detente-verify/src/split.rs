//! A linear program cut into parts that share no variable.
//!
//! The one idea: the largest value of a sum is the sum of the largest values over the parts, and
//! parts that the sum does not mention need not be solved.

use detente_exact::Q;
use detente_exact::lp::{self, Lp, Outcome};

/// The parts of a program.
pub struct Split {
    /// Part and place there, by variable.
    place: Vec<(usize, usize)>,
    parts: Vec<Lp>,
}

/// What is known of a largest value.
pub enum Largest {
    At(Q),
    Infeasible,
    Unbounded,
}

impl Split {
    pub fn new(program: &Lp) -> Split {
        let count = program.lower.len();
        let mut group: Vec<usize> = (0..count).collect();
        for row in &program.rows {
            if let Some(first) = row.coefs.first() {
                let to = root(&group, first.0);
                for (v, _) in &row.coefs {
                    let from = root(&group, *v);
                    group[from] = to;
                }
            }
        }
        let mut split = Split { place: Vec::with_capacity(count), parts: Vec::new() };
        let mut part_of: Vec<Option<usize>> = vec![None; count];
        for v in 0..count {
            let at = *part_of[root(&group, v)].get_or_insert_with(|| {
                split.parts.push(Lp::default());
                split.parts.len() - 1
            });
            let inside = split.parts[at].add_variable(program.lower[v].clone(), program.upper[v].clone());
            split.place.push((at, inside));
        }
        for row in &program.rows {
            let Some(first) = row.coefs.first() else { continue };
            let coefs = row.coefs.iter().map(|(v, q)| (split.place[*v].1, q.clone())).collect();
            split.parts[split.place[first.0].0].add_row(coefs, row.rel, row.rhs.clone());
        }
        split
    }

    /// The largest value of a sum over the parts that it mentions.
    pub fn maximize(&self, objective: &[(usize, Q)]) -> Largest {
        let mut touched: Vec<usize> = objective.iter().map(|(v, _)| self.place[*v].0).collect();
        touched.sort_unstable();
        touched.dedup();
        let mut sum = Q::ZERO;
        for at in touched {
            let mine = objective.iter().filter(|(v, _)| self.place[*v].0 == at);
            let mine: Vec<(usize, Q)> = mine.map(|(v, q)| (self.place[*v].1, q.clone())).collect();
            match lp::maximize(&self.parts[at], &mine) {
                Outcome::Optimal { value, .. } => sum += value,
                Outcome::Infeasible { .. } => return Largest::Infeasible,
                Outcome::Unbounded { .. } => return Largest::Unbounded,
            }
        }
        Largest::At(sum)
    }
}

fn root(group: &[usize], mut v: usize) -> usize {
    while group[v] != v {
        v = group[v];
    }
    v
}

#[cfg(test)]
mod tests {
    use super::*;
    use detente_exact::lp::Rel;

    #[test]
    fn parts_add_up_to_the_whole() {
        let q = Q::from;
        let mut program = Lp::with_variables(4, Some(q(0)), Some(q(1)));
        program.add_row(vec![(0, q(1)), (2, q(1))], Rel::Le, q(1));
        program.add_row(vec![(1, q(2))], Rel::Le, q(1));
        let objective = [(0, q(3)), (1, q(1)), (2, q(2)), (3, q(1))];
        let split = Split::new(&program);
        assert_eq!(split.parts.len(), 3);
        let Outcome::Optimal { value, .. } = lp::maximize(&program, &objective) else {
            panic!("it has a best")
        };
        assert!(matches!(split.maximize(&objective), Largest::At(found) if found == value));
        program.add_row(vec![(1, q(1))], Rel::Ge, q(1));
        assert!(matches!(Split::new(&program).maximize(&objective), Largest::Infeasible));
        assert!(
            matches!(Split::new(&program).maximize(&objective[3..]), Largest::At(found) if found == q(1))
        );
    }
}
