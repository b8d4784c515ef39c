//! The rows of a state: flow and best-reply conditions as polynomials.
//!
//! The one idea: a row is a filter over terms listed once per stage, with each
//! weight replaced by what the state knows of it. The rules are those of
//! [`detente_game::certificate`].

use crate::field::Field;
use crate::poly::Poly;
use crate::state::{Lead, State, Status};
use crate::tree::{End, SetData, StageTree, Term, Tree};
use detente_exact::Q;
use detente_game::certificate::{Row, Variable};

/// What a weight is in a state.
#[derive(Clone, Debug, PartialEq)]
pub enum Weight<N = Q> {
    Number(N),
    /// The weight of this action.
    Of(u32),
}

/// How a sum over terms is scaled.
pub struct Sum<'a, N = Q> {
    pub factor: N,
    /// Weights left out of the products.
    pub shared: &'a [u32],
    /// Whether values stand for products that leave out nothing.
    pub plain: bool,
}

impl<'a, N: Field> Sum<'a, N> {
    /// Products relative to what the members of a set share.
    pub fn relative(factor: N, data: &'a SetData<N>) -> Sum<'a, N> {
        Sum { factor, shared: &data.shared, plain: false }
    }

    /// Products from the stage's root, values relative to their sets.
    pub fn from_root(factor: N) -> Sum<'a, N> {
        Sum { factor, shared: &[], plain: false }
    }

    fn plain(factor: N) -> Sum<'a, N> {
        Sum { factor, shared: &[], plain: true }
    }
}

/// Whether an action is on the path to every member of a set.
pub fn is_common<N>(data: &SetData<N>, action: u32) -> bool {
    data.members.iter().all(|m| m.path.contains(&action))
}

/// Everything a step is checked against.
pub struct Rules<'a, N = Q> {
    pub tree: &'a Tree<'a, N>,
    pub stages: &'a [StageTree<N>],
    /// Payoff vectors of each stage.
    pub vectors: &'a [Vec<Vec<N>>],
    /// Stage and position of every set.
    pub place: &'a [Option<(u32, u32)>],
    pub sequential: bool,
    /// Per set, in proofs about subgame-perfect equilibria: the actions on the way from its
    /// stage's root to the smallest subgame that holds it. Empty if that is the stage itself.
    pub uncut: Vec<Vec<u32>>,
}

impl<'a, N: Field> Rules<'a, N> {
    /// Returns a set's data if it lies in the stage `stage`.
    pub fn data(&self, stage: u32, set: u32) -> Result<&'a SetData<N>, String> {
        match self.place.get(set as usize) {
            Some(Some((s, at))) if *s == stage => Ok(&self.stages[*s as usize].sets[*at as usize]),
            _ => Err(format!("information set {set} is not in this stage")),
        }
    }

    /// The data of a set known to lie in some stage.
    pub fn set(&self, set: u32) -> &'a SetData<N> {
        let (stage, at) = self.place[set as usize].expect("rows only name sets of a built stage");
        &self.stages[stage as usize].sets[at as usize]
    }

    pub fn action(&self, stage: u32, set: u32, action: u32) -> Result<u32, String> {
        self.data(stage, set)?;
        self.tree.action(set, action).ok_or_else(|| format!("set {set} has no action {action}"))
    }

    pub fn value_id(&self, set: u32) -> u32 {
        self.tree.set_of.len() as u32 + set
    }

    pub fn is_value(&self, variable: u32) -> bool {
        variable as usize >= self.tree.set_of.len()
    }

    /// The owner's action before the action's set.
    pub fn before(&self, action: u32) -> Option<u32> {
        self.set(self.tree.set_of[action as usize]).before
    }

    /// Returns the variable's id if it belongs to the stage.
    pub fn variable(&self, stage: u32, variable: Variable) -> Result<u32, String> {
        match variable {
            Variable::Weight(h, a) => self.action(stage, h, a),
            Variable::Value(h) => self.data(stage, h).map(|_| self.value_id(h)),
        }
    }

    /// Adds terms (times `sum.factor`) that start at leading members and stay alive.
    pub fn add_terms(
        &self,
        state: &State<N>,
        player: usize,
        terms: &[Term<N>],
        lead: Option<&[bool]>,
        sum: &Sum<N>,
        poly: &mut Poly<N>,
    ) -> Result<(), String> {
        let factor = &sum.factor;
        let mut counted: Vec<u32> = Vec::new();
        for term in terms {
            if lead.is_some_and(|lead| !lead[term.member]) || !self.is_live(state, &term.path) {
                continue;
            }
            let coefficient = match &term.end {
                End::Next { set, .. } => {
                    if !counted.contains(set) {
                        counted.push(*set);
                        poly.add_scaled(&self.value_term(state, *set, sum), factor);
                    }
                    continue;
                }
                End::Terminal => factor.times(&term.coefficient),
                End::Nested(stage) => {
                    factor.times(&term.coefficient.times(self.nested_payoff(state, *stage, player)?))
                }
            };
            let product = match sum.shared.is_empty() {
                true => self.product(state, &coefficient, &term.weights),
                false => {
                    let rest: Vec<u32> =
                        term.weights.iter().copied().filter(|a| !sum.shared.contains(a)).collect();
                    self.product(state, &coefficient, &rest)
                }
            };
            if let Some((monomial, c)) = product {
                poly.add_term(monomial, c);
            }
        }
        Ok(())
    }

    /// The value of a set as a row counts it: times the weights that the set's own rows leave
    /// out and this row does not.
    fn value_term(&self, state: &State<N>, set: u32, sum: &Sum<N>) -> Poly<N> {
        let shared = &self.set(set).shared;
        let value = self.value_poly(state, set);
        if shared.is_empty() || sum.plain && value.as_constant().is_none() {
            return value;
        }
        let rest: Vec<u32> = shared.iter().copied().filter(|a| !sum.shared.contains(a)).collect();
        match self.product(state, &N::one(), &rest) {
            None => Poly::default(),
            Some((monomial, c)) => {
                let mut result = Poly::default();
                result.add_scaled(&value.times(&monomial), &c);
                result
            }
        }
    }

    /// The player's payoff at the root of a nested stage.
    pub fn nested_payoff(&self, state: &State<N>, stage: u32, player: usize) -> Result<&'a N, String> {
        let vectors = &self.vectors[stage as usize];
        let chosen = match state.choice[stage as usize] {
            Some(k) => vectors.get(k as usize),
            None if vectors.len() == 1 => vectors.first(),
            None => None,
        };
        chosen.map(|v| &v[player]).ok_or_else(|| format!("nested stage {stage} is not chosen yet"))
    }

    /// Returns a row's polynomial.
    ///
    /// # Errors
    /// The row does not exist in this state.
    pub fn row(&self, state: &State<N>, stage: u32, row: Row) -> Result<Poly<N>, String> {
        match row {
            Row::Flow(h) => self.data(stage, h).map(|data| self.flow(state, data)),
            Row::Best(h, a) => {
                self.action(stage, h, a)?;
                self.best(state, self.set(h), a)
            }
            Row::Belief(h) => {
                self.data(stage, h)?;
                let Some(Lead::Any(own)) = &state.lead[h as usize] else {
                    return Err(format!("set {h} has no belief row"));
                };
                let mut poly = Poly::constant(N::one().negated());
                for a in own {
                    poly.add_scaled(&self.weight_poly(state, *a), &N::one());
                }
                Ok(poly)
            }
            Row::Unit(h, a) => {
                let action = self.action(stage, h, a)?;
                let group = state.units.iter().find(|group| group.contains(&action));
                let group = group.ok_or_else(|| format!("action {a} of set {h} is on no chosen scale"))?;
                let mut poly = Poly::constant(N::one().negated());
                for a in group {
                    poly.add_scaled(&self.weight_poly(state, *a), &N::one());
                }
                Ok(poly)
            }
        }
    }

    fn flow(&self, state: &State<N>, data: &SetData<N>) -> Poly<N> {
        let mut poly = match data.before {
            None => Poly::constant(N::one().negated()),
            Some(before) => {
                let mut p = Poly::default();
                p.add_scaled(&self.weight_poly(state, before), &N::one().negated());
                p
            }
        };
        for a in self.tree.actions(data.set).filter(|a| !state.is_zero(*a)) {
            poly.add_scaled(&self.weight_poly(state, a), &N::one());
        }
        poly
    }

    /// The row `Best(h, a)`, whatever its sign.
    pub fn best(&self, state: &State<N>, data: &SetData<N>, action: u32) -> Result<Poly<N>, String> {
        self.best_by(state, data, action, &Sum::relative(N::one().negated(), data))
    }

    /// The row `Best(h, a)` in products that leave out nothing, for two or more players alike.
    pub fn best_plain(&self, state: &State<N>, data: &SetData<N>, action: u32) -> Result<Poly<N>, String> {
        self.best_by(state, data, action, &Sum::plain(N::one().negated()))
    }

    fn best_by(
        &self,
        state: &State<N>,
        data: &SetData<N>,
        action: u32,
        sum: &Sum<N>,
    ) -> Result<Poly<N>, String> {
        let lead = self.leading(state, data.set)?;
        let mut poly = self.value_term(state, data.set, sum);
        let terms = &data.terms[action as usize];
        self.add_terms(state, data.player as usize, terms, Some(&lead), sum, &mut poly)?;
        Ok(poly)
    }

    /// Returns whether a row is an equation rather than an inequality.
    pub fn is_equation(&self, state: &State<N>, row: Row) -> Result<bool, String> {
        let Row::Best(h, a) = row else { return Ok(true) };
        let data = self.set(h);
        let entered = self.sequential || self.surely_entered(state, h);
        let action = self.tree.offset[h as usize] + a;
        if entered && state.status[action as usize] == Status::Positive {
            return Ok(true);
        }
        if entered && state.is_zero(action) {
            return Ok(false);
        }
        self.is_indifferent(state, data, entered)
    }

    /// Whether the rows of all actions that may be played are one polynomial.
    pub fn is_indifferent(&self, state: &State<N>, data: &SetData<N>, entered: bool) -> Result<bool, String> {
        let mut first: Option<Poly<N>> = None;
        for a in self.tree.actions(data.set) {
            if entered && state.is_zero(a) {
                continue;
            }
            let row = self.best(state, data, a - self.tree.offset[data.set as usize])?;
            match &first {
                None => first = Some(row),
                Some(f) if *f != row => return Ok(false),
                Some(_) => {}
            }
        }
        Ok(true)
    }
}
