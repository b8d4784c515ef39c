//! The tape over rows: each value with a bound of its own rounding error.
//!
//! The one idea: beside every float runs a float that says how far it may be from the exact value
//! (running error analysis; Wilkinson, "Error analysis of floating-point computation", 1960). Both
//! are plain sums and products over a row, so both are done in lanes. What cannot be told (a
//! comparison too close, a divisor near 0) gets an infinite error, and whoever reads it must not
//! decide by it.

use crate::lanes::{Block, LANES, Row, distance, row};
use detente_exact::Q;
use detente_exact::poly::MPoly;
use detente_game::Game;
use detente_game::tape::{ExprId, Op};

/// A little more than half a unit in the last place, so that the bound covers its own rounding.
const UNIT: f64 = 1.2e-16;
/// Inflates a bound computed in a few steps.
const MORE: f64 = 1.0 + 1e-14;
/// Products and quotients may underflow by this much.
const TINY: f64 = 1e-300;
/// Largest whole exponent that is written out as products.
const MAX_POWER: i64 = 16;

/// Where a number comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    Param(u32),
    Value(u32),
}

/// One step; operands are sources, the result is the next value.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    Const(f64, f64),
    Neg(Source),
    Add(Source, Source),
    Sub(Source, Source),
    Mul(Source, Source),
    Div(Source, Source),
    Min(Source, Source),
    Max(Source, Source),
    Exp(Source),
    Ln(Source),
    Sqrt(Source),
    Less(Source, Source),
    Equal(Source, Source),
    If(Source, Source, Source),
    /// A power that is no small whole one: rounded as the exact path rounds it, where both are exact.
    Pow(Source, Source),
}

/// The part of a tape that a game's payments and probabilities need.
#[derive(Clone, Debug)]
pub(crate) struct Program {
    pub(crate) steps: Vec<Step>,
    place: Vec<Option<Source>>,
}

/// The values of one block.
#[derive(Clone, Debug, Default)]
pub(crate) struct Values {
    value: Vec<Row>,
    error: Vec<Row>,
    pub(crate) params: Vec<Row>,
    param_errors: Vec<Row>,
}

impl Values {
    pub fn value(&self, s: Source) -> &Row {
        match s {
            Source::Param(p) => &self.params[p as usize],
            Source::Value(v) => &self.value[v as usize],
        }
    }

    pub fn error(&self, s: Source) -> &Row {
        match s {
            Source::Param(p) => &self.param_errors[p as usize],
            Source::Value(v) => &self.error[v as usize],
        }
    }
}

impl Program {
    /// Compiles what the listed expressions need.
    pub fn new(game: &Game, wanted: &[ExprId]) -> Program {
        let ops = &game.tape.ops;
        let mut used = vec![false; ops.len()];
        wanted.iter().for_each(|e| used[e.0 as usize] = true);
        for i in (0..ops.len()).rev() {
            if used[i] {
                ops[i].operands().iter().for_each(|o| used[o.0 as usize] = true);
            }
        }
        let mut program = Program { steps: vec![], place: vec![None; ops.len()] };
        for (i, op) in ops.iter().enumerate().filter(|(i, _)| used[*i]) {
            program.place[i] = Some(program.compile(op, ops));
        }
        program
    }

    /// Where an expression's value is found.
    pub fn source(&self, e: ExprId) -> Source {
        self.place[e.0 as usize].expect("only wanted expressions are asked for")
    }

    fn push(&mut self, step: Step) -> Source {
        self.steps.push(step);
        Source::Value(self.steps.len() as u32 - 1)
    }

    fn compile(&mut self, op: &Op, ops: &[Op]) -> Source {
        let at = |e: &ExprId| self.place[e.0 as usize].expect("operands come first");
        let step = match op {
            Op::Const(q) => Step::Const(q.to_f64(), distance(q)),
            Op::Param(p) => return Source::Param(p.0),
            Op::Neg(a) => Step::Neg(at(a)),
            Op::Add(a, b) => Step::Add(at(a), at(b)),
            Op::Sub(a, b) => Step::Sub(at(a), at(b)),
            Op::Mul(a, b) => Step::Mul(at(a), at(b)),
            Op::Div(a, b) => Step::Div(at(a), at(b)),
            Op::Min(a, b) => Step::Min(at(a), at(b)),
            Op::Max(a, b) => Step::Max(at(a), at(b)),
            Op::Exp(a) => Step::Exp(at(a)),
            Op::Ln(a) => Step::Ln(at(a)),
            Op::Sqrt(a) => Step::Sqrt(at(a)),
            Op::Less(a, b) => Step::Less(at(a), at(b)),
            Op::Equal(a, b) => Step::Equal(at(a), at(b)),
            Op::If(c, a, b) => Step::If(at(c), at(a), at(b)),
            Op::Pow(a, b) => {
                let (base, exponent) = (at(a), at(b));
                let whole = match &ops[b.0 as usize] {
                    Op::Const(q) => q.to_i64().filter(|n| n.abs() <= MAX_POWER),
                    _ => None,
                };
                return match whole {
                    Some(n) => self.power(base, n),
                    None => self.push(Step::Pow(base, exponent)),
                };
            }
        };
        self.push(step)
    }

    fn power(&mut self, base: Source, n: i64) -> Source {
        let one = self.push(Step::Const(1.0, 0.0));
        let product = (0..n.abs()).fold(one, |so_far, k| match k {
            0 => base,
            _ => self.push(Step::Mul(so_far, base)),
        });
        if n < 0 { self.push(Step::Div(one, product)) } else { product }
    }

    /// Evaluates a block, into rows that are used again.
    pub fn run(&self, block: &Block, out: &mut Values) {
        out.params.clone_from(&block.values);
        out.param_errors.clear();
        out.param_errors.extend(block.errors.iter().map(|e| row(*e)));
        out.value.resize(self.steps.len(), row(0.0));
        out.error.resize(self.steps.len(), row(0.0));
        for (i, step) in self.steps.iter().enumerate() {
            let (mut v, mut e) = (row(0.0), row(0.0));
            apply(step, out, &mut v, &mut e);
            out.value[i] = v;
            out.error[i] = e;
        }
    }
}

fn apply(step: &Step, out: &Values, v: &mut Row, e: &mut Row) {
    let two = |a: &Source, b: &Source| (out.value(*a), out.error(*a), out.value(*b), out.error(*b));
    match step {
        Step::Const(value, error) => {
            *v = row(*value);
            *e = row(*error);
        }
        Step::Neg(a) => {
            let (a, ea) = (out.value(*a), out.error(*a));
            for k in 0..LANES {
                v[k] = 0.0 - a[k];
                e[k] = ea[k];
            }
        }
        Step::Add(a, b) => {
            let (a, ea, b, eb) = two(a, b);
            for k in 0..LANES {
                v[k] = a[k] + b[k];
                e[k] = (ea[k] + eb[k] + v[k].abs() * UNIT) * MORE;
            }
        }
        Step::Sub(a, b) => {
            let (a, ea, b, eb) = two(a, b);
            for k in 0..LANES {
                v[k] = a[k] - b[k];
                e[k] = (ea[k] + eb[k] + v[k].abs() * UNIT) * MORE;
            }
        }
        Step::Mul(a, b) => {
            let (a, ea, b, eb) = two(a, b);
            for k in 0..LANES {
                v[k] = a[k] * b[k];
                let carried = a[k].abs() * eb[k] + b[k].abs() * ea[k] + ea[k] * eb[k];
                e[k] = (carried + v[k].abs() * UNIT + TINY) * MORE;
            }
        }
        Step::Div(a, b) => {
            let (a, ea, b, eb) = two(a, b);
            for k in 0..LANES {
                v[k] = a[k] / b[k];
                // The divisor's distance from 0, rounded down.
                let least = b[k].abs() * (1.0 - UNIT) - eb[k] * MORE;
                let error = ((ea[k] + v[k].abs() * eb[k]) / least + v[k].abs() * UNIT + TINY) * MORE;
                e[k] = if least > 0.0 { error } else { f64::INFINITY };
            }
        }
        Step::Min(a, b) => {
            let (a, ea, b, eb) = two(a, b);
            for k in 0..LANES {
                v[k] = a[k].min(b[k]);
                e[k] = ea[k] + eb[k];
            }
        }
        Step::Max(a, b) => {
            let (a, ea, b, eb) = two(a, b);
            for k in 0..LANES {
                v[k] = a[k].max(b[k]);
                e[k] = ea[k] + eb[k];
            }
        }
        Step::Less(a, b) | Step::Equal(a, b) => {
            let equal = matches!(step, Step::Equal(..));
            let (a, ea, b, eb) = two(a, b);
            for k in 0..LANES {
                let (d, doubt) = (a[k] - b[k], (ea[k] + eb[k]) * MORE);
                // The sign of a difference of two floats is exact.
                let sure = doubt == 0.0 || d.abs() * (1.0 - UNIT) > doubt;
                v[k] = f64::from(if equal { d == 0.0 } else { d < 0.0 });
                e[k] = if sure { 0.0 } else { f64::INFINITY };
            }
        }
        Step::If(c, a, b) => {
            let (c, ec) = (out.value(*c), out.error(*c));
            let (a, ea, b, eb) = two(a, b);
            for k in 0..LANES {
                let yes = c[k] != 0.0;
                let sure = ec[k] == 0.0 || c[k].abs() > ec[k];
                v[k] = if yes { a[k] } else { b[k] };
                let error = if yes { ea[k] } else { eb[k] };
                e[k] = if sure { error } else { f64::INFINITY };
            }
        }
        Step::Exp(a) => rounded(out, *a, v, e, libm::exp),
        Step::Ln(a) => rounded(out, *a, v, e, libm::log),
        Step::Sqrt(a) => rounded(out, *a, v, e, f64::sqrt),
        Step::Pow(a, b) => {
            let (a, ea, b, eb) = two(a, b);
            for k in 0..LANES {
                v[k] = libm::pow(a[k], b[k]);
                let known = ea[k] == 0.0 && eb[k] == 0.0 && b[k].fract() != 0.0 && v[k].is_finite();
                e[k] = if known { 0.0 } else { f64::INFINITY };
            }
        }
    }
}

/// An irrational step is part of the game's definition: rounded once, from an exact argument.
fn rounded(out: &Values, a: Source, v: &mut Row, e: &mut Row, f: fn(f64) -> f64) {
    let (a, ea) = (out.value(a), out.error(a));
    for k in 0..LANES {
        v[k] = f(a[k]);
        e[k] = if ea[k] == 0.0 && v[k].is_finite() { 0.0 } else { f64::INFINITY };
    }
}

/// Whether a source is an exact float whatever the draw: a parameter that is a float, or a constant.
pub(crate) fn exact(program: &Program, block: &Block, s: Source) -> bool {
    match s {
        Source::Param(p) => block.errors[p as usize] == 0.0,
        Source::Value(v) => match &program.steps[v as usize] {
            Step::Const(_, error) => *error == 0.0,
            Step::Neg(a) => exact(program, block, *a),
            _ => false,
        },
    }
}

/// Most terms of a formula that is multiplied out.
const MAX_TERMS: usize = 200;

/// Every formula of the tape as a polynomial. Sums, differences and products are multiplied out; every
/// other step counts as a variable.
pub(crate) fn polynomials(game: &Game) -> Vec<MPoly> {
    polynomials_with(game, &[])
}

/// The same, where these parameters count as their base values.
pub(crate) fn polynomials_with(game: &Game, constants: &[usize]) -> Vec<MPoly> {
    let params = game.params.len() as u32;
    let mut polys: Vec<MPoly> = Vec::with_capacity(game.tape.ops.len());
    for (i, op) in game.tape.ops.iter().enumerate() {
        let at = |e: &ExprId| &polys[e.0 as usize];
        let own = || MPoly::variable(params + i as u32);
        let found = match op {
            Op::Const(q) => MPoly::constant(q.clone()),
            Op::Param(p) if constants.contains(&p.index()) => {
                MPoly::constant(game.params[p.index()].base.clone())
            }
            Op::Param(p) => MPoly::variable(p.0),
            Op::Neg(a) => at(a).scale(&-Q::ONE),
            Op::Add(a, b) => at(a) + at(b),
            Op::Sub(a, b) => at(a) - at(b),
            Op::Mul(a, b) if at(a).len() * at(b).len() <= MAX_TERMS => {
                at(a).checked_mul(at(b)).unwrap_or_else(own)
            }
            Op::Div(a, b) => match at(b).as_constant().and_then(|q| q.checked_recip()) {
                Some(factor) => at(a).scale(&factor),
                None => own(),
            },
            _ => own(),
        };
        polys.push(if found.len() <= MAX_TERMS { found } else { own() });
    }
    polys
}

/// Whether the probabilities of every chance move sum to 1 as formulas, whatever the parameters.
pub(crate) fn sums_to_one(game: &Game) -> bool {
    let polys = polynomials(game);
    let one = MPoly::one();
    let whole = |probs: &[ExprId]| {
        let sum = probs.iter().fold(MPoly::zero(), |s, e| &s + &polys[e.0 as usize]);
        sum == one
    };
    game.chances.iter().all(|c| whole(&c.probs))
}
