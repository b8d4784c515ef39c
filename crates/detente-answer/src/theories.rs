//! Theories with their choices: from words such as `voting = cubic` to models ready to be played.
//!
//! The one idea: a theory that is named after its choices keeps them (`eu_even` is Q = 1/2 whatever the
//! options say); `eu_own` and `spatial` take whatever is chosen. What an option may hold is decided in
//! one table, for files and for the command line.

use detente_bargain::exchange::ExchangeOptions;
use detente_bargain::expected_utility::UtilityOptions;
use detente_bargain::forecast::{Model as Theory, Reading};
use detente_bargain::spatial::SpatialOptions;
use detente_bargain::spatial::options::{Named, Transition};
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
    let named: Option<Vec<&str>> =
        values("models").map(|list| list.iter().filter_map(|v| word_of(v)).collect());
    let given = |name: &str| values(name).is_some();
    if let Some(missing) = missing_sides(named.as_deref().unwrap_or(&[]), given) {
        let what = option_values(missing).map(Allowed::describe).unwrap_or_default();
        return Err(format!("two sides bargain here, and `{missing}` is missing: {what}"));
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

/// What a theory is named after; options do not change it.
fn fixed(theory: &str, option: &str) -> bool {
    match theory {
        "eu_sure" | "eu_even" => option == "eu_status_quo",
        "eu_code" => ["eu_status_quo", "eu_denominator", "eu_vote_risk", "eu_compromise", "eu_compelled"]
            .contains(&option),
        "spatial_markov" => option == "election",
        _ => false,
    }
}

fn apply(voice: &mut Voice, name: &str, values: &[OptionWord], seats: &Seats) -> Result<(), String> {
    if fixed(&voice.word, name) {
        return Ok(());
    }
    let Some(first) = values.first() else { return Ok(()) };
    match &mut voice.named.model {
        Theory::ExpectedUtility(options) => utility(options, name, first),
        Theory::Spatial(options, _) if name == "affinity" => {
            options.affinity = Some(affinity(values, seats));
            Ok(())
        }
        Theory::Spatial(_, reading) if name == "reading" => {
            *reading = match word_of(first) {
                Some("median") => Reading::Median,
                Some("winner") => Reading::Winner,
                _ => Reading::Mean,
            };
            Ok(())
        }
        Theory::Spatial(options, _) => spatial(options, name, first),
        Theory::Exchange(options) => {
            exchange(options, name, first);
            Ok(())
        }
        Theory::Mean | Theory::Median | Theory::TwoSides(_) => Ok(()),
    }
}

/// A whole number that the table of options has checked.
fn whole(value: &OptionWord) -> u64 {
    match value {
        OptionWord::Number(number) => number.to_i64().and_then(|n| u64::try_from(n).ok()).unwrap_or(0),
        OptionWord::Word(_) => 0,
    }
}

fn spatial(options: &mut SpatialOptions, name: &str, value: &OptionWord) -> Result<(), String> {
    let turns = whole(value) as usize;
    let number = number_of(value).unwrap_or(0.0);
    match name {
        "voting" => options.voting = choice(name, value)?,
        "victory" => options.victory = choice(name, value)?,
        "election" => options.election = choice(name, value)?,
        "risk_range" => options.risk_range = choice(name, value)?,
        "risk_adjust" => options.risk_adjust = choice(name, value)?,
        "third_party" => options.third_party = choice(name, value)?,
        "interpolation" => options.interpolation = choice(name, value)?,
        "offers" => options.offers = choice(name, value)?,
        "target_view" => options.target_view = choice(name, value)?,
        "transition" => {
            let seed = seed_of(options.transition);
            options.transition = match word_of(value) {
                Some("stochastic") => Transition::Stochastic { seed, draw: 0 },
                _ => Transition::Deterministic,
            };
        }
        "seed" => {
            if let Transition::Stochastic { seed, .. } = &mut options.transition {
                *seed = whole(value);
            }
        }
        "round_offers" => options.round_offers = word_of(value) == Some("yes"),
        "least_gain" => options.least_gain = number,
        "turns" => options.stop.most_turns = turns,
        "least_turns" => options.stop.least_turns = turns,
        "rest_share" => options.stop.share = number,
        "rest_floor" => options.stop.floor = number,
        _ => {}
    }
    Ok(())
}

/// A seed as an option holds it; the highest bit of another program's seed has no place there.
pub fn seed_word(seed: u64) -> String {
    (seed & i64::MAX as u64).to_string()
}

fn seed_of(transition: Transition) -> u64 {
    match transition {
        Transition::Deterministic => 0,
        Transition::Stochastic { seed, .. } => seed,
    }
}

fn utility(options: &mut UtilityOptions, name: &str, value: &OptionWord) -> Result<(), String> {
    let number = number_of(value).unwrap_or(0.0);
    match name {
        "eu_numerator" => options.numerator = choice(name, value)?,
        "eu_denominator" => options.denominator = choice(name, value)?,
        "eu_vote_risk" => options.vote_risk = choice(name, value)?,
        "eu_gain_risk" => options.gain_risk = choice(name, value)?,
        "eu_status_quo" => options.status_quo_holds = number,
        "eu_trend" => options.trend = choice(name, value)?,
        "eu_range" => options.range = choice(name, value)?,
        "eu_risk" => options.security = choice(name, value)?,
        "eu_compromise" => options.compromise = choice(name, value)?,
        "eu_compelled" => options.compelled = choice(name, value)?,
        "eu_priority" => options.priority = choice(name, value)?,
        "eu_tie" => options.tie = choice(name, value)?,
        "eu_outcome" => options.outcome = choice(name, value)?,
        "eu_settled" => options.settled = number,
        "turns" => options.rounds = whole(value) as usize,
        _ => {}
    }
    Ok(())
}

fn exchange(options: &mut ExchangeOptions, name: &str, value: &OptionWord) {
    match name {
        "exchange_rounds" => options.rounds = whole(value) as usize,
        "exchange_least_gain" => options.least_gain = number_of(value).unwrap_or(0.0),
        _ => {}
    }
}

/// Whose positions ideals follow. What is not said of an actor stays with its own position.
fn affinity(values: &[OptionWord], seats: &Seats) -> Vec<Vec<f64>> {
    let n = seats.actors.len();
    let mut table = vec![vec![0.0; n]; n];
    let mut own_said = vec![false; n];
    for triple in values.chunks(3) {
        let [actor, followed, share] = triple else { continue };
        let (Some(i), Some(j), Some(share)) = (seat(actor, seats), seat(followed, seats), number_of(share))
        else {
            continue;
        };
        table[i][j] = share;
        own_said[i] |= i == j;
    }
    for (i, row) in table.iter_mut().enumerate() {
        if !own_said[i] {
            row[i] = (1.0 - row.iter().sum::<f64>()).max(0.0);
        }
    }
    table
}

/// Finds a choice by its word.
fn choice<T: Named>(option: &str, value: &OptionWord) -> Result<T, String> {
    let word = word_of(value).unwrap_or("");
    let found = T::NAMES.iter().find(|(_, name)| plain(name) == plain(word)).map(|(choice, _)| *choice);
    found.ok_or_else(|| format!("`{option}` cannot be `{word}`"))
}

/// Returns the options that say in words what a spatial model's choices are, where they are not the
/// defaults: what a scenario file asks for.
pub fn spatial_words(options: &SpatialOptions, actors: &[String]) -> Vec<Choice> {
    fn differs<T: Named>(list: &mut Vec<Choice>, name: &str, value: T, default: T) {
        if value == default {
            return;
        }
        let words = option_values(name).map_or(&[][..], Allowed::words);
        if let Some(word) = words.iter().find(|w| plain(w) == plain(value.name())) {
            list.push((name.into(), vec![(*word).into()]));
        }
    }
    let plain_options = SpatialOptions::default();
    let mut list = Vec::new();
    differs(&mut list, "voting", options.voting, plain_options.voting);
    differs(&mut list, "victory", options.victory, plain_options.victory);
    differs(&mut list, "election", options.election, plain_options.election);
    differs(&mut list, "risk_range", options.risk_range, plain_options.risk_range);
    differs(&mut list, "risk_adjust", options.risk_adjust, plain_options.risk_adjust);
    differs(&mut list, "third_party", options.third_party, plain_options.third_party);
    differs(&mut list, "interpolation", options.interpolation, plain_options.interpolation);
    differs(&mut list, "offers", options.offers, plain_options.offers);
    differs(&mut list, "target_view", options.target_view, plain_options.target_view);
    if let Transition::Stochastic { seed, .. } = options.transition {
        list.push(("transition".into(), vec!["stochastic".into()]));
        list.push(("seed".into(), vec![seed_word(seed)]));
    }
    if let Some(table) = &options.affinity {
        let mut values = Vec::new();
        for (i, row) in table.iter().enumerate() {
            let others: f64 = row.iter().enumerate().filter(|(j, _)| *j != i).map(|(_, a)| a).sum();
            for (j, share) in row.iter().enumerate() {
                // What is left over stays with an actor's own position without being said.
                let unsaid = if i == j { (share - (1.0 - others)).abs() < 1e-12 } else { *share == 0.0 };
                if !unsaid {
                    values.extend([actors[i].clone(), actors[j].clone(), share.to_string()]);
                }
            }
        }
        if !values.is_empty() {
            list.push(("affinity".into(), values));
        }
    }
    list
}
