//! The sequence form: a game as slots and leaves.
//!
//! The one idea: with perfect recall, a player's whole strategy is one number per *sequence*
//! (the own actions on a path), and a payoff is a sum over leaves of weight times one number of
//! each player (von Stengel, "Efficient computation of behavior strategies", Games and Economic
//! Behavior, 1996). Best responses, regrets and linear programs all run over these arrays.

use detente_exact::Q;
use detente_game::{Game, InfosetId, NodeKind, Numbers};

/// One player's sequences. Slot 0 is the empty sequence; the actions of set `k` stand in
/// slots `start[k]..start[k + 1]`. Sets come after the sets they follow.
#[derive(Clone, Debug, PartialEq)]
pub struct Side {
    /// Which information set each local set is.
    pub sets: Vec<InfosetId>,
    /// First slot of each set; one more entry than sets.
    pub start: Vec<u32>,
    /// The slot after which a set is reached.
    pub parent: Vec<u32>,
    /// How many equal copies of this set follow its parent slot; 1 unless sets were merged.
    pub times: Vec<f64>,
}

impl Side {
    /// Number of slots, the empty sequence included.
    pub fn slots(&self) -> usize {
        self.start.last().map_or(1, |s| *s as usize)
    }

    /// The slots of a set.
    pub fn range(&self, set: usize) -> std::ops::Range<usize> {
        self.start[set] as usize..self.start[set + 1] as usize
    }
}

/// A game in sequence form. A leaf belongs to all plays with the same sequences.
#[derive(Clone, Debug, PartialEq)]
pub struct Form {
    pub sides: Vec<Side>,
    /// `leaves[l * players + p]`: the slot of player `p` at leaf `l`.
    pub leaves: Vec<u32>,
    /// `weights[l * players + p]`: chance probability times payoff of player `p`, summed over
    /// the plays of the leaf.
    pub weights: Vec<Q>,
    /// Whether payoffs sum to the same number at every end of play.
    pub constant_sum: bool,
}

impl Form {
    /// Number of players.
    pub fn players(&self) -> usize {
        self.sides.len()
    }

    /// Number of leaves after merging plays with equal sequences.
    pub fn num_leaves(&self) -> usize {
        self.leaves.len() / self.players().max(1)
    }

    /// Compiles a game with perfect recall at one point of its parameters.
    pub fn new(game: &Game, numbers: &Numbers) -> Form {
        let players = game.players.len();
        let (sides, local) = sides(game);
        // The slot of every player on the way to each node.
        let mut at = vec![0u32; game.nodes.len() * players];
        let mut chance = vec![Q::ONE; game.nodes.len()];
        let mut ends: Vec<u32> = Vec::with_capacity(game.nodes.len() / 2);
        let mut total: Option<Q> = None;
        let mut constant_sum = true;
        for (n, node) in game.nodes.iter().enumerate() {
            if let Some((parent, arm)) = node.parent {
                let from = parent.index();
                at.copy_within(from * players..(from + 1) * players, n * players);
                chance[n] = chance[from].clone();
                match game.nodes[from].kind {
                    NodeKind::Chance(c) => chance[n] *= &numbers.chance[c.index()][arm as usize],
                    NodeKind::Decision(h) => {
                        let owner = game.infosets[h.index()].player.index();
                        at[n * players + owner] = sides[owner].start[local[h.index()]] + arm;
                    }
                    NodeKind::Terminal(_) => {}
                }
            }
            if let NodeKind::Terminal(_) = node.kind {
                let pay = &numbers.payoffs[n * players..(n + 1) * players];
                let sum: Q = pay.iter().cloned().sum();
                constant_sum &= total.get_or_insert_with(|| sum.clone()) == &sum;
                ends.push(n as u32);
            }
        }
        let slots = |n: u32| &at[n as usize * players..(n as usize + 1) * players];
        // Plays with equal slots come together, in the order of the tree: one leaf.
        ends.sort_by(|a, b| slots(*a).cmp(slots(*b)));
        let mut form = Form { sides, leaves: vec![], weights: vec![], constant_sum };
        for (k, &n) in ends.iter().enumerate() {
            if k == 0 || slots(n) != slots(ends[k - 1]) {
                form.leaves.extend(slots(n));
                form.weights.extend(std::iter::repeat_n(Q::ZERO, players));
            }
            let from = form.weights.len() - players;
            let pay = &numbers.payoffs[n as usize * players..(n as usize + 1) * players];
            for (held, pay) in form.weights[from..].iter_mut().zip(pay) {
                *held += pay * &chance[n as usize];
            }
        }
        form
    }
}

/// The slots of every player, and each information set's place on its owner's side.
fn sides(game: &Game) -> (Vec<Side>, Vec<usize>) {
    let players = game.players.len();
    let last = last_moves(game);
    let mut depth = vec![0usize; game.infosets.len()];
    let mut order: Vec<usize> = (0..game.infosets.len()).collect();
    order.retain(|h| !game.infosets[*h].nodes.is_empty());
    order.sort_by_key(|h| game.infosets[*h].nodes[0]);
    for &h in &order {
        depth[h] = last[h].map_or(0, |(before, _)| depth[before] + 1);
    }
    // Level after level: a level is one run of slots, and its sets follow earlier levels only.
    order.sort_by_key(|h| (depth[*h], game.infosets[*h].nodes[0]));
    let mut sides: Vec<Side> =
        (0..players).map(|_| Side { sets: vec![], start: vec![1], parent: vec![], times: vec![] }).collect();
    let mut local = vec![0usize; game.infosets.len()];
    for &h in &order {
        let set = &game.infosets[h];
        let side = &mut sides[set.player.index()];
        local[h] = side.sets.len();
        side.parent.push(last[h].map_or(0, |(before, action)| side.start[local[before]] + action));
        side.sets.push(InfosetId(h as u32));
        side.start.push(side.slots() as u32 + set.actions.len() as u32);
        side.times.push(1.0);
    }
    (sides, local)
}

/// The owner's last set and action before each information set.
fn last_moves(game: &Game) -> Vec<Option<(usize, u32)>> {
    game.infosets
        .iter()
        .map(|set| {
            let mut at = *set.nodes.first()?;
            while let Some((parent, arm)) = game.nodes[at.index()].parent {
                if let NodeKind::Decision(h) = game.nodes[parent.index()].kind
                    && game.infosets[h.index()].player == set.player
                {
                    return Some((h.index(), arm));
                }
                at = parent;
            }
            None
        })
        .collect()
}
