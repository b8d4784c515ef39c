//! Card and dice games of known size and value, the yardsticks of large-game solving.
//!
//! The one idea: the rules as the literature has them, so that values and speeds compare.
//! Kuhn, "A simplified two-person poker", 1950; Southey et al., "Bayes' bluff: opponent
//! modelling in poker", 2005 (Leduc hold'em); liar's dice with one die each, its last face wild.

use crate::builder::{Place, TreeBuilder};
use detente_exact::Q;
use detente_game::{EventId, Game, InfosetId};
use std::collections::BTreeMap;

/// A tree under construction whose information sets are found by what the player knows.
struct Table {
    tree: TreeBuilder,
    events: BTreeMap<String, EventId>,
    sets: BTreeMap<String, InfosetId>,
}

impl Table {
    fn new(title: &str, players: &[&str]) -> Table {
        Table { tree: TreeBuilder::new(title, players), events: BTreeMap::new(), sets: BTreeMap::new() }
    }

    fn chance(&mut self, at: Place, name: &str, arms: &[String]) -> Place {
        let key = format!("chance {name} {}", arms.join(" "));
        let tree = &mut self.tree;
        let event = *self.events.entry(key).or_insert_with(|| tree.chance_event(None, name, arms));
        let share = Q::new(1, arms.len() as i64);
        Some((tree.chance(at, event, &vec![share; arms.len()]), 0))
    }

    fn decision(&mut self, at: Place, player: usize, known: &str, arms: &[String]) -> Place {
        let tree = &mut self.tree;
        let key = format!("{player} {}", arms.join(" "));
        let event = *self.events.entry(key).or_insert_with(|| tree.decision_event(player, "move", arms));
        let key = format!("{player}: {known}");
        let set = *self.sets.entry(key).or_insert_with(|| tree.infoset(event, known));
        Some((tree.decision(at, set), 0))
    }
}

/// Places the `k`-th branch of a node.
fn branch(at: Place, k: usize) -> Place {
    at.map(|(node, _)| (node, k as u32))
}

fn words(list: &[&str]) -> Vec<String> {
    list.iter().map(|w| w.to_string()).collect()
}

/// Kuhn poker for two or more players: a deck of one card more than players, ante 1, one bet of 1.
/// For two, the first player's value is −1/18.
pub fn kuhn(players: usize) -> Game {
    let names: Vec<String> = (1..=players).map(|k| format!("P{k}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let mut table = Table::new("Kuhn poker", &names);
    deal_kuhn(&mut table, players, vec![], None);
    table.tree.finish()
}

fn deal_kuhn(table: &mut Table, players: usize, cards: Vec<usize>, at: Place) {
    if cards.len() == players {
        return bet_kuhn(table, &cards, String::new(), at);
    }
    let left: Vec<usize> = (0..=players).filter(|c| !cards.contains(c)).collect();
    let arms: Vec<String> = left.iter().map(|c| format!("c{c}")).collect();
    let node = table.chance(at, &format!("card{}", cards.len() + 1), &arms);
    for (k, card) in left.iter().enumerate() {
        deal_kuhn(table, players, [cards.clone(), vec![*card]].concat(), branch(node, k));
    }
}

fn bet_kuhn(table: &mut Table, cards: &[usize], history: String, at: Place) {
    let players = cards.len();
    let first = history.find('b');
    let over = first.map_or(history.len() == players, |f| history.len() == f + players);
    if over {
        let stays = |p: usize| {
            first.is_none() || (0..history.len()).any(|k| k % players == p && history.as_bytes()[k] == b'b')
        };
        let winner = (0..players).filter(|p| stays(*p)).max_by_key(|p| cards[*p]).expect("a bettor stays");
        let paid: Vec<i64> = (0..players).map(|p| if first.is_some() && stays(p) { 2 } else { 1 }).collect();
        let pot: i64 = paid.iter().sum();
        let pay: Vec<Q> =
            (0..players).map(|p| Q::from(if p == winner { pot - paid[p] } else { -paid[p] })).collect();
        table.tree.end(at, None, &pay);
        return;
    }
    let player = history.len() % players;
    let known = format!("c{}{history}", cards[player]);
    let node = table.decision(at, player, &known, &words(&["pass", "bet"]));
    bet_kuhn(table, cards, format!("{history}p"), branch(node, 0));
    bet_kuhn(table, cards, format!("{history}b"), branch(node, 1));
}

/// Leduc hold'em with six distinct cards: 9,457 nodes, 936 information sets; the first player's
/// value is about −0.0856.
pub fn leduc() -> Game {
    let mut table = Table::new("Leduc hold'em", &["P1", "P2"]);
    let first = deal_leduc(&mut table, &[], None);
    for (k, a) in first.1.iter().enumerate() {
        let second = deal_leduc(&mut table, &[*a], branch(first.0, k));
        for (j, b) in second.1.iter().enumerate() {
            let state = Leduc { cards: [*a, *b], public: None, paid: [1, 1], raises: 0, text: String::new() };
            bet_leduc(&mut table, &state, 0, 0, branch(second.0, j));
        }
    }
    table.tree.finish()
}

fn deal_leduc(table: &mut Table, gone: &[usize], at: Place) -> (Place, Vec<usize>) {
    let left: Vec<usize> = (0..6).filter(|c| !gone.contains(c)).collect();
    let arms: Vec<String> = left.iter().map(|c| format!("c{c}")).collect();
    (table.chance(at, &format!("card{}", gone.len() + 1), &arms), left)
}

#[derive(Clone)]
struct Leduc {
    cards: [usize; 2],
    public: Option<usize>,
    paid: [i64; 2],
    raises: u32,
    text: String,
}

/// One betting step: `player` moves, `moves` moves were made in this round.
fn bet_leduc(table: &mut Table, state: &Leduc, player: usize, moves: u32, at: Place) {
    let owes = state.paid[1 - player] - state.paid[player];
    let mut actions = vec!["call"];
    if owes > 0 {
        actions.insert(0, "fold");
    }
    if state.raises < 2 {
        actions.push("raise");
    }
    let public = state.public.map_or(String::new(), |c| format!("/{c}"));
    let known = format!("c{}{public}:{}", state.cards[player], state.text);
    let node = table.decision(at, player, &known, &words(&actions));
    for (k, action) in actions.iter().enumerate() {
        let at = branch(node, k);
        let mut next = state.clone();
        next.text.push_str(&action[..1]);
        match *action {
            "fold" => pay_leduc(table, 1 - player, state.paid[player], at),
            "raise" => {
                let size = if state.public.is_some() { 4 } else { 2 };
                next.paid[player] = state.paid[1 - player] + size;
                next.raises += 1;
                bet_leduc(table, &next, 1 - player, moves + 1, at);
            }
            _ => {
                next.paid[player] = state.paid[1 - player];
                if moves == 0 {
                    bet_leduc(table, &next, 1 - player, 1, at);
                } else if state.public.is_some() {
                    show_leduc(table, &next, at);
                } else {
                    let (cards, left) = deal_leduc(table, &state.cards, at);
                    next.raises = 0;
                    for (k, card) in left.iter().enumerate() {
                        let mut next = next.clone();
                        next.public = Some(*card);
                        next.text.push('/');
                        bet_leduc(table, &next, 0, 0, branch(cards, k));
                    }
                }
            }
        }
    }
}

fn show_leduc(table: &mut Table, state: &Leduc, at: Place) {
    let public = state.public.expect("cards are shown after the public one");
    let strength = |card: usize| if card / 2 == public / 2 { 10 } else { card / 2 };
    let (a, b) = (strength(state.cards[0]), strength(state.cards[1]));
    match a.cmp(&b) {
        std::cmp::Ordering::Equal => {
            table.tree.end(at, None, &[Q::ZERO, Q::ZERO]);
        }
        std::cmp::Ordering::Greater => pay_leduc(table, 0, state.paid[1], at),
        std::cmp::Ordering::Less => pay_leduc(table, 1, state.paid[0], at),
    }
}

fn pay_leduc(table: &mut Table, winner: usize, amount: i64, at: Place) {
    let sign = if winner == 0 { 1 } else { -1 };
    table.tree.end(at, None, &[Q::from(sign * amount), Q::from(-sign * amount)]);
}

/// Liar's dice with one die each: bids rise in quantity, then face; the last face is wild.
/// With six sides it has 294,883 nodes and 24,576 information sets.
pub fn liars_dice(sides: usize) -> Game {
    let mut table = Table::new("Liar's dice", &["P1", "P2"]);
    let faces: Vec<String> = (1..=sides).map(|f| format!("f{f}")).collect();
    let first = table.chance(None, "die1", &faces);
    for a in 0..sides {
        let second = table.chance(branch(first, a), "die2", &faces);
        for b in 0..sides {
            bid(&mut table, [a, b], sides, &[], branch(second, b));
        }
    }
    table.tree.finish()
}

fn bid(table: &mut Table, dice: [usize; 2], sides: usize, bids: &[usize], at: Place) {
    let player = bids.len() % 2;
    let from = bids.last().map_or(0, |b| b + 1);
    let mut arms: Vec<String> =
        (from..2 * sides).map(|b| format!("{}x{}", b / sides + 1, b % sides + 1)).collect();
    if !bids.is_empty() {
        arms.push("liar".into());
    }
    let text: Vec<String> = bids.iter().map(usize::to_string).collect();
    let known = format!("f{}:{}", dice[player] + 1, text.join(","));
    let node = table.decision(at, player, &known, &arms);
    for (k, b) in (from..2 * sides).enumerate() {
        bid(table, dice, sides, &[bids, &[b]].concat(), branch(node, k));
    }
    if let Some(last) = bids.last() {
        let (quantity, face) = (last / sides + 1, last % sides);
        let count = dice.iter().filter(|d| **d == face || **d == sides - 1).count();
        // The caller of "liar" loses if the bid was true.
        let winner = if count >= quantity { 1 - player } else { player };
        let sign = if winner == 0 { 1 } else { -1 };
        let at = branch(node, 2 * sides - from);
        table.tree.end(at, None, &[Q::from(sign), Q::from(-sign)]);
    }
}
