//! The tree of a game as the whole search reads it, and the numbers of one draw on it.
//!
//! The one idea: what is settled by backward induction whatever the numbers is marked once, so that
//! a draw only looks closer at the few nodes where information is hidden.

use super::Why;
use crate::tape::{Program, Source, Values};
use detente_exact::Interval;
use detente_exact::poly::MPoly;
use detente_game::{Game, NodeId, NodeKind, subgame_roots};

/// What a node is.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    End(u32),
    /// Its probabilities start here in the list of all.
    Chance(u32),
    Decision(u32),
}

/// A node.
#[derive(Clone, Debug)]
pub struct Node {
    pub kind: Kind,
    /// The node above and the position below it.
    pub above: Option<(u32, u32)>,
    pub children: Vec<u32>,
    pub pays: u32,
    /// True if everything below is seen by all who move there.
    pub open: bool,
    /// At an end: ends with the same number pay everybody the same, as formulas, and count as the
    /// same outcome.
    pub alike: u32,
    /// At an end, by player: the same of what that player gets and the outcome.
    pub alike_for: Vec<u32>,
}

impl Node {
    /// Whether this set decides here.
    pub fn starts(&self, h: usize) -> bool {
        matches!(self.kind, Kind::Decision(own) if own as usize == h)
    }
}

/// An information set.
#[derive(Clone, Debug)]
pub struct Set {
    pub player: usize,
    pub nodes: Vec<u32>,
    pub actions: u32,
    /// Where its actions start in a list of all.
    pub start: usize,
}

/// A subgame in which something is hidden, without the subgames of that kind inside.
#[derive(Clone, Debug)]
pub struct Stage {
    pub root: u32,
    /// Its nodes in ascending order; those that are settled whatever the numbers are left out.
    pub nodes: Vec<u32>,
    pub sets: Vec<u32>,
    /// Stages cut out of it, by position.
    pub nested: Vec<usize>,
}

/// A game, laid out for draws.
#[derive(Clone, Debug)]
pub struct Tree {
    pub players: usize,
    pub nodes: Vec<Node>,
    pub sets: Vec<Set>,
    /// Innermost first.
    pub stages: Vec<Stage>,
    pub outcomes: usize,
    /// How many actions there are in all sets.
    pub actions: usize,
    pub(super) probs: Vec<Source>,
    pub(super) lists: Vec<Vec<(usize, Source)>>,
}

/// The numbers of one draw.
pub struct Numbers {
    pub probs: Vec<Interval>,
    /// Payments by list and player.
    pub pays: Vec<Interval>,
}

impl Tree {
    pub fn new(game: &Game, program: &Program, constants: &[usize]) -> Tree {
        let mut probs = vec![];
        let mut starts = vec![];
        for c in &game.chances {
            starts.push(probs.len() as u32);
            probs.extend(c.probs.iter().map(|e| program.source(*e)));
        }
        let mut nodes: Vec<Node> = game
            .nodes
            .iter()
            .enumerate()
            .map(|(x, n)| Node {
                kind: match n.kind {
                    NodeKind::Terminal(_) => {
                        Kind::End(game.outcome_key(NodeId(x as u32)).unwrap_or_default() as u32)
                    }
                    NodeKind::Chance(c) => Kind::Chance(starts[c.index()]),
                    NodeKind::Decision(h) => Kind::Decision(h.0),
                },
                above: n.parent.map(|(p, k)| (p.0, k)),
                children: game.children(NodeId(x as u32)).iter().map(|c| c.0).collect(),
                pays: n.pays.0,
                open: false,
                alike: 0,
                alike_for: vec![],
            })
            .collect();
        for x in (0..nodes.len()).rev() {
            let alone = match nodes[x].kind {
                Kind::Decision(h) => game.infosets[h as usize].nodes.len() == 1,
                _ => true,
            };
            nodes[x].open = alone && nodes[x].children.iter().all(|c| nodes[*c as usize].open);
        }
        let mut start = 0;
        let sets: Vec<Set> = game
            .infosets
            .iter()
            .map(|h| {
                let actions = h.actions.len() as u32;
                start += actions as usize;
                Set {
                    player: h.player.index(),
                    nodes: h.nodes.iter().map(|n| n.0).collect(),
                    actions,
                    start: start - actions as usize,
                }
            })
            .collect();
        let list = |l: &Vec<detente_game::Pay>| {
            l.iter().map(|p| (p.player.index(), program.source(p.amount))).collect()
        };
        let mut tree = Tree {
            players: game.players.len(),
            lists: game.pay_lists.iter().map(list).collect(),
            outcomes: game.outcome_keys().len(),
            actions: start,
            nodes,
            sets,
            stages: vec![],
            probs,
        };
        tree.cut(game);
        tree.compare(game, constants);
        tree
    }

    /// Numbers the ends so that two with the same number are the same for everybody.
    fn compare(&mut self, game: &Game, constants: &[usize]) {
        let polys = crate::tape::polynomials_with(game, constants);
        let mut known: Vec<(u32, Vec<MPoly>)> = vec![];
        let mut known_for: Vec<Vec<(u32, Vec<MPoly>)>> = vec![vec![]; self.players];
        let mut total: Vec<Vec<MPoly>> = vec![];
        for (x, node) in self.nodes.iter_mut().enumerate() {
            let mut sum = match node.above {
                Some((parent, _)) => total[parent as usize].clone(),
                None => vec![MPoly::zero(); self.players],
            };
            for pay in &game.pay_lists[node.pays as usize] {
                let to = &mut sum[pay.player.index()];
                *to = &*to + &polys[pay.amount.0 as usize];
            }
            total.push(sum);
            if let Kind::End(key) = node.kind {
                node.alike = number(&mut known, (key, total[x].clone()), x);
                let one = |player: usize| (key, vec![total[x][player].clone()]);
                let each = known_for.iter_mut().enumerate();
                node.alike_for = each.map(|(player, known)| number(known, one(player), x)).collect();
            }
        }
    }

    /// Finds the stages.
    fn cut(&mut self, game: &Game) {
        let mut roots: Vec<u32> = subgame_roots(game).iter().map(|r| r.0).collect();
        if !roots.contains(&0) {
            roots.push(0);
        }
        roots.retain(|r| !self.nodes[*r as usize].open);
        roots.sort_unstable_by(|a, b| b.cmp(a));
        let mut owner: Vec<Option<usize>> = vec![None; self.nodes.len()];
        for (k, root) in roots.iter().enumerate() {
            let mut stage = Stage { root: *root, nodes: vec![], sets: vec![], nested: vec![] };
            let mut open = vec![*root];
            while let Some(x) = open.pop() {
                if let Some(inner) = owner[x as usize] {
                    stage.nested.push(inner);
                    continue;
                }
                let node = &self.nodes[x as usize];
                if node.open {
                    continue;
                }
                stage.nodes.push(x);
                if let Kind::Decision(h) = node.kind {
                    stage.sets.push(h);
                }
                open.extend(&node.children);
            }
            stage.nodes.sort_unstable();
            stage.sets.sort_unstable();
            stage.sets.dedup();
            stage.nested.sort_unstable();
            owner[*root as usize] = Some(k);
            self.stages.push(stage);
        }
    }

    /// Whether two chance moves with as many arms have the same probabilities, as formulas.
    pub fn same_chances(&self, one: u32, other: u32, arms: usize) -> bool {
        let at = |start: u32| self.probs.get(start as usize..start as usize + arms);
        one == other || at(one) == at(other)
    }

    /// The numbers of one lane.
    pub fn numbers(&self, values: &Values, lane: usize) -> Result<Numbers, Why> {
        let at = |s: &Source| enclosed(values.value(*s)[lane], values.error(*s)[lane]);
        let mut probs = Vec::with_capacity(self.probs.len());
        for s in &self.probs {
            let p = at(s)?;
            if p.lo() <= 0.0 || p.hi() > 1.0 {
                return Err(Why::Close);
            }
            probs.push(p);
        }
        let mut pays = vec![Interval::ZERO; self.lists.len() * self.players];
        for (k, list) in self.lists.iter().enumerate() {
            for (player, s) in list {
                let sum = &mut pays[k * self.players + player];
                *sum = *sum + at(s)?;
            }
        }
        Ok(Numbers { probs, pays })
    }
}

/// The number of a kind of end. Beyond a few hundred kinds nothing is compared any more.
fn number(known: &mut Vec<(u32, Vec<MPoly>)>, kind: (u32, Vec<MPoly>), x: usize) -> u32 {
    match known.iter().position(|k| *k == kind) {
        Some(found) => found as u32,
        None if known.len() >= 400 => u32::MAX - x as u32,
        None => {
            known.push(kind);
            known.len() as u32 - 1
        }
    }
}

impl Numbers {
    /// What reaching a node pays.
    pub fn paid(&self, tree: &Tree, x: u32, player: usize) -> Interval {
        self.pays[tree.nodes[x as usize].pays as usize * tree.players + player]
    }
}

fn enclosed(value: f64, error: f64) -> Result<Interval, Why> {
    let found = match error == 0.0 {
        true => Interval::point(value),
        false => Interval::new((value - error).next_down(), (value + error).next_up()),
    };
    found.filter(|i| i.lo().is_finite() && i.hi().is_finite()).ok_or(Why::Close)
}
