//! The first rows of a player's table, written down without a pivot.
//!
//! The one idea: at each own set one slot takes what the others leave, and at each set of the other
//! one slot sets the value; so no equation and no free variable is left.

use super::start::{add, lengths};
use crate::form::{Form, Side};
use detente_exact::Q;

/// A variable that is never negative.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Variable {
    /// The reach of an own slot beyond its tremble.
    Reach(usize),
    /// What a slot of the other lacks to the best at its set.
    Short(usize),
    /// The size of the bonus.
    Bonus,
}

impl Variable {
    /// The slot whose shortfall this is.
    pub fn short_of(self) -> Option<usize> {
        match self {
            Variable::Short(s) => Some(s),
            _ => None,
        }
    }

    /// The variable of the other table that is 0 where this one is not.
    pub fn partner(self) -> Variable {
        match self {
            Variable::Reach(s) => Variable::Short(s),
            Variable::Short(s) => Variable::Reach(s),
            Variable::Bonus => Variable::Bonus,
        }
    }
}

/// What a table holds beside reach and shortfalls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Beside {
    Nothing,
    /// A variable: how much the other is paid for its chosen slots.
    Bonus,
    /// A row below the others: the sum of the other's values at all its sets.
    Values,
}

/// Basic variables as functions of the others: in row `r`, `basic[r]` plus the sum of entry times nonbasic
/// variable is the polynomial in e whose coefficients follow, lowest power first.
#[derive(Clone, Debug)]
pub struct Rows {
    pub cells: Vec<Vec<Q>>,
    pub basic: Vec<Variable>,
    pub nonbasic: Vec<Variable>,
}

impl Rows {
    /// The rows of player `own`, where both play the `chosen` slots of each set and tremble.
    pub fn new(form: &Form, own: usize, chosen: [&[usize]; 2], beside: Beside) -> Rows {
        let (side, other) = (&form.sides[own], &form.sides[1 - own]);
        let is_chosen = |p: usize| {
            let mut marks = vec![false; form.sides[p].slots()];
            chosen[p].iter().for_each(|s| marks[*s] = true);
            marks
        };
        let marks = is_chosen(own);
        let mut nonbasic: Vec<Variable> =
            (1..side.slots()).filter(|s| !marks[*s]).map(Variable::Reach).collect();
        let free = nonbasic.len();
        nonbasic.extend(chosen[1 - own].iter().map(|s| Variable::Short(*s)));
        if beside == Beside::Bonus {
            nonbasic.push(Variable::Bonus);
        }
        let reach = Reach::new(side, chosen[own], nonbasic.len());
        let (mut rows, mut basic) = (vec![], vec![]);
        for s in chosen[own] {
            let mut row = reach.forms[*s].clone();
            row[nonbasic.len() + reach.lengths[*s]] -= &Q::ONE;
            rows.push(row);
            basic.push(Variable::Reach(*s));
        }
        let mut value = vec![vec![Q::ZERO; reach.width]; other.slots()];
        for (slots, weights) in form.leaves.chunks(2).zip(form.weights.chunks(2)) {
            let (mine, theirs) = (slots[own] as usize, slots[1 - own] as usize);
            add(&mut value[theirs], &reach.forms[mine], &weights[1 - own]);
        }
        let mut values = vec![Q::ZERO; reach.width];
        for k in (0..other.sets.len()).rev() {
            let best = chosen[1 - own][k];
            let mut top = value[best].clone();
            top[free + k] += &Q::ONE;
            if beside == Beside::Bonus {
                // One more than any action of the set gets from the sets that follow it.
                let place = nonbasic.len() - 1;
                let most = other.range(k).map(|s| value[s][place].clone()).max().expect("a set has actions");
                top[place] = most + Q::ONE;
            }
            for s in other.range(k).filter(|s| *s != best) {
                rows.push(top.iter().zip(&value[s]).map(|(a, b)| a - b).collect());
                basic.push(Variable::Short(s));
            }
            add(&mut values, &top, &Q::ONE);
            add(&mut value[other.parent[k] as usize], &top, &Q::ONE);
        }
        if beside == Beside::Values || rows.is_empty() {
            rows.push(values);
        }
        // From functions to equations: the others change sides.
        for row in &mut rows {
            row[..nonbasic.len()].iter_mut().filter(|c| !c.is_zero()).for_each(|c| *c = -&*c);
        }
        Rows { cells: rows, basic, nonbasic }
    }
}

/// The reach of every slot as a function of the nonbasic variables and of e.
struct Reach {
    forms: Vec<Vec<Q>>,
    lengths: Vec<usize>,
    /// Variables, then powers of e.
    width: usize,
}

impl Reach {
    /// At each set all slots but the chosen one have a variable of their own, in order; the chosen
    /// one takes what they leave.
    fn new(side: &Side, chosen: &[usize], variables: usize) -> Reach {
        let lengths = lengths(side);
        let width = variables + lengths.iter().max().map_or(1, |l| l + 1);
        let mut forms = vec![vec![Q::ZERO; width]; side.slots()];
        forms[0][variables] = Q::ONE;
        let mut variable = 0;
        for (k, chosen) in chosen.iter().enumerate() {
            let mut rest = forms[side.parent[k] as usize].clone();
            for s in side.range(k).filter(|s| s != chosen) {
                forms[s][variable] = Q::ONE;
                forms[s][variables + lengths[s]] = Q::ONE;
                variable += 1;
                add(&mut rest, &forms[s], &-Q::ONE);
            }
            forms[*chosen] = rest;
        }
        Reach { forms, lengths, width }
    }
}
