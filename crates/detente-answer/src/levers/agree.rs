//! Levers tried in lanes beside levers tried by solving each game.

use super::policies::policies;
use super::together::Together;
use super::tried::{Bench, Bodies};
use super::{Inquiry, Measure};
use crate::doubtful::{models, points, same};
use crate::draws::Plan;
use crate::sampler::Sampler;
use crate::solved::on_big_stack;
use detente_game::{OutcomeId, PlayerId};
use detente_model::Model;
use detente_model::question::{Body, Conditions, Happening, Number, Query, QueryKind};
use detente_solve::{Settings, Silent};

/// Compares all levers of one player on the first outcome; returns how many draws lanes told.
fn agree(name: &str, model: &Model, player: PlayerId, count: u64) -> usize {
    let query = Query {
        kind: QueryKind::Prob(Happening::Outcome(OutcomeId(0))),
        conditions: Conditions::default(),
        span: Default::default(),
    };
    let body = Body::Number(Number::Query(Box::new(query)));
    let inquiry = Inquiry {
        player,
        measure: Measure { name: "first".into(), label: String::new(), body },
        more: Some(true),
        params: None,
        threshold: None,
        plan: Plan { draws: count, seed: 3, threads: 1, settings: Settings::default() },
    };
    let sampler = Sampler::new(model).expect("no correlations");
    let bodies = Bodies::of(model, &inquiry);
    let mut all = policies(model, &inquiry, &sampler).expect("levers");
    all.truncate(12);
    let bench = Bench::new(model, &bodies, all, &inquiry.plan.settings, &Silent).expect("a game");
    let together = Together::new(&bench, &bodies, &Silent);
    let points = points(model, count);
    let mut known = 0;
    for (k, (found, params)) in together.at(&points).into_iter().zip(&points).enumerate() {
        let Some(found) = found else { continue };
        known += 1;
        let place = format!("{name}, player {}, draw {k}", player.0);
        let exact = bench.at(params, &bodies.scenarios[..1], true, &Silent).expect("a game");
        assert_eq!(found.len(), exact.len(), "{place}");
        for (one, other) in found.iter().zip(exact.iter().map(|row| &row[0])) {
            let alike = same(one.x, other.x)
                && same(one.own, other.own)
                && same(one.effect, other.effect)
                && same(one.own_effect, other.own_effect);
            assert!(alike, "{place}: {one:?} and {other:?}");
        }
    }
    known
}

#[test]
fn levers_in_lanes_are_levers_one_by_one() {
    let (mut all, mut known) = (0, 0);
    for (name, model) in models(2) {
        for player in 0..model.game.players.len() as u32 {
            known += on_big_stack(|| agree(&name, &model, PlayerId(player), 6)).expect("a thread");
            all += 6;
        }
    }
    assert!(known * 4 > all, "{known} of {all}");
}
