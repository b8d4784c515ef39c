//! Everything that the page says of one game: draws, verdicts, what overturns them, and what they hang on.

use super::{DRAWS, ReportArgs};
use crate::failure::Failure;
use crate::watch::Watch;
use detente_answer::claims::{decide, refuted};
use detente_answer::draws::Draw;
use detente_answer::evidence::evidence;
use detente_answer::flip::{Along, Fragile, Ground, fragility_on};
use detente_answer::infer::{self, Contender, ModelInference};
use detente_answer::sampler::{Points, Sampler};
use detente_answer::sensitivity::{Depth, Findings, design, of_draws, where_it_holds};
use detente_answer::solved::{Memory, Point, needed, on_big_stack};
use detente_answer::study::study;
use detente_answer::sweep::identity::{Run, identity};
use detente_answer::sweep::{Identity, Job, draws_of, sample, summary_of};
use detente_answer::witness::Witness;
use detente_answer::{asked, witness};
use detente_diag::Sources;
use detente_model::Model;
use detente_model::model::Claim;
use detente_report::asks::Answers;
use detente_report::case::{Advice, Ranges, Studied, is_settled};
use detente_solve::Settings;

/// Games of so many nodes together are large.
const LARGE: usize = 2_000;
/// Draws tried in lanes beforehand, the share of them that needs the exact path, and what is drawn then.
const TRIED: u64 = 256;
const MANY: f64 = 0.1;
const FEWER: u64 = 500;
/// Base points behind each Sobol' index: at most, and the fewest that are worth their time.
const POINTS: (u64, u64) = (256, 32);
/// Nodes that may be solved one by one for the indices of a model, and the fewest draws they go with.
const SOLVED: f64 = 150_000.0;
const ENOUGH: u64 = 200;

/// Draws a model, answers everything, and looks for what would change the answers.
///
/// # Errors
/// Correlations that cannot hold together, an interrupt.
pub fn study_model<'m>(
    args: &ReportArgs,
    name: &str,
    model: &'m Model,
    texts: &'m Sources,
    point: &'m Point<'m>,
) -> Result<Studied<'m>, Failure> {
    let hands = point.hands();
    let out = refuted(model, &hands);
    let sampler = Sampler::new(model)
        .map_err(|e| Failure::input(e, "make the correlations weaker, so that they can hold together"))?;
    let settings = args.options.settings()?;
    let job = Job::near(&sampler, Points::Random, args.draws.seed, settings.clone(), (model, point));
    let run = Run {
        seed: args.draws.seed,
        sobol: false,
        draws: drawn(args, &job, point),
        concept: settings.concept,
        lambda: settings.lambda.clone(),
        logit: None,
    };
    let id = identity(model, &sampler, &run);
    let watch = args.options.watch(&format!("{name}: drawing"));
    let rows = sample(&job, run.draws, args.draws.cores(), &watch);
    watch.finish()?;
    let draws = draws_of(&rows);
    let watch = args.options.watch(&format!("{name}: looking for what would change it"));
    let turned = turned(args, model, &sampler, &draws, &settings, point, &watch)?;
    watch.finish()?;
    let answers = Answers {
        asks: model.asks.iter().map(|a| asked::answer(&hands, a)).collect(),
        claims: model.claims.iter().map(|c| decide(&hands, c, &out)).collect(),
        study: Some(study(model, &sampler, args.draws.seed, &draws)),
        evidence: Some(evidence(model, &hands)),
        flips: turned.fragile.clone(),
    };
    let inference = inference(args, name, model)?;
    let table = of_draws(model, &sampler, &draws);
    let mut ranges = Ranges {
        params: table.params.clone(),
        boxes: where_it_holds(&table),
        summary: (!rows.is_empty()).then(|| summary_of(&id, &rows)),
        lines: turned.lines,
        ..Ranges::default()
    };
    let watch = args.options.watch(&format!("{name}: weighing the doubts"));
    (ranges.solves, ranges.bounded) = indices(args, name, &job, &id, nodes(point), &mut ranges.boxes, &watch);
    watch.finish()?;
    Ok(Studied {
        name: name.into(),
        model,
        texts,
        point,
        answers,
        witnesses: turned.witnesses,
        fragile: turned.fragile,
        advice: Advice::default(),
        ranges,
        inference,
    })
}

/// Nodes of all games of a model.
fn nodes(point: &Point) -> usize {
    point.games.iter().map(|g| g.game.nodes.len()).sum()
}

/// How many draws a report takes. Unless told how many, it takes fewer of a large game of which many a
/// draw needs the exact path; the page says how many.
fn drawn(args: &ReportArgs, job: &Job, point: &Point) -> u64 {
    match args.draws.draws {
        Some(draws) => draws,
        None if nodes(point) >= LARGE && job.exact_share(TRIED) > MANY => FEWER,
        None => DRAWS,
    }
}

/// What would change the claims of a model.
struct Turned {
    witnesses: Vec<Option<Witness>>,
    fragile: Vec<Fragile>,
    lines: Vec<Along>,
}

fn turned(
    args: &ReportArgs,
    model: &Model,
    sampler: &Sampler,
    draws: &[Draw],
    settings: &Settings,
    point: &Point,
    watch: &Watch,
) -> Result<Turned, Failure> {
    let claims: Vec<&Claim> = model.claims.iter().collect();
    let threads = args.draws.cores();
    let memory = Memory::of(point);
    let games = needed(claims.iter().map(|c| &c.body), std::iter::empty());
    // The two searches know nothing of each other.
    let (witnesses, (fragile, lines)) = std::thread::scope(|scope| {
        let look = || witness::search(model, sampler, draws, settings, &memory, watch);
        let witnesses = scope.spawn(move || on_big_stack(look));
        let ground = Ground::new(model, sampler, &games, settings, &memory, threads, watch);
        let fragile = fragility_on(&ground, point, &claims, threads, watch);
        (witnesses.join(), (fragile, ground.lines().to_vec()))
    });
    let lost =
        |_| Failure::input("the solver broke down while looking for what would change a claim", "report it");
    let witnesses = witnesses.map_err(lost)?.map_err(|e| Failure::input(e.words, "report it"))?;
    Ok(Turned { witnesses, fragile, lines })
}

/// Adds Sobol' indices (Shapley effects, where correlations are declared) to what is said of each claim.
/// Returns how often the model was solved for them, or why it was not, as a sentence.
fn indices(
    args: &ReportArgs,
    name: &str,
    job: &Job,
    id: &Identity,
    nodes: usize,
    found: &mut [Findings],
    watch: &Watch,
) -> (u64, Option<String>) {
    if found.is_empty() || id.params.is_empty() {
        return (0, None);
    }
    let by_hand = |why: String| {
        (
            0,
            Some(format!(
                "{why} `detente sensitivity {name}.det` computes shares of the doubt without this bound."
            )),
        )
    };
    if id.draws < ENOUGH {
        return by_hand(format!("Not computed with fewer than {ENOUGH} draws."));
    }
    let share = job.exact_share(TRIED);
    let rows = id.params.len() as f64 + 2.0;
    let affordable = SOLVED / (share * nodes as f64 * rows).max(f64::MIN_POSITIVE);
    let points = POINTS.0.min(if affordable >= 1.0 { 1 << (affordable.log2() as u32).min(16) } else { 0 });
    if points < POINTS.1 {
        return by_hand(format!(
            "Not computed: {} of the draws are solved one by one, which would take too long here.",
            detente_answer::words::percent(share)
        ));
    }
    let depth =
        Depth { points, orders: 0, resamples: 100, seed: args.draws.seed, threads: args.draws.cores() };
    match design(job, job.sampler, id, &depth, found, watch) {
        Some(solves) => (solves, None),
        None => by_hand("Not computed: it was stopped before.".into()),
    }
}

/// Draws that tell of statements about ranges; each is solved under quantal response too, so a large game gets
/// few: this many nodes in all, within these bounds.
const NODES_OF_RANGES: u64 = 100_000;
const DRAWS_OF_RANGES: [u64; 2] = [100, 2_000];

/// What the observations say at the base values, under quantal response too.
fn inference(args: &ReportArgs, name: &str, model: &Model) -> Result<Option<ModelInference>, Failure> {
    if model.observes.is_empty() || model.hypotheses.is_empty() {
        return Ok(None);
    }
    let contender = Contender { name: name.into(), model, variant: None, prior: 1.0 };
    let mut plan = infer::Plan {
        draws: 0,
        seed: args.draws.seed,
        threads: args.draws.cores(),
        settings: args.options.settings()?,
        lambda: crate::commands::infer::stated_lambda(model),
        precisions: crate::commands::infer::PRECISIONS,
    };
    let watch = args.options.watch(&format!("{name}: inferring"));
    let contenders = [contender];
    let mut found = on_big_stack(|| infer::infer(&contenders, &plan, &watch));
    // A statement about ranges is settled at the base values: only draws tell how it changes.
    if let Ok(Ok(told)) = &found
        && told.models.iter().any(|one| one.exact.hypotheses.iter().any(is_settled))
    {
        let [least, most] = DRAWS_OF_RANGES;
        let draws = (NODES_OF_RANGES / model.game.nodes.len().max(1) as u64).clamp(least, most);
        plan.draws = draws.min(args.draws.draws.unwrap_or(draws));
        found = on_big_stack(|| infer::infer(&contenders, &plan, &watch));
    }
    watch.finish()?;
    let found = found.map_err(|e| Failure::input(e.words, "report it"))?;
    // What stands in the way of an inference stands elsewhere on the page.
    Ok(found.ok().and_then(|found| found.models.into_iter().next()))
}
