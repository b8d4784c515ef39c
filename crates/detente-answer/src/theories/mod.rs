//! Theories with their choices: from words such as `voting = cubic` to models ready to be played.
//!
//! The one idea: a theory that is named after its choices keeps them (`eu_even` is Q = 1/2 whatever the
//! options say); `eu_own` and `spatial` take whatever is chosen. What an option may hold is decided in
//! one table, for files and for the command line.

mod apply;
mod words;

pub use words::{seed_word, spatial_words};

use apply::apply;
use detente_bargain::expected_utility::UtilityOptions;
use detente_bargain::forecast::Model as Theory;
use detente_bargain::two_sides::{Solution, TwoSidesOptions};
use detente_bargain::{Council, NamedModel, standard_models};
use detente_exact::Q;
use detente_model::council::{CouncilModel, OptionWord};
use detente_model::options::{Allowed, THEORIES, known_options, missing_sides, option_values};

/// A theory under the word by which a model names it.
#[derive(Clone, Debug, PartialEq)]
pub struct Voice {
    /// `mean`, `eu_sure`, `spatial_markov`, …
    pub word: String,
    pub named: NamedModel,
    /// True if it only answers questions that name it.
    pub only_named: bool,
}

/// Who sits at the table, as far as options speak of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Seats {
    pub actors: Vec<String>,
    /// The ends of each issue's scale.
    pub scales: Vec<(f64, f64)>,
}

impl Seats {
    /// The seats of a council that is declared in a model.
    pub fn of_model(council: &CouncilModel) -> Seats {
        Seats {
            actors: council.actors.iter().map(|a| a.name.clone()).collect(),
            scales: council.issues.iter().map(|i| i.ends()).collect(),
        }
    }

    /// Returns the actors that an option names, as positions; none if it is not given.
    pub fn named(&self, options: &[Choice], name: &str) -> Vec<usize> {
        let values = options.iter().rfind(|(other, _)| other == name).map(|(_, values)| values);
        let seat = |value: &String| self.actors.iter().position(|actor| actor == value);
        values.into_iter().flatten().filter_map(seat).collect()
    }

    /// The seats of a council with its numbers.
    pub fn of(council: &Council) -> Seats {
        Seats {
            actors: council.actors().iter().map(|a| a.name.clone()).collect(),
            scales: council.issues().iter().map(|i| (i.low, i.high)).collect(),
        }
    }
}

/// An option and its values as words.
pub type Choice = (String, Vec<String>);

/// Returns the theories with the options applied, in the order named; all that can be played if none is.
///
/// # Errors
/// An option or value that does not exist, with those that do.
pub fn voices(options: &[Choice], seats: &Seats) -> Result<Vec<Voice>, String> {
    let mut options = options.iter().map(|o| checked(o, seats)).collect::<Result<Vec<_>, _>>()?;
    // A seed belongs to stochastic transitions, whichever of the two is said first.
    options.sort_by_key(|(name, _)| name != "transition");
    let values = |name: &str| options.iter().rfind(|(n, _)| n == name).map(|(_, values)| values);
    let named: Option<Vec<String>> =
        values("models").map(|list| list.iter().filter_map(word_of).map(str::to_string).collect());
    let given = |name: &str| values(name).is_some();
    let asked: Vec<&str> = named.iter().flatten().map(String::as_str).collect();
    if let Some(missing) = missing_sides(&asked, seats.actors.len(), given) {
        let what = option_values(missing).map(Allowed::describe).unwrap_or_default();
        return Err(format!("two sides bargain here, and `{missing}` is missing: {what}"));
    }
    let alone = seats.actors.len() == 2 && !given("side_a") && !given("side_b") && given("no_agreement");
    if alone {
        for (side, actor) in ["side_a", "side_b"].iter().zip(&seats.actors) {
            options.push((side.to_string(), vec![OptionWord::Word(actor.clone())]));
        }
    }
    let mut all = playable(&options, seats)?;
    for voice in &mut all {
        for (name, values) in &options {
            apply(voice, name, values, seats)?;
        }
    }
    let Some(named) = named else { return Ok(all) };
    Ok(named.iter().flat_map(|word| all.iter().find(|v| v.word == *word).cloned()).collect())
}

/// Returns which of the options given beside `declared` ones change no theory that answers: because none
/// takes them, or because they say what holds anyway.
///
/// # Errors
/// As [`voices`].
pub fn idle(declared: &[Choice], given: &[Choice], seats: &Seats) -> Result<Vec<String>, String> {
    let with = |left_out: Option<&str>| {
        let told = |(name, _): &&Choice| Some(name.as_str()) != left_out;
        let given: Vec<Choice> = given.iter().filter(told).cloned().collect();
        let kept = declared.iter().filter(|(name, _)| given.iter().all(|(other, _)| other != name));
        let all: Vec<Choice> = kept.chain(&given).cloned().collect();
        voices(&all, seats)
    };
    let all = with(None)?;
    let names = given.iter().map(|(name, _)| name).filter(|name| *name != "models" && *name != "coalition");
    // Without it there may be no answer at all; then it is anything but idle.
    Ok(names.filter(|name| with(Some(name)).is_ok_and(|less| less == all)).cloned().collect())
}

/// An option with canonical words, checked against the table of options.
fn checked((name, values): &Choice, seats: &Seats) -> Result<(String, Vec<OptionWord>), String> {
    let Some(allowed) = option_values(name) else {
        let known: Vec<&str> = known_options().collect();
        let near = detente_diag::nearest(name, known.iter().copied());
        let near = near.map(|n| format!("; did you mean `{n}`?")).unwrap_or_default();
        return Err(format!("there is no option `{name}`{near} These exist: {}", known.join(", ")));
    };
    let words: Vec<OptionWord> = values.iter().map(|v| read(v, allowed)).collect();
    let actors: Vec<&str> = seats.actors.iter().map(String::as_str).collect();
    allowed.judge(&words, &actors, &seats.scales).map_err(|(at, problem)| match values.get(at) {
        Some(value) if allowed.words().is_empty() => format!("`{name}` cannot be `{value}`: {problem}"),
        Some(value) => format!("`{name}` cannot be `{value}`: {problem}; it can be {}", allowed.describe()),
        None => format!("`{name}` is not complete: {problem}"),
    })?;
    Ok((name.clone(), words))
}

/// Reads one value; case, `-`, `_` and blanks do not count in words of the table.
fn read(value: &str, allowed: Allowed) -> OptionWord {
    let known = allowed.words().iter().find(|w| plain(w) == plain(value));
    match (known, Q::parse(value)) {
        (Some(word), _) => OptionWord::Word((*word).to_string()),
        (None, Some(number)) => OptionWord::Number(number),
        (None, None) => OptionWord::Word(value.to_string()),
    }
}

fn plain(text: &str) -> String {
    text.replace(['_', '-', ' '], "").to_lowercase()
}

fn word_of(value: &OptionWord) -> Option<&str> {
    match value {
        OptionWord::Word(word) => Some(word),
        OptionWord::Number(_) => None,
    }
}

fn number_of(value: &OptionWord) -> Option<f64> {
    match value {
        OptionWord::Word(_) => None,
        OptionWord::Number(number) => Some(number.to_f64()),
    }
}

/// All theories that can be played with these options, in the order of `THEORIES`.
fn playable(options: &[(String, Vec<OptionWord>)], seats: &Seats) -> Result<Vec<Voice>, String> {
    let has = |name: &str| options.iter().any(|(n, _)| n == name);
    let mut models = standard_models();
    let own_asked = options.iter().any(|(name, values)| {
        name.starts_with("eu_") || (name == "models" && values.iter().any(|v| word_of(v) == Some("eu_own")))
    });
    if own_asked {
        models.push(NamedModel {
            slug: "eu-own",
            name: "expected utility, as the options say",
            source: "Bueno de Mesquita 1997",
            model: Theory::ExpectedUtility(UtilityOptions::default()),
        });
    }
    if has("side_a") && has("side_b") && has("no_agreement") {
        models.extend(two_sided(options, seats)?);
    }
    let mut all: Vec<Voice> = models
        .into_iter()
        .map(|named| Voice { word: named.slug.replace('-', "_"), named, only_named: false })
        .collect();
    all.sort_by_key(|v| THEORIES.iter().position(|word| *word == v.word));
    Ok(all)
}

fn two_sided(options: &[(String, Vec<OptionWord>)], seats: &Seats) -> Result<[NamedModel; 2], String> {
    let values = |name: &str| -> &[OptionWord] {
        options.iter().rfind(|(n, _)| n == name).map_or(&[], |(_, values)| values)
    };
    let side = |name: &str| -> Vec<usize> { values(name).iter().filter_map(|v| seat(v, seats)).collect() };
    let (first, second) = (side("side_a"), side("side_b"));
    if let Some(both) = first.iter().find(|actor| second.contains(actor)) {
        return Err(format!("`{}` stands on both sides; leave it out of one", seats.actors[*both]));
    }
    let cost: Vec<f64> = values("breakdown_cost").iter().filter_map(number_of).collect();
    let base = TwoSidesOptions {
        first,
        second,
        no_agreement: values("no_agreement").iter().filter_map(number_of).collect(),
        breakdown_cost: (cost.first().copied().unwrap_or(0.0), cost.get(1).copied().unwrap_or(0.0)),
        solution: Solution::KalaiSmorodinsky,
    };
    let power = values("power_a").first().and_then(number_of).unwrap_or(0.5);
    let nash = TwoSidesOptions { solution: Solution::Nash { power }, ..base.clone() };
    Ok([
        NamedModel {
            slug: "nash",
            name: "Nash bargain of two sides",
            source: "Nash 1950",
            model: Theory::TwoSides(nash),
        },
        NamedModel {
            slug: "kalai-smorodinsky",
            name: "Kalai–Smorodinsky bargain of two sides",
            source: "Kalai and Smorodinsky 1975",
            model: Theory::TwoSides(base),
        },
    ])
}

fn seat(value: &OptionWord, seats: &Seats) -> Option<usize> {
    seats.actors.iter().position(|actor| word_of(value) == Some(actor))
}
