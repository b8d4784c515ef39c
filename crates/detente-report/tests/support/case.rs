//! A hand-made case for tests and for looking at the page.
#![allow(dead_code)]

use super::games;
use detente_report::case::standards::{Missing, Standard};
use detente_report::case::*;
use detente_report::{Direction, View, tree_scene};

fn cite(source: usize, locator: &str) -> Vec<Citation> {
    vec![Citation { source, locator: Some(locator.into()) }]
}

fn says(text: &str, cited: Vec<Citation>) -> Statement {
    Statement { text: text.into(), why: None, cited }
}

pub fn example() -> CaseReport {
    let g = games::threats();
    let (numbers, solution) = games::threats_solved(&g);
    let scene = tree_scene(&g, &numbers, View::of(&solution, 0).as_ref(), Direction::Fitting).expect("small");
    let claim = |name: &str, says: &str, formal: &str, truth: Truth, verdict: Verdict, all: f64| ClaimRow {
        name: name.into(),
        says: says.into(),
        cited: cite(1, "¶6"),
        formal: formal.into(),
        model: "threats".into(),
        base: vec![
            ("all equilibria".into(), truth),
            ("passing the intuitive criterion".into(), truth),
            ("not refuted by the observations".into(), Truth::All),
        ],
        base_values: "3/5 against 1/3".into(),
        over_priors: Some(OverPriors {
            draws: 2000,
            verdict,
            shares: Shares { all, some: 0.02, none: 0.97 - all, undefined: 0.01 },
            weighted: Some(WeightedShares {
                verdict,
                all: Range { low: all * 0.9, high: all * 0.92 },
                none: Range { low: 0.9 - all * 0.9, high: 0.97 - all * 0.9 },
            }),
            effective: Some(1312.4),
            refuted: 41,
        }),
        hangs_on: "the cost of backing down, a, staying above 0.12".into(),
        flip_distance: Some(0.9),
        would_change: "It breaks at a = 0.11 with q = 0.4; replayed by the referee.".into(),
        flip: "The least change found that overturns it: a from 0.3 to 0.11; 1.4 standard deviations.".into(),
        drivers: vec![("a".into(), "raises it strongly".into()), ("q".into(), "lowers it".into())],
        other_drivers: "2 more cannot be told from 0 at 2,000 draws.".into(),
    };
    CaseReport {
        councils: vec![],
        fallen: vec![Fallen {
            model: "threats".into(),
            name: "never_war".into(),
            says: "War stays out of the question".into(),
            cited: cite(1, "¶6"),
            words: "Does not follow: false in all equilibria in 97 % of the draws.".into(),
            rescue: "What would rescue it: a above 0.9 (it is 0.3).".into(),
        }],
        ranges: vec![],
        without: Grid::default(),
        levers: vec![],
        indicators: vec![],
        information: vec![],
        title: "Public threats & <costs> at home".into(),
        question: "Does a public threat reveal that a government means it?".into(),
        date: "22 November 2026".into(),
        cutoff: "24 February 2022".into(),
        judgments: vec![
            Judgment {
                text: "Of 3 claims 1 holds, 1 fails, and 1 depends.".into(),
                number: Some("Each was decided in every equilibrium of 2,000 draws.".into()),
                confidence: Some("Confidence is moderate: one relayed source and an assumed cost.".into()),
                ..Judgment::default()
            },
            Judgment {
                text: "A public threat tells the rival something.".into(),
                about: Some("“A public threat tells the rival something”".into()),
                verdict: Some("holds".into()),
                number: Some("true in 96.1 % of 2,000 draws".into()),
                hangs_on: Some("the cost of backing down".into()),
                place: Some(("claim-threats-speaks".into(), "threats".into())),
                confidence: None,
                cited: cite(1, "¶6, ¶32"),
            },
        ],
        scope: vec!["One government may threaten one rival once; third parties do not act.".into()],
        claims: vec![
            claim(
                "speaks",
                "A public threat tells the rival something.",
                "prob(bluff given Home.message == threat) < prob(bluff do Home.message == threat)",
                Truth::All,
                Verdict::Holds,
                0.961,
            ),
            claim(
                "never_war",
                "War stays out of the question.",
                "prob(war) < 0.05",
                Truth::None,
                Verdict::Fails,
                0.012,
            ),
            claim(
                "moves",
                "The threat moves the rival to concede.",
                "prob(win do Home.message == threat) > 0.5 where a >= 0.2",
                Truth::Some,
                Verdict::Depends,
                0.43,
            ),
        ],
        models: vec![ModelPart {
            name: "threats".into(),
            title: "A public threat with costs at home".into(),
            paragraphs: vec!["A threat is costly to walk away from; that is what makes it speak.".into()],
            strength: "exact-complete".into(),
            trees: vec![TreePart {
                caption: "The game at q = 0.4 and a = 0.3, with its equilibrium E1.".into(),
                scene,
            }],
            played: Grid::default(),
            equilibria: Grid {
                caption: "Equilibria at the base values".into(),
                columns: ["", "status quo", "win", "climbdown", "war"].map(String::from).to_vec(),
                rows: vec![["E1", "0.4", "9/65", "2/13", "4/13"].map(String::from).to_vec()],
            },
            sees: Grid {
                caption: "Events in rows, players in columns".into(),
                columns: ["", "Home", "Rival"].map(String::from).to_vec(),
                rows: vec![
                    ["Home.resolve", "own fact", "hidden"].map(String::from).to_vec(),
                    ["Home.message", "decides", "sees"].map(String::from).to_vec(),
                ],
            },
            answers: Grid {
                caption: "Answers".into(),
                columns: ["Question", "At the base values", "Over the equilibria"].map(String::from).to_vec(),
                rows: vec![["How likely is war now?", "20/39 (0.513)", "0.513"].map(String::from).to_vec()],
            },
        }],
        known: vec![says("Troops were massed before the demands were published.", cite(1, "¶4"))],
        assumed: vec![Statement {
            text: "Backing down in public costs between 0.14 and 0.53.".into(),
            why: Some("analyst’s range".into()),
            cited: vec![],
        }],
        judged: vec![says("Resolve and bluff are about equally plausible before the move.", vec![])],
        evidence: vec![EvidencePart {
            model: "threats".into(),
            name: "bluff".into(),
            pooled: Some("Over the draws and all equilibria: unlikely (28 % to 41 %).".into()),
            hypothesis: "The threat is empty".into(),
            prior: Range { low: 0.6, high: 0.6 },
            steps: vec![
                EvidenceStep {
                    date: "2 March 2021".into(),
                    text: "The ultimatum".into(),
                    cited: cite(2, "2 March"),
                    posterior: Some(Range { low: 1.0 / 3.0, high: 0.41 }),
                    bayes_factor: Some(Range { low: 1.0 / 3.0, high: 0.46 }),
                    note: None,
                    refuted: vec!["E2".into()],
                    quantal_bits: Some(-1.2),
                    quantal_posterior: Some(0.39),
                },
                EvidenceStep {
                    date: "9 March 2021".into(),
                    text: "The attack".into(),
                    cited: cite(2, "9 March"),
                    posterior: Some(Range { low: 0.0, high: 0.0 }),
                    bayes_factor: None,
                    note: Some("impossible under the hypothesis".into()),
                    refuted: vec![],
                    quantal_bits: Some(-2.75),
                    quantal_posterior: Some(0.08),
                },
            ],
            picture: None,
            warnings: vec![],
        }],
        left_out: vec![
            "The state whose territory is at stake does not act here; the author’s framing leaves it out."
                .into(),
        ],
        sources: vec![
            SourceRow {
                key: "harris2022".into(),
                reference: "P. Harris, an essay on a crisis, 2022".into(),
                url: Some("https://example.org/essay".into()),
                via: None,
                grade: Some("C3".into()),
                note: Some("Written in the first week; no access to either government.".into()),
            },
            SourceRow {
                key: "wire2031".into(),
                reference: "A wire report, 2 March".into(),
                url: Some("javascript:alert(1)".into()),
                via: Some("the essay".into()),
                grade: Some("B2".into()),
                note: None,
            },
        ],
        hangs: vec![
            Hang {
                conclusion: "A bluff is unlikely".into(),
                sources: vec![1, 2],
                assumptions: vec!["the cost of backing down".into()],
            },
            Hang { conclusion: "War is a live risk".into(), sources: vec![1], assumptions: vec![] },
        ],
        parameters: vec![ParameterRow {
            model: "threats".into(),
            name: "q".into(),
            label: "Share of resolved governments".into(),
            prior: "beta(4, 6)".into(),
            base: "0.4".into(),
            cited: cite(1, "p. 582"),
            assumed: None,
        }],
        run: RunNote {
            version: "0.1.0".into(),
            command: "detente report cases/example".into(),
            concept: "sequential".into(),
            seed: 1,
            draws: 2000,
            digests: vec![("threats".into(), "ab".repeat(32))],
        },
        forecasts: grid_of_forecasts(),
        scores: vec!["Brier of 1 yes-or-no forecast: 0.04 beside 0.25".into()],
        calibration: Default::default(),
        standards: vec![Standard {
            number: 7,
            title: "Change",
            met: false,
            missing: vec![Missing { place: "case.md".into(), words: "add <What changed>".into() }],
        }],
        changed: vec![],
    }
}

fn grid_of_forecasts() -> Grid {
    Grid {
        caption: "Forecasts".into(),
        columns: ["Question", "Days", "Forecast", "Base", "Evidence", "Happened", "Score"]
            .map(String::from)
            .to_vec(),
        rows: vec![
            [
                "Will <it> join?",
                "2022-02-25; 2023-12-31",
                "likely (62 %)",
                "0.1",
                "none",
                "resolved yes",
                "Brier 0.14",
            ]
            .map(String::from)
            .to_vec(),
        ],
    }
}
