//! The suite of `detente bench`: the times that the project promises, measured on this machine.
//!
//! The one idea: each row is measured the way a user meets it (a process that starts, a model that
//! is read, a draw that is solved and answered), and names its goal beside what was found.

use super::bench::median;
use crate::commands::Format;
use crate::failure::{Failure, Outcome};
use crate::input::{read_any_model, read_model};
use crate::output::{print, print_json};
use detente_answer::council::Session;
use detente_answer::draws::{Plan, draw, take_near};
use detente_answer::ensemble;
use detente_answer::sampler::Sampler;
use detente_answer::solved::{Memory, Point, all_games, on_big_stack, solve};
use detente_answer::{asked, claims};
use detente_bargain::spatial::options::{SpatialOptions, Stop};
use detente_bargain::{Actor, Council, CouncilData, Issue, SalienceRule, spatial, standard_models};
use detente_model::{Files, Model};
use detente_solve::{Settings, Silent};
use serde_json::json;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::time::Instant;

/// Draws per model whose times are taken.
const DRAWS: u64 = 200;

/// A game of 2^20 - 1 nodes: nine rounds of a coin and a choice, and a last coin.
const MILLION: &str = r#"game "A million nodes"
players A "First", B "Second"
param p "A chance" assumed "any" ~ uniform(0.1, 0.9) at 0.5
outcome done "Done" { A: p, B: 1 - p }
play {
  repeat t in 1..9 {
    chance coin { heads: p, tails: rest }
    A chooses move { left => pay gain { A: p }, right }
  }
  chance last { yes: 1/2, no: rest }
  end done
}
"#;

/// One line of the table.
pub struct Row {
    pub what: String,
    pub goal: &'static str,
    pub found: String,
    pub seconds: f64,
}

/// Measures draws in lanes only.
///
/// # Errors
/// A model of the project that cannot be read.
pub fn run_lanes(root: &Path, format: Format) -> Outcome {
    let rows = lanes(root)?;
    show(&rows, root, format)
}

fn lanes(root: &Path) -> Result<Vec<Row>, Failure> {
    let mut rows = super::suite_lanes::kernels();
    for folder in ["cases/europe-2022", "cases/plan-b-2024"] {
        for path in cases(&root.join(folder))? {
            rows.extend(super::suite_lanes::model(&path)?);
        }
    }
    Ok(rows)
}

/// Measures every row and prints the table. `root` is the project's folder.
///
/// # Errors
/// A model of the project that cannot be read.
pub fn run(root: &Path, repeat: u32, format: Format) -> Outcome {
    // Memory is read off the whole process, so the largest game comes first.
    let mut rows = vec![million()?];
    rows.push(beer_quiche(&root.join("models/classics/beer-quiche.det"), repeat)?);
    for path in cases(&root.join("cases/europe-2022"))? {
        rows.extend(case(&path, repeat)?);
    }
    rows.push(escalation_map(&root.join("cases/europe-2022/s4-escalation.det"), repeat)?);
    rows.push(large_council(repeat.max(5))?);
    rows.push(council_draws(&root.join("cases/europe-2022/s6-settlement.det"))?);
    rows.extend(start(&root.join("cases/europe-2022/s3-four-reasons.det"), repeat.max(20)));
    rows.extend(lanes(root)?);
    show(&rows, root, format)
}

fn show(rows: &[Row], root: &Path, format: Format) -> Outcome {
    let (machine, commit) = (machine(), commit(root));
    match format {
        Format::Text => print(&table(rows, &machine, &commit))?,
        Format::Json => print_json(&json!({
            "detente": env!("CARGO_PKG_VERSION"),
            "release": !cfg!(debug_assertions),
            "machine": machine,
            "commit": commit,
            "rows": rows
                .iter()
                .map(|r| json!({"what": r.what, "goal": r.goal, "found": r.found, "seconds": r.seconds}))
                .collect::<Vec<_>>(),
        }))?,
    }
    Ok(ExitCode::SUCCESS)
}

/// The text of one model, read from memory.
struct Text<'a>(&'a str);

impl Files for Text<'_> {
    fn read(&self, _path: &str) -> Result<String, String> {
        Ok(self.0.to_string())
    }
}

fn million() -> Result<Row, Failure> {
    let start = Instant::now();
    let loaded = detente_model::load(&Text(MILLION), "million.det", Default::default());
    let seconds = start.elapsed().as_secs_f64();
    let nodes = loaded.model.as_ref().map_or(0, |m| m.game.nodes.len());
    let peak = peak_megabytes().map_or(String::new(), |mb| format!(", peak {mb:.0} MB"));
    Ok(Row {
        what: format!("elaborate a game of {nodes} nodes"),
        goal: "2 s, 500 MB",
        found: format!("{seconds:.2} s{peak}"),
        seconds,
    })
}

/// A map of two parameters at resolution 1/1024, with its borders and corners.
fn escalation_map(path: &Path, repeat: u32) -> Result<Row, Failure> {
    use detente_exact::Q;
    use detente_parametric::{Axis, Plane, map};
    let (model, _) = read_model(path)?;
    let game = &model.game;
    let axis = |name: &str, from: Q, to: Q| {
        let param = game.find_param(name);
        param.map(|param| Axis { param, from, to }).ok_or_else(|| {
            Failure::misuse(
                format!("`{}` has no parameter `{name}`", path.display()),
                "use the project's own",
            )
        })
    };
    let settings = Settings::default();
    let plane = Plane {
        game,
        base: game.base_params(),
        x: axis("deal", Q::new(1, 5), Q::from(2))?,
        y: axis("exposed", Q::new(1, 100), Q::new(1, 2))?,
        depth: 10,
        settings: &settings,
        progress: &Silent,
    };
    let mut times = Vec::new();
    let mut certified = 0.0;
    for _ in 0..repeat {
        let start = Instant::now();
        certified = map(&plane, &[]).certified;
        times.push(start.elapsed().as_secs_f64());
    }
    let seconds = median(&mut times);
    Ok(Row {
        what: "map of s4-escalation at resolution 1/1024".into(),
        goal: "10 s",
        found: format!("{seconds:.2} s, {:.2} % proven", certified * 100.0),
        seconds,
    })
}

/// The largest memory this process has had, where the system tells.
fn peak_megabytes() -> Option<f64> {
    let text = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = text.lines().find(|l| l.starts_with("VmHWM:"))?;
    let kilobytes: f64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kilobytes / 1024.0)
}

fn beer_quiche(path: &Path, repeat: u32) -> Result<Row, Failure> {
    let (model, _) = read_model(path)?;
    let numbers = crate::input::numbers(&model.game, &[])?;
    let settings = Settings::default();
    let mut times = Vec::new();
    let mut checks = Vec::new();
    let mut found = 0;
    for _ in 0..repeat.max(20) {
        let start = Instant::now();
        let solution = detente_solve::solve(&model.game, &numbers, &settings, &Silent);
        times.push(start.elapsed().as_secs_f64());
        let start = Instant::now();
        let verdict = detente_verify::verify(&model.game, &numbers, &solution);
        checks.push(start.elapsed().as_secs_f64());
        found = if verdict.accepted && verdict.complete { solution.components.len() } else { 0 };
    }
    let (seconds, check) = (median(&mut times), median(&mut checks));
    Ok(Row {
        what: format!("beer–quiche: all {found} sequential equilibria, with certificate"),
        goal: "5 ms",
        found: format!("{:.2} ms; referee {:.2} ms", seconds * 1e3, check * 1e3),
        seconds,
    })
}

/// The models of the case, in order.
fn cases(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let entries = std::fs::read_dir(folder).map_err(|e| {
        Failure::misuse(
            format!("cannot read `{}`: {}", folder.display(), crate::output::reason(&e)),
            "run the suite in the project's folder, or name games to time",
        )
    })?;
    let mut list: Vec<PathBuf> =
        entries.flatten().map(|e| e.path()).filter(|p| p.extension().is_some_and(|x| x == "det")).collect();
    list.sort();
    // A council has no game to solve.
    list.retain(|path| read_any_model(path).map_or(true, |(model, _)| model.has_play()));
    Ok(list)
}

fn base<'m>(model: &'m Model, settings: &Settings) -> Result<Point<'m>, Failure> {
    let params = model.game.base_params();
    let solved = on_big_stack(|| solve(model, &params, &all_games(model), settings, &Silent));
    solved.and_then(|s| s).map_err(|e| Failure::input(e.words, "give the parameters other base values"))
}

/// A model cold, and each further draw.
fn case(path: &Path, repeat: u32) -> Result<Vec<Row>, Failure> {
    let name = path.file_stem().map_or_else(String::new, |s| s.to_string_lossy().into_owned());
    let settings = Settings::default();
    let mut cold = Vec::new();
    for _ in 0..repeat {
        let start = Instant::now();
        let (model, _) = read_model(path)?;
        let point = base(&model, &settings)?;
        let hands = point.hands();
        let out = claims::refuted(&model, &hands);
        model.claims.iter().for_each(|c| drop(claims::decide(&hands, c, &out)));
        model.asks.iter().for_each(|a| drop(asked::answer(&hands, a)));
        cold.push(start.elapsed().as_secs_f64());
    }
    let (model, _) = read_model(path)?;
    let point = base(&model, &settings)?;
    let memory = Memory::of(&point);
    let sampler = Sampler::new(&model)
        .map_err(|e| Failure::input(e, "make the correlations weaker, so that they can hold together"))?;
    let plan = Plan { draws: DRAWS, seed: 1, threads: 1, settings };
    let mut times = on_big_stack(|| {
        (0..DRAWS)
            .map(|index| {
                let start = Instant::now();
                let _ = draw(&model, &sampler, &plan, index, Some(&memory), &Silent);
                start.elapsed().as_secs_f64()
            })
            .collect::<Vec<f64>>()
    })
    .map_err(|e| Failure::input(e.words, "run the suite on a machine with more memory"))?;
    let cores = std::thread::available_parallelism().map_or(1, |n| n.get());
    let start = Instant::now();
    let draws = take_near(&model, &sampler, &Plan { threads: cores, ..plan }, &point, &Silent);
    let all = start.elapsed().as_secs_f64() / DRAWS as f64;
    let open = draws.iter().filter(|d| !d.complete).count();
    let mean = times.iter().sum::<f64>() / DRAWS as f64;
    let seconds = median(&mut cold);
    let middle = median(&mut times);
    let worst = times.last().copied().unwrap_or(0.0);
    Ok(vec![
        Row {
            what: format!("{name}: cold, all games solved, checked and asked"),
            goal: "500 ms",
            found: format!("{:.1} ms", seconds * 1e3),
            seconds,
        },
        Row {
            what: format!("{name}: each of {DRAWS} further draws, {open} undecided"),
            goal: "5 ms",
            found: format!(
                "mean {:.2} ms on one core (median {:.2}, worst {:.1}); {:.2} ms on {cores} cores",
                mean * 1e3,
                middle * 1e3,
                worst * 1e3,
                all * 1e3
            ),
            seconds: mean,
        },
    ])
}

/// Fifty actors on five issues, thirty turns of the spatial model; their numbers are random.
fn large_council(repeat: u32) -> Result<Row, Failure> {
    let number = share_of;
    let table = |what: &str, most: f64| -> Vec<Vec<f64>> {
        (0..50).map(|i| (0..5).map(|k| most * number(what, i, k)).collect()).collect()
    };
    let council = Council::new(CouncilData {
        issues: (0..5).map(|k| Issue::new(format!("issue {k}"), 0.0, 100.0)).collect(),
        actors: (0..50).map(|i| Actor::new(format!("actor {i}"))).collect(),
        capability: (0..50).map(|i| 10.0 + 90.0 * number("capability", i, 0)).collect(),
        position: table("position", 100.0),
        salience: table("salience", 20.0),
        full_salience: 100.0,
        salience_rule: SalienceRule::Shares,
    })
    .map_err(|_| Failure::input("the random council is unsound", "report it"))?;
    let stop = Stop { least_turns: 30, most_turns: 30, share: 0.0, floor: 1e-4 };
    let options = SpatialOptions { stop, ..SpatialOptions::default() };
    let mut times = Vec::new();
    for _ in 0..repeat {
        let start = Instant::now();
        spatial::settle(&council, &options).map_err(|e| Failure::input(e, "report it"))?;
        times.push(start.elapsed().as_secs_f64());
    }
    let seconds = median(&mut times);
    Ok(Row {
        what: "50 actors, 5 issues, 30 turns of the spatial model".into(),
        goal: "0.2 s",
        found: format!("{seconds:.3} s"),
        seconds,
    })
}

/// A number from 0 to 1 that looks random and is the same everywhere: the golden ratio's multiples.
fn share_of(what: &str, i: usize, k: usize) -> f64 {
    let start: usize = what.bytes().map(usize::from).sum();
    ((start + 7 * i + 131 * k) as f64 * 0.618_033_988_749_894_9).fract()
}

/// Draws of a council, each put to all standard theories, on all cores.
fn council_draws(path: &Path) -> Result<Row, Failure> {
    let (model, _) = read_any_model(path)?;
    let all = standard_models().iter().map(|m| m.slug.replace('-', "_")).collect();
    let session =
        Session::new(&model, &[("models".into(), all)]).map_err(|e| Failure::input(e, "report it"))?;
    let table = ensemble::Table::new(&model).map_err(|e| Failure::input(e, "report it"))?;
    let threads = std::thread::available_parallelism().map_or(1, |n| n.get());
    let draws = 2000;
    let start = Instant::now();
    let taken = ensemble::take(&session, &table, &ensemble::Plan { draws, seed: 1, threads }, &Silent).len();
    let seconds = start.elapsed().as_secs_f64();
    Ok(Row {
        what: format!("s6-settlement: {taken} draws on {} theories", session.voices[0].len()),
        goal: "100,000 in 2 minutes on 2 cores",
        found: format!(
            "{:.2} ms each on {threads} cores: {:.0} s for 100,000",
            seconds * 1e3 / draws as f64,
            seconds * 1e5 / draws as f64
        ),
        seconds,
    })
}

/// `check`, from the start of the process to its end.
fn start(path: &Path, repeat: u32) -> Option<Row> {
    let own = std::env::current_exe().ok()?;
    let lines = std::fs::read_to_string(path).ok()?.lines().count();
    let mut times = Vec::new();
    for _ in 0..repeat {
        let start = Instant::now();
        let done =
            Command::new(&own).arg("check").arg(path).stdout(Stdio::null()).stderr(Stdio::null()).status();
        done.ok().filter(|s| s.success())?;
        times.push(start.elapsed().as_secs_f64());
    }
    let seconds = median(&mut times);
    Some(Row {
        what: format!("`check` of a model of {lines} lines, from process start"),
        goal: "30 ms",
        found: format!("{:.1} ms", seconds * 1e3),
        seconds,
    })
}

/// The processor and its number of cores, where the system tells.
fn machine() -> String {
    let cores = std::thread::available_parallelism().map_or(1, |n| n.get());
    let text = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let name = text.lines().find_map(|l| l.strip_prefix("model name")?.split_once(": ").map(|(_, n)| n));
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let load = load.split_whitespace().next().map_or(String::new(), |l| format!(", load {l}"));
    format!("{} cores of {}{load}", cores, name.unwrap_or("an unnamed processor"))
}

/// The commit that is checked out, if this is a checkout.
fn commit(root: &Path) -> String {
    let git = Command::new("git").arg("-C").arg(root).args(["rev-parse", "--short", "HEAD"]).output();
    let text =
        git.ok().filter(|o| o.status.success()).map(|o| String::from_utf8_lossy(&o.stdout).into_owned());
    text.map_or_else(|| "unknown".into(), |t| t.trim().to_string())
}

fn table(rows: &[Row], machine: &str, commit: &str) -> String {
    let mut out = format!("{machine}; commit {commit}.\n\n| what | goal | measured |\n|---|---|---|\n");
    for r in rows {
        out.push_str(&format!("| {} | {} | {} |\n", r.what, r.goal, r.found));
    }
    if cfg!(debug_assertions) {
        out.push_str("\nThis is not a release build; its times say little.\n");
    }
    out
}
