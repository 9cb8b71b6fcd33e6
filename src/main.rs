//! The program: environment in, exit code out.

use std::process::ExitCode;

fn main() -> ExitCode {
    liaison::cli::main()
}
