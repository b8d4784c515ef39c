//! `test` blocks: set parameters, solve, compare.

use crate::council::{Session, Sitting};
use crate::solved::{Games, Point};
use crate::solved::{World, games_of_number, needed, solve_game, with_formulas};
use crate::undefined::{Undefined, Why};
use crate::verdict::{Verdict, verdict};
use detente_exact::Q;
use detente_game::solution::Status;
use detente_model::Model;
use detente_model::model::{Expect, Test};
use detente_model::question::{Arithmetic, Body, Function, Number, Relation, Truth};
use detente_solve::{Progress, Settings};
use serde::{Deserialize, Serialize};

/// What came of one `test`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TestResult {
    pub name: String,
    pub passed: bool,
    /// `None` where the game could not be solved.
    pub strength: Option<Status>,
    pub expects: Vec<ExpectResult>,
    /// Why nothing could be compared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<Undefined>,
}

/// What came of one expectation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ExpectResult {
    pub text: String,
    pub passed: bool,
    /// True if one equilibrium is enough.
    pub some: bool,
    /// True if a council is asked: theories stand where equilibria stand in a game.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub theories: bool,
    /// Combinations of equilibria that do not satisfy it, with what they have.
    pub failing: Vec<Failing>,
}

/// A combination of equilibria in which an expectation is not met.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Failing {
    pub equilibria: Vec<String>,
    #[serde(flatten)]
    pub verdict: Verdict,
    /// The number found, low and high over the component.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub found: Option<(f64, f64)>,
}

/// Runs one test.
pub fn run(model: &Model, test: &Test, settings: &Settings, progress: &dyn Progress) -> TestResult {
    let mut result =
        TestResult { name: test.name.clone(), passed: false, strength: None, expects: vec![], error: None };
    let (to_councils, to_game): (Vec<&Expect>, Vec<&Expect>) =
        test.expects.iter().partition(|e| asks_council(model, e));
    if !to_councils.is_empty() {
        match councils(model, test, &to_councils) {
            Ok(found) => result.expects.extend(found),
            Err(words) => {
                result.error = Some(Undefined::new(Why::NoGame, words));
                return result;
            }
        }
    }
    if to_game.is_empty() && !model.has_play() {
        result.passed = result.expects.iter().all(|e| e.passed);
        return result;
    }
    let point = match solve_test(model, test, settings, progress) {
        Ok(point) => point,
        Err(why) => {
            result.error = Some(why);
            return result;
        }
    };
    let hands = point.hands();
    result.strength = Some(point.status());
    for expect in to_game {
        let worlds = hands.worlds(&games(expect));
        result.expects.push(check(&point, &worlds, expect));
    }
    result.passed = result.expects.iter().all(|e| e.passed);
    result
}

/// Is this a question to a council? Without a game every question is.
fn asks_council(model: &Model, expect: &Expect) -> bool {
    let mut asks = !model.has_play();
    expect.body.council_queries(&mut |_| asks = true);
    for number in expect.near.iter().flat_map(|(target, within)| [target, within]) {
        number.council_queries(&mut |_| asks = true);
    }
    asks
}

/// Expectations about councils: theories stand where equilibria stand in a game.
fn councils(model: &Model, test: &Test, expects: &[&Expect]) -> Result<Vec<ExpectResult>, String> {
    let session = Session::new(model, &[])?;
    let mut params = test.game.as_ref().map_or_else(|| model.game.base_params(), |game| game.base_params());
    for (p, value) in &test.sets {
        params[p.index()] = value.clone();
    }
    let full = if test.game.is_some() { params } else { with_formulas(model, &params) };
    let point: Vec<f64> = full.iter().map(Q::to_f64).collect();
    let sittings = match &test.game {
        Some(game) => session.at_test(test, game, &point)?,
        None => session.at(&point)?,
    };
    Ok(expects.iter().map(|expect| by_theory(&session, expect, &point, &sittings)).collect())
}

fn by_theory(session: &Session, expect: &Expect, point: &[f64], sittings: &[Sitting]) -> ExpectResult {
    let truth = statement(expect);
    let answers = session.truth(&truth, point, sittings);
    let numbers = match &expect.body {
        Body::Number(number) => session.number(number, point, sittings),
        Body::Truth(_) => Vec::new(),
    };
    let failing: Vec<Failing> = answers
        .iter()
        .filter(|(_, holds)| *holds != Ok(true))
        .map(|(word, holds)| {
            let found = numbers.iter().find(|(other, _)| other == word);
            let found = found.and_then(|(_, value)| value.as_ref().ok()).map(|x| (*x, *x));
            let verdict = match holds {
                Ok(_) => Verdict::False,
                Err(words) => Verdict::Undefined(Undefined::new(Why::NoGame, words.clone())),
            };
            let name = if word.is_empty() { "in all theories".to_string() } else { word.clone() };
            Failing { equilibria: vec![name], verdict, found }
        })
        .collect();
    let passed = match expect.some {
        true => failing.len() < answers.len(),
        false => failing.is_empty() && !answers.is_empty(),
    };
    ExpectResult { text: expect.text.clone(), passed, some: expect.some, theories: true, failing }
}

fn games(expect: &Expect) -> Games {
    let mut games = needed(std::iter::empty(), std::iter::once(&expect.body));
    if let Some((target, within)) = &expect.near {
        games_of_number(target, &mut games);
        games_of_number(within, &mut games);
    }
    games
}

fn solve_test<'m>(
    model: &'m Model,
    test: &'m Test,
    settings: &Settings,
    progress: &dyn Progress,
) -> Result<Point<'m>, Undefined> {
    let mut params = model.game.base_params();
    for (p, value) in &test.sets {
        params[p.index()] = value.clone();
    }
    let all: Games = test.expects.iter().flat_map(games).chain([None]).collect();
    let mut point = Point { params: with_formulas(model, &params), games: vec![] };
    for variant in all {
        let own = test.game.as_deref().filter(|_| variant.is_none());
        let game = own.unwrap_or_else(|| model.game_of(variant));
        let (mut values, mut prefix) = (params.clone(), String::new());
        if let Some((name, v)) = variant.and_then(|v| model.variants.get_index(v)) {
            prefix = format!("{name}:");
            v.sets.iter().for_each(|p| values[p.index()] = v.game.params[p.index()].base.clone());
        }
        point.games.push(solve_game(game, variant, prefix, &values, settings, progress)?);
    }
    Ok(point)
}

fn check(point: &Point, worlds: &[World], expect: &Expect) -> ExpectResult {
    let truth = statement(expect);
    let mut failing = vec![];
    for world in worlds {
        let verdict = verdict(&point.params, world, &truth);
        let met = if expect.some { verdict.somewhere() } else { verdict == Verdict::True };
        if !met {
            let found = match &expect.body {
                Body::Number(n) => crate::asked::both(&point.params, world, n).bounds(),
                Body::Truth(_) => None,
            };
            let found = found.map(|r| (r.range.low().to_f64(), r.range.high().to_f64()));
            failing.push(Failing { equilibria: world.names.clone(), verdict, found });
        }
    }
    let passed =
        if expect.some { failing.len() < worlds.len() } else { failing.is_empty() && !worlds.is_empty() };
    ExpectResult { text: expect.text.clone(), passed, some: expect.some, theories: false, failing }
}

/// An expectation as a statement: `near x within y` is a bound on the distance.
fn statement(expect: &Expect) -> Truth {
    match (&expect.body, &expect.near) {
        (Body::Truth(t), _) => t.clone(),
        (Body::Number(n), Some((target, within))) => {
            let difference = Number::Binary(Arithmetic::Sub, Box::new(n.clone()), Box::new(target.clone()));
            let distance = Number::Function(Function::Abs, Box::new(difference));
            Truth::Compare(Relation::LessEqual, Box::new(distance), Box::new(within.clone()))
        }
        // A bare number is no statement; a model never holds one.
        (Body::Number(_), None) => Truth::Const(false),
    }
}
