//! A model solved at one point of its parameters: its game, and the variants asked about.

use crate::play::Setting;
use crate::query::Equilibrium;
use crate::undefined::{Undefined, Why};
use detente_exact::Q;
use detente_game::solution::{Solution, Status};
use detente_game::{Game, Numbers};
use detente_model::Model;
use detente_model::model::ParamKind;
use detente_model::question::{Body, Number, Truth};
use detente_solve::{Known, Progress, Settings};
use std::collections::BTreeSet;

/// Stack for a solve: the search recurses as deep as its proof.
const STACK: usize = 256 << 20;
/// Most combinations of equilibria of several games that are looked at.
const MAX_WORLDS: usize = 10_000;

/// One game at one point, with its equilibria.
#[derive(Clone, Debug)]
pub struct Solved<'m> {
    /// The variant, or `None` for the model itself.
    pub variant: Option<usize>,
    /// Put before the names of equilibria: `no_joining:`, empty for the model itself.
    pub prefix: String,
    pub game: &'m Game,
    pub numbers: Numbers,
    pub params: Vec<Q>,
    pub solution: Solution,
}

/// A model at one point: the games that its questions need, the model's own first.
#[derive(Clone, Debug)]
pub struct Point<'m> {
    pub params: Vec<Q>,
    pub games: Vec<Solved<'m>>,
}

/// One equilibrium of each game, with their positions in the lists of [`Hands`].
#[derive(Clone)]
pub struct World<'h> {
    pub equilibria: Vec<(Option<usize>, &'h Equilibrium<'h>)>,
    pub positions: Vec<usize>,
    pub names: Vec<String>,
}

/// The equilibria of a solved point, ready to be asked.
pub struct Hands<'a> {
    pub point: &'a Point<'a>,
    /// Per game of the point, its components.
    pub lists: Vec<Vec<Equilibrium<'a>>>,
}

/// Returns the games that formulas speak of, as variants; the model's own always.
pub fn needed<'q>(truths: impl Iterator<Item = &'q Truth>, bodies: impl Iterator<Item = &'q Body>) -> Games {
    let mut games = Games::from([None]);
    truths.for_each(|t| {
        t.queries(&mut |q| {
            games.insert(q.conditions.variant);
        })
    });
    bodies.for_each(|b| {
        b.queries(&mut |q| {
            games.insert(q.conditions.variant);
        })
    });
    games
}

/// A set of games: variants by position, `None` for the model itself.
pub type Games = BTreeSet<Option<usize>>;

/// Returns the games that a number speaks of.
pub fn games_of_number(n: &Number, into: &mut Games) {
    n.queries(&mut |q| {
        into.insert(q.conditions.variant);
    });
}

/// Returns the games that all asks and claims of a model speak of.
pub fn all_games(model: &Model) -> Games {
    needed(model.claims.iter().map(|c| &c.body), model.asks.iter().map(|a| &a.body))
}

/// Solves the games of a model where its parameters have these values.
///
/// # Errors
/// A game that has no numbers there, in words.
pub fn solve<'m>(
    model: &'m Model,
    params: &[Q],
    games: &Games,
    settings: &Settings,
    progress: &dyn Progress,
) -> Result<Point<'m>, Undefined> {
    solve_near(model, params, games, settings, None, progress)
}

/// What is known of each game of a model from one point where all were solved.
#[derive(Clone, Debug)]
pub struct Memory(Vec<(Option<usize>, Known)>);

impl Memory {
    /// Remembers the proofs of a solved point.
    pub fn of(point: &Point) -> Memory {
        Memory(point.games.iter().map(|g| (g.variant, Known::new(g.game, &g.solution))).collect())
    }

    fn get(&self, variant: Option<usize>) -> Option<&Known> {
        self.0.iter().find(|(v, _)| *v == variant).map(|(_, known)| known)
    }
}

/// As [`solve`], trying the branches first that are known from another point.
///
/// # Errors
/// A game that has no numbers there, in words.
pub fn solve_near<'m>(
    model: &'m Model,
    params: &[Q],
    games: &Games,
    settings: &Settings,
    memory: Option<&Memory>,
    progress: &dyn Progress,
) -> Result<Point<'m>, Undefined> {
    let mut point = Point { params: with_formulas(model, params), games: vec![] };
    for variant in games {
        let game = model.game_of(*variant);
        let (mut own, mut prefix) = (params.to_vec(), String::new());
        if let Some((name, v)) = variant.and_then(|v| model.variants.get_index(v)) {
            prefix = format!("{name}:");
            for p in &v.sets {
                own[p.index()] = v.game.params[p.index()].base.clone();
            }
        }
        let known = memory.and_then(|m| m.get(*variant));
        let mut solved = solve_game_near(game, *variant, prefix, &own, settings, known, progress)?;
        for (k, info) in model.params.iter().enumerate() {
            if matches!(info.kind, ParamKind::Formula(_)) {
                solved.params[k] = point.params[k].clone();
            }
        }
        point.games.push(solved);
    }
    Ok(point)
}

/// Returns the values of all parameters, those that are formulas computed from the others.
pub fn with_formulas(model: &Model, params: &[Q]) -> Vec<Q> {
    let mut all = params.to_vec();
    if !model.params.iter().any(|i| matches!(i.kind, ParamKind::Formula(_))) {
        return all;
    }
    let tape = model.game.tape.eval_exact(params);
    for (k, info) in model.params.iter().enumerate() {
        if let ParamKind::Formula(e) = info.kind
            && let Some(Ok((value, _))) = tape.get(e.0 as usize)
        {
            all[k] = value.clone();
        }
    }
    all
}

/// Solves one game at one point.
///
/// # Errors
/// A formula without a value, or probabilities that are none.
pub fn solve_game<'m>(
    game: &'m Game,
    variant: Option<usize>,
    prefix: String,
    params: &[Q],
    settings: &Settings,
    progress: &dyn Progress,
) -> Result<Solved<'m>, Undefined> {
    solve_game_near(game, variant, prefix, params, settings, None, progress)
}

fn solve_game_near<'m>(
    game: &'m Game,
    variant: Option<usize>,
    prefix: String,
    params: &[Q],
    settings: &Settings,
    known: Option<&Known>,
    progress: &dyn Progress,
) -> Result<Solved<'m>, Undefined> {
    let numbers = game
        .numbers(params)
        .map_err(|e| Undefined::new(Why::NoGame, format!("There is no game here: {e}.")))?;
    let solution = match known {
        Some(known) => {
            let found = detente_solve::solve_again(game, &numbers, settings, known, progress);
            let confirmed = detente_verify::confirm(game, known.digest(), &numbers, &found);
            capped(found, confirmed)
        }
        None => refereed(game, &numbers, detente_solve::solve(game, &numbers, settings, progress)),
    };
    Ok(Solved { variant, prefix, game, numbers, params: params.to_vec(), solution })
}

/// Lets the referee replay the proof: the solution keeps no stronger word than is confirmed.
fn refereed(game: &Game, numbers: &Numbers, solution: Solution) -> Solution {
    let confirmed = detente_verify::confirm(game, &game.sha256(), numbers, &solution);
    capped(solution, confirmed)
}

/// Lowers a solution's word to what the referee confirms, with the referee's reasons.
fn capped(mut solution: Solution, (proven, why): (Status, Vec<String>)) -> Solution {
    if rank(proven) > rank(solution.status) {
        solution.status = proven;
        solution.unresolved.extend(why);
    }
    solution
}

/// Strengths in order; 0 is the strongest.
fn rank(status: Status) -> u8 {
    match status {
        Status::ExactComplete => 0,
        Status::ExactSome => 1,
        Status::Certified => 2,
        Status::Numeric => 3,
    }
}

/// Runs `work` on a thread with a stack that suits deep searches.
///
/// # Errors
/// The system refuses the thread, or `work` broke down.
pub fn on_big_stack<T: Send>(work: impl FnOnce() -> T + Send) -> Result<T, Undefined> {
    let failed = |words: &str| Undefined::new(Why::NoGame, words);
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work);
        let thread = thread.map_err(|_| failed("The system refuses a thread with a large stack."))?;
        thread.join().map_err(|_| failed("The solver broke down here."))
    })
}

impl Point<'_> {
    /// The weakest strength among the games.
    pub fn status(&self) -> Status {
        let all = self.games.iter().map(|g| g.solution.status);
        all.max_by_key(|s| rank(*s)).unwrap_or(Status::Numeric)
    }

    /// Whether all equilibria of all games are known, with proof.
    pub fn complete(&self) -> bool {
        self.games.iter().all(|g| g.solution.status == Status::ExactComplete)
    }

    /// Prepares the equilibria.
    pub fn hands(&self) -> Hands<'_> {
        let lists = self.games.iter().map(|g| {
            let setting = Setting { game: g.game, numbers: &g.numbers, params: &g.params };
            let make = |c| Equilibrium::new(setting, g.solution.concept, c);
            g.solution.components.iter().map(make).collect()
        });
        Hands { point: self, lists: lists.collect() }
    }
}

impl<'a> Hands<'a> {
    /// Returns every combination of one equilibrium of each of these games.
    pub fn worlds(&'a self, games: &Games) -> Vec<World<'a>> {
        let mut worlds = vec![World { equilibria: vec![], positions: vec![], names: vec![] }];
        for (g, list) in self.point.games.iter().zip(&self.lists) {
            if !games.contains(&g.variant) {
                continue;
            }
            let mut next = vec![];
            for world in &worlds {
                for (k, e) in list.iter().enumerate() {
                    let mut world = world.clone();
                    world.equilibria.push((g.variant, e));
                    world.positions.push(k);
                    world.names.push(format!("{}E{}", g.prefix, k + 1));
                    next.push(world);
                }
            }
            next.truncate(MAX_WORLDS);
            worlds = next;
        }
        worlds
    }

    /// Whether [`Hands::worlds`] leaves out combinations because there are too many.
    pub fn too_many(&self, games: &Games) -> bool {
        let asked = self.point.games.iter().zip(&self.lists).filter(|(g, _)| games.contains(&g.variant));
        asked.map(|(_, l)| l.len()).try_fold(1usize, usize::checked_mul).is_none_or(|n| n > MAX_WORLDS)
    }

    /// The equilibria of the model's own game.
    pub fn own(&self) -> &[Equilibrium<'a>] {
        &self.lists[0]
    }
}
