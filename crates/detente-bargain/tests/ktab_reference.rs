//! The spatial model against the printed reference runs of KTAB (sources in `fixtures/README.md`).

mod common;

use common::{Row, council, numbers, rows};
use detente_bargain::Council;
use detente_bargain::spatial::options::{Election, OfferModel, TargetView, VotingRule};
use detente_bargain::spatial::trace::View;
use detente_bargain::spatial::{Ending, SpatialOptions, SpatialRun, run, settle};

const DUMMY: &str = include_str!("fixtures/ktab_dummy3dim.csv");
const DUMMY_CHALLENGES: &str = include_str!("fixtures/ktab_dummy3dim_challenges.csv");
const DUMMY_OFFERS: &str = include_str!("fixtures/ktab_dummy3dim_offers.csv");
const OIL: &str = include_str!("fixtures/ktab_soe_pol_comp.csv");
const OIL_CHALLENGES: &str = include_str!("fixtures/ktab_soe_pol_comp_challenges.csv");
const OIL_OFFERS: &str = include_str!("fixtures/ktab_soe_pol_comp_offers.csv");
const EXAMPLE: &str = include_str!("fixtures/ktab_smp_example.csv");
const EXAMPLE_CHALLENGES: &str = include_str!("fixtures/ktab_smp_example_challenges.csv");
const EXAMPLE_OFFERS: &str = include_str!("fixtures/ktab_smp_example_offers.csv");

fn actor(council: &Council, name: &str) -> usize {
    council.actor_named(name).expect("a known actor")
}

/// Checks every expected row of a deterministic run, and returns how many of each kind there were.
fn check_rows(rows: &[Row], council: &Council, run: &SpatialRun) -> (usize, usize) {
    let (mut positions, mut chances) = (0, 0);
    for row in rows.iter().filter(|row| row.kind == "expected" || row.kind == "derived") {
        let who = actor(council, &row.actor);
        let challenge = || run.turns[0].challenges.iter().find(|c| c.initiator == who).expect("a challenge");
        let (found, room) = match row.item.as_str() {
            "position" => {
                positions += 1;
                let dim: usize = row.dim.parse().expect("an issue");
                // Half of the last printed digit, and the float noise of a value that lies on it.
                (run.positions[row.turn][who][dim], 0.05 + 1e-9)
            }
            "winprob" => {
                chances += 1;
                (run.winning[row.turn][who], 5e-5)
            }
            "risk_R" => (run.turns[0].risk[who], 5.1e-4),
            "best_target_gain" => (challenge().gain, 5.1e-4),
            "best_target_prob" => (challenge().probability, 5.1e-5),
            "best_target" => {
                assert_eq!(challenge().target, actor(council, &row.value), "{row:?}");
                continue;
            }
            "bargain_init_and_rcvr_position" => {
                let offer = run.turns[0].offers.iter().find(|o| o.initiator == who).expect("an offer");
                let dim: usize = row.dim.parse().expect("an issue");
                let sides = [offer.initiator_position[dim], offer.target_position[dim]];
                for (x, printed) in sides.iter().zip(row.value.split('|')) {
                    assert!((x - printed.parse::<f64>().expect("a number")).abs() <= 5.1e-3, "{row:?}: {x}");
                }
                continue;
            }
            _ => panic!("{row:?}"),
        };
        assert!((found - row.number()).abs() <= room, "{row:?}: found {found}");
    }
    (positions, chances)
}

/// Checks printed estimates of challenges, and returns how many there were per turn 0 and in all.
fn check_challenges(table: &str, run: &SpatialRun) -> (usize, usize) {
    let (mut first, mut all) = (0, 0);
    for row in numbers(table) {
        let [turn, viewer, gainer, initiator, target] = [0, 1, 2, 3, 4].map(|column| row[column] as usize);
        let challenge =
            run.turns[turn].challenges.iter().find(|c| c.initiator == initiator).expect("a challenge");
        assert_eq!(challenge.target, target, "turn {turn}, initiator {initiator}");
        let found = challenge
            .estimates
            .iter()
            .find(|e| e.viewer == viewer && e.gainer == gainer)
            .expect("an estimate");
        assert!((found.probability - row[5]).abs() <= 5e-5 + 1e-12, "{row:?}: {found:?}");
        assert!((found.gain - row[6]).abs() <= 5e-5 + 1e-12, "{row:?}: {found:?}");
        all += 1;
        first += usize::from(turn == 0);
    }
    (first, all)
}

/// Checks the printed offers of turn 0 in one view.
fn check_offers(table: &str, council: &Council, view: (&str, View), options: &SpatialOptions) -> usize {
    let played = run(council, options).expect("fits");
    let mut count = 0;
    for line in table.lines().skip(1).filter(|line| line.split(',').nth(2) == Some(view.0)) {
        let cells: Vec<&str> = line.split(',').collect();
        let [initiator, target, who, dim] = [0, 1, 3, 4].map(|c| cells[c].parse::<usize>().expect("index"));
        let printed: f64 = cells[5].parse().expect("a number");
        let offer = played.turns[0]
            .offers
            .iter()
            .find(|o| (o.initiator, o.target, o.view) == (initiator, target, view.1))
            .expect("an offer");
        let side = if who == initiator { &offer.initiator_position } else { &offer.target_position };
        assert!((side[dim] - printed).abs() <= 5.1e-4, "{line}: {}", side[dim]);
        count += 1;
    }
    count
}

#[test]
fn seven_actors_on_three_issues() {
    let rows = rows(DUMMY);
    let council = council(&rows, 0.0, 100.0, 100.0);
    let run = run(&council, &SpatialOptions::default()).expect("fits");
    assert_eq!((run.positions.len(), run.ending), (11, Ending::Settled));
    assert_eq!(check_rows(&rows, &council, &run), (7 * 3 * 11, 7 * 11));
    assert_eq!(check_challenges(DUMMY_CHALLENGES, &run), (28, 236));
}

#[test]
fn thirteen_actors_of_oil_policy() {
    let rows = rows(OIL);
    let council = council(&rows, 0.0, 100.0, 100.0);
    let run = run(&council, &SpatialOptions::default()).expect("fits");
    assert_eq!((run.positions.len(), run.ending), (28, Ending::Settled));
    assert_eq!(check_rows(&rows, &council, &run), (13 * 2 * 28, 13 * 28));
    assert_eq!(check_challenges(OIL_CHALLENGES, &run), (52, 1396));
}

#[test]
fn offers_of_the_first_turn_in_all_views() {
    for (input, table, sides) in [(DUMMY, DUMMY_OFFERS, 42), (OIL, OIL_OFFERS, 52)] {
        let council = council(&rows(input), 0.0, 100.0, 100.0);
        let both = SpatialOptions {
            offers: OfferModel::InitReceiver,
            target_view: TargetView::AsPublished,
            ..SpatialOptions::default()
        };
        assert_eq!(check_offers(table, &council, ("initiator", View::Initiator), &both), sides);
        assert_eq!(check_offers(table, &council, ("target", View::Target), &both), sides);
        let blend = SpatialOptions {
            offers: OfferModel::PowerWeighted,
            target_view: TargetView::AsPublished,
            ..SpatialOptions::default()
        };
        assert_eq!(check_offers(table, &council, ("both", View::Both), &blend), sides);
    }
}

#[test]
fn the_first_turn_under_cubic_votes_and_the_incentive_election() {
    let rows = rows(EXAMPLE);
    let council = council(&rows, 0.0, 100.0, 100.0);
    let options = SpatialOptions {
        voting: VotingRule::PropCbc,
        election: Election::MarkovIncentive,
        ..SpatialOptions::default()
    };
    let run = run(&council, &options).expect("fits");
    let turn = &run.turns[0];
    let mut checked = 0;
    for row in rows.iter().filter(|row| row.kind == "expected") {
        let who = actor(&council, &row.actor);
        let challenge = turn.challenges.iter().find(|c| c.initiator == who).expect("a challenge");
        let (found, room) = match row.item.as_str() {
            "risk_neutral_utility_of_position_of" => {
                (turn.neutral_utility[who][actor(&council, &row.dim)], 5.1e-4)
            }
            "risk_R" => (turn.risk[who], 5.1e-4),
            "best_target_prob" => (challenge.probability, 5.1e-5),
            "best_target_gain" => (challenge.gain, 5.1e-5),
            "best_target" => {
                assert_eq!(challenge.target, actor(&council, &row.value));
                continue;
            }
            "bargain_initiator_position" => {
                let offer = turn.offers.iter().find(|o| o.initiator == who).expect("an offer");
                for (x, y) in offer.initiator_position.iter().zip(row.value.split('|')) {
                    assert!((x - y.parse::<f64>().expect("a number")).abs() <= 5.1e-3, "{row:?}: {x}");
                }
                continue;
            }
            "bargain_PCE_prob" => {
                let choice = &turn.choices[who];
                let named = |entry: &Option<usize>| match entry {
                    None => "status_quo".to_owned(),
                    Some(index) => {
                        let offer = &turn.offers[*index];
                        let name = |i: usize| council.actors()[i].name.as_str();
                        format!("{}>{}", name(offer.initiator), name(offer.target))
                    }
                };
                let place = choice.queue.iter().position(|entry| named(entry) == row.dim).expect("queued");
                (choice.probability[place], 1e-4)
            }
            _ => panic!("{row:?}"),
        };
        assert!((found - row.number()).abs() <= room, "{row:?}: found {found}");
        checked += 1;
    }
    assert!(checked >= 40, "{checked}");
    assert_eq!(check_challenges(EXAMPLE_CHALLENGES, &run), (20, 20));
    let both = SpatialOptions {
        offers: OfferModel::InitReceiver,
        target_view: TargetView::AsPublished,
        ..options.clone()
    };
    assert_eq!(check_offers(EXAMPLE_OFFERS, &council, ("initiator", View::Initiator), &both), 30);
    assert_eq!(check_offers(EXAMPLE_OFFERS, &council, ("target", View::Target), &both), 30);
    let blend =
        SpatialOptions { offers: OfferModel::PowerWeighted, target_view: TargetView::AsPublished, ..options };
    assert_eq!(check_offers(EXAMPLE_OFFERS, &council, ("both", View::Both), &blend), 30);
}

#[test]
fn a_run_without_trace_has_the_same_bits() {
    for input in [DUMMY, OIL, EXAMPLE] {
        let council = council(&rows(input), 0.0, 100.0, 100.0);
        for offers in [OfferModel::InitOnly, OfferModel::InitReceiver, OfferModel::PowerWeighted] {
            let options = SpatialOptions { offers, ..SpatialOptions::default() };
            let (traced, bare) =
                (run(&council, &options).expect("fits"), settle(&council, &options).expect("fits"));
            assert_eq!(traced.positions, bare.positions);
            assert!(bare.turns.is_empty() && bare.winning.is_empty());
        }
    }
}
