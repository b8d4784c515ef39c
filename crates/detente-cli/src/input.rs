//! Files into games: any format, by its name or by its first word.
//!
//! The one idea: every command reads its input here, so every command accepts the same files and
//! gives the same errors.

use crate::failure::Failure;
use crate::output::{error_colour, reason};
use detente_bargain::ktab::{Scenario, read_csv, read_xml};
use detente_diag::{Sources, has_errors, render_terminal_all};
use detente_exact::Q;
use detente_game::formats::{MAX_BYTES, efg, json, nfg, text_of};
use detente_game::{FormatError, Game, Numbers};
use detente_model::Limits;
use detente_model::Model;
use detente_model::files::Files;
use std::io::Read as _;
use std::path::{Path, PathBuf};

/// The kinds of files that hold a game.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Kind {
    /// Gambit's extensive form
    Efg,
    /// Gambit's strategic form
    Nfg,
    /// detente's own JSON
    Json,
    /// A model in the detente language
    Det,
    /// A council as KTAB's table
    Csv,
    /// A council as KTAB's tree
    Xml,
}

impl Kind {
    /// Does this kind of file hold a council and no game?
    pub fn is_scenario(self) -> bool {
        matches!(self, Kind::Csv | Kind::Xml)
    }
}

/// Returns the kind that a file's name says, if it says one.
pub fn kind_of_name(path: &Path) -> Option<Kind> {
    match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
        "efg" => Some(Kind::Efg),
        "nfg" => Some(Kind::Nfg),
        "json" => Some(Kind::Json),
        "det" | "detente" => Some(Kind::Det),
        "csv" => Some(Kind::Csv),
        "xml" => Some(Kind::Xml),
        _ => None,
    }
}

fn kind_of_text(text: &str) -> Kind {
    let start = text.trim_start_matches('\u{feff}').trim_start();
    if start.starts_with("EFG") {
        Kind::Efg
    } else if start.starts_with("NFG") {
        Kind::Nfg
    } else if start.starts_with('<') {
        Kind::Xml
    } else if start.starts_with('{') {
        Kind::Json
    } else {
        Kind::Det
    }
}

/// Reads a whole file as text; `-` is the standard input.
///
/// # Errors
/// A file that cannot be read, is too long, or is not UTF-8.
pub fn read_text(path: &Path) -> Result<String, Failure> {
    utf8(path, read_bytes(path)?)
}

fn read_bytes(path: &Path) -> Result<Vec<u8>, Failure> {
    let name = path.display();
    let failed = |e: &std::io::Error| {
        Failure::misuse(
            format!("cannot read `{name}`: {}", reason(e)),
            "check the path, or use - for the standard input",
        )
    };
    let mut bytes = Vec::new();
    let limit = MAX_BYTES as u64 + 1;
    if path == Path::new("-") {
        std::io::stdin().lock().take(limit).read_to_end(&mut bytes).map_err(|e| failed(&e))?;
    } else {
        if path.is_dir() {
            return Err(Failure::misuse(
                format!("cannot read `{name}`: it is a folder"),
                "name a file in it",
            ));
        }
        let file = std::fs::File::open(path).map_err(|e| failed(&e))?;
        file.take(limit).read_to_end(&mut bytes).map_err(|e| failed(&e))?;
    }
    if bytes.len() > MAX_BYTES {
        return Err(Failure::input(
            format!("`{name}` is longer than {} MB", MAX_BYTES >> 20),
            "a game of this size cannot be held; make it smaller",
        ));
    }
    Ok(bytes)
}

fn utf8(path: &Path, bytes: Vec<u8>) -> Result<String, Failure> {
    let name = path.display();
    String::from_utf8(bytes).map_err(|e| {
        let before = &e.as_bytes()[..e.utf8_error().valid_up_to()];
        let line = before.iter().filter(|b| **b == b'\n').count() + 1;
        Failure::input(
            format!("`{name}` is not text: line {line} holds bytes that are not UTF-8"),
            "save it as UTF-8",
        )
    })
}

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

/// Reads a model with a game to play, and its texts. Its warnings are counted on the error stream.
///
/// # Errors
/// As [`read_any_model`], or a model that holds a council only.
pub fn read_model(path: &Path) -> Result<(Model, Sources), Failure> {
    let (model, sources) = read_any_model(path)?;
    Ok((playable(path, model)?, sources))
}

/// A council has no game to solve.
fn playable(path: &Path, model: Model) -> Result<Model, Failure> {
    match model.has_play() {
        true => Ok(model),
        false => Err(Failure::misuse(
            format!("`{}` holds a council and no `play`: there is no game to solve", path.display()),
            "`detente bargain` answers it; add `play { ... }` for a game",
        )),
    }
}

/// Reads a model, with or without a game, and its texts. Its warnings are counted on the error stream.
///
/// # Errors
/// Whatever is wrong with the file, or a file that holds a game without questions.
pub fn read_any_model(path: &Path) -> Result<(Model, Sources), Failure> {
    match read(path)? {
        Read::Model(loaded) => finished(path, *loaded),
        Read::Game(_) => Err(Failure::misuse(
            format!("`{}` is a game, not a model: it asks nothing", path.display()),
            "write a model with `ask` or `claim`, or use `detente solve` here",
        )),
    }
}

/// Reads a model from a text that was made of another file.
///
/// # Errors
/// As [`read_any_model`].
pub fn read_model_text(path: &Path, text: String) -> Result<(Model, Sources), Failure> {
    let name = path.to_string_lossy().replace('\\', "/");
    let files = Disk { main: (name.clone(), text) };
    finished(path, detente_model::load(&files, &name, Limits::default()))
}

/// What a file held.
pub enum Read {
    Game(Box<Game>),
    Model(Box<detente_model::Loaded>),
}

/// Reads any input file.
///
/// # Errors
/// A file that cannot be read, or a game file with an error. Errors of a model are in its
/// diagnostics.
pub fn read(path: &Path) -> Result<Read, Failure> {
    let (bytes, named) = (read_bytes(path)?, kind_of_name(path));
    let (text, repair) = match named {
        Some(Kind::Efg | Kind::Nfg) => text_of(bytes),
        _ => (utf8(path, bytes)?, None),
    };
    let parsed = match named.unwrap_or_else(|| kind_of_text(&text)) {
        Kind::Efg => efg::read(&text),
        Kind::Nfg => nfg::read(&text),
        Kind::Json => json::read(&text),
        Kind::Csv | Kind::Xml => {
            return Err(Failure::misuse(
                format!("`{}` holds a council and no game", path.display()),
                "`detente bargain` answers it; `detente convert` writes it as a model",
            ));
        }
        Kind::Det => {
            let name = path.to_string_lossy().replace('\\', "/");
            let files = Disk { main: (name.clone(), text) };
            return Ok(Read::Model(Box::new(detente_model::load(&files, &name, Limits::default()))));
        }
    };
    let mut game = parsed.map_err(|e| format_failure(path, &e))?;
    game.repairs.extend(repair);
    Ok(Read::Game(Box::new(game)))
}

/// Reads a scenario of KTAB.
///
/// # Errors
/// A file that cannot be read, or all of its faults, each with its line where one is at fault.
pub fn read_scenario(path: &Path, xml: bool) -> Result<Scenario, Failure> {
    let text = read_text(path)?;
    let read = if xml { read_xml(&text) } else { read_csv(&text) };
    read.map_err(|errors| {
        let list: Vec<String> = errors.iter().map(|e| format!("error: {}, {e}", path.display())).collect();
        Failure::Input(list.join("\n"))
    })
}

/// The files of a model on disk; the main one was read before.
struct Disk {
    main: (String, String),
}

impl Files for Disk {
    fn read(&self, path: &str) -> Result<String, String> {
        if path == self.main.0 {
            return Ok(self.main.1.clone());
        }
        read_text(Path::new(path)).map_err(|failure| match failure {
            Failure::Input(text) | Failure::Misuse(text) => {
                // The first line without its heading; the place is shown by the caller.
                let line = text.lines().next().unwrap_or("").trim_start_matches("error: ");
                line.split_once(": ").map_or(line, |(_, reason)| reason).to_string()
            }
            Failure::Interrupted | Failure::InterruptedKept | Failure::Unheard => "interrupted".to_string(),
        })
    }

    fn uncited(&self, path: &str, keys: &[&str]) -> Vec<String> {
        crate::sources::uncited(Path::new(path), keys)
    }
}

/// Returns a model without errors; its warnings are only counted here, `check` shows them.
fn finished(path: &Path, loaded: detente_model::Loaded) -> Result<(Model, Sources), Failure> {
    match loaded.model {
        Some(model) if !has_errors(&loaded.diagnostics) => {
            let count = loaded.diagnostics.len();
            if count > 0 {
                let warnings = if count == 1 { "warning" } else { "warnings" };
                anstream::eprintln!(
                    "note: {count} {warnings}; `detente check {}` shows them",
                    path.display()
                );
            }
            Ok((model, loaded.sources))
        }
        _ => {
            let text = render_terminal_all(&loaded.sources, &loaded.diagnostics, error_colour());
            Err(Failure::Input(text.trim_end().to_string()))
        }
    }
}

/// An error of a game file: file, place, message, help.
pub fn format_failure(path: &Path, e: &FormatError) -> Failure {
    Failure::input(format!("{}, {}: {}", path.display(), e.place, e.message), &e.help)
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

/// The models (`.det`) that a folder holds, by name.
///
/// # Errors
/// A folder that cannot be read.
pub fn models_in(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let entries = std::fs::read_dir(folder).map_err(|e| {
        Failure::misuse(format!("cannot read `{}`: {}", folder.display(), reason(&e)), "check the path")
    })?;
    let model = |p: &PathBuf| p.extension().is_some_and(|e| e == "det");
    let mut files: Vec<PathBuf> = entries.flatten().map(|e| e.path()).filter(model).collect();
    files.sort();
    Ok(files)
}

/// Where a span stands, for a message: file, line and column.
pub fn place(sources: &Sources, span: detente_diag::Span) -> String {
    let place = sources.place(span.file, span.start);
    let name = sources.get(span.file).map_or("", |f| f.name.as_str());
    format!("{name}, line {}, column {}", place.line, place.column)
}

/// Short names of files, all different: their stems, or their paths where stems meet.
pub fn short_names(files: &[PathBuf]) -> Vec<String> {
    let stem = |f: &PathBuf| f.file_stem().map_or(String::new(), |s| s.to_string_lossy().into_owned());
    let stems: Vec<String> = files.iter().map(stem).collect();
    let mut different: Vec<&String> = stems.iter().collect();
    different.sort();
    different.dedup();
    match different.len() == stems.len() {
        true => stems,
        false => files.iter().map(|f| f.display().to_string()).collect(),
    }
}

/// Reads a distribution as a model writes it after `~`; `None` if it is none.
pub fn prior(text: &str) -> Option<detente_prob::Prior> {
    struct One(String);
    impl Files for One {
        fn read(&self, _path: &str) -> Result<String, String> {
            Ok(self.0.clone())
        }
    }
    if text.contains(['\n', '\r']) || text.contains("//") {
        return None;
    }
    let model = format!(
        "game \"one\"\nplayers A \"a\"\nparam it \"it\" assumed \"asked for\" ~ {text}\n\
         outcome o \"o\" {{ A: it }}\nplay {{ A chooses m {{ a => end o, b => end o }} }}\n"
    );
    let loaded = detente_model::load(&One(model), "prior.det", Limits::default());
    loaded.model?.game.params.into_iter().next()?.prior
}

/// The models of a case, by name: a folder's, or a single model.
///
/// # Errors
/// A folder without models, or whatever is wrong with one of them.
pub fn case_models(case: &Path) -> Result<Vec<(String, Model, Sources)>, Failure> {
    let files = case_files(case)?;
    let name = |file: &Path| file.file_stem().map_or_else(String::new, |s| s.to_string_lossy().into_owned());
    let read = |file: &PathBuf| read_any_model(file).map(|(model, texts)| (name(file), model, texts));
    files.iter().map(read).collect()
}

/// The files of a case, in the order of [`case_models`].
///
/// # Errors
/// A folder that cannot be read, or that holds no model.
pub fn case_files(case: &Path) -> Result<Vec<PathBuf>, Failure> {
    let files = if case.is_dir() { models_in(case)? } else { vec![case.to_path_buf()] };
    match files.is_empty() {
        true => Err(Failure::misuse(
            format!("`{}` holds no model", case.display()),
            "a case is a folder with at least one .det file",
        )),
        false => Ok(files),
    }
}

/// Reads a model without what hangs on the sources of these keys alone.
///
/// # Errors
/// A model that has no sense without them.
pub fn model_without(
    path: &Path,
    keys: &[String],
    ranges: &std::collections::BTreeMap<String, (f64, f64)>,
    widen: bool,
) -> Result<(Model, detente_model::without::Removed), Failure> {
    let name = path.to_string_lossy().replace('\\', "/");
    let files = Disk { main: (name.clone(), read_text(path)?) };
    let (loaded, removed) =
        detente_model::without::load_without(&files, &name, Limits::default(), keys, ranges, widen);
    match loaded.model {
        Some(model) => Ok((model, removed)),
        None => Err(Failure::Input(format!(
            "{}error: without the source `{}` has no sense",
            render_terminal_all(&loaded.sources, &loaded.diagnostics, error_colour()),
            path.display()
        ))),
    }
}
