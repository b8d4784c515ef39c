//! Models of the project with draws of their priors, and exact answers inside of enclosures.

use detente_batch::Found;
use detente_exact::{Interval, Q};
use detente_game::Game;
use detente_game::solution::{FreeWhat, Num, Solution};
use detente_model::Files;
use detente_prob::{Prior, draw_all};
use std::path::PathBuf;

struct Disk;

impl Files for Disk {
    fn read(&self, path: &str) -> Result<String, String> {
        std::fs::read_to_string(path).map_err(|e| e.to_string())
    }
}

/// A model, or one of its variants.
pub struct Model {
    pub name: String,
    game: Game,
    /// Parameters that the variant sets: no draw changes them.
    pub own: Vec<usize>,
}

impl Model {
    pub fn game(&self) -> &Game {
        &self.game
    }
}

/// The models of a folder of the project that are games, with their variants.
pub fn models(folder: &str) -> Vec<Model> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..").join(folder);
    let entries = std::fs::read_dir(folder).expect("a folder of the project");
    let mut paths: Vec<PathBuf> = entries.flatten().map(|e| e.path()).collect();
    paths.sort();
    let mut list = vec![];
    for path in paths.iter().filter(|p| p.extension().is_some_and(|x| x == "det")) {
        let text = path.to_string_lossy();
        let Some(model) = detente_model::load(&Disk, &text, Default::default()).model else { continue };
        if !model.has_play() {
            continue;
        }
        let stem = path.file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default();
        let variants = (0..model.variants.len()).map(Some);
        for variant in std::iter::once(None).chain(variants) {
            let name = format!("{stem} {variant:?}");
            let sets = variant.and_then(|v| model.variants.get_index(v)).map(|(_, v)| v.sets.clone());
            let own = sets.unwrap_or_default().iter().map(|p| p.index()).collect();
            list.push(Model { name, game: model.game_of(variant).clone(), own });
        }
    }
    list
}

struct Text<'t>(&'t str);

impl Files for Text<'_> {
    fn read(&self, _: &str) -> Result<String, String> {
        Ok(self.0.to_string())
    }
}

/// A model that is written out in a test.
pub fn written(name: &str, text: &str) -> Model {
    let loaded = detente_model::load(&Text(text), "model.det", Default::default());
    let model = loaded.model.unwrap_or_else(|| panic!("{name}: {:#?}\n{text}", loaded.diagnostics));
    Model { name: name.to_string(), game: model.game.clone(), own: vec![] }
}

/// Random games of several kinds, their payoffs drawn.
pub fn random_models() -> Vec<Model> {
    use detente_test::Shape;
    use detente_test::random::Payoffs;
    let payoffs = Payoffs::Integers(4);
    let mut list = vec![];
    for seed in 0..14 {
        let shapes = [
            Shape::PerfectInformation { players: 3, decisions: 8, menu: 3, payoffs },
            Shape::Signalling { types: 2, messages: 2, replies: 2, payoffs },
            Shape::Signalling { types: 2, messages: 3, replies: 3, payoffs },
            Shape::Signalling { types: 3, messages: 2, replies: 3, payoffs },
            Shape::General { players: 2, infosets: 5, menu: 2, payoffs },
            Shape::General { players: 3, infosets: 4, menu: 3, payoffs },
            Shape::TwoSided { moves: 2, payoffs },
            Shape::Offers { offers: 3, types: 2 },
        ];
        for shape in shapes {
            let game = super::free(detente_test::random_game(seed, shape));
            list.push(Model { name: format!("{shape:?}, seed {seed}"), game, own: vec![] });
        }
    }
    list
}

/// One draw of all priors.
pub fn values(game: &Game, seed: u64, index: u64) -> Vec<(usize, f64)> {
    let drawn: Vec<(usize, &str, &Prior)> = game
        .params
        .iter()
        .enumerate()
        .filter_map(|(k, p)| p.prior.as_ref().map(|prior| (k, p.name.as_str(), prior)))
        .collect();
    let priors: Vec<(&str, &Prior)> = drawn.iter().map(|(_, n, p)| (*n, *p)).collect();
    let values = draw_all(&priors, None, seed, index);
    drawn.iter().zip(values).map(|((k, ..), v)| (*k, v)).collect()
}

/// Each exact component lies inside one of the enclosed ones.
pub fn inside(found: &Found, solution: &Solution, place: &str) {
    let holds = |range: &Interval, n: &Num| match &n.exact {
        Some(q) => range.contains_q(q),
        None => (range.lo() - 1e-9..=range.hi() + 1e-9).contains(&n.value),
    };
    for c in &solution.components {
        let fits = found.equilibria.iter().any(|e| {
            let at = |h: usize, a: usize| &e.moves[e.starts[h] + a];
            let shown = c
                .profile
                .iter()
                .enumerate()
                .all(|(h, row)| row.iter().enumerate().all(|(a, p)| holds(at(h, a), p)));
            let ranges = c.free.iter().all(|f| match f.what {
                FreeWhat::Action(h, a) => {
                    let range = at(h as usize, a as usize);
                    holds(range, &f.low) && holds(range, &f.high)
                }
                FreeWhat::Belief(h, k) => {
                    let range = &e.beliefs[e.members[h as usize] + k as usize];
                    holds(range, &f.low) && holds(range, &f.high)
                }
            });
            let believed =
                c.beliefs.iter().enumerate().all(|(h, row)| {
                    row.iter().enumerate().all(|(k, b)| holds(&e.beliefs[e.members[h] + k], b))
                });
            let outcomes = e.outcomes.iter().zip(&c.outcomes).all(|(range, p)| holds(range, p));
            let payoffs = e.payoffs.iter().zip(&c.payoffs).all(|(range, p)| holds(range, p));
            shown && ranges && believed && outcomes && payoffs
        });
        assert!(fits, "{place}: an equilibrium is in no enclosure: {:?}\n{:?}", c.profile, found);
    }
}

/// A number as the tests read it.
#[allow(dead_code)]
pub fn q(value: f64) -> Q {
    Q::from_f64(value).expect("a finite number")
}
