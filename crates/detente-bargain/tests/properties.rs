//! What must hold for every council: mirrored scales give mirrored answers, units and names do not
//! matter, equal input gives equal bits, and nothing is ever undefined.

use detente_bargain::expected_utility::{UtilityOptions, run as play};
use detente_bargain::spatial::options::*;
use detente_bargain::spatial::{SpatialOptions, run, settle};
use detente_bargain::{
    Actor, Council, CouncilData, Issue, Model, SalienceRule, baselines, exchange, forecast, standard_models,
};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

fn data(capability: Vec<f64>, position: Vec<Vec<f64>>, salience: Vec<Vec<f64>>) -> CouncilData {
    CouncilData {
        issues: (0..position[0].len()).map(|k| Issue::new(format!("issue {k}"), 0.0, 100.0)).collect(),
        actors: (0..capability.len()).map(|i| Actor::new(format!("actor {i}"))).collect(),
        capability,
        position,
        salience,
        full_salience: 100.0,
        salience_rule: SalienceRule::Shares,
    }
}

fn sound(data: CouncilData) -> Council {
    Council::new(data).expect("sound")
}

/// Councils of 1 to 7 actors and 1 to 3 issues, with round numbers so that zeros, ties and equal positions
/// happen.
fn councils() -> impl Strategy<Value = CouncilData> {
    (1usize..8, 1usize..4).prop_flat_map(|(actors, issues)| {
        let table = |most: u32| {
            let cell = prop_oneof![1 => Just(0u32), 6 => 0..=most];
            prop::collection::vec(prop::collection::vec(cell.prop_map(f64::from), issues), actors)
        };
        let capability = prop::collection::vec((1u32..200).prop_map(f64::from), actors);
        (capability, table(100), table(100 / issues as u32))
            .prop_map(|(capability, position, salience)| data(capability, position, salience))
    })
}

/// Councils in general position, where no tie decides: what relabelling needs.
fn general_councils() -> impl Strategy<Value = CouncilData> {
    (3usize..7, 1usize..3).prop_flat_map(|(actors, issues)| {
        let table = |most: f64| prop::collection::vec(prop::collection::vec(0.1..most, issues), actors);
        let capability = prop::collection::vec(1.0..100.0, actors);
        (capability, table(99.9), table(99.0 / issues as f64))
            .prop_map(|(capability, position, salience)| data(capability, position, salience))
    })
}

/// Every choice of the spatial model at least once.
fn choices() -> Vec<SpatialOptions> {
    let base = SpatialOptions::default;
    let mut all = vec![base()];
    all.extend(VotingRule::NAMES.iter().map(|c| SpatialOptions { voting: c.0, ..base() }));
    all.extend(Victory::NAMES.iter().map(|c| SpatialOptions { victory: c.0, ..base() }));
    all.extend(Election::NAMES.iter().map(|c| SpatialOptions { election: c.0, ..base() }));
    all.extend(RiskRange::NAMES.iter().map(|c| SpatialOptions { risk_range: c.0, ..base() }));
    all.extend(RiskAdjust::NAMES.iter().map(|c| SpatialOptions { risk_adjust: c.0, ..base() }));
    all.extend(ThirdParty::NAMES.iter().map(|c| SpatialOptions { third_party: c.0, ..base() }));
    all.extend(Interpolation::NAMES.iter().map(|c| SpatialOptions { interpolation: c.0, ..base() }));
    for offers in OfferModel::NAMES {
        for view in TargetView::NAMES {
            for meet in Interpolation::NAMES {
                let (offers, target_view, interpolation) = (offers.0, view.0, meet.0);
                all.push(SpatialOptions { offers, target_view, interpolation, ..base() });
            }
        }
    }
    all.push(SpatialOptions { transition: Transition::Stochastic { seed: 1, draw: 2 }, ..base() });
    all.push(SpatialOptions { round_offers: false, ..base() });
    all
}

/// Every choice of the expected-utility model at least once.
fn utility_choices() -> Vec<UtilityOptions> {
    use detente_bargain::expected_utility::options::*;
    let mut all = Vec::new();
    for base in [UtilityOptions::textbook(1.0), UtilityOptions::textbook(0.5), UtilityOptions::scholz_code()]
    {
        all.push(base);
        all.extend(Numerator::NAMES.iter().map(|c| UtilityOptions { numerator: c.0, ..base }));
        all.extend(Denominator::NAMES.iter().map(|c| UtilityOptions { denominator: c.0, ..base }));
        all.extend(VoteRisk::NAMES.iter().map(|c| UtilityOptions { vote_risk: c.0, ..base }));
        all.extend(GainRisk::NAMES.iter().map(|c| UtilityOptions { gain_risk: c.0, ..base }));
        all.extend(Trend::NAMES.iter().map(|c| UtilityOptions { trend: c.0, ..base }));
        all.extend(Range::NAMES.iter().map(|c| UtilityOptions { range: c.0, ..base }));
        all.extend(Security::NAMES.iter().map(|c| UtilityOptions { security: c.0, ..base }));
        all.extend(Compromise::NAMES.iter().map(|c| UtilityOptions { compromise: c.0, ..base }));
        all.extend(Compelled::NAMES.iter().map(|c| UtilityOptions { compelled: c.0, ..base }));
        all.extend(Priority::NAMES.iter().map(|c| UtilityOptions { priority: c.0, ..base }));
        all.extend(Tie::NAMES.iter().map(|c| UtilityOptions { tie: c.0, ..base }));
        all.extend(Outcome::NAMES.iter().map(|c| UtilityOptions { outcome: c.0, ..base }));
    }
    all
}

fn close(a: f64, b: f64, room: f64) -> bool {
    (a - b).abs() <= room
}

fn within(council: &Council, outcome: &[f64]) -> bool {
    let held = |k: usize| (0..council.actors().len()).map(move |i| council.position(i, k));
    outcome.iter().enumerate().all(|(k, place)| {
        let low = held(k).fold(f64::INFINITY, f64::min);
        let high = held(k).fold(f64::NEG_INFINITY, f64::max);
        // Rounding an offer moves it by half a ten-thousandth of the scale.
        *place >= low - 0.0051 && *place <= high + 0.0051
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, rng_seed: RngSeed::Fixed(1994), ..ProptestConfig::default() })]

    #[test]
    fn every_model_answers_within_the_occupied_range(data in councils()) {
        let council = sound(data);
        for named in standard_models() {
            let answer = forecast(&council, &named.model).expect("in range");
            prop_assert!(within(&council, &answer.outcome), "{}: {:?}", named.slug, answer);
            let again = forecast(&council, &named.model).expect("in range");
            prop_assert_eq!(&answer, &again, "{} twice", named.slug);
        }
    }

    #[test]
    fn every_choice_of_the_spatial_model_stays_on_the_scale(data in councils()) {
        let council = sound(data);
        for options in choices() {
            let played = run(&council, &options).expect("fits");
            prop_assert!(played.positions.iter().all(|state| state.iter().all(|row| within(&council, row))));
            let chances = played.winning.iter().chain([&played.last_winning]);
            prop_assert!(chances.flatten().all(|p| (0.0..=1.0 + 1e-9).contains(p)));
            for turn in &played.turns {
                prop_assert!(turn.risk.iter().all(|r| (-1.0..=1.0).contains(r)));
                for choice in &turn.choices {
                    prop_assert!(close(choice.probability.iter().sum(), 1.0, 1e-6), "{choice:?}");
                }
                let odds = turn.challenges.iter().flat_map(|c| &c.estimates).map(|e| e.probability);
                prop_assert!(odds.into_iter().all(|p| (0.0..=1.0).contains(&p)));
            }
        }
    }

    #[test]
    fn every_choice_of_the_utility_model_stays_on_the_scale(data in councils()) {
        let council = sound(data);
        for options in utility_choices() {
            for issue in 0..council.issues().len() {
                let played = play(&council, issue, &options).expect("in range");
                let mut outcome: Vec<f64> = (0..council.issues().len()).map(|k| council.position(0, k)).collect();
                outcome[issue] = played.outcome;
                prop_assert!(within(&council, &outcome), "{options:?}: {played:?}");
                for round in &played.rounds {
                    prop_assert!(round.exponent.iter().all(|r| (0.5 - 1e-9..=2.0 + 1e-9).contains(r)));
                    prop_assert!(round.positions.iter().all(|x| (0.0..=100.0).contains(x)));
                    prop_assert!(round.shifts.iter().all(|shift| shift.from != shift.to || shift.own_gain == 0.0));
                }
            }
        }
    }

    #[test]
    fn the_unit_of_a_scale_does_not_matter(data in councils()) {
        let mut other = data.clone();
        for (k, issue) in other.issues.iter_mut().enumerate() {
            // From 0 to 100 onto other scales by powers of two, so that shares keep their bits.
            let factor = [0.25, 2.0, 64.0][k];
            issue.high *= factor;
            other.position.iter_mut().for_each(|row| row[k] *= factor);
        }
        other.full_salience = 400.0;
        other.salience.iter_mut().flatten().for_each(|s| *s *= 4.0);
        other.capability.iter_mut().for_each(|c| *c *= 8.0);
        let (council, other) = (sound(data), sound(other));
        for named in standard_models() {
            // Strengths have an absolute floor, so scaled capability may move the last digits.
            let a = forecast(&council, &named.model).expect("in range").outcome;
            let b = forecast(&other, &named.model).expect("in range").outcome;
            for (k, (x, y)) in a.iter().zip(&b).enumerate() {
                let factor = [0.25, 2.0, 64.0][k];
                if !named.slug.starts_with("spatial") {
                    prop_assert!(close(x * factor, *y, 1e-9 * factor), "{}: {x} {y}", named.slug);
                }
            }
        }
    }

    #[test]
    fn the_unit_does_not_matter_to_the_spatial_model_either(data in general_councils()) {
        let mut other = data.clone();
        for (k, issue) in other.issues.iter_mut().enumerate() {
            let factor = [0.25, 64.0][k];
            (issue.low, issue.high) = (0.0, issue.high * factor);
            other.position.iter_mut().for_each(|row| row[k] *= factor);
        }
        let (council, other) = (sound(data), sound(other));
        let (a, b) = (settle(&council, &SpatialOptions::default()), settle(&other, &SpatialOptions::default()));
        let (a, b) = (a.expect("fits"), b.expect("fits"));
        prop_assert_eq!(a.positions.len(), b.positions.len());
        for (x, y) in a.last().iter().zip(b.last()) {
            for (k, (x, y)) in x.iter().zip(y).enumerate() {
                let factor = [0.25, 64.0][k];
                prop_assert!(close(x * factor, *y, 1e-9 * factor));
            }
        }
    }

    #[test]
    fn a_mirrored_scale_gives_a_mirrored_answer(data in general_councils()) {
        let mut mirrored = data.clone();
        mirrored.position.iter_mut().flatten().for_each(|x| *x = 100.0 - *x);
        let (council, mirrored) = (sound(data), sound(mirrored));
        for named in standard_models() {
            // One reading of the literature favours one end of the scale; rounding of offers would, a little.
            let model = match named.model {
                Model::ExpectedUtility(o) if o == UtilityOptions::scholz_code() => continue,
                Model::Spatial(o, reading) => Model::Spatial(first_turn(&o), reading),
                other => other,
            };
            let a = forecast(&council, &model).expect("in range").outcome;
            let b = forecast(&mirrored, &model).expect("in range").outcome;
            prop_assert!(a.iter().zip(&b).all(|(x, y)| close(x + y, 100.0, 1e-6)), "{}: {a:?} {b:?}", named.slug);
        }
    }

    #[test]
    fn the_order_of_actors_and_issues_does_not_matter(data in general_councils(), turn in 1usize..5) {
        let (n, m) = (data.actors.len(), data.issues.len());
        let to = |i: usize| (i + turn) % n;
        let mut other = data.clone();
        for i in 0..n {
            other.actors[to(i)] = data.actors[i].clone();
            other.capability[to(i)] = data.capability[i];
            other.position[to(i)] = data.position[i].iter().rev().copied().collect();
            other.salience[to(i)] = data.salience[i].iter().rev().copied().collect();
        }
        other.issues.reverse();
        let (council, other) = (sound(data), sound(other));
        for named in standard_models() {
            let model = match named.model {
                Model::Spatial(o, reading) => Model::Spatial(first_turn(&o), reading),
                other => other,
            };
            let a = forecast(&council, &model).expect("in range").outcome;
            let b = forecast(&other, &model).expect("in range").outcome;
            for k in 0..m {
                prop_assert!(close(a[k], b[m - 1 - k], 1e-6), "{}: {a:?} {b:?}", named.slug);
            }
        }
    }

    #[test]
    fn an_exchange_never_harms_those_who_strike_it(data in councils()) {
        let council = sound(data);
        let played = exchange::run(&council, &exchange::ExchangeOptions::default());
        for deal in &played.exchanges {
            prop_assert!(deal.gain > 0.0 && deal.first.actor != deal.second.actor);
            prop_assert!(deal.first.issue != deal.second.issue);
        }
        if played.exchanges.len() == 1 {
            let deal = played.exchanges[0];
            for actor in [deal.first.actor, deal.second.actor] {
                prop_assert!(close(played.utility_change[actor], deal.gain, 1e-9), "{played:?}");
            }
        }
    }
}

/// A single turn without rounding: chaos of many turns amplifies the last bit, one turn does not.
fn first_turn(options: &SpatialOptions) -> SpatialOptions {
    let stop = Stop { least_turns: 1, most_turns: 1, ..options.stop };
    SpatialOptions { round_offers: false, stop, ..options.clone() }
}

/// All answers of all models on one council, none of them undefined.
fn defined(data: CouncilData) -> Vec<Vec<f64>> {
    let council = sound(data);
    for options in choices() {
        let played = run(&council, &options).expect("fits");
        assert!(played.positions.iter().flatten().flatten().all(|x| x.is_finite()), "{options:?}");
        assert!(played.winning.iter().flatten().all(|p| p.is_finite()), "{options:?}");
        assert!(played.turns.iter().flat_map(|t| &t.risk).all(|r| r.is_finite()), "{options:?}");
    }
    let answers: Vec<Vec<f64>> = standard_models()
        .iter()
        .map(|named| forecast(&council, &named.model).expect("in range").outcome)
        .collect();
    assert!(answers.iter().flatten().all(|x| x.is_finite()), "{answers:?}");
    answers
}

#[test]
fn one_actor_gets_its_way() {
    let answers = defined(data(vec![3.0], vec![vec![20.0, 80.0]], vec![vec![50.0, 50.0]]));
    for answer in answers {
        assert!(close(answer[0], 20.0, 1e-9) && close(answer[1], 80.0, 1e-9), "{answer:?}");
    }
}

#[test]
fn identical_positions_are_the_outcome() {
    let (capability, salience) = (vec![1.0, 5.0, 2.0], vec![vec![30.0], vec![90.0], vec![10.0]]);
    let answers = defined(data(capability, vec![vec![37.0]; 3], salience));
    assert!(answers.iter().all(|answer| close(answer[0], 37.0, 0.0051)), "{answers:?}");
    let council = sound(data(vec![1.0; 3], vec![vec![37.0]; 3], vec![vec![50.0]; 3]));
    let played = run(&council, &SpatialOptions::default()).expect("fits");
    assert!(played.turns.iter().all(|turn| turn.challenges.is_empty() && turn.moves().is_empty()));
    assert_eq!(played.winning[0], vec![1.0; 3]);
}

#[test]
fn nobody_caring_is_defined() {
    let council = data(vec![1.0, 3.0], vec![vec![0.0], vec![100.0]], vec![vec![0.0]; 2]);
    defined(council.clone());
    let base = baselines(&sound(council))[0];
    assert_eq!((base.weight, base.mean, base.median), (0.0, 75.0, 100.0));
    let one_idle = data(vec![1.0, 3.0], vec![vec![0.0], vec![100.0]], vec![vec![80.0], vec![0.0]]);
    let answers = defined(one_idle);
    assert_eq!(answers[0], vec![0.0]);
}

#[test]
fn equal_chances_leave_everybody_neutral() {
    // Two equal actors at the two ends: both positions are equally likely.
    let council = sound(data(vec![1.0; 2], vec![vec![0.0], vec![100.0]], vec![vec![50.0]; 2]));
    // The asymmetric rule judges the later option against the earlier one.
    for options in choices().into_iter().filter(|o| o.voting != VotingRule::AsymProsp) {
        let played = run(&council, &options).expect("fits");
        assert_eq!(played.turns[0].risk, vec![0.0, 0.0], "{options:?}");
        assert!(played.winning[0].iter().all(|p| close(*p, 0.5, 1e-12)));
    }
    defined(council.into_data());
}

#[test]
fn an_actor_without_capability_is_carried_along() {
    let answers = defined(data(
        vec![0.0, 1.0, 2.0],
        vec![vec![0.0], vec![40.0], vec![90.0]],
        vec![vec![100.0], vec![50.0], vec![50.0]],
    ));
    assert!(answers.iter().flatten().all(|x| (0.0..=100.0).contains(x)));
}

#[test]
fn stochastic_runs_depend_on_seed_and_draw_alone() {
    let council = sound(data(
        vec![10.0, 20.0, 15.0, 12.0],
        vec![vec![0.0], vec![40.0], vec![90.0], vec![60.0]],
        vec![vec![60.0], vec![50.0], vec![70.0], vec![30.0]],
    ));
    let at = |seed, draw| {
        let transition = Transition::Stochastic { seed, draw };
        settle(&council, &SpatialOptions { transition, ..SpatialOptions::default() }).expect("fits")
    };
    assert_eq!(at(1, 5), at(1, 5));
    let different = (0..20).filter(|&draw| at(1, draw).positions != at(1, 0).positions).count();
    assert!(different > 5, "{different}");
    assert!((0..20).any(|draw| at(2, draw).positions != at(1, draw).positions));
}

#[test]
fn ideals_that_stay_hold_positions_back() {
    let council = sound(data(
        vec![10.0, 20.0, 15.0],
        vec![vec![0.0], vec![40.0], vec![90.0]],
        vec![vec![60.0], vec![50.0], vec![70.0]],
    ));
    let follow = vec![vec![1.0, 0.0, 0.0], vec![0.0, 1.0, 0.0], vec![0.0, 0.0, 1.0]];
    let stay = vec![vec![0.0; 3]; 3];
    let with = |affinity| settle(&council, &SpatialOptions { affinity, ..SpatialOptions::default() });
    assert_eq!(with(None), with(Some(follow)));
    assert_ne!(with(None), with(Some(stay)));
    assert!(with(Some(vec![vec![0.5; 3]; 3])).expect_err("too much").to_string().contains("actor 0"));
    assert!(with(Some(vec![vec![0.0; 3]; 2])).is_err());
}

#[test]
fn options_out_of_range_are_refused() {
    let council = sound(data(vec![1.0], vec![vec![1.0]], vec![vec![1.0]]));
    assert!(play(&council, 1, &UtilityOptions::default()).is_err());
    assert!(play(&council, 0, &UtilityOptions::textbook(f64::NAN)).is_err());
    let options = SpatialOptions { least_gain: f64::NAN, ..SpatialOptions::default() };
    assert!(run(&council, &options).is_err());
}
