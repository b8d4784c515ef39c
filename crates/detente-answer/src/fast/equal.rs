//! Exact zeros: two numbers that are the same sum over plays.
//!
//! The one idea: where moves are sure, or make no difference, an expectation is a sum of constants times
//! products of chances. Two such sums that agree term by term are equal whatever the chances are, so a
//! comparison of them needs no rounding and no exact path.

use super::evaluate::Scene;
use super::formula::{Forced, Formula, Group, Kind, Leaf};
use super::seat::Seat;
use detente_batch::Play;
use detente_exact::Q;
use detente_game::{NodeId, NodeKind};
use detente_model::question::Arithmetic;
use std::collections::BTreeMap;

/// Most terms of a sum.
const MOST: usize = 64;

/// Constants by the chances they are multiplied with; no constant is 0.
pub type Terms = BTreeMap<Vec<u32>, Q>;

/// The sum of two, the second times a factor.
fn plus(mut a: Terms, b: &Terms, factor: &Q) -> Terms {
    for (chances, value) in b {
        let sum = a.entry(chances.clone()).or_insert(Q::ZERO);
        *sum += &(value * factor);
    }
    a.retain(|_, value| !value.is_zero());
    a
}

fn constant(value: Q) -> Terms {
    let mut terms = Terms::from([(vec![], value)]);
    terms.retain(|_, value| !value.is_zero());
    terms
}

impl Scene<'_> {
    /// A number as a sum of products of chances, where it is one for sure.
    pub fn terms(&self, f: &Formula) -> Option<Terms> {
        match f {
            Formula::Const(c) => Some(constant(Q::from_f64(c.lo()).filter(|_| c.is_point())?)),
            Formula::Param(p) => {
                let value = self.params.get(*p).filter(|v| v.is_point())?;
                Some(constant(Q::from_f64(value.lo())?))
            }
            Formula::Neg(a) => Some(plus(Terms::new(), &self.terms(a)?, &-Q::ONE)),
            Formula::Abs(_) => None,
            Formula::Binary(op, a, b) => {
                let (x, y) = (self.terms(a)?, self.terms(b)?);
                let single = |t: &Terms| match t.len() {
                    0 => Some(Q::ZERO),
                    1 => t.get(&vec![]).cloned(),
                    _ => None,
                };
                match op {
                    Arithmetic::Add => Some(plus(x, &y, &Q::ONE)),
                    Arithmetic::Sub => Some(plus(x, &y, &-Q::ONE)),
                    Arithmetic::Mul => match (single(&x), single(&y)) {
                        (Some(factor), _) => Some(plus(Terms::new(), &y, &factor)),
                        (_, Some(factor)) => Some(plus(Terms::new(), &x, &factor)),
                        _ => None,
                    },
                    Arithmetic::Min | Arithmetic::Max if x == y => Some(x),
                    Arithmetic::Min | Arithmetic::Max => {
                        let (low, high) = (self.number(a).ok()??, self.number(b).ok()??);
                        let first = match (low.hi() < high.lo(), high.hi() < low.lo()) {
                            (true, _) => *op == Arithmetic::Min,
                            (_, true) => *op == Arithmetic::Max,
                            _ => return None,
                        };
                        Some(if first { x } else { y })
                    }
                    Arithmetic::Div | Arithmetic::Pow => None,
                }
            }
            Formula::Sum(base, groups) => {
                let mut sum = self.terms(base)?;
                for group in groups {
                    sum = plus(sum, &self.group_terms(group)?, &Q::ONE);
                }
                Some(sum)
            }
            Formula::Asked(asked) => match &asked.kind {
                Kind::Mean { exact, everywhere: true, .. } => {
                    let seat = self.seats.get(asked.game)?.as_ref()?;
                    seat.terms(&asked.forced, 0, &|n| exact[n].clone())
                }
                _ => None,
            },
        }
    }

    fn group_terms(&self, group: &Group) -> Option<Terms> {
        let seat = self.seats.get(group.game)?.as_ref()?;
        let mut sum = Terms::new();
        for (factor, leaf) in &group.terms {
            let Leaf::Happens(marks) = leaf else { return None };
            let list = self.marks(marks).ok()?;
            let factor = self.terms(factor)?;
            let factor = match factor.len() {
                0 => continue,
                1 => factor.get(&vec![])?.clone(),
                _ => return None,
            };
            let one = |n: usize| Some(if list[n] { Q::ONE } else { Q::ZERO });
            sum = plus(sum, &seat.terms(&group.forced, 0, &one)?, &factor);
        }
        Some(sum)
    }
}

impl Seat<'_> {
    /// The expectation at a node as a sum of products of chances; `None` where a mixture matters.
    fn terms(&self, forced: &Forced, node: usize, read: &dyn Fn(usize) -> Option<Q>) -> Option<Terms> {
        self.sum_up(forced, node, read, false)
    }

    /// The same; `said` where the move that leads to the node is one that somebody makes.
    fn sum_up(
        &self,
        forced: &Forced,
        node: usize,
        read: &dyn Fn(usize) -> Option<Q>,
        said: bool,
    ) -> Option<Terms> {
        let children = self.game.children(NodeId(node as u32));
        let at = |k: usize, said: bool| self.sum_up(forced, children[k].index(), read, said);
        if let Some(k) = forced.get(node).copied().flatten() {
            return at(k as usize, false);
        }
        match self.game.nodes[node].kind {
            NodeKind::Terminal(_) => read(node).map(constant),
            NodeKind::Chance(_) => {
                let all = (0..children.len()).map(|k| at(k, false)).collect::<Option<Vec<Terms>>>()?;
                if all.windows(2).all(|pair| pair[0] == pair[1]) {
                    return all.into_iter().next();
                }
                let mut sum = Terms::new();
                for (class, terms) in self.chances[node].iter().zip(all) {
                    for (chances, value) in terms {
                        let mut longer = chances;
                        longer.push(*class);
                        longer.sort_unstable();
                        *sum.entry(longer).or_insert(Q::ZERO) += &value;
                    }
                }
                sum.retain(|_, value| !value.is_zero());
                (sum.len() <= MOST).then_some(sum)
            }
            NodeKind::Decision(h) => {
                let row = self.equilibrium.moves(h.index(), children.len());
                let below = |k: usize| at(k, true);
                match &self.equilibrium.plays[h.index()] {
                    Play::Pure(a) => return below(*a as usize),
                    Play::Heard(heard) if said => return below(heard.answer as usize),
                    _ => {}
                }
                let mut used = (0..row.len()).filter(|k| row[*k].hi() > 0.0);
                let first = below(used.next()?)?;
                for k in used {
                    if below(k)? != first {
                        return None;
                    }
                }
                Some(first)
            }
        }
    }
}
