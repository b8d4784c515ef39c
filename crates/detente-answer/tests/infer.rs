//! Inference against closed forms: exact equilibrium, quantal response, rival models, errors.

mod support;

use detente_answer::evidence::Factor;
use detente_answer::infer::lambda::LambdaPrior;
use detente_answer::infer::{Contender, Inference, Plan, infer};
use detente_model::Model;
use detente_prob::Prior;
use detente_solve::{Settings, Silent};
use support::model;

const THREAT: &str = r#"
game "Threats"
players Home "h", Rival "r"
param q "share" assumed "x" = 0.4
param a "cost" assumed "x" = 0.3
private Home.resolve "will" { strong: q, weak: rest }
table war_pays(Home.resolve) assumed "x" =
  | strong | 0.25 |
  | weak   | -0.6 |
outcome quo { Home: 0, Rival: 1 }
outcome win { Home: 1, Rival: 0 }
outcome down { Home: -a, Rival: 1 }
outcome war { Home: war_pays(Home.resolve), Rival: -0.5 }
play {
  Home chooses message { quiet => end quo, threat }
  Rival chooses answer { concede => end win, resist }
  Home chooses finish { fight => end war, back_down => end down }
}
observe "The threat" on 2001-01-01 Home.message == threat
observe "The rival resists" on 2001-02-01 Rival.answer == resist
observe "War" on 2001-03-01 Home.finish == fight
hypothesis bluff "empty" prior 0.5 = Home.resolve == weak
"#;

/// One player with a private taste: quantal response has a closed form.
const TASTE: &str = r#"
game "Taste"
players A "a"
param p "share" assumed "x" = 0.3
private A.taste "taste" { left: p, right: rest }
outcome l { A: if A.taste == left then 2 else 0 }
outcome r { A: if A.taste == left then 0 else 1 }
play { A chooses side { go_left => end l, go_right => end r } }
observe "It goes left" on 2001-01-01 A.side == go_left
hypothesis leftist "likes left" prior 0.2 to 0.8 = A.taste == left
"#;

fn plan(draws: u64, lambda: LambdaPrior) -> Plan {
    Plan { draws, seed: 7, threads: 2, settings: Settings::default(), lambda, precisions: 16 }
}

fn at(value: f64) -> LambdaPrior {
    LambdaPrior::Given { prior: Prior::Discrete { values: vec![value], probs: vec![1.0] } }
}

fn alone<'m>(model: &'m Model, name: &str, variant: Option<usize>) -> Contender<'m> {
    Contender { name: name.into(), model, variant, prior: 1.0 }
}

fn inferred(model: &Model, plan: &Plan) -> Inference {
    infer(&[alone(model, "m", None)], plan, &Silent).expect("an inference")
}

#[test]
fn exact_updates_are_those_of_the_semi_separating_equilibrium() {
    let model = model(THREAT);
    let found = inferred(&model, &plan(0, LambdaPrior::default()));
    let bluff = &found.models[0].exact.hypotheses[0];
    // P(threat | weak) is 1/3: the posterior falls from 3/5 to 1/3.
    let Factor::Ratio { bits, .. } = &bluff.updates[0].rows[0].step else { panic!("{bluff:?}") };
    assert!((bits.0 - (1.0f64 / 3.0).log2()).abs() < 1e-12 && bits.0 == bits.1);
    assert_eq!(bluff.updates[0].posterior.as_ref().unwrap().0.exact.as_ref().unwrap().to_string(), "1/3");
    // An own prior of 1/2 becomes 1/4: the game's prior has no say.
    assert!((bluff.updates[0].own_posterior.unwrap().0 - 0.25).abs() < 1e-12);
    // The rival knows no more than we do; only the strong fight.
    let Factor::Ratio { bits, .. } = &bluff.updates[1].rows[0].step else { panic!() };
    assert_eq!(*bits, (0.0, 0.0));
    assert_eq!(bluff.updates[2].rows[0].step, Factor::ImpossibleUnder);
    assert_eq!(bluff.updates[2].posterior.as_ref().unwrap().1.value, 0.0);
    // Types are followed beside the hypotheses; the one that is a hypothesis already is not repeated.
    let names: Vec<&str> = found.models[0].exact.hypotheses.iter().map(|h| h.name.as_str()).collect();
    assert_eq!((names, found.models[0].declared), (vec!["bluff", "Home.resolve == strong"], 1));
    // Under quantal response nothing is impossible.
    let smooth = &found.models[0].smooth.hypotheses[0].updates[2];
    assert!(smooth.posterior.is_some_and(|p| p > 0.0 && p < 0.5), "{smooth:?}");
    let cell = &found.matrix.rows[2].cells[0];
    assert_eq!((cell.exact, cell.impossible_if_true.as_slice()), (None, &["E1".to_string()][..]));
}

#[test]
fn quantal_response_has_the_likelihood_of_a_logit() {
    let model = model(TASTE);
    let lambda: f64 = 1.5;
    let found = inferred(&model, &plan(20, at(lambda)));
    let logistic = |x: f64| 1.0 / (1.0 + (-x).exp());
    let (left, right) = (logistic(2.0 * lambda), logistic(-lambda));
    for smooth in [&found.models[0].smooth, &found.models[0].pooled.as_ref().unwrap().smooth] {
        let update = &smooth.hypotheses[0].updates[0];
        assert!((update.step_bits.unwrap() - (left / right).log2()).abs() < 1e-9, "{update:?}");
        assert!((update.posterior.unwrap() - 0.3 * left / (0.3 * left + 0.7 * right)).abs() < 1e-9);
        assert!((smooth.log2_likelihood[1] - (0.3 * left + 0.7 * right).log2()).abs() < 1e-9);
    }
    // Exact choice: only those go left who like it.
    let exact = &found.models[0].exact.hypotheses[0].updates[0];
    assert_eq!(exact.rows[0].step, Factor::ImpossibleOtherwise);
}

#[test]
fn lambda_is_integrated_over_its_prior_and_learned() {
    let model = model(TASTE);
    let two = Prior::Discrete { values: vec![0.5, 3.0], probs: vec![0.5, 0.5] };
    let found = inferred(&model, &plan(0, LambdaPrior::Given { prior: two }));
    let logistic = |x: f64| 1.0 / (1.0 + (-x).exp());
    let mean = |f: &dyn Fn(f64) -> f64| (f(0.5) + f(3.0)) / 2.0;
    let left = mean(&|l| logistic(2.0 * l));
    let right = mean(&|l| logistic(-l));
    let smooth = &found.models[0].smooth;
    assert!((smooth.hypotheses[0].updates[0].step_bits.unwrap() - (left / right).log2()).abs() < 1e-9);
    // Going left is rarer at the high precision, where most who like right do not.
    let weight = |l: f64| 0.3 * logistic(2.0 * l) + 0.7 * logistic(-l);
    let (a, b) = (weight(0.5), weight(3.0));
    assert!((smooth.effective - 8.0 * (a + b) * (a + b) / (a * a + b * b)).abs() < 1e-9);
}

const CHANCE: &str = r#"
game "Chance"
players A "a"
param p "chance" assumed "x" ~ uniform(0.2, 0.6) at 0.4
outcome o { A: 0 }
play {
  chance luck { good: p, bad: rest }
  A chooses m { on => end o, off => end o }
}
variant likely "more likely" { set p = 0.8 }
observe "Good luck" on 2001-01-01 luck == good
"#;

#[test]
fn rival_models_are_weighed_by_their_marginal_likelihoods() {
    let model = model(CHANCE);
    let rivals = [alone(&model, "m", None), alone(&model, "likely", Some(0))];
    let found = infer(&rivals, &plan(400, LambdaPrior::default()), &Silent).expect("an inference");
    let compared = found.rivals.as_ref().expect("two models");
    assert!(compared.over_draws);
    // The mean of p over its prior is 0.4; the variant bets 0.8.
    let (own, rival) = (&compared.models[0].steps[0], &compared.models[1].steps[0]);
    assert!((own.exact.0.unwrap() - 0.4f64.log2()).abs() < 0.05, "{own:?}");
    assert!((rival.exact.1.unwrap() - 0.8f64.log2()).abs() < 1e-9);
    assert!((rival.smooth_posterior - 2.0 / 3.0).abs() < 0.02 && (own.step_bits.unwrap() + 1.0).abs() < 0.1);
    let (low, high) = own.exact_posterior.unwrap();
    assert!((low - 1.0 / 3.0).abs() < 0.02 && high - low < 1e-9);
    assert_eq!(found.matrix.columns.last().unwrap().name, "likely");
    assert!(found.matrix.rows[0].cells.last().unwrap().pooled.unwrap() > 0.9);
    // A prior of three to one against the rival turns the comparison round.
    let mut unequal = rivals.to_vec();
    unequal[0].prior = 3.0;
    let again = infer(&unequal, &plan(0, LambdaPrior::default()), &Silent).expect("an inference");
    let first = &again.rivals.as_ref().unwrap().models[0];
    assert!((first.prior - 0.75).abs() < 1e-12);
    assert!((first.steps[0].smooth_posterior - 0.6).abs() < 1e-9, "{first:?}");
}

#[test]
fn the_numbers_do_not_depend_on_threads() {
    let model = model(CHANCE);
    let with = |threads| {
        let plan = Plan { threads, ..plan(40, LambdaPrior::default()) };
        inferred(&model, &plan)
    };
    assert_eq!(with(1), with(3));
}

#[test]
fn what_no_equilibrium_allows_refutes_and_updates_nothing() {
    let text = "game \"g\"\nplayers A \"a\"\nprivate A.t \"t\" { x: 0.5, y: rest }\n\
                outcome good { A: 1 }\noutcome bad { A: 0 }\n\
                play { A chooses m { up => end good, down => end bad } }\n\
                observe \"down\" on 2001-01-01 A.m == down\nhypothesis h \"h\" = A.t == x\n";
    let model = model(text);
    let found = inferred(&model, &plan(8, LambdaPrior::default()));
    let m = &found.models[0];
    assert_eq!(m.exact.steps[0].refuted, vec!["E1"]);
    assert!(m.exact.hypotheses[0].updates[0].rows.is_empty());
    assert!(m.exact.hypotheses[0].updates[0].posterior.is_none());
    assert!(
        m.warnings.iter().any(|w| w.contains("every equilibrium is refuted from `A.m == down` on")),
        "{:?}",
        m.warnings
    );
    assert!(
        m.warnings.iter().any(|w| w.contains("In no draw does any equilibrium allow")),
        "{:?}",
        m.warnings
    );
    // Quantal response still speaks: both types err alike.
    assert!((m.smooth.hypotheses[0].updates[0].posterior.unwrap() - 0.5).abs() < 1e-12);
}

#[test]
fn faults_name_their_place() {
    // The check of a model sees to its own play; a variant may still exclude what was seen.
    let text = format!("{THREAT}variant peace \"p\" {{ forbid Rival.answer == resist }}\n");
    let variant = model(&text);
    let both = [alone(&variant, "m", None), alone(&variant, "peace", Some(0))];
    let e = infer(&both, &plan(0, LambdaPrior::default()), &Silent).unwrap_err();
    assert!(e.words.contains("in `peace` no play of the game fits this observation together"), "{e:?}");
    let span = e.span.expect("a place");
    assert!(text[span.start as usize..span.end as usize].contains("resists"), "{e:?}");

    let silent = model(&TASTE.replace("observe", "// observe"));
    let e = infer(&[alone(&silent, "m", None)], &plan(0, LambdaPrior::default()), &Silent).unwrap_err();
    assert!(e.words.contains("observes nothing"), "{e:?}");

    let (one, other) = (model(TASTE), model(THREAT));
    let e = infer(&[alone(&one, "one", None), alone(&other, "other", None)], &plan(0, at(1.0)), &Silent)
        .unwrap_err();
    assert!(e.contender == 1 && e.words.contains("3 on these dates against 1") && e.span.is_some(), "{e:?}");
    let e = infer(
        &[alone(&one, "one", None), alone(&silent_threat(), "other", None)],
        &plan(0, at(1.0)),
        &Silent,
    );
    assert!(e.unwrap_err().words.contains("has no `A.side`"));
}

fn silent_threat() -> Model {
    model(&THREAT.replace("observe", "// observe"))
}
