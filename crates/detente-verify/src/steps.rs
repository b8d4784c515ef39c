//! Steps about numbers: a weight or value that is fixed, roots of polynomials, boxes.
//!
//! The one idea: a number may replace a variable only where the variable means the same
//! in every case below.

use crate::boxes::{MAX_UNKNOWNS, RootBox, System};
use crate::combine::{combine, combine_equations, is_multiple, reduced, unknown};
use crate::enclosure::{Function, Range};
use crate::exists::{self, Root};
use crate::legal;
use crate::poly::Poly;
use crate::replay::{Boxed, Setup, Task, Walk};
use crate::roots::{MAX_DEGREE, Sturm};
use crate::shares;
use detente_exact::Q;
use detente_game::certificate::{BoxProof, Proof, Row, Variable};
use std::collections::BTreeMap;

impl<'c> Walk<'c, '_> {
    pub(crate) fn check_fix(&self, variable: Variable, value: &Q, list: &[(Row, Q)]) -> Result<u32, String> {
        let raw = self.rules.variable(self.stage, variable)?;
        let id = unknown(self.rules, &self.state, raw)?;
        // A weight above 0 is that of actions that are played, so it cannot change its meaning.
        if self.rules.is_value(id) || !value.is_positive() {
            legal::keeps_meaning(self.rules, &self.state, id)?;
        }
        let poly = combine_equations(self.rules, &self.state, self.stage, list)?;
        let mut factor = Poly::variable(id);
        factor.add_term(Vec::new(), -value);
        if is_multiple(self.rules, &self.state, &poly, id, &factor) {
            return Ok(id);
        }
        let poly = reduced(self.rules, &self.state, &poly)?;
        let factor = reduced(self.rules, &self.state, &factor)?;
        let solved =
            factor.0.keys().flatten().any(|v| is_multiple(self.rules, &self.state, &poly, *v, &factor));
        match solved {
            true => Ok(id),
            false => Err(format!("the combination does not say that {variable:?} is {value}")),
        }
    }

    pub(crate) fn roots(
        &mut self,
        variable: Variable,
        list: &[(Row, Q)],
        cases: &'c [(Q, Q, Proof)],
    ) -> Result<(), String> {
        let raw = self.rules.variable(self.stage, variable)?;
        let id = unknown(self.rules, &self.state, raw)?;
        if self.rules.is_value(id) {
            return Err("`Roots` is about weights".into());
        }
        if cases.iter().any(|(low, _, _)| !low.is_positive()) {
            legal::keeps_meaning(self.rules, &self.state, id)?;
        }
        let poly = combine_equations(self.rules, &self.state, self.stage, list)?;
        let poly = reduced(self.rules, &self.state, &poly)?;
        let coefficients = self.univariate(&poly, id)?;
        let sturm = Sturm::new(&coefficients).ok_or("the polynomial is 0 or of too large a degree")?;
        let mut last: Option<&Q> = None;
        for (low, high, _) in cases {
            let ordered =
                low <= high && !low.is_negative() && *high <= Q::ONE && last.is_none_or(|l| l < low);
            if !ordered {
                return Err("the roots are not ascending numbers in [0, 1]".into());
            }
            let isolated = match low == high {
                true => sturm.is_root(low),
                false => !sturm.is_root(low) && sturm.count(low, high) == 1,
            };
            if !isolated {
                return Err(format!("[{low}, {high}] does not hold exactly one root"));
            }
            last = Some(high);
        }
        let all = sturm.count(&Q::ZERO, &Q::ONE) + usize::from(sturm.is_root(&Q::ZERO));
        if all != cases.len() {
            return Err(format!("the polynomial has {all} roots in [0, 1], {} are listed", cases.len()));
        }
        let tasks = cases.iter().zip(0..).map(|((low, high, proof), k)| {
            let setup = match low == high {
                true => Setup::Fix(id, low.clone()),
                false => Setup::Restrict(id, low.clone(), high.clone()),
            };
            Task::Case(setup, proof, ("root", id, k))
        });
        let tasks = tasks.collect();
        self.push(tasks);
        Ok(())
    }

    /// The coefficients of a polynomial in one weight, after dividing out other weights.
    fn univariate(&self, poly: &Poly, id: u32) -> Result<Vec<Q>, String> {
        let mut common: Option<Vec<u32>> = None;
        let mut coefficients: Vec<Q> = Vec::new();
        for (monomial, c) in &poly.0 {
            let power = monomial.iter().filter(|v| **v == id).count();
            let rest: Vec<u32> = monomial.iter().copied().filter(|v| *v != id).collect();
            if *common.get_or_insert_with(|| rest.clone()) != rest || power > MAX_DEGREE {
                return Err("the polynomial has another variable".into());
            }
            if coefficients.len() <= power {
                coefficients.resize(power + 1, Q::ZERO);
            }
            coefficients[power] = c.clone();
        }
        let strict = |v: &u32| !self.rules.is_value(*v) && self.rules.is_strict(&self.state, *v);
        match common.unwrap_or_default().iter().all(strict) {
            true => Ok(coefficients),
            false => Err("a common factor of the polynomial may be 0".into()),
        }
    }

    pub(crate) fn out_of_range(&self, variable: Variable) -> Result<(), String> {
        let mut id = self.rules.variable(self.stage, variable)?;
        if self.rules.is_value(id) {
            let bound = &self.rules.set(id - self.rules.tree.set_of.len() as u32).bound;
            return match &self.state.fixed[id as usize] {
                Some(v) if v.abs() > *bound => Ok(()),
                _ => Err("the value is not fixed outside its range".into()),
            };
        }
        loop {
            if let Some(v) = &self.state.fixed[id as usize] {
                let strict = self.rules.is_strict(&self.state, id);
                let outside = v.is_negative() || *v > Q::ONE || strict && v.is_zero();
                return match outside {
                    true => Ok(()),
                    false => Err(format!("{v} is within the range of the weight")),
                };
            }
            // A set's only action carries the weight of the action before the set.
            let set = self.rules.tree.set_of[id as usize];
            let alias = self.state.is_single(set) && !self.state.is_zero(id);
            match self.rules.before(id).filter(|_| alias) {
                Some(before) => id = before,
                None => return Err("the weight is not fixed".into()),
            }
        }
    }

    /// The weights of used actions that are polynomials in the unknowns of a box proof.
    fn weights_in(&self, ids: &[u32]) -> Result<BTreeMap<(u32, u32), (Function, bool)>, String> {
        let mut list = BTreeMap::new();
        for data in &self.tree().sets {
            for (k, a) in self.rules.tree.actions(data.set).enumerate() {
                if self.state.is_zero(a) {
                    continue;
                }
                let poly = reduced(self.rules, &self.state, &self.rules.weight_poly(&self.state, a))?;
                if let Some(f) = Function::new(&poly, ids) {
                    list.insert((data.set, k as u32), (f, self.rules.is_strict(&self.state, a)));
                }
            }
        }
        Ok(list)
    }

    pub(crate) fn boxes(&mut self, proof: &'c BoxProof) -> Result<(), String> {
        let n = proof.variables.len();
        if n == 0 || n > MAX_UNKNOWNS || proof.equations.len() != n {
            return Err("a box proof needs as many equations as unknowns, not too many".into());
        }
        let mut ids = Vec::with_capacity(n);
        let mut start = Vec::with_capacity(n);
        for v in &proof.variables {
            let raw = self.rules.variable(self.stage, *v)?;
            let id = unknown(self.rules, &self.state, raw)?;
            if self.rules.is_value(id) || ids.contains(&id) {
                return Err("the unknowns of a box proof are different weights".into());
            }
            ids.push(id);
            let (low, high) = self.state.range[id as usize].clone().unwrap_or((Q::ZERO, Q::ONE));
            start.push(Range::new(low, high));
        }
        let other = "a condition of a box proof has another variable";
        let function = |poly: &Poly| Function::new(poly, &ids).ok_or_else(|| other.to_string());
        let mut polys = Vec::with_capacity(n);
        for list in &proof.equations {
            let poly = combine_equations(self.rules, &self.state, self.stage, list)?;
            polys.push(reduced(self.rules, &self.state, &poly)?);
        }
        let equations = polys.iter().map(function).collect::<Result<Vec<Function>, String>>()?;
        let mut inequalities = Vec::with_capacity(proof.inequalities.len());
        for list in &proof.inequalities {
            let poly = combine(self.rules, &self.state, self.stage, list)?;
            inequalities.push(function(&reduced(self.rules, &self.state, &poly)?)?);
        }
        let system = System { equations, inequalities, start, weights: self.weights_in(&ids)? };
        let (mut roots, open) = system.replay(&proof.root)?;
        let why = "part of a search for roots is not decided";
        if open && !self.result.open.iter().any(|o| o == why) {
            self.result.open.push(why.into());
        }
        for root in &mut roots {
            if let Some(point) = self.listed_root(root, &ids, &system) {
                root.tight = point.into_iter().map(Range::point).collect();
            }
            let exists = |tight: &[Range]| {
                let found = Root { ids: &ids, equations: &polys, tight };
                exists::check(self.rules, &self.state, self.tree(), &found).is_ok()
                    && self.is_printed(root.cell, &shares::Root { ids: &ids, tight })
            };
            root.exists = exists(&root.tight);
            if !root.exists
                && root.is_quick
                && let Ok(tight) = system.exactly(root)
            {
                root.exists = exists(&tight);
                root.tight = tight;
            }
            self.leaf(root.cell, Some(&shares::Root { ids: &ids, tight: &root.tight }))?;
        }
        self.boxed.push(Boxed { proof, roots });
        Ok(())
    }

    /// The numbers that are listed for the root of a box, if they are the root: a box has but one, so that
    /// rational numbers in it that solve the equations are it.
    fn listed_root(&self, root: &RootBox, ids: &[u32], system: &System) -> Option<Vec<Q>> {
        let is_root = |x: &Vec<Q>| {
            root.listed.iter().zip(x).all(|(l, q)| l.low <= *q && *q <= l.high)
                && system.equations.iter().all(|f| f.value(x).is_zero())
        };
        let listed =
            |k: u32| ids.iter().map(|id| self.listed_weight(k as usize, *id)).collect::<Option<Vec<Q>>>();
        self.owners(root.cell).into_iter().filter_map(listed).find(is_root)
    }

    /// The weight of an action in what is listed for a component, where all its owner does on the way is exact.
    fn listed_weight(&self, k: usize, action: u32) -> Option<Q> {
        let tree = self.rules.tree;
        let (mut weight, mut at) = (Q::ONE, Some(action));
        while let Some(a) = at {
            let set = *tree.set_of.get(a as usize)?;
            let place = (a - tree.offset[set as usize]) as usize;
            weight *= self.components.get(k)?.profile.get(set as usize)?.get(place)?.exact.as_ref()?;
            at = self.rules.before(a);
        }
        Some(weight)
    }

    /// Whether what is printed for the cell's components holds the root, and does not only come
    /// near it.
    fn is_printed(&self, cell: u32, root: &shares::Root) -> bool {
        let mut owners = self.owners(cell).into_iter().filter(|_| self.is_last());
        owners.all(|k| {
            let listed = &self.ranges.listed[k as usize];
            root.outside(self.rules, &self.state, self.tree(), listed).is_empty()
        })
    }
}
