//! Backward induction in lanes, for games in which every move is seen by all.
//!
//! The one idea: the tree is written out as a list of steps over a short stack of rows (last child
//! first done), so a block of draws walks it once, without a branch: a comparison makes a mask, the
//! mask selects. Each comparison that rounding could have turned marks its lane; marked lanes are
//! for the exact path (Selten 1965: where all choices are strict, there is no other equilibrium).

use crate::lanes::{Block, LANES, Row, row};
use crate::tape::{Program, Source, Values, exact, sums_to_one};
use detente_game::tape::ExprId;
use detente_game::{Game, NodeId, NodeKind};

/// Deepest tree that is compiled; deeper ones go to the exact path.
const MAX_DEPTH: usize = 400;
/// Half a unit in the last place, with room to spare.
const UNIT: f64 = 1.2e-16;

/// A stretch of the list of payments.
type Pays = (u32, u32);

#[derive(Clone, Copy, Debug)]
enum Step {
    /// The stack's row set becomes these payments.
    Start { slot: u32, pays: Pays },
    /// Payments on reaching a node, added to what follows it.
    Add { slot: u32, pays: Pays },
    /// The next child, in the slot above, is taken where it is better for the player.
    Offer { slot: u32, player: u32, arm: u32, exact: bool },
    /// The same for a terminal whose payments are one number for each player.
    OfferEnd { slot: u32, player: u32, arm: u32, first: u32, exact: bool },
    /// The decision is over: its choice is written down.
    Decide { infoset: u32, slot: u32 },
    /// A chance arm, in the slot above, is added with its probability.
    Weigh { slot: u32, prob: Source, first: bool },
}

/// A tree of perfect information, compiled.
#[derive(Clone, Debug)]
pub struct Perfect {
    players: usize,
    program: Program,
    steps: Vec<Step>,
    pays: Vec<(u32, Source)>,
    depth: usize,
    infosets: usize,
    /// Each payment's source, and how often one play can contain it.
    counted: Vec<(Source, f64)>,
    /// Most payments to one player in one play, and most chance moves.
    most_sums: f64,
    most_chance: f64,
    probs: Vec<Vec<Source>>,
    /// Whether no comparison rests on a rounded number.
    all_exact: bool,
    /// 0 if the value of the whole game is not rounded either.
    rounded: f64,
}

/// What a block of draws plays.
#[derive(Clone, Debug, Default)]
pub struct Played {
    /// `choice[h][lane]`: the action chosen at information set `h`.
    pub choice: Vec<[u8; LANES]>,
    /// True where some choice is too close to call or the game may not exist: for the exact path.
    pub near: [bool; LANES],
    /// `values[p][lane]`: what the play is worth to player `p`, rounded.
    pub values: Vec<Row>,
    /// How far a value may be from the true one.
    pub guard: [f64; LANES],
    numbers: Values,
    stack: Vec<Row>,
    picks: Vec<[u64; LANES]>,
}

impl Played {
    /// The numbers of the block, as the tape gave them.
    pub(crate) fn numbers(&self) -> &Values {
        &self.numbers
    }
}

/// Whether every information set has one member.
pub fn applies(game: &Game) -> bool {
    game.infosets.iter().all(|h| h.nodes.len() == 1)
}

impl Perfect {
    /// Compiles a game; `block` says which parameters are exact floats in all draws.
    ///
    /// `None` if the game is of another kind, too deep, or its probabilities do not sum to 1 as
    /// formulas.
    pub fn new(game: &Game, block: &Block) -> Option<Perfect> {
        if !applies(game) || !sums_to_one(game) || game.infosets.iter().any(|h| h.actions.len() > 250) {
            return None;
        }
        let program = Program::new(game, &wanted(game));
        let probs = game.chances.iter().map(|c| c.probs.iter().map(|e| program.source(*e)).collect());
        let mut perfect = Perfect {
            players: game.players.len(),
            probs: probs.collect(),
            program,
            steps: vec![],
            pays: vec![],
            depth: 0,
            infosets: game.infosets.len(),
            counted: vec![],
            most_sums: 0.0,
            most_chance: 0.0,
            all_exact: true,
            rounded: 0.0,
        };
        perfect.count(game);
        let exact = perfect.walk(game, block, NodeId(0), 0, 0)?;
        perfect.rounded = f64::from(u8::from(!exact));
        Some(perfect)
    }

    /// How often one play can contain each payment, and how many sums a payoff takes.
    fn count(&mut self, game: &Game) {
        let mut most: std::collections::BTreeMap<ExprId, Vec<f64>> = Default::default();
        for pay in game.pay_lists.iter().flatten() {
            most.entry(pay.amount).or_insert_with(|| vec![0.0; game.nodes.len()]);
        }
        let mut sums = vec![0.0; game.nodes.len()];
        let mut chance = vec![0.0; game.nodes.len()];
        for x in 0..game.nodes.len() {
            let node = &game.nodes[x];
            let above = node.parent.map(|(p, _)| p.index());
            let list = &game.pay_lists[node.pays.index()];
            sums[x] = above.map_or(0.0, |p| sums[p]) + list.len() as f64;
            let here = f64::from(u8::from(matches!(node.kind, NodeKind::Chance(_))));
            chance[x] = above.map_or(0.0, |p| chance[p]) + here;
            if game.nodes.len() * most.len() <= 2_000_000 {
                for (e, counts) in &mut most {
                    let own = list.iter().filter(|p| p.amount == *e).count() as f64;
                    counts[x] = above.map_or(0.0, |p| counts[p]) + own;
                }
            }
        }
        let largest = |list: &[f64]| list.iter().copied().fold(0.0, f64::max);
        self.most_sums = largest(&sums);
        self.most_chance = largest(&chance);
        let whole = game.nodes.len() * most.len() <= 2_000_000;
        for (e, counts) in most {
            // A payment cannot come up more often than there are payments in a play.
            let times = if whole { largest(&counts) } else { self.most_sums };
            self.counted.push((self.program.source(e), times));
        }
    }

    /// Writes the steps of a subtree; its value ends up in `slot`. Returns whether it is exact.
    fn walk(&mut self, game: &Game, block: &Block, x: NodeId, slot: u32, level: usize) -> Option<bool> {
        if level > MAX_DEPTH {
            return None;
        }
        self.depth = self.depth.max(slot as usize + 2);
        let node = game.nodes[x.index()];
        let pays = self.payments(game, x);
        let list = &self.pays[pays.0 as usize..pays.1 as usize];
        let simple = exact_list(list, self.players, &self.program, block);
        let children: Vec<NodeId> = game.children(x).to_vec();
        let exact = match node.kind {
            NodeKind::Terminal(_) => {
                self.steps.push(Step::Start { slot, pays });
                return Some(simple);
            }
            NodeKind::Decision(h) => {
                let player = game.infosets[h.index()].player.0;
                let mut exact = self.walk(game, block, children[0], slot, level + 1)?;
                for (arm, child) in children.iter().enumerate().skip(1) {
                    exact = self.offer(game, block, *child, slot, player, arm as u32, exact, level)?;
                }
                self.steps.push(Step::Decide { infoset: h.0, slot });
                exact
            }
            NodeKind::Chance(c) => {
                for (k, child) in children.iter().enumerate() {
                    self.walk(game, block, *child, slot + 1, level + 1)?;
                    let prob = self.probs[c.index()][k];
                    self.steps.push(Step::Weigh { slot, prob, first: k == 0 });
                }
                false
            }
        };
        if pays.0 == pays.1 {
            return Some(exact);
        }
        self.steps.push(Step::Add { slot, pays });
        Some(false)
    }

    #[allow(clippy::too_many_arguments)]
    fn offer(
        &mut self,
        game: &Game,
        block: &Block,
        child: NodeId,
        slot: u32,
        player: u32,
        arm: u32,
        before: bool,
        level: usize,
    ) -> Option<bool> {
        let end = matches!(game.nodes[child.index()].kind, NodeKind::Terminal(_));
        let pays = if end { self.payments(game, child) } else { (0, 0) };
        let list = &self.pays[pays.0 as usize..pays.1 as usize];
        let in_order = list.len() == self.players && list.iter().enumerate().all(|(k, p)| p.0 == k as u32);
        if end && in_order {
            let exact = before && exact_list(list, self.players, &self.program, block);
            self.all_exact &= exact;
            self.steps.push(Step::OfferEnd { slot, player, arm, first: pays.0, exact });
            return Some(exact);
        }
        let exact = self.walk(game, block, child, slot + 1, level + 1)? && before;
        self.all_exact &= exact;
        self.steps.push(Step::Offer { slot, player, arm, exact });
        Some(exact)
    }

    fn payments(&mut self, game: &Game, x: NodeId) -> Pays {
        let start = self.pays.len() as u32;
        for pay in &game.pay_lists[game.nodes[x.index()].pays.index()] {
            self.pays.push((pay.player.0, self.program.source(pay.amount)));
        }
        (start, self.pays.len() as u32)
    }

    /// Solves a block of draws, into rows that are used again.
    pub fn run(&self, block: &Block, out: &mut Played) {
        let (slots, n) = (self.depth, self.players);
        out.stack.resize(slots * n, row(0.0));
        out.picks.resize(slots, [0; LANES]);
        out.choice.resize(self.infosets, [0; LANES]);
        self.program.run(block, &mut out.numbers);
        let mut near = [0u64; LANES];
        let guard = self.guard(&out.numbers, &mut near);
        let nothing = row(0.0);
        for step in &self.steps {
            match *step {
                Step::Start { slot, pays } => {
                    let rows = &mut out.stack[slot as usize * n..][..n];
                    rows.fill(row(0.0));
                    add(rows, &self.pays[pays.0 as usize..pays.1 as usize], &out.numbers);
                    out.picks[slot as usize] = [0; LANES];
                }
                Step::Add { slot, pays } => {
                    let rows = &mut out.stack[slot as usize * n..][..n];
                    add(rows, &self.pays[pays.0 as usize..pays.1 as usize], &out.numbers);
                }
                Step::Offer { slot, player, arm, exact } => {
                    let (low, high) = out.stack.split_at_mut((slot as usize + 1) * n);
                    let best = &mut low[slot as usize * n..];
                    let guard = if exact { &nothing } else { &guard };
                    let other = &high[..n];
                    let took = compare(&best[player as usize], &other[player as usize], guard, &mut near);
                    for (b, o) in best.iter_mut().zip(other) {
                        select(b, o, &took);
                    }
                    pick(&mut out.picks[slot as usize], &took, arm);
                }
                Step::OfferEnd { slot, player, arm, first, exact } => {
                    let best = &mut out.stack[slot as usize * n..][..n];
                    let list = &self.pays[first as usize..first as usize + n];
                    let guard = if exact { &nothing } else { &guard };
                    let other = out.numbers.value(list[player as usize].1);
                    let took = compare(&best[player as usize], other, guard, &mut near);
                    for (b, (_, s)) in best.iter_mut().zip(list) {
                        select(b, out.numbers.value(*s), &took);
                    }
                    pick(&mut out.picks[slot as usize], &took, arm);
                }
                Step::Decide { infoset, slot } => {
                    let chosen = &mut out.choice[infoset as usize];
                    let picks = &mut out.picks[slot as usize];
                    for k in 0..LANES {
                        chosen[k] = picks[k] as u8;
                    }
                    *picks = [0; LANES];
                }
                Step::Weigh { slot, prob, first } => {
                    let (low, high) = out.stack.split_at_mut((slot as usize + 1) * n);
                    let sum = &mut low[slot as usize * n..];
                    let p = out.numbers.value(prob);
                    for (s, o) in sum.iter_mut().zip(&high[..n]) {
                        for k in 0..LANES {
                            let part = p[k] * o[k];
                            s[k] = if first { part } else { s[k] + part };
                        }
                    }
                    out.picks[slot as usize] = [0; LANES];
                }
            }
        }
        for k in 0..LANES {
            out.near[k] = near[k] != 0;
        }
        out.guard = guard;
        out.values.clear();
        out.values.extend_from_slice(&out.stack[..n]);
    }

    /// How far a difference of two computed values may be from the true one, in each draw.
    ///
    /// With payments of at most B in one play in all, each wrong by its own bound, every sum adds at
    /// most a rounding of B, and every chance move at most what its probabilities are wrong, times B,
    /// and a rounding per arm (Higham, "Accuracy and Stability of Numerical Algorithms", 2002, §3.1).
    fn guard(&self, numbers: &Values, near: &mut [u64; LANES]) -> Row {
        let mut guard = row(0.0);
        let mut doubt = row(0.0);
        let mut arms = 0.0f64;
        for list in &self.probs {
            arms = arms.max(list.len() as f64);
            let mut sum = row(0.0);
            for s in list {
                let (v, e) = (numbers.value(*s), numbers.error(*s));
                for k in 0..LANES {
                    sum[k] += e[k];
                    // A number that is no probability: the exact path says what is wrong.
                    let fine = v[k] - e[k] > 0.0 && v[k] + e[k] <= 1.0;
                    near[k] |= u64::from(!fine);
                }
            }
            for k in 0..LANES {
                doubt[k] = if sum[k] > doubt[k] { sum[k] } else { doubt[k] };
            }
        }
        if self.all_exact && self.rounded == 0.0 {
            return guard;
        }
        let (mut bound, mut payments) = (row(0.0), row(0.0));
        for (s, times) in &self.counted {
            let (v, e) = (numbers.value(*s), numbers.error(*s));
            for k in 0..LANES {
                bound[k] += times * (v[k].abs() + e[k]);
                payments[k] += times * e[k];
            }
        }
        for k in 0..LANES {
            let chance = self.most_chance * (doubt[k] + (arms + 3.0) * UNIT);
            let error = payments[k] + (self.most_sums * UNIT + chance) * bound[k];
            guard[k] = if doubt[k] < 1e-6 { 2.1 * error } else { f64::INFINITY };
        }
        guard
    }
}

/// Every expression that payments and probabilities use.
pub(crate) fn wanted(game: &Game) -> Vec<ExprId> {
    let pays = game.pay_lists.iter().flatten().map(|p| p.amount);
    pays.chain(game.chances.iter().flat_map(|c| c.probs.iter().copied())).collect()
}

/// Whether payments are at most one exact float per player, so that their sum is not rounded.
fn exact_list(list: &[(u32, Source)], players: usize, program: &Program, block: &Block) -> bool {
    let once = (0..players as u32).all(|p| list.iter().filter(|l| l.0 == p).count() <= 1);
    once && list.iter().all(|(_, s)| exact(program, block, *s))
}

fn add(rows: &mut [Row], list: &[(u32, Source)], numbers: &Values) {
    for (player, s) in list {
        let (sum, v) = (&mut rows[*player as usize], numbers.value(*s));
        for k in 0..LANES {
            sum[k] += v[k];
        }
    }
}

/// A mask of where the other is better; near comparisons are marked.
#[inline]
fn compare(best: &Row, other: &Row, guard: &Row, near: &mut [u64; LANES]) -> [u64; LANES] {
    let mut took = [0u64; LANES];
    for k in 0..LANES {
        let d = other[k] - best[k];
        // Written so that a number that is none counts as near.
        let clear = d.abs() > guard[k];
        near[k] |= if clear { 0 } else { u64::MAX };
        took[k] = if d > 0.0 { u64::MAX } else { 0 };
    }
    took
}

#[inline]
fn select(best: &mut Row, other: &Row, took: &[u64; LANES]) {
    for k in 0..LANES {
        best[k] = if took[k] != 0 { other[k] } else { best[k] };
    }
}

#[inline]
fn pick(picks: &mut [u64; LANES], took: &[u64; LANES], arm: u32) {
    for k in 0..LANES {
        picks[k] = (picks[k] & !took[k]) | (u64::from(arm) & took[k]);
    }
}
