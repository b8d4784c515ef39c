//! Secure play against closed forms, against a program written another way, and against a spoilt answer.

use detente_exact::Q;
use detente_game::formats::{efg, nfg};
use detente_game::secure::Secure;
use detente_game::{Game, NodeId, Numbers, PlayerId};
use detente_solve::secure;
use detente_test::poker;
use detente_test::random::SplitMix;
use detente_test::simplex::maximise;
use detente_verify::check_secure;

fn sure(game: &Game, player: u32) -> (Secure, Numbers) {
    let numbers = game.numbers(&[]).expect("constants only");
    let found = secure(game, &numbers, PlayerId(player)).expect("every finite game has an answer");
    check_secure(game, &numbers, &found).expect("the referee agrees");
    (found, numbers)
}

#[test]
fn two_players_have_the_value_of_their_table() {
    // What the row player secures does not hang on what the other wants: 2x = 1 - x at x = 1/3.
    let game = nfg::read("NFG 1 R \"t\" { \"A\" \"B\" } { 2 2 }\n\n2 5 0 5 0 -3 1 7\n").expect("a table");
    let (found, _) = sure(&game, 0);
    assert_eq!((found.low, found.high), (Q::new(2, 3), Q::new(2, 3)));
    assert_eq!(found.plan[0].1, [Q::new(1, 3), Q::new(2, 3)]);
}

/// Player 1 of Kuhn's poker can be sure of -1/18 (Kuhn, "Simplified two-person poker", 1950).
#[test]
fn the_value_of_a_zero_sum_tree() {
    let game = poker::kuhn(2);
    for (player, value) in [(0, Q::new(-1, 18)), (1, Q::new(1, 18))] {
        let (found, _) = sure(&game, player);
        assert_eq!((&found.low, &found.high), (&value, &value));
    }
}

#[test]
fn random_tables_agree_with_a_plain_program() {
    let mut random = SplitMix::new(7);
    for round in 0..60 {
        let (rows, columns) = (1 + random.below(4), 1 + random.below(4));
        let cells: Vec<i64> = (0..rows * columns).map(|_| random.between(0, 9)).collect();
        let text: Vec<String> = (0..columns)
            .flat_map(|j| (0..rows).map(move |i| (i, j)))
            .map(|(i, j)| format!("{} {}", cells[i * columns + j], random.between(-5, 5)))
            .collect();
        let text = format!("NFG 1 R \"t\" {{ \"A\" \"B\" }} {{ {rows} {columns} }}\n\n{}\n", text.join(" "));
        let game = nfg::read(&text).expect("a table");
        let (found, _) = sure(&game, 0);
        // Payoffs are not negative: v <= sum of x times cell in each column, sum of x <= 1, all at least 0.
        let mut constraints: Vec<(Vec<Q>, Q)> = (0..columns)
            .map(|j| {
                let row = (0..rows).map(|i| Q::from(-cells[i * columns + j])).chain([Q::ONE]).collect();
                (row, Q::ZERO)
            })
            .collect();
        constraints.push(((0..rows).map(|_| Q::ONE).chain([Q::ZERO]).collect(), Q::ONE));
        let objective: Vec<Q> = (0..rows).map(|_| Q::ZERO).chain([Q::ONE]).collect();
        let (value, _) = maximise(&objective, &constraints).expect("bounded");
        assert_eq!(found.low, value, "round {round}");
        assert_eq!(found.high, value, "round {round}");
    }
}

/// A wins if C says whether A and B chose alike. A that chooses by a coin is right half the time, whatever B
/// and C know of each other.
const THREE: &str = r#"EFG 2 R "Alike" { "A" "B" "C" }
p "" 1 1 "" { "l" "r" } 0
p "" 2 1 "" { "l" "r" } 0
p "" 3 1 "" { "same" "other" } 0
t "" 1 "" { 1, 0, 0 }
t "" 2 "" { 0, 0, 0 }
p "" 3 1 "" { "same" "other" } 0
t "" 3 "" { 0, 0, 0 }
t "" 4 "" { 1, 0, 0 }
p "" 2 1 "" { "l" "r" } 0
p "" 3 1 "" { "same" "other" } 0
t "" 5 "" { 0, 0, 0 }
t "" 6 "" { 1, 0, 0 }
p "" 3 1 "" { "same" "other" } 0
t "" 7 "" { 1, 0, 0 }
t "" 8 "" { 0, 0, 0 }
"#;

#[test]
fn with_more_players_there_is_a_bracket() {
    let game = efg::read(THREE).expect("a game");
    let (found, numbers) = sure(&game, 0);
    assert!(found.low <= found.high, "{found:?}");
    assert_eq!(found.low, Q::new(1, 2));
    // The upper end is what a best reply gets against a plan that exists: never below the lower.
    let best = (0..2).map(|a| against(&game, &numbers, &found, a)).max().expect("two actions");
    assert_eq!(found.high, best);
}

/// The payoff of player 0 from one action, the others as in the plan.
fn against(game: &Game, numbers: &Numbers, found: &Secure, action: usize) -> Q {
    let mut total = Q::ZERO;
    let mut open = vec![(game.children(NodeId(0))[action], Q::ONE)];
    while let Some((node, weight)) = open.pop() {
        match game.nodes[node.index()].kind {
            detente_game::NodeKind::Decision(h) => {
                let plan = found.apart.iter().find(|(set, _)| *set == h.0).expect("a plan for every set");
                for (child, p) in game.children(node).iter().zip(&plan.1) {
                    open.push((*child, &weight * p));
                }
            }
            _ => total += &(&weight * numbers.payoff(game, node, 0)),
        }
    }
    total
}

#[test]
fn what_is_not_proven_is_refused() {
    let game = poker::kuhn(2);
    let (good, numbers) = sure(&game, 0);
    let spoil: [fn(&mut Secure); 5] = [
        |s| s.low = Q::ZERO,
        |s| s.high = Q::new(-1, 10),
        |s| s.plan[0].1 = vec![Q::ONE, Q::ONE],
        |s| s.plan.clear(),
        |s| s.player = 9,
    ];
    for spoil in spoil {
        let mut bad = good.clone();
        spoil(&mut bad);
        assert!(check_secure(&game, &numbers, &bad).is_err(), "{bad:?}");
    }
}
