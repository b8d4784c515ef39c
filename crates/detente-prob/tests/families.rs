//! Every family against its own definition and against published values.

use detente_prob::{Prior, PriorError};

fn families() -> Vec<Prior> {
    vec![
        Prior::Uniform { lo: -1.0, hi: 3.0 },
        Prior::Normal { mean: 2.0, sd: 0.5 },
        Prior::Lognormal { mu: -1.3, sigma: 0.4 },
        Prior::Beta { a: 4.0, b: 6.0 },
        Prior::Beta { a: 0.3, b: 0.2 },
        Prior::Beta { a: 2.0, b: 3800.0 },
        Prior::Gamma { shape: 0.4, scale: 2.0 },
        Prior::Gamma { shape: 9.0, scale: 0.5 },
        Prior::Triangular { lo: 0.0, mode: 0.2, hi: 1.0 },
        Prior::Triangular { lo: 0.0, mode: 0.0, hi: 1.0 },
        Prior::Triangular { lo: 0.0, mode: 1.0, hi: 1.0 },
        Prior::Pert { lo: 1.0, mode: 2.0, hi: 7.0 },
        Prior::Truncated { prior: Box::new(Prior::Normal { mean: 0.5, sd: 0.3 }), lo: 0.0, hi: 1.0 },
        Prior::Truncated { prior: Box::new(Prior::Lognormal { mu: 0.0, sigma: 1.0 }), lo: 0.5, hi: 2.0 },
        Prior::Interval { lo: 0.2, hi: 0.8 },
        Prior::Interval { lo: -3.0, hi: 4.0 },
    ]
}

#[test]
fn quantiles_invert_the_distribution_function() {
    for prior in families() {
        prior.check().unwrap_or_else(|e| panic!("{prior:?}: {e}"));
        let mut last = f64::NEG_INFINITY;
        for k in 1..200 {
            let u = f64::from(k) / 200.0;
            let x = prior.quantile(u);
            assert!(x >= last, "{prior:?} quantiles fall at {u}");
            assert!((prior.cdf(x) - u).abs() < 1e-9, "{prior:?} at {u}: {x} gives {}", prior.cdf(x));
            last = x;
        }
    }
}

#[test]
fn means_and_deviations_are_integrals_of_the_quantile() {
    for prior in families() {
        let n = 20_000;
        let at: Vec<f64> = (0..n).map(|k| prior.quantile((f64::from(k) + 0.5) / f64::from(n))).collect();
        let mean = at.iter().sum::<f64>() / f64::from(n);
        let sd = (at.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / f64::from(n)).sqrt();
        assert!((mean - prior.mean()).abs() < 2e-3 * prior.sd(), "{prior:?}: {mean} {}", prior.mean());
        assert!((sd / prior.sd() - 1.0).abs() < 1e-2, "{prior:?}: {sd} {}", prior.sd());
    }
}

#[test]
fn cells_are_ordered_and_average_to_the_mean() {
    for prior in families() {
        for n in [1usize, 2, 8, 21] {
            let cells = prior.cells(n);
            assert_eq!(cells.len(), n);
            assert!(cells.windows(2).all(|w| w[0] <= w[1]), "{prior:?}: {cells:?}");
            let mean = cells.iter().sum::<f64>() / n as f64;
            assert!((mean - prior.mean()).abs() < 1e-9 * (1.0 + prior.mean().abs()), "{prior:?} in {n}");
            for (k, cell) in cells.iter().enumerate() {
                let (low, high) =
                    (prior.quantile(k as f64 / n as f64), prior.quantile((k + 1) as f64 / n as f64));
                assert!(low <= *cell && *cell <= high, "{prior:?}: {cell} outside {low}..{high}");
            }
        }
    }
}

#[test]
fn the_two_ends_of_an_interval_are_its_5_and_95_percent_quantiles() {
    for (lo, hi) in [(0.2, 0.8), (-3.0, 4.0), (0.0, 1.0), (1e-6, 5.0)] {
        let prior = Prior::Interval { lo, hi };
        assert!((prior.quantile(0.05) - lo).abs() < 1e-9, "{lo}");
        assert!((prior.quantile(0.95) - hi).abs() < 1e-9, "{hi}");
    }
}

/// Tables: Abramowitz and Stegun, "Handbook of Mathematical Functions", 1964, 26.
#[test]
fn published_quantiles() {
    let near = |a: f64, b: f64| assert!((a - b).abs() < 5e-4, "{a} {b}");
    near(Prior::Normal { mean: 0.0, sd: 1.0 }.quantile(0.975), 1.9600);
    // Chi-square with 5 degrees of freedom, upper 5 %: 11.0705.
    near(Prior::Gamma { shape: 2.5, scale: 2.0 }.quantile(0.95), 11.0705);
    // Arcsine law: quantile sin^2(pi u / 2).
    near(Prior::Beta { a: 0.5, b: 0.5 }.quantile(0.2), (std::f64::consts::PI * 0.1).sin().powi(2));
}

#[test]
fn discrete_values() {
    let coin = Prior::Discrete { values: vec![0.0, 1.0, 4.0], probs: vec![0.5, 0.25, 0.25] };
    coin.check().unwrap();
    assert_eq!(coin.quantile(0.5), 0.0);
    assert_eq!(coin.quantile(0.6), 1.0);
    assert_eq!(coin.cdf(1.0), 0.75);
    assert_eq!(coin.cells(4), vec![0.0, 0.0, 1.0, 4.0]);
    let upper = Prior::Truncated { prior: Box::new(coin), lo: 1.0, hi: 9.0 };
    upper.check().unwrap();
    assert_eq!(upper.mean(), 2.5);
    assert_eq!(upper.support(), (1.0, 4.0));
}

#[test]
fn hopeless_parameters_are_errors_and_never_panics() {
    let odd = [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 0.0, -1.0, 1e308, -1e308, 1e-320, 0.5, 2.0];
    for &a in &odd {
        for &b in &odd {
            for &c in &[f64::NAN, 0.0, 0.5, 1e308] {
                for prior in [
                    Prior::Uniform { lo: a, hi: b },
                    Prior::Normal { mean: a, sd: b },
                    Prior::Lognormal { mu: a, sigma: b },
                    Prior::Beta { a, b },
                    Prior::Gamma { shape: a, scale: b },
                    Prior::Triangular { lo: a, mode: c, hi: b },
                    Prior::Pert { lo: a, mode: c, hi: b },
                    Prior::Interval { lo: a, hi: b },
                    Prior::Discrete { values: vec![a, b], probs: vec![c, 1.0 - c] },
                    Prior::Truncated { prior: Box::new(Prior::Normal { mean: c, sd: 1.0 }), lo: a, hi: b },
                ] {
                    let verdict = prior.check();
                    let x = prior.quantile(0.3);
                    let _ = (prior.mean(), prior.sd(), prior.cdf(0.5), prior.cells(3), prior.base());
                    assert!(verdict.is_err() || !x.is_nan(), "{prior:?}");
                }
            }
        }
    }
    assert!(matches!(Prior::Normal { mean: 0.0, sd: 0.0 }.check(), Err(PriorError::NotPositive { .. })));
    assert!(matches!(Prior::Uniform { lo: 1.0, hi: 1.0 }.check(), Err(PriorError::EmptyRange { .. })));
    let far = Prior::Truncated { prior: Box::new(Prior::Normal { mean: 0.0, sd: 1.0 }), lo: 50.0, hi: 60.0 };
    assert!(matches!(far.check(), Err(PriorError::NothingLeft { .. })));
}

#[test]
fn priors_travel_as_json() {
    for prior in families() {
        let text = serde_json::to_string(&prior).unwrap();
        assert_eq!(serde_json::from_str::<Prior>(&text).unwrap(), prior);
    }
    let text = serde_json::to_string(&Prior::Beta { a: 4.0, b: 6.0 }).unwrap();
    assert_eq!(text, r#"{"family":"beta","a":4.0,"b":6.0}"#);
}
