//! Numbers and statements over several games' equilibria at once.
//!
//! A [`Scene`] fixes one component of each game that a formula speaks of; both
//! sides of a comparison are taken there. Sums of expectations under the same
//! `do` are evaluated as one expectation, so that what varies cancels.

use crate::chain::{Forced, Strategies};
use crate::play::{Play, over_plays};
use crate::query::{self, Equilibrium, Found, Reading, View, chain, only_outcomes};
use crate::range::Range;
use crate::undefined::{Undefined, Why};
use detente_exact::{Interval, Q};
use detente_model::question::{Arithmetic, Conditions, Function, Number, Query, QueryKind, Truth};

/// One component per game, each seen in one way.
pub struct Scene<'a> {
    /// Value of every parameter at this point.
    pub params: &'a [Q],
    pub seats: Vec<Seat<'a>>,
}

/// One game's place in a scene.
#[derive(Clone, Copy)]
pub struct Seat<'a> {
    /// The variant, or `None` for the model itself.
    pub variant: Option<usize>,
    pub equilibrium: &'a Equilibrium<'a>,
    pub view: View<'a>,
}

/// Constant plus factors times questions that are plain expectations.
struct Sum<'q> {
    constant: Q,
    terms: Vec<(Q, &'q Query)>,
}

impl<'a> Scene<'a> {
    fn seat(&self, variant: Option<usize>) -> Result<&Seat<'a>, Undefined> {
        let found = self.seats.iter().find(|s| s.variant == variant);
        found.ok_or_else(|| Undefined::new(Why::NoGame, "A game that the question needs is not solved here."))
    }

    /// Computes a number.
    ///
    /// # Errors
    /// Why it has no value here.
    pub fn number(&self, n: &Number) -> Found {
        if let Some(sum) = self.sum(n) {
            return self.sum_value(&sum);
        }
        match n {
            Number::Const(q) => Ok(Reading::sure(Range::Point(q.clone()))),
            Number::Param(p) => {
                let value = self.params.get(p.index()).cloned();
                let missing = || Undefined::new(Why::NoGame, "A parameter has no value here.");
                value.map(|q| Reading::sure(Range::Point(q))).ok_or_else(missing)
            }
            Number::Neg(a) => self.number(a).map(|a| Reading { range: a.range.negative(), ..a }),
            Number::Binary(op, a, b) => {
                let (a, b) = (self.number(a)?, self.number(b)?);
                let range = binary(*op, &a.range, &b.range)?;
                Ok(Reading { range, sure: a.sure && b.sure })
            }
            Number::Function(f, a) => {
                let a = self.number(a)?;
                Ok(Reading { range: function(*f, &a.range)?, sure: a.sure })
            }
            Number::If(condition, a, b) => match self.truth(condition)? {
                Some(true) => self.number(a),
                Some(false) => self.number(b),
                None => {
                    let (a, b) = (self.number(a)?, self.number(b)?);
                    Ok(Reading { range: a.range.hull(&b.range), sure: a.sure && b.sure })
                }
            },
            // The door asks councils in a room of their own; no equilibrium can answer.
            Number::Council(_) => Err(Undefined::new(Why::NoGame, "A council is asked, not a game.")),
            Number::Query(q) => {
                let seat = self.seat(q.conditions.variant)?;
                query::ask(seat.equilibrium, seat.view, q)
            }
        }
    }

    /// Decides a statement: `None` where it is not the same over the whole view, or not known to be.
    ///
    /// # Errors
    /// Why it is neither true nor false here.
    pub fn truth(&self, t: &Truth) -> Result<Option<bool>, Undefined> {
        match t {
            Truth::Const(b) => Ok(Some(*b)),
            Truth::Compare(relation, a, b) => {
                let difference = Number::Binary(Arithmetic::Sub, a.clone(), b.clone());
                let reading = self.number(&difference)?;
                if !reading.sure {
                    return Ok(None);
                }
                let (low, high) = (reading.range.low().cmp(&Q::ZERO), reading.range.high().cmp(&Q::ZERO));
                let ends = (relation.holds(low), relation.holds(high));
                let crosses = low.is_lt() && high.is_gt();
                Ok(match ends {
                    (a, b) if a != b => None,
                    (truth, _) if crosses && truth != relation.holds(std::cmp::Ordering::Equal) => None,
                    (truth, _) => Some(truth),
                })
            }
            Truth::And(parts) => self.all(parts, false),
            Truth::Or(parts) => self.all(parts, true),
            Truth::Not(part) => Ok(self.truth(part)?.map(|b| !b)),
        }
    }

    /// Joins statements; one that equals `decisive` decides, whatever the others are.
    fn all(&self, parts: &[Truth], decisive: bool) -> Result<Option<bool>, Undefined> {
        let (mut open, mut undefined) = (false, None);
        for part in parts {
            match self.truth(part) {
                Ok(Some(b)) if b == decisive => return Ok(Some(decisive)),
                Ok(Some(_)) => {}
                Ok(None) => open = true,
                Err(why) => undefined = undefined.or(Some(why)),
            }
        }
        match undefined {
            Some(why) => Err(why),
            None => Ok(if open { None } else { Some(!decisive) }),
        }
    }

    /// Reads a formula as a sum of plain expectations, if it is one.
    fn sum<'q>(&self, n: &'q Number) -> Option<Sum<'q>> {
        let constant = |q: Q| Some(Sum { constant: q, terms: vec![] });
        match n {
            Number::Const(q) => constant(q.clone()),
            Number::Param(p) => constant(self.params.get(p.index())?.clone()),
            Number::Neg(a) => Some(self.sum(a)?.scaled(&-Q::ONE)),
            Number::Binary(Arithmetic::Add, a, b) => Some(self.sum(a)?.plus(self.sum(b)?)),
            Number::Binary(Arithmetic::Sub, a, b) => Some(self.sum(a)?.plus(self.sum(b)?.scaled(&-Q::ONE))),
            Number::Binary(Arithmetic::Mul, a, b) => {
                let (a, b) = (self.sum(a)?, self.sum(b)?);
                match (a.terms.is_empty(), b.terms.is_empty()) {
                    (true, _) => Some(b.scaled(&a.constant)),
                    (_, true) => Some(a.scaled(&b.constant)),
                    _ => None,
                }
            }
            Number::Binary(Arithmetic::Div, a, b) => {
                let (a, b) = (self.sum(a)?, self.sum(b)?);
                let factor = b.constant.checked_recip().filter(|_| b.terms.is_empty())?;
                Some(a.scaled(&factor))
            }
            Number::Query(q) => {
                let plain = matches!(q.kind, QueryKind::Prob(_) | QueryKind::Value(_));
                let free = plain && q.conditions.given.is_none();
                free.then(|| Sum { constant: Q::ZERO, terms: vec![(Q::ONE, &**q)] })
            }
            _ => None,
        }
    }

    /// Evaluates a sum: one expectation per game and per `do`.
    fn sum_value(&self, sum: &Sum) -> Found {
        let mut total = Reading::sure(Range::Point(sum.constant.clone()));
        let mut rest: Vec<&(Q, &Query)> = sum.terms.iter().collect();
        while let Some((_, first)) = rest.first() {
            let same = |on: &Conditions| {
                on.variant == first.conditions.variant && on.interventions == first.conditions.interventions
            };
            let (group, others): (Vec<_>, Vec<_>) = rest.iter().partition(|(_, q)| same(&q.conditions));
            let seat = self.seat(first.conditions.variant)?;
            let part = group_value(seat, &group)?;
            total = Reading { range: total.range.plus(&part.range), sure: total.sure && part.sure };
            rest = others;
        }
        Ok(total)
    }
}

impl<'q> Sum<'q> {
    fn scaled(mut self, factor: &Q) -> Sum<'q> {
        self.constant *= factor;
        self.terms.iter_mut().for_each(|(c, _)| *c *= factor);
        self
    }

    fn plus(mut self, other: Sum<'q>) -> Sum<'q> {
        self.constant += &other.constant;
        self.terms.extend(other.terms);
        self
    }
}

/// The expectation of a weighted sum of questions under one `do`.
fn group_value(seat: &Seat, group: &[&(Q, &Query)]) -> Found {
    let eq = seat.equilibrium;
    let read = |p: &Play| -> Q {
        let mut sum = Q::ZERO;
        for (factor, q) in group {
            match &q.kind {
                QueryKind::Prob(what) if p.happens(what) => sum += factor,
                QueryKind::Value(player) => {
                    sum += factor * eq.setting.numbers.payoff(eq.setting.game, p.end(), player.index());
                }
                _ => {}
            }
        }
        sum
    };
    let values = over_plays(eq.setting, Q::ZERO, read);
    let interventions = &group[0].1.conditions.interventions;
    // A player's payoff is about outcomes where all ends of each outcome pay it the same.
    let about_outcomes = |q: &Query| match &q.kind {
        QueryKind::Prob(what) => only_outcomes(what),
        QueryKind::Value(_) => true,
        _ => false,
    };
    let outcomes = interventions.is_empty()
        && group.iter().all(|(_, q)| about_outcomes(q))
        && query::by_outcome(eq, &values.iter().cloned().map(Some).collect::<Vec<_>>()).is_some();
    let at = |point: &[Range]| {
        let mut factors = vec![Q::ZERO; point.len()];
        for end in crate::play::ends(eq.setting.game) {
            if let Some(key) = eq.setting.game.outcome_key(end) {
                factors[key] = values[end.index()].clone();
            }
        }
        let parts = point.iter().zip(&factors).filter(|(_, f)| !f.is_zero());
        parts.fold(Range::ZERO, |sum, (p, f)| sum.plus(&p.times(&Range::Point(f.clone()))))
    };
    match seat.view {
        View::Distribution(point) if outcomes => Ok(Reading::sure(at(point))),
        View::Distribution(_) => {
            Err(Undefined::new(Why::Unknown, "The question is not about outcomes alone."))
        }
        View::At(strategies, whole) => {
            let forced = Forced::new(eq.setting.game, interventions);
            let chain = chain(eq, strategies, &forced);
            if let Some(node) = chain.missing_arm() {
                return Err(query::not_offered(eq, node));
            }
            let range = chain.expectation(|n| values[n.index()].clone());
            let points = eq.distributions().filter(|_| whole && outcomes);
            let hull = points.and_then(|list| list.iter().map(|p| at(p)).reduce(|a, b| a.hull(&b)));
            Ok(Reading::sure(hull.map_or(range.clone(), |h| range.both(&h))))
        }
    }
}

fn undefined(words: &str) -> Undefined {
    Undefined::new(Why::Arithmetic, words)
}

fn binary(op: Arithmetic, a: &Range, b: &Range) -> Result<Range, Undefined> {
    match op {
        Arithmetic::Add => Ok(a.plus(b)),
        Arithmetic::Sub => Ok(a.minus(b)),
        Arithmetic::Mul => Ok(a.times(b)),
        Arithmetic::Min => Ok(a.smaller(b)),
        Arithmetic::Max => Ok(a.larger(b)),
        Arithmetic::Div if b.is_zero() => Err(undefined("A division by zero.")),
        Arithmetic::Div => {
            a.over(b).ok_or_else(|| Undefined::new(Why::Unknown, "The divisor cannot be told from zero."))
        }
        Arithmetic::Pow => {
            let whole = b.point().and_then(Q::to_i64).and_then(|n| i32::try_from(n).ok());
            if let (Some(base), Some(n)) = (a.point(), whole.filter(|n| n.abs() <= 512)) {
                return base.checked_pow(n).map(Range::Point).ok_or_else(|| undefined("A power of zero."));
            }
            let exponent = Interval::between(b.low(), b.high());
            let power = |base: Interval| match whole {
                Some(n) => base.pow(n),
                None => base.powf(exponent),
            };
            a.through(power).ok_or_else(|| undefined("A power without a value."))
        }
    }
}

fn function(f: Function, a: &Range) -> Result<Range, Undefined> {
    let root = |q: &Q| if q.is_negative() { None } else { q.exact_sqrt() };
    let found = match f {
        Function::Abs => return Ok(a.absolute()),
        Function::Sqrt => match a.point().and_then(root) {
            Some(q) => return Ok(Range::Point(q)),
            None => a.through(Interval::sqrt),
        },
        Function::Exp if a.is_zero() => return Ok(Range::Point(Q::ONE)),
        Function::Exp => a.through(|x| Some(x.exp())),
        Function::Ln if a.point() == Some(&Q::ONE) => return Ok(Range::ZERO),
        Function::Ln => a.through(Interval::ln),
    };
    found.ok_or_else(|| undefined("A root or logarithm of a number that may be negative."))
}

/// Returns the scene that shows each component at its point, or as a whole.
pub fn scene<'a>(params: &'a [Q], world: &[(Option<usize>, &'a Equilibrium<'a>)], whole: bool) -> Scene<'a> {
    let strategies = |e: &'a Equilibrium<'a>| -> &'a Strategies { if whole { &e.whole } else { &e.shown } };
    let seat = |(variant, e): &(Option<usize>, &'a Equilibrium<'a>)| Seat {
        variant: *variant,
        equilibrium: e,
        view: View::At(strategies(e), whole),
    };
    Scene { params, seats: world.iter().map(seat).collect() }
}
