//! General trees with perfect recall, out of what each player has noticed.
//!
//! Every player carries a list of what it noticed: its own moves always, other events
//! sometimes. Nodes at which the same player moves with the same list form one
//! information set. Lists only grow and hold the own moves, so recall is perfect.

use super::{outcome, payoffs, player_names};
use crate::builder::{Place, TreeBuilder, numbered};
use crate::random::{Payoffs, SplitMix};
use detente_game::{EventId, Game, InfosetId};
use std::collections::{BTreeMap, VecDeque};

/// The longest path and the most nodes with several branches: trees of many sets are larger.
fn limits(infosets: usize) -> (usize, usize) {
    if infosets <= 40 { (5, 60) } else { (9, 6 * infosets) }
}

/// An information set with its decision, and who notices which of its moves.
struct Set {
    id: InfosetId,
    event: EventId,
    actions: usize,
    noticed_by: Vec<bool>,
}

/// An open end: its place, how many moves came before, what each player noticed.
type Open = (Place, usize, Vec<Vec<(u32, u32)>>);

pub(super) fn game(
    random: &mut SplitMix,
    players: usize,
    infosets: usize,
    menu: usize,
    from: Payoffs,
) -> Game {
    let mut tree = TreeBuilder::new("", &player_names(players));
    let mut sets: BTreeMap<(usize, Vec<(u32, u32)>), Set> = BTreeMap::new();
    let mut open: VecDeque<Open> = VecDeque::from([(None, 0, vec![vec![]; players])]);
    let facts = random.below(3);
    let mut facts_drawn: Vec<EventId> = Vec::new();
    let mut ends: Vec<Place> = Vec::new();
    let (moves, most) = limits(infosets);
    let mut inner = 0;
    while let Some((at, depth, noticed)) = open.pop_front() {
        if inner >= most || depth >= moves + facts || (depth > facts && random.once_in(5)) {
            ends.push(at);
            continue;
        }
        if depth < facts {
            if facts_drawn.len() == depth {
                facts_drawn.push(tree.chance_event(
                    Some(depth % players),
                    &format!("fact{}", depth + 1),
                    &numbered("t", 2),
                ));
            }
            draw(
                random,
                &mut tree,
                &mut open,
                (at, depth, noticed),
                facts_drawn[depth],
                Some(depth % players),
            );
            inner += 1;
            continue;
        }
        if random.once_in(8) {
            let event = tree.chance_event(None, &format!("luck{inner}"), &numbered("l", 2));
            draw(random, &mut tree, &mut open, (at, depth, noticed), event, None);
            inner += 1;
            continue;
        }
        let player = random.below(players);
        let key = (player, noticed[player].clone());
        if !sets.contains_key(&key) {
            if sets.len() >= infosets {
                ends.push(at);
                continue;
            }
            let actions = random.between(2, menu.max(2) as i64) as usize;
            let name = format!("move{}", sets.len() + 1);
            let event = tree.decision_event(player, &name, &numbered("a", actions));
            let id = tree.infoset(event, &name);
            let noticed_by = (0..players).map(|p| p == player || random.once_in(2)).collect();
            sets.insert(key.clone(), Set { id, event, actions, noticed_by });
        }
        let Some(set) = sets.get(&key) else { continue };
        let node = tree.decision(at, set.id);
        inner += 1;
        for a in 0..set.actions as u32 {
            let lists = appended(&noticed, &set.noticed_by, (set.event.0, a));
            open.push_back((Some((node, a)), depth + 1, lists));
        }
    }
    for at in ends {
        let name = outcome(random);
        tree.end(at, name, &payoffs(random, players, from));
    }
    tree.finish()
}

/// Adds a draw: a private fact of one player, or one that each player notices or not.
fn draw(
    random: &mut SplitMix,
    tree: &mut TreeBuilder,
    open: &mut VecDeque<Open>,
    (at, depth, noticed): Open,
    event: EventId,
    owner: Option<usize>,
) {
    let node = tree.chance(at, event, &random.distribution(2));
    let players = noticed.len();
    let by: Vec<bool> = (0..players).map(|p| owner.map_or_else(|| random.once_in(2), |o| o == p)).collect();
    for arm in 0..2 {
        open.push_back((Some((node, arm)), depth + 1, appended(&noticed, &by, (event.0, arm))));
    }
}

fn appended(noticed: &[Vec<(u32, u32)>], by: &[bool], mark: (u32, u32)) -> Vec<Vec<(u32, u32)>> {
    let mut lists = noticed.to_vec();
    for (list, sees) in lists.iter_mut().zip(by) {
        if *sees {
            list.push(mark);
        }
    }
    lists
}
