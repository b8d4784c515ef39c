//! What is left of a stage, as two layers whose conditions are linear in each other.
//!
//! The one idea: the first side (one player) moves where nothing uncertain comes before; the answers
//! come after at most one of its moves. So its payoffs are linear in the answers, and what an answer
//! gains is linear in the first side's probabilities (the sequence form of von Stengel 1996, for two
//! moves). Anything else is no game for here.

use super::alike::alike;
use super::reduce::Left;
use super::tree::Kind;
use super::twins::Pair;
use super::{Why, best_or_tied};
use detente_exact::Interval;

/// A move of the first side: set and action. Its probability is an unknown unless it is taken out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Move {
    pub set: u32,
    pub action: u32,
}

/// A set that answers.
#[derive(Debug)]
pub struct Reply {
    pub set: u32,
    /// The actions left.
    pub actions: Vec<u32>,
    /// Where its columns start among all answers.
    pub start: usize,
    /// How each of its members is reached: the move that leads there (`None` for sure) and, for each
    /// action left, what it brings its owner there times the chance of getting there.
    pub ways: Vec<(Option<usize>, Vec<Interval>)>,
    pub(super) members: Vec<Member>,
}

/// A member of a set that answers.
#[derive(Debug)]
pub(super) struct Member {
    pub way: usize,
    /// The chance of getting there where the way is taken.
    pub chance: Interval,
    /// The set whose move leads there.
    pub from: Option<u32>,
}

/// A set of the first side and the chance of getting to it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Twin {
    pub set: u32,
    pub chance: Interval,
}

/// The two layers.
#[derive(Debug)]
pub struct Core {
    pub moves: Vec<Move>,
    /// Per open set of the first side, its moves by position.
    pub groups: Vec<Vec<usize>>,
    /// Per group, the sets that are in the same position and count as one; at least its own.
    pub(super) twins: Vec<Vec<Twin>>,
    /// Groups that some replies do not tell apart.
    pub pairs: Vec<Pair>,
    pub replies: Vec<Reply>,
    /// Per move: its payoff where no answer follows, and the share of each column.
    pub sure: Vec<Interval>,
    pub by: Vec<Vec<Interval>>,
}

/// What is played in the two layers.
#[derive(Clone, Debug)]
pub struct Layers {
    /// Probability per move; an average where only that is fixed.
    pub moves: Vec<Interval>,
    /// How far a move's probability may go where only an average is fixed.
    pub spread: Vec<Option<Interval>>,
    pub replies: Vec<Given>,
}

/// What a reply is.
#[derive(Clone, Debug)]
pub enum Given {
    /// Probabilities of the actions left.
    Sure(Vec<Interval>),
    /// Some actions are as good because play ends alike: a mixture of those left, and how far each may go.
    Split(Vec<Interval>, Vec<Interval>),
    Free(FreeReply),
}

/// A region of replies that are never called for: ranges of the actions left and of the weight of
/// each way.
#[derive(Clone, Debug)]
pub struct FreeReply {
    pub actions: Vec<Interval>,
    /// Corners of the beliefs: the weight of each way.
    pub beliefs: Vec<Vec<Interval>>,
    pub tight: bool,
    /// How far an end of a range may be from the true one.
    pub blur: f64,
}

/// The decisions above a node that are not sure, and the chance of getting there.
fn above(left: &Left, x: u32) -> (Vec<Move>, Interval) {
    let tree = left.lane.tree;
    let (mut list, mut chance) = (vec![], Interval::ONE);
    let mut at = x;
    while at != left.stage.root {
        let Some((parent, arm)) = tree.nodes[at as usize].above else { break };
        match tree.nodes[parent as usize].kind {
            Kind::Chance(start) => chance = chance * left.lane.numbers.probs[(start + arm) as usize],
            Kind::Decision(h) if !(left.settled(h) && left.only(h) == arm) => {
                list.push(Move { set: h, action: arm });
            }
            _ => {}
        }
        at = parent;
    }
    (list, chance)
}

impl Core {
    /// Settles open sets that are reached for sure and followed by nothing open: the best action by
    /// the chances of its members. Says whether there was one.
    pub fn settle_reached(left: &mut Left) -> Result<bool, Why> {
        let (tree, n) = (left.lane.tree, left.lane.tree.players);
        let open_below = open_below(left);
        for h in left.stage.sets.clone() {
            let set = &tree.sets[h as usize];
            if left.settled(h) {
                continue;
            }
            let actions = left.actions(h);
            let mut sums = vec![Interval::ZERO; actions.len()];
            let mut sure = true;
            for x in &set.nodes {
                let (moves, chance) = above(left, *x);
                sure &= moves.is_empty();
                for (sum, a) in sums.iter_mut().zip(&actions) {
                    let child = tree.nodes[*x as usize].children[*a as usize] as usize;
                    sure &= !open_below[child];
                    *sum = *sum + chance * left.range[child * n + set.player];
                }
            }
            if sure {
                let child = |x: u32, k: usize| tree.nodes[x as usize].children[actions[k] as usize];
                let same = |a, b| set.nodes.iter().all(|x| alike(left, child(*x, a), child(*x, b)));
                let best = best_or_tied(&sums, same)?;
                if !best.is_power_of_two() {
                    let bits = (0..actions.len()).filter(|k| best >> k & 1 == 1);
                    left.tied[h as usize] = bits.fold(0, |bits, k| bits | 1 << actions[k]);
                }
                left.menu[h as usize] = 1 << actions[best.trailing_zeros() as usize];
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Reads what is left as two layers.
    pub fn new(left: &Left) -> Result<Core, Why> {
        let tree = left.lane.tree;
        let open: Vec<u32> = left.stage.sets.iter().copied().filter(|h| !left.settled(*h)).collect();
        let mut firsts = vec![];
        let mut core = Core {
            moves: vec![],
            groups: vec![],
            twins: vec![],
            pairs: vec![],
            replies: vec![],
            sure: vec![],
            by: vec![],
        };
        let (mut player, mut columns) = (None, 0);
        for h in open {
            let set = &tree.sets[h as usize];
            let ways: Vec<(Vec<Move>, Interval)> = set.nodes.iter().map(|x| above(left, *x)).collect();
            if ways.iter().all(|(list, _)| list.is_empty()) {
                if *player.get_or_insert(set.player) != set.player {
                    return Err(Why::Shape);
                }
                firsts.push(h);
                continue;
            }
            core.reply(left, h, &ways, &mut columns)?;
        }
        for m in &core.moves {
            if *player.get_or_insert(tree.sets[m.set as usize].player) != tree.sets[m.set as usize].player {
                return Err(Why::Shape);
            }
        }
        if core.replies.iter().any(|r| Some(tree.sets[r.set as usize].player) == player) {
            return Err(Why::Shape);
        }
        for h in &firsts {
            let group = left.actions(*h).into_iter().map(|a| core.place(Move { set: *h, action: a }));
            let group: Vec<usize> = group.collect();
            core.groups.push(group);
            let reach = tree.sets[*h as usize].nodes.iter().map(|x| above(left, *x).1);
            core.twins.push(vec![Twin { set: *h, chance: reach.fold(Interval::ZERO, |a, b| a + b) }]);
        }
        core.merge(left);
        core.sure = vec![Interval::ZERO; core.moves.len()];
        core.by = vec![vec![Interval::ZERO; columns]; core.moves.len()];
        for g in core.groups.clone().iter().flatten() {
            let m = core.moves[*g];
            let alone = tree.sets[m.set as usize].nodes.len() == 1;
            for x in &tree.sets[m.set as usize].nodes {
                let chance = if alone { Interval::ONE } else { above(left, *x).1 };
                let child = tree.nodes[*x as usize].children[m.action as usize];
                core.collect(left, *g, child, chance, tree.sets[m.set as usize].player)?;
            }
        }
        core.compare(left);
        Ok(core)
    }

    /// The weight of a group: the chance of getting to it.
    pub fn chance(&self, group: usize) -> Interval {
        self.twins[group].iter().fold(Interval::ZERO, |sum, t| sum + t.chance)
    }

    fn place(&mut self, m: Move) -> usize {
        self.moves.iter().position(|known| *known == m).unwrap_or_else(|| {
            self.moves.push(m);
            self.moves.len() - 1
        })
    }

    fn reply(
        &mut self,
        left: &Left,
        h: u32,
        ways: &[(Vec<Move>, Interval)],
        columns: &mut usize,
    ) -> Result<(), Why> {
        let (tree, n) = (left.lane.tree, left.lane.tree.players);
        let set = &tree.sets[h as usize];
        let actions = left.actions(h);
        let mut reply =
            Reply { set: h, actions: actions.clone(), start: *columns, ways: vec![], members: vec![] };
        for (x, (list, chance)) in set.nodes.iter().zip(ways) {
            let way = match list[..] {
                [] => None,
                [m] => Some(self.place(m)),
                _ => return Err(Why::Shape),
            };
            let from = list.first().map(|m| m.set);
            let children = &tree.nodes[*x as usize].children;
            let value = |a: &u32| *chance * left.range[children[*a as usize] as usize * n + set.player];
            let values: Vec<Interval> = actions.iter().map(value).collect();
            match reply.ways.iter().position(|(known, _)| *known == way) {
                Some(k) => {
                    for (sum, v) in reply.ways[k].1.iter_mut().zip(values) {
                        *sum = *sum + v;
                    }
                    reply.members.push(Member { way: k, chance: *chance, from });
                }
                None => {
                    reply.ways.push((way, values));
                    reply.members.push(Member { way: reply.ways.len() - 1, chance: *chance, from });
                }
            }
        }
        *columns += actions.len();
        self.replies.push(reply);
        Ok(())
    }

    /// Adds what follows a node to the payoff of a move.
    fn collect(&mut self, left: &Left, m: usize, x: u32, weight: Interval, player: usize) -> Result<(), Why> {
        let (tree, n) = (left.lane.tree, left.lane.tree.players);
        let node = &tree.nodes[x as usize];
        let inside = !node.open && left.stage.nodes.binary_search(&x).is_ok();
        if !inside {
            self.sure[m] = self.sure[m] + weight * left.range[x as usize * n + player];
            return Ok(());
        }
        self.sure[m] = self.sure[m] + weight * left.lane.numbers.paid(tree, x, player);
        match node.kind {
            Kind::End(_) => {}
            Kind::Chance(start) => {
                for (k, child) in node.children.iter().enumerate() {
                    let p = left.lane.numbers.probs[start as usize + k];
                    self.collect(left, m, *child, weight * p, player)?;
                }
            }
            Kind::Decision(h) if left.settled(h) => {
                self.collect(left, m, node.children[left.only(h) as usize], weight, player)?;
            }
            Kind::Decision(h) => {
                let reply = self.replies.iter().find(|r| r.set == h).ok_or(Why::Shape)?;
                for (k, a) in reply.actions.iter().enumerate() {
                    let child = node.children[*a as usize] as usize;
                    let sum = &mut self.by[m][reply.start + k];
                    *sum = *sum + weight * left.range[child * n + player];
                }
            }
        }
        Ok(())
    }
}

/// Whether some open set stands at or below each node of the stage.
fn open_below(left: &Left) -> Vec<bool> {
    let tree = left.lane.tree;
    let mut below = vec![false; tree.nodes.len()];
    for x in left.stage.nodes.iter().rev() {
        let node = &tree.nodes[*x as usize];
        let here = matches!(node.kind, Kind::Decision(h) if !left.settled(h));
        let used = |c: &u32| below[*c as usize];
        below[*x as usize] = here || node.children.iter().any(used);
    }
    below
}
