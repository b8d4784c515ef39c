//! What must not matter: units of payoffs, names and order of players and actions, chance moves that say
//! nothing, moves without a choice, actions offered twice, and a choice that ruins whoever makes it. And the same
//! question has the same answer, to the bit.

mod differential;

use detente_exact::Q;
use detente_game::solution::{Concept, Solution};
use detente_game::{Game, InfosetId, NodeId, NodeKind};
use detente_test::builder::Place;
use detente_test::random::Payoffs;
use detente_test::{Shape, SplitMix, TreeBuilder};
use differential::{
    EXACT, Point, Tally, each_game, must_be_complete, numbers, seeds, solved, values, with_room,
};
use std::collections::BTreeMap;

fn shapes() -> Vec<Shape> {
    let mut shapes = vec![Shape::Offers { offers: 3, types: 2 }];
    for payoffs in [Payoffs::Integers(3), Payoffs::Decimals] {
        shapes.extend([
            Shape::PerfectInformation { players: 3, decisions: 5, menu: 3, payoffs },
            Shape::Signalling { types: 2, messages: 2, replies: 3, payoffs },
            Shape::General { players: 2, infosets: 5, menu: 2, payoffs },
            Shape::General { players: 3, infosets: 5, menu: 2, payoffs },
            Shape::TwoSided { moves: 3, payoffs },
            Shape::PrivateTypes { players: 2, types: 2, actions: 2, payoffs },
            Shape::Table { players: 2, strategies: 3, payoffs },
        ]);
    }
    shapes
}

/// A game told in another way.
struct Retold<'a> {
    old: &'a Game,
    numbers: detente_game::Numbers,
    /// New position of each player.
    place: Vec<usize>,
    /// `order[h][k]`: the old action at new position `k`.
    order: Vec<Vec<usize>>,
    /// Payoffs of the old player p become `scale[p] * u + shift[p]`.
    scale: Vec<Q>,
    shift: Vec<Q>,
    /// Whether every chance arm is cut into two equal ones.
    doubled: bool,
    /// Whether chance with one arm, and a bystander with one action, come before every node.
    idle: bool,
    /// Whether every action after which its owner never moves again is offered twice.
    twice: bool,
    /// Whether everybody may always end the play and lose a million.
    ruin: bool,
    tree: TreeBuilder,
    sets: BTreeMap<u32, InfosetId>,
}

impl<'a> Retold<'a> {
    fn same(old: &'a Game) -> Retold<'a> {
        let n = old.players.len();
        Retold {
            old,
            numbers: numbers(old),
            place: (0..n).collect(),
            order: old.infosets.iter().map(|h| (0..h.actions.len()).collect()).collect(),
            scale: vec![Q::ONE; n],
            shift: vec![Q::ZERO; n],
            doubled: false,
            idle: false,
            twice: false,
            ruin: false,
            tree: TreeBuilder::new("", &[]),
            sets: BTreeMap::new(),
        }
    }

    fn game(mut self) -> Game {
        let mut names = vec![String::new(); self.place.len()];
        for (p, player) in self.old.players.iter().enumerate() {
            names[self.place[p]] = player.name.clone();
        }
        if self.idle {
            names.push("Bystander".into());
        }
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        self.tree = TreeBuilder::new(&self.old.title, &names);
        let mut stack: Vec<(NodeId, Place)> = vec![(NodeId(0), None)];
        while let Some((old, at)) = stack.pop() {
            self.node(old, at, &mut stack);
        }
        self.tree.finish()
    }

    /// Moves that change nothing, on the way to a node.
    fn idle_moves(&mut self, old: NodeId, at: Place) -> Place {
        let event = self.tree.chance_event(None, &format!("idle{}", old.0), &["on".to_string()]);
        let node = self.tree.chance(at, event, &[Q::ONE]);
        let event =
            self.tree.decision_event(self.place.len(), &format!("look{}", old.0), &["on".to_string()]);
        let set = self.tree.infoset(event, &format!("look{}", old.0));
        let node = self.tree.decision(Some((node, 0)), set);
        Some((node, 0))
    }

    /// Whether the owner of a set moves again after an action there.
    fn moves_again(&self, h: InfosetId, action: usize) -> bool {
        let owner = self.old.infosets[h.index()].player;
        let members = &self.old.infosets[h.index()].nodes;
        let mut stack: Vec<NodeId> = members.iter().map(|n| self.old.children(*n)[action]).collect();
        while let Some(node) = stack.pop() {
            if let NodeKind::Decision(later) = self.old.nodes[node.index()].kind
                && self.old.infosets[later.index()].player == owner
            {
                return true;
            }
            stack.extend(self.old.children(node));
        }
        false
    }

    /// The old action behind each action that a set offers now.
    fn offered(&self, h: InfosetId) -> Vec<usize> {
        let twice = |a: &usize| if self.twice && !self.moves_again(h, *a) { 2 } else { 1 };
        self.order[h.index()].iter().flat_map(|a| vec![*a; twice(a)]).collect()
    }

    fn node(&mut self, old: NodeId, at: Place, stack: &mut Vec<(NodeId, Place)>) {
        let at = if self.idle { self.idle_moves(old, at) } else { at };
        let children = self.old.children(old).to_vec();
        match self.old.nodes[old.index()].kind {
            NodeKind::Terminal(outcome) => {
                let mut pays = vec![Q::ZERO; self.place.len() + usize::from(self.idle)];
                for (p, place) in self.place.iter().enumerate() {
                    let u = self.numbers.payoff(self.old, old, p);
                    pays[*place] = u * &self.scale[p] + &self.shift[p];
                }
                let name = outcome.map(|o| self.old.outcomes[o.index()].name.as_str());
                self.tree.end(at, name, &pays);
            }
            NodeKind::Chance(c) => {
                let copies = if self.doubled { 2 } else { 1 };
                let share = |p: &Q| p / &Q::from(copies as i64);
                let probs: Vec<Q> =
                    self.numbers.chance[c.index()].iter().flat_map(|p| vec![share(p); copies]).collect();
                let arms: Vec<String> = (0..probs.len()).map(|k| format!("arm{k}")).collect();
                let event = self.tree.chance_event(None, "chance", &arms);
                let node = self.tree.chance(at, event, &probs);
                for (k, child) in children.iter().enumerate() {
                    stack.extend((0..copies).map(|c| (*child, Some((node, (k * copies + c) as u32)))));
                }
            }
            NodeKind::Decision(h) => {
                let player = self.place[self.old.infosets[h.index()].player.index()];
                let order = self.offered(h);
                let ruin = self.ruin;
                let tree = &mut self.tree;
                let set = *self.sets.entry(h.0).or_insert_with(|| {
                    let mut arms: Vec<String> =
                        order.iter().enumerate().map(|(k, a)| format!("a{a}.{k}")).collect();
                    arms.extend(ruin.then(|| "ruin".to_string()));
                    let event = tree.decision_event(player, &format!("set{}", h.0), &arms);
                    tree.infoset(event, &format!("set{}", h.0))
                });
                let node = self.tree.decision(at, set);
                if ruin {
                    let mut pays = vec![Q::ZERO; self.place.len() + usize::from(self.idle)];
                    pays[player] = Q::from(-1_000_000);
                    self.tree.end(Some((node, order.len() as u32)), Some("ruin"), &pays);
                }
                stack.extend(order.iter().enumerate().map(|(k, a)| (children[*a], Some((node, k as u32)))));
            }
        }
    }
}

/// Each component's outcomes by name: the ranges, or the point.
fn by_name(game: &Game, solution: &Solution) -> Vec<Vec<(String, f64, f64)>> {
    let keys = game.outcome_keys();
    let row = |c: &detente_game::solution::Component| {
        let ranges = keys.iter().zip(&c.outcome_range);
        let mut row: Vec<_> = ranges.map(|(k, (low, high))| (k.clone(), low.value, high.value)).collect();
        // Who could ruin himself does not: the row is that of the game without.
        row.retain(|(k, _, high)| k != "ruin" || *high > 0.0);
        row.sort_by(|a, b| a.0.cmp(&b.0));
        row
    };
    solution.components.iter().map(row).collect()
}

/// Whether both lists hold the same rows in some order, up to rounding.
fn same_rows(a: &[Vec<(String, f64, f64)>], b: &[Vec<(String, f64, f64)>]) -> bool {
    let mut left: Vec<_> = b.iter().collect();
    let close = |x: f64, y: f64| (x - y).abs() < 1e-7;
    let same = |x: &[(String, f64, f64)], y: &[(String, f64, f64)]| {
        x.len() == y.len() && x.iter().zip(y).all(|(p, q)| p.0 == q.0 && close(p.1, q.1) && close(p.2, q.2))
    };
    a.len() == b.len()
        && a.iter().all(|row| left.iter().position(|r| same(row, r)).map(|k| left.remove(k)).is_some())
}

/// Compares the answers to a game and to the same game retold.
fn unchanged(name: &'static str, concepts: &[Concept], retell: impl Fn(&mut Retold, &mut SplitMix)) {
    let mut tally = Tally::default();
    each_game(&shapes(), seeds(1), |shape, game| {
        let mut random = SplitMix::new(11);
        let mut retold = Retold::same(game);
        retell(&mut retold, &mut random);
        // What is offered twice makes ties of a game without; then the answer may be one that says it is not complete.
        let ties = retold.twice;
        let other = retold.game();
        for concept in concepts {
            let must = must_be_complete(shape, *concept);
            let Some(here) = tally.solve(game, *concept, must) else { continue };
            let Some(there) = tally.solve(&other, *concept, must && !ties) else { continue };
            tally.points += here.components.len();
            let (a, b) = (by_name(game, &here), by_name(&other, &there));
            tally.expect(same_rows(&a, &b), || {
                let there = detente_game::formats::efg::write(&other, &numbers(&other));
                format!(
                    "{} {concept:?}, {name}: {} and {} components\n{a:?}\n{b:?}\n{there}",
                    game.title,
                    a.len(),
                    b.len()
                )
            });
        }
    });
    tally.finish(name);
}

const ALL: [Concept; 3] = [Concept::Sequential, Concept::Spe, Concept::Nash];

fn shuffled(random: &mut SplitMix, count: usize) -> Vec<usize> {
    let mut list: Vec<usize> = (0..count).collect();
    for k in (1..count).rev() {
        list.swap(k, random.below(k + 1));
    }
    list
}

#[test]
fn units_of_payoffs_do_not_matter() {
    with_room(|| {
        unchanged("units", &ALL, |r, random| {
            for p in 0..r.scale.len() {
                r.scale[p] = Q::new(random.between(1, 30), 7);
                r.shift[p] = Q::new(random.between(-50, 50), 3);
            }
        });
    });
}

#[test]
fn the_order_of_players_and_actions_does_not_matter() {
    with_room(|| {
        unchanged("order", &ALL, |r, random| {
            r.place = shuffled(random, r.place.len());
            for order in &mut r.order {
                *order = shuffled(random, order.len());
            }
        });
    });
}

#[test]
fn chance_that_says_nothing_does_not_matter() {
    // Not for subgame perfection: two copies that nobody tells apart are not subgames.
    with_room(|| unchanged("chance", &[Concept::Sequential, Concept::Nash], |r, _| r.doubled = true));
}

#[test]
fn moves_without_a_choice_do_not_matter() {
    with_room(|| unchanged("idle moves", &ALL, |r, _| r.idle = true));
}

#[test]
fn an_action_offered_twice_does_not_matter() {
    // Not for subgame perfection, as above.
    with_room(|| unchanged("twice", &[Concept::Sequential, Concept::Nash], |r, _| r.twice = true));
}

/// Nobody ruins himself where he is asked, so sequential equilibria stay to the last digit, however large the
/// loss beside the stakes. (As a threat far from play it is a Nash equilibrium.)
#[test]
fn a_choice_that_costs_a_million_does_not_matter() {
    with_room(|| unchanged("ruin", &[Concept::Sequential], |r, _| r.ruin = true));
}

#[test]
fn the_same_question_has_the_same_answer_to_the_bit() {
    with_room(|| {
        each_game(&shapes(), 1, |_, game| {
            for concept in ALL {
                // Printed floats are the shortest that read back to the same bits.
                let [a, b] = [0, 1].map(|_| format!("{:?}", solved(game, concept)));
                assert!(a == b, "{} {concept:?}", game.title);
            }
        });
    });
}

#[test]
fn sequential_is_subgame_perfect_is_nash() {
    with_room(|| {
        let mut tally = Tally::default();
        each_game(&shapes(), seeds(2), |shape, game| {
            let answers = ALL.map(|c| tally.solve(game, c, must_be_complete(shape, c)));
            for pair in answers.windows(2) {
                let [Some(fewer), Some(more)] = pair else { continue };
                for c in &fewer.components {
                    let point = Point { profile: values(&c.profile), beliefs: None };
                    tally.inside(game, more, &point, EXACT, "a stronger equilibrium");
                }
            }
        });
        tally.finish("inclusions");
    });
}
