//! `detente map`: which equilibria there are where, over two parameters.

use crate::commands::Format;
use crate::commands::thresholds::{find, number};
use crate::failure::{Failure, Outcome};
use crate::input::{InputArgs, params};
use crate::output::{colour, print, print_json, write_file};
use crate::solving::SolveOptions;
use clap::Args;
use detente_answer::sampler::stated_range;
use detente_exact::Q;
use detente_game::Game;
use detente_parametric::{Axis, Plane, map};
use detente_report::map::{map_json, map_svg, map_text};
use std::path::PathBuf;
use std::process::ExitCode;

/// Draw which equilibria there are where over two parameters, proven box by box
#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  detente map cases/europe-2022/s4-escalation.det --x deal --y exposed -o map.svg
  detente map models/classics/beer-quiche.det --x weak:0.1:0.9 --y taste:0:2 --format json

A region is drawn where a proof covers it; the white between regions is border, as narrow as
--resolution says. Regions where several equilibria overlap are shown as such. In a game of perfect
information a region is what is played on the path; elsewhere it is the whole set of equilibria.")]
pub struct MapArgs {
    #[command(flatten)]
    input: InputArgs,
    /// The parameter to the right, with its range if not that of the prior: NAME or NAME:FROM:TO
    #[arg(long, value_name = "NAME[:FROM:TO]")]
    x: String,
    /// The parameter upwards
    #[arg(long, value_name = "NAME[:FROM:TO]")]
    y: String,
    /// Boxes along each side at the finest, a power of two
    #[arg(long, value_name = "N", default_value_t = 128, value_parser = resolution)]
    resolution: u32,
    /// Write the picture to this file (.svg)
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    options: SolveOptions,
    /// How to print
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

fn resolution(text: &str) -> Result<u32, String> {
    match text.parse::<u32>() {
        Ok(n) if n.is_power_of_two() && (2..=4096).contains(&n) => Ok(n),
        _ => Err("write a power of two from 2 to 4096, such as 256".into()),
    }
}

/// Makes a map.
///
/// # Errors
/// A file with errors, a parameter that does not exist or has no range, a file that cannot be
/// written, or an interrupt.
pub fn run(args: &MapArgs) -> Outcome {
    let game = args.input.game()?;
    let (x, y) = (axis(&game, &args.x)?, axis(&game, &args.y)?);
    if x.param == y.param {
        return Err(Failure::misuse("both sides are the same parameter", "name two: --x p --y q"));
    }
    let settings = args.options.settings()?;
    let watch = args.options.watch("mapping");
    let plane = Plane {
        digest: game.sha256(),
        base: params(&game, &args.input.set)?,
        game: &game,
        x,
        y,
        depth: args.resolution.trailing_zeros(),
        settings: &settings,
        progress: &watch,
    };
    let found = map(&plane);
    watch.finish()?;
    if let Some(path) = &args.output {
        write_file(path, &map_svg(&found, &game.title))?;
    }
    match args.format {
        Format::Text => print(&map_text(&found, args.options.concept_name(), colour()))?,
        Format::Json => print_json(&map_json(&game, &found, args.options.concept_name()))?,
    }
    Ok(ExitCode::SUCCESS)
}

/// Reads `NAME` or `NAME:FROM:TO`.
fn axis(game: &Game, text: &str) -> Result<Axis, Failure> {
    let parts: Vec<&str> = text.split(':').collect();
    let (name, range) = match parts.as_slice() {
        [name] => (*name, None),
        [name, from, to] => (*name, Some((*from, *to))),
        _ => {
            return Err(Failure::misuse(
                format!("`{text}` is no side of a map"),
                "write NAME or NAME:FROM:TO",
            ));
        }
    };
    let param = find(game, name)?;
    let wrong =
        |why: String| Failure::misuse(format!("`{text}`: {why}"), "write NAME:FROM:TO, such as q:0.1:0.9");
    let (from, to): (Q, Q) = match range {
        Some((from, to)) => (number(from).map_err(wrong)?, number(to).map_err(wrong)?),
        None => {
            let prior = game.params[param.index()].prior.as_ref().and_then(stated_range);
            prior.ok_or_else(|| wrong(format!("`{name}` has no prior, so no range")))?
        }
    };
    match from < to {
        true => Ok(Axis { param, from, to }),
        false => Err(wrong("the range is empty".into())),
    }
}
