//! Games whose equilibria are known from papers, or from a few lines of algebra.

mod differential;

use detente_exact::Q;
use detente_game::formats::{efg, nfg};
use detente_game::solution::{Component, Concept, FreeWhat, OutcomeSet, Solution, Status};
use detente_game::{Game, InfosetId};
use detente_test::builder::Place;
use detente_test::{TreeBuilder, play};
use differential::{numbers, solved};
use std::collections::BTreeMap;

fn complete(game: &Game, concept: Concept) -> Solution {
    let solution = solved(game, concept);
    assert_eq!(solution.status, Status::ExactComplete, "{}: {:?}", game.title, solution.unresolved);
    solution
}

fn q(n: i64, d: i64) -> Q {
    Q::new(n, d)
}

/// The set with this label, of the owner named.
fn set(game: &Game, owner: usize, label: &str) -> usize {
    let found = game.infosets.iter().position(|h| h.player.index() == owner && h.label == label);
    found.unwrap_or_else(|| panic!("no set {label}"))
}

/// The exact probability of an action, where the component has one.
fn plays(c: &Component, h: usize, a: usize) -> Q {
    c.profile[h][a].exact.clone().expect("a rational number")
}

/// Lowest and highest probability of an action.
fn between(c: &Component, h: usize, a: usize) -> (Q, Q) {
    let exact = |n: &detente_game::solution::Num| n.exact.clone().expect("a rational number");
    match c.free.iter().find(|f| f.what == FreeWhat::Action(h as u32, a as u32)) {
        Some(f) => (exact(&f.low), exact(&f.high)),
        None => (plays(c, h, a), plays(c, h, a)),
    }
}

/// Beer or quiche (Cho and Kreps, "Signaling games and stable equilibria", 1987), with a
/// chance `surly` that the sender is strong.
fn beer_quiche(surly: &str, wimp: &str) -> Game {
    let text = format!(
        r#"EFG 2 R "Beer-quiche" {{ "Sender" "Receiver" }}
c "" 1 "type" {{ "surly" {surly} "wimp" {wimp} }} 0
p "" 1 1 "surly" {{ "beer" "quiche" }} 0
p "" 2 1 "beer" {{ "duel" "retreat" }} 0
t "" 1 "" {{ 1, 0 }}
t "" 2 "" {{ 3, 1 }}
p "" 2 2 "quiche" {{ "duel" "retreat" }} 0
t "" 3 "" {{ 0, 0 }}
t "" 4 "" {{ 2, 1 }}
p "" 1 2 "wimp" {{ "beer" "quiche" }} 0
p "" 2 1 0
t "" 5 "" {{ 0, 1 }}
t "" 6 "" {{ 2, 0 }}
p "" 2 2 0
t "" 7 "" {{ 1, 1 }}
t "" 8 "" {{ 3, 0 }}
"#
    );
    efg::read(&text).expect("the text follows the format")
}

#[test]
fn beer_and_quiche_pool_in_two_ways_when_most_are_strong() {
    let game = beer_quiche("9/10", "1/10");
    let solution = complete(&game, Concept::Sequential);
    assert_eq!(solution.components.len(), 2);
    let (surly, wimp) = (set(&game, 0, "surly"), set(&game, 0, "wimp"));
    let answers = [set(&game, 1, "beer"), set(&game, 1, "quiche")];
    let mut pools = Vec::new();
    for c in &solution.components {
        assert_eq!(plays(c, surly, 0), plays(c, wimp, 0), "both types send the same");
        let on_beer = plays(c, surly, 0) == Q::ONE;
        assert!(on_beer || plays(c, surly, 1) == Q::ONE);
        let (on, off) = if on_beer { (answers[0], answers[1]) } else { (answers[1], answers[0]) };
        assert_eq!(between(c, on, 0), (Q::ZERO, Q::ZERO), "no duel on the path");
        assert_eq!(between(c, off, 0), (q(1, 2), Q::ONE), "the duel that deters");
        // A duel is best if the sender is strong with at most even chance.
        let strong = c.free.iter().find(|f| f.what == FreeWhat::Belief(off as u32, 0)).expect("free");
        assert_eq!((strong.low.exact.clone(), strong.high.exact.clone()), (Some(Q::ZERO), Some(q(1, 2))));
        assert_eq!(c.intuitive, Some(on_beer));
        pools.push(on_beer);
    }
    pools.sort_unstable();
    assert_eq!(pools, [false, true]);
}

#[test]
fn beer_and_quiche_half_separate_when_most_are_weak() {
    // With 2/5 strong: the weak send beer with w, and 2/5 = (3/5) w makes the duel a toss-up,
    // so w = 2/3; a duel after beer with 1/2 makes the weak indifferent.
    let game = beer_quiche("2/5", "3/5");
    let solution = complete(&game, Concept::Sequential);
    let [c] = &solution.components[..] else { panic!("{} components", solution.components.len()) };
    assert_eq!(plays(c, set(&game, 0, "surly"), 0), Q::ONE);
    assert_eq!(plays(c, set(&game, 0, "wimp"), 0), q(2, 3));
    assert_eq!(plays(c, set(&game, 1, "beer"), 0), q(1, 2));
    assert_eq!(plays(c, set(&game, 1, "quiche"), 0), Q::ONE);
    assert!(c.free.is_empty());
}

/// Entry deterrence (Selten, "The chain store paradox", 1978).
fn entry() -> Game {
    let text = r#"EFG 2 R "Entry" { "Entrant" "Incumbent" }
p "" 1 1 "enter" { "out" "in" } 0
t "" 1 "out" { 0, 2 }
p "" 2 1 "answer" { "yield" "fight" } 0
t "" 2 "shared" { 1, 1 }
t "" 3 "war" { -1, -1 }
"#;
    efg::read(text).expect("the text follows the format")
}

#[test]
fn a_threat_nobody_would_carry_out_is_nash_but_not_subgame_perfect() {
    let game = entry();
    for concept in [Concept::Spe, Concept::Sequential] {
        let solution = complete(&game, concept);
        let [c] = &solution.components[..] else { panic!("one by backward induction") };
        assert_eq!((plays(c, 0, 1), plays(c, 1, 0)), (Q::ONE, Q::ONE));
    }
    let nash = complete(&game, Concept::Nash);
    assert_eq!(nash.components.len(), 2);
    let out = nash.components.iter().find(|c| plays(c, 0, 0) == Q::ONE).expect("deterrence");
    assert_eq!(between(out, 1, 1), (q(1, 2), Q::ONE));
    assert_eq!(out.outcome_set, OutcomeSet::Point);
}

/// The horse (Selten, "Reexamination of the perfectness concept", 1975).
fn horse() -> Game {
    let text = r#"EFG 2 R "Horse" { "One" "Two" "Three" }
p "" 1 1 "one" { "C" "D" } 0
p "" 2 1 "two" { "c" "d" } 0
t "" 1 "across" { 1, 1, 1 }
p "" 3 1 "three" { "l" "r" } 0
t "" 2 "cdl" { 4, 4, 0 }
t "" 3 "cdr" { 0, 0, 1 }
p "" 3 1 0
t "" 4 "dl" { 3, 3, 2 }
t "" 5 "dr" { 0, 0, 0 }
"#;
    efg::read(text).expect("the text follows the format")
}

#[test]
fn the_horse_has_a_subgame_perfect_equilibrium_that_is_not_sequential() {
    // There are no subgames but the game, so subgame-perfect is Nash: (D, at least 1/3 c, l),
    // and (C, c, at most 1/4 l). At the first, the second player would rather play d.
    let game = horse();
    for concept in [Concept::Nash, Concept::Spe] {
        let solution = complete(&game, concept);
        assert_eq!(solution.components.len(), 2, "{concept:?}");
        let down = solution.components.iter().find(|c| plays(c, 0, 1) == Q::ONE).expect("D");
        assert_eq!(between(down, 1, 0), (q(1, 3), Q::ONE));
        assert_eq!(plays(down, 2, 0), Q::ONE);
    }
    let sequential = complete(&game, Concept::Sequential);
    let [c] = &sequential.components[..] else { panic!("{} components", sequential.components.len()) };
    assert_eq!((plays(c, 0, 0), plays(c, 1, 0)), (Q::ONE, Q::ONE));
    assert_eq!(between(c, 2, 0), (Q::ZERO, q(1, 4)));
}

#[test]
fn agents_of_one_player_can_agree_on_less_than_the_player_can_get() {
    // Out gives 1; in and left 0, in and right 2. "Out, left" leaves no single move to
    // improve where it matters, for left is never reached; the player as a whole gains 1.
    let text = r#"EFG 2 R "Two moves" { "Player" "Bystander" }
p "" 1 1 "first" { "out" "in" } 0
t "" 1 "out" { 1, 0 }
p "" 1 2 "second" { "left" "right" } 0
t "" 2 "left" { 0, 0 }
t "" 3 "right" { 2, 0 }
"#;
    let game = efg::read(text).expect("the text follows the format");
    let lazy = play::as_profile(&game, &[0, 0]);
    let value = play::values(&game, &numbers(&game), &lazy, 0);
    let children = game.children(detente_game::NodeId(0));
    assert!(value[children[0].index()] > value[children[1].index()], "no single move pays at the root");
    let reach = play::reach(&game, &numbers(&game), &lazy);
    assert!(reach[children[1].index()].is_zero(), "the other set is not reached");
    assert!(!play::is_nash(&game, &numbers(&game), &lazy));
    for concept in [Concept::Nash, Concept::Spe, Concept::Sequential] {
        let solution = complete(&game, concept);
        let [c] = &solution.components[..] else { panic!("{} components", solution.components.len()) };
        assert_eq!((plays(c, 0, 1), plays(c, 1, 1)), (Q::ONE, Q::ONE), "{concept:?}");
    }
}

#[test]
fn pennies_match_half_of_the_time() {
    let text = r#"NFG 1 R "Pennies" { "Even" "Odd" } { 2 2 }
1 -1 -1 1 -1 1 1 -1
"#;
    let game = nfg::read(text).expect("the text follows the format");
    for concept in [Concept::Nash, Concept::Sequential] {
        let solution = complete(&game, concept);
        let [c] = &solution.components[..] else { panic!("{} components", solution.components.len()) };
        assert!((0..2).all(|h| (0..2).all(|a| plays(c, h, a) == q(1, 2))));
    }
}

#[test]
fn coordination_has_an_equilibrium_per_nonempty_set_of_meeting_places() {
    for n in 2..=5usize {
        let cells: Vec<String> =
            (0..n * n).map(|k| if k % n == k / n { "1 1" } else { "0 0" }.into()).collect();
        let text = format!("NFG 1 R \"Meet\" {{ \"A\" \"B\" }} {{ {n} {n} }}\n{}\n", cells.join(" "));
        let game = nfg::read(&text).expect("the text follows the format");
        let solution = complete(&game, Concept::Nash);
        assert_eq!(solution.components.len(), (1 << n) - 1, "{n} places");
        for c in &solution.components {
            let used = (0..n).filter(|a| !plays(c, 0, *a).is_zero()).count();
            let even = q(1, used as i64);
            let same = |a: usize| plays(c, 0, a) == plays(c, 1, a);
            assert!((0..n).all(|a| same(a) && (plays(c, 0, a).is_zero() || plays(c, 0, a) == even)));
        }
    }
}

#[test]
fn three_players_with_two_moves_can_have_nine_equilibria() {
    // An example of McKelvey and McLennan, as distributed with Gambit (2x2x2.nfg): nine
    // equilibria, two of them totally mixed.
    let text = r#"NFG 1 R "Nine" { "1" "2" "3" } { 2 2 2 }
9 8 12 0 0 0 0 0 0 9 8 2 0 0 0 3 4 6 3 4 6 0 0 0
"#;
    let game = nfg::read(text).expect("the text follows the format");
    for concept in [Concept::Nash, Concept::Sequential] {
        let solution = complete(&game, concept);
        assert_eq!(solution.components.len(), 9);
        let mixed = |c: &&Component| c.profile.iter().flatten().all(|n| n.value > 0.0);
        assert_eq!(solution.components.iter().filter(mixed).count(), 2);
    }
}

/// The chain store with a few periods: each entrant gets 0 outside, 1/2 if the store
/// yields, -1/2 if it fights; the weak store 2 if left alone, 0 if it yields, -1 if it
/// fights. The strong store, with chance `strong`, always fights.
struct Store {
    tree: TreeBuilder,
    periods: usize,
    sets: BTreeMap<(bool, String), InfosetId>,
}

impl Store {
    fn game(periods: usize, strong: Q) -> Game {
        let names: Vec<String> = std::iter::once("Store".to_string())
            .chain((1..=periods).map(|k| format!("Entrant{k}")))
            .collect();
        let mut tree = TreeBuilder::new("Chain store", &names.iter().map(String::as_str).collect::<Vec<_>>());
        let words = |list: [&str; 2]| list.map(String::from);
        let nature = tree.chance_event(Some(0), "type", &words(["weak", "strong"]));
        let root = tree.chance(None, nature, &[Q::ONE - &strong, strong]);
        let mut store = Store { tree, periods, sets: BTreeMap::new() };
        store.period(Some((root, 0)), true, "", vec![Q::ZERO; periods + 1]);
        store.period(Some((root, 1)), false, "", vec![Q::ZERO; periods + 1]);
        store.tree.finish()
    }

    fn set(&mut self, entrant: bool, past: &str) -> InfosetId {
        let arms = if entrant { ["out", "in"] } else { ["yield", "fight"] }.map(String::from);
        let tree = &mut self.tree;
        *self.sets.entry((entrant, past.to_string())).or_insert_with(|| {
            let player = if entrant { past.len() + 1 } else { 0 };
            let event = tree.decision_event(player, "move", &arms);
            tree.infoset(event, past)
        })
    }

    /// Adds what follows a public history of letters `o`, `y`, `f`; at most a few periods deep.
    fn period(&mut self, at: Place, weak: bool, past: &str, paid: Vec<Q>) {
        let k = past.len();
        if k == self.periods {
            self.tree.end(at, Some(past), &paid);
            return;
        }
        let plus = |store: i64, entrant: Q| {
            let mut paid = paid.clone();
            paid[0] += &Q::from(store);
            paid[k + 1] += &entrant;
            paid
        };
        let set = self.set(true, past);
        let node = self.tree.decision(at, set);
        self.period(Some((node, 0)), weak, &format!("{past}o"), plus(2, Q::ZERO));
        if !weak {
            self.period(Some((node, 1)), weak, &format!("{past}f"), plus(-1, q(-1, 2)));
            return;
        }
        let set = self.set(false, past);
        let node = self.tree.decision(Some((node, 1)), set);
        self.period(Some((node, 0)), weak, &format!("{past}y"), plus(0, q(1, 2)));
        self.period(Some((node, 1)), weak, &format!("{past}f"), plus(-1, q(-1, 2)));
    }
}

#[test]
fn reputation_is_kept_by_mixing() {
    // Kreps and Wilson, "Reputation and imperfect information" (1982): with n periods to go,
    // doubt p and b = 1/2, entrants stay out if p > b^n and enter if p < b^n; the weak store
    // fights with probability (1 - b^(n-1)) p / ((1 - p) b^(n-1)) if p < b^(n-1), which
    // brings p to b^(n-1); the next entrant then stays out with probability 1/2 = 1 / gain.
    let game = Store::game(2, q(1, 10));
    let solution = complete(&game, Concept::Sequential);
    let [c] = &solution.components[..] else { panic!("{} components", solution.components.len()) };
    let at = |owner: usize, past: &str, a: usize| plays(c, set(&game, owner, past), a);
    assert_eq!(at(1, "", 1), Q::ONE);
    assert_eq!(at(0, "", 1), q(1, 9));
    assert_eq!(at(2, "f", 1), q(1, 2));
    assert_eq!((at(2, "y", 1), at(2, "o", 1)), (Q::ONE, Q::ONE));
    assert_eq!(at(0, "f", 0), Q::ONE);

    let game = Store::game(3, q(1, 10));
    let solution = complete(&game, Concept::Sequential);
    let [c] = &solution.components[..] else { panic!("{} components", solution.components.len()) };
    let at = |owner: usize, past: &str, a: usize| plays(c, set(&game, owner, past), a);
    assert_eq!(at(1, "", 1), Q::ONE);
    assert_eq!((at(0, "", 1), at(0, "f", 1)), (q(1, 3), q(1, 3)));
    assert_eq!((at(2, "f", 1), at(3, "ff", 1)), (q(1, 2), q(1, 2)));
    assert_eq!((at(2, "y", 1), at(3, "fo", 1), at(3, "fy", 1)), (Q::ONE, Q::ONE, Q::ONE));
    assert_eq!(at(0, "ff", 0), Q::ONE);
}

#[test]
fn a_strong_enough_reputation_deters_everybody_but_the_last() {
    // 3/10 > b^2: the first of two entrants stays out, and doubt stays at 3/10 < b.
    let game = Store::game(2, q(3, 10));
    let solution = complete(&game, Concept::Sequential);
    for c in &solution.components {
        assert_eq!(plays(c, set(&game, 1, ""), 0), Q::ONE);
        assert_eq!(plays(c, set(&game, 2, "o"), 1), Q::ONE);
    }
    assert_eq!(solution.components.len(), 1);
}
