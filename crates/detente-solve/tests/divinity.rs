//! D1, D2 and divinity against textbook games, and their order in all: who stands by D1 stands by the weaker tests.

use detente_exact::Q;
use detente_game::Game;
use detente_game::formats::efg;
use detente_game::refinements::MessageRow;
use detente_game::solution::{Component, Concept};
use detente_solve::{Settings, Silent, refinements, solve};
use detente_test::builder::numbered;
use detente_test::random::Payoffs;
use detente_test::{Shape, TreeBuilder, random_game};

fn exact(number: &detente_game::solution::Num) -> Option<Q> {
    number.exact.clone()
}

fn tables(game: &Game) -> Vec<(Component, Vec<MessageRow>)> {
    let numbers = game.numbers(&game.base_params()).expect("the game has numbers");
    let settings = Settings { concept: Concept::Sequential, ..Settings::default() };
    let found = solve(game, &numbers, &settings, &Silent);
    let with = |c: Component| {
        let table = refinements(game, &numbers, &c)?;
        let exact = |list: &Vec<_>| list.iter().map(exact).collect::<Option<Vec<Q>>>();
        let profile: Vec<Vec<Q>> = c.profile.iter().map(exact).collect::<Option<_>>()?;
        detente_verify::check_refinements(game, &numbers, &profile, &table).expect("the referee agrees");
        let mut other = table.clone();
        if let Some(row) = other.first_mut() {
            row.d1 = !row.d1;
            assert!(detente_verify::check_refinements(game, &numbers, &profile, &other).is_err());
        }
        Some((c, table))
    };
    found.components.into_iter().filter_map(with).collect()
}

/// Cho and Kreps 1987: pooling on quiche falls by every test, as only the surly type could want beer; pooling on
/// beer stands by every test.
#[test]
fn quiche_falls_and_beer_stands() {
    let text = r#"EFG 2 R "Beer-Quiche" { "S" "R" }
c "" 1 "" { "strong" 9/10 "weak" 1/10 } 0
p "" 1 1 "strong" { "B" "Q" } 0
p "" 2 1 "beer" { "F" "N" } 0
t "" 1 "" { 1, 0 }
t "" 2 "" { 3, 1 }
p "" 2 2 "quiche" { "F" "N" } 0
t "" 3 "" { 0, 0 }
t "" 4 "" { 2, 1 }
p "" 1 2 "weak" { "B" "Q" } 0
p "" 2 1 "beer" { "F" "N" } 0
t "" 5 "" { 0, 1 }
t "" 6 "" { 2, 0 }
p "" 2 2 "quiche" { "F" "N" } 0
t "" 7 "" { 1, 1 }
t "" 8 "" { 3, 0 }
"#;
    let game = efg::read(text).expect("a valid game");
    let found = tables(&game);
    assert_eq!(found.len(), 2);
    for (component, table) in &found {
        assert_eq!(table.len(), 1, "one message is not sent");
        let row = &table[0];
        let beer = component.profile[0][0].exact == Some(Q::ONE);
        assert_eq!((row.intuitive, row.divine, row.d1, row.d2), (beer, beer, beer, beer));
        // The type that cannot want the unsent message: strong quiche, weak beer.
        let gone: Vec<u32> = row.types.iter().filter(|t| t.d1).map(|t| t.set).collect();
        let strong = row.types.iter().find(|t| (game.infosets[t.set as usize].label == "strong") == beer);
        assert_eq!(gone, vec![strong.expect("both types can send it").set]);
        assert!(row.types.iter().all(|t| t.never_gains == t.d1 && t.d2 == t.d1));
    }
}

/// Spence's education with three levels: types 1 and 2 equally likely, the market pays the expected type, a level
/// costs `level / type` (in halves). Pooling at level 0 is held up by pessimism; it stands by the
/// intuitive criterion if the high level is out of reach for none, and falls by D1, as the able always gain
/// more from any wage (Cho and Kreps 1987, section V: D1 leaves separation alone).
#[test]
fn d1_can_be_stricter_than_the_intuitive_criterion() {
    let mut tree = TreeBuilder::new("education", &["Worker", "Firm"]);
    let kinds = ["one".to_string(), "two".to_string()];
    let ability = tree.chance_event(Some(0), "ability", &kinds);
    let level = tree.decision_event(0, "level", &numbered("e", 2));
    let wage = tree.decision_event(1, "wage", &["w1".to_string(), "w15".to_string(), "w2".to_string()]);
    let workers = [tree.infoset(level, "one"), tree.infoset(level, "two")];
    let firms = [tree.infoset(wage, "e1"), tree.infoset(wage, "e2")];
    let root = tree.chance(None, ability, &[Q::new(1, 2), Q::new(1, 2)]);
    for t in 0..2u32 {
        let node = tree.decision(Some((root, t)), workers[t as usize]);
        for e in 0..2u32 {
            let firm = tree.decision(Some((node, e)), firms[e as usize]);
            for (w, pay) in [Q::ONE, Q::new(3, 2), Q::from(2)].into_iter().enumerate() {
                // Both would study for the highest wage: the cost is 0.4 and 0.2.
                let cost = if e == 0 { Q::ZERO } else { Q::new(2, 5) / Q::from(i64::from(t) + 1) };
                let miss = &pay - &Q::from(i64::from(t) + 1);
                tree.end(Some((firm, w as u32)), None, &[&pay - &cost, -(&miss * &miss)]);
            }
        }
    }
    let game = tree.finish();
    let pooling =
        |c: &Component| c.profile[0][0].exact == Some(Q::ONE) && c.profile[1][0].exact == Some(Q::ONE);
    let found = tables(&game);
    let (_, table) = found.iter().find(|(c, _)| pooling(c)).expect("nobody studies");
    let row = &table[0];
    assert!(row.intuitive, "either type could gain from studying");
    assert!(!row.d1 && !row.d2);
    let gone: Vec<bool> = row.types.iter().map(|t| t.d1).collect();
    assert_eq!(gone.iter().filter(|g| **g).count(), 1);
}

#[test]
fn stricter_tests_exclude_more() {
    for seed in 0..12 {
        let shape = Shape::Signalling { types: 3, messages: 2, replies: 3, payoffs: Payoffs::Integers(5) };
        for (_, table) in tables(&random_game(seed, shape)) {
            for row in table {
                assert!(!row.d2 || row.d1, "what falls by D1 falls by D2, seed {seed}");
                assert!(!row.d1 || row.divine, "what falls by divinity falls by D1, seed {seed}");
                assert!(row.types.iter().all(|t| !t.d1 || t.d2), "seed {seed}");
            }
        }
    }
}
