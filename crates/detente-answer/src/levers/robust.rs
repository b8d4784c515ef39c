//! Policies against scenarios: regret, the worst case, and how often a policy is good enough.
//!
//! The one idea: a cell is low to high over equilibria, so every table that is made of cells is, too. A
//! policy's regret is lowest if fortune picks its best equilibrium and the rivals' worst ones.

use crate::ends::Ends;
use serde::{Deserialize, Serialize};

/// How a policy does over all scenarios.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Robust {
    /// Per scenario: how much better the best other policy does there; `None` without a value.
    pub regret: Vec<Option<Ends>>,
    /// The largest regret.
    pub most_regret: Option<Ends>,
    /// The outcome in the worst scenario.
    pub worst: Option<Ends>,
    /// Share of scenarios in which it is good enough: surely, and in some equilibrium.
    pub enough: Option<Ends>,
    /// Scenarios without a value.
    pub undefined: usize,
}

/// The policies that each rule would choose, by position; several where they do as well.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chosen {
    /// The best worst case (Wald 1950), counted at the equilibrium that is worst.
    pub maximin: Vec<usize>,
    /// The smallest largest regret (Savage 1951), counted at the equilibria that make it largest.
    pub minimax_regret: Vec<usize>,
    /// Good enough in most scenarios (Simon 1955), counted where it surely is.
    pub satisficing: Vec<usize>,
}

/// Which way is better, and what is good enough.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Aim {
    pub more: bool,
    pub threshold: f64,
}

impl Aim {
    /// A number such that more is better.
    pub fn good(self, x: Ends) -> Ends {
        if self.more { x } else { x.times(-1.0) }
    }

    fn bar(self) -> f64 {
        if self.more { self.threshold } else { -self.threshold }
    }
}

/// Rates every policy: `cells[policy][scenario]` is the outcome there.
pub fn rate(cells: &[Vec<Option<Ends>>], aim: Aim) -> Vec<Robust> {
    let good: Vec<Vec<Option<Ends>>> =
        cells.iter().map(|row| row.iter().map(|c| c.map(|x| aim.good(x))).collect()).collect();
    (0..good.len()).map(|p| rated(&good, p, aim)).collect()
}

fn rated(good: &[Vec<Option<Ends>>], policy: usize, aim: Aim) -> Robust {
    let own = &good[policy];
    let regret: Vec<Option<Ends>> = own
        .iter()
        .enumerate()
        .map(|(s, cell)| {
            let others = || good.iter().enumerate().filter(|(q, _)| *q != policy).filter_map(|(_, r)| r[s]);
            let best = |end: fn(&Ends) -> f64| others().map(|e| end(&e)).fold(f64::NEG_INFINITY, f64::max);
            cell.map(|x| Ends {
                low: (best(|e| e.low) - x.high).max(0.0),
                high: (best(|e| e.high) - x.low).max(0.0),
            })
        })
        .collect();
    let known: Vec<Ends> = own.iter().flatten().copied().collect();
    let fold = |list: &[Ends], f: fn(f64, f64) -> f64| {
        list.iter().copied().reduce(|a, b| Ends { low: f(a.low, b.low), high: f(a.high, b.high) })
    };
    let count = |f: fn(&Ends) -> f64| {
        known.iter().filter(|e| f(e) >= aim.bar() - crate::ends::SAME).count() as f64 / own.len() as f64
    };
    let worst = fold(&known, f64::min);
    Robust {
        most_regret: fold(&regret.iter().flatten().copied().collect::<Vec<_>>(), f64::max),
        worst: worst.map(|w| aim.good(w)),
        enough: (!known.is_empty()).then(|| Ends { low: count(|e| e.low), high: count(|e| e.high) }),
        undefined: own.len() - known.len(),
        regret,
    }
}

/// The choice of each rule among the policies that have a value in every scenario where any has one.
pub fn choose(rows: &[Robust], aim: Aim) -> Chosen {
    let fewest = rows.iter().map(|r| r.undefined).min().unwrap_or(0);
    let best = |score: &dyn Fn(&Robust) -> Option<f64>| {
        let scores: Vec<Option<f64>> =
            rows.iter().map(|r| score(r).filter(|_| r.undefined == fewest)).collect();
        let top = scores.iter().flatten().copied().fold(f64::NEG_INFINITY, f64::max);
        let is_top = |s: &Option<f64>| s.is_some_and(|s| s >= top - crate::ends::SAME);
        scores.iter().enumerate().filter(|(_, s)| is_top(s)).map(|(k, _)| k).collect()
    };
    Chosen {
        maximin: best(&|r| r.worst.map(|w| aim.good(w).low)),
        minimax_regret: best(&|r| r.most_regret.map(|m| -m.high)),
        satisficing: best(&|r| r.enough.map(|e| e.low)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(values: &[f64]) -> Vec<Option<Ends>> {
        values.iter().map(|v| Some(Ends::point(*v))).collect()
    }

    /// Savage's table: three policies, three states; maximin and minimax regret part ways.
    #[test]
    fn the_rules_choose_as_by_hand() {
        let cells = [row(&[4.0, 4.0, 4.0]), row(&[10.0, 3.0, 3.0]), row(&[6.0, 6.0, 0.0])];
        let aim = Aim { more: true, threshold: 4.0 };
        let rows = rate(&cells, aim);
        let most: Vec<f64> = rows.iter().map(|r| r.most_regret.unwrap().high).collect();
        assert_eq!(most, vec![6.0, 3.0, 4.0]);
        let chosen = choose(&rows, aim);
        assert_eq!((chosen.maximin, chosen.minimax_regret, chosen.satisficing), (vec![0], vec![1], vec![0]));
    }

    #[test]
    fn less_is_better_turns_everything_round() {
        let cells = [row(&[0.5, 0.1]), row(&[0.3, 0.3])];
        let aim = Aim { more: false, threshold: 0.4 };
        let rows = rate(&cells, aim);
        assert_eq!(rows[0].worst, Some(Ends::point(0.5)));
        assert_eq!(choose(&rows, aim).maximin, vec![1]);
        assert_eq!(rows[0].enough, Some(Ends::point(0.5)));
        assert!((rows[1].most_regret.unwrap().high - 0.2).abs() < 1e-12);
    }

    #[test]
    fn several_equilibria_make_regret_a_range() {
        let cells = [vec![Some(Ends { low: 0.0, high: 1.0 })], row(&[0.5])];
        let rows = rate(&cells, Aim { more: true, threshold: 0.4 });
        assert_eq!(rows[0].most_regret, Some(Ends { low: 0.0, high: 0.5 }));
        assert_eq!(rows[1].most_regret, Some(Ends { low: 0.0, high: 0.5 }));
        assert_eq!(rows[0].enough, Some(Ends { low: 0.0, high: 1.0 }));
    }
}
