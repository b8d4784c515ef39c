//! The referee's three methods agree with each other and with known answers.

use detente_exact::Q;
use detente_game::formats::efg;
use detente_game::{Game, Numbers};
use detente_test::random::Payoffs;
use detente_test::{
    Cell, Shape, enumerate_two_block, play, pure_nash, pure_sequential, random_game, trembles,
};

/// Beer or quiche (Cho and Kreps, "Signaling games and stable equilibria", 1987).
const BEER_QUICHE: &str = r#"EFG 2 R "Beer-quiche" { "Sender" "Receiver" }
c "" 1 "type" { "surly" 9/10 "wimp" 1/10 } 0
p "" 1 1 "surly" { "beer" "quiche" } 0
p "" 2 1 "beer" { "duel" "retreat" } 0
t "" 1 "" { 1, 0 }
t "" 2 "" { 3, 1 }
p "" 2 2 "quiche" { "duel" "retreat" } 0
t "" 3 "" { 0, 0 }
t "" 4 "" { 2, 1 }
p "" 1 2 "wimp" { "beer" "quiche" } 0
p "" 2 1 0
t "" 5 "" { 0, 1 }
t "" 6 "" { 2, 0 }
p "" 2 2 0
t "" 7 "" { 1, 1 }
t "" 8 "" { 3, 0 }
"#;

fn numbers(game: &Game) -> Numbers {
    game.numbers(&[]).expect("constants only")
}

#[test]
fn beer_and_quiche_pool_in_two_ways() {
    let game = efg::read(BEER_QUICHE).unwrap();
    let numbers = numbers(&game);
    // Sets in order of appearance: surly, beer, quiche, wimp.
    let expected = vec![vec![0, 1, 0, 0], vec![1, 0, 1, 1]];
    assert_eq!(pure_nash(&game, &numbers), expected);
    let sequential = pure_sequential(&game, &numbers);
    assert_eq!((sequential.found, sequential.undecided), (expected, vec![]));
    // Each pooling outcome with duel off the path: the belief in surly is 0, inside (0, 1/2),
    // or exactly 1/2, and at 1/2 the receiver may also mix.
    let cells = enumerate_two_block(&game, &numbers);
    assert!(cells.iter().all(|c| c.support[0] == c.support[3] && c.support[0].len() == 1));
    let on_beer = cells.iter().filter(|c| c.support[0] == [0]).count();
    assert_eq!((cells.len(), on_beer), (6, 3));
}

/// Small games of two players, of several kinds.
fn tiny_games() -> Vec<Game> {
    let mut games = Vec::new();
    for seed in 0..12 {
        let payoffs = if seed % 2 == 0 { Payoffs::Integers(3) } else { Payoffs::Decimals };
        games.push(random_game(seed, Shape::Signalling { types: 2, messages: 2, replies: 2, payoffs }));
        games.push(random_game(seed, Shape::General { players: 2, infosets: 4, menu: 2, payoffs }));
        games.push(random_game(seed, Shape::PrivateTypes { players: 2, types: 2, actions: 2, payoffs }));
        games.push(random_game(
            seed,
            Shape::PerfectInformation { players: 2, decisions: 4, menu: 2, payoffs },
        ));
    }
    games
}

/// One-shot rationality at the witness, by values recomputed from the profile alone.
fn witness_is_rational(game: &Game, numbers: &Numbers, cell: &Cell) -> bool {
    (0..game.infosets.len()).all(|h| {
        let set = &game.infosets[h];
        let value = play::values(game, numbers, &cell.profile, set.player.index());
        let of = |a: usize| -> Q {
            let at =
                |(x, b): (&detente_game::NodeId, &Q)| b.clone() * value[game.children(*x)[a].index()].clone();
            set.nodes.iter().zip(&cell.beliefs[h]).map(at).sum()
        };
        let all: Vec<Q> = (0..set.actions.len()).map(of).collect();
        let best = all.iter().max().expect("a set has actions");
        cell.support[h].iter().all(|a| all[*a] == *best)
    })
}

#[test]
fn every_cell_has_an_equilibrium_and_every_pure_equilibrium_a_cell() {
    for game in tiny_games() {
        let numbers = numbers(&game);
        let cells = enumerate_two_block(&game, &numbers);
        assert!(!cells.is_empty(), "{}: a finite game has a sequential equilibrium", game.title);
        for cell in &cells {
            assert!(play::is_nash(&game, &numbers, &cell.profile), "{}: {cell:?}", game.title);
            assert!(witness_is_rational(&game, &numbers, cell), "{}: {cell:?}", game.title);
            let reach = play::reach(&game, &numbers, &cell.profile);
            for (set, beliefs) in game.infosets.iter().zip(&cell.beliefs) {
                let total: Q = set.nodes.iter().map(|x| reach[x.index()].clone()).sum();
                let bayes =
                    |(x, b): (&detente_game::NodeId, &Q)| b.clone() * total.clone() == reach[x.index()];
                assert!(total.is_zero() || set.nodes.iter().zip(beliefs).all(bayes), "{}", game.title);
            }
        }
        let pure = pure_sequential(&game, &numbers);
        let listed = |choice: &Vec<u32>| {
            cells.iter().any(|c| c.support.iter().zip(choice).all(|(s, a)| *s == [*a as usize]))
        };
        for choice in pure.found.iter().chain(&pure.undecided) {
            assert!(listed(choice) || pure.undecided.contains(choice), "{}: {choice:?}", game.title);
        }
        for cell in cells.iter().filter(|c| c.support.iter().all(|s| s.len() == 1)) {
            let choice: Vec<u32> = cell.support.iter().map(|s| s[0] as u32).collect();
            let known = pure.found.contains(&choice) || pure.undecided.contains(&choice);
            assert!(known, "{}: {choice:?}", game.title);
        }
    }
}

#[test]
fn limits_of_trembles_lie_in_cells() {
    let mut limits = 0;
    for game in tiny_games() {
        let numbers = numbers(&game);
        let cells = enumerate_two_block(&game, &numbers);
        for limit in trembles(&game, &numbers, 1, 6) {
            limits += 1;
            assert!(limit.regret < 1e-4, "{}: {}", game.title, limit.regret);
            // What is clearly positive in the limit is in the support and belief support of
            // some cell whose closure can hold it.
            let covers = |positive: &[f64], support: &[usize]| {
                positive.iter().enumerate().all(|(k, p)| *p < 1e-2 || support.contains(&k))
            };
            let near = cells.iter().any(|c| {
                limit.profile.iter().zip(&c.support).all(|(p, s)| covers(p, s))
                    && limit.beliefs.iter().zip(&c.believed).all(|(b, s)| covers(b, s))
            });
            assert!(near, "{}: {limit:?}\n{cells:?}", game.title);
        }
    }
    assert!(limits > 100, "only {limits} paths converged");
}
