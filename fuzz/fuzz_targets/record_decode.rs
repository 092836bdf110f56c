#![no_main]

use std::sync::LazyLock;

use footfall_fuzz::Stage;
use footfall_ingest::record;
use libfuzzer_sys::fuzz_target;

static STAGE: LazyLock<Stage> = LazyLock::new(Stage::new);

fuzz_target!(|bytes: &[u8]| {
    if let Ok(hit) = record::decode(bytes) {
        STAGE.follow(hit);
    }
});
