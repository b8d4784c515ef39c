//! Each player's plans, and what every combination of them brings.
//!
//! The one idea: a plan says what to do at the sets that the plan itself can reach (a reduced
//! strategy), so it is a set of sequences; a combination of plans ends where all sequences on the
//! way are in them.

use detente_exact::Q;
use detente_game::device::Plan;
use detente_game::{Game, NodeKind, Numbers};
use detente_sequence::form::{Form, Side};
use std::collections::BTreeMap;

/// Most combinations of plans for which these questions are answered.
pub const MOST: usize = 10_000;

/// The game has more combinations of plans than can be listed.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("the players' plans have more than {MOST} combinations: this concept needs them listed")]
pub struct TooMany;

/// All plans and what they bring.
#[derive(Clone, Debug)]
pub struct Plans {
    pub sides: Vec<Side>,
    /// Number of information sets of the game.
    pub sets: usize,
    /// `own[p][i][s]`: whether plan `i` of player `p` holds its sequence `s`.
    pub own: Vec<Vec<Vec<bool>>>,
    /// `pays[p][c]`: expected payoff of player `p` under combination `c`.
    pub pays: Vec<Vec<Q>>,
    /// `outcomes[o]`: combinations, each with a part of the probability of outcome key `o` under it; they add up.
    pub outcomes: Vec<Vec<(usize, Q)>>,
}

impl Plans {
    /// Lists the plans of a game and what each combination brings.
    ///
    /// # Errors
    /// More than [`MOST`] combinations.
    pub fn new(game: &Game, numbers: &Numbers) -> Result<Plans, TooMany> {
        let form = Form::new(game, numbers);
        let mut own = vec![];
        let mut combinations = 1usize;
        for side in &form.sides {
            let list = plans_of(side, MOST / combinations)?;
            combinations *= list.len();
            own.push(list);
        }
        let keys = game.outcome_keys().len();
        let players = form.sides.len();
        let mut plans = Plans {
            sides: form.sides,
            sets: game.infosets.len(),
            own,
            pays: vec![vec![Q::ZERO; combinations]; players],
            outcomes: vec![vec![]; keys],
        };
        plans.fill(game, numbers);
        Ok(plans)
    }

    /// Number of combinations.
    pub fn combinations(&self) -> usize {
        self.own.iter().map(Vec::len).product()
    }

    /// Which plan of player `p` stands in combination `c`; the last player's plans run fastest.
    pub fn plan_in(&self, c: usize, p: usize) -> usize {
        c / self.stride(p) % self.own[p].len()
    }

    /// The combination like `c`, but with plan `i` of player `p`.
    pub fn with(&self, c: usize, p: usize, i: usize) -> usize {
        let stride = self.stride(p);
        c - self.plan_in(c, p) * stride + i * stride
    }

    /// The combinations that hold plan `i` of player `p`.
    pub fn holding(&self, p: usize, i: usize) -> impl Iterator<Item = usize> {
        let (stride, count) = (self.stride(p), self.own[p].len());
        let blocks = self.combinations() / (stride * count);
        (0..blocks).flat_map(move |block| {
            let first = (block * count + i) * stride;
            first..first + stride
        })
    }

    fn stride(&self, p: usize) -> usize {
        self.own[p + 1..].iter().map(Vec::len).product()
    }

    /// The plan of player `p` with exactly these sequences.
    pub fn find(&self, p: usize, sequences: &[bool]) -> Option<usize> {
        self.own[p].binary_search_by(|plan| sequences.cmp(plan.as_slice())).ok()
    }

    /// A plan as actions at the information sets that it comes to.
    pub fn plan(&self, p: usize, i: usize) -> Plan {
        self.actions(p, &self.own[p][i])
    }

    /// The same for any set of sequences.
    pub fn actions(&self, p: usize, sequences: &[bool]) -> Plan {
        let mut plan = vec![None; self.sets];
        self.write(p, sequences, &mut plan);
        plan
    }

    /// What all players do in a combination.
    pub fn joint(&self, c: usize) -> Plan {
        let mut plan = vec![None; self.sets];
        for p in 0..self.own.len() {
            self.write(p, &self.own[p][self.plan_in(c, p)], &mut plan);
        }
        plan
    }

    fn write(&self, p: usize, sequences: &[bool], plan: &mut Plan) {
        let side = &self.sides[p];
        for (k, set) in side.sets.iter().enumerate() {
            let taken = side.range(k).position(|s| sequences[s]);
            plan[set.index()] = taken.map(|a| a as u32);
        }
    }

    /// Adds every end of play to the combinations that reach it.
    fn fill(&mut self, game: &Game, numbers: &Numbers) {
        let players = self.sides.len();
        let mut ends: BTreeMap<Vec<u32>, (Vec<Q>, BTreeMap<usize, Q>)> = BTreeMap::new();
        for (slots, chance, node) in ends_of(game, numbers, &self.sides) {
            let (row, outcomes) =
                ends.entry(slots).or_insert_with(|| (vec![Q::ZERO; players], BTreeMap::new()));
            for (p, held) in row.iter_mut().enumerate() {
                *held += &chance * &numbers.payoffs[node * players + p];
            }
            if let Some(key) = game.outcome_key(detente_game::NodeId(node as u32)) {
                *outcomes.entry(key).or_insert(Q::ZERO) += &chance;
            }
        }
        for (slots, (row, outcomes)) in ends {
            let fits: Vec<Vec<usize>> = (0..players)
                .map(|p| {
                    let holds = |i: &usize| self.own[p][*i][slots[p] as usize];
                    (0..self.own[p].len()).filter(holds).collect()
                })
                .collect();
            for c in combinations_of(self, &fits) {
                for (p, pay) in row.iter().enumerate() {
                    self.pays[p][c] += pay;
                }
                for (o, share) in &outcomes {
                    self.outcomes[*o].push((c, share.clone()));
                }
            }
        }
    }
}

/// Every combination of the given plans.
fn combinations_of(plans: &Plans, fits: &[Vec<usize>]) -> Vec<usize> {
    let mut list = vec![0];
    for (p, fits) in fits.iter().enumerate() {
        let stride = plans.stride(p);
        list = list.iter().flat_map(|c| fits.iter().map(move |i| c + i * stride)).collect();
    }
    list
}

/// The plans of a player, sorted.
fn plans_of(side: &Side, most: usize) -> Result<Vec<Vec<bool>>, TooMany> {
    let mut root = vec![false; side.slots()];
    root[0] = true;
    let mut list = vec![root];
    for k in 0..side.sets.len() {
        let mut next = vec![];
        for plan in list {
            if !plan[side.parent[k] as usize] {
                next.push(plan);
                continue;
            }
            for s in side.range(k) {
                let mut more = plan.clone();
                more[s] = true;
                next.push(more);
            }
            if next.len() > most {
                return Err(TooMany);
            }
        }
        list = next;
    }
    // First actions first, as a reader expects.
    list.sort_unstable_by(|a, b| b.cmp(a));
    Ok(list)
}

/// Every end of play: the sequences on the way, chance's share, and the node.
fn ends_of(game: &Game, numbers: &Numbers, sides: &[Side]) -> Vec<(Vec<u32>, Q, usize)> {
    let players = sides.len();
    let mut first = vec![(0usize, 0u32); game.infosets.len()];
    for (p, side) in sides.iter().enumerate() {
        for (k, set) in side.sets.iter().enumerate() {
            first[set.index()] = (p, side.start[k]);
        }
    }
    let mut at = vec![vec![0u32; players]; game.nodes.len()];
    let mut chance = vec![Q::ONE; game.nodes.len()];
    let mut ends = vec![];
    for (n, node) in game.nodes.iter().enumerate() {
        if let Some((parent, arm)) = node.parent {
            at[n] = at[parent.index()].clone();
            chance[n] = chance[parent.index()].clone();
            match game.nodes[parent.index()].kind {
                NodeKind::Chance(c) => chance[n] *= &numbers.chance[c.index()][arm as usize],
                NodeKind::Decision(h) => {
                    let (p, start) = first[h.index()];
                    at[n][p] = start + arm;
                }
                NodeKind::Terminal(_) => {}
            }
        }
        if let NodeKind::Terminal(_) = node.kind {
            ends.push((at[n].clone(), chance[n].clone(), n));
        }
    }
    ends
}
