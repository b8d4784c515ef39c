//! From questions to formulas: linear where they can be, so that what varies cancels.

use super::drawn::Table;
use super::formula::{Asked, Forced, Formula, Group, Kind, Leaf, Marks, Statement};
use crate::chain::sets_of;
use crate::play::{Play, Setting, ends, over_plays};
use crate::query::only_outcomes;
use crate::solved::Point;
use detente_exact::{Interval, Q};
use detente_game::{ExprId, Game, NodeId, NodeKind};
use detente_model::question::{
    Arithmetic, Conditions, Function, Happening, Intervention, Number, PlayNumber, Query, QueryKind, Truth,
};
use std::cell::RefCell;

/// Compiles questions against the games of a point, in the point's order.
pub struct Compiler<'p, 'm> {
    pub point: &'p Point<'m>,
    /// Parameters that are formulas, with the formula: their value is not at hand in a draw.
    pub computed: &'p [Option<ExprId>],
    /// Per game, the parameters that its variant sets.
    pub own: Vec<Vec<usize>>,
    /// What hangs on the numbers of a draw.
    pub tables: RefCell<Vec<Table>>,
}

struct Linear<'q> {
    constant: Formula,
    terms: Vec<(Formula, &'q Query)>,
}

impl Compiler<'_, '_> {
    /// Compiles a statement; `None` if it asks for what draws do not compute quickly.
    pub fn statement(&self, t: &Truth) -> Option<Statement> {
        let list = |parts: &[Truth]| parts.iter().map(|p| self.statement(p)).collect::<Option<Vec<_>>>();
        Some(match t {
            Truth::Const(b) => Statement::Const(*b),
            Truth::Compare(relation, a, b) => {
                let difference = Number::Binary(Arithmetic::Sub, a.clone(), b.clone());
                Statement::Compare(*relation, self.number(&difference)?)
            }
            Truth::And(parts) => Statement::All(list(parts)?),
            Truth::Or(parts) => Statement::Any(list(parts)?),
            Truth::Not(part) => Statement::Not(Box::new(self.statement(part)?)),
        })
    }

    /// Compiles a number.
    pub fn number(&self, n: &Number) -> Option<Formula> {
        if let Some(sum) = self.linear(n) {
            return self.sum(sum);
        }
        Some(match n {
            Number::Neg(a) => Formula::Neg(Box::new(self.number(a)?)),
            Number::Binary(op, a, b) if *op != Arithmetic::Pow => {
                Formula::Binary(*op, Box::new(self.number(a)?), Box::new(self.number(b)?))
            }
            Number::Function(Function::Abs, a) => Formula::Abs(Box::new(self.number(a)?)),
            Number::Query(q) => Formula::Asked(Box::new(self.query(q)?)),
            _ => return None,
        })
    }

    fn linear<'q>(&self, n: &'q Number) -> Option<Linear<'q>> {
        let constant = |constant: Formula| Some(Linear { constant, terms: vec![] });
        let times = |f: &Formula, g: &Formula| binary(Arithmetic::Mul, f.clone(), g.clone());
        Some(match n {
            Number::Const(q) => constant(Formula::Const(Interval::from_q(q)))?,
            Number::Param(p) if self.computed.get(p.index()).is_some_and(Option::is_none) => {
                constant(Formula::Param(p.index()))?
            }
            Number::Neg(a) => {
                let minus = Formula::Const(-Interval::ONE);
                scaled(self.linear(a)?, &minus)
            }
            Number::Binary(op @ (Arithmetic::Add | Arithmetic::Sub), a, b) => {
                let (mut a, mut b) = (self.linear(a)?, self.linear(b)?);
                if *op == Arithmetic::Sub {
                    b = scaled(b, &Formula::Const(-Interval::ONE));
                }
                a.constant = binary(Arithmetic::Add, a.constant, b.constant);
                a.terms.extend(b.terms);
                a
            }
            Number::Binary(Arithmetic::Mul, a, b) => {
                let (a, b) = (self.linear(a)?, self.linear(b)?);
                match (a.terms.is_empty(), b.terms.is_empty()) {
                    (true, true) => constant(times(&a.constant, &b.constant))?,
                    (true, false) => scaled(b, &a.constant),
                    (false, true) => scaled(a, &b.constant),
                    _ => return None,
                }
            }
            Number::Query(q) => {
                let plain = matches!(q.kind, QueryKind::Prob(_) | QueryKind::Value(_));
                if !plain || q.conditions.given.is_some() {
                    return None;
                }
                Linear { constant: Formula::Const(Interval::ZERO), terms: vec![(one(), &**q)] }
            }
            _ => return None,
        })
    }

    fn sum(&self, sum: Linear) -> Option<Formula> {
        let mut groups: Vec<(&Conditions, Group)> = vec![];
        for (factor, q) in sum.terms {
            let (game, leaf, outcomes) = match &q.kind {
                QueryKind::Prob(what) => {
                    let game = self.game(&q.conditions)?;
                    (game, Leaf::Happens(self.marks(game, what)?), only_outcomes(what))
                }
                QueryKind::Value(player) => (self.game(&q.conditions)?, Leaf::Pays(player.index()), false),
                _ => return None,
            };
            let outcomes = outcomes && q.conditions.interventions.is_empty();
            let on = &q.conditions;
            let same = |c: &&Conditions| c.variant == on.variant && c.interventions == on.interventions;
            match groups.iter_mut().find(|(c, _)| same(c)) {
                Some((_, group)) => {
                    group.terms.push((factor, leaf));
                    group.outcomes &= outcomes;
                }
                None => {
                    let forced = self.forced(game, &on.interventions)?;
                    groups.push((on, Group { game, forced, terms: vec![(factor, leaf)], outcomes }));
                }
            }
        }
        if groups.is_empty() {
            return Some(sum.constant);
        }
        Some(Formula::Sum(Box::new(sum.constant), groups.into_iter().map(|g| g.1).collect()))
    }

    pub(super) fn query(&self, q: &Query) -> Option<Asked> {
        let on = &q.conditions;
        let game = self.game(on)?;
        let forced = self.forced(game, &on.interventions)?;
        let all = Happening::Const(true);
        let given = on.given.as_ref().unwrap_or(&all);
        let kind = match &q.kind {
            QueryKind::Prob(what) => {
                let outcomes = on.interventions.is_empty() && only_outcomes(what) && only_outcomes(given);
                Kind::Share { known: self.marks(game, given)?, yes: self.marks(game, what)?, outcomes }
            }
            QueryKind::Value(player) => {
                Kind::Value { known: self.marks(game, given)?, player: player.index() }
            }
            QueryKind::Belief { event, at, .. } => {
                let sets = self.sets(game, &forced, given, *at)?;
                Kind::Belief { yes: self.marks(game, event)?, sets }
            }
            QueryKind::Gain { player, event, better, worse } => {
                let game_of = self.of(game);
                let place = |h: usize, arm: u32| game_of.infosets[h].actions.iter().position(|a| *a == arm);
                let sets = self.sets(game, &forced, given, *event)?;
                let each = sets.into_iter().filter_map(|h| Some((h, place(h, *better)?, place(h, *worse)?)));
                Kind::Gain { player: player.index(), sets: each.collect() }
            }
            QueryKind::Mean(what) if constant(what) && fixed(given) => self.mean(game, what, given)?,
            QueryKind::Mean(what) => self.drawn_mean(game, what, given)?,
        };
        Some(Asked { game, forced, kind })
    }

    /// The mean of a number that is the same in every draw.
    pub(super) fn mean(&self, game: usize, what: &PlayNumber, given: &Happening) -> Option<Kind> {
        let solved = &self.point.games[game];
        let setting = Setting { game: solved.game, numbers: &solved.numbers, params: &solved.params };
        let list = over_plays(setting, None, |p: &Play| p.number(what).filter(|_| p.happens(given)));
        let known = || list.iter().flatten();
        let (least, most) = (known().min()?.clone(), known().max()?);
        // Rounded outward like any other number; a spread that is no float is for the exact path.
        let spread = (most - &least).to_f64();
        let exact = Q::from_f64(spread).is_some_and(|q| q == most - &least);
        let values = list.iter().map(|v| v.as_ref().map(Interval::from_q)).collect();
        let everywhere = ends(solved.game).all(|n| list[n.index()].is_some());
        let least = Interval::from_q(&least);
        exact.then(|| Kind::Mean { values, least, spread, exact: list.clone(), everywhere })
    }

    /// The mean of a number that may differ from draw to draw.
    pub(super) fn drawn_mean(&self, game: usize, what: &PlayNumber, given: &Happening) -> Option<Kind> {
        let (of, table) = (self.of(game), self.table_of_number(game, what)?);
        let is_end = |n: usize| matches!(of.nodes[n].kind, NodeKind::Terminal(_));
        let everywhere = *given == Happening::Const(true) && table.everywhere(is_end);
        Some(Kind::Drawn { known: self.marks(game, given)?, table: self.keep(table), everywhere })
    }

    /// Which plays have something: as a list where that is the same in every draw, else as a table.
    pub(super) fn marks(&self, game: usize, what: &Happening) -> Option<Marks> {
        match self.happens(game, what) {
            Some(list) => Some(Marks::Fixed(list)),
            None => Some(Marks::Drawn(self.keep(self.table_of_event(game, what)?))),
        }
    }

    pub(super) fn keep(&self, table: Table) -> usize {
        self.tables.borrow_mut().push(table);
        self.tables.borrow().len() - 1
    }

    /// The sets of a decision that know what is given and that `do` leaves possible.
    pub(super) fn sets(
        &self,
        game: usize,
        forced: &Forced,
        given: &Happening,
        event: detente_game::EventId,
    ) -> Option<Vec<usize>> {
        let of = self.of(game);
        let mut knows = self.happens(game, given)?;
        let mut possible = vec![true; of.nodes.len()];
        for n in (0..of.nodes.len()).rev() {
            let children = of.children(NodeId(n as u32));
            if !children.is_empty() {
                knows[n] = children.iter().all(|c| knows[c.index()]);
            }
        }
        for n in 0..of.nodes.len() {
            for (k, child) in of.children(NodeId(n as u32)).iter().enumerate() {
                let open = forced.get(n).copied().flatten().is_none_or(|f| f as usize == k);
                possible[child.index()] = possible[n] && open;
            }
        }
        let fits = |h: &usize| {
            let nodes = &of.infosets[*h].nodes;
            nodes.iter().all(|n| knows[n.index()]) && nodes.iter().any(|n| possible[n.index()])
        };
        Some(sets_of(of, event).into_iter().map(|h| h.index()).filter(fits).collect())
    }

    pub(super) fn game(&self, on: &Conditions) -> Option<usize> {
        self.point.games.iter().position(|g| g.variant == on.variant)
    }

    pub(super) fn of(&self, game: usize) -> &Game {
        self.point.games[game].game
    }

    /// Per node, whether something happens in the play that ends there; the same in every draw.
    pub fn happens(&self, game: usize, what: &Happening) -> Option<Vec<bool>> {
        if !fixed(what) {
            return None;
        }
        let solved = &self.point.games[game];
        let setting = Setting { game: solved.game, numbers: &solved.numbers, params: &solved.params };
        Some(over_plays(setting, false, |p: &Play| p.happens(what)))
    }

    pub(super) fn forced(&self, game: usize, interventions: &[Intervention]) -> Option<Forced> {
        let of = self.of(game);
        if interventions.is_empty() {
            return Some(vec![]);
        }
        let mut forced = vec![None; of.nodes.len()];
        for (n, node) in of.nodes.iter().enumerate() {
            let (event, arms) = match node.kind {
                NodeKind::Decision(h) => (of.infosets[h.index()].event, &of.infosets[h.index()].actions),
                NodeKind::Chance(c) => (of.chances[c.index()].event, &of.chances[c.index()].arms),
                NodeKind::Terminal(_) => continue,
            };
            if let Some(i) = interventions.iter().find(|i| i.event == event) {
                // A menu that lacks the arm: the exact path says what that means.
                forced[n] = Some(arms.iter().position(|a| *a == i.arm)? as u32);
            }
        }
        Some(forced)
    }
}

/// Whether a happening is the same in every draw: it compares no numbers.
fn fixed(what: &Happening) -> bool {
    match what {
        Happening::Const(_) | Happening::Outcome(_) | Happening::Arm { .. } | Happening::Made(_) => true,
        Happening::Compare(_, a, b) => constant(a) && constant(b),
        Happening::And(parts) | Happening::Or(parts) => parts.iter().all(fixed),
        Happening::Not(part) => fixed(part),
    }
}

/// Whether a number of the play is the same in every draw.
pub fn constant(n: &PlayNumber) -> bool {
    match n {
        PlayNumber::Const(_) | PlayNumber::Duration | PlayNumber::Undefined => true,
        PlayNumber::Param(_) | PlayNumber::Value(_) => false,
        PlayNumber::Indicator(what) => fixed(what),
        PlayNumber::If(what, a, b) => fixed(what) && constant(a) && constant(b),
        PlayNumber::Neg(a) | PlayNumber::Function(_, a) => constant(a),
        PlayNumber::Binary(_, a, b) => constant(a) && constant(b),
    }
}

fn one() -> Formula {
    Formula::Const(Interval::ONE)
}

fn binary(op: Arithmetic, a: Formula, b: Formula) -> Formula {
    match (op, &a, &b) {
        (Arithmetic::Add, Formula::Const(zero), _) if *zero == Interval::ZERO => b,
        (Arithmetic::Add, _, Formula::Const(zero)) if *zero == Interval::ZERO => a,
        (Arithmetic::Mul, Formula::Const(a), Formula::Const(b)) => Formula::Const(*a * *b),
        (Arithmetic::Mul, Formula::Const(one), _) if *one == Interval::ONE => b,
        _ => Formula::Binary(op, Box::new(a), Box::new(b)),
    }
}

fn scaled<'q>(sum: Linear<'q>, factor: &Formula) -> Linear<'q> {
    let times = |f: Formula| binary(Arithmetic::Mul, f, factor.clone());
    Linear {
        constant: times(sum.constant),
        terms: sum.terms.into_iter().map(|(f, q)| (times(f), q)).collect(),
    }
}
