//! The drawing in `ARCHITECTURE.md` is this table: no crate may use another than it says.

use std::process::Command;

const ARROWS: &[(&str, &[&str])] = &[
    ("footfall-model", &[]),
    ("footfall-journal", &[]),
    ("footfall-devices", &[]),
    ("footfall-store", &["footfall-model"]),
    ("footfall-store-duckdb", &["footfall-model", "footfall-store"]),
    ("footfall-ingest", &["footfall-model", "footfall-journal", "footfall-devices", "footfall-store"]),
    ("footfall-report", &["footfall-model", "footfall-store"]),
    ("footfall-admin", &["footfall-model"]),
    ("footfall-api", &["footfall-model", "footfall-report", "footfall-admin"]),
    (
        "footfall",
        &[
            "footfall-model",
            "footfall-journal",
            "footfall-devices",
            "footfall-store",
            "footfall-store-duckdb",
            "footfall-ingest",
            "footfall-report",
            "footfall-admin",
            "footfall-api",
        ],
    ),
];

#[test]
fn only_the_drawn_arrows_exist() {
    let output = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline"])
        .output()
        .expect("cargo metadata runs");
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).expect("cargo metadata prints JSON");
    let packages = metadata["packages"].as_array().expect("there are packages");
    assert_eq!(packages.len(), ARROWS.len(), "a crate is missing from the drawing");
    for package in packages {
        let from = package["name"].as_str().unwrap_or_default();
        let allowed = ARROWS.iter().find(|(name, _)| *name == from).map(|(_, to)| *to);
        let allowed = allowed.unwrap_or_else(|| panic!("{from} is missing from the drawing"));
        for dependency in package["dependencies"].as_array().into_iter().flatten() {
            let to = dependency["name"].as_str().unwrap_or_default();
            assert!(!to.starts_with("footfall") || allowed.contains(&to), "{from} may not use {to}: see ARCHITECTURE.md");
        }
    }
}
