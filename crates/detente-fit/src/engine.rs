//! The probability of every end of play, with derivatives.
//!
//! The one idea: a choice depends on what comes after it and, where the player does not know all
//! that happened, on what came before. Where these ties run one way, one pass over the decisions is
//! the whole solution; where they run in a circle, the play is a fixed point, followed from λ = 0
//! (the principal branch) and differentiated by the implicit function theorem.

use crate::dual::{Dual, log_sum};
use crate::shocks::Shocks;
use detente_game::{Game, NodeId, NodeKind};

/// Most free probabilities of a game whose decisions depend on each other in a circle.
pub const MAX_UNKNOWNS: usize = 200;
/// A game under one error model.
pub struct Engine<'g> {
    pub game: &'g Game,
    pub shocks: Shocks,
    /// Decisions in an order in which each depends on earlier ones only; `None` for a circle.
    order: Option<Vec<usize>>,
    /// Per set and member: the steps of others and of chance on its path.
    paths: Vec<Vec<Vec<Step>>>,
    /// Ends of play, ascending.
    pub ends: Vec<usize>,
}

#[derive(Clone, Copy)]
enum Step {
    Chance(usize, usize),
    Move(usize, usize),
}

/// A game's numbers at one point, with derivatives.
#[derive(Clone)]
pub struct Point {
    pub(crate) chance: Vec<Vec<Dual>>,
    /// Total payoffs, `node * players + player`.
    pub(crate) payoffs: Vec<Dual>,
    pub lambda: Dual,
}

/// The play at a point.
pub struct Solved {
    /// Logarithms of the probabilities of actions, per information set.
    pub log: Vec<Vec<Dual>>,
    /// True where the branch from λ = 0 folds back before λ: the play is on another branch.
    pub folded: bool,
}

impl<'g> Engine<'g> {
    /// Prepares a game.
    ///
    /// # Errors
    /// In words: the error model does not suit the game, or the game is too large.
    pub fn new(game: &'g Game, shocks: Shocks) -> Result<Engine<'g>, String> {
        let is_end = |n: &usize| matches!(game.nodes[*n].kind, NodeKind::Terminal(_));
        let ends = (0..game.nodes.len()).filter(is_end).collect();
        let paths = game
            .infosets
            .iter()
            .map(|h| h.nodes.iter().map(|n| path(game, *n, h.player.index())).collect::<Vec<Vec<Step>>>());
        let mut engine = Engine { game, shocks, order: None, paths: paths.collect(), ends };
        if shocks == Shocks::Private
            && let Some(name) = engine.moves_twice()
        {
            return Err(format!(
                "{name} may move twice in one play; with `private` shocks a later move would then be \
                 chosen by who was left, which is not computed"
            ));
        }
        engine.order = engine.order();
        if engine.order.is_none() && engine.unknowns() > MAX_UNKNOWNS {
            return Err(format!(
                "{} free probabilities that depend on each other are more than {MAX_UNKNOWNS}",
                engine.unknowns()
            ));
        }
        Ok(engine)
    }

    /// Whether the play is a fixed point, of which there may be several.
    pub fn is_circular(&self) -> bool {
        self.order.is_none()
    }

    pub(crate) fn unknowns(&self) -> usize {
        self.game.infosets.iter().map(|h| h.actions.len() - 1).sum()
    }

    fn moves_twice(&self) -> Option<String> {
        let game = self.game;
        for (n, node) in game.nodes.iter().enumerate() {
            let NodeKind::Decision(h) = node.kind else { continue };
            let player = game.infosets[h.index()].player;
            let mut at = n;
            while let Some((parent, _)) = game.nodes[at].parent {
                at = parent.index();
                if let NodeKind::Decision(g) = game.nodes[at].kind
                    && game.infosets[g.index()].player == player
                {
                    return Some(game.players[player.index()].name.clone());
                }
            }
        }
        None
    }

    /// Sorts decisions so that each comes after those it depends on.
    fn order(&self) -> Option<Vec<usize>> {
        let count = self.game.infosets.len();
        let mut needs: Vec<Vec<bool>> = vec![vec![false; count]; count];
        for node in &self.game.nodes {
            // Every decision above depends on this one.
            let NodeKind::Decision(below) = node.kind else { continue };
            let mut at = node.parent;
            while let Some((parent, _)) = at {
                if let NodeKind::Decision(h) = self.game.nodes[parent.index()].kind {
                    needs[h.index()][below.index()] = true;
                }
                at = self.game.nodes[parent.index()].parent;
            }
        }
        for (h, members) in self.paths.iter().enumerate().filter(|(_, m)| m.len() > 1) {
            for step in members.iter().flatten() {
                if let Step::Move(g, _) = step {
                    needs[h][*g] = true;
                }
            }
        }
        let mut order: Vec<usize> = vec![];
        while order.len() < count {
            let ready =
                |h: &usize| !order.contains(h) && (0..count).all(|g| !needs[*h][g] || order.contains(&g));
            order.push((0..count).find(ready)?);
        }
        Some(order)
    }

    /// Evaluates the game's formulas.
    ///
    /// # Errors
    /// In words: a formula without a value, or probabilities that are none.
    pub fn point(&self, params: &[Dual], lambda: Dual) -> Result<Point, String> {
        let game = self.game;
        let tape = game.tape.eval::<Dual>(params);
        let at = |e: detente_game::ExprId| {
            tape[e.0 as usize].clone().ok_or("a formula of the game has no value here".to_string())
        };
        let mut chance = vec![];
        for c in &game.chances {
            let probs: Vec<Dual> = c.probs.iter().map(|e| at(*e)).collect::<Result<_, _>>()?;
            let sum: f64 = probs.iter().map(|p| p.value).sum();
            if probs.iter().any(|p| p.value.is_nan() || p.value <= 0.0) || (sum - 1.0).abs() > 1e-9 {
                return Err(format!("the probabilities of `{}` are none here", game.event_name(c.event)));
            }
            chance.push(probs);
        }
        let players = game.players.len();
        let mut payoffs = vec![Dual::of(0.0); game.nodes.len() * players];
        for (n, node) in game.nodes.iter().enumerate() {
            if let Some((parent, _)) = node.parent {
                for p in 0..players {
                    payoffs[n * players + p] = payoffs[parent.index() * players + p].clone();
                }
            }
            for pay in &game.pay_lists[node.pays.index()] {
                let place = n * players + pay.player.index();
                payoffs[place] = payoffs[place].plus(&at(pay.amount)?);
            }
        }
        Ok(Point { chance, payoffs, lambda })
    }

    /// The widest range of a player's payoffs at a point.
    pub fn range(&self, point: &Point) -> f64 {
        let players = self.game.players.len();
        let of = |p: usize| self.ends.iter().map(move |n| point.payoffs[n * players + p].value);
        (0..players)
            .map(|p| of(p).fold(f64::NEG_INFINITY, f64::max) - of(p).fold(f64::INFINITY, f64::min))
            .fold(0.0, f64::max)
    }

    /// The play at a point.
    ///
    /// # Errors
    /// In words: no fixed point was found.
    pub fn solve(&self, point: &Point) -> Result<Solved, String> {
        let uniform = |h: &detente_game::Infoset| {
            let share = Dual::of(-libm::log(h.actions.len() as f64));
            vec![share; h.actions.len()]
        };
        let mut log: Vec<Vec<Dual>> = self.game.infosets.iter().map(uniform).collect();
        if let Some(order) = &self.order {
            for h in order {
                log[*h] = self.response(*h, point, &log);
            }
            return Ok(Solved { log, folded: false });
        }
        let plain = point.plain();
        let (y, folded) = self.follow(&plain)?;
        let log = self.with_slopes(point, &plain, &y).ok_or("the play has no derivative here")?;
        Ok(Solved { log, folded })
    }

    /// What a decision's owner does, given everybody else's play.
    pub(crate) fn response(&self, h: usize, point: &Point, log: &[Vec<Dual>]) -> Vec<Dual> {
        let set = &self.game.infosets[h];
        let weights: Vec<Dual> = match set.nodes.len() {
            1 => vec![Dual::of(1.0)],
            _ => {
                let logs: Vec<Dual> = self.paths[h].iter().map(|p| weight(p, point, log)).collect();
                let sum = log_sum(&logs);
                logs.iter().map(|l| l.minus(&sum).exponential()).collect()
            }
        };
        let players = self.game.players.len();
        let squares = self.shocks == Shocks::Private;
        let (mut worth, mut spread) = (vec![], vec![]);
        for a in 0..set.actions.len() {
            let (mut u, mut s) = (Dual::of(0.0), Dual::of(0.0));
            let mut stack: Vec<(NodeId, Dual)> = vec![];
            for (node, belief) in set.nodes.iter().zip(&weights) {
                stack.push((self.game.children(*node)[a], belief.clone()));
            }
            while let Some((node, w)) = stack.pop() {
                let n = node.index();
                if let NodeKind::Terminal(_) = self.game.nodes[n].kind {
                    u = u.plus(&w.times(&point.payoffs[n * players + set.player.index()]));
                    if squares {
                        s = s.plus(&w.times(&w));
                    }
                    continue;
                }
                for (arm, child) in self.game.children(node).iter().enumerate() {
                    let p = match self.game.nodes[n].kind {
                        NodeKind::Chance(c) => point.chance[c.index()][arm].clone(),
                        NodeKind::Decision(g) => log[g.index()][arm].exponential(),
                        NodeKind::Terminal(_) => Dual::of(0.0),
                    };
                    if p.value > 0.0 {
                        stack.push((*child, w.times(&p)));
                    }
                }
            }
            worth.push(u);
            spread.push(s);
        }
        self.shocks.choose(&worth, &spread, &point.lambda)
    }

    /// Logarithms of the probabilities of the ends of play, in the order of [`Engine::ends`].
    pub fn ends(&self, point: &Point, solved: &Solved) -> Vec<Dual> {
        let mut reach = vec![Dual::of(0.0); self.game.nodes.len()];
        for (n, node) in self.game.nodes.iter().enumerate() {
            let Some((parent, arm)) = node.parent else { continue };
            let step = match self.game.nodes[parent.index()].kind {
                NodeKind::Chance(c) => point.chance[c.index()][arm as usize].logarithm(),
                NodeKind::Decision(h) => solved.log[h.index()][arm as usize].clone(),
                NodeKind::Terminal(_) => Dual::of(f64::NEG_INFINITY),
            };
            reach[n] = reach[parent.index()].plus(&step);
        }
        self.ends.iter().map(|n| reach[*n].clone()).collect()
    }
}

impl Point {
    /// Without derivatives.
    pub(crate) fn plain(&self) -> Point {
        let of = |d: &Dual| Dual::of(d.value);
        Point {
            chance: self.chance.iter().map(|c| c.iter().map(of).collect()).collect(),
            payoffs: self.payoffs.iter().map(of).collect(),
            lambda: of(&self.lambda),
        }
    }
}

/// The steps of chance and of other players on the way to a node.
fn path(game: &Game, node: NodeId, player: usize) -> Vec<Step> {
    let (mut list, mut at) = (vec![], node);
    while let Some((parent, arm)) = game.nodes[at.index()].parent {
        match game.nodes[parent.index()].kind {
            NodeKind::Chance(c) => list.push(Step::Chance(c.index(), arm as usize)),
            NodeKind::Decision(h) if game.infosets[h.index()].player.index() != player => {
                list.push(Step::Move(h.index(), arm as usize));
            }
            _ => {}
        }
        at = parent;
    }
    list
}

fn weight(path: &[Step], point: &Point, log: &[Vec<Dual>]) -> Dual {
    path.iter().fold(Dual::of(0.0), |sum, step| match *step {
        Step::Chance(c, arm) => sum.plus(&point.chance[c][arm].logarithm()),
        Step::Move(h, arm) => sum.plus(&log[h][arm]),
    })
}
