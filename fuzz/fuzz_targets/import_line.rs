#![no_main]

use std::sync::LazyLock;

use footfall_fuzz::Stage;
use footfall_ingest::import;
use footfall_model::Millis;
use libfuzzer_sys::fuzz_target;

static STAGE: LazyLock<Stage> = LazyLock::new(Stage::new);

fuzz_target!(|line: &[u8]| {
    if let Ok(Some(hit)) = import::line(line, 1, "batch", &STAGE.sites, Millis(1_772_359_200_000)) {
        STAGE.follow(hit);
    }
});
