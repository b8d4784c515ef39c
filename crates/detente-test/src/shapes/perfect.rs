//! Perfect information: a random open end becomes a decision until there are enough.

use super::{outcome, payoffs, player_names};
use crate::builder::{Place, TreeBuilder, numbered};
use crate::random::{Payoffs, SplitMix};
use detente_game::Game;

pub(super) fn game(
    random: &mut SplitMix,
    players: usize,
    decisions: usize,
    menu: usize,
    from: Payoffs,
) -> Game {
    let mut tree = TreeBuilder::new("", &player_names(players));
    let mut open: Vec<Place> = vec![None];
    let mut made = 0;
    let mut chances = 0;
    while made < decisions {
        let at = open.swap_remove(random.below(open.len()));
        let size = random.between(2, menu.max(2) as i64) as usize;
        let node = if made > 0 && random.once_in(8) {
            chances += 1;
            let event = tree.chance_event(None, &format!("luck{chances}"), &numbered("arm", size.min(3)));
            tree.chance(at, event, &random.distribution(size.min(3)))
        } else {
            made += 1;
            let event =
                tree.decision_event(random.below(players), &format!("move{made}"), &numbered("a", size));
            let set = tree.infoset(event, &format!("move{made}"));
            tree.decision(at, set)
        };
        let size = tree.branches(node);
        open.extend((0..size).map(|k| Some((node, k))));
    }
    for at in open {
        let name = outcome(random);
        tree.end(at, name, &payoffs(random, players, from));
    }
    tree.finish()
}
