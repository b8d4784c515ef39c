//! What plays have that hangs on the numbers of a draw.
//!
//! The one idea: at one end of play, moves are known, so what is asked of the play is a formula of parameters alone.
//! Most ends share a few such formulas; each is evaluated once per draw.

use super::compile::Compiler;
use super::evaluate::{Open, Scene};
use super::formula::{Formula, Statement};
use crate::play::{Play, Setting, over_plays};
use detente_exact::{Interval, Q};
use detente_game::ExprId;
use detente_game::tape::Op;
use detente_model::question::{Arithmetic, Function, Happening, PlayNumber};

/// One value per node: at ends what is asked of the play, elsewhere nothing.
#[derive(Clone, Debug, Default)]
pub struct Table {
    place: Vec<Option<usize>>,
    forms: Vec<Form>,
}

/// What an end has.
#[derive(Clone, Debug, PartialEq)]
enum Form {
    Number(Formula),
    /// 1 where it is true, else 0.
    Happens(Statement),
}

/// A table at one draw: the value at every node, where there is one.
pub type Row = Vec<Option<Interval>>;

impl Table {
    /// The values at these parameters.
    ///
    /// # Errors
    /// A comparison that is too close there, or a division by what may be 0.
    pub fn row(&self, params: &[Interval]) -> Result<Row, Open> {
        let scene = Scene { params, seats: vec![], rows: &[] };
        let value = |form: &Form| match form {
            Form::Number(f) => scene.number(f)?.ok_or(Open),
            Form::Happens(t) => Ok(if scene.truth(t)?.ok_or(Open)? { Interval::ONE } else { Interval::ZERO }),
        };
        let values = self.forms.iter().map(value).collect::<Result<Vec<Interval>, Open>>()?;
        Ok(self.place.iter().map(|at| at.map(|at| values[at])).collect())
    }

    /// Whether every node that is an end has a value.
    pub fn everywhere(&self, is_end: impl Fn(usize) -> bool) -> bool {
        self.place.iter().enumerate().all(|(n, at)| at.is_some() || !is_end(n))
    }
}

impl Compiler<'_, '_> {
    /// Tabulates a number of the play; `None` if it asks for what draws do not compute quickly.
    pub(super) fn table_of_number(&self, game: usize, what: &PlayNumber) -> Option<Table> {
        self.table(game, &|play| Some(self.play_number(game, what, play)?.map(Form::Number)))
    }

    /// Tabulates whether something happens in the play.
    pub(super) fn table_of_event(&self, game: usize, what: &Happening) -> Option<Table> {
        self.table(game, &|play| Some(Some(Form::Happens(self.play_event(game, what, play)?))))
    }

    fn table(&self, game: usize, read: &dyn Fn(&Play) -> Option<Option<Form>>) -> Option<Table> {
        let solved = &self.point.games[game];
        let setting = Setting { game: solved.game, numbers: &solved.numbers, params: &solved.params };
        let mut table = Table::default();
        let place = over_plays(setting, Some(None), |play| {
            let Some(form) = read(play)? else { return Some(None) };
            let known = table.forms.iter().position(|f| *f == form);
            Some(Some(known.unwrap_or_else(|| {
                table.forms.push(form);
                table.forms.len() - 1
            })))
        });
        table.place = place.into_iter().collect::<Option<_>>()?;
        Some(table)
    }

    /// A number at one end: the outer `None` where it is not for draws, the inner one where it has no value.
    fn play_number(&self, game: usize, what: &PlayNumber, play: &Play) -> Option<Option<Formula>> {
        let number = |n: &PlayNumber| self.play_number(game, n, play);
        let constant = |q: &Q| Formula::Const(Interval::from_q(q));
        Some(match what {
            PlayNumber::Const(_) | PlayNumber::Duration | PlayNumber::Undefined => {
                play.number(what).map(|q| constant(&q))
            }
            PlayNumber::Param(p) => Some(self.play_param(game, p.index())?),
            PlayNumber::Value(event) => match play.arm(*event) {
                None => None,
                Some(arm) => {
                    let value = self.point.games[game].game.events[event.index()].values.get(arm as usize);
                    value.map_or(Some(None), |e| Some(Some(self.play_formula(game, *e)?)))?
                }
            },
            PlayNumber::Indicator(event) => match self.play_event(game, event, play)? {
                Statement::Const(b) => Some(constant(if b { &Q::ONE } else { &Q::ZERO })),
                _ => return None,
            },
            PlayNumber::If(condition, a, b) => match self.play_event(game, condition, play)? {
                Statement::Const(true) => number(a)?,
                Statement::Const(false) => number(b)?,
                _ => return None,
            },
            PlayNumber::Neg(a) => number(a)?.map(|a| Formula::Neg(Box::new(a))),
            PlayNumber::Binary(Arithmetic::Pow, ..) => return None,
            PlayNumber::Binary(op, a, b) => {
                let two = number(a)?.zip(number(b)?);
                two.map(|(a, b)| Formula::Binary(*op, Box::new(a), Box::new(b)))
            }
            PlayNumber::Function(Function::Abs, a) => number(a)?.map(|a| Formula::Abs(Box::new(a))),
            PlayNumber::Function(..) => return None,
        })
    }

    /// Whether something happens at one end, as far as that is known there.
    fn play_event(&self, game: usize, what: &Happening, play: &Play) -> Option<Statement> {
        let list = |parts: &[Happening]| {
            parts.iter().map(|p| self.play_event(game, p, play)).collect::<Option<Vec<Statement>>>()
        };
        let all = |parts: Vec<Statement>, decisive: bool| {
            let open: Vec<Statement> =
                parts.iter().filter(|p| !matches!(p, Statement::Const(_))).cloned().collect();
            match (parts.contains(&Statement::Const(decisive)), open.is_empty()) {
                (true, _) => Statement::Const(decisive),
                (_, true) => Statement::Const(!decisive),
                _ if decisive => Statement::Any(open),
                _ => Statement::All(open),
            }
        };
        Some(match what {
            Happening::Compare(relation, a, b) => {
                match (self.play_number(game, a, play)?, self.play_number(game, b, play)?) {
                    (Some(a), Some(b)) => {
                        let difference = Formula::Binary(Arithmetic::Sub, Box::new(a), Box::new(b));
                        match &difference {
                            Formula::Binary(_, a, b) if fixed(a) && fixed(b) => {
                                Statement::Const(play.happens(what))
                            }
                            _ => Statement::Compare(*relation, difference),
                        }
                    }
                    // A comparison with what was not made is false.
                    _ => Statement::Const(false),
                }
            }
            Happening::And(parts) => all(list(parts)?, false),
            Happening::Or(parts) => all(list(parts)?, true),
            Happening::Not(part) => match self.play_event(game, part, play)? {
                Statement::Const(b) => Statement::Const(!b),
                part => Statement::Not(Box::new(part)),
            },
            _ => Statement::Const(play.happens(what)),
        })
    }

    /// A parameter as a game's plays read it: what a variant sets is fixed.
    fn play_param(&self, game: usize, p: usize) -> Option<Formula> {
        if let Some(e) = self.computed.get(p)? {
            // In the model's own game it is what its formula says.
            return self.point.games[game].variant.is_none().then(|| self.play_formula(game, *e))?;
        }
        Some(match self.own.get(game).is_some_and(|own| own.contains(&p)) {
            true => Formula::Const(Interval::from_q(&self.point.games[game].game.params[p].base)),
            false => Formula::Param(p),
        })
    }

    /// A formula of the tape, if it is arithmetic on parameters.
    fn play_formula(&self, game: usize, e: ExprId) -> Option<Formula> {
        let at = |e: &ExprId| self.play_formula(game, *e).map(Box::new);
        let two = |op: Arithmetic, a: &ExprId, b: &ExprId| Some(Formula::Binary(op, at(a)?, at(b)?));
        match self.point.games[game].game.tape.ops.get(e.0 as usize)? {
            Op::Const(q) => Some(Formula::Const(Interval::from_q(q))),
            Op::Param(p) => self.play_param(game, p.index()),
            Op::Neg(a) => Some(Formula::Neg(at(a)?)),
            Op::Add(a, b) => two(Arithmetic::Add, a, b),
            Op::Sub(a, b) => two(Arithmetic::Sub, a, b),
            Op::Mul(a, b) => two(Arithmetic::Mul, a, b),
            Op::Div(a, b) => two(Arithmetic::Div, a, b),
            Op::Min(a, b) => two(Arithmetic::Min, a, b),
            Op::Max(a, b) => two(Arithmetic::Max, a, b),
            _ => None,
        }
    }
}

/// Whether a formula is the same in every draw.
fn fixed(f: &Formula) -> bool {
    match f {
        Formula::Const(_) => true,
        Formula::Neg(a) | Formula::Abs(a) => fixed(a),
        Formula::Binary(_, a, b) => fixed(a) && fixed(b),
        _ => false,
    }
}
