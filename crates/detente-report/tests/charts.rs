//! Charts of councils: with ten actors at one table no two labels meet, and nothing leaves the paper.

use detente_answer::ensemble::{
    CouncilStudy, Course, CourseTurn, IssueStudy, Press, Spread, Step, TheoryStudy,
};
use detente_game::branch::{Branch, Event, Point as Place};
use detente_report::SvgOptions;
use detente_report::chart::{
    Chart, Item, branch, chart_svg, gains, influence, positions, pressure, theories,
};
use detente_report::scene::Label;

const NAMES: [&str; 10] =
    ["Russia", "US", "UK", "France", "Germany", "Poland", "Romania", "Ukraine", "Finland", "Sweden"];

fn marks() -> Vec<(f64, String)> {
    let words = ["a date for membership", "neither promised nor barred", "barred by treaty, for good"];
    [0.0, 50.0, 100.0].into_iter().zip(words.map(String::from)).collect()
}

/// Ten actors; `close` puts nine of them into one corner.
fn course(close: bool) -> Course {
    let start =
        |a: usize| if close { if a == 0 { 95.0 } else { 20.0 + a as f64 * 0.3 } } else { 9.0 * a as f64 };
    let state = |turn: f64| (0..10).map(|a| vec![start(a) + turn * (45.0 - start(a)) / 6.0]).collect();
    let press = |a: usize| Press {
        by: a,
        to: (a + 3) % 10,
        odds: 0.6,
        gain: 0.01 * (a % 3) as f64,
        rival_gain: -0.002,
    };
    let turn = || CourseTurn {
        presses: (0..10).map(press).collect(),
        steps: vec![Step { actor: 3, with: 0, own: false }],
    };
    Course {
        theory: "spatial".into(),
        actors: NAMES.map(String::from).to_vec(),
        weights: (0..10).map(|a| vec![0.1 + 0.01 * a as f64]).collect(),
        positions: (0..6).map(|t| state(t as f64)).collect(),
        turns: (0..5).map(|_| turn()).collect(),
        settled: true,
    }
}

fn study() -> CouncilStudy {
    let words = ["mean", "median", "eu_sure", "spatial"];
    let spread = |x: f64| Some(Spread { low: x - 20.0, middle: x, high: x + 25.0, mean: x });
    CouncilStudy {
        name: "order".into(),
        label: "Order".into(),
        theories: words
            .map(|word| TheoryStudy {
                word: word.into(),
                name: format!("the theory called {word}"),
                source: String::new(),
                settled: None,
                restless: None,
            })
            .to_vec(),
        course: None,
        issues: vec![IssueStudy {
            name: "entry".into(),
            label: "Entry".into(),
            marks: marks(),
            base: vec![Some(35.0), Some(30.0), Some(31.0), Some(44.0)],
            spreads: vec![spread(35.0), spread(30.0), None, spread(44.0)],
            doubt: None,
            drivers: None,
            flips: None,
            power: vec![],
            coalition: None,
            bloc: None,
        }],
    }
}

/// A logit branch whose probabilities all end close together, over a short or a long range.
fn path(far: f64) -> Chart {
    let text =
        "NFG 1 R \"t\" { \"A\" \"A player with a long name\" } { 9 2 }\n".to_string() + &"1 2 ".repeat(18);
    let game = detente_game::formats::nfg::read(&text).expect("a valid game");
    let place = |k: u32| Place {
        lambda: far * f64::from(k) / 10.0,
        log: vec![vec![-libm::log(9.0); 9], vec![libm::log(0.5 + 0.049 * f64::from(k)); 2]],
    };
    let found = Branch {
        weights: vec![],
        points: (0..=10).map(place).collect(),
        events: vec![Event::Turn { lambda: far / 3.0 }, Event::Crossing { low: far / 2.0, high: far / 1.9 }],
        stopped: None,
    };
    branch(&game, &found)
}

fn charts() -> Vec<Chart> {
    let study = study();
    let mut all = vec![theories(&study, &study.issues[0]), path(0.003), path(1e6)];
    for close in [false, true] {
        let course = course(close);
        let baselines = [("mean", 40.0), ("median", 41.0)];
        all.push(positions(&course, 0, "Entry", &marks()));
        all.push(influence(&course, 0, "Entry", &marks(), &baselines));
        all.push(gains(&course, 0));
        all.push(pressure(&course));
    }
    all
}

fn labels(chart: &Chart) -> Vec<&Label> {
    let mut found = Vec::new();
    for item in &chart.items {
        if let Item::Text(label) = item {
            found.push(label);
        }
    }
    found
}

#[test]
fn labels_never_meet() {
    for chart in charts() {
        let labels = labels(&chart);
        for (k, a) in labels.iter().enumerate() {
            for b in &labels[k + 1..] {
                assert!(!a.area.overlaps(&b.area), "{}: {:?} meets {:?}", chart.slug, a.runs, b.runs);
            }
        }
    }
}

#[test]
fn labels_stay_on_the_paper() {
    for chart in charts() {
        for label in labels(&chart) {
            let a = label.area;
            let inside = a.left >= 0.0 && a.top >= 0.0 && a.right <= chart.width && a.bottom <= chart.height;
            assert!(
                inside,
                "{}: {:?} at {a:?} of {} x {}",
                chart.slug, label.runs, chart.width, chart.height
            );
        }
    }
}

#[test]
fn a_chart_is_a_document_with_its_data_beside() {
    for chart in charts() {
        let text = chart_svg(&chart, &SvgOptions::default());
        assert!(
            text.starts_with("<svg") && text.ends_with("</svg>\n") && text.contains("prefers-color-scheme")
        );
        assert!(!text.contains("NaN") && !text.contains("inf"));
        assert_eq!(chart.data.csv().lines().count(), chart.data.rows.len() + 1);
        assert!(!chart.data.rows.is_empty());
    }
}
