//! Councils answered: every theory that a council names, at one point of the parameters.
//!
//! The one idea: theories take the place that equilibria have in a game. A question is asked of each,
//! a number stands as low to high over them, and a claim holds only where it holds in all.

mod memo;
mod play;
mod read;

pub use crate::theories::{Choice, Seats, Voice, voices};
use detente_bargain::Council;
use detente_bargain::forecast::at_draw;
use detente_game::Game;
use detente_model::Model;
use detente_model::council::{CouncilModel, CouncilQuery, OptionWord};
use detente_model::model::Test;
use detente_model::question::{Number, Truth};
use memo::Memo;
pub use play::{Played, play, seated};
use read::Reader;

/// A council with its numbers, and what each theory makes of it.
#[derive(Clone, Debug)]
pub struct Sitting {
    pub council: Council,
    /// One for each voice, in their order.
    pub played: Vec<Result<Played, String>>,
    /// By which chances inside of theories fall; 0 at the base values.
    pub draw: u64,
    /// What was asked of coalitions here before.
    memo: Memo,
}

impl Sitting {
    /// A table of which nothing was asked yet.
    pub fn new(council: Council, played: Vec<Result<Played, String>>, draw: u64) -> Sitting {
        Sitting { council, played, draw, memo: Memo::default() }
    }
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
        Ok(Sitting::new(council, played, draw))
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
