//! The most that an obeyed plan can bring, enclosed from both sides.
//!
//! The one idea: an exact plan that everybody obeys shows what is reached, exact multipliers show what is not, and
//! it does not matter where either comes from. Pivots come first: where they end, both meet in one number. Where
//! ties or size keep them from ending, an interior point gives floats that are made exact, on the face they lie on
//! if that is small, else a little towards the middle of all obeyed plans; then the two may leave a gap, which is said.

use crate::face::{Free, near};
use crate::flow::Flow;
use crate::interior::{FloatRow, Going, Inside, inside};
use detente_exact::Q;
use detente_exact::lp::{Growing, Lp, Outcome, Rel};

/// A sum over sequences, in pairs of sequence and coefficient; as a condition, it is at most 0.
pub(crate) type Row = Vec<(usize, Q)>;

/// Who says which conditions a plan violates.
pub(crate) trait Doubts {
    /// What a condition means.
    type Label: Clone;
    /// Conditions that are violated by more than this as far as floats tell, the worst first.
    fn believed(&self, plan: &[f64], least: f64) -> Vec<(Self::Label, Row)>;
    /// Conditions that are violated for certain, the worst first; empty if the plan is obeyed.
    fn certain(&self, plan: &[Q]) -> Vec<(Self::Label, Row)>;
    /// All conditions, if they can be listed.
    fn all(&self) -> Option<Vec<(Self::Label, Row)>>;
}

/// One end of a range.
pub(crate) struct Found<L> {
    /// A plan that is obeyed, per sequence.
    pub plan: Vec<Q>,
    /// What it brings.
    pub value: Q,
    /// What no obeyed plan exceeds.
    pub bound: Q,
    /// What proves that.
    pub multipliers: Vec<(L, Q)>,
}

/// Conditions with their meaning, also in floats.
struct Conditions<L> {
    list: Vec<(L, Row)>,
    floats: Vec<FloatRow>,
}

/// A search that goes on from number to number.
pub(crate) struct Search<D: Doubts> {
    flow: Flow,
    doubts: D,
    /// Those that were violated so far; the program that pivots work on has them as its last rows.
    few: Conditions<D::Label>,
    growing: Growing,
    /// All there are, for interior points, where they can be listed; `None` until it was tried.
    all: Option<Option<Conditions<D::Label>>>,
    /// A plan in the middle of all obeyed ones; `None` until it was looked for.
    centre: Option<Option<Centre>>,
    /// Obeyed plans that were found.
    obeyed: Vec<Vec<Q>>,
}

/// Sequences that may be more than 0, and conditions that hold with equality.
#[derive(Clone)]
struct Face {
    open: Vec<usize>,
    tight: Vec<usize>,
}

/// The middle of all obeyed plans.
#[derive(Clone)]
struct Centre {
    plan: Vec<Q>,
    /// What all of them keep; `None` if rounding suffices.
    face: Option<Face>,
}

/// Up to so many conditions times sequences, exact pivoting has the last word, however long it takes.
const SMALL: usize = 4_000;
/// Cells that pivots may touch for one number.
const WORK: u64 = 500_000_000;
/// What pivots call a violation: their systems are moved a little. What interior points call one.
const ROUGHLY: f64 = 4e-6;
const FINELY: f64 = 1e-9;
/// Most rounds of new conditions per number, where pivots need not have the last word.
const ROUNDS: usize = 200;
/// Obeyed plans that are kept to fall back on.
const KEPT: usize = 16;

impl<L: Clone> Conditions<L> {
    fn new(list: Vec<(L, Row)>) -> Conditions<L> {
        let floats = list.iter().map(|(_, row)| as_floats(row)).collect();
        Conditions { list, floats }
    }

    fn push(&mut self, label: L, row: Row) {
        self.floats.push(as_floats(&row));
        self.list.push((label, row));
    }

    /// Multipliers that are not 0, with what they belong to.
    fn told(&self, multipliers: &[Q]) -> Vec<(L, Q)> {
        let used = self.list.iter().zip(multipliers).filter(|(_, y)| !y.is_zero());
        used.map(|((label, _), y)| (label.clone(), y.clone())).collect()
    }

    /// What these multipliers prove that no obeyed plan exceeds.
    fn bound(&self, flow: &Flow, number: &[Q], multipliers: &[Q]) -> Q {
        let mut left = number.to_vec();
        for ((_, row), y) in self.list.iter().zip(multipliers).filter(|(_, y)| !y.is_zero()) {
            row.iter().for_each(|(s, c)| left[*s].sub_mul(c, y));
        }
        flow.most(&left)
    }
}

fn as_floats(row: &Row) -> FloatRow {
    row.iter().map(|(s, c)| (*s, c.to_f64())).collect()
}

impl<D: Doubts> Search<D> {
    pub fn new(flow: Flow, doubts: D) -> Search<D> {
        let growing = Growing::new(flow.program());
        let few = Conditions::new(vec![]);
        Search { flow, doubts, few, growing, all: None, centre: None, obeyed: vec![] }
    }

    /// Keeps a plan to fall back on, if it is obeyed.
    pub fn keep(&mut self, plan: Vec<Q>) {
        if self.is_obeyed(&plan) {
            self.obeyed.push(plan);
        }
    }

    /// The obeyed plan that makes a number largest. `None` if the caller stops the search before an obeyed plan is
    /// known; if it does so later, the end stays open by a gap.
    pub fn largest(&mut self, number: &[Q], going: &Going) -> Option<Found<D::Label>> {
        let found = match self.by_pivots(number, going) {
            Some(found) => found,
            None => self.by_interior(number, going)?,
        };
        if self.obeyed.len() < KEPT {
            self.obeyed.push(found.plan.clone());
        }
        Some(found)
    }

    /// Conditions are added as they are violated; floats go on from basis to basis, and the last one is evaluated
    /// exactly.
    pub(crate) fn by_pivots(&mut self, number: &[Q], going: &Going) -> Option<Found<D::Label>> {
        self.growing.aim(number.iter().cloned().enumerate().filter(|(_, c)| !c.is_zero()).collect());
        self.growing.allow(WORK);
        for _ in 0..ROUNDS {
            if !going(0.0) {
                return None;
            }
            if let Some(x) = self.growing.believed()
                && self.add(self.doubts.believed(&x, ROUGHLY))
            {
                continue;
            }
            let small = self.few.list.len() * self.flow.sequences <= SMALL;
            let outcome = if small { self.growing.optimum() } else { self.growing.proven()? };
            let Outcome::Optimal { x, value, dual } = outcome else { return None };
            if !self.add(self.doubts.certain(&x)) {
                let first = self.growing.lp().rows.len() - self.few.list.len();
                let multipliers = self.few.told(&dual[first..]);
                return Some(Found { plan: x, bound: value.clone(), value, multipliers });
            }
        }
        None
    }

    /// Adds the conditions that are new; whether there was one.
    fn add(&mut self, fresh: Vec<(D::Label, Row)>) -> bool {
        let before = self.few.list.len();
        for (label, row) in fresh {
            if !self.few.list.iter().any(|(_, held)| *held == row) {
                self.growing.add_row(row.clone(), Rel::Le, Q::ZERO);
                self.few.push(label, row);
            }
        }
        self.few.list.len() > before
    }

    /// What interior points look at: all conditions where they can be listed.
    fn conditions(&self) -> &Conditions<D::Label> {
        self.all.as_ref().and_then(Option::as_ref).unwrap_or(&self.few)
    }

    /// Lists all conditions, once. Those that pivots did not get along with go.
    fn list_all(&mut self) {
        if self.all.is_none() {
            self.all = Some(self.doubts.all().map(Conditions::new));
        }
        if let Some(Some(_)) = &self.all {
            self.few = Conditions::new(vec![]);
            self.growing = Growing::new(self.flow.program());
        }
    }

    /// From the middle of the best plans, as floats see it.
    pub(crate) fn by_interior(&mut self, number: &[Q], going: &Going) -> Option<Found<D::Label>> {
        if !going(0.0) {
            return self.fallen_back(number);
        }
        self.list_all();
        let aim: Vec<f64> = number.iter().map(Q::to_f64).collect();
        let Some(end) = self.settled(&aim, going) else { return self.fallen_back(number) };
        if end.ended
            && let Some(found) = self.on_best_face(number, &end)
        {
            return Some(found);
        }
        let Some(plan) = self.obeyed_near(number, &end.plan, going) else { return self.fallen_back(number) };
        let nothing = vec![Q::ZERO; self.conditions().list.len()];
        let proofs = [rounded(&end.multipliers), nothing].into_iter();
        let proofs = proofs.map(|y| (self.conditions().bound(&self.flow, number, &y), y));
        let (bound, multipliers) = proofs.min_by(|a, b| a.0.cmp(&b.0))?;
        let multipliers = self.conditions().told(&multipliers);
        Some(Found { value: worth(number, &plan), plan, bound, multipliers })
    }

    /// The interior point that violates no condition as far as floats tell.
    fn settled(&mut self, aim: &[f64], going: &Going) -> Option<Inside> {
        loop {
            let end = inside(&self.flow, &self.conditions().floats, aim, going)?;
            if !end.ended || matches!(self.all, Some(Some(_))) {
                return Some(end);
            }
            let fresh = self.doubts.believed(&end.plan, FINELY);
            if !self.add(fresh) {
                return Some(end);
            }
        }
    }

    /// Nothing was found for this number: what is known without it.
    fn fallen_back(&self, number: &[Q]) -> Option<Found<D::Label>> {
        let plan = self.best_known(number)?;
        let value = worth(number, &plan);
        Some(Found { plan, value, bound: self.flow.most(number), multipliers: vec![] })
    }

    fn best_known(&self, number: &[Q]) -> Option<Vec<Q>> {
        self.obeyed.iter().max_by(|a, b| worth(number, a).cmp(&worth(number, b))).cloned()
    }

    /// The plan and the multipliers made exact on the faces that they lie on; `None` unless they meet.
    fn on_best_face(&self, number: &[Q], end: &Inside) -> Option<Found<D::Label>> {
        let open: Vec<usize> =
            (0..self.flow.sequences).filter(|s| *s == 0 || end.plan[*s] > end.costs[*s]).collect();
        let tight: Vec<usize> =
            (0..end.slack.len()).filter(|k| end.multipliers[*k] > end.slack[*k]).collect();
        let face = Face { open, tight };
        let plan = self.obeyed_on(&face, &end.plan)?;
        let value = worth(number, &plan);
        for free in [Free::Zero, Free::Rounded] {
            let Some(multipliers) = self.multipliers_on(number, &face, end, free) else { continue };
            if self.conditions().bound(&self.flow, number, &multipliers) == value {
                let multipliers = self.conditions().told(&multipliers);
                return Some(Found { plan, bound: value.clone(), value, multipliers });
            }
        }
        None
    }

    /// An obeyed plan on a face: only these sequences, and these conditions with equality.
    fn obeyed_on(&self, face: &Face, start: &[f64]) -> Option<Vec<Q>> {
        let plans =
            [Free::Zero, Free::Rounded].into_iter().filter_map(|free| self.plan_on(face, start, free));
        plans.into_iter().find(|plan| self.is_obeyed(plan))
    }

    /// Shares on a face that keep its equations; whether anybody gains, or a share is negative, is not asked.
    fn plan_on(&self, face: &Face, start: &[f64], free: Free) -> Option<Vec<Q>> {
        let place = self.places(&face.open);
        let within = |row: &mut dyn Iterator<Item = (usize, Q)>| -> Row {
            row.filter_map(|(s, c)| Some((place[s]?, c))).collect()
        };
        let mut equations: Vec<Row> = vec![vec![(place[0]?, Q::ONE)]];
        for (before, first, count) in self.flow.forks.iter().filter(|(before, ..)| place[*before].is_some()) {
            let after = (*first..first + count).map(|s| (s, Q::ONE));
            equations.push(within(&mut after.chain([(*before, -Q::ONE)])));
        }
        for k in &face.tight {
            equations.push(within(&mut self.conditions().list[*k].1.iter().cloned()));
        }
        let mut right = vec![Q::ZERO; equations.len()];
        right[0] = Q::ONE;
        let start: Vec<f64> = face.open.iter().map(|s| start[*s]).collect();
        let values = near(&equations, &right, &start, free)?;
        let mut plan = vec![Q::ZERO; self.flow.sequences];
        face.open.iter().zip(values).for_each(|(s, value)| plan[*s] = value);
        Some(plan)
    }

    /// Whether this is a plan at all, and nobody gains by leaving it.
    fn is_obeyed(&self, plan: &[Q]) -> bool {
        let flows = |(before, first, count): &(usize, usize, usize)| {
            plan[*first..first + count].iter().cloned().sum::<Q>() == plan[*before]
        };
        plan[0] == Q::ONE
            && plan.iter().all(|share| !share.is_negative())
            && self.flow.forks.iter().all(flows)
            && self.doubts.certain(plan).is_empty()
    }

    /// Multipliers of these conditions with which each open sequence is worth what the best is worth.
    fn multipliers_on(
        &self,
        number: &[Q],
        Face { open, tight }: &Face,
        end: &Inside,
        free: Free,
    ) -> Option<Vec<Q>> {
        // Unknown are the multipliers, and what each fork is worth.
        let forks = self.flow.forks.len();
        let place = self.places(open);
        let mut equations: Vec<Row> = vec![vec![]; open.len()];
        for (unknown, k) in tight.iter().enumerate() {
            for (s, c) in &self.conditions().list[*k].1 {
                if let Some(at) = place[*s] {
                    equations[at].push((unknown, c.clone()));
                }
            }
        }
        for (k, (before, first, count)) in self.flow.forks.iter().enumerate() {
            for at in (*first..first + count).filter_map(|s| place[s]) {
                equations[at].push((tight.len() + k, Q::ONE));
            }
            if let Some(at) = place[*before] {
                equations[at].push((tight.len() + k, -Q::ONE));
            }
        }
        // Sequence 0 is no choice: its equation only says what the whole is worth.
        let kept: Vec<usize> = (0..open.len()).filter(|at| open[*at] != 0).collect();
        let equations: Vec<Row> = kept.iter().map(|at| std::mem::take(&mut equations[*at])).collect();
        let right: Vec<Q> = kept.iter().map(|at| number[open[*at]].clone()).collect();
        let mut start: Vec<f64> = tight.iter().map(|k| end.multipliers[*k]).collect();
        // What forks are worth has no sign, so it is never to be 0: it comes first.
        let far = start.iter().fold(1.0, |most: f64, y| most.max(*y)) * 2.0;
        start.extend(vec![far; forks]);
        let values = near(&equations, &right, &start, free)?;
        let mut multipliers = vec![Q::ZERO; self.conditions().list.len()];
        for (k, value) in tight.iter().zip(values) {
            if value.is_negative() {
                return None;
            }
            multipliers[*k] = value;
        }
        Some(multipliers)
    }

    /// For each sequence, its place in a list.
    fn places(&self, list: &[usize]) -> Vec<Option<usize>> {
        let mut place = vec![None; self.flow.sequences];
        list.iter().enumerate().for_each(|(k, s)| place[*s] = Some(k));
        place
    }

    /// An exact plan that is obeyed, near one in floats: as far towards the middle of all as it takes.
    fn obeyed_near(&mut self, number: &[Q], start: &[f64], going: &Going) -> Option<Vec<Q>> {
        let known = self.best_known(number);
        let Some(centre) = self.centre(going) else { return known };
        let near = match &centre.face {
            None => self.flow.rounded(start)?,
            Some(face) => self.plan_on(face, start, Free::Rounded)?,
        };
        let toward = |part: &Q| -> Vec<Q> {
            near.iter().zip(&centre.plan).map(|(a, b)| a + part * &(b - a)).collect()
        };
        let parts = std::iter::once(Q::ZERO).chain((1..=20).rev().map(|k| Q::new(1, 4i64.pow(k))));
        let mut plans = parts.map(|part| toward(&part)).filter(|plan| self.is_obeyed(plan));
        let best = plans.next().unwrap_or_else(|| centre.plan.clone());
        Some(known.filter(|plan| worth(number, plan) > worth(number, &best)).unwrap_or(best))
    }

    /// The middle of all obeyed plans, looked for once.
    fn centre(&mut self, going: &Going) -> Option<Centre> {
        if self.centre.is_none() {
            let found = self.look_for_centre(going);
            if let Some(centre) = &found {
                self.obeyed.push(centre.plan.clone());
            }
            self.centre = Some(found);
        }
        self.centre.clone().flatten()
    }

    fn look_for_centre(&mut self, going: &Going) -> Option<Centre> {
        let end = self.settled(&vec![0.0; self.flow.sequences], going)?;
        let plan = self.flow.rounded(&end.plan)?;
        if self.is_obeyed(&plan) {
            return Some(Centre { plan, face: None });
        }
        [1e-8, 1e-6, 1e-4].into_iter().find_map(|least| {
            let open: Vec<usize> =
                (0..self.flow.sequences).filter(|s| *s == 0 || end.plan[*s] > least).collect();
            let tight: Vec<usize> = (0..end.slack.len()).filter(|k| end.slack[*k] < least).collect();
            let face = Face { open, tight };
            Some(Centre { plan: self.obeyed_on(&face, &end.plan)?, face: Some(face) })
        })
    }
}

/// What a plan brings.
fn worth(number: &[Q], plan: &[Q]) -> Q {
    number.iter().zip(plan).filter(|(_, share)| !share.is_zero()).map(|(c, share)| c * share).sum()
}

/// Multipliers in short fractions; those that are nothing beside the largest are 0.
fn rounded(multipliers: &[f64]) -> Vec<Q> {
    let largest = multipliers.iter().fold(0.0, |most: f64, y| most.max(*y));
    let (_, exponent) = libm::frexp(largest);
    let parts = |y: f64| libm::round(libm::ldexp(y.max(0.0), 40 - exponent));
    let whole = |y: &f64| Q::from_f64(libm::ldexp(parts(*y), exponent - 40)).unwrap_or(Q::ZERO);
    multipliers.iter().map(whole).collect()
}

impl Flow {
    /// The flow's own equations as a linear program.
    fn program(&self) -> Lp {
        let mut lp = Lp::with_variables(self.sequences, Some(Q::ZERO), None);
        lp.add_row(vec![(0, Q::ONE)], Rel::Eq, Q::ONE);
        for (before, first, count) in &self.forks {
            let after = (*first..first + count).map(|s| (s, Q::ONE));
            lp.add_row(after.chain([(*before, -Q::ONE)]).collect(), Rel::Eq, Q::ZERO);
        }
        lp
    }
}
