//! Hand-built games and solutions for tests and pictures.
//!
//! The one idea: a game is written as a nested list of moves, and a solution as probabilities per
//! information set; reach, beliefs and outcomes follow by multiplication.
#![allow(dead_code)]

use detente_exact::Q;
use detente_game::certificate::Certificate;
use detente_game::solution::{Component, Concept, Num, OutcomeSet, Solution, Status};
use detente_game::*;

/// A tree in words.
pub enum Spec {
    /// Player, decision, set label, branches.
    Move(usize, &'static str, &'static str, Vec<(String, Spec)>),
    /// Event name, owner of the fact, branches with probabilities.
    Chance(&'static str, Option<usize>, Vec<(&'static str, &'static str, Spec)>),
    /// Outcome name (empty: none) and payoffs.
    End(String, Vec<String>),
}

pub fn end(outcome: &str, payoffs: &[&str]) -> Spec {
    Spec::End(outcome.into(), payoffs.iter().map(|p| p.to_string()).collect())
}

pub fn act(player: usize, decision: &'static str, set: &'static str, branches: Vec<(&str, Spec)>) -> Spec {
    Spec::Move(player, decision, set, branches.into_iter().map(|(n, s)| (n.to_string(), s)).collect())
}

pub fn q(text: &str) -> Q {
    Q::parse(text).expect("a number in a test")
}

struct Builder {
    game: Game,
    queue: Vec<(Spec, Option<(NodeId, u32)>)>,
}

/// Builds a game from its tree; nodes come in breadth-first order.
pub fn game(title: &str, players: &[&str], outcomes: &[&str], tree: Spec) -> Game {
    let mut b = Builder { game: Game { title: title.into(), ..Game::default() }, queue: vec![(tree, None)] };
    b.game.players = players.iter().map(|p| Player { name: p.to_string(), label: p.to_string() }).collect();
    b.game.outcomes =
        outcomes.iter().map(|o| Outcome { name: o.to_string(), label: o.to_string() }).collect();
    b.game.pay_lists.push(vec![]);
    let mut next = 0;
    while next < b.queue.len() {
        let (spec, parent) = std::mem::replace(&mut b.queue[next], (Spec::End(String::new(), vec![]), None));
        b.node(spec, parent);
        next += 1;
    }
    let g = &mut b.game;
    for i in 0..g.nodes.len() {
        let children: Vec<NodeId> = (0..g.nodes.len() as u32)
            .map(NodeId)
            .filter(|n| g.nodes[n.index()].parent.is_some_and(|p| p.0.index() == i))
            .collect();
        g.nodes[i].first_child = g.children.len() as u32;
        g.nodes[i].num_children = children.len() as u32;
        g.children.extend(children);
    }
    b.game
}

impl Builder {
    fn event(&mut self, kind: EventKind, owner: Option<usize>, name: &str) -> EventId {
        let owner = owner.map(|p| PlayerId(p as u32));
        if let Some(i) = self.game.events.iter().position(|e| e.owner == owner && e.name == name) {
            return EventId(i as u32);
        }
        self.game.events.push(Event {
            kind,
            owner,
            name: name.into(),
            label: name.into(),
            round: vec![],
            arms: vec![],
            values: vec![],
        });
        EventId(self.game.events.len() as u32 - 1)
    }

    fn arm(&mut self, event: EventId, name: &str) -> u32 {
        let arms = &mut self.game.events[event.index()].arms;
        if let Some(i) = arms.iter().position(|a| a == name) {
            return i as u32;
        }
        arms.push(name.into());
        arms.len() as u32 - 1
    }

    fn node(&mut self, spec: Spec, parent: Option<(NodeId, u32)>) {
        let id = NodeId(self.game.nodes.len() as u32);
        let mut pays = PayListId(0);
        let kind = match spec {
            Spec::End(outcome, payoffs) => {
                let list = payoffs
                    .iter()
                    .enumerate()
                    .map(|(p, x)| Pay {
                        player: PlayerId(p as u32),
                        ledger: None,
                        amount: self.game.tape.constant(q(x)),
                    })
                    .collect();
                self.game.pay_lists.push(list);
                pays = PayListId(self.game.pay_lists.len() as u32 - 1);
                let o = self.game.outcomes.iter().position(|o| o.name == outcome);
                NodeKind::Terminal(o.map(|o| OutcomeId(o as u32)))
            }
            Spec::Chance(name, owner, branches) => {
                let kind = if owner.is_some() { EventKind::Private } else { EventKind::Chance };
                let event = self.event(kind, owner, name);
                let (mut arms, mut probs) = (vec![], vec![]);
                for (k, (arm, prob, child)) in branches.into_iter().enumerate() {
                    arms.push(self.arm(event, arm));
                    probs.push(self.game.tape.constant(q(prob)));
                    self.queue.push((child, Some((id, k as u32))));
                }
                self.game.chances.push(Chance { event, arms, probs });
                NodeKind::Chance(ChanceId(self.game.chances.len() as u32 - 1))
            }
            Spec::Move(player, decision, set, branches) => {
                let event = self.event(EventKind::Move, Some(player), decision);
                let actions: Vec<u32> = branches.iter().map(|(n, _)| self.arm(event, n)).collect();
                for (k, (_, child)) in branches.into_iter().enumerate() {
                    self.queue.push((child, Some((id, k as u32))));
                }
                let known = self.game.infosets.iter().position(|h| h.event == event && h.label == set);
                let h = known.unwrap_or_else(|| {
                    self.game.infosets.push(Infoset {
                        player: PlayerId(player as u32),
                        event,
                        actions,
                        nodes: vec![],
                        seen: vec![],
                        label: set.into(),
                    });
                    self.game.infosets.len() - 1
                });
                self.game.infosets[h].nodes.push(id);
                NodeKind::Decision(InfosetId(h as u32))
            }
        };
        self.game.nodes.push(Node { parent, kind, first_child: 0, num_children: 0, pays });
    }
}

/// A solution with one component, from the probabilities at each set (in set order) and the
/// beliefs at sets that play does not reach.
pub fn solved(g: &Game, profile: &[&[&str]], off_path: &[(usize, &[&str])]) -> (Numbers, Solution) {
    let numbers = g.numbers(&g.base_params()).expect("the test games have numbers");
    let profile: Vec<Vec<Q>> = profile.iter().map(|p| p.iter().map(|x| q(x)).collect()).collect();
    let mut reach = vec![Q::ONE; g.nodes.len()];
    for (i, n) in g.nodes.iter().enumerate() {
        if let Some((parent, k)) = n.parent {
            let step = match g.nodes[parent.index()].kind {
                NodeKind::Decision(h) => profile[h.index()][k as usize].clone(),
                NodeKind::Chance(c) => numbers.chance[c.index()][k as usize].clone(),
                NodeKind::Terminal(_) => unreachable!("terminals have no children"),
            };
            reach[i] = reach[parent.index()].clone() * step;
        }
    }
    let mut outcomes = vec![Q::ZERO; g.outcome_keys().len()];
    let mut payoffs = vec![Q::ZERO; g.players.len()];
    for (i, reached) in reach.iter().enumerate() {
        if let Some(k) = g.outcome_key(NodeId(i as u32)) {
            outcomes[k] += reached;
            for (p, total) in payoffs.iter_mut().enumerate() {
                *total += &(reached.clone() * numbers.payoff(g, NodeId(i as u32), p).clone());
            }
        }
    }
    let exact = |v: &[Q]| v.iter().cloned().map(Num::exact).collect::<Vec<_>>();
    let mut beliefs = vec![];
    let mut reached = vec![];
    for (h, set) in g.infosets.iter().enumerate() {
        let total: Q = set.nodes.iter().map(|n| reach[n.index()].clone()).sum();
        reached.push(!total.is_zero());
        beliefs.push(if !total.is_zero() {
            set.nodes.iter().map(|n| Num::exact(reach[n.index()].clone() / total.clone())).collect()
        } else if let Some((_, b)) = off_path.iter().find(|o| o.0 == h) {
            b.iter().map(|x| Num::exact(q(x))).collect()
        } else {
            vec![Num::exact(Q::ONE); set.nodes.len().min(1)]
        });
    }
    let component = Component {
        profile: profile.iter().map(|p| exact(p)).collect(),
        beliefs,
        reached,
        payoffs: exact(&payoffs),
        outcome_range: outcomes.iter().map(|o| (Num::exact(o.clone()), Num::exact(o.clone()))).collect(),
        outcomes: exact(&outcomes),
        outcome_set: OutcomeSet::Point,
        outcome_vertices: vec![],
        free: vec![],
        inequalities: vec![],
        conditions: vec![],
        intuitive: None,
        tremble: vec![],
        gap_nash: Num::exact(Q::ZERO),
        gap_sequential: Some(Num::exact(Q::ZERO)),
    };
    let solution = Solution {
        concept: Concept::Sequential,
        status: Status::ExactComplete,
        unresolved: vec![],
        components: vec![component],
        certificate: Certificate::default(),
    };
    (numbers, solution)
}

/// Entry deterrence: the incumbent would rather share the market than fight.
pub fn entry() -> Game {
    game(
        "Entry deterrence",
        &["Entrant", "Incumbent"],
        &["stay_out", "fight", "share"],
        act(
            0,
            "entry",
            "",
            vec![
                ("out", end("stay_out", &["0", "2"])),
                (
                    "in",
                    act(
                        1,
                        "reply",
                        "in",
                        vec![
                            ("fight", end("fight", &["-1", "-1"])),
                            ("accommodate", end("share", &["1", "1"])),
                        ],
                    ),
                ),
            ],
        ),
    )
}

/// The public threat with audience costs, at q = 0.4 and a = 0.3.
pub fn threats() -> Game {
    let tail = |kind: &'static str, war: &'static str| {
        act(
            0,
            "message",
            kind,
            vec![
                ("quiet", end("status_quo", &["0", "1"])),
                (
                    "threat",
                    act(
                        1,
                        "answer",
                        "threat",
                        vec![
                            ("concede", end("win", &["1", "0"])),
                            (
                                "resist",
                                act(
                                    0,
                                    "finish",
                                    kind,
                                    vec![
                                        ("fight", end("war", &[war, "-0.5"])),
                                        ("back_down", end("climbdown", &["-0.3", "1"])),
                                    ],
                                ),
                            ),
                        ],
                    ),
                ),
            ],
        )
    };
    game(
        "Public threats and audience costs",
        &["Home", "Rival"],
        &["status_quo", "win", "climbdown", "war"],
        Spec::Chance(
            "resolve",
            Some(0),
            vec![("strong", "0.4", tail("strong", "0.25")), ("weak", "0.6", tail("weak", "-0.6"))],
        ),
    )
}

/// The semi-separating equilibrium of [`threats`]; sets come in breadth-first order.
pub fn threats_solved(g: &Game) -> (Numbers, Solution) {
    solved(g, &[&["0", "1"], &["2/3", "1/3"], &["3/13", "10/13"], &["1", "0"], &["0", "1"]], &[])
}

/// Beer and quiche (Cho and Kreps 1987), with the usual numbers.
pub fn beer_quiche() -> Game {
    let reply = |set: &'static str, base: i32, strong: bool| {
        let duel = if strong { "0" } else { "1" };
        let calm = if strong { "1" } else { "0" };
        act(
            1,
            "reply",
            set,
            vec![
                ("duel", end("duel", &[&base.to_string(), duel])),
                ("leave", end("leave", &[&(base + 2).to_string(), calm])),
            ],
        )
    };
    let breakfast = |kind: &'static str, strong: bool| {
        act(
            0,
            "breakfast",
            kind,
            vec![
                ("beer", reply("beer", i32::from(strong), strong)),
                ("quiche", reply("quiche", i32::from(!strong), strong)),
            ],
        )
    };
    game(
        "Beer and quiche",
        &["Sender", "Receiver"],
        &["duel", "leave"],
        Spec::Chance(
            "type",
            Some(0),
            vec![("strong", "0.9", breakfast("strong", true)), ("weak", "0.1", breakfast("weak", false))],
        ),
    )
}

/// Pooling on beer, with the belief after quiche that supports it.
pub fn beer_quiche_solved(g: &Game) -> (Numbers, Solution) {
    solved(g, &[&["1", "0"], &["1", "0"], &["0", "1"], &["1", "0"]], &[(3, &["0", "1"])])
}

/// Thirty ends: three private types, five messages, a coarse reply to each.
pub fn thirty() -> Game {
    const SETS: [&str; 5] = ["hint", "warn", "threaten", "mobilise", "strike_first"];
    const TYPES: [&str; 3] = ["resolved", "wavering", "bluffing"];
    let kinds: Vec<(&'static str, &'static str, Spec)> = TYPES
        .iter()
        .zip(["1/3", "1/2", "1/6"])
        .enumerate()
        .map(|(t, (kind, prob))| {
            let messages = SETS
                .iter()
                .enumerate()
                .map(|(m, message)| {
                    let yes = format!("{}.{}", 1 + m, t);
                    let no = format!("-{}.5", m + t);
                    let reply = act(
                        1,
                        "reply",
                        message,
                        vec![
                            ("concede", end("concede", &[&yes, "-1"])),
                            ("resist", end("war", &[&no, "-2.25"])),
                        ],
                    );
                    (*message, reply)
                })
                .collect();
            (*kind, prob, act(0, "message", kind, messages))
        })
        .collect();
    game("Thirty ends", &["Red", "Blue"], &["concede", "war"], Spec::Chance("resolve", Some(0), kinds))
}

/// A profile of [`thirty`] that uses mixtures and leaves two messages unsent.
pub fn thirty_solved(g: &Game) -> (Numbers, Solution) {
    let separate: [&[&str]; 3] =
        [&["0", "0", "2/3", "1/3", "0"], &["1/4", "0", "3/4", "0", "0"], &["1", "0", "0", "0", "0"]];
    let mut profile: Vec<&[&str]> = separate.to_vec();
    let replies: [&[&str]; 5] = [&["0", "1"], &["0", "1"], &["5/17", "12/17"], &["1", "0"], &["1", "0"]];
    profile.extend(replies);
    solved(g, &profile, &[(4, &["0", "1/2", "1/2"]), (7, &["1", "0", "0"])])
}

/// Every game that is drawn in tests, with a solution.
pub fn pictures() -> Vec<(&'static str, Game, (Numbers, Solution))> {
    let mut all = Vec::new();
    let g = entry();
    let s = solved(&g, &[&["0", "1"], &["0", "1"]], &[]);
    all.push(("entry", g, s));
    let g = threats();
    let s = threats_solved(&g);
    all.push(("threats", g, s));
    let g = beer_quiche();
    let s = beer_quiche_solved(&g);
    all.push(("beer-quiche", g, s));
    let g = thirty();
    let s = thirty_solved(&g);
    all.push(("thirty", g, s));
    let g = untimed();
    let s = solved(&g, &[&["1/2", "1/2"], &["1", "0"]], &[]);
    all.push(("untimed", g, s));
    let g = uneven();
    let s = solved(&g, &[&["1/2", "1/2", "0"], &["0", "3/7", "4/7"]], &[]);
    all.push(("uneven", g, s));
    let g = early_ends();
    let s = solved(&g, &[&["1", "0"], &["1", "0"], &["1", "0"]], &[]);
    all.push(("early ends", g, s));
    all
}

/// Two players who do not know who moved first: no order of time fits both sets.
pub fn untimed() -> Game {
    let ends = |a: &str, b: &str| vec![("stop", end("stop", &[a, b])), ("go", end("go", &[b, a]))];
    game(
        "Who came first",
        &["A", "B"],
        &["stop", "go"],
        Spec::Chance(
            "order",
            None,
            vec![
                (
                    "a_first",
                    "1/2",
                    act(
                        0,
                        "a",
                        "unsure",
                        vec![("stop", act(1, "b", "unsure", ends("1", "2"))), ("go", end("go", &["0", "0"]))],
                    ),
                ),
                (
                    "b_first",
                    "1/2",
                    act(
                        1,
                        "b",
                        "unsure",
                        vec![("stop", act(0, "a", "unsure", ends("3", "4"))), ("go", end("go", &["0", "0"]))],
                    ),
                ),
            ],
        ),
    )
}

/// Ends with long words in the rows between two members of a later set.
pub fn early_ends() -> Game {
    let late = |stop: &str| {
        let last = act(
            1,
            "last",
            "dark",
            vec![("firm", end("spread", &["-0.5", "-1.4"])), ("settle", end("dragged", &["0.4", "-1.3"]))],
        );
        let next = vec![("spill", last), ("confine", end("long_war", &["-0.3", "-0.3"]))];
        let go = act(0, "next", if stop == "1" { "bold" } else { "shy" }, next);
        Spec::Chance(
            "kyiv",
            None,
            vec![
                ("falls", "2/5", end("success_after_a_long_war", &["-11/15", "-3/10"])),
                ("holds", "3/5", go),
            ],
        )
    };
    let aims = vec![("settlement", "1/2", late("1")), ("regional", "1/2", late("2"))];
    let outcomes = ["success_after_a_long_war", "long_war", "spread", "dragged"];
    game("Two aims", &["Russia", "West"], &outcomes, Spec::Chance("aim", Some(0), aims))
}

/// A set whose members stand at different depths, and simultaneous moves.
pub fn uneven() -> Game {
    let late = |a: &str| {
        act(
            1,
            "guess",
            "dark",
            vec![
                ("left_hand", end("left", &[a, "1/3"])),
                ("right_hand", end("right", &["0", a])),
                ("pass", end("", &["0", "0"])),
            ],
        )
    };
    game(
        "Guess <the> \"hand\" & win",
        &["Hider", "Seeker"],
        &["left", "right"],
        act(
            0,
            "hide",
            "",
            vec![
                ("left", late("2")),
                (
                    "shuffle",
                    Spec::Chance(
                        "coin",
                        None,
                        vec![("heads", "1/3", late("1")), ("tails", "2/3", late("-1"))],
                    ),
                ),
                ("refuse", end("right", &["-1", "1"])),
            ],
        ),
    )
}
