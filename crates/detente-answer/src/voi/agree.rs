//! What lanes say of a game beside what the exact path says of it.

use super::desk::weights;
use super::lanes::Lanes;
use super::plans::Plans;
use super::value_of;
use crate::doubtful::{models, points, same};
use crate::ends::overall;
use crate::solved::{on_big_stack, solve};
use detente_game::solution::Concept;
use detente_game::{EventId, PlayerId};
use detente_model::Model;
use detente_solve::{Settings, Silent};

/// Compares all points for one player; returns how many lanes told.
fn agree(name: &str, model: &Model, player: PlayerId, count: u64) -> usize {
    let points = points(model, count);
    let events: Vec<EventId> = (0..model.game.events.len()).map(|k| EventId(k as u32)).collect();
    let plans = [Plans::new(&model.game, player, &[]), Plans::new(&model.game, player, &events)];
    let plans: Vec<&Plans> = plans.iter().collect();
    let found = Lanes::new(&model.game, Concept::Sequential).at(&points, player, &plans);
    let mut known = 0;
    for (k, (found, params)) in found.iter().zip(&points).enumerate() {
        let place = format!("{name}, player {}, draw {k}", player.0);
        let point = solve(model, params, &[None].into(), &Settings::default(), &Silent).expect("a game");
        let Some(found) = found else { continue };
        assert!(point.complete(), "{place}");
        known += 1;
        let value = overall(&point.hands(), &value_of(player));
        assert!(same(found.value, value), "{place}: {:?} and {value:?}", found.value);
        let exact = weights(&point, &plans, player);
        let flat = |list: &[Vec<Vec<f64>>]| list.iter().flatten().map(Vec::len).collect::<Vec<_>>();
        assert_eq!(flat(&found.weights), flat(&exact), "{place}");
        let pairs = found.weights.iter().flatten().flatten().zip(exact.iter().flatten().flatten());
        for (a, b) in pairs {
            assert!((a - b).abs() <= 1e-9 * (1.0 + b.abs()), "{place}: {:?} and {exact:?}", found.weights);
        }
    }
    known
}

#[test]
fn the_base_game_of_a_draw_is_the_one_that_is_solved() {
    let (mut all, mut known) = (0, 0);
    for (name, model) in models(4) {
        for player in 0..model.game.players.len() as u32 {
            known += on_big_stack(|| agree(&name, &model, PlayerId(player), 12)).expect("a thread");
            all += 12;
        }
    }
    assert!(known * 2 > all, "{known} of {all}");
}

/// At its base values, where payoffs are small whole numbers and often tie, a game counts as made of constants.
#[test]
fn a_game_of_constants_is_worth_what_it_is_solved_for() {
    let (mut all, mut known) = (0, 0);
    for (name, model) in models(12) {
        let params = model.game.base_params();
        let point = on_big_stack(|| solve(&model, &params, &[None].into(), &Settings::default(), &Silent));
        let point = point.expect("a thread").expect("a game");
        for player in (0..model.game.players.len() as u32).map(PlayerId) {
            all += 1;
            let found = Lanes::fixed(&model.game, Concept::Sequential).value(player);
            let exact = overall(&point.hands(), &value_of(player));
            known += usize::from(found.is_some());
            assert!(found.is_none() || same(found, exact), "{name}: {found:?} and {exact:?}");
        }
    }
    assert!(known * 4 > all, "{known} of {all}");
}
