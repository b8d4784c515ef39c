//! Games whose every payoff is a parameter, for measuring how fast lanes are.

use detente_exact::Q;
use detente_game::{
    Chance, ChanceId, Event, EventId, EventKind, Game, Infoset, InfosetId, Node, NodeId, NodeKind, Op, Param,
    ParamId, Pay, PayListId, Player, PlayerId,
};
use detente_prob::Prior;

/// A tree of perfect information: `menu` actions at each decision, `depth` decisions in each play, players
/// in turn.
pub fn tree(players: usize, menu: usize, depth: usize) -> Game {
    let mut game = empty(players);
    let mut level = vec![None];
    for d in 0..depth {
        let player = d % players;
        let mut next = vec![];
        for at in level {
            let set = infoset(&mut game, player, menu);
            let node = decision(&mut game, at, set);
            next.extend((0..menu as u32).map(|a| Some((node, a))));
        }
        level = next;
    }
    level.into_iter().for_each(|at| end(&mut game, at));
    finish(game)
}

/// A signalling game: chance draws one of two types, which sends one of two messages, and the receiver,
/// who sees the message, gives one of two replies.
pub fn signals() -> Game {
    let mut game = empty(2);
    let nature = event(&mut game, EventKind::Private, 0, 2);
    let probs = [Q::new(1, 3), Q::new(2, 3)].map(|p| game.tape.constant(p)).to_vec();
    game.chances.push(Chance { event: nature, arms: vec![0, 1], probs });
    let root = node(&mut game, None, NodeKind::Chance(ChanceId(0)), 2);
    let senders = [infoset(&mut game, 0, 2), infoset(&mut game, 0, 2)];
    let receivers = [infoset(&mut game, 1, 2), infoset(&mut game, 1, 2)];
    for (t, sender) in senders.into_iter().enumerate() {
        let sends = decision(&mut game, Some((root, t as u32)), sender);
        for (m, receiver) in receivers.into_iter().enumerate() {
            let answers = decision(&mut game, Some((sends, m as u32)), receiver);
            (0..2).for_each(|r| end(&mut game, Some((answers, r))));
        }
    }
    finish(game)
}

fn empty(players: usize) -> Game {
    let player = |p: usize| Player { name: format!("P{p}"), label: String::new() };
    Game { players: (0..players).map(player).collect(), pay_lists: vec![vec![]], ..Game::default() }
}

fn event(game: &mut Game, kind: EventKind, owner: usize, arms: usize) -> EventId {
    game.events.push(Event {
        kind,
        owner: Some(PlayerId(owner as u32)),
        name: format!("e{}", game.events.len()),
        label: String::new(),
        round: vec![],
        arms: (0..arms).map(|a| format!("a{a}")).collect(),
        values: vec![],
    });
    EventId(game.events.len() as u32 - 1)
}

fn infoset(game: &mut Game, player: usize, menu: usize) -> InfosetId {
    let event = event(game, EventKind::Move, player, menu);
    let actions = (0..menu as u32).collect();
    let player = PlayerId(player as u32);
    game.infosets.push(Infoset { player, event, actions, nodes: vec![], seen: vec![], label: String::new() });
    InfosetId(game.infosets.len() as u32 - 1)
}

fn node(game: &mut Game, parent: Option<(NodeId, u32)>, kind: NodeKind, num_children: u32) -> NodeId {
    game.nodes.push(Node { parent, kind, first_child: 0, num_children, pays: PayListId(0) });
    NodeId(game.nodes.len() as u32 - 1)
}

fn decision(game: &mut Game, at: Option<(NodeId, u32)>, set: InfosetId) -> NodeId {
    let menu = game.infosets[set.index()].actions.len() as u32;
    let x = node(game, at, NodeKind::Decision(set), menu);
    game.infosets[set.index()].nodes.push(x);
    x
}

fn end(game: &mut Game, at: Option<(NodeId, u32)>) {
    let x = node(game, at, NodeKind::Terminal(None), 0);
    let mut list = vec![];
    for p in 0..game.players.len() as u32 {
        let id = ParamId(game.params.len() as u32);
        let prior = Some(Prior::Uniform { lo: 0.0, hi: 1.0 });
        let name = format!("u{}", id.0);
        game.params.push(Param { name, label: String::new(), unit: None, prior, base: Q::ZERO });
        let amount = game.tape.push(Op::Param(id));
        list.push(Pay { player: PlayerId(p), ledger: None, amount });
    }
    game.pay_lists.push(list);
    game.nodes[x.index()].pays = PayListId(game.pay_lists.len() as u32 - 1);
}

/// Lays out the children.
fn finish(mut game: Game) -> Game {
    let mut next = 0;
    for node in &mut game.nodes {
        node.first_child = next;
        next += node.num_children;
    }
    game.children = vec![NodeId(0); next as usize];
    for k in 0..game.nodes.len() {
        if let Some((parent, position)) = game.nodes[k].parent {
            let first = game.nodes[parent.index()].first_child;
            game.children[(first + position) as usize] = NodeId(k as u32);
        }
    }
    game
}
