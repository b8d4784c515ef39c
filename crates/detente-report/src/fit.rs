//! An estimation as text and as JSON.
//!
//! The one idea: what the data can tell at all stands before any number.

use crate::number::significant;
use crate::paint::{Paint, printable};
use detente_fit::data::Data;
use detente_fit::fit::{Errors, Fit};
use detente_fit::shocks::Shocks;
use detente_game::Game;
use serde_json::{Value, json};

/// An estimation as one JSON object, see `docs/schema/fit.schema.json`.
pub fn fit_json(game: &Game, data: &Data, shocks: Shocks, fit: &Fit) -> Value {
    json!({
        "detente": env!("CARGO_PKG_VERSION"),
        "format": {"name": "detente-fit", "version": 1},
        "game": {"title": game.title, "sha256": game.sha256()},
        "shocks": shocks,
        "ignored_columns": data.ignored,
        "fit": fit,
    })
}

/// An estimation for reading.
pub fn fit_text(game: &Game, data: &Data, shocks: Shocks, fit: &Fit, colour: bool) -> String {
    let paint = Paint { colour };
    let mut lines = vec![paint.strong(&printable(&game.title))];
    let games = if fit.games == 1 { "one game".into() } else { format!("{} games", fit.games) };
    lines.push(format!(
        "Estimated from {} plays ({} rows, {games}); {}.",
        plain(fit.plays),
        fit.rows,
        shocks.words()
    ));
    if !data.ignored.is_empty() {
        lines.push(paint.faint(&format!("Columns not used: {}.", data.ignored.join(", "))));
    }
    lines.push(String::new());
    lines.push(paint.strong("What the data can tell"));
    lines.extend(fit.identification.sentences.iter().map(|s| format!("  {}", printable(s))));
    lines.push(String::new());
    lines.extend(fit.warnings.iter().map(|w| format!("{}: {}", paint.warn("warning"), printable(w))));
    lines.push(paint.strong(&format!("Estimates, with {}", errors(fit))));
    let mut rows = vec![["", "estimate", "std. error", "95 % interval"].map(String::from).to_vec()];
    for e in &fit.estimates {
        let interval = match (e.low, e.high) {
            // An interval of λ is symmetric in its logarithm; one that has left the range of floats bounds nothing.
            (Some(_), Some(high)) if high.is_infinite() => "the data bound it on neither side".into(),
            (Some(low), Some(high)) => format!("{} to {}", signed(low), signed(high)),
            _ => "–".into(),
        };
        let error = e.error.map_or("not identified".into(), significant);
        rows.push(vec![e.name.clone(), signed(e.value), error, interval]);
    }
    if let Some(lambda) = fit.fixed_lambda {
        rows.push(vec!["lambda".into(), signed(lambda), "fixed".into(), String::new()]);
    }
    aligned(&mut lines, &rows);
    lines.push(format!(
        "  log-likelihood {:.3}; choices all alike {}; plain shares of the records {:.3}",
        fit.log_likelihood,
        fit.log_likelihood_uniform.map_or("unknown".into(), |l| format!("{l:.3}")),
        fit.log_likelihood_shares
    ));
    lines.push(format!("  AIC {:.2}, BIC {:.2}", fit.aic, fit.bic));
    let best = fit.starts.iter().filter_map(|s| s.log_likelihood).filter(|l| *l > fit.log_likelihood - 1e-4);
    lines.push(format!("  {} of {} starts reached this peak", best.count(), fit.starts.len()));
    if fit.branches.circular && fit.branches.several == 0 && fit.branches.folded == 0 {
        lines.push(format!(
            "  one equilibrium found in each of {} games looked at; no fold of the principal branch",
            fit.branches.looked_at
        ));
    }
    if let Some(check) = &fit.self_check {
        lines.push(String::new());
        lines.push(paint.strong(&format!(
            "Self-check: {} data sets simulated at the estimate, {} fitted",
            check.data_sets, check.fitted
        )));
        let mut rows =
            vec![["", "truth", "mean estimate", "95 % intervals that hold it"].map(String::from).to_vec()];
        for r in &check.rows {
            let coverage = r.coverage.map_or("not identified".into(), |c| format!("{:.0} %", 100.0 * c));
            rows.push(vec![r.name.clone(), signed(r.truth), signed(r.mean), coverage]);
        }
        aligned(&mut lines, &rows);
    }
    lines.push(String::new());
    lines.join("\n")
}

fn errors(fit: &Fit) -> String {
    let sets = fit.resampled.unwrap_or(0);
    match fit.errors {
        Errors::Observed => "standard errors from the observed information".into(),
        Errors::Clustered if fit.clusters > 0 => {
            format!("standard errors clustered in {} clusters", fit.clusters)
        }
        Errors::Clustered => "robust standard errors, each row its own cluster".into(),
        Errors::Parametric => format!("standard errors from {sets} data sets drawn from the fit"),
        Errors::Case => format!("standard errors from {sets} data sets of rows drawn again"),
    }
}

fn signed(x: f64) -> String {
    let size = significant(x.abs());
    if x < 0.0 && size != "0" { format!("−{size}") } else { size }
}

fn plain(x: f64) -> String {
    if x.fract() == 0.0 { format!("{x:.0}") } else { significant(x) }
}

/// Adds rows with their columns aligned.
pub fn aligned(lines: &mut Vec<String>, rows: &[Vec<String>]) {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |c: usize| rows.iter().filter_map(|r| r.get(c)).map(|x| x.chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns).map(width).collect();
    for row in rows {
        let cells: Vec<String> = row
            .iter()
            .zip(&widths)
            .map(|(x, w)| format!("{x}{}", " ".repeat(w - x.chars().count())))
            .collect();
        lines.push(format!("  {}", cells.join("  ").trim_end()));
    }
}
