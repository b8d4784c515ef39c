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
use detente_model::Model;
use detente_parametric::plane::Map;
use detente_parametric::{Axis, Plane, map};
use detente_report::SvgOptions;
use detente_report::case::{MapNote, Notes};
use detente_report::chart::{self, chart_svg};
use detente_report::map::{map_json, map_text};
use std::path::PathBuf;
use std::process::ExitCode;

/// Boxes along each side of a map on the page of a case.
const RESOLUTION: u32 = 128;

/// Draw which equilibria there are where over two parameters, with proof, borders and corners
#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  detente map cases/europe-2022/s4-escalation.det --x deal --y exposed -o map.svg
  detente map models/classics/beer-quiche.det --x weak:0.1:0.9 --y taste:0:2 --format json
  detente map docs/first.det --x q --y a --mark survey=0.45,0.33 -o map.svg

A region is where the same is played on the path, in all equilibria; where several equilibria
overlap it says so. It is drawn where a proof covers it. Borders are curves with an equation and
with who is indifferent there; their corners are listed, as fractions where they are. With
--time-limit SECONDS, or Ctrl-C, the map ends with the part that is proven by then.")]
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
    /// A place to show besides the base values, observed ones say; may be repeated
    #[arg(long = "mark", value_name = "LABEL=X,Y", value_parser = marked)]
    marks: Vec<(String, f64, f64)>,
    /// Write the picture to this file (.svg)
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    options: SolveOptions,
    /// How to print
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

fn marked(text: &str) -> Result<(String, f64, f64), String> {
    let read = || {
        let (label, place) = text.split_once('=')?;
        let (x, y) = place.split_once(',')?;
        let value = |v: &str| Q::parse(v.trim()).map(|q| q.to_f64());
        Some((label.trim().to_string(), value(x)?, value(y)?)).filter(|m| !m.0.is_empty())
    };
    read().ok_or_else(|| "write LABEL=X,Y, such as --mark 2022=0.4,0.3".to_string())
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
        base: params(&game, &args.input.set)?,
        game: &game,
        x,
        y,
        depth: args.resolution.trailing_zeros(),
        settings: &settings,
        progress: &watch,
    };
    let base = |axis: &Axis| plane.base[axis.param.index()].to_f64();
    // The base values go first, without a label.
    let mut marks = vec![(String::new(), base(&plane.x), base(&plane.y))];
    marks.extend(args.marks.iter().cloned());
    let mut found = map(&plane, &marks);
    // Stopped or not, the regions that are proven stand, and the share that is not is said.
    let ended = watch.finish().map_err(|_| Failure::InterruptedKept);
    let text =
        matches!(args.format, Format::Text).then(|| map_text(&found, args.options.concept_name(), colour()));
    found.marks.remove(0);
    if let Some(path) = &args.output {
        write_file(path, &chart_svg(&chart::map(&found, &game.title), &SvgOptions::default()))?;
    }
    match args.format {
        Format::Text => print(&text.unwrap_or_default())?,
        Format::Json => print_json(&map_json(&game, &found, args.options.concept_name()))?,
    }
    ended.map(|_| ExitCode::SUCCESS)
}

/// The maps of one model that the page of its case asks for.
///
/// # Errors
/// A parameter without a range, or an interrupt.
pub fn maps(words: &Notes, name: &str, model: &Model, options: &SolveOptions) -> Result<Vec<Map>, Failure> {
    let settings = options.settings()?;
    let mut list = vec![];
    for note in words.maps.iter().filter(|note| fits(note, name, model)) {
        let (x, y) = (axis(&model.game, &note.x)?, axis(&model.game, &note.y)?);
        let watch = options.watch(&format!("{name}: mapping {} and {}", note.x, note.y));
        let base = model.game.base_params();
        let at = |axis: &Axis| base[axis.param.index()].to_f64();
        let marks = [(String::new(), at(&x), at(&y))];
        let depth = RESOLUTION.trailing_zeros();
        let plane = Plane {
            base: base.clone(),
            game: &model.game,
            x,
            y,
            depth,
            settings: &settings,
            progress: &watch,
        };
        list.push(map(&plane, &marks));
        watch.finish()?;
    }
    Ok(list)
}

/// Whether a line under Maps speaks of this model.
fn fits(note: &MapNote, name: &str, model: &Model) -> bool {
    let named = note.model.is_empty() || note.model == name || name.starts_with(&format!("{}-", note.model));
    let has = |param: &str| find(&model.game, param).is_ok();
    named && note.x != note.y && has(&note.x) && has(&note.y)
}

/// Lines about maps that fit no model of the case.
pub fn strange_maps(words: &Notes, models: &[(String, &Model)]) -> Vec<String> {
    let strange = words.maps.iter().filter(|n| !models.iter().any(|(name, model)| fits(n, name, model)));
    strange
        .map(|n| {
            format!(
                "`{} by {}` under Maps fits no model: write `X by Y in MODEL`, with parameters of one model",
                n.x, n.y
            )
        })
        .collect()
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
