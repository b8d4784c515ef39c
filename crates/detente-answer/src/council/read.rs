//! One theory's answers at one point.
//!
//! The one idea: a question about a council is read off what the theory has played; numbers that no theory
//! is needed for come from the table itself.

use super::{Played, Session, Sitting};
use detente_bargain::coalition::{Breaking, breaking};
use detente_bargain::forecast::at_draw;
use detente_model::council::{CouncilQuery, CouncilQueryKind};
use detente_model::question::{Arithmetic, Function, Number, Truth};

/// One theory's answers at one point.
pub(super) struct Reader<'a, 'm> {
    pub session: &'a Session<'m>,
    pub point: &'a [f64],
    pub sittings: &'a [Sitting],
    pub word: &'a str,
}

impl Reader<'_, '_> {
    pub fn number(&self, number: &Number) -> Result<f64, String> {
        let value = match number {
            Number::Const(value) => value.to_f64(),
            Number::Param(param) => self.point.get(param.index()).copied().unwrap_or(f64::NAN),
            Number::Neg(a) => -self.number(a)?,
            Number::Binary(op, a, b) => {
                let (a, b) = (self.number(a)?, self.number(b)?);
                match op {
                    Arithmetic::Add => a + b,
                    Arithmetic::Sub => a - b,
                    Arithmetic::Mul => a * b,
                    Arithmetic::Div => a / b,
                    Arithmetic::Pow => libm::pow(a, b),
                    Arithmetic::Min => a.min(b),
                    Arithmetic::Max => a.max(b),
                }
            }
            Number::Function(f, a) => {
                let a = self.number(a)?;
                match f {
                    Function::Exp => libm::exp(a),
                    Function::Ln => libm::log(a),
                    Function::Sqrt => a.sqrt(),
                    Function::Abs => a.abs(),
                }
            }
            Number::If(condition, a, b) => match self.truth(condition)? {
                true => self.number(a)?,
                false => self.number(b)?,
            },
            Number::Query(_) => return Err("a game is asked, not a council".into()),
            Number::Council(query) => self.query(query)?,
        };
        if value.is_finite() { Ok(value) } else { Err("the formula has no value here".into()) }
    }

    pub fn truth(&self, truth: &Truth) -> Result<bool, String> {
        Ok(match truth {
            Truth::Const(value) => *value,
            Truth::Compare(relation, a, b) => {
                let (a, b) = (self.number(a)?, self.number(b)?);
                a.partial_cmp(&b).is_some_and(|order| relation.holds(order))
            }
            Truth::And(parts) => all(parts, |part| self.truth(part), false)?,
            Truth::Or(parts) => all(parts, |part| self.truth(part), true)?,
            Truth::Not(part) => !self.truth(part)?,
        })
    }

    fn query(&self, query: &CouncilQuery) -> Result<f64, String> {
        let sitting = self.session.place(query).and_then(|at| self.sittings.get(at));
        let sitting = sitting.ok_or("the council has no numbers here")?;
        let council = &sitting.council;
        Ok(match &query.kind {
            CouncilQueryKind::Stated { actor, issue } => council.position(*actor, *issue),
            CouncilQueryKind::Capability { actor } => council.capability(*actor),
            CouncilQueryKind::Salience { actor, issue } => council.data().salience[*actor][*issue],
            CouncilQueryKind::Distance { actors: (a, b), issue } => {
                (council.position(*a, *issue) - council.position(*b, *issue)).abs()
            }
            CouncilQueryKind::Power { issue, actors } => {
                let all: f64 = (0..council.actors().len()).map(|a| council.weight(a, *issue)).sum();
                let own: f64 = actors.iter().map(|a| council.weight(*a, *issue)).sum();
                if all > 0.0 { own / all } else { return Err("nobody cares about the issue".into()) }
            }
            CouncilQueryKind::Settlement { issue } => self.played(query, sitting)?.outcome[*issue],
            CouncilQueryKind::Position { actor, issue } => {
                self.played(query, sitting)?.positions[*actor][*issue]
            }
            CouncilQueryKind::Inducement { issue, actors } => {
                let scale = &council.issues()[*issue];
                let found = self.breaking(query, sitting, *issue, actors)?;
                found.weakest().map_or(scale.high - scale.low, |(_, size)| size)
            }
            CouncilQueryKind::Weakest { issue, actors, actor } => {
                let found = self.breaking(query, sitting, *issue, actors)?;
                let weakest = found.weakest().filter(|_| !found.broken).map(|(at, _)| actors[at]);
                f64::from(u8::from(weakest == Some(*actor)))
            }
            CouncilQueryKind::Winner { issue, actor } => {
                let place = self.played(query, sitting)?.outcome[*issue];
                let off = |a: usize| (council.position(a, *issue) - place).abs();
                let nearest = (0..council.actors().len()).map(off).fold(f64::INFINITY, f64::min);
                f64::from(u8::from(off(*actor) <= nearest))
            }
        })
    }

    /// What it takes to break a coalition of these actors across the middle of the scale.
    fn breaking(
        &self,
        query: &CouncilQuery,
        sitting: &Sitting,
        issue: usize,
        actors: &[usize],
    ) -> Result<Breaking, String> {
        let word = query.theory.as_deref().unwrap_or(self.word);
        let voices = &self.session.voices[query.council];
        let at = voices.iter().position(|voice| voice.word == word).ok_or("this theory was not asked")?;
        sitting.memo.get((at, issue, actors), || {
            let theory = &voices[at].named.model;
            let theory = if sitting.draw == 0 { theory.clone() } else { at_draw(theory, sitting.draw) };
            let scale = &sitting.council.issues()[issue];
            let line = scale.low + (scale.high - scale.low) / 2.0;
            breaking(&sitting.council, &theory, issue, actors, line).map_err(|e| e.to_string())
        })
    }

    fn played<'s>(&self, query: &CouncilQuery, sitting: &'s Sitting) -> Result<&'s Played, String> {
        let word = query.theory.as_deref().unwrap_or(self.word);
        let at = self.session.voices[query.council].iter().position(|voice| voice.word == word);
        let played = at.and_then(|at| sitting.played.get(at)).ok_or("this theory was not asked")?;
        played.as_ref().map_err(Clone::clone)
    }
}

/// Stops at the first part that is `until`.
fn all(
    parts: &[Truth],
    decide: impl Fn(&Truth) -> Result<bool, String>,
    until: bool,
) -> Result<bool, String> {
    for part in parts {
        if decide(part)? == until {
            return Ok(until);
        }
    }
    Ok(!until)
}
