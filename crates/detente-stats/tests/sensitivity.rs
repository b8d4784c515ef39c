//! Indices, Shapley effects and given-data measures against closed forms.

use detente_prob::{Copula, Sobol, families::normal_quantile, uniform};
use detente_stats::StatsError;
use detente_stats::sensitivity::{
    Design, Effect, GivenSettings, IndexSettings, ShapleyPlan, SobolIndices, given_data, shapley_effects,
    sobol_indices,
};
use std::f64::consts::PI;

fn indices(inputs: usize, points: usize, seed: u64, model: impl Fn(&[f64]) -> f64) -> SobolIndices {
    let design = Design::new(inputs, seed).unwrap();
    let outputs: Vec<f64> = (0..(points * (inputs + 2)) as u64).map(|row| model(&design.row(row))).collect();
    sobol_indices(&outputs, inputs, &IndexSettings::default()).unwrap()
}

/// Is a closed form inside the interval, and the estimate near it?
fn meets(effect: &Effect, truth: f64, slack: f64) -> bool {
    match *effect {
        Effect::Found { estimate, low, high } => {
            (estimate - truth).abs() < slack && low - 0.005 < truth && truth < high + 0.005
        }
        Effect::Indistinct { high, raw } => truth <= high && (raw - truth).abs() < slack,
    }
}

/// T. Ishigami, T. Homma (1990), with a = 7 and b = 0.1.
fn ishigami(shares: &[f64]) -> f64 {
    let x: Vec<f64> = shares.iter().map(|u| PI * (2.0 * u - 1.0)).collect();
    x[0].sin() + 7.0 * x[1].sin().powi(2) + 0.1 * x[2].powi(4) * x[0].sin()
}

#[test]
fn ishigami_has_its_indices() {
    let (a, b) = (7.0f64, 0.1f64);
    let first = 0.5 * (1.0 + b * PI.powi(4) / 5.0).powi(2);
    let second = a * a / 8.0;
    let joint = 8.0 * b * b * PI.powi(8) / 225.0;
    let all = first + second + joint;
    let found = indices(3, 4096, 3, ishigami);
    assert!((found.variance / all - 1.0).abs() < 0.01);
    for (effect, truth) in found.first.iter().zip([first / all, second / all, 0.0]) {
        assert!(meets(effect, truth, 0.02), "{effect} {truth}");
    }
    for (effect, truth) in found.total.iter().zip([(first + joint) / all, second / all, joint / all]) {
        assert!(meets(effect, truth, 0.02), "{effect} {truth}");
    }
    // The third input acts only together with the first.
    assert!(matches!(found.first[2], Effect::Indistinct { .. }), "{}", found.first[2]);
}

/// I. M. Sobol' (1993): the product of (|4x - 2| + a) / (1 + a).
#[test]
fn the_g_function_has_its_indices() {
    let a = [0.0, 1.0, 4.5, 9.0, 99.0, 99.0];
    let own: Vec<f64> = a.iter().map(|a| 1.0 / (3.0 * (1.0 + a) * (1.0 + a))).collect();
    let product: f64 = own.iter().map(|v| 1.0 + v).product();
    let all = product - 1.0;
    let found = indices(6, 4096, 8, |u| {
        u.iter().zip(a).map(|(u, a)| ((4.0 * u - 2.0).abs() + a) / (1.0 + a)).product()
    });
    for (input, v) in own.iter().enumerate() {
        assert!(meets(&found.first[input], v / all, 0.02), "{input} {}", found.first[input]);
        let total = v * product / (1.0 + v) / all;
        assert!(meets(&found.total[input], total, 0.02), "{input} {}", found.total[input]);
    }
}

/// A claim that holds where two of three inputs are high: each first index is 1/3, each total 2/3.
/// The third does nothing.
#[test]
fn a_claim_that_needs_two_inputs_and_one_that_does_nothing() {
    let found = indices(3, 4096, 1, |u| f64::from(u8::from(u[0] > 0.5 && u[1] > 0.5)));
    for input in 0..2 {
        // V = 3/16, E[Y|x] is 0 or 1/2 with variance 1/16.
        assert!(meets(&found.first[input], 1.0 / 3.0, 0.03), "{}", found.first[input]);
        assert!(meets(&found.total[input], 2.0 / 3.0, 0.03), "{}", found.total[input]);
    }
    let Effect::Indistinct { raw, high } = found.total[2] else { panic!("{}", found.total[2]) };
    // -ln 0.05 / 4096 times the largest change, 1 / (2 V).
    assert_eq!(raw, 0.0);
    assert!((high - 3.0 / 4096.0 * 8.0 / 3.0).abs() < 1e-5, "{high}");
}

/// Of 60 runs at 95 % with inputs that do nothing in the first order, few may claim a finding.
#[test]
fn noise_is_rarely_called_a_finding() {
    let mut claimed = 0;
    for seed in 0..60 {
        let found = indices(3, 128, seed, ishigami);
        claimed += usize::from(found.first[2].estimate().is_some());
    }
    assert!(claimed <= 6, "{claimed} of 60");
}

/// Catastrophes in one unit or another: shares do not depend on it.
#[test]
fn the_unit_of_the_output_changes_no_share() {
    let plain = indices(3, 256, 2, ishigami);
    for unit in [2f64.powi(700), 2f64.powi(-700)] {
        let other = indices(3, 256, 2, |u| unit * ishigami(u));
        assert_eq!((&plain.first, &plain.total), (&other.first, &other.total));
    }
}

/// Intervals at 95 % hold the closed forms about as often as they say, over many seeds.
#[test]
fn intervals_hold_the_truth() {
    let holds = |effect: &Effect, truth: f64| match *effect {
        Effect::Found { low, high, .. } => low <= truth && truth <= high,
        Effect::Indistinct { high, .. } => truth <= high,
    };
    let (mut first, mut total, mut shapley) = (0, 0, 0);
    for seed in 0..100 {
        // The Ishigami function's second input has no interaction: both its indices are 0.4424.
        let found = indices(3, 256, seed, ishigami);
        first += usize::from(holds(&found.first[1], 0.4424));
        total += usize::from(holds(&found.total[1], 0.4424));
        // Two equal inputs in one sum, however tied: half each.
        let tied = vec![vec![1.0, 0.6], vec![0.6, 1.0]];
        let found = seeded_effects(tied, 400, seed, |u| normal_quantile(u[0]) + normal_quantile(u[1]));
        shapley += usize::from(holds(&found[0], 0.5));
    }
    assert!(first >= 90 && total >= 90 && shapley >= 90, "{first} {total} {shapley}");
}

#[test]
fn what_cannot_be_computed_is_refused() {
    let settings = IndexSettings::default();
    assert_eq!(sobol_indices(&[0.1; 50], 3, &settings), Err(StatsError::Constant));
    assert!(sobol_indices(&[2.0; 51], 3, &settings).is_err());
    assert!(sobol_indices(&[2.0; 10], 3, &settings).is_err());
    let mut outputs = vec![1.0; 50];
    outputs[7] = f64::NAN;
    assert!(sobol_indices(&outputs, 3, &settings).is_err());
}

fn effects(scores: Vec<Vec<f64>>, orders: usize, model: impl Fn(&[f64]) -> f64) -> Vec<Effect> {
    seeded_effects(scores, orders, 17, model)
}

fn seeded_effects(
    scores: Vec<Vec<f64>>,
    orders: usize,
    seed: u64,
    model: impl Fn(&[f64]) -> f64,
) -> Vec<Effect> {
    let plan = ShapleyPlan::new(scores, orders, seed).unwrap();
    let mut outputs: Vec<f64> = (0..plan.variance_draws).map(|k| model(&plan.variance_row(k))).collect();
    for number in 0..plan.orders {
        outputs.extend(plan.order_rows(number).iter().map(|row| model(row)));
    }
    shapley_effects(&plan, &outputs).unwrap().effects
}

/// B. Iooss, C. Prieur, "Shapley effects for sensitivity analysis with correlated inputs" (2019): a
/// linear model of three normal inputs, of which the last two are correlated.
#[test]
fn a_linear_gaussian_model_has_its_shapley_effects() {
    let (b, s, rho) = ([1.0, 1.0, 1.0], [1.0, 1.0, 2.0], -0.8f64);
    let own: Vec<f64> = (0..3).map(|i| b[i] * b[i] * s[i] * s[i]).collect();
    let cross = rho * b[1] * b[2] * s[1] * s[2];
    let all = own[0] + own[1] + own[2] + 2.0 * cross;
    let half = rho * rho / 2.0;
    let truth = [
        own[0] / all,
        (own[1] * (1.0 - half) + cross + own[2] * half) / all,
        (own[2] * (1.0 - half) + cross + own[1] * half) / all,
    ];
    let scores = vec![vec![1.0, 0.0, 0.0], vec![0.0, 1.0, rho], vec![0.0, rho, 1.0]];
    let found = effects(scores, 6000, |u| (0..3).map(|i| b[i] * s[i] * normal_quantile(u[i])).sum());
    for (effect, truth) in found.iter().zip(truth) {
        assert!((effect.raw() - truth).abs() < 0.03, "{effect} {truth}");
    }
    assert!((found.iter().map(Effect::raw).sum::<f64>() - 1.0).abs() < 1e-9);
}

/// Two inputs that become known together have the effect of one input that is their sum: with the first,
/// tied to one of them by rho, the closed form for two normal inputs (Owen and Prieur, "On Shapley value for
/// measuring importance of dependent inputs", 2017).
#[test]
fn a_group_has_the_effect_of_what_it_knows_together() {
    let rho = 0.6f64;
    let scores = vec![vec![1.0, rho, 0.0], vec![rho, 1.0, 0.0], vec![0.0, 0.0, 1.0]];
    let plan = ShapleyPlan::new(scores, 6000, 5).unwrap().grouped(vec![vec![0], vec![2, 1]]).unwrap();
    let model = |u: &[f64]| (0..3).map(|i| normal_quantile(u[i])).sum::<f64>();
    let mut outputs: Vec<f64> = (0..plan.variance_draws).map(|k| model(&plan.variance_row(k))).collect();
    for number in 0..plan.orders {
        assert_eq!(plan.order_rows(number).len(), plan.rows_per_order());
        outputs.extend(plan.order_rows(number).iter().map(|row| model(row)));
    }
    let found = shapley_effects(&plan, &outputs).unwrap().effects;
    // Var(Y) = 3 + 2 rho. Known first alone: (1 + rho)^2; left without the first: 1 - rho^2.
    let all = 3.0 + 2.0 * rho;
    let first = ((1.0 + rho) * (1.0 + rho) + 1.0 - rho * rho) / (2.0 * all);
    assert_eq!(found.len(), 2);
    assert!((found[0].raw() - first).abs() < 0.03, "{} {first}", found[0]);
    assert!((found[0].raw() + found[1].raw() - 1.0).abs() < 1e-9);
    let plan = || ShapleyPlan::new(vec![vec![1.0, 0.0], vec![0.0, 1.0]], 9, 5).unwrap();
    for wrong in [vec![vec![0]], vec![vec![0, 0], vec![1]], vec![vec![0, 1], vec![]], vec![vec![0], vec![2]]]
    {
        assert!(plan().grouped(wrong).is_err());
    }
}

/// An input that the model ignores shares in the effect of the one it is tied to, and has none alone.
#[test]
fn an_ignored_input_counts_only_through_what_it_is_tied_to() {
    let tied = Copula::new(2, &[(0, 1, 1.0)]).unwrap().scores();
    let found = effects(tied, 500, |u| u[0]);
    assert!(found.iter().all(|e| (e.raw() - 0.5).abs() < 0.1), "{found:?}");
    let free = Copula::new(2, &[]).unwrap().scores();
    let found = effects(free, 2000, |u| u[0]);
    assert!((found[0].raw() - 1.0).abs() < 0.1);
    assert!(matches!(found[1], Effect::Indistinct { .. }), "{}", found[1]);
    assert!(ShapleyPlan::new(vec![vec![1.0, 2.0], vec![2.0, 1.0]], 10, 0).is_err());
    assert!(ShapleyPlan::new(vec![], 10, 0).is_err());
    assert!(ShapleyPlan::new(vec![vec![1.0, 0.3], vec![0.4, 1.0]], 10, 0).is_err());
    // Five inputs that are one: every order has a factor.
    let plan = ShapleyPlan::new(vec![vec![1.0; 5]; 5], 40, 3).unwrap();
    for row in (0..40).flat_map(|number| plan.order_rows(number)) {
        assert!(row.iter().all(|u| (u - row[0]).abs() < 0.01), "{row:?}");
    }
}

/// The truth for delta was computed from 2e7 random draws on a grid of 100 classes by 100 ranks.
#[test]
fn a_given_sample_of_ishigami() {
    let sobol = Sobol::new(4, 2).unwrap();
    let points: Vec<Vec<f64>> = (0..8192).map(|i| sobol.point(i)).collect();
    let columns: Vec<Vec<f64>> = (0..4).map(|d| points.iter().map(|p| p[d]).collect()).collect();
    let outputs: Vec<f64> = points.iter().map(|p| ishigami(p)).collect();
    let settings = GivenSettings { resamples: 60, ..GivenSettings::default() };
    let found = given_data(&columns, &outputs, &settings).unwrap();
    for (given, (first, delta)) in found.iter().zip([(0.3139, DELTA[0]), (0.4424, DELTA[1]), (0.0, DELTA[2])])
    {
        assert!((given.first.raw() - first).abs() < 0.02, "{} {first}", given.first);
        // Too low by what the kernel hides, never too high.
        let short = delta - given.delta.estimate().unwrap();
        assert!((0.0..0.06).contains(&short), "{} {delta}", given.delta);
    }
    assert!(found[3].first.estimate().is_none(), "{}", found[3].first);
    assert!(found[3].delta.estimate().is_none(), "{}", found[3].delta);
}

/// A claim decided by one input alone: knowing it moves (1/2, 1/2) to (1, 0) or (0, 1), so delta is
/// 1/2; bending the output or stretching its tail changes no delta.
#[test]
fn delta_of_a_claim_and_of_a_long_tail() {
    let n = 2000;
    let x: Vec<f64> = (0..n).map(|i| uniform(1, "x", i)).collect();
    let other: Vec<f64> = (0..n).map(|i| uniform(1, "other", i)).collect();
    let claim: Vec<f64> = x.iter().map(|&x| f64::from(u8::from(x > 0.5))).collect();
    let settings = GivenSettings { resamples: 40, ..GivenSettings::default() };
    let found = given_data(&[x.clone(), other], &claim, &settings).unwrap();
    assert!((found[0].delta.raw() - 0.5).abs() < 0.03, "{}", found[0].delta);
    assert!(found[0].first.raw() > 0.9);
    assert!(found[1].delta.estimate().is_none() && found[1].first.estimate().is_none());
    let tail: Vec<f64> = x.iter().map(|&x| (20.0 * x).exp()).collect();
    let straight = given_data(std::slice::from_ref(&x), &x, &settings).unwrap();
    let stretched = given_data(&[x], &tail, &settings).unwrap();
    assert_eq!(straight[0].delta, stretched[0].delta);
    assert!(straight[0].delta.raw() > 0.8);
}

/// Less half of what the same grid gives for shuffled outputs.
const DELTA: [f64; 3] = [0.254, 0.419, 0.200];
