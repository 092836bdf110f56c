#![no_main]

use footfall_model::Segment;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let _ = Segment::parse(text);
});
