//! The program under test.

use std::{
    env,
    io::{self, Write},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// The program: `WEIR_BIN`, or the one that was built beside the tests.
///
/// # Panics
/// If it is not there.
pub fn binary() -> PathBuf {
    let beside = || {
        let tests = env::current_exe().expect("a test knows its own path");
        // target/debug/deps/e2e-... -> target/debug/weir
        let folder = tests.parent().and_then(Path::parent);
        folder.expect("tests lie in a target folder").join("weir")
    };
    let path = env::var_os("WEIR_BIN").map_or_else(beside, PathBuf::from);
    assert!(
        path.is_file(),
        "there is no program {}: run `cargo build -p weir-cli` first, or set WEIR_BIN",
        path.display()
    );
    path
}

/// The root of the repository: cargo runs tests in the folder of their package. The folder that they were built in may be
/// another one.
pub fn repository() -> PathBuf {
    let package = env::current_dir().expect("there is a current folder");
    package.join("../..")
}

/// A command of the program, without any variable of the surroundings that configures it.
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

/// What a command left behind.
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

/// Says something to the person who runs the tests, also when the test passes: the test runner
/// keeps back only what `println` and its kind write.
pub fn say(text: &str) {
    let mut out = io::stderr().lock();
    // Nothing can be said where nobody listens.
    let _ = writeln!(out, "\n{text}");
}
