//! What happened in one play: the arms taken on the way to an end, and formulas over them.

use detente_exact::Q;
use detente_game::{EventId, ExprId, Game, NodeId, NodeKind, Numbers, Op, Tape};
use detente_model::question::{Arithmetic, Function, Happening, PlayNumber};

/// A game at one parameter point, as formulas over plays see it.
#[derive(Clone, Copy)]
pub struct Setting<'a> {
    pub game: &'a Game,
    pub numbers: &'a Numbers,
    /// Value of every parameter, those that are formulas included.
    pub params: &'a [Q],
}

/// One play, from the root to an end.
pub struct Play<'a> {
    setting: Setting<'a>,
    end: NodeId,
    /// The arm taken of each event; `None` where it did not take place.
    arms: Vec<Option<u32>>,
}

/// Returns the ends of play, in the order of the tree's array.
pub fn ends(game: &Game) -> impl Iterator<Item = NodeId> + '_ {
    let is_end = |n: &usize| matches!(game.nodes[*n].kind, NodeKind::Terminal(_));
    (0..game.nodes.len()).filter(is_end).map(|n| NodeId(n as u32))
}

/// Returns one value per node: what `read` says of the play that ends there, `none` inside the tree.
pub fn over_plays<T: Clone>(setting: Setting, none: T, mut read: impl FnMut(&Play) -> T) -> Vec<T> {
    let mut values = vec![none; setting.game.nodes.len()];
    let mut play = Play { setting, end: NodeId(0), arms: vec![None; setting.game.events.len()] };
    for end in ends(setting.game) {
        play.arms.fill(None);
        play.end = end;
        let mut node = end;
        while let Some((parent, position)) = setting.game.nodes[node.index()].parent {
            let taken = match setting.game.nodes[parent.index()].kind {
                NodeKind::Decision(h) => {
                    let set = &setting.game.infosets[h.index()];
                    Some((set.event, set.actions[position as usize]))
                }
                NodeKind::Chance(c) => {
                    let chance = &setting.game.chances[c.index()];
                    Some((chance.event, chance.arms[position as usize]))
                }
                NodeKind::Terminal(_) => None,
            };
            if let Some((event, arm)) = taken {
                play.arms[event.index()] = Some(arm);
            }
            node = parent;
        }
        values[end.index()] = read(&play);
    }
    values
}

impl Play<'_> {
    /// The node where this play ends.
    pub fn end(&self) -> NodeId {
        self.end
    }

    /// The arm taken of an event, as a position in its arms; `None` if it did not take place.
    pub fn arm(&self, event: EventId) -> Option<u32> {
        self.arms[event.index()]
    }

    /// Whether `what` is true of this play. A comparison with a move never made is false.
    pub fn happens(&self, what: &Happening) -> bool {
        match what {
            Happening::Const(truth) => *truth,
            Happening::Outcome(o) => {
                self.setting.game.nodes[self.end.index()].kind == NodeKind::Terminal(Some(*o))
            }
            Happening::Arm { event, arms } => self.arms[event.index()].is_some_and(|arm| arms.contains(&arm)),
            Happening::Made(event) => self.arms[event.index()].is_some(),
            Happening::Compare(relation, a, b) => match (self.number(a), self.number(b)) {
                (Some(a), Some(b)) => relation.holds(a.cmp(&b)),
                _ => false,
            },
            Happening::And(parts) => parts.iter().all(|p| self.happens(p)),
            Happening::Or(parts) => parts.iter().any(|p| self.happens(p)),
            Happening::Not(part) => !self.happens(part),
        }
    }

    /// The number `what` in this play; `None` where it speaks of a move not made.
    pub fn number(&self, what: &PlayNumber) -> Option<Q> {
        match what {
            PlayNumber::Const(q) => Some(q.clone()),
            PlayNumber::Param(p) => self.setting.params.get(p.index()).cloned(),
            PlayNumber::Value(event) => {
                let arm = self.arms[event.index()]?;
                let value = self.setting.game.events[event.index()].values.get(arm as usize)?;
                self.setting.numbers.tape.get(value.0 as usize)?.clone()
            }
            PlayNumber::Duration => Some(Q::from(self.rounds() as i64)),
            PlayNumber::Indicator(what) => Some(if self.happens(what) { Q::ONE } else { Q::ZERO }),
            PlayNumber::If(condition, a, b) => self.number(if self.happens(condition) { a } else { b }),
            PlayNumber::Undefined => None,
            PlayNumber::Neg(a) => Some(-self.number(a)?),
            PlayNumber::Binary(op, a, b) => {
                let (a, b) = (self.number(a)?, self.number(b)?);
                compute(&[a, b], |x| binary(*op, x[0], x[1]))
            }
            PlayNumber::Function(Function::Abs, a) => Some(self.number(a)?.abs()),
            PlayNumber::Function(f, a) => compute(&[self.number(a)?], |x| match f {
                Function::Exp => Op::Exp(x[0]),
                Function::Ln => Op::Ln(x[0]),
                Function::Sqrt | Function::Abs => Op::Sqrt(x[0]),
            }),
        }
    }

    /// How many rounds of the outermost `repeat` took place.
    fn rounds(&self) -> usize {
        let events = self.setting.game.events.iter().zip(&self.arms);
        let mut rounds: Vec<i64> =
            events.filter(|(_, arm)| arm.is_some()).filter_map(|(e, _)| e.round.first().copied()).collect();
        rounds.sort_unstable();
        rounds.dedup();
        rounds.len()
    }
}

fn binary(op: Arithmetic, a: ExprId, b: ExprId) -> Op {
    match op {
        Arithmetic::Add => Op::Add(a, b),
        Arithmetic::Sub => Op::Sub(a, b),
        Arithmetic::Mul => Op::Mul(a, b),
        Arithmetic::Div => Op::Div(a, b),
        Arithmetic::Pow => Op::Pow(a, b),
        Arithmetic::Min => Op::Min(a, b),
        Arithmetic::Max => Op::Max(a, b),
    }
}

/// Computes one step as the game's own tape does: irrational results are rounded once to a float.
fn compute(operands: &[Q], op: impl Fn(&[ExprId]) -> Op) -> Option<Q> {
    let mut tape = Tape::default();
    let ids: Vec<ExprId> = operands.iter().map(|q| tape.constant(q.clone())).collect();
    let id = tape.push(op(&ids));
    let value = tape.eval_exact(&[]).swap_remove(id.0 as usize);
    value.ok().map(|(q, _)| q)
}
