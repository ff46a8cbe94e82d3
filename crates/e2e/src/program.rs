//! The program under test.

use std::{
    env,
    io::{self, Write},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// The program: `WEIR_BIN`, or the one that was built next to the tests.
///
/// # Panics
/// If it does not exist.
pub fn binary() -> PathBuf {
    let beside = || {
        let tests = env::current_exe().expect("a test knows its own path");
        // target/debug/deps/e2e-... -> target/debug/weir
        let folder = tests.parent().and_then(Path::parent);
        folder.expect("tests are in a target folder").join("weir")
    };
    let path = env::var_os("WEIR_BIN").map_or_else(beside, PathBuf::from);
    assert!(
        path.is_file(),
        "there is no program {}: run `cargo build -p weir-cli` first, or set WEIR_BIN",
        path.display()
    );
    path
}

/// The root of the repository: cargo runs tests in the folder of their package, which may differ from the folder that
/// they were built in.
pub fn repository() -> PathBuf {
    let package = env::current_dir().expect("there is a current folder");
    package.join("../..")
}

/// A command of the program, without inherited variables that configure it.
pub fn weir(arguments: &[&str]) -> Command {
    let mut command = Command::new(binary());
    command.args(arguments).stdin(Stdio::null());
    for (name, _) in env::vars_os() {
        if name.to_string_lossy().starts_with("WEIR_") {
            command.env_remove(name);
        }
    }
    command
}

/// The result of a command.
#[derive(Debug)]
pub struct Ended {
    /// Its exit code; `None` if a signal ended it.
    pub code: Option<i32>,
    /// What it wrote to standard output.
    pub out: String,
    /// What it wrote to standard error.
    pub err: String,
}

/// Runs a command to its end.
pub fn run(command: &mut Command) -> Ended {
    let output = command.output().expect("the program can be run");
    Ended {
        code: output.status.code(),
        out: String::from_utf8_lossy(&output.stdout).into_owned(),
        err: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// Prints a message to the person who runs the tests, even if the test passes: the test runner
/// captures only what `println` and similar macros write.
pub fn say(text: &str) {
    let mut out = io::stderr().lock();
    // If standard error is closed, there is no one to tell.
    let _ = writeln!(out, "\n{text}");
}
