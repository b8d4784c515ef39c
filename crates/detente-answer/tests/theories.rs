//! Options of theories in words: each is understood, changes what it should, and is read back.

use detente_answer::theories::{Choice, Seats, idle, spatial_words, voices};
use detente_bargain::forecast::{Model as Theory, Reading};
use detente_bargain::spatial::SpatialOptions;
use detente_bargain::spatial::options::{Election, Transition, VotingRule};
use detente_model::options::{Allowed, OPTIONS};

fn seats() -> Seats {
    Seats { actors: vec!["North".into(), "South".into()], scales: vec![(0.0, 100.0), (0.0, 10.0)] }
}

fn one(name: &str, values: &[&str]) -> Choice {
    (name.into(), values.iter().map(|v| (*v).to_string()).collect())
}

const SIDES: [(&str, &[&str]); 3] =
    [("side_a", &["North"]), ("side_b", &["South"]), ("no_agreement", &["50", "5"])];

/// No word of the table may be without a meaning, and none may leave every theory as it was.
#[test]
fn every_word_of_every_option_is_understood() {
    let sides: Vec<Choice> = SIDES.iter().map(|(n, v)| one(n, v)).collect();
    let stochastic = one("transition", &["stochastic"]);
    let models = |extra: Vec<Choice>| -> Vec<Theory> {
        let mut all = sides.clone();
        all.push(one("eu_settled", &["0.5"]));
        all.push(stochastic.clone());
        all.retain(|(name, _)| extra.iter().all(|(other, _)| other != name));
        all.extend(extra);
        voices(&all, &seats()).expect("known words").into_iter().map(|v| v.named.model).collect()
    };
    let plain = models(vec![]);
    for option in OPTIONS {
        let samples: Vec<Vec<&str>> = match option.allowed {
            Allowed::One(words) => words.iter().map(|w| vec![*w]).collect(),
            Allowed::Many(words) => words.iter().map(|w| vec![*w]).collect(),
            Allowed::Whole(..) => vec![vec!["7"]],
            Allowed::Number(..) => vec![vec!["0.25"]],
            Allowed::Actors => continue,
            Allowed::Places => vec![vec!["40", "5"]],
            Allowed::Pair => vec![vec!["0.1", "0.2"]],
            Allowed::Following => vec![vec!["North", "South", "0.5"]],
        };
        let found: Vec<bool> = samples.iter().map(|s| models(vec![one(option.name, s)]) != plain).collect();
        assert!(found.contains(&true), "`{}` changes nothing", option.name);
    }
}

#[test]
fn what_a_theory_is_named_after_stays() {
    let all = voices(&[one("eu_status_quo", &["0.3"]), one("election", &["markov_uniform"])], &seats());
    let all = all.expect("known");
    let q = |word: &str| match &all.iter().find(|v| v.word == word).expect("listed").named.model {
        Theory::ExpectedUtility(options) => options.status_quo_holds,
        _ => f64::NAN,
    };
    assert_eq!((q("eu_sure"), q("eu_even"), q("eu_own")), (1.0, 0.5, 0.3));
}

#[test]
fn options_without_effect_are_told() {
    let declared = [one("models", &["mean", "spatial"]), one("voting", &["cubic"])];
    let given = [
        one("voting", &["prop"]),
        one("eu_tie", &["weightier_rival"]),
        one("victory", &["linear"]),
        one("turns", &["5"]),
    ];
    assert_eq!(idle(&declared, &given, &seats()).expect("known"), ["eu_tie", "victory"]);
    // The sides are needed as soon as one of the two-sided theories is named.
    let sides: Vec<Choice> = SIDES.iter().map(|(n, v)| one(n, v)).collect();
    let models = [one("models", &["nash"])];
    assert!(idle(&models, &sides, &seats()).expect("known").is_empty());
}

#[test]
fn errors_say_what_exists() {
    let error = |name: &str, values: &[&str]| voices(&[one(name, values)], &seats()).expect_err(name);
    assert!(error("votin", &["prop"]).starts_with("there is no option `votin`; did you mean `voting`?"));
    assert!(error("votin", &["prop"]).contains("eu_denominator"));
    assert!(error("voting", &["often"]).contains("it can be binary, prop_bin, prop"));
    assert!(error("turns", &["0"]).contains("not a whole number from 1 to 1000"));
    assert!(error("turns", &["ten"]).contains("a number is needed"));
    assert!(error("eu_status_quo", &["1.5"]).contains("not a number from 0 to 1"));
    assert!(error("models", &["mean", "mean"]).contains("named twice"));
    // Two at a table are the two sides; of three somebody must say who stands where.
    assert!(error("models", &["nash"]).contains("`no_agreement` is missing"));
    let mut three = seats();
    three.actors.push("East".into());
    let missing = voices(&[one("models", &["nash"])], &three).expect_err("no sides");
    assert!(missing.contains("`side_a` is missing"), "{missing}");
    let two = voices(&[one("no_agreement", &["50", "5"])], &seats()).expect("two sides");
    assert!(["nash", "kalai_smorodinsky"].iter().all(|w| two.iter().any(|v| v.word == *w)));
    assert!(error("side_a", &["Nort"]).contains("not an actor; actors are North, South"));
    assert!(error("side_a", &["North"]).contains("`side_b` is missing"));
    assert!(error("no_agreement", &["50"]).contains("a place for each of 2 issues"));
    assert!(error("no_agreement", &["50", "11"]).contains("not a number from 0 to 10"));
    assert!(error("affinity", &["North", "South"]).contains("three values"));
    let mut sides: Vec<Choice> = SIDES.iter().map(|(n, v)| one(n, v)).collect();
    sides[1].1 = vec!["North".into()];
    assert!(voices(&sides, &seats()).expect_err("both").contains("stands on both sides"));
}

#[test]
fn choices_in_words_read_back() {
    let options = SpatialOptions {
        voting: VotingRule::Cubic,
        election: Election::MarkovIncentive,
        transition: Transition::Stochastic { seed: 42, draw: 0 },
        affinity: Some(vec![vec![0.7, 0.3], vec![0.0, 0.9]]),
        ..SpatialOptions::default()
    };
    let words = spatial_words(&options, &seats().actors);
    let read = voices(&words, &seats()).expect("own words");
    let spatial = read.iter().find(|v| v.word == "spatial").expect("listed");
    assert_eq!(spatial.named.model, Theory::Spatial(options, Reading::Mean));
    assert!(spatial_words(&SpatialOptions::default(), &seats().actors).is_empty());
}
