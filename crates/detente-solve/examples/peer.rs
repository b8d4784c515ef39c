//! Answers jobs from the standard input, one JSON object a line: the side of this project in `bench/peers`.
//!
//! The one idea: other programs are timed inside a process that has already started and read the game, so
//! this one is, too. `{"job": "all", "path": FILE, "seconds": LIMIT}` solves, and `job` is `all` Nash equilibria,
//! all `pure` ones, `one` of them, `sequential` for all sequential ones, or `limit` of the logit path; `{"job":
//! "gap", "path": FILE, "profile": {PLAYER: {SET: [P, ...]}}}` has the referee compute what each player could gain.

use detente_exact::Q;
use detente_game::formats::{efg, nfg};
use detente_game::solution::{Component, Concept, Num, Status};
use detente_game::{Game, Numbers};
use detente_solve::{Known, Progress, Settings};
use serde_json::{Value, json};
use std::io::{BufRead, Write};
use std::time::{Duration, Instant};

/// As the command has it.
#[global_allocator]
static MEMORY: mimalloc::MiMalloc = mimalloc::MiMalloc;

struct Deadline(Instant);

impl Progress for Deadline {
    fn keep_going(&self, _done: f64) -> bool {
        Instant::now() < self.0
    }
}

fn read(path: &str) -> Result<Game, String> {
    let text = std::fs::read_to_string(path).map_err(|e| e.to_string())?;
    let game = if path.ends_with(".nfg") { nfg::read(&text) } else { efg::read(&text) };
    game.map_err(|e| e.to_string())
}

fn shown(n: &Num) -> String {
    n.exact.as_ref().map_or_else(|| n.value.to_string(), Q::to_string)
}

/// A profile by names.
fn named(game: &Game, rows: impl Iterator<Item = Vec<String>>) -> Value {
    let mut profile = serde_json::Map::new();
    for (set, probs) in game.infosets.iter().zip(rows) {
        let player = &game.players[set.player.index()].name;
        let own = profile.entry(player.clone()).or_insert_with(|| json!({}));
        own[&set.label] = json!(probs);
    }
    Value::Object(profile)
}

/// A component's profile, and what its player could gain by its own word.
fn point(game: &Game, c: &Component) -> Value {
    let rows = c.profile.iter().map(|probs| probs.iter().map(shown).collect());
    json!({"profile": named(game, rows), "exact": c.profile.iter().flatten().all(|n| n.exact.is_some()),
           "gap": shown(&c.gap_nash)})
}

/// All equilibria in pure plans; the referee computes the gains in each.
fn pure(game: &Game, numbers: &Numbers, limit: f64) -> Result<Value, String> {
    let start = Instant::now();
    let watch = Deadline(start + Duration::from_secs_f64(limit));
    let found = detente_solve::pure_nash(game, numbers, &watch).ok_or("too many combinations, or late")?;
    let seconds = start.elapsed().as_secs_f64();
    let start = Instant::now();
    let gains = found.iter().map(|rows| detente_verify::player_gaps(game, numbers, rows));
    let gains = gains.collect::<Result<Vec<_>, _>>()?;
    let accepted = gains.iter().flatten().all(detente_verify::Gap::is_zero);
    let text = |rows: &Vec<Vec<Q>>| {
        let rows = rows.iter().map(|r| r.iter().map(Q::to_string).collect());
        json!({"profile": named(game, rows), "exact": true, "gap": "0"})
    };
    Ok(json!({"seconds": seconds, "referee": start.elapsed().as_secs_f64(), "accepted": accepted,
              "status": "all pure ones", "points": found.iter().map(text).collect::<Vec<_>>()}))
}

fn solve(game: &Game, numbers: &Numbers, job: &str, limit: f64) -> Result<Value, String> {
    let concept = match job {
        "all" | "one" => Concept::Nash,
        "sequential" => Concept::Sequential,
        "limit" => Concept::Qre,
        _ => return Err(format!("there is no job `{job}`")),
    };
    let settings = Settings { concept, one: job == "one", ..Settings::default() };
    // The digest belongs to reading the game.
    let known = Known::digest_alone(game.sha256());
    let start = Instant::now();
    let watch = Deadline(start + Duration::from_secs_f64(limit));
    let solution = detente_solve::solve_again(game, numbers, &settings, &known, &watch);
    let seconds = start.elapsed().as_secs_f64();
    let start = Instant::now();
    let verdict = detente_verify::verify(game, numbers, &solution);
    let referee = start.elapsed().as_secs_f64();
    let status = |s: Status| serde_json::to_value(s).map_err(|e| e.to_string());
    Ok(json!({
        "seconds": seconds, "referee": referee, "accepted": verdict.accepted,
        "status": status(solution.status)?, "proven": status(verdict.proven)?,
        "points": solution.components.iter().map(|c| point(game, c)).collect::<Vec<_>>(),
    }))
}

fn gap(game: &Game, numbers: &Numbers, profile: &Value) -> Result<Value, String> {
    let mut rows = Vec::new();
    for set in &game.infosets {
        let player = &game.players[set.player.index()].name;
        let list = profile[player][&set.label].as_array();
        let list = list.ok_or_else(|| format!("no probabilities at `{}` of `{player}`", set.label))?;
        let number = |v: &Value| Q::parse(v.as_str().unwrap_or_default()).ok_or("a number is none");
        rows.push(list.iter().map(number).collect::<Result<Vec<Q>, _>>()?);
    }
    let gaps = detente_verify::player_gaps(game, numbers, &rows)?;
    Ok(json!({ "gaps": gaps.iter().map(|g| g.exact.as_ref().map(Q::to_string)).collect::<Vec<_>>() }))
}

fn answer(line: &str) -> Result<Value, String> {
    let asked: Value = serde_json::from_str(line).map_err(|e| e.to_string())?;
    let game = read(asked["path"].as_str().unwrap_or_default())?;
    let numbers = game.numbers(&[]).map_err(|e| e.to_string())?;
    match asked["job"].as_str().unwrap_or_default() {
        "gap" => gap(&game, &numbers, &asked["profile"]),
        "pure" => pure(&game, &numbers, asked["seconds"].as_f64().unwrap_or(60.0)),
        job => solve(&game, &numbers, job, asked["seconds"].as_f64().unwrap_or(60.0)),
    }
}

fn main() {
    // Proofs nest as deep as the search that made them.
    let work = || {
        for line in std::io::stdin().lock().lines().map_while(Result::ok) {
            let value = answer(&line).unwrap_or_else(|error| json!({ "error": error }));
            println!("{value}");
            let _ = std::io::stdout().flush();
        }
    };
    let thread = std::thread::Builder::new().stack_size(1 << 29).spawn(work).expect("a thread starts");
    thread.join().expect("the worker ends by itself");
}
