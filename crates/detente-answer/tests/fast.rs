//! Quick draws against the exact path: every claim in the same class, every number the same but for
//! its last bits, whatever the blocks; and how many draws are left to the exact path.

use detente_answer::claims::{Column, decide};
use detente_answer::draws::{Draw, Plan, draw, unknown};
use detente_answer::ends::{hull, overall};
use detente_answer::fast::points::{Bodies, Claims};
use detente_answer::fast::{Fast, Left, Quick};
use detente_answer::sampler::Sampler;
use detente_answer::solved::{Memory, all_games, on_big_stack, solve};
use detente_answer::verdict::Class;
use detente_exact::Q;
use detente_game::solution::Concept;
use detente_model::model::Claim;
use detente_model::question::Body;
use detente_model::{Files, Model};
use detente_solve::{Settings, Silent};
use std::collections::BTreeMap;

struct Disk;

impl Files for Disk {
    fn read(&self, path: &str) -> Result<String, String> {
        std::fs::read_to_string(path).map_err(|e| e.to_string())
    }
}

/// Models of the second case.
const SECOND: [&str; 5] = ["s8-election", "s9-narratives", "s10-theatres", "s11-cooperation", "s12-wedges"];

fn case(name: &str) -> Model {
    let folder = if SECOND.contains(&name) { "plan-b-2024" } else { "europe-2022" };
    let path = format!("{}/../../cases/{folder}/{name}.det", env!("CARGO_MANIFEST_DIR"));
    let loaded = detente_model::load(&Disk, &path, Default::default());
    loaded.model.unwrap_or_else(|| panic!("{name}: {:#?}", loaded.diagnostics))
}

/// Quick draws from `from` to `to` in blocks of this size.
fn quick(
    fast: &Fast,
    model: &Model,
    sampler: &Sampler,
    range: std::ops::Range<u64>,
    size: usize,
) -> Vec<Result<Quick, Left>> {
    let drawn: Vec<usize> = sampler.uncertain().map(|(p, _)| p.index()).collect();
    let indices: Vec<u64> = range.collect();
    let block = |some: &[u64]| {
        let draws = some.iter().map(|i| unknown(model, sampler, *i, sampler.values(5, *i))).collect();
        fast.take(&drawn, draws)
    };
    indices.chunks(size).flat_map(block).map(|q| q.map_err(|(_, left)| left)).collect()
}

fn near(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-9 * (1.0 + a.abs())
}

/// Says what differs between two answers of one draw.
fn difference(model: &Model, quick: &Draw, exact: &Draw) -> Option<String> {
    if !exact.complete {
        return Some("the exact path has no complete answer".into());
    }
    for (k, (a, b)) in quick.claims.iter().zip(&exact.claims).enumerate() {
        let name = &model.claims[k].name;
        match (a, b) {
            (Some(a), Some(b)) if a.classes != b.classes => {
                return Some(format!("claim {name}: {:?} and {:?}", a.classes, b.classes));
            }
            (Some(a), Some(b)) => match (a.margin, b.margin) {
                (Some(x), Some(y)) if near(x, y) => {}
                (None, None) => {}
                (x, y) => return Some(format!("margin of {name}: {x:?} and {y:?}")),
            },
            (None, None) => {}
            _ => return Some(format!("claim {name} applies in one only")),
        }
    }
    for (k, (a, b)) in quick.asks.iter().zip(&exact.asks).enumerate() {
        let name = &model.asks[k].name;
        let same = match (a.bounds, b.bounds) {
            (Some(x), Some(y)) => near(x.0, y.0) && near(x.1, y.1),
            (None, None) => true,
            _ => false,
        };
        if !same || a.undefined != b.undefined || a.class != b.class || a.pairs.len() != b.pairs.len() {
            return Some(format!("ask {name}: {a:?} and {b:?}"));
        }
    }
    let pairs = |d: &Draw| {
        let mut list: Vec<(f64, f64)> = d.hypotheses.iter().flatten().chain(&d.observed).copied().collect();
        list.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
        list
    };
    let (a, b) = (pairs(quick), pairs(exact));
    let same = a.len() == b.len() && a.iter().zip(&b).all(|(x, y)| near(x.0, y.0) && near(x.1, y.1));
    (!same).then(|| format!("evidence: {a:?} and {b:?}"))
}

fn agree(name: &str, draws: u64) -> BTreeMap<Left, u64> {
    agree_but(name, draws, &|_, _, _, _| ())
}

/// As [`agree`]; `amend` gives the exact path what it cannot prove, from the values of the parameters by name.
type Amend = dyn Fn(&Model, &dyn Fn(&str) -> f64, &Draw, &mut Draw) + Sync;

fn agree_but(name: &str, draws: u64, amend: &Amend) -> BTreeMap<Left, u64> {
    let model = case(name);
    let sampler = Sampler::new(&model).expect("correlations that fit");
    let plan = Plan { draws, seed: 5, threads: 1, settings: Settings::default() };
    let mut left = BTreeMap::new();
    on_big_stack(|| {
        let base = model.game.base_params();
        let point = solve(&model, &base, &all_games(&model), &plan.settings, &Silent).expect("a game");
        let memory = Memory::of(&point);
        let fast = Fast::new(&model, &point, Concept::Sequential).expect("a model for quick draws");
        let found = quick(&fast, &model, &sampler, 0..draws, 32);
        let others = quick(&fast, &model, &sampler, 0..draws, 7);
        for (index, (one, other)) in found.iter().zip(&others).enumerate() {
            match (one, other) {
                (Ok(a), Ok(b)) => {
                    assert_eq!((&a.draw, &a.signatures), (&b.draw, &b.signatures), "{name}: blocks matter")
                }
                (Err(a), Err(b)) => assert_eq!(a, b),
                _ => panic!("{name}: blocks matter"),
            }
            let mut exact = draw(&model, &sampler, &plan, index as u64, Some(&memory), &Silent);
            let values = sampler.values(5, index as u64);
            let at = |name: &str| {
                let named = |(p, _): (detente_game::ParamId, _)| model.game.params[p.index()].name == name;
                sampler.uncertain().position(named).map_or(f64::NAN, |k| values[k])
            };
            if let Ok(quick) = one {
                amend(&model, &at, &quick.draw, &mut exact);
            }
            match one {
                Ok(quick) => {
                    let found = difference(&model, &quick.draw, &exact);
                    assert!(found.is_none(), "{name}, draw {index}: {}", found.unwrap_or_default());
                }
                Err(why) => *left.entry(*why).or_default() += 1,
            }
        }
    })
    .expect("a thread");
    println!("{name}: of {draws} draws left to the exact path: {left:?}");
    left
}

#[test]
fn crisis_diplomacy() {
    agree("s1-crisis-diplomacy", 60);
}

#[test]
fn two_aims() {
    agree("s2-two-aims", 60);
}

#[test]
fn four_reasons() {
    agree("s3-four-reasons", 100);
}

#[test]
fn escalation() {
    agree("s4-escalation", 30);
}

#[test]
fn enlargement() {
    agree("s5-enlargement", 60);
}

/// Offers that are refused whatever they are: any of them, and mixtures, belong to one component.
#[test]
fn endings() {
    agree("s7-endings", 60);
}

#[test]
fn election() {
    agree("s8-election", 60);
}

/// In a variant words cost nothing: free talk. Where third parties stand by whoever is as reliable as they believe,
/// nobody hedges against a reliable US whatever is said: so words do what deeds do, at every point of a continuum over
/// which the exact path has only boxes.
#[test]
fn narratives() {
    let trusted = |model: &Model, at: &dyn Fn(&str) -> f64, quick: &Draw, exact: &mut Draw| {
        let words = model.claims.iter().position(|c| c.name == "words_do").expect("a claim");
        let (Some(claim), Some(found)) = (&mut exact.claims[words], &quick.claims[words]) else { return };
        if at("prior") > at("need") && claim.classes == [Class::TrueInSome; 3] {
            claim.classes = [Class::TrueInAll; 3];
            assert!(found.margin.is_some_and(|m| m >= 0.0), "{found:?}");
            claim.margin = found.margin;
        }
    };
    let left = agree_but("s9-narratives", 40, &trusted);
    assert!(left.values().sum::<u64>() <= 2, "{left:?}");
}

/// Beliefs in a subgame that nobody starts are Bayes' rule there.
#[test]
fn cooperation() {
    let left = agree("s11-cooperation", 40);
    assert!(left.values().sum::<u64>() <= 4, "{left:?}");
}

/// Claims and questions about a formula of parameters and moves.
#[test]
fn wedges() {
    // Where both of two equal allies could be bought, it is the same which, to whoever buys.
    let left = agree("s12-wedges", 60);
    assert!(left.values().sum::<u64>() <= 2, "{left:?}");
}

/// Points whose values are no floats: claims and numbers as at points that are solved.
fn points_agree(name: &str, count: u64) -> u64 {
    let model = case(name);
    let sampler = Sampler::new(&model).expect("correlations that fit");
    let settings = Settings::default();
    let claims: Vec<&Claim> = model.claims.iter().collect();
    let bodies: Vec<&Body> = model.asks.iter().map(|a| &a.body).collect();
    let mut known = 0;
    on_big_stack(|| {
        let base = model.game.base_params();
        let games = all_games(&model);
        let point = solve(&model, &base, &games, &settings, &Silent).expect("a game");
        let lanes = Claims::new(&model, &point, settings.concept, &claims);
        let numbers = Bodies::new(&model, &point, settings.concept, &bodies);
        // Draws rounded to thirds of thousandths.
        let third = |v: &f64| Q::from((v * 3000.0).round() as i64) / Q::from(3000);
        let points: Vec<Vec<Q>> = (0..count)
            .map(|index| {
                let mut params = base.clone();
                for ((p, _), v) in sampler.uncertain().zip(sampler.values(5, index)) {
                    params[p.index()] = third(&v);
                }
                params
            })
            .collect();
        let found = lanes.classes(&points).into_iter().zip(numbers.values(&points));
        for (params, (classes, values)) in points.iter().zip(found) {
            let solved = solve(&model, params, &games, &settings, &Silent).expect("a game");
            let hands = solved.hands();
            let out = vec![false; hands.own().len()];
            let exact: Vec<Class> =
                claims.iter().map(|c| decide(&hands, c, &out).class(Column::All)).collect();
            if let Some(classes) = classes {
                known += 1;
                assert_eq!(classes, exact, "{name} at {params:?}");
            }
            for (body, values) in bodies.iter().zip(values.into_iter().flatten()) {
                let (one, other) = (hull(values.into_iter().flatten()), overall(&hands, body));
                let same = match (one, other) {
                    (Some(a), Some(b)) => near(a.low, b.low) && near(a.high, b.high),
                    (None, None) => true,
                    _ => false,
                };
                assert!(same, "{name} at {params:?}: {one:?} and {other:?}");
            }
        }
    })
    .expect("a thread");
    known
}

#[test]
fn points_of_any_fractions() {
    assert!(points_agree("s3-four-reasons", 40) >= 38);
    assert!(points_agree("s4-escalation", 10) >= 9);
    points_agree("s1-crisis-diplomacy", 30);
}

/// Tables of twenty by twenty, in which chances that are capped make moves as good as others.
#[test]
fn theatres() {
    let left = agree("s10-theatres", 32);
    assert!(left.values().sum::<u64>() <= 2, "{left:?}");
}

/// A sweep's rows do not depend on how the draws are divided.
#[test]
fn threads_and_shards_change_no_row() {
    use detente_answer::sampler::Points;
    use detente_answer::sweep::{Job, rows};
    let model = case("s3-four-reasons");
    let sampler = Sampler::new(&model).expect("correlations that fit");
    let job = Job::new(&model, &sampler, Points::Random, 9, Settings::default(), &Silent);
    let draws = 700;
    let job = &job;
    let part = |from: u64, to: u64| {
        on_big_stack(move || rows(job, from, to, &Silent)).expect("a thread").expect("nobody says stop")
    };
    let whole = part(0, draws);
    for parts in [2, 7, 8] {
        // Each part on a thread of its own, cut where no block of lanes ends.
        let cut = |k: u64| draws * k / parts;
        let mut list = vec![];
        std::thread::scope(|scope| {
            let threads: Vec<_> = (0..parts).map(|k| scope.spawn(move || part(cut(k), cut(k + 1)))).collect();
            threads.into_iter().for_each(|t| list.extend(t.join().expect("a part")));
        });
        assert_eq!(list, whole, "{parts} parts");
    }
    let exact = whole.iter().filter(|r| r.exact.is_some()).count();
    assert!(exact * 100 <= whole.len(), "{exact} took the exact path");
}
