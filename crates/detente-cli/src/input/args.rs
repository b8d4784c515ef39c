//! What commands that read a game or a model take, and the numbers that come with it.
//!
//! The one idea: a name that does not exist is answered with the nearest one that does.

use super::model::{finished, playable, read_model};
use super::{Read, read};
use crate::failure::Failure;
use detente_exact::Q;
use detente_game::{Game, Numbers};
use detente_model::Model;
use std::path::PathBuf;

/// A game that was read, at the numbers asked for.
pub struct Loaded {
    pub game: Game,
    pub numbers: Numbers,
}

/// What every command that reads a game takes.
#[derive(Clone, Debug, clap::Args)]
pub struct InputArgs {
    /// A model (.det) or a game (.efg, .nfg, .json); - reads the standard input
    pub file: PathBuf,
    /// Give a parameter another value, such as q=0.4 or a=1/3; may be repeated
    #[arg(long = "set", value_name = "NAME=VALUE")]
    pub set: Vec<String>,
    /// Take this variant of the model
    #[arg(long, value_name = "NAME")]
    pub variant: Option<String>,
}

impl InputArgs {
    /// Reads the game and evaluates it.
    ///
    /// # Errors
    /// Whatever is wrong with the file, a parameter's name or a value.
    pub fn load(&self) -> Result<Loaded, Failure> {
        let game = self.game()?;
        let numbers = numbers(&game, &self.set)?;
        Ok(Loaded { game, numbers })
    }

    /// Reads the game alone.
    ///
    /// # Errors
    /// Whatever is wrong with the file, or a variant that does not exist.
    pub fn game(&self) -> Result<Game, Failure> {
        match read(&self.file)? {
            Read::Game(game) => match &self.variant {
                None => Ok(*game),
                Some(_) => Err(Failure::misuse("a game file has no variants", "leave out --variant")),
            },
            Read::Model(loaded) => {
                let (model, _) = finished(&self.file, *loaded)?;
                let mut model = playable(&self.file, model)?;
                let Some(name) = &self.variant else { return Ok(model.game) };
                match model.variants.swap_remove(name) {
                    Some(variant) => Ok(variant.game),
                    None => Err(unknown("variant", name, model.variants.keys().map(String::as_str))),
                }
            }
        }
    }
}

/// The error for a name that does not exist, with the nearest one that does.
pub fn unknown<'a>(what: &str, name: &str, known: impl Iterator<Item = &'a str>) -> Failure {
    let known: Vec<&str> = known.collect();
    let help = match detente_diag::nearest(name, known.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None if known.is_empty() => format!("there is no {what} here"),
        None => format!("these exist: {}", known.join(", ")),
    };
    Failure::misuse(format!("there is no {what} `{name}`"), help)
}

/// What every command that asks a model takes.
#[derive(Clone, Debug, clap::Args)]
pub struct ModelArgs {
    /// A model (.det); - reads the standard input
    pub file: PathBuf,
    /// Give a parameter another value, such as q=0.4 or a=1/3; may be repeated
    #[arg(long = "set", value_name = "NAME=VALUE")]
    pub set: Vec<String>,
}

impl ModelArgs {
    /// Reads the model. Its warnings are counted on the error stream.
    ///
    /// # Errors
    /// Whatever is wrong with the file, or a file that holds a game without questions.
    pub fn model(&self) -> Result<Model, Failure> {
        read_model(&self.file).map(|(model, _)| model)
    }
}

/// Returns the base values of a game's parameters, with some of them set.
///
/// # Errors
/// A parameter that does not exist, or a value that is no number.
pub fn params(game: &Game, set: &[String]) -> Result<Vec<Q>, Failure> {
    let mut params = game.base_params();
    for setting in set {
        let Some((name, value)) = setting.split_once('=') else {
            return Err(Failure::misuse(
                format!("`--set {setting}` has no `=`"),
                "write --set NAME=VALUE, such as --set q=0.4",
            ));
        };
        let Some(id) = game.find_param(name.trim()) else {
            return Err(unknown("parameter", name.trim(), game.params.iter().map(|p| p.name.as_str())));
        };
        params[id.index()] = Q::parse(value.trim()).ok_or_else(|| {
            Failure::misuse(
                format!("`{value}` is not an exact number"),
                "write it like 3, -0.25, 1/3 or 1e-3",
            )
        })?;
    }
    Ok(params)
}

/// Evaluates a game at its base values, with some parameters set.
///
/// # Errors
/// As [`params`], or a formula without a value there.
pub fn numbers(game: &Game, set: &[String]) -> Result<Numbers, Failure> {
    game.numbers(&params(game, set)?).map_err(|e| {
        Failure::input(e, "give the parameters values at which every formula and probability is defined")
    })
}
