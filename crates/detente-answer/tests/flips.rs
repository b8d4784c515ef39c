//! What overturns a claim, looked for in lanes, beside the same search by the exact path alone.
//!
//! The one idea: lanes answer only what rounding cannot change, so both ways see the same verdict at every
//! point, find the same tipping values, and joint changes of the same size.

use detente_answer::claims::{Column, decide};
use detente_answer::fast::points::Claims;
use detente_answer::flip::joint::{nearest, starts};
use detente_answer::flip::quick::{Decides, Verdicts};
use detente_answer::flip::{Flip, Ground};
use detente_answer::sampler::Sampler;
use detente_answer::solved::{Memory, Point, needed, on_big_stack, solve};
use detente_answer::verdict::Class;
use detente_exact::Q;
use detente_model::model::Claim;
use detente_model::{Files, Model};
use detente_solve::{Settings, Silent};

struct Disk;

impl Files for Disk {
    fn read(&self, path: &str) -> Result<String, String> {
        std::fs::read_to_string(path).map_err(|e| e.to_string())
    }
}

fn model(path: &str) -> Model {
    let path = format!("{}/../../{path}", env!("CARGO_MANIFEST_DIR"));
    let loaded = detente_model::load(&Disk, &path, Default::default());
    loaded.model.unwrap_or_else(|| panic!("{path}: {:#?}", loaded.diagnostics))
}

/// The exact path of a claim, without its lanes.
struct Slow<'a>(&'a dyn Decides);

impl Decides for Slow<'_> {
    fn exact(&self, params: &[Q]) -> Option<Class> {
        self.0.exact(params)
    }
}

fn near(a: Option<f64>, b: Option<f64>, share: f64) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => (a - b).abs() <= share * (a.abs().max(b.abs())) + 1e-9,
        (None, None) => true,
        _ => false,
    }
}

fn classes(point: &Point, claims: &[&Claim]) -> Vec<Class> {
    let hands = point.hands();
    let out = vec![false; hands.own().len()];
    claims.iter().map(|c| decide(&hands, c, &out).class(Column::All)).collect()
}

/// Compares both ways for every claim of a model; returns how many verdicts lanes gave and how many joint
/// changes were found.
fn agree(path: &str) -> (usize, usize) {
    let model = model(path);
    let sampler = Sampler::new(&model).expect("correlations that fit");
    let settings = Settings::default();
    let claims: Vec<&Claim> = model.claims.iter().collect();
    let (mut told, mut joints) = (0, 0);
    on_big_stack(|| {
        let games = needed(claims.iter().map(|c| &c.body), std::iter::empty());
        let base = model.game.base_params();
        let point = solve(&model, &base, &games, &settings, &Silent).expect("a game");
        let memory = Memory::of(&point);
        let at_base = classes(&point, &claims);
        let ground = Ground::new(&model, &sampler, &games, &settings, &memory, 1, &Silent);
        let lanes = Claims::new(&model, &point, settings.concept, &claims);
        let read = |p: &Point| classes(p, &claims);
        let quick = ground.flips(&at_base, 1, &Silent, read, &|points| lanes.classes(points));
        let slow = ground.flips(&at_base, 1, &Silent, read, &|points| vec![None; points.len()]);
        for (k, claim) in claims.iter().enumerate() {
            let place = format!("{path}, {}", claim.name);
            for (a, b) in quick[k].iter().zip(&slow[k]) {
                let same = |side: fn(&Flip) -> Option<f64>| near(side(a), side(b), 2e-3);
                assert!(same(|f| f.below) && same(|f| f.above), "{place}: {a:?} and {b:?}");
            }
            let at = |param: &str, value: f64| {
                let mut params = base.clone();
                params[model.game.params.iter().position(|p| p.name == param)?] = Q::from_f64(value)?;
                let point =
                    solve(&model, &params, &games, &settings, &Silent).ok().filter(Point::complete)?;
                Some(classes(&point, &claims)[k])
            };
            for flip in &quick[k] {
                for value in [flip.below, flip.above].into_iter().flatten() {
                    let (before, behind) =
                        (value - 0.01 * (value - flip.base), value + 0.01 * (value - flip.base));
                    assert_eq!(at(&flip.param, before), Some(at_base[k]), "{place}: before {flip:?}");
                    assert_ne!(
                        at(&flip.param, behind).unwrap_or(at_base[k]),
                        at_base[k],
                        "{place}: behind {flip:?}"
                    );
                }
            }
            let verdicts = Verdicts::new(&model, &sampler, claim, &settings, &memory, &Silent);
            let points: Vec<Vec<f64>> = (0..24).map(|index| sampler.values(3, index)).collect();
            for (values, found) in points.iter().zip(verdicts.quick(&points)) {
                if let Some(found) = found {
                    told += 1;
                    assert_eq!(Some(found), verdicts.exact(&sampler.params(values)), "{place} at {values:?}");
                }
            }
            let search = |verdicts: &dyn Decides| {
                let found = nearest(&model, &sampler, &starts(&slow[k]), at_base[k], verdicts);
                assert_eq!(found.stopped, None, "{place}: small games are searched to the end");
                found.joint
            };
            let (one, other) = (search(&verdicts), search(&Slow(&verdicts)));
            let distance = |j: &Option<detente_answer::flip::Joint>| j.as_ref().map(|j| j.distance);
            assert!(near(distance(&one), distance(&other), 0.03), "{place}: {one:?} and {other:?}");
            for joint in one.iter().chain(&other) {
                joints += 1;
                let at = |values: &[f64]| verdicts.exact(&sampler.params(values));
                assert_eq!(at(&joint.behind), Some(joint.becomes), "{place}: {joint:?}");
                assert_eq!(at(&joint.before), Some(at_base[k]), "{place}: {joint:?}");
            }
        }
    })
    .expect("a thread");
    (told, joints)
}

#[test]
fn lanes_and_the_exact_path_find_the_same_changes() {
    let paths = [
        "docs/first.det",
        "models/classics/entry-deterrence.det",
        "models/classics/beer-quiche.det",
        "models/crises/attack-defence.det",
    ];
    let (mut told, mut joints) = (0, 0);
    for path in paths {
        let found = agree(path);
        println!("{path}: {found:?}");
        (told, joints) = (told + found.0, joints + found.1);
    }
    assert!(told >= 40 && joints >= 4, "{told} verdicts in lanes, {joints} joint changes");
}

struct Text(&'static str);

impl Files for Text {
    fn read(&self, _: &str) -> Result<String, String> {
        Ok(self.0.to_string())
    }
}

/// The steps of the walk along `x` are tenths, so one of them falls on 1/2, where anything is a best reply; on both
/// sides of it the choice is sure.
#[test]
fn a_value_that_is_different_by_itself_overturns_nothing() {
    let text = "game \"Edge\"\nplayers A \"Chooses\"\nparam x ~ uniform(0, 1.2) at 0 assumed \"x\"\n\
        outcome up { A: x }\noutcome down { A: 0.5 }\n\
        play { A chooses way { up => end up, down => end down } }\n\
        claim sure \"The choice is sure\" assumed \"x\" = max(prob(up), prob(down)) >= 0.9\n\
        claim low \"It is down\" assumed \"x\" = prob(down) >= 0.9\n";
    let loaded = detente_model::load(&Text(text), "edge.det", Default::default());
    let model = loaded.model.unwrap_or_else(|| panic!("{:#?}", loaded.diagnostics));
    let claims: Vec<&Claim> = model.claims.iter().collect();
    let found = detente_answer::flip::fragility(&model, &claims, &Settings::default(), 1, &Silent);
    let found = found.expect("a game");
    assert_eq!((found[0].alone[0].below, found[0].alone[0].above), (None, None), "{:?}", found[0].alone);
    assert_eq!((found[1].alone[0].below, found[1].alone[0].above), (None, Some(0.5)), "{:?}", found[1].alone);
}
