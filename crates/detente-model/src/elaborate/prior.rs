//! Constants, parameters and their priors; cells of private facts.

use super::Builder;
use super::value::{Value, short};
use crate::program::{Dist, Formula, FormulaKind, ParamValue, Weight};
use detente_diag::{Diagnostic, Span, nearest};
use detente_exact::Q;
use detente_game::{ExprId, Op, ParamId};
use detente_prob::{Prior, PriorError, decimal};

/// Names of the families and how many arguments they take.
const FAMILIES: [(&str, usize); 7] = [
    ("uniform", 2),
    ("normal", 2),
    ("lognormal", 2),
    ("beta", 2),
    ("gamma", 2),
    ("triangular", 3),
    ("pert", 3),
];

/// Cells are short exact decimals: the last bits of a float differ from one mathematics
/// library to another, and short numbers keep exact solving fast.
const CELL_DIGITS: usize = 12;

impl<'p> Builder<'p> {
    /// Returns the value of a constant; `None` after an error.
    pub(super) fn constant(&mut self, at: usize) -> Option<Q> {
        if let Some(value) = &self.facts.consts[at] {
            return Some(value.clone());
        }
        let (program, settings) = (self.program, self.settings);
        let formula = settings.consts.get(&at).unwrap_or(&program.consts[at].value);
        let value = match self.eval(formula, &[]) {
            Value::Formula(id) if self.is_free_of_params(id) => self.rounded_constant(at, id, formula)?,
            _ => self.known_number(formula, "a constant")?,
        };
        self.facts.consts[at] = Some(value.clone());
        Some(value)
    }

    /// A constant as formulas use it: its number, or its place on the tape where it is
    /// irrational, so that answers know that they stand on a rounded number.
    pub(super) fn constant_value(&mut self, at: usize) -> Option<Value<'p>> {
        let value = self.constant(at)?;
        Some(self.facts.irrational[at].map_or(Value::Number(value), Value::Formula))
    }

    /// An irrational constant, rounded once to the nearest f64.
    fn rounded_constant(&mut self, at: usize, id: ExprId, formula: &Formula) -> Option<Q> {
        // Other formulas on the tape may need params; this one does not, so any numbers will do.
        let params = vec![Q::ZERO; self.program.params.len()];
        match &self.game.tape.eval_exact(&params)[id.0 as usize] {
            Ok((value, _)) => {
                self.facts.irrational[at] = Some(id);
                Some(value.clone())
            }
            Err(_) => {
                self.report(
                    Diagnostic::error(
                        "not-a-number",
                        format!("`{}` has no value", self.program.consts[at].name),
                    )
                    .label(formula.span, "a root or logarithm of a number that has none, or a division by 0")
                    .help("correct the formula"),
                );
                None
            }
        }
    }

    fn is_free_of_params(&self, id: ExprId) -> bool {
        let mut open = vec![id];
        while let Some(at) = open.pop() {
            let op = &self.game.tape.ops[at.0 as usize];
            if matches!(op, Op::Param(_)) {
                return false;
            }
            open.extend(op.operands());
        }
        true
    }

    /// Returns a parameter's place on the tape; `None` after an error.
    pub(super) fn param(&mut self, at: usize) -> Option<ExprId> {
        if let Some(id) = self.facts.param_exprs[at] {
            return Some(id);
        }
        let (program, settings) = (self.program, self.settings);
        let value = settings.params.get(&at).unwrap_or(&program.params[at].value);
        let own = Op::Param(ParamId(at as u32));
        let id = match value {
            ParamValue::Prior { dist, at: base } => {
                let prior = self.prior(dist)?;
                let base = match base {
                    Some(formula) => self.base_value(&prior, formula)?,
                    None => prior.base()?,
                };
                self.game.params[at].prior = Some(prior);
                self.game.params[at].base = base;
                self.game.tape.push(own)
            }
            ParamValue::Fixed(formula) => {
                let value = self.eval(formula, &[]);
                match value {
                    Value::Number(value) => {
                        self.game.params[at].base = value;
                        self.game.tape.push(own)
                    }
                    Value::Formula(id) => id,
                    Value::Error => return None,
                    other => {
                        let message = format!("a parameter is a number, but this is {}", other.kind());
                        self.mismatch(message, formula.span, "not a number");
                        return None;
                    }
                }
            }
            ParamValue::Missing => return None,
        };
        self.facts.param_exprs[at] = Some(id);
        Some(id)
    }

    fn base_value(&mut self, prior: &Prior, formula: &'p Formula) -> Option<Q> {
        let base = self.known_number(formula, "a base value")?;
        let (lo, hi) = prior.support();
        if base.to_f64() < lo || base.to_f64() > hi {
            self.report(
                Diagnostic::error(
                    "base-outside",
                    format!("the base value {} is impossible under its prior", short(&base)),
                )
                .label(formula.span, format!("the prior reaches from {lo} to {hi}"))
                .help("move the base value or widen the prior"),
            );
            return None;
        }
        Some(base)
    }

    /// Builds and checks a prior whose arguments are constants.
    pub(super) fn prior(&mut self, dist: &'p Dist) -> Option<Prior> {
        let prior = self.unchecked(dist)?;
        if let Err(error) = prior.check() {
            self.improper(&error, dist.span());
            return None;
        }
        Some(prior)
    }

    fn improper(&mut self, error: &PriorError, span: Span) {
        self.report(
            Diagnostic::error("improper-prior", "this is not a proper prior")
                .label(span, error.to_string())
                .help("correct its arguments; for one known value write `param x = value`"),
        );
    }

    fn unchecked(&mut self, dist: &'p Dist) -> Option<Prior> {
        match dist {
            Dist::Family { name, args, span } => {
                self.family(name, args.len(), *span)?;
                let args = args.iter().map(|a| self.argument(a)).collect::<Option<Vec<f64>>>()?;
                family(name, &args)
            }
            Dist::Quantiles { lo, hi, .. } => {
                Some(Prior::Interval { lo: self.argument(lo)?, hi: self.argument(hi)? })
            }
            Dist::Truncated { inner, lo, hi, .. } => {
                let prior = Box::new(self.unchecked(inner)?);
                Some(Prior::Truncated { prior, lo: self.argument(lo)?, hi: self.argument(hi)? })
            }
            Dist::Discrete { points, span } => self.discrete(points, *span),
            Dist::Point(formula) => {
                self.report(
                    Diagnostic::error("improper-prior", "a single value is not a prior")
                        .label(formula.span, "has no spread")
                        .help("for one known value write `=` instead of `~`"),
                );
                None
            }
            Dist::Error => None,
        }
    }

    fn family(&mut self, name: &str, given: usize, span: Span) -> Option<()> {
        match FAMILIES.iter().find(|(family, _)| *family == name) {
            Some((_, wanted)) if *wanted == given => Some(()),
            Some((_, wanted)) => {
                self.report(crate::resolve::arity(name, span, *wanted, given));
                None
            }
            None => {
                let names = FAMILIES.iter().map(|(family, _)| *family).chain(["truncated", "discrete"]);
                let diagnostic =
                    Diagnostic::error("unknown-name", format!("`{name}` is not a family of priors"))
                        .label(span, "not known");
                self.report(match nearest(name, names.clone()) {
                    Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
                    None => diagnostic.help(format!(
                        "known: {}, and `lo to hi`",
                        crate::resolve::words(&names.collect::<Vec<_>>())
                    )),
                });
                None
            }
        }
    }

    fn argument(&mut self, formula: &'p Formula) -> Option<f64> {
        self.known_number(formula, "a prior").map(|value| value.to_f64())
    }

    fn discrete(&mut self, points: &'p [(Formula, Weight)], span: Span) -> Option<Prior> {
        let mut pairs: Vec<(Q, Q)> = Vec::new();
        let mut rest = None;
        for (value, weight) in points {
            let value = self.known_number(value, "a prior")?;
            match weight {
                Weight::Formula(formula) => {
                    let weight = self.known_number(formula, "a prior")?;
                    pairs.push((value, weight));
                }
                Weight::Rest(_) if rest.is_none() => rest = Some(value),
                Weight::Rest(_) => {
                    self.improper(&PriorError::NoValues, span);
                    return None;
                }
            }
        }
        let sum: Q = pairs.iter().map(|(_, p)| p.clone()).sum();
        match rest {
            Some(value) => pairs.push((value, Q::ONE - sum)),
            None if sum != Q::ONE => {
                self.improper(&PriorError::Sum { sum: sum.to_f64() }, span);
                return None;
            }
            None => {}
        }
        pairs.sort();
        let (values, probs) = pairs.iter().map(|(v, p)| (v.to_f64(), p.to_f64())).unzip();
        Some(Prior::Discrete { values, probs })
    }

    /// Returns `n` cells of equal probability, each at its mean. The ends of a
    /// uniform and the arguments of a normal prior may be formulas over parameters.
    pub(super) fn cells(&mut self, dist: &'p Dist, n: usize) -> Option<Vec<ExprId>> {
        if let Dist::Family { name, args, .. } = dist
            && args.len() == 2
            && args.iter().any(|a| self.mentions_param(a))
            && (name == "uniform" || name == "normal")
        {
            let a = self.number_expr(&args[0], &[])?;
            let b = self.number_expr(&args[1], &[])?;
            return Some(self.scaled_cells(name, a, b, n));
        }
        if let Dist::Family { name, args, .. } = dist
            && name == "uniform"
            && args.len() == 2
        {
            self.prior(dist)?;
            let a = self.number_expr(&args[0], &[])?;
            let b = self.number_expr(&args[1], &[])?;
            return Some(self.scaled_cells(name, a, b, n));
        }
        let prior = self.prior(dist)?;
        let cells = prior.cells(n);
        cells.iter().map(|c| decimal(*c, CELL_DIGITS).map(|q| self.game.tape.constant(q))).collect()
    }

    /// Cells of `a + (b - a) * share` (uniform) or `a + b * score` (normal).
    fn scaled_cells(&mut self, name: &str, a: ExprId, b: ExprId, n: usize) -> Vec<ExprId> {
        let scores = Prior::Normal { mean: 0.0, sd: 1.0 }.cells(if name == "normal" { n } else { 1 });
        let width = if name == "uniform" { self.game.tape.push(Op::Sub(b, a)) } else { b };
        (0..n)
            .map(|k| {
                let share = match name {
                    "uniform" => Q::new(2 * k as i64 + 1, 2 * n as i64),
                    _ => decimal(scores[k], CELL_DIGITS).unwrap_or(Q::ZERO),
                };
                let share = self.game.tape.constant(share);
                let part = self.game.tape.push(Op::Mul(width, share));
                self.game.tape.push(Op::Add(a, part))
            })
            .collect()
    }

    /// Does a formula depend on a parameter, directly or through a function?
    pub(super) fn mentions_param(&self, formula: &Formula) -> bool {
        let mut open = vec![formula];
        let mut seen = Vec::new();
        while let Some(formula) = open.pop() {
            let mut found = false;
            formula.walk(&mut |f| match &f.kind {
                FormulaKind::Param(_) => found = true,
                FormulaKind::Call(at, _) if !seen.contains(at) => {
                    seen.push(*at);
                    open.push(&self.program.functions[*at].body);
                }
                _ => {}
            });
            if found {
                return true;
            }
        }
        false
    }
}

fn family(name: &str, args: &[f64]) -> Option<Prior> {
    Some(match (name, args) {
        ("uniform", [lo, hi]) => Prior::Uniform { lo: *lo, hi: *hi },
        ("normal", [mean, sd]) => Prior::Normal { mean: *mean, sd: *sd },
        ("lognormal", [mu, sigma]) => Prior::Lognormal { mu: *mu, sigma: *sigma },
        ("beta", [a, b]) => Prior::Beta { a: *a, b: *b },
        ("gamma", [shape, scale]) => Prior::Gamma { shape: *shape, scale: *scale },
        ("triangular", [lo, mode, hi]) => Prior::Triangular { lo: *lo, mode: *mode, hi: *hi },
        ("pert", [lo, mode, hi]) => Prior::Pert { lo: *lo, mode: *mode, hi: *hi },
        _ => return None,
    })
}
