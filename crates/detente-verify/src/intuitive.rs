//! The intuitive criterion (Cho and Kreps 1987), decided once more.
//!
//! The one idea: a message that nobody sends upsets an equilibrium if, once the receiver rules
//! out every type that her best replies could only hurt, some other type gains from it whatever
//! best reply is left. Which replies are best for some belief is one linear program each.

use detente_exact::Q;
use detente_exact::lp::{self, Lp, Rel};
use detente_game::{Game, NodeId, NodeKind, Numbers};
use std::collections::BTreeMap;

/// A type that can send a message: what it and the receiver expect after each reply.
pub(crate) struct Sender {
    pub set: usize,
    pub action: usize,
    pub own: Vec<Q>,
    pub receiver: Vec<Q>,
}

/// A way on from a message: the node, and its share of chance.
type Branch = (NodeId, Q);

/// Whether the profile passes; `None` if the game is no signalling game in shape.
pub fn passes(game: &Game, numbers: &Numbers, profile: &[Vec<Q>]) -> Option<bool> {
    let messages = messages(game, numbers)?;
    let mut payoffs: BTreeMap<usize, Q> = BTreeMap::new();
    for s in messages.values().flatten() {
        payoffs.entry(s.set).or_insert_with(|| type_payoff(game, numbers, profile, s.set));
    }
    let is_sent = |senders: &[Sender]| senders.iter().any(|s| profile[s.set][s.action].is_positive());
    Some(messages.values().filter(|m| !is_sent(m)).all(|m| !upsets(m, &payoffs)))
}

pub(crate) fn upsets(senders: &[Sender], payoffs: &BTreeMap<usize, Q>) -> bool {
    let everybody: Vec<&Sender> = senders.iter().collect();
    let replies = best_replies(&everybody);
    let tempted: Vec<&Sender> =
        everybody.into_iter().filter(|s| replies.iter().any(|r| s.own[*r] >= payoffs[&s.set])).collect();
    let replies = best_replies(&tempted);
    tempted.iter().any(|s| replies.iter().all(|r| s.own[*r] > payoffs[&s.set]))
}

/// Replies that are best for some belief over these types.
fn best_replies(types: &[&Sender]) -> Vec<usize> {
    let Some(first) = types.first() else { return Vec::new() };
    let count = first.receiver.len();
    let is_best = |reply: &usize| {
        let mut belief = Lp::with_variables(types.len(), Some(Q::ZERO), None);
        belief.add_row((0..types.len()).map(|k| (k, Q::ONE)).collect(), Rel::Eq, Q::ONE);
        for other in (0..count).filter(|o| o != reply) {
            let better = |(k, t): (usize, &&Sender)| (k, &t.receiver[*reply] - &t.receiver[other]);
            belief.add_row(types.iter().enumerate().map(better).collect(), Rel::Ge, Q::ZERO);
        }
        lp::feasible(&belief).is_ok()
    };
    (0..count).filter(is_best).collect()
}

/// The senders of each message, by the receiver's set that hears it.
pub(crate) fn messages(game: &Game, numbers: &Numbers) -> Option<BTreeMap<usize, Vec<Sender>>> {
    // Per receiver's set, the senders and where their messages arrive.
    let mut heard: BTreeMap<usize, BTreeMap<(usize, usize), Vec<Branch>>> = BTreeMap::new();
    let mut stack: Vec<(NodeId, Q, Option<(usize, usize)>, bool)> = vec![(NodeId(0), Q::ONE, None, false)];
    let (mut sender, mut receiver) = (None, None);
    // What ends the game unanswered has no message.
    while let Some((node, chance, sent, is_answered)) = stack.pop() {
        let children = game.children(node).iter();
        match game.nodes[node.index()].kind {
            NodeKind::Terminal(_) => {}
            NodeKind::Chance(c) => {
                let arms = children.zip(&numbers.chance[c.index()]);
                stack.extend(arms.map(|(child, p)| (*child, &chance * p, sent, is_answered)));
            }
            NodeKind::Decision(h) => {
                let owner = game.infosets[h.index()].player;
                match sent {
                    _ if is_answered => return None,
                    None => {
                        if *sender.get_or_insert(owner) != owner {
                            return None;
                        }
                        let sends = children.enumerate();
                        stack.extend(sends.map(|(a, c)| (*c, chance.clone(), Some((h.index(), a)), false)));
                    }
                    Some(message) => {
                        if *receiver.get_or_insert(owner) != owner {
                            return None;
                        }
                        let arrivals = heard.entry(h.index()).or_default().entry(message).or_default();
                        arrivals.push((node, chance.clone()));
                        stack.extend(children.map(|c| (*c, chance.clone(), sent, true)));
                    }
                }
            }
        }
    }
    let (sender, receiver) = (sender?, receiver?);
    // An action of a type is one message, and a type has one way to send it.
    let mut hears: BTreeMap<(usize, usize), usize> = BTreeMap::new();
    for (set, from) in &heard {
        for message in from.keys() {
            if hears.insert(*message, *set).is_some() {
                return None;
            }
        }
        let mut kinds: Vec<usize> = from.keys().map(|(kind, _)| *kind).collect();
        kinds.dedup();
        if kinds.len() != from.len() {
            return None;
        }
    }
    if sender == receiver || heard.values().all(|from| from.len() < 2) {
        return None;
    }
    let mut found = BTreeMap::new();
    for (set, from) in &heard {
        let mut senders = Vec::new();
        for ((kind, action), arrivals) in from {
            let starts: Vec<Branch> = game.infosets[*kind]
                .nodes
                .iter()
                .map(|n| (game.children(*n)[*action], chance_to(game, numbers, *n)))
                .collect();
            let replies = 0..game.infosets[*set].actions.len();
            let mean = |starts: &[Branch], player: usize, reply: usize| {
                answered(game, numbers, starts, player, reply)
            };
            senders.push(Sender {
                set: *kind,
                action: *action,
                own: replies.clone().map(|r| mean(&starts, sender.index(), r)).collect(),
                receiver: replies.map(|r| mean(arrivals, receiver.index(), r)).collect(),
            });
        }
        found.insert(*set, senders);
    }
    Some(found)
}

/// A player's mean payoff from these nodes if the decision below is answered by `reply`.
fn answered(game: &Game, numbers: &Numbers, starts: &[Branch], player: usize, reply: usize) -> Q {
    let total: Q = starts.iter().map(|(_, w)| w.clone()).sum();
    let mut sum = Q::ZERO;
    let mut stack = starts.to_vec();
    while let Some((node, weight)) = stack.pop() {
        let children = game.children(node);
        match game.nodes[node.index()].kind {
            NodeKind::Terminal(_) => {
                sum += &(weight * &numbers.payoffs[node.index() * game.players.len() + player]);
            }
            NodeKind::Decision(_) => stack.push((children[reply], weight)),
            NodeKind::Chance(c) => {
                stack.extend(children.iter().zip(&numbers.chance[c.index()]).map(|(n, p)| (*n, &weight * p)));
            }
        }
    }
    sum.checked_div(&total).unwrap_or(Q::ZERO)
}

pub(crate) fn chance_to(game: &Game, numbers: &Numbers, mut node: NodeId) -> Q {
    let mut product = Q::ONE;
    while let Some((parent, arm)) = game.nodes[node.index()].parent {
        if let NodeKind::Chance(c) = game.nodes[parent.index()].kind {
            product *= &numbers.chance[c.index()][arm as usize];
        }
        node = parent;
    }
    product
}

/// What a type earns under the profile.
pub(crate) fn type_payoff(game: &Game, numbers: &Numbers, profile: &[Vec<Q>], set: usize) -> Q {
    let player = game.infosets[set].player.index();
    let mut stack: Vec<Branch> =
        game.infosets[set].nodes.iter().map(|n| (*n, chance_to(game, numbers, *n))).collect();
    let total: Q = stack.iter().map(|(_, w)| w.clone()).sum();
    let mut sum = Q::ZERO;
    while let Some((node, weight)) = stack.pop() {
        let steps = match game.nodes[node.index()].kind {
            NodeKind::Terminal(_) => {
                sum += &(weight * &numbers.payoffs[node.index() * game.players.len() + player]);
                continue;
            }
            NodeKind::Chance(c) => &numbers.chance[c.index()],
            NodeKind::Decision(h) => &profile[h.index()],
        };
        let ways = game.children(node).iter().zip(steps).filter(|(_, p)| !p.is_zero());
        stack.extend(ways.map(|(n, p)| (*n, &weight * p)));
    }
    sum.checked_div(&total).unwrap_or(Q::ZERO)
}
