//! Quantal response equilibria: one at a precision, the limit of their path, and the path itself.
//!
//! The one idea: what is proven is one equilibrium; the branch it lies on is computed, written to the files
//! that were asked for, and what happens on it is said below.

use crate::concepts::{Asked, listed};
use crate::failure::{Failure, Outcome};
use crate::output::write_file;
use detente_game::branch::Branch;
use detente_game::solution::Concept;
use detente_report::chart::{branch as drawn, chart_svg};
use detente_report::{SvgOptions, branch::events_json, branch_json, branch_table, branch_text};
use detente_solve::Settings;
use serde_json::json;
use std::path::Path;

/// Answers, checks, prints.
///
/// # Errors
/// A file that cannot be written, a player that does not exist, or an interrupt.
pub fn answer(asked: &Asked<'_>) -> Outcome {
    let (game, options) = (asked.game, &asked.args.options);
    let players: Vec<&str> = game.players.iter().map(|p| p.name.as_str()).collect();
    let mut settings = options.search_settings(Concept::Qre);
    if let Some(precision) = options.precision() {
        (settings.lambda, settings.weights) = precision.of(&players)?;
    }
    let (files, plot) = (&asked.args.branch, &asked.args.plot);
    if let Some(path) = files {
        kind(path)?;
    }
    if files.is_none() && plot.is_none() {
        let (solution, ended) = listed::found(asked, &settings);
        return listed::show(asked, solution, ended);
    }
    let branch = followed(asked, &settings)?;
    if let Some(path) = files {
        let text = match kind(path)? {
            Kind::Table => branch_table(game, &branch).csv(),
            Kind::Json => format!("{:#}\n", branch_json(game, &branch)),
        };
        write_file(path, &text)?;
    }
    if let Some(path) = plot {
        write_file(path, &chart_svg(&drawn(game, &branch), &SvgOptions::default()))?;
    }
    let (solution, ended) = listed::found(asked, &settings);
    let entry = json!({
        "points": branch.points.len(),
        "to": branch.points.last().map(|p| p.lambda),
        "events": events_json(&branch),
        "stopped": branch.stopped,
    });
    listed::show_beside(asked, solution, ended, &branch_text(&branch), &[("branch", entry)])
}

fn followed(asked: &Asked<'_>, settings: &Settings) -> Result<Branch, Failure> {
    let watch = asked.args.options.watch("following the branch");
    let until = settings.lambda.as_ref().map(|lambda| lambda.to_f64());
    let branch = detente_solve::branch::branch(asked.game, asked.numbers, &settings.weights, until, &watch);
    watch.finish()?;
    branch.map_err(|why| Failure::input(why, "leave out --branch and --plot"))
}

enum Kind {
    Table,
    Json,
}

/// What the ending of a file's name asks for.
fn kind(path: &Path) -> Result<Kind, Failure> {
    match path.extension().and_then(|e| e.to_str()) {
        Some("csv") => Ok(Kind::Table),
        Some("json") => Ok(Kind::Json),
        _ => Err(Failure::misuse(
            format!("`{}` does not say in which form", path.display()),
            "let the name of --branch end in .csv or .json",
        )),
    }
}
