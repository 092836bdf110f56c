#![no_main]

use std::sync::LazyLock;

use footfall_fuzz::Stage;
use libfuzzer_sys::fuzz_target;

static STAGE: LazyLock<Stage> = LazyLock::new(Stage::new);

fuzz_target!(|query: &str| {
    STAGE.put(&format!("idsite=1&rec=1&{query}"), b"", |gate, incoming, sites| gate.matomo(incoming, sites));
});
