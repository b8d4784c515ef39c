//! Pictures of trees: nothing overlaps, no curve meets a stranger, every text is escaped.

#[path = "support/games.rs"]
mod games;

use detente_report::scene::{Point, Rect, Scene, Shape, Sign, Weight};
use detente_report::tree::{MOST_ENDS, TreeError};
use detente_report::{Direction, SvgOptions, TikzForm, View, svg, tikz, tree_scene};

/// Every game in every direction, with and without an equilibrium.
fn scenes() -> Vec<(String, Scene)> {
    let mut all = Vec::new();
    for (name, game, (numbers, solution)) in games::pictures() {
        for direction in [Direction::Fitting, Direction::Down, Direction::Right] {
            for view in [View::of(&solution, 0), None] {
                let scene = tree_scene(&game, &numbers, view.as_ref(), direction).expect("small enough");
                all.push((format!("{name} {direction:?} view {}", view.is_some()), scene));
            }
        }
    }
    all
}

fn distance(a: Point, b: Point) -> f64 {
    ((a.x - b.x).powi(2) + (a.y - b.y).powi(2)).sqrt()
}

#[test]
fn no_two_nodes_overlap() {
    for (name, scene) in scenes() {
        for (i, a) in scene.marks.iter().enumerate() {
            for b in &scene.marks[i + 1..] {
                assert!(
                    distance(a.at, b.at) > a.radius + b.radius + 2.0,
                    "{name}: {} and {}",
                    a.node,
                    b.node
                );
            }
        }
    }
}

#[test]
fn no_curve_passes_through_a_stranger() {
    for (name, scene) in scenes() {
        for set in &scene.sets {
            let points = set.points();
            assert!(!points.is_empty(), "{name}");
            for mark in scene.marks.iter().filter(|m| !set.members.contains(&m.node)) {
                let near = points.iter().map(|p| distance(*p, mark.at)).fold(f64::INFINITY, f64::min);
                assert!(near > mark.radius + 2.0, "{name}: set {} passes node {}", set.set, mark.node);
            }
            for member in &set.members {
                let mark = scene.marks.iter().find(|m| m.node == *member).expect("members are drawn");
                assert!(
                    points.iter().any(|p| distance(*p, mark.at) < 0.01),
                    "{name}: {member} is not joined"
                );
            }
        }
    }
}

#[test]
fn no_two_texts_overlap_and_none_covers_a_node() {
    for (name, scene) in scenes() {
        let labels: Vec<_> = scene.labels.iter().chain(scene.legend.iter().map(|k| &k.label)).collect();
        for (i, a) in labels.iter().enumerate() {
            for b in &labels[i + 1..] {
                assert!(!a.area.overlaps(&b.area), "{name}: {:?} and {:?}", a.runs, b.runs);
            }
            for m in &scene.marks {
                let spot = Rect {
                    left: m.at.x - m.radius,
                    top: m.at.y - m.radius,
                    right: m.at.x + m.radius,
                    bottom: m.at.y + m.radius,
                };
                assert!(!a.area.overlaps(&spot), "{name}: {:?} covers node {}", a.runs, m.node);
            }
            let inside = a.area.left >= 0.0 && a.area.top >= 0.0;
            assert!(
                inside && a.area.right <= scene.width && a.area.bottom <= scene.height,
                "{name}: {:?}",
                a.runs
            );
        }
    }
}

#[test]
fn timed_curves_touch_no_words() {
    for (name, scene) in scenes().iter().filter(|(name, _)| !name.starts_with("untimed")) {
        for set in &scene.sets {
            for p in set.points() {
                let spot = Rect { left: p.x - 0.6, top: p.y - 0.6, right: p.x + 0.6, bottom: p.y + 0.6 };
                for label in &scene.labels {
                    assert!(!label.area.overlaps(&spot), "{name}: set {} meets {:?}", set.set, label.runs);
                }
            }
        }
    }
}

#[test]
fn members_of_a_set_stand_at_one_level_where_time_allows() {
    for (name, scene) in scenes().iter().filter(|(name, _)| name.contains("Down")) {
        for set in &scene.sets {
            let mut ys: Vec<f64> =
                scene.marks.iter().filter(|m| set.members.contains(&m.node)).map(|m| m.at.y).collect();
            ys.sort_by(f64::total_cmp);
            assert_eq!(ys[0] == ys[ys.len() - 1], !name.starts_with("untimed"), "{name}");
        }
    }
}

#[test]
fn the_path_is_heavy_and_connected() {
    let g = games::threats();
    let (numbers, solution) = games::threats_solved(&g);
    let view = View::of(&solution, 0);
    let scene = tree_scene(&g, &numbers, view.as_ref(), Direction::Fitting).expect("small");
    let heavy: Vec<_> = scene.branches.iter().filter(|b| b.weight == Weight::Path).collect();
    // 2 types; threat from both, quiet from the weak; concede and resist after each; one end each.
    assert_eq!(heavy.len(), 2 + 3 + 4 + 2);
    for branch in &heavy {
        assert!(branch.from == 0 || heavy.iter().any(|b| b.to == branch.from));
    }
    let text = svg(&scene, &SvgOptions::default());
    assert!(text.contains("10/13") && text.contains("[2/3]"));
    assert!(View::of(&solution, 1).is_none());
}

#[test]
fn text_is_escaped_and_the_document_is_complete() {
    for (name, game, (numbers, solution)) in games::pictures() {
        let scene =
            tree_scene(&game, &numbers, View::of(&solution, 0).as_ref(), Direction::Fitting).expect("small");
        let text = svg(&scene, &SvgOptions::default());
        assert_eq!(text, svg(&scene, &SvgOptions::default()));
        assert!(text.starts_with("<svg ") && text.ends_with("</svg>\n"), "{name}");
        assert!(!text.contains("<the>"), "{name}");
        assert!(text.contains(&format!("viewBox=\"0 0 {} {}\"", scene.width, scene.height)));
        assert!(!text.contains("NaN") && !text.contains("\"inf"));
        // Nothing is asked from outside.
        assert_eq!(text.matches("http").count(), 1, "only the name space");
        balanced(&text);
    }
}

#[test]
fn the_same_scene_is_a_document_for_latex() {
    for (name, game, (numbers, solution)) in games::pictures() {
        let scene =
            tree_scene(&game, &numbers, View::of(&solution, 0).as_ref(), Direction::Fitting).expect("small");
        let text = tikz(&scene, TikzForm::Document);
        assert_eq!(text, tikz(&scene, TikzForm::Document));
        assert!(text.starts_with("\\documentclass") && text.ends_with("\\end{document}\n"), "{name}");
        assert!(
            text.contains(&tikz(&scene, TikzForm::Picture).lines().skip(1).collect::<Vec<_>>().join("\n"))
        );
        assert!(!text.contains("NaN") && !text.contains("inf,"), "{name}");
        // One node of text per label, one path per branch and set.
        assert_eq!(text.matches("\\node[").count(), scene.labels.len() + scene.legend.len(), "{name}");
        let lines = scene.legend.iter().filter(|k| matches!(k.sign, Some((Sign::Line(_) | Sign::Set(_), _))));
        let paths = scene.branches.len() + scene.sets.len() + lines.count();
        assert_eq!(text.matches("\\draw[").count(), paths, "{name}");
        let plain = text.replace("\\{", "").replace("\\}", "");
        assert_eq!(plain.matches('{').count(), plain.matches('}').count(), "{name}");
        assert!(text.lines().all(|l| !l.ends_with(' ') || l.starts_with('%')), "{name}");
    }
}

/// Every opened element is closed, in order.
fn balanced(text: &str) {
    let mut open: Vec<&str> = Vec::new();
    for part in text.split('<').skip(1) {
        let (tag, _) = part.split_once('>').expect("every tag ends");
        let name = tag.trim_start_matches('/').split([' ', '/']).next().expect("a name");
        if tag.starts_with('/') {
            assert_eq!(open.pop(), Some(name));
        } else if !tag.ends_with('/') {
            open.push(name);
        }
    }
    assert!(open.is_empty());
}

#[test]
fn a_tree_beyond_the_limit_is_refused_with_its_size() {
    let names: Vec<String> = (0..=MOST_ENDS).map(|i| format!("m{i}")).collect();
    let branches = names.iter().map(|n| (n.as_str(), games::end("", &["0"]))).collect();
    let g = games::game("wide", &["P"], &[], games::act(0, "pick", "", branches));
    let (numbers, _) = (g.numbers(&[]).expect("numbers"), ());
    let refused = tree_scene(&g, &numbers, None, Direction::Fitting);
    assert_eq!(refused, Err(TreeError::TooLarge { ends: MOST_ENDS + 1, limit: MOST_ENDS }));
}

#[test]
fn few_ends_grow_down_and_many_grow_right() {
    for (name, scene) in scenes().iter().filter(|(name, _)| name.contains("Fitting")) {
        let root = scene.marks.iter().find(|m| m.node == 0).expect("a root").at;
        let wide = name.starts_with("thirty");
        let ends = scene.marks.iter().filter(|m| m.shape == Shape::End);
        assert!(ends.map(|m| m.at).all(|p| if wide { p.x > root.x } else { p.y > root.y }), "{name}");
    }
}
