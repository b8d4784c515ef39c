//! Trembles whose ratio the equilibrium fixes: products with them are linear once their scale
//! is chosen, and the referee follows that step but no change of it.

use detente_exact::Q;
use detente_game::certificate::Proof;
use detente_game::formats::efg;
use detente_game::solution::Status;
use detente_game::{Game, Numbers};
use detente_solve::{Settings, Silent, solve};
use detente_verify::verify;

/// A full war is off the path, and the West mixes there: it is indifferent only if the two aims
/// tremble in one ratio. Behind it another player moves against the same trembles.
const TWO_AIMS: &str = r#"
EFG 2 R "Two aims of a war" { "Russia" "Ukraine" "West" }

c "" 1 "Russia.aim" { "settlement" 73/100 "regional" 27/100 } 0
p "" 1 1 "war of settlement" { "none" "limited" "full" } 0
t "" 1 "quiet" { 0, 0, 0 }
t "" 2 "donbas" { 1/15, 0, 0 }
p "" 3 1 "reply" { "firm" "concede" } 3 "payment" { -37/100, 0, 0 }
p "" 2 1 "stand" { "yield" "resist" } 0
t "" 4 "success" { 1/3, 0, -43/100 }
c "" 2 "kyiv" { "falls" 33/100 "holds" 67/100 } 5 "payment#2" { 0, 83/100, 0 }
t "" 4
p "" 1 2 "next of settlement" { "confine" "spill" } 0
t "" 6 "long_war" { 13/300, 0, -43/100 }
p "" 3 2 "last" { "firm" "settle" } 7 "payment#3" { -31/50, 0, 0 }
t "" 8 "spread" { 13/300, 0, -213/100 }
t "" 9 "dragged" { 1, 0, -143/100 }
t "" 10 "granted" { 1, 0, -1 }
p "" 1 3 "war of regional" { "none" "limited" "full" } 0
t "" 1
t "" 11 "donbas#2" { 1/5, 0, 0 }
p "" 3 1 3
p "" 2 1 0
t "" 12 "success#2" { 1, 0, -43/100 }
c "" 3 "kyiv#2" { "falls" 33/100 "holds" 67/100 } 5
t "" 12
p "" 1 4 "next of regional" { "confine" "spill" } 0
t "" 13 "long_war#2" { 13/100, 0, -43/100 }
p "" 3 2 7
t "" 14 "spread#2" { 13/100, 0, -213/100 }
t "" 15 "dragged#2" { 1/3, 0, -143/100 }
t "" 16 "granted#2" { 1/3, 0, -1 }
"#;

fn numbers(game: &Game) -> Numbers {
    game.numbers(&game.base_params()).expect("an .efg has numbers")
}

/// The first `Scale` step of a proof.
fn scale(proof: &mut Proof) -> Option<&mut Proof> {
    if matches!(proof, Proof::Scale { .. }) {
        return Some(proof);
    }
    proof.next_mut().into_iter().find_map(scale)
}

#[test]
fn a_ratio_of_trembles_is_solved_and_each_change_of_the_step_is_rejected() {
    let game = efg::read(TWO_AIMS.trim()).expect("the text follows the format");
    let numbers = numbers(&game);
    let solution = solve(&game, &numbers, &Settings::default(), &Silent);
    assert_eq!(solution.status, Status::ExactComplete, "{:?}", solution.unresolved);
    let verdict = verify(&game, &numbers, &solution);
    assert!(verdict.accepted && verdict.proven == Status::ExactComplete, "{verdict:?}");

    let rejected = |change: &dyn Fn(&mut Vec<(u32, u32)>, &mut Proof)| {
        let mut mutant = solution.clone();
        let stage = mutant.certificate.stages.last_mut().expect("a proof has stages");
        let Some(Proof::Scale { group, then }) = scale(&mut stage.proof) else {
            panic!("the proof chooses a scale")
        };
        change(group, then);
        !verify(&game, &numbers, &mutant).accepted
    };
    assert!(!rejected(&|_, _| {}));
    assert!(rejected(&|group, _| group.truncate(1)), "a part of the group");
    assert!(rejected(&|group, _| group.push((2, 0))), "a weight that is no tremble");
    assert!(rejected(&|group, _| group.clear()), "no group");
    let off = |then: &mut Proof| match then {
        Proof::Fix { value, .. } => *value += &Q::new(1, 7),
        _ => panic!("the ratio gives numbers"),
    };
    assert!(rejected(&|_, then| off(then)), "another number");
    assert!(rejected(&|_, then| *then = Proof::Refuted { combination: vec![] }), "no equilibrium");
}
