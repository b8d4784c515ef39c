//! Every random game is a game, and survives each file format.

use detente_exact::Q;
use detente_game::formats::{efg, json, nfg};
use detente_game::{Game, NodeId, NodeKind, Numbers, recall, subgame_roots};
use detente_test::random::Payoffs;
use detente_test::{Shape, random_game};

const SMALL: Payoffs = Payoffs::Integers(3);

fn shapes() -> Vec<Shape> {
    vec![
        Shape::PerfectInformation { players: 3, decisions: 12, menu: 12, payoffs: Payoffs::Integers(2) },
        Shape::Signalling { types: 3, messages: 5, replies: 5, payoffs: Payoffs::Decimals },
        Shape::General { players: 2, infosets: 6, menu: 2, payoffs: SMALL },
        Shape::General { players: 3, infosets: 10, menu: 3, payoffs: Payoffs::Decimals },
        Shape::Reputation { textbook: true },
        Shape::Reputation { textbook: false },
        Shape::TwoSided { moves: 6, payoffs: SMALL },
        Shape::PrivateTypes { players: 3, types: 2, actions: 2, payoffs: SMALL },
        Shape::Offers { offers: 11, types: 3 },
        Shape::Table { players: 3, strategies: 4, payoffs: SMALL },
    ]
}

fn each_game(check: impl Fn(&Game, &Numbers)) {
    for shape in shapes() {
        for seed in 0..40 {
            let game = random_game(seed, shape);
            let numbers = game.numbers(&[]).expect("a random game has numbers");
            check(&game, &numbers);
        }
    }
}

/// All plays with what a reader of the file must keep: the sets passed and actions taken by
/// position, chance probabilities, the end's name and payoffs.
fn plays(game: &Game) -> Vec<String> {
    let numbers = game.numbers(&[]).expect("the numbers are constants");
    let mut order = vec![usize::MAX; game.infosets.len()];
    let mut met = 0;
    let mut stack = vec![(NodeId(0), String::new())];
    let mut plays = Vec::new();
    while let Some((node, path)) = stack.pop() {
        let step = |what: String, k: usize| format!("{path} {what}.{k}");
        let paths: Vec<String> = match game.nodes[node.index()].kind {
            NodeKind::Terminal(o) => {
                let name = o.map_or("-", |o| game.outcomes[o.index()].name.as_str());
                let pays: Vec<&Q> = (0..game.players.len()).map(|p| numbers.payoff(game, node, p)).collect();
                plays.push(format!("{path} {name} {pays:?}"));
                vec![]
            }
            NodeKind::Decision(h) => {
                if order[h.index()] == usize::MAX {
                    order[h.index()] = met;
                    met += 1;
                }
                let set = &game.infosets[h.index()];
                (0..set.actions.len())
                    .map(|k| step(format!("P{}h{}", set.player.0, order[h.index()]), k))
                    .collect()
            }
            NodeKind::Chance(c) => {
                numbers.chance[c.index()].iter().enumerate().map(|(k, p)| step(p.to_string(), k)).collect()
            }
        };
        stack.extend(game.children(node).iter().copied().zip(paths).rev());
    }
    plays
}

#[test]
fn random_games_are_games() {
    each_game(|game, _| {
        json::validate(game).unwrap_or_else(|e| panic!("{}: {e}", game.title));
        recall::check(game).unwrap_or_else(|e| panic!("{}: {e}", game.title));
    });
}

#[test]
fn the_same_seed_gives_the_same_game() {
    for shape in shapes() {
        assert_eq!(random_game(7, shape).sha256(), random_game(7, shape).sha256());
        assert_ne!(random_game(7, shape).sha256(), random_game(8, shape).sha256());
    }
}

#[test]
fn sizes_are_as_promised() {
    let game = random_game(1, Shape::Reputation { textbook: true });
    let sets = |p: u32| game.infosets.iter().filter(|h| h.player.0 == p).count();
    assert_eq!((sets(0), sets(1), sets(2), sets(3)), (13, 1, 3, 9));
    assert!(game.infosets.iter().all(|h| h.actions.len() == 2));
    let game =
        random_game(1, Shape::PerfectInformation { players: 2, decisions: 50, menu: 12, payoffs: SMALL });
    assert_eq!(game.infosets.len(), 50);
    let game = random_game(1, Shape::Offers { offers: 11, types: 4 });
    assert_eq!(game.infosets.len(), 45);
    let game = random_game(1, Shape::TwoSided { moves: 6, payoffs: SMALL });
    assert_eq!(game.infosets.len(), 12);
}

#[test]
fn json_gives_back_the_very_same_game() {
    each_game(|game, _| {
        let again = json::read(&json::write(game)).unwrap_or_else(|e| panic!("{}: {e}", game.title));
        assert_eq!(again, *game);
    });
}

#[test]
fn efg_gives_back_the_same_plays() {
    each_game(|game, numbers| {
        let text = efg::write(game, numbers);
        let again = efg::read(&text).unwrap_or_else(|e| panic!("{}: {e}\n{text}", game.title));
        assert_eq!(again.repairs, Vec::<String>::new(), "{text}");
        assert_eq!(plays(&again), plays(game), "{text}");
        assert_eq!(efg::write(&again, &again.numbers(&[]).unwrap()), text, "writing twice gives one text");
    });
}

#[test]
fn nfg_gives_back_the_same_table() {
    for seed in 0..40 {
        let game = random_game(seed, Shape::Table { players: 3, strategies: 4, payoffs: SMALL });
        let text = nfg::write(&game, &game.numbers(&[]).unwrap()).unwrap();
        let again = nfg::read(&text).unwrap();
        assert_eq!(plays(&again), plays(&game));
        assert_eq!(game.repairs, again.repairs);
    }
}

#[test]
fn the_reduced_form_has_the_values_of_the_tree() {
    // A tree's table has, for each combination of plans, the payoff of playing them.
    for seed in 0..40 {
        let game = random_game(seed, Shape::General { players: 2, infosets: 5, menu: 2, payoffs: SMALL });
        let numbers = game.numbers(&[]).unwrap();
        let table = nfg::read(&nfg::write(&game, &numbers).unwrap()).unwrap();
        let table_numbers = table.numbers(&[]).unwrap();
        let corners = |game: &Game, numbers: &Numbers| {
            let mut list: Vec<Vec<Q>> = detente_test::pure::all_pure(game)
                .iter()
                .map(|choice| {
                    let profile = detente_test::play::as_profile(game, choice);
                    (0..2)
                        .map(|p| detente_test::play::values(game, numbers, &profile, p)[0].clone())
                        .collect()
                })
                .collect();
            list.sort();
            list.dedup();
            list
        };
        assert_eq!(corners(&table, &table_numbers), corners(&game, &numbers), "seed {seed}");
    }
}

/// Subgame roots by the definition: no set has members inside and outside the subtree.
fn slow_roots(game: &Game) -> Vec<NodeId> {
    let below = |top: NodeId, node: NodeId| {
        let mut at = node;
        while at != top {
            match game.nodes[at.index()].parent {
                Some((parent, _)) => at = parent,
                None => return false,
            }
        }
        true
    };
    let starts = |k: &u32| {
        let top = NodeId(*k);
        let crossed = game.infosets.iter().any(|h| {
            let inside = h.nodes.iter().filter(|n| below(top, **n)).count();
            inside > 0 && inside < h.nodes.len()
        });
        !crossed && !matches!(game.nodes[top.index()].kind, NodeKind::Terminal(_))
    };
    (0..game.nodes.len() as u32).filter(starts).map(NodeId).rev().collect()
}

#[test]
fn subgames_are_those_of_the_definition() {
    each_game(|game, _| {
        if game.nodes.len() <= 200 {
            assert_eq!(subgame_roots(game), slow_roots(game), "{}", game.title);
        }
    });
}
