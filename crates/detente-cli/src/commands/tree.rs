//! `detente tree`: the game as a picture.

use crate::failure::{Failure, Outcome};
use crate::input::InputArgs;
use crate::output::{print, write_file};
use crate::solving::{SolveOptions, solve};
use clap::{Args, ValueEnum};
use detente_report::{Direction, SvgOptions, TikzForm, View, svg, tikz, tree_scene};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Draw the game tree as SVG or for LaTeX, with the path of an equilibrium
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  detente tree docs/first.det -o tree.svg\n  detente tree docs/first.det --equilibrium E1 > tree.svg\n  \
                  detente tree docs/first.det -o tree.tex   (a page for LaTeX)\n  \
                  detente tree docs/first.det -o tree.tikz   (a picture for \\input)"
)]
pub struct TreeArgs {
    #[command(flatten)]
    input: InputArgs,
    #[command(flatten)]
    options: SolveOptions,
    /// Which equilibrium to show
    #[arg(long, value_name = "ID", default_value = "E1", conflicts_with = "plain")]
    equilibrium: String,
    /// Show the game alone, without solving it
    #[arg(long)]
    plain: bool,
    /// Which way the tree grows; by default down for few ends, right for many
    #[arg(long, value_enum)]
    direction: Option<Way>,
    /// How to draw; by default what the output file's name says, else SVG
    #[arg(long, value_enum)]
    format: Option<Drawing>,
    /// Write to this file instead of the standard output
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Drawing {
    /// A vector picture (.svg)
    Svg,
    /// A tikzpicture, to \input into a paper (.tikz)
    Tikz,
    /// A LaTeX document of one page (.tex)
    Latex,
}

impl Drawing {
    /// What a file's name says.
    fn of_name(path: &Path) -> Option<Drawing> {
        match path.extension()?.to_str()? {
            "svg" => Some(Drawing::Svg),
            "tikz" => Some(Drawing::Tikz),
            "tex" => Some(Drawing::Latex),
            _ => None,
        }
    }
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Way {
    Down,
    Right,
}

/// Draws.
///
/// # Errors
/// A file that cannot be read or written, a tree too large for a picture, an unknown equilibrium.
pub fn run(args: &TreeArgs) -> Outcome {
    let loaded = args.input.load()?;
    let direction = match args.direction {
        None => Direction::Fitting,
        Some(Way::Down) => Direction::Down,
        Some(Way::Right) => Direction::Right,
    };
    let named = args.output.as_deref().and_then(Drawing::of_name);
    let drawing = args.format.or(named).unwrap_or(Drawing::Svg);
    let draw = |view: Option<&View>| {
        let scene = tree_scene(&loaded.game, &loaded.numbers, view, direction).map_err(|e| {
            Failure::input(e, "draw a smaller version of the model, with fewer moves or a coarser grid")
        })?;
        Ok(match drawing {
            Drawing::Svg => svg(&scene, &SvgOptions::default()),
            Drawing::Tikz => tikz(&scene, TikzForm::Picture),
            Drawing::Latex => tikz(&scene, TikzForm::Document),
        })
    };
    let text = if args.plain {
        draw(None)?
    } else {
        let solved = solve(&loaded.game, &loaded.numbers, &args.options)?;
        let count = solved.solution.components.len();
        let position = args.equilibrium.strip_prefix('E').and_then(|n| n.parse::<usize>().ok()).unwrap_or(0);
        match position.checked_sub(1).and_then(|p| View::of(&solved.solution, p)) {
            Some(view) => draw(Some(&view))?,
            None if count == 0 => {
                anstream::eprintln!("no equilibrium was found; this is the game alone");
                draw(None)?
            }
            None => {
                return Err(Failure::misuse(
                    format!("there is no equilibrium `{}`", args.equilibrium),
                    format!("the equilibria are E1 to E{count}"),
                ));
            }
        }
    };
    match &args.output {
        Some(path) => write_file(path, &text)?,
        None => print(&text)?,
    }
    Ok(ExitCode::SUCCESS)
}
