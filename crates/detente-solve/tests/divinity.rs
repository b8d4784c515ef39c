//! D1, D2 and divinity against textbook games, round by round, and their order in all.

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
        // Who goes in another round, or stays, is noticed.
        for k in 0..table.first().map_or(0, |row| row.types.len()) {
            let mut other = table.clone();
            let told = &mut other[0].types[k].d2;
            *told = if told.is_some() { None } else { Some(1) };
            assert!(detente_verify::check_refinements(game, &numbers, &profile, &other).is_err());
        }
        if table.first().is_some_and(|row| !row.groups.is_empty()) {
            let mut other = table.clone();
            other[0].groups[0].pop();
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
        assert_eq!((row.intuitive, row.divine, row.d1, row.d2), (beer, Some(beer), beer, beer));
        // The type that cannot want the unsent message: strong quiche, weak beer.
        let gone: Vec<u32> = row.types.iter().filter(|t| t.d1.is_some()).map(|t| t.set).collect();
        let strong = row.types.iter().find(|t| (game.infosets[t.set as usize].label == "strong") == beer);
        assert_eq!(gone, vec![strong.expect("both types can send it").set]);
        assert!(row.types.iter().all(|t| t.never_gains == t.d1.is_some() && t.d2 == t.d1));
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
    let gone: Vec<bool> = row.types.iter().map(|t| t.d1.is_some()).collect();
    assert_eq!(gone.iter().filter(|g| **g).count(), 1);
}

/// Spence's education with levels on a grid: ability is worth 1 (nine of ten) or 2, a year costs one over ability, the
/// market guesses. The least costly level that separates is 5/4 (Riley, "Informational equilibrium", Econometrica,
/// 1979): 1/2 would be worth it to the less able, too. Nobody studying, and 7/4, are equilibria as well; D1 leaves
/// 5/4 alone (Cho and Kreps 1987).
#[test]
fn d1_selects_the_least_costly_separation() {
    let levels = [Q::ZERO, Q::new(1, 2), Q::new(5, 4), Q::new(7, 4)];
    let wages = [Q::ONE, Q::new(3, 2), Q::from(2)];
    let mut tree = TreeBuilder::new("education", &["Worker", "Firm"]);
    let kinds = ["dull".to_string(), "able".to_string()];
    let ability = tree.chance_event(Some(0), "ability", &kinds);
    let level = tree.decision_event(0, "level", &numbered("e", 4));
    let wage = tree.decision_event(1, "wage", &numbered("w", 3));
    let workers = [tree.infoset(level, "dull"), tree.infoset(level, "able")];
    let firms: Vec<_> = (0..4).map(|e| tree.infoset(wage, &format!("e{e}"))).collect();
    let root = tree.chance(None, ability, &[Q::new(9, 10), Q::new(1, 10)]);
    for t in 0..2u32 {
        let node = tree.decision(Some((root, t)), workers[t as usize]);
        let worth = Q::from(i64::from(t) + 1);
        for (e, years) in levels.iter().enumerate() {
            let firm = tree.decision(Some((node, e as u32)), firms[e]);
            for (w, pay) in wages.iter().enumerate() {
                let miss = pay - &worth;
                tree.end(Some((firm, w as u32)), None, &[pay - &(years / &worth), -(&miss * &miss)]);
            }
        }
    }
    let found = tables(&tree.finish());
    let sends = |c: &Component, set: usize, e: usize| c.profile[set][e].exact == Some(Q::ONE);
    assert!(found.iter().any(|(c, _)| sends(c, 0, 0) && sends(c, 1, 0)), "nobody studies");
    assert!(found.iter().any(|(c, _)| sends(c, 0, 0) && sends(c, 1, 3)), "too much is studied");
    let left: Vec<&Component> =
        found.iter().filter(|(_, table)| table.iter().all(|row| row.d1)).map(|(c, _)| c).collect();
    assert!(!left.is_empty() && left.iter().all(|c| sends(c, 0, 0) && sends(c, 1, 2)), "{left:?}");
}

/// Three types may stay out for 0 or come in, and the receiver wants to name the one that came (x for B, y for A, z for
/// C). C breaks even only where B gains, so it goes first. Then z, which alone draws A without B, is not
/// reasonable any more, and A goes. B alone is left, is named, and gains: the equilibrium falls in the third
/// round. After one round beliefs in A would still hold it up. Derived here.
const ROUNDS: &str = r#"EFG 2 R "In rounds" { "Sender" "Receiver" }
c "" 1 "type" { "A" 1/3 "B" 1/3 "C" 1/3 } 0
p "" 1 1 "A" { "out" "in" } 0
t "" 1 "A out" { 0, 0 }
p "" 2 1 "in" { "x" "y" "z" } 0
t "" 2 "Ax" { 1, 0 }
t "" 3 "Ay" { -2, 1 }
t "" 4 "Az" { 1, 0 }
p "" 1 2 "B" { "out" "in" } 0
t "" 5 "B out" { 0, 0 }
p "" 2 1 "in" { "x" "y" "z" } 0
t "" 6 "Bx" { 2, 1 }
t "" 7 "By" { -1, 0 }
t "" 8 "Bz" { -1, 0 }
p "" 1 3 "C" { "out" "in" } 0
t "" 9 "C out" { 0, 0 }
p "" 2 1 "in" { "x" "y" "z" } 0
t "" 10 "Cx" { 1, 0 }
t "" 11 "Cy" { -2, 0 }
t "" 12 "Cz" { -1, 1 }
"#;

#[test]
fn a_later_round_can_bring_an_equilibrium_down() {
    let game = efg::read(ROUNDS).expect("a valid game");
    let found = tables(&game);
    let out = |c: &Component| {
        (0..3).all(|set| {
            let set = game.infosets.iter().position(|h| h.label == ["A", "B", "C"][set]).expect("a type");
            c.profile[set][0].exact == Some(Q::ONE)
        })
    };
    let (_, table) = found.iter().find(|(c, _)| out(c)).expect("all stay out");
    let row = &table[0];
    let rounds: Vec<(&str, Option<u32>)> =
        row.types.iter().map(|t| (game.infosets[t.set as usize].label.as_str(), t.d1)).collect();
    assert_eq!(rounds, vec![("A", Some(2)), ("B", None), ("C", Some(1))]);
    assert!(row.intuitive && !row.d1 && !row.d2);
    // A may still come alone, for z is best where B and C are equally likely.
    assert_eq!(row.divine, Some(true));
    assert!(row.groups.iter().all(|groups| groups.contains(&vec![0]) && !groups.contains(&vec![2])));
}

/// D2 is the strictest; D1 and divinity each imply the intuitive criterion, and neither the other.
#[test]
fn stricter_tests_exclude_more() {
    let mut later = 0;
    for seed in 0..16 {
        let shape = Shape::Signalling { types: 3, messages: 2, replies: 3, payoffs: Payoffs::Integers(5) };
        for (_, table) in tables(&random_game(seed, shape)) {
            for row in table {
                let divine = row.divine.expect("three types");
                assert!(
                    !row.d2 || (row.d1 && divine),
                    "what falls by D1 or divinity falls by D2, seed {seed}"
                );
                assert!(row.intuitive || !(row.d1 || divine), "seed {seed}");
                for t in &row.types {
                    assert!(t.d1.is_none() || !row.d2 || t.d2.is_some(), "seed {seed}");
                    later += usize::from(t.d1.max(t.d2) > Some(1));
                }
                for pair in row.groups.windows(2) {
                    assert!(pair[1].iter().all(|group| pair[0].contains(group)), "seed {seed}");
                }
            }
        }
    }
    assert!(later > 0, "some type goes in a later round");
}
