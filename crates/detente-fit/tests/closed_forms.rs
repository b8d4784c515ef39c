//! Estimates against published numbers and closed forms.

mod support;

use detente_fit::Shocks;
use detente_fit::fit::{Errors, Problem, fit};
use detente_fit::{Unwatched, data};
use support::{fitted, game, plan, rows};

/// The three-outcome game of the strategic probit: the first ends it or passes, the second chooses.
const TWO_STEPS: &str = r#"
game "Attack and defence"
players One "a", Two "b"
param u11 "s" assumed "x" = 1
param u13 "d" assumed "x" = -1
param u14 "f" assumed "x" = 0
param u24 "g" assumed "x" = 1
outcome no_attack   { One: u11, Two: 0 }
outcome devaluation { One: u13, Two: 0 }
outcome defense     { One: u14, Two: u24 }
play {
  One chooses act { stay => end no_attack, attack }
  Two chooses reply { give_in => end devaluation, fight => end defense }
}
"#;
const CRISES: &str = "outcome,count\nno_attack,7152\ndevaluation,42\ndefense,46\n";

#[test]
fn the_strategic_probit_with_private_information_is_reproduced() {
    let game = game(TWO_STEPS);
    let data = rows(&game, CRISES);
    let fit = fitted(&game, &data, Shocks::Private, &[], None);
    // Published: log σ = -1.0513, log-likelihood -646.54; λ is 1 / σ.
    assert!((fit.log_likelihood + 646.54).abs() < 0.005, "{}", fit.log_likelihood);
    assert!((fit.estimates[0].value.ln() - 1.0513).abs() < 5e-5, "{:?}", fit.estimates);
    assert!(!fit.branches.circular && fit.identification.rank == 1);
}

#[test]
fn agent_error_and_private_information_have_their_formulas() {
    let game = game(TWO_STEPS);
    let data = rows(&game, CRISES);
    let lambda = 1.7;
    let phi = |x: f64| detente_fit::shocks::log_phi(x).exp();
    let p4 = phi(lambda / 2f64.sqrt());
    let p3 = 1.0 - p4;
    let gap = lambda * (-p3 - 1.0);
    let logistic = |x: f64| 1.0 / (1.0 + (-x).exp());
    let l4 = logistic(lambda);
    let expected = [
        (Shocks::Probit, phi(gap / 2f64.sqrt()), p4),
        (Shocks::Private, phi(gap / (1.0 + p3 * p3 + p4 * p4).sqrt()), p4),
        (Shocks::Logit, logistic(lambda * (-(1.0 - l4) - 1.0)), l4),
    ];
    for (shocks, attack, fight) in expected {
        let problem = Problem::new(&game, &data, shocks, &[], Some(lambda)).unwrap();
        let (ends, _) = problem.ends(&[], 0, false).unwrap();
        let found: Vec<f64> = ends.iter().map(|l| l.value.exp()).collect();
        let wanted = [1.0 - attack, attack * (1.0 - fight), attack * fight];
        assert!(found.iter().zip(wanted).all(|(a, b)| (a - b).abs() < 1e-12), "{shocks:?} {found:?}");
    }
}

/// One choice whose worth depends on a covariate: a logistic regression.
const CHOICE: &str = r#"
game "Choice"
players A "a"
param b0 "constant" assumed "x" = 0
param b1 "slope" assumed "x" = 0
param x "covariate" assumed "x" = 0
outcome yes { A: b0 + b1 * x }
outcome no { A: 0 }
play { A chooses m { go => end yes, stay => end no } }
"#;
const TABLE: &str = "x,A.m,count,who\n0,go,30,a\n0,stay,70,a\n1,go,55,b\n1,stay,45,b\n";

#[test]
fn a_logistic_regression_has_its_estimates_and_errors() {
    let game = game(CHOICE);
    let data = rows(&game, TABLE);
    let fit = fitted(&game, &data, Shocks::Logit, &["b0", "b1"], Some(1.0));
    let (b0, b1) = ((30.0f64 / 70.0).ln(), (55.0f64 / 45.0).ln() - (30.0f64 / 70.0).ln());
    assert!((fit.estimates[0].value - b0).abs() < 1e-7 && (fit.estimates[1].value - b1).abs() < 1e-7);
    let e0: f64 = (1.0 / 30.0 + 1.0 / 70.0f64).sqrt();
    let e1: f64 = (1.0 / 30.0 + 1.0 / 70.0 + 1.0 / 55.0 + 1.0 / 45.0f64).sqrt();
    assert!((fit.estimates[0].error.unwrap() - e0).abs() < 1e-6, "{:?}", fit.estimates);
    assert!((fit.estimates[1].error.unwrap() - e1).abs() < 1e-6, "{:?}", fit.estimates);
    let shares = 30.0 * 0.3f64.ln() + 70.0 * 0.7f64.ln() + 55.0 * 0.55f64.ln() + 45.0 * 0.45f64.ln();
    assert!((fit.log_likelihood - shares).abs() < 1e-8);
    assert!((fit.log_likelihood_uniform.unwrap() + 200.0 * 2f64.ln()).abs() < 1e-6);
    assert!((fit.aic - (4.0 - 2.0 * shares)).abs() < 1e-6);
}

#[test]
fn robust_errors_of_a_saturated_model_are_the_models() {
    let game = game(CHOICE);
    let data = rows(&game, &TABLE.replace(",who", "").replace(",a\n", "\n").replace(",b\n", "\n"));
    let names = ["b0".to_string(), "b1".to_string()];
    let problem = Problem::new(&game, &data, Shocks::Logit, &names, Some(1.0)).unwrap();
    let of = |errors| fit(&problem, &plan(errors), &Unwatched).unwrap().estimates[1].error.unwrap();
    let factor = (200.0f64 / 199.0).sqrt();
    assert!((of(Errors::Clustered) - factor * of(Errors::Observed)).abs() < 1e-6);
    let boot = |errors| {
        let plan = detente_fit::Plan { resamples: 300, ..plan(errors) };
        fit(&problem, &plan, &Unwatched).unwrap().estimates[1].error.unwrap()
    };
    for errors in [Errors::Parametric, Errors::Case] {
        assert!((boot(errors) / of(Errors::Observed) - 1.0).abs() < 0.15, "{errors:?} {}", boot(errors));
    }
}

#[test]
fn what_is_not_identified_is_said_in_words() {
    let text = CHOICE.replace("b0 + b1 * x", "b0").replace("outcome no { A: 0 }", "outcome no { A: b1 }");
    let game = game(&text);
    let data = rows(&game, "A.m,count\ngo,30\nstay,70\n");
    let fit = fitted(&game, &data, Shocks::Logit, &["b0", "b1"], None);
    let said = fit.identification.sentences.join("\n");
    assert_eq!(fit.identification.rank, 1, "{said}");
    assert!(said.contains("Only 1 of 3 combinations are identified"), "{said}");
    assert!(said.contains("Only λ·(b0 − b1) is identified."), "{said}");
    assert!(fit.estimates.iter().all(|e| e.error.is_none()), "{:?}", fit.estimates);
    // With λ given, the difference is left.
    let said =
        fitted(&game, &data, Shocks::Logit, &["b0", "b1"], Some(1.0)).identification.sentences.join("\n");
    assert!(said.contains("Only b0 − b1 is identified"), "{said}");
    // A number that enters nothing, and one product.
    let said = fitted(&game, &data, Shocks::Logit, &["b0", "x"], None).identification.sentences.join("\n");
    assert!(said.contains("`x` moves no probability") && said.contains("Only λ·b0 is identified"), "{said}");
}

#[test]
fn simulated_data_give_back_what_made_them() {
    let text = TWO_STEPS
        .replace(
            "param u13 \"d\" assumed \"x\" = -1",
            "param b \"d\" assumed \"x\" = -1\nparam x \"c\" assumed \"x\" = 0",
        )
        .replace("One: u13, Two: 0", "One: b * x, Two: 0");
    let game = game(&text);
    let mut csv = String::from("x,outcome,count\n");
    for k in 0..8 {
        let x = f64::from(k) / 4.0;
        csv.push_str(&format!("{x},no_attack,50\n{x},devaluation,20\n{x},defense,30\n"));
    }
    let data = rows(&game, &csv);
    let names = ["b".to_string(), "u24".to_string()];
    let problem = Problem::new(&game, &data, Shocks::Private, &names, Some(1.0)).unwrap();
    let plan = detente_fit::Plan { self_check: 60, ..plan(Errors::Observed) };
    let check = fit(&problem, &plan, &Unwatched).unwrap().self_check.unwrap();
    assert_eq!(check.fitted, 60);
    for row in &check.rows {
        let coverage = row.coverage.unwrap();
        // 60 intervals of 95 %: fewer than 51 hits have a chance of one in a thousand.
        assert!((51.0 / 60.0..=1.0).contains(&coverage), "{row:?}");
        assert!((row.mean - row.truth).abs() < 0.15 * (1.0 + row.truth.abs()), "{row:?}");
    }
}

#[test]
fn parameters_stay_where_their_priors_live() {
    let text = CHOICE.replace(
        "param b0 \"constant\" assumed \"x\" = 0",
        "param b0 \"c\" assumed \"x\" ~ uniform(-0.5, 0.5)",
    );
    let game = game(&text);
    let data = rows(&game, "A.m,count\ngo,9\nstay,91\n");
    let fit = fitted(&game, &data, Shocks::Logit, &["b0"], Some(1.0));
    let e = &fit.estimates[0];
    assert!(e.value >= -0.5 && e.value < -0.499 && e.at_end, "{e:?}");
    assert!(fit.warnings.iter().any(|w| w.contains("lies at an end of its range")), "{:?}", fit.warnings);
}

#[test]
fn faults_of_data_name_line_and_column() {
    let game = game(TWO_STEPS);
    let error = |csv: &str| {
        let sheet = detente_fit::sheet::read_csv(csv).expect("a table");
        let roles = data::Roles { weight: csv.contains("count").then(|| "count".into()), cluster: None };
        data::read(&game, &sheet, &roles).expect_err("a fault").to_string()
    };
    assert_eq!(error("outcome,u11\ndefense,\n"), "line 2, column `u11`: the number is missing");
    assert_eq!(
        error("outcome,u11\ndefense,1\ndefense,high\n"),
        "line 3, column `u11`: `high` is not a number"
    );
    assert_eq!(
        error("One.act\nstay\nstrike\n"),
        "line 3, column `One.act`: there is no `strike`; there are stay, attack"
    );
    assert_eq!(
        error("One.act,Two.reply\nattack,fight\nstay,fight\n"),
        "line 3, column `Two.reply`: no play of the game goes on with `fight` after One.act stay"
    );
    assert_eq!(
        error("outcome,count\ndefense,-1\n"),
        "line 2, column `count`: a weight must be a number of at least 0, not `-1`"
    );
    assert!(error("something\n1\n").starts_with("no column names an event of the game or `outcome`"));
    assert_eq!(error("outcome\n"), "there are no rows");
    // Blank is not recorded, a dash is not made.
    let data = rows(&game, "One.act,Two.reply\nattack,\nstay,\nstay,-\n");
    assert_eq!((data.blanks, data.patterns.len()), (1, 2));
}

/// Starts, resamples and self-checks may be done by any number of threads: the same bits.
#[test]
fn the_number_of_threads_changes_no_bit() {
    let game = game(CHOICE);
    let data = rows(&game, TABLE);
    let names = ["b0".to_string(), "b1".to_string()];
    let problem = Problem::new(&game, &data, Shocks::Logit, &names, None).unwrap();
    for errors in [Errors::Observed, Errors::Clustered, Errors::Parametric, Errors::Case] {
        let with = |threads: usize| {
            let plan = detente_fit::Plan { resamples: 20, self_check: 10, threads, ..plan(errors) };
            format!("{:?}", fit(&problem, &plan, &Unwatched).unwrap())
        };
        let alone = with(1);
        assert!(alone.contains("self_check: Some"), "{alone}");
        assert_eq!(alone, with(2), "{errors:?}");
        assert_eq!(alone, with(8), "{errors:?}");
    }
}
