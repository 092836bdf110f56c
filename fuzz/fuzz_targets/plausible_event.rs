#![no_main]

use std::sync::LazyLock;

use footfall_fuzz::Stage;
use libfuzzer_sys::fuzz_target;

static STAGE: LazyLock<Stage> = LazyLock::new(Stage::new);

fuzz_target!(|body: &[u8]| {
    STAGE.put("", body, |gate, incoming, sites| gate.plausible(incoming, sites));
});
