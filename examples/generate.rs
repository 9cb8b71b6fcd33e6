//! Writes a record of N invented statements with a history of a commit each: `cargo run --example generate -- DIR N`.

#![allow(clippy::print_stdout, reason = "an example speaks to whoever runs it")]

#[path = "generate/record.rs"]
mod record;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let (Some(folder), Some(count)) = (args.next(), args.next().and_then(|count| count.parse().ok())) else {
        return Err("usage: generate DIR N".into());
    };
    record::generate(std::path::Path::new(&folder), count)?;
    println!("{folder}: {count} statements, {} commits", count + 1);
    Ok(())
}
