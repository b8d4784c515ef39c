//! The intuitive criterion of Cho and Kreps ("Signaling Games and Stable Equilibria",
//! Quarterly Journal of Economics, 1987), decided exactly.
//!
//! The one idea: an equilibrium is unreasonable if some type could send an unsent message
//! and gain for sure, once the receiver stops believing in types that could only lose by it.
//! Over all beliefs, the best and the worst best reply for a type are pure, because a mixed
//! best reply is one to a belief at which each of its actions is a best reply. So one linear
//! program per reply decides everything; no convex hull of replies is ever taken.
//!
//! It applies to games that are signalling games in shape: chance draws the sender's type,
//! the sender sends one message, one receiver who knows the message only replies, and the
//! play ends. Chance may move anywhere as long as nobody but the sender learns from it.

use detente_exact::Q;
use detente_exact::lp::{self, Lp, Rel};
use detente_game::solution::Component;
use detente_game::{Game, NodeId, NodeKind, Numbers};
use std::collections::BTreeMap;

/// A game that is a signalling game in shape.
pub(crate) struct Signalling {
    /// Information set of each type of the sender.
    pub types: Vec<usize>,
    pub messages: Vec<Message>,
}

/// A message that the receiver answers.
pub(crate) struct Message {
    /// The receiver's information set.
    pub set: usize,
    pub senders: Vec<Sender>,
}

/// A type that can send a message.
pub(crate) struct Sender {
    /// Position in `Signalling::types`, and the action that is this message.
    pub kind: usize,
    pub action: usize,
    /// How likely chance makes the type.
    pub prior: Q,
    /// Per reply: the sender's and the receiver's expected payoff.
    pub sender: Vec<Q>,
    pub receiver: Vec<Q>,
}

/// Writes the verdict into each component; leaves `None` where the criterion does not apply.
///
/// The criterion speaks of an equilibrium's payoffs to the types. Where these vary over a
/// component, the verdict is about the equilibrium that is shown for it: `true` says that
/// some equilibrium of the component passes, `false` that the shown one does not.
pub fn mark(game: &Game, numbers: &Numbers, components: &mut [Component]) {
    let Some(shape) = shape(game, numbers) else { return };
    for component in components {
        let exact = |list: &Vec<_>| list.iter().map(exact_of).collect::<Option<Vec<Q>>>();
        let profile: Option<Vec<Vec<Q>>> = component.profile.iter().map(exact).collect();
        component.intuitive = profile.and_then(|p| passes(game, numbers, &shape, &p));
    }
}

fn exact_of(number: &detente_game::solution::Num) -> Option<Q> {
    number.exact.clone()
}

/// Whether no unsent message upsets the equilibrium.
fn passes(game: &Game, numbers: &Numbers, shape: &Signalling, profile: &[Vec<Q>]) -> Option<bool> {
    let payoffs = payoffs_of(game, numbers, shape, profile)?;
    let sent = |m: &Message| m.senders.iter().any(|s| !profile[shape.types[s.kind]][s.action].is_zero());
    Some(shape.messages.iter().filter(|m| !sent(m)).all(|m| !upsets(m, &payoffs)))
}

/// What each type earns.
pub(crate) fn payoffs_of(
    game: &Game,
    numbers: &Numbers,
    shape: &Signalling,
    profile: &[Vec<Q>],
) -> Option<Vec<Q>> {
    let values = values(game, numbers, profile);
    shape.types.iter().map(|h| type_payoff(game, numbers, *h, &values)).collect()
}

/// Whether some type gains from the message whatever the receiver replies, as long as she
/// does not believe in types for which the equilibrium is better than all her replies.
pub(crate) fn upsets(message: &Message, payoffs: &[Q]) -> bool {
    let all: Vec<&Sender> = message.senders.iter().collect();
    let replies = best_replies(&all);
    let may_gain = |s: &&Sender| replies.iter().any(|a| s.sender[*a] >= payoffs[s.kind]);
    let left: Vec<&Sender> = all.into_iter().filter(may_gain).collect();
    if left.is_empty() {
        return false;
    }
    let replies = best_replies(&left);
    left.iter().any(|s| replies.iter().all(|a| s.sender[*a] > payoffs[s.kind]))
}

/// The replies that are best for some belief over these types.
fn best_replies(types: &[&Sender]) -> Vec<usize> {
    let count = types[0].receiver.len();
    (0..count)
        .filter(|a| {
            let mut lp = Lp::with_variables(types.len(), Some(Q::ZERO), None);
            lp.add_row((0..types.len()).map(|k| (k, Q::ONE)).collect(), Rel::Eq, Q::ONE);
            for b in (0..count).filter(|b| b != a) {
                let margin = |(k, t): (usize, &&Sender)| (k, &t.receiver[*a] - &t.receiver[b]);
                lp.add_row(types.iter().enumerate().map(margin).collect(), Rel::Ge, Q::ZERO);
            }
            lp::feasible(&lp).is_ok()
        })
        .collect()
}

/// Expected payoffs of all players at all nodes.
fn values(game: &Game, numbers: &Numbers, profile: &[Vec<Q>]) -> Vec<Vec<Q>> {
    let n = game.players.len();
    let mut values = vec![vec![Q::ZERO; n]; game.nodes.len()];
    for x in (0..game.nodes.len()).rev() {
        let probs = match game.nodes[x].kind {
            NodeKind::Terminal(_) => {
                values[x] = numbers.payoffs[x * n..x * n + n].to_vec();
                continue;
            }
            NodeKind::Chance(c) => &numbers.chance[c.index()],
            NodeKind::Decision(h) => &profile[h.index()],
        };
        for (child, q) in game.children(NodeId(x as u32)).iter().zip(probs) {
            for p in 0..n {
                let share = q * &values[child.index()][p];
                values[x][p] += share;
            }
        }
    }
    values
}

/// What a type earns in equilibrium.
fn type_payoff(game: &Game, numbers: &Numbers, h: usize, values: &[Vec<Q>]) -> Option<Q> {
    let player = game.infosets[h].player.index();
    let nodes = &game.infosets[h].nodes;
    let weights: Vec<Q> = nodes.iter().map(|x| chance_above(game, numbers, *x)).collect();
    let total: Q = weights.iter().cloned().sum();
    let sum: Q = nodes.iter().zip(&weights).map(|(x, w)| w * &values[x.index()][player]).sum();
    sum.checked_div(&total)
}

/// Product of the chance probabilities on the way to a node.
fn chance_above(game: &Game, numbers: &Numbers, mut node: NodeId) -> Q {
    let mut product = Q::ONE;
    while let Some((parent, arm)) = game.nodes[node.index()].parent {
        if let NodeKind::Chance(c) = game.nodes[parent.index()].kind {
            product *= &numbers.chance[c.index()][arm as usize];
        }
        node = parent;
    }
    product
}

/// Returns the game as a signalling game, if it is one in shape.
pub(crate) fn shape(game: &Game, numbers: &Numbers) -> Option<Signalling> {
    let mut types: Vec<usize> = vec![];
    // Per receiver set and (type, action): nodes of the receiver after it.
    let mut found: BTreeMap<usize, BTreeMap<(usize, usize), Vec<NodeId>>> = BTreeMap::new();
    // The receiver's set that follows a type's action.
    let mut answer: BTreeMap<(usize, usize), usize> = BTreeMap::new();
    let mut stack: Vec<(NodeId, Option<(usize, usize)>, bool)> = vec![(NodeId(0), None, false)];
    while let Some((x, sent, replied)) = stack.pop() {
        let children = game.children(x);
        match game.nodes[x.index()].kind {
            NodeKind::Terminal(_) => {}
            NodeKind::Chance(_) => stack.extend(children.iter().map(|c| (*c, sent, replied))),
            NodeKind::Decision(_) if replied => return None,
            NodeKind::Decision(h) => match sent {
                None => {
                    let kind = types.iter().position(|t| *t == h.index()).unwrap_or_else(|| {
                        types.push(h.index());
                        types.len() - 1
                    });
                    stack.extend(children.iter().enumerate().map(|(a, c)| (*c, Some((kind, a)), false)));
                }
                Some(message) => {
                    if *answer.entry(message).or_insert(h.index()) != h.index() {
                        return None;
                    }
                    found.entry(h.index()).or_default().entry(message).or_default().push(x);
                    stack.extend(children.iter().map(|c| (*c, sent, true)));
                }
            },
        }
    }
    let sender = game.infosets[*types.first()?].player;
    let receiver = game.infosets[*found.keys().next()?].player;
    let one_sender = types.iter().all(|h| game.infosets[*h].player == sender);
    let one_receiver = found.keys().all(|h| game.infosets[*h].player == receiver);
    // Keys are (type, action): a type must have one way to send a message, and some message
    // must be open to two types.
    let pooled = found.values().any(|m| m.len() > 1);
    let single = found.values().all(|m| {
        let kinds: Vec<usize> = m.keys().map(|(t, _)| *t).collect();
        kinds.windows(2).all(|w| w[0] != w[1])
    });
    if sender == receiver || !pooled || !one_sender || !one_receiver || !single {
        return None;
    }
    let messages = found.iter().map(|(h, by)| message(game, numbers, &types, *h, by)).collect();
    Some(Signalling { types, messages })
}

fn message(
    game: &Game,
    numbers: &Numbers,
    types: &[usize],
    reply: usize,
    by: &BTreeMap<(usize, usize), Vec<NodeId>>,
) -> Message {
    let receiver = game.infosets[reply].player.index();
    let sender = game.infosets[types[0]].player.index();
    let mut senders = vec![];
    for ((kind, action), nodes) in by {
        let ends: Vec<NodeId> =
            game.infosets[types[*kind]].nodes.iter().map(|x| game.children(*x)[*action]).collect();
        let replies = 0..game.infosets[reply].actions.len();
        let mean = |nodes: &[NodeId], player: usize, a: usize| {
            let weights: Vec<Q> = nodes.iter().map(|x| chance_above(game, numbers, *x)).collect();
            let sum: Q =
                nodes.iter().zip(&weights).map(|(x, w)| w * &after(game, numbers, *x, player, a)).sum();
            sum / weights.into_iter().sum::<Q>()
        };
        senders.push(Sender {
            kind: *kind,
            action: *action,
            prior: game.infosets[types[*kind]].nodes.iter().map(|x| chance_above(game, numbers, *x)).sum(),
            sender: replies.clone().map(|a| mean(&ends, sender, a)).collect(),
            receiver: replies.map(|a| mean(nodes, receiver, a)).collect(),
        });
    }
    Message { set: reply, senders }
}

/// A player's expected payoff from a node on, if the only decision left is answered by `a`.
fn after(game: &Game, numbers: &Numbers, node: NodeId, player: usize, a: usize) -> Q {
    match game.nodes[node.index()].kind {
        NodeKind::Terminal(_) => numbers.payoff(game, node, player).clone(),
        NodeKind::Decision(_) => after(game, numbers, game.children(node)[a], player, a),
        NodeKind::Chance(c) => {
            let arms = game.children(node).iter().zip(&numbers.chance[c.index()]);
            arms.map(|(child, q)| q * &after(game, numbers, *child, player, a)).sum()
        }
    }
}
