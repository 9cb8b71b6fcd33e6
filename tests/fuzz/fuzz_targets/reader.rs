//! The checks of tests/reader_properties.rs on whatever bytes the fuzzer finds.

#![no_main]

#[path = "../../reader/mod.rs"]
mod reader;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    reader::any_bytes(bytes);
    reader::any_changes(bytes);
});
