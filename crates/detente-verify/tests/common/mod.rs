//! Small games written as nested literals, and solutions written by hand.

#![allow(dead_code)]

use detente_exact::Q;
use detente_game::certificate::{Certificate, Proof, Row, Stage};
use detente_game::game::*;
use detente_game::solution::*;
use detente_game::{Numbers, Op};

/// A tree: a decision (set, player, children), a chance move, or an end with payoffs.
pub enum T {
    D(u32, u32, Vec<T>),
    C(Vec<(Q, T)>),
    Z(Vec<i64>),
}

pub fn q(n: i64, d: i64) -> Q {
    Q::new(n, d)
}

/// Builds the flat game. Every end is an outcome of its own, in the order met.
pub fn game(players: usize, tree: &T) -> Game {
    let mut g = Game { title: "test".into(), pay_lists: vec![vec![]], ..Game::default() };
    for p in 0..players {
        g.players.push(Player { name: format!("P{p}"), label: String::new() });
    }
    let mut queue = std::collections::VecDeque::from([(tree, None)]);
    let mut child_lists: Vec<Vec<NodeId>> = Vec::new();
    while let Some((t, parent)) = queue.pop_front() {
        let id = NodeId(g.nodes.len() as u32);
        if let Some((NodeId(p), _)) = parent {
            child_lists[p as usize].push(id);
        }
        child_lists.push(Vec::new());
        let mut pays = PayListId(0);
        let kind = match t {
            T::D(set, player, children) => {
                while g.infosets.len() <= *set as usize {
                    let k = g.infosets.len() as u32;
                    let event = EventId(g.events.len() as u32);
                    g.events.push(event_of(EventKind::Move, format!("h{k}"), 0));
                    let h = Infoset {
                        player: PlayerId(0),
                        event,
                        actions: vec![],
                        nodes: vec![],
                        seen: vec![],
                        label: format!("h{k}"),
                    };
                    g.infosets.push(h);
                }
                let h = &mut g.infosets[*set as usize];
                h.player = PlayerId(*player);
                h.actions = (0..children.len() as u32).collect();
                h.nodes.push(id);
                let event = &mut g.events[h.event.index()];
                event.owner = Some(PlayerId(*player));
                event.arms = (0..children.len()).map(|a| format!("a{a}")).collect();
                queue.extend(children.iter().enumerate().map(|(a, c)| (c, Some((id, a as u32)))));
                NodeKind::Decision(InfosetId(*set))
            }
            T::C(arms) => {
                let event = EventId(g.events.len() as u32);
                g.events.push(event_of(EventKind::Chance, format!("c{}", id.0), arms.len()));
                let probs = arms.iter().map(|(p, _)| g.tape.push(Op::Const(p.clone()))).collect();
                g.chances.push(Chance { event, arms: (0..arms.len() as u32).collect(), probs });
                queue.extend(arms.iter().enumerate().map(|(a, (_, c))| (c, Some((id, a as u32)))));
                NodeKind::Chance(ChanceId(g.chances.len() as u32 - 1))
            }
            T::Z(payoffs) => {
                let list = payoffs.iter().enumerate().map(|(p, v)| Pay {
                    player: PlayerId(p as u32),
                    ledger: None,
                    amount: g.tape.push(Op::Const(Q::from(*v))),
                });
                pays = PayListId(g.pay_lists.len() as u32);
                let list = list.collect();
                g.pay_lists.push(list);
                g.outcomes.push(Outcome { name: format!("z{}", id.0), label: String::new() });
                NodeKind::Terminal(Some(OutcomeId(g.outcomes.len() as u32 - 1)))
            }
        };
        g.nodes.push(Node { parent, kind, first_child: 0, num_children: 0, pays });
    }
    for (n, list) in child_lists.into_iter().enumerate() {
        g.nodes[n].first_child = g.children.len() as u32;
        g.nodes[n].num_children = list.len() as u32;
        g.children.extend(list);
    }
    g
}

fn event_of(kind: EventKind, name: String, arms: usize) -> Event {
    let arms = (0..arms).map(|a| format!("a{a}")).collect();
    Event { kind, owner: None, name, label: String::new(), round: vec![], arms, values: vec![] }
}

pub fn numbers(g: &Game) -> Numbers {
    g.numbers(&[]).expect("a test game has numbers")
}

pub fn num(v: &Q) -> Num {
    Num::exact(v.clone())
}

/// A component with exact numbers: everything follows from profile and trembles.
/// `orders[h][a]` and weights; beliefs by leading-order Bayes, written here independently.
pub fn component(g: &Game, profile: &[Vec<Q>], tremble: &[Vec<(u32, Q)>]) -> Component {
    let n = numbers(g);
    let players = g.players.len();
    let mut reach = vec![Q::ONE; g.nodes.len()];
    let mut like = vec![(0u32, Q::ONE); g.nodes.len()];
    for (k, node) in g.nodes.iter().enumerate() {
        let Some((p, arm)) = node.parent else { continue };
        let (p, arm) = (p.index(), arm as usize);
        let (r, (o, w)) = match g.nodes[p].kind {
            NodeKind::Chance(c) => (n.chance[c.index()][arm].clone(), (0, n.chance[c.index()][arm].clone())),
            NodeKind::Decision(h) => (
                profile[h.index()][arm].clone(),
                tremble.get(h.index()).map_or((0, Q::ONE), |t| t[arm].clone()),
            ),
            NodeKind::Terminal(_) => unreachable!("ends have no children"),
        };
        reach[k] = &reach[p] * &r;
        like[k] = (like[p].0 + o, &like[p].1 * &w);
    }
    let mut payoffs = vec![Q::ZERO; players];
    let mut outcomes = vec![Q::ZERO; g.outcome_keys().len()];
    for k in 0..g.nodes.len() {
        if let Some(key) = g.outcome_key(NodeId(k as u32)) {
            outcomes[key] += &reach[k];
            for (p, total) in payoffs.iter_mut().enumerate() {
                *total += &(&reach[k] * &n.payoffs[k * players + p]);
            }
        }
    }
    let beliefs = g.infosets.iter().map(|h| {
        let least = h.nodes.iter().map(|x| like[x.index()].0).min().expect("members");
        let lead = |x: &NodeId| if like[x.index()].0 == least { like[x.index()].1.clone() } else { Q::ZERO };
        let sum: Q = h.nodes.iter().map(lead).sum();
        if tremble.is_empty() { vec![] } else { h.nodes.iter().map(|x| num(&(lead(x) / &sum))).collect() }
    });
    let sequential = !tremble.is_empty();
    Component {
        profile: profile.iter().map(|r| r.iter().map(num).collect()).collect(),
        beliefs: beliefs.collect(),
        reached: g.infosets.iter().map(|h| h.nodes.iter().any(|x| reach[x.index()].is_positive())).collect(),
        payoffs: payoffs.iter().map(num).collect(),
        outcome_range: outcomes.iter().map(|o| (num(o), num(o))).collect(),
        outcomes: outcomes.iter().map(num).collect(),
        outcome_set: OutcomeSet::Point,
        outcome_vertices: vec![],
        free: vec![],
        inequalities: vec![],
        conditions: vec![],
        intuitive: None,
        tremble: tremble.iter().map(|r| r.iter().map(|(o, w)| (*o, num(w))).collect()).collect(),
        gap_nash: num(&Q::ZERO),
        gap_sequential: sequential.then(|| num(&Q::ZERO)),
    }
}

/// Pure trembles of order 1 and weight 1 off the support.
pub fn trembles(profile: &[Vec<Q>]) -> Vec<Vec<(u32, Q)>> {
    let entry = |p: &Q| if p.is_zero() { (1, Q::ONE) } else { (0, p.clone()) };
    profile.iter().map(|r| r.iter().map(entry).collect()).collect()
}

/// A certificate of stages `(root, nested, payoffs, components, proof)`.
pub fn certificate(g: &Game, concept: &str, stages: Vec<Stage>) -> Certificate {
    Certificate {
        version: 1,
        game: g.sha256(),
        params: vec![],
        concept: concept.into(),
        stages,
        logit: None,
        matrix: None,
        sequences: None,
        coarse: None,
    }
}

pub fn whole(components: Vec<Vec<u32>>, proof: Proof) -> Stage {
    Stage { root: 0, nested: vec![], payoffs: vec![], components, proof, joins: vec![], points: vec![] }
}

/// `Best(h, better) - Best(h, worse)`: the gain from switching, with the sign of a refutation.
pub fn switch(h: u32, better: u32, worse: u32) -> Vec<(Row, Q)> {
    vec![(Row::Best(h, better), Q::ONE), (Row::Best(h, worse), -Q::ONE)]
}

pub fn split(infoset: u32, action: u32, zero: Proof, positive: Proof) -> Proof {
    Proof::Split { infoset, action, zero: Box::new(zero), positive: Box::new(positive) }
}

pub fn must_be_zero(infoset: u32, action: u32, better: u32, then: Proof) -> Proof {
    Proof::MustBeZero { infoset, action, combination: switch(infoset, better, action), then: Box::new(then) }
}

pub fn refuted(h: u32, better: u32, worse: u32) -> Proof {
    Proof::Refuted { combination: switch(h, better, worse) }
}

pub fn solution(concept: Concept, components: Vec<Component>, certificate: Certificate) -> Solution {
    Solution { concept, status: Status::ExactComplete, unresolved: vec![], components, certificate }
}
