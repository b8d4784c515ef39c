//! What is left of a stage, as two layers whose conditions are linear in each other.
//!
//! The one idea: the first side (one player) moves where nothing uncertain comes before; the answers
//! come after at most one of its moves. So its payoffs are linear in the answers, and what an answer
//! gains is linear in the first side's probabilities (the sequence form of von Stengel 1996, for two
//! moves). Anything else is no game for here.

use super::reduce::{Answer, Left};
use super::tree::Kind;
use super::twins::{Pair, Same};
use super::{Why, best_or_tied};
use crate::found::{Play, Region};
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
    members: Vec<Member>,
}

/// A member of a set that answers.
#[derive(Debug)]
struct Member {
    way: usize,
    /// The chance of getting there where the way is taken.
    chance: Interval,
    /// The set whose move leads there.
    from: Option<u32>,
}

/// A set of the first side and the chance of getting to it.
#[derive(Clone, Copy, Debug)]
struct Twin {
    set: u32,
    chance: Interval,
}

/// The two layers.
#[derive(Debug)]
pub struct Core {
    pub moves: Vec<Move>,
    /// Per open set of the first side, its moves by position.
    pub groups: Vec<Vec<usize>>,
    /// Per group, the sets that are in the same position and count as one; at least its own.
    twins: Vec<Vec<Twin>>,
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

    /// Finds groups that the same replies answer, and after which of them play ends alike.
    fn compare(&mut self, left: &Left) {
        let sets = &left.lane.tree.sets;
        let alone = |g: usize| match self.twins[g][..] {
            [twin] if sets[twin.set as usize].nodes.len() == 1 => Some(twin.set),
            _ => None,
        };
        let child = |h: u32, k: u32| {
            let x = sets[h as usize].nodes[0];
            resolved(left, left.lane.tree.nodes[x as usize].children[k as usize])
        };
        let mut pairs = vec![];
        for first in 0..self.groups.len() {
            for second in first + 1..self.groups.len() {
                let (Some(a), Some(b)) = (alone(first), alone(second)) else { continue };
                if left.menu[a as usize] == left.menu[b as usize] {
                    let same = left.actions(a).into_iter().map(|k| self.same(left, child(a, k), child(b, k)));
                    if let Some(same) = same.collect() {
                        pairs.push(Pair { first, second, same });
                    }
                }
            }
        }
        self.pairs = pairs;
    }

    /// What follows at two nodes, if it is the same end or the same set.
    fn same(&self, left: &Left, a: u32, b: u32) -> Option<Same> {
        let nodes = &left.lane.tree.nodes;
        let (one, other) = (&nodes[a as usize], &nodes[b as usize]);
        match (one.kind, other.kind) {
            (Kind::Decision(h), Kind::Decision(g)) if h == g => {
                let r = self.replies.iter().position(|r| r.set == h)?;
                let alike = |k: &u32| alike(left, one.children[*k as usize], other.children[*k as usize]);
                Some(Same::After(r, self.replies[r].actions.iter().map(alike).collect()))
            }
            (Kind::End(_), Kind::End(_)) if one.alike == other.alike => Some(Same::End),
            _ => None,
        }
    }

    /// Makes one of sets that are in the same position: whatever is played, the same follows for all.
    /// Only their average then matters to anybody.
    fn merge(&mut self, left: &Left) {
        let set = |core: &Core, g: usize| core.twins[g][0].set;
        let mut i = 0;
        while i < self.groups.len() {
            let mut j = i + 1;
            while j < self.groups.len() {
                if alike_sets(left, set(self, i), set(self, j)) {
                    self.join(i, j);
                } else {
                    j += 1;
                }
            }
            i += 1;
        }
    }

    /// Joins group `j` to group `i`.
    fn join(&mut self, i: usize, j: usize) {
        for (kept, gone) in self.groups[i].clone().into_iter().zip(self.groups[j].clone()) {
            for reply in &mut self.replies {
                let way = |m: usize| reply.ways.iter().position(|(way, _)| *way == Some(m));
                let (Some(to), Some(from)) = (way(kept), way(gone)) else { continue };
                let (_, values) = reply.ways.remove(from);
                let to = if to > from { to - 1 } else { to };
                for (sum, v) in reply.ways[to].1.iter_mut().zip(values) {
                    *sum = *sum + v;
                }
                for member in &mut reply.members {
                    member.way = match member.way {
                        w if w == from => to,
                        w if w > from => w - 1,
                        w => w,
                    };
                }
            }
        }
        self.groups.remove(j);
        let twins = self.twins.remove(j);
        self.twins[i].extend(twins);
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

    /// What is played, by set, and what it is worth at the stage's root.
    pub fn answer(&self, left: &Left, layers: &Layers) -> Result<Answer, Why> {
        let (tree, n) = (left.lane.tree, left.lane.tree.players);
        let mut plays = vec![];
        for h in left.stage.sets.iter().filter(|h| left.settled(**h)) {
            plays.push((*h, left.play(*h)));
        }
        for (group, twins) in self.groups.iter().zip(&self.twins) {
            let used: Vec<(u32, Interval)> =
                group.iter().map(|g| (self.moves[*g].action, layers.moves[*g])).collect();
            let whole = twins.iter().fold(Interval::ZERO, |sum, t| sum + t.chance);
            for twin in twins {
                let found = play(tree.sets[twin.set as usize].actions, &used);
                if layers.spread[group[0]].is_some() {
                    let mut range = vec![Interval::ZERO; tree.sets[twin.set as usize].actions as usize];
                    for g in group {
                        let own = layers.spread[*g].unwrap_or(Interval::ZERO);
                        range[self.moves[*g].action as usize] = own;
                    }
                    let Play::Mixed(row) = found else { return Err(Why::Shape) };
                    plays.push((twin.set, Play::Split(row, range)));
                    continue;
                }
                plays
                    .push((twin.set, if twins.len() > 1 { split(found, twin.chance, whole) } else { found }));
            }
        }
        for (reply, given) in self.replies.iter().zip(&layers.replies) {
            let whole = tree.sets[reply.set as usize].actions;
            let pairs = |row: &[Interval]| -> Vec<(u32, Interval)> {
                reply.actions.iter().copied().zip(row.iter().copied()).collect()
            };
            plays.push((
                reply.set,
                match given {
                    Given::Sure(row) => play(whole, &pairs(row)),
                    Given::Free(free) => {
                        let mut moves = vec![Interval::ZERO; whole as usize];
                        pairs(&free.actions).iter().for_each(|(a, p)| moves[*a as usize] = *p);
                        let beliefs = reply.beliefs(&free.beliefs);
                        let blur = free.blur + reply.blur(&free.beliefs);
                        Play::Free(Box::new(Region { moves, beliefs, tight: free.tight, blur }))
                    }
                },
            ));
        }
        plays.sort_by_key(|p| p.0);
        let payoffs = (0..n).map(|p| self.worth(left, &plays, left.stage.root, p)).collect();
        Ok((plays, payoffs))
    }

    /// What a node is worth where this is played.
    fn worth(&self, left: &Left, plays: &[(u32, Play)], x: u32, player: usize) -> Interval {
        let (tree, n) = (left.lane.tree, left.lane.tree.players);
        let node = &tree.nodes[x as usize];
        if node.open || left.stage.nodes.binary_search(&x).is_err() {
            return left.range[x as usize * n + player];
        }
        let below = |k: usize| self.worth(left, plays, node.children[k], player);
        let sum = match node.kind {
            Kind::End(_) => Interval::ZERO,
            Kind::Chance(start) => (0..node.children.len())
                .map(|k| left.lane.numbers.probs[start as usize + k] * below(k))
                .fold(Interval::ZERO, |a, b| a + b),
            Kind::Decision(h) => match plays.binary_search_by_key(&h, |p| p.0).map(|k| &plays[k].1) {
                Ok(Play::Pure(a)) => below(*a as usize),
                Ok(Play::Tied(bits)) => below(bits.trailing_zeros() as usize),
                Ok(Play::Mixed(row) | Play::Split(row, _)) => {
                    let used = row.iter().enumerate().filter(|(_, p)| p.hi() > 0.0);
                    used.map(|(k, p)| *p * below(k)).fold(Interval::ZERO, |a, b| a + b)
                }
                // Never reached: its weight is exactly 0.
                _ => Interval::ZERO,
            },
        };
        left.lane.numbers.paid(tree, x, player) + sum
    }
}

impl Reply {
    /// The range of the belief in each member over corners given as weights of the ways. Where several
    /// sets count as one way, each of them may have all of its weight.
    fn beliefs(&self, corners: &[Vec<Interval>]) -> Vec<Interval> {
        let mut range: Vec<Option<Interval>> = vec![None; self.members.len()];
        for corner in corners {
            for only in self.takers() {
                let weights: Vec<Interval> =
                    self.members.iter().map(|m| self.weight(m, corner, &only)).collect();
                let whole = weights.iter().fold(Interval::ZERO, |a, b| a + *b);
                for (r, w) in range.iter_mut().zip(&weights) {
                    let found = w.checked_div(whole).unwrap_or(Interval::ENTIRE);
                    *r = Some(r.map_or(found, |r| r.hull(found)));
                }
            }
        }
        range.into_iter().map(|r| r.unwrap_or(Interval::ENTIRE)).collect()
    }

    /// How far the beliefs at the corners may be from the true ones.
    fn blur(&self, corners: &[Vec<Interval>]) -> f64 {
        let one = |corner: &Vec<Interval>| {
            let found = self.beliefs(std::slice::from_ref(corner));
            // A range over several takers is no blur: their ends are attained.
            let exact = self.takers().len() > 1;
            found.into_iter().map(|b| if exact { 1e-12 } else { b.hi() - b.lo() }).fold(0.0, f64::max)
        };
        corners.iter().map(one).fold(0.0, f64::max)
    }

    /// A member's weight at a corner, if of each way only this set may have it.
    fn weight(&self, m: &Member, corner: &[Interval], only: &[Option<u32>]) -> Interval {
        let Some(taker) = only[m.way] else { return corner[m.way] * m.chance };
        if m.from != Some(taker) {
            return Interval::ZERO;
        }
        let of = |all: bool| {
            let list = self.members.iter().filter(|o| o.way == m.way && (all || o.from == m.from));
            list.fold(Interval::ZERO, |sum, o| sum + o.chance)
        };
        (corner[m.way] * of(true) * m.chance).checked_div(of(false)).unwrap_or(Interval::ENTIRE)
    }

    /// All choices of one set for every way that several sets share.
    fn takers(&self) -> Vec<Vec<Option<u32>>> {
        let mut list = vec![vec![]];
        for way in 0..self.ways.len() {
            let mut sets: Vec<Option<u32>> =
                self.members.iter().filter(|m| m.way == way).map(|m| m.from).collect();
            sets.sort_unstable();
            sets.dedup();
            if sets.len() <= 1 {
                sets = vec![None];
            }
            list = list.iter().flat_map(|l: &Vec<_>| sets.iter().map(|s| [&l[..], &[*s]].concat())).collect();
        }
        list
    }
}

/// What one of several sets in the same position may play, if the average is fixed.
fn split(average: Play, chance: Interval, whole: Interval) -> Play {
    let Play::Mixed(row) = average else { return average };
    let range = row.iter().map(|p| {
        if *p == Interval::ZERO {
            return Interval::ZERO;
        }
        let mass = whole * *p;
        let own = |mass: Interval| mass.checked_div(chance).unwrap_or(Interval::ENTIRE);
        let low = own(mass - (whole - chance)).max(Interval::ZERO);
        low.hull(own(mass).min(Interval::ONE))
    });
    let range = range.collect();
    Play::Split(row, range)
}

/// Whether two sets with one member each are in the same position: after each action that is left the
/// same follows.
fn alike_sets(left: &Left, a: u32, b: u32) -> bool {
    let sets = &left.lane.tree.sets;
    let (one, other) = (&sets[a as usize], &sets[b as usize]);
    if one.nodes.len() != 1 || other.nodes.len() != 1 || left.menu[a as usize] != left.menu[b as usize] {
        return false;
    }
    let child = |x: u32, k: u32| left.lane.tree.nodes[x as usize].children[k as usize];
    left.actions(a).into_iter().all(|k| alike(left, child(one.nodes[0], k), child(other.nodes[0], k)))
}

/// Whether the same follows at two nodes: the same replies are asked, and play ends alike after each.
fn alike(left: &Left, a: u32, b: u32) -> bool {
    let tree = left.lane.tree;
    let (a, b) = (resolved(left, a), resolved(left, b));
    let (one, other) = (&tree.nodes[a as usize], &tree.nodes[b as usize]);
    let child = |k: usize| (one.children[k], other.children[k]);
    match (one.kind, other.kind) {
        (Kind::End(_), Kind::End(_)) => one.alike == other.alike,
        (Kind::Chance(p), Kind::Chance(q)) => {
            one.children.len() == other.children.len()
                && tree.same_chances(p, q, one.children.len())
                && (0..one.children.len()).all(|k| alike(left, child(k).0, child(k).1))
        }
        (Kind::Decision(h), Kind::Decision(g)) => {
            let inside =
                left.stage.nodes.binary_search(&a).is_ok() && left.stage.nodes.binary_search(&b).is_ok();
            let same = |k: u32| alike(left, child(k as usize).0, child(k as usize).1);
            inside && h == g && left.actions(h).into_iter().all(same)
        }
        _ => false,
    }
}

/// Follows what is settled.
fn resolved(left: &Left, mut x: u32) -> u32 {
    let tree = left.lane.tree;
    while let Kind::Decision(h) = tree.nodes[x as usize].kind {
        let node = &tree.nodes[x as usize];
        let inside = left.stage.nodes.binary_search(&x).is_ok();
        x = match (node.open, inside && left.settled(h)) {
            (true, _) => node.children[usize::from(left.lane.choice[h as usize])],
            (false, true) => node.children[left.only(h) as usize],
            _ => break,
        };
    }
    x
}

/// A menu's play: one action for sure, or probabilities.
fn play(actions: u32, used: &[(u32, Interval)]) -> Play {
    if let Some((a, _)) = used.iter().find(|(_, p)| *p == Interval::ONE) {
        return Play::Pure(*a);
    }
    let mut row = vec![Interval::ZERO; actions as usize];
    used.iter().for_each(|(a, p)| row[*a as usize] = *p);
    Play::Mixed(row)
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
