//! Councils answered: every theory that a council names, at one point of the parameters.
//!
//! The one idea: theories take the place that equilibria have in a game. A question is asked of each,
//! a number stands as low to high over them, and a claim holds only where it holds in all.

pub use crate::theories::{Choice, Seats, Voice, voices};
use detente_bargain::coalition::{Breaking, breaking};
use detente_bargain::expected_utility;
use detente_bargain::forecast::{ForecastError, Model as Theory, at_draw, fits, settlement};
use detente_bargain::spatial::{self, Ending};
use detente_bargain::{Actor, Council, CouncilData, Issue, SalienceRule, exchange, forecast, two_sides};
use detente_game::Game;
use detente_model::Model;
use detente_model::council::{CouncilModel, CouncilQuery, CouncilQueryKind, OptionWord};
use detente_model::model::Test;
use detente_model::question::{Arithmetic, Function, Number, Truth};

/// What one theory makes of a council.
#[derive(Clone, Debug, PartialEq)]
pub struct Played {
    /// One place for each issue, on its own scale.
    pub outcome: Vec<f64>,
    /// `[actor][issue]`: where each stands in the end.
    pub positions: Vec<Vec<f64>>,
    /// Whether the table came to rest; `None` for theories that play no rounds.
    pub settled: Option<bool>,
}

/// A council with its numbers, and what each theory makes of it.
#[derive(Clone, Debug)]
pub struct Sitting {
    pub council: Council,
    /// One for each voice, in their order.
    pub played: Vec<Result<Played, String>>,
    /// By which chances inside of theories fall; 0 at the base values.
    pub draw: u64,
}

/// All councils of a model, ready to be asked.
pub struct Session<'m> {
    pub model: &'m Model,
    /// The theories of each council.
    pub voices: Vec<Vec<Voice>>,
    /// The actors that each council's option `coalition` names, if it does.
    pub coalitions: Vec<Vec<usize>>,
    /// Variant and council of every question that names a variant; they sit after all others.
    away: Vec<(usize, usize)>,
}

/// An answer by one theory; an empty word where every question names its own, or needs none.
pub type ByTheory<T> = Vec<(String, Result<T, String>)>;

/// Returns what one theory makes of a council.
///
/// # Errors
/// Options of the theory that are out of range.
pub fn play(council: &Council, theory: &Theory) -> Result<Played, ForecastError> {
    fits(council, theory)?;
    let (actors, issues) = (council.actors().len(), council.issues().len());
    let stated = || (0..actors).map(|a| (0..issues).map(|i| council.position(a, i)).collect()).collect();
    Ok(match theory {
        Theory::Mean | Theory::Median => {
            let answer = forecast(council, theory)?;
            Played { outcome: answer.outcome, positions: stated(), settled: answer.settled }
        }
        Theory::ExpectedUtility(options) => {
            let (mut outcome, mut positions, mut settled) = (Vec::new(), stated(), true);
            for issue in 0..issues {
                let run = expected_utility::run(council, issue, options)?;
                if let Some(last) = run.rounds.last() {
                    positions
                        .iter_mut()
                        .zip(&last.positions)
                        .for_each(|(row, x): (&mut Vec<f64>, _)| row[issue] = *x);
                }
                outcome.push(run.outcome);
                settled &= run.settled;
            }
            Played { outcome, positions, settled: Some(settled) }
        }
        Theory::Spatial(options, reading) => {
            let run = spatial::settle(council, options)?;
            Played {
                outcome: settlement(council, &run, *reading),
                positions: run.last().to_vec(),
                settled: Some(run.ending == Ending::Settled),
            }
        }
        Theory::Exchange(options) => {
            let run = exchange::run(council, options);
            Played { outcome: run.outcome, positions: run.positions, settled: None }
        }
        Theory::TwoSides(options) => {
            let outcome = two_sides::settle(council, options)?.outcome;
            let mut positions: Vec<Vec<f64>> = stated();
            for member in options.first.iter().chain(&options.second) {
                positions[*member].clone_from(&outcome);
            }
            Played { outcome, positions, settled: None }
        }
    })
}

/// Returns the council that the theories play, at one point of the parameters.
///
/// # Errors
/// Numbers that make no council at this point, in words.
pub fn seated(council: &CouncilModel, game: &Game, point: &[f64]) -> Result<Council, String> {
    let numbers = council.numbers(game, point).map_err(|bad| match bad.value {
        Some(value) => format!("{} is {value}, outside of its bounds", bad.cell),
        None => format!("{} has no value", bad.cell),
    })?;
    let issue = |i: &detente_model::council::IssueInfo| {
        let (low, high) = i.ends();
        let words = |mark: Option<&(_, String)>| mark.map(|m| m.1.clone()).unwrap_or_default();
        let (low_label, high_label) = (words(i.marks.first()), words(i.marks.last()));
        Issue { name: i.name.clone(), low, high, low_label, high_label }
    };
    let actor = |a: &detente_model::council::ActorInfo| Actor {
        name: a.name.clone(),
        description: a.support.label.clone(),
    };
    let data = CouncilData {
        issues: council.issues.iter().map(issue).collect(),
        actors: council.actors.iter().map(actor).collect(),
        capability: numbers.capability,
        position: numbers.position,
        salience: numbers.salience,
        full_salience: council.whole.to_f64(),
        salience_rule: if council.each { SalienceRule::Each } else { SalienceRule::Shares },
    };
    Council::new(data).map_err(|errors| errors.first().map(ToString::to_string).unwrap_or_default())
}

impl<'m> Session<'m> {
    /// Prepares all councils of a model; `overrides` replace what they declare.
    ///
    /// # Errors
    /// As [`voices`].
    pub fn new(model: &'m Model, overrides: &[(String, Vec<String>)]) -> Result<Session<'m>, String> {
        let (mut all, mut coalitions) = (Vec::new(), Vec::new());
        for (at, council) in model.councils.iter().enumerate() {
            let mut options = declared(council);
            options.retain(|(name, _)| overrides.iter().all(|(other, _)| other != name));
            options.extend(overrides.iter().cloned());
            let seats = Seats::of_model(council);
            let mut own = voices(&options, &seats)?;
            coalitions.push(seats.named(&options, "coalition"));
            // A question may name a theory that the council does not list.
            let mut asked: Vec<String> = Vec::new();
            each_query(model, &mut |q| {
                let word = q.theory.iter().filter(|word| q.council == at && !asked.contains(word));
                asked.extend(word.cloned().collect::<Vec<_>>());
            });
            asked.retain(|word| own.iter().all(|v| v.word != *word));
            if !asked.is_empty() {
                options.retain(|(name, _)| name != "models");
                options.push(("models".into(), asked));
                let voices = voices(&options, &seats)?;
                own.extend(voices.into_iter().map(|v| Voice { only_named: true, ..v }));
            }
            all.push(own);
        }
        let mut away = Vec::new();
        each_query(model, &mut |q| {
            away.extend(q.variant.map(|v| (v, q.council)).filter(|pair| !away.contains(pair)));
        });
        Ok(Session { model, voices: all, coalitions, away })
    }

    /// Plays every theory on every council at one point of the parameters.
    ///
    /// # Errors
    /// A council that has no numbers there.
    pub fn at(&self, point: &[f64]) -> Result<Vec<Sitting>, String> {
        self.at_draw(point, 0)
    }

    /// The same for a draw; chances inside of theories fall by its number.
    ///
    /// # Errors
    /// As [`Session::at`].
    pub fn at_draw(&self, point: &[f64], draw: u64) -> Result<Vec<Sitting>, String> {
        let model = self.model;
        let mut sittings = Vec::new();
        for (at, council) in model.councils.iter().enumerate() {
            sittings.push(self.sitting(at, council, &model.game, point, draw)?);
        }
        for (variant, at) in &self.away {
            let Some((name, variant)) = model.variants.get_index(*variant) else { continue };
            let mut point = point.to_vec();
            for p in &variant.sets {
                point[p.index()] = variant.game.params[p.index()].base.to_f64();
            }
            let sitting = self.sitting(*at, &variant.councils[*at], &variant.game, &point, draw);
            sittings.push(sitting.map_err(|e| format!("in variant `{name}`, {e}"))?);
        }
        Ok(sittings)
    }

    /// The same for a test whose settings make councils of their own, at that game's parameters.
    ///
    /// # Errors
    /// As [`Session::at`].
    pub fn at_test(&self, test: &Test, game: &Game, point: &[f64]) -> Result<Vec<Sitting>, String> {
        let councils = test.councils.iter().enumerate();
        councils.map(|(at, council)| self.sitting(at, council, game, point, 0)).collect()
    }

    /// One council with its numbers, played by all of its theories.
    fn sitting(
        &self,
        at: usize,
        council: &CouncilModel,
        game: &Game,
        point: &[f64],
        draw: u64,
    ) -> Result<Sitting, String> {
        let council = seated(council, game, point)?;
        let play_one = |voice: &Voice| match draw {
            0 => play(&council, &voice.named.model),
            draw => play(&council, &at_draw(&voice.named.model, draw)),
        };
        let played = self.voices[at].iter().map(|v| play_one(v).map_err(|e| e.to_string())).collect();
        Ok(Sitting { council, played, draw })
    }

    /// Where the sitting that answers a query stands in the list of [`Session::at`].
    fn place(&self, query: &CouncilQuery) -> Option<usize> {
        let Some(variant) = query.variant else { return Some(query.council) };
        let away = self.away.iter().position(|pair| *pair == (variant, query.council))?;
        Some(self.model.councils.len() + away)
    }

    /// The theories that answer a question: those that all councils in it list. `visit` shows its queries.
    fn words(&self, visit: impl FnOnce(&mut dyn FnMut(&CouncilQuery))) -> Vec<String> {
        let mut words: Option<Vec<String>> = None;
        let mut seen: Vec<usize> = Vec::new();
        visit(&mut |query| {
            if !query.kind.needs_theory() || query.theory.is_some() || seen.contains(&query.council) {
                return;
            }
            seen.push(query.council);
            let listed = self.voices[query.council].iter().filter(|v| !v.only_named);
            let listed: Vec<String> = listed.map(|v| v.word.clone()).collect();
            words = Some(match words.take() {
                Some(before) => before.into_iter().filter(|w| listed.contains(w)).collect(),
                None => listed,
            });
        });
        words.unwrap_or_else(|| vec![String::new()])
    }

    /// Answers a number, by theory.
    pub fn number(&self, number: &Number, point: &[f64], sittings: &[Sitting]) -> ByTheory<f64> {
        let words = self.words(|visit| number.council_queries(&mut |q| visit(q)));
        let read = |word: &String| Reader { session: self, point, sittings, word }.number(number);
        words.iter().map(|word| (word.clone(), read(word))).collect()
    }

    /// Decides a statement, by theory.
    pub fn truth(&self, truth: &Truth, point: &[f64], sittings: &[Sitting]) -> ByTheory<bool> {
        let words = self.words(|visit| truth.council_queries(&mut |q| visit(q)));
        let read = |word: &String| Reader { session: self, point, sittings, word }.truth(truth);
        words.iter().map(|word| (word.clone(), read(word))).collect()
    }
}

fn each_query<'m>(model: &'m Model, visit: &mut dyn FnMut(&'m CouncilQuery)) {
    model.council_asks.iter().for_each(|ask| ask.body.council_queries(visit));
    for claim in &model.council_claims {
        claim.body.council_queries(visit);
        claim.restriction.iter().for_each(|r| r.council_queries(visit));
    }
    for expect in model.tests.iter().flat_map(|test| &test.expects) {
        expect.body.council_queries(visit);
        for number in expect.near.iter().flat_map(|(target, within)| [target, within]) {
            number.council_queries(visit);
        }
    }
}

/// The options that a council declares, as words.
pub fn declared(council: &CouncilModel) -> Vec<Choice> {
    let options = council.options.iter();
    options.map(|(name, option)| (name.clone(), option.values.iter().map(word).collect())).collect()
}

fn word(word: &OptionWord) -> String {
    match word {
        OptionWord::Word(word) => word.clone(),
        OptionWord::Number(value) => value.to_string(),
    }
}

/// One theory's answers at one point.
struct Reader<'a, 'm> {
    session: &'a Session<'m>,
    point: &'a [f64],
    sittings: &'a [Sitting],
    word: &'a str,
}

impl Reader<'_, '_> {
    fn number(&self, number: &Number) -> Result<f64, String> {
        let value = match number {
            Number::Const(value) => value.to_f64(),
            Number::Param(param) => self.point.get(param.index()).copied().unwrap_or(f64::NAN),
            Number::Neg(a) => -self.number(a)?,
            Number::Binary(op, a, b) => {
                let (a, b) = (self.number(a)?, self.number(b)?);
                match op {
                    Arithmetic::Add => a + b,
                    Arithmetic::Sub => a - b,
                    Arithmetic::Mul => a * b,
                    Arithmetic::Div => a / b,
                    Arithmetic::Pow => libm::pow(a, b),
                    Arithmetic::Min => a.min(b),
                    Arithmetic::Max => a.max(b),
                }
            }
            Number::Function(f, a) => {
                let a = self.number(a)?;
                match f {
                    Function::Exp => libm::exp(a),
                    Function::Ln => libm::log(a),
                    Function::Sqrt => a.sqrt(),
                    Function::Abs => a.abs(),
                }
            }
            Number::If(condition, a, b) => match self.truth(condition)? {
                true => self.number(a)?,
                false => self.number(b)?,
            },
            Number::Query(_) => return Err("a game is asked, not a council".into()),
            Number::Council(query) => self.query(query)?,
        };
        if value.is_finite() { Ok(value) } else { Err("the formula has no value here".into()) }
    }

    fn truth(&self, truth: &Truth) -> Result<bool, String> {
        Ok(match truth {
            Truth::Const(value) => *value,
            Truth::Compare(relation, a, b) => {
                let (a, b) = (self.number(a)?, self.number(b)?);
                a.partial_cmp(&b).is_some_and(|order| relation.holds(order))
            }
            Truth::And(parts) => all(parts, |part| self.truth(part), false)?,
            Truth::Or(parts) => all(parts, |part| self.truth(part), true)?,
            Truth::Not(part) => !self.truth(part)?,
        })
    }

    fn query(&self, query: &CouncilQuery) -> Result<f64, String> {
        let sitting = self.session.place(query).and_then(|at| self.sittings.get(at));
        let sitting = sitting.ok_or("the council has no numbers here")?;
        let council = &sitting.council;
        Ok(match &query.kind {
            CouncilQueryKind::Stated { actor, issue } => council.position(*actor, *issue),
            CouncilQueryKind::Capability { actor } => council.capability(*actor),
            CouncilQueryKind::Salience { actor, issue } => council.data().salience[*actor][*issue],
            CouncilQueryKind::Distance { actors: (a, b), issue } => {
                (council.position(*a, *issue) - council.position(*b, *issue)).abs()
            }
            CouncilQueryKind::Power { issue, actors } => {
                let all: f64 = (0..council.actors().len()).map(|a| council.weight(a, *issue)).sum();
                let own: f64 = actors.iter().map(|a| council.weight(*a, *issue)).sum();
                if all > 0.0 { own / all } else { return Err("nobody cares about the issue".into()) }
            }
            CouncilQueryKind::Settlement { issue } => self.played(query, sitting)?.outcome[*issue],
            CouncilQueryKind::Position { actor, issue } => {
                self.played(query, sitting)?.positions[*actor][*issue]
            }
            CouncilQueryKind::Inducement { issue, actors } => {
                let scale = &council.issues()[*issue];
                let found = self.breaking(query, sitting, *issue, actors)?;
                found.weakest().map_or(scale.high - scale.low, |(_, size)| size)
            }
            CouncilQueryKind::Weakest { issue, actors, actor } => {
                let found = self.breaking(query, sitting, *issue, actors)?;
                let weakest = found.weakest().filter(|_| !found.broken).map(|(at, _)| actors[at]);
                f64::from(u8::from(weakest == Some(*actor)))
            }
            CouncilQueryKind::Winner { issue, actor } => {
                let place = self.played(query, sitting)?.outcome[*issue];
                let off = |a: usize| (council.position(a, *issue) - place).abs();
                let nearest = (0..council.actors().len()).map(off).fold(f64::INFINITY, f64::min);
                f64::from(u8::from(off(*actor) <= nearest))
            }
        })
    }

    /// What it takes to break a coalition of these actors across the middle of the scale.
    fn breaking(
        &self,
        query: &CouncilQuery,
        sitting: &Sitting,
        issue: usize,
        actors: &[usize],
    ) -> Result<Breaking, String> {
        let word = query.theory.as_deref().unwrap_or(self.word);
        let voice = self.session.voices[query.council].iter().find(|voice| voice.word == word);
        let theory = &voice.ok_or("this theory was not asked")?.named.model;
        let theory = if sitting.draw == 0 { theory.clone() } else { at_draw(theory, sitting.draw) };
        let scale = &sitting.council.issues()[issue];
        let line = scale.low + (scale.high - scale.low) / 2.0;
        breaking(&sitting.council, &theory, issue, actors, line).map_err(|e| e.to_string())
    }

    fn played<'s>(&self, query: &CouncilQuery, sitting: &'s Sitting) -> Result<&'s Played, String> {
        let word = query.theory.as_deref().unwrap_or(self.word);
        let at = self.session.voices[query.council].iter().position(|voice| voice.word == word);
        let played = at.and_then(|at| sitting.played.get(at)).ok_or("this theory was not asked")?;
        played.as_ref().map_err(Clone::clone)
    }
}

/// Stops at the first part that is `until`.
fn all(
    parts: &[Truth],
    decide: impl Fn(&Truth) -> Result<bool, String>,
    until: bool,
) -> Result<bool, String> {
    for part in parts {
        if decide(part)? == until {
            return Ok(until);
        }
    }
    Ok(!until)
}
