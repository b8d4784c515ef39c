//! Is there an agent logit equilibrium where the printed numbers say?
//!
//! The one idea (Krawczyk 1969): with log-odds y and payoff advantages D(y), equilibria at
//! precision λ solve y = λ D(y), each player's advantages times the player's weight. If C is a matrix near the inverse of the equations' derivative
//! and y - C f(m) + (I - C f'(Y)) (Y - m) lies inside the box Y, the box holds exactly one
//! solution. All numbers are outward-rounded intervals, exponentials included, so
//! what follows from the box follows from the solution.

use crate::expected::enclosed_values;
use crate::newton::solution_near;
use detente_exact::{Interval, Q};
use detente_game::certificate::Logit;
use detente_game::{Game, NodeId, NodeKind, Numbers};

/// Most free log-odds that are checked: the work grows with the third power.
pub const MAX_UNKNOWNS: usize = 1_000;

/// A member of a set: chance and the others' actions on its path.
struct Member {
    node: NodeId,
    chance: Interval,
    path: Vec<usize>,
}

/// A set, its actions numbered over the whole game, its log-odds over all free ones.
struct Set {
    player: usize,
    first: usize,
    actions: usize,
    unknown: usize,
    members: Vec<Member>,
}

/// The equations y = λ D(y) of one game.
struct Equations<'a> {
    game: &'a Game,
    chance: Vec<Vec<Interval>>,
    payoffs: Vec<Interval>,
    /// Precision per player.
    precisions: Vec<Interval>,
    sets: Vec<Set>,
    actions: usize,
    unknowns: usize,
}

/// What log-odds mean for play.
struct Play {
    log: Vec<Interval>,
    prob: Vec<Interval>,
}

/// Where an agent logit equilibrium lies.
pub struct Enclosed {
    /// Per set and action.
    pub probs: Vec<Vec<Interval>>,
    /// Per set and member.
    pub beliefs: Vec<Vec<Interval>>,
}

/// Returns probabilities and beliefs that enclose one agent logit equilibrium at the precision,
/// near the log-odds (per set and action, against the set's first action).
///
/// # Errors
/// Says what is wrong with the odds, or that nothing could be proven around them.
pub fn enclose(game: &Game, numbers: &Numbers, logit: &Logit) -> Result<Enclosed, String> {
    let odds = &logit.odds;
    let precisions = precisions(game, logit)?;
    let fits = odds.len() == game.infosets.len()
        && odds.iter().zip(&game.infosets).all(|(o, h)| o.len() == h.actions.len());
    if !fits || !odds.iter().flatten().all(|y| y.abs() < 1e15) {
        return Err("the log-odds are not one number per action".into());
    }
    let equations = Equations::new(game, numbers, precisions);
    if equations.unknowns > MAX_UNKNOWNS {
        return Err(format!(
            "{} free probabilities are more than the {MAX_UNKNOWNS} that are checked",
            equations.unknowns
        ));
    }
    let start: Vec<f64> = odds.iter().flat_map(|o| o.iter().skip(1).map(|y| y - o[0])).collect();
    let found = solution_near(&start, &|y, derive| equations.at(y, derive))
        .ok_or("no logit equilibrium is proven near the log-odds")?;
    let play = equations.play(&found);
    let own = |s: &Set| play.prob[s.first..s.first + s.actions].to_vec();
    let beliefs = equations.sets.iter().map(|s| equations.beliefs(s, &play)).collect();
    Ok(Enclosed { probs: equations.sets.iter().map(own).collect(), beliefs })
}

/// The precision of each player.
fn precisions(game: &Game, logit: &Logit) -> Result<Vec<Interval>, String> {
    let players = game.players.len();
    if !logit.weights.is_empty() && logit.weights.len() != players {
        return Err(format!("{} weights are listed for {players} players", logit.weights.len()));
    }
    let sure = |q: &Q| !q.is_negative() && q.to_f64_up().is_finite();
    if let Some(wrong) = std::iter::once(&logit.lambda).chain(&logit.weights).find(|q| !sure(q)) {
        return Err(format!("lambda must be a number of at least 0, not {wrong}"));
    }
    let of = |p: usize| logit.weights.get(p).map_or(logit.lambda.clone(), |w| &logit.lambda * w);
    let list: Vec<Q> = (0..players).map(of).collect();
    match list.iter().all(sure) {
        true => Ok(list.iter().map(Interval::from_q).collect()),
        false => Err("a player's precision is not finite".into()),
    }
}

fn point(x: f64) -> Interval {
    Interval::point(x).unwrap_or(Interval::ENTIRE)
}

fn is_zero(x: Interval) -> bool {
    x.sign() == Some(0)
}

/// Logarithms of the shares exp(y) / sum of exp(y): each by its odds against the others,
/// scaled by the largest so that nothing overflows.
fn log_shares(y: &[Interval]) -> Vec<Interval> {
    let of = |a: usize| {
        let gap = |b: usize| if a == b { Interval::ZERO } else { y[b] - y[a] };
        let top = (0..y.len()).map(|b| gap(b).mid()).fold(0.0, f64::max);
        let sum = (0..y.len()).fold(Interval::ZERO, |s, b| s + (gap(b) - point(top)).exp());
        -(point(top) + sum.ln().unwrap_or(Interval::ENTIRE))
    };
    (0..y.len()).map(of).collect()
}

/// A share as a probability, from its logarithm.
fn share(log: Interval) -> Interval {
    let p = log.exp();
    Interval::new(p.lo().clamp(0.0, 1.0), p.hi().clamp(0.0, 1.0)).unwrap_or(Interval::ENTIRE)
}

impl<'a> Equations<'a> {
    fn new(game: &'a Game, numbers: &Numbers, precisions: Vec<Interval>) -> Equations<'a> {
        let (mut sets, mut actions, mut unknowns) = (Vec::new(), 0, 0);
        for h in &game.infosets {
            let set = Set {
                player: h.player.index(),
                first: actions,
                actions: h.actions.len(),
                unknown: unknowns,
                members: vec![],
            };
            actions += h.actions.len();
            unknowns += h.actions.len().saturating_sub(1);
            sets.push(set);
        }
        let firsts: Vec<(usize, usize)> = sets.iter().map(|s| (s.first, s.player)).collect();
        for (set, h) in sets.iter_mut().zip(&game.infosets) {
            set.members = h.nodes.iter().map(|n| member(game, numbers, &firsts, *n, set.player)).collect();
        }
        Equations {
            game,
            chance: numbers.chance.iter().map(|c| c.iter().map(Interval::from_q).collect()).collect(),
            payoffs: numbers.payoffs.iter().map(Interval::from_q).collect(),
            precisions,
            sets,
            actions,
            unknowns,
        }
    }

    fn play(&self, y: &[Interval]) -> Play {
        let mut log = Vec::with_capacity(self.actions);
        for s in self.sets.iter().filter(|s| s.actions > 0) {
            let mut own = vec![Interval::ZERO];
            own.extend_from_slice(&y[s.unknown..s.unknown + s.actions - 1]);
            log.extend(log_shares(&own));
        }
        let prob = log.iter().map(|l| share(*l)).collect();
        Play { log, prob }
    }

    /// The probability of a node's arm.
    fn step(&self, node: NodeId, arm: usize, play: &Play) -> Interval {
        match self.game.nodes[node.index()].kind {
            NodeKind::Chance(c) => self.chance[c.index()][arm],
            NodeKind::Decision(h) => play.prob[self.sets[h.index()].first + arm],
            NodeKind::Terminal(_) => Interval::ZERO,
        }
    }

    /// Expected payoffs at all nodes, children before parents.
    fn values(&self, play: &Play) -> Vec<Interval> {
        enclosed_values(self.game, &self.payoffs, |node, arm| self.step(node, arm, play))
    }

    fn beliefs(&self, set: &Set, play: &Play) -> Vec<Interval> {
        let log = |m: &Member| m.path.iter().fold(m.chance, |sum, a| sum + play.log[*a]);
        let logs: Vec<Interval> = set.members.iter().map(log).collect();
        match logs.len() {
            1 => vec![Interval::ONE],
            _ => log_shares(&logs).into_iter().map(share).collect(),
        }
    }

    /// f(y) = y - λ D(y), and its derivative row by row if asked.
    fn at(&self, y: &[Interval], derive: bool) -> (Vec<Interval>, Vec<Vec<Interval>>) {
        let play = self.play(y);
        let values = self.values(&play);
        let (mut miss, mut rows) = (Vec::with_capacity(y.len()), Vec::new());
        for set in self.sets.iter().filter(|s| s.actions > 1) {
            let lambda = self.precisions[set.player];
            let beliefs = self.beliefs(set, &play);
            let earned: Vec<Interval> =
                (0..set.actions).map(|a| self.earned(set, a, &beliefs, &values)).collect();
            for a in 1..set.actions {
                miss.push(y[set.unknown + a - 1] - lambda * (earned[a] - earned[0]));
            }
            if !derive {
                continue;
            }
            let slopes: Vec<Vec<Interval>> =
                (0..set.actions).map(|a| self.slope(set, a, earned[a], &beliefs, &values, &play)).collect();
            for a in 1..set.actions {
                let mut row: Vec<Interval> =
                    slopes[a].iter().zip(&slopes[0]).map(|(x, z)| -(lambda * (*x - *z))).collect();
                let k = set.unknown + a - 1;
                row[k] = row[k] + Interval::ONE;
                rows.push(row);
            }
        }
        (miss, rows)
    }

    /// The owner's value after an action at a member.
    fn below(&self, set: &Set, member: &Member, action: usize, values: &[Interval]) -> Interval {
        let child = self.game.children(member.node)[action];
        values[child.index() * self.game.players.len() + set.player]
    }

    fn earned(&self, set: &Set, action: usize, beliefs: &[Interval], values: &[Interval]) -> Interval {
        set.members
            .iter()
            .zip(beliefs)
            .fold(Interval::ZERO, |sum, (m, b)| sum + *b * self.below(set, m, action, values))
    }

    /// Derivatives by all log-odds of what an action earns: beliefs tilt towards members whose
    /// path becomes likelier, and what happens below the members shifts.
    fn slope(
        &self,
        set: &Set,
        action: usize,
        earned: Interval,
        beliefs: &[Interval],
        values: &[Interval],
        play: &Play,
    ) -> Vec<Interval> {
        let players = self.game.players.len();
        let mut by_log = vec![Interval::ZERO; self.actions];
        let mut stack: Vec<(NodeId, Interval)> = Vec::new();
        for (m, belief) in set.members.iter().zip(beliefs).filter(|(_, b)| !is_zero(**b)) {
            let tilt = *belief * (self.below(set, m, action, values) - earned);
            m.path.iter().for_each(|a| by_log[*a] = by_log[*a] + tilt);
            stack.push((self.game.children(m.node)[action], *belief));
        }
        while let Some((node, weight)) = stack.pop() {
            for (arm, child) in self.game.children(node).iter().enumerate() {
                let there = weight * self.step(node, arm, play);
                if is_zero(there) {
                    continue;
                }
                if let NodeKind::Decision(h) = self.game.nodes[node.index()].kind {
                    let a = self.sets[h.index()].first + arm;
                    by_log[a] = by_log[a] + there * values[child.index() * players + set.player];
                }
                stack.push((*child, there));
            }
        }
        // d log p(a) / d y(b) = [a = b] - p(b) within a set.
        let mut by_odds = Vec::with_capacity(self.unknowns);
        for s in self.sets.iter().filter(|s| s.actions > 1) {
            let own = s.first..s.first + s.actions;
            let total = by_log[own.clone()].iter().fold(Interval::ZERO, |sum, d| sum + *d);
            by_odds.extend(own.skip(1).map(|b| by_log[b] - play.prob[b] * total));
        }
        by_odds
    }
}

fn member(game: &Game, numbers: &Numbers, firsts: &[(usize, usize)], node: NodeId, player: usize) -> Member {
    let (mut chance, mut path, mut at) = (Q::ONE, Vec::new(), node);
    while let Some((parent, arm)) = game.nodes[at.index()].parent {
        match game.nodes[parent.index()].kind {
            NodeKind::Chance(c) => chance *= &numbers.chance[c.index()][arm as usize],
            NodeKind::Decision(h) if firsts[h.index()].1 != player => {
                path.push(firsts[h.index()].0 + arm as usize);
            }
            _ => {}
        }
        at = parent;
    }
    let chance = Interval::from_q(&chance).ln().unwrap_or(Interval::ENTIRE);
    Member { node, chance, path }
}
