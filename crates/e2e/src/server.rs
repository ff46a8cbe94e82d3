//! A running `weir serve`.

use std::{
    env, fs,
    process::{Child, Command, ExitStatus},
    thread,
    time::{Duration, Instant},
};

use crate::{Client, Place, program::weir, until};

/// How long a start or a stop can take on a busy machine.
const DEADLINE: Duration = Duration::from_secs(60);

const UNLIMITED: [&str; 4] = [
    "WEIR_LIMITS_PERSON_READS",
    "WEIR_LIMITS_PERSON_REQUESTS",
    "WEIR_LIMITS_KEY_REQUESTS",
    "WEIR_LIMITS_ADDRESS_ATTEMPTS",
];

/// Options for starting a server.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The key that the first start creates; without it, the start generates keys.
    pub key: Option<String>,
    /// Variables that configure the server.
    pub environment: Vec<(&'static str, String)>,
    /// The certificate (DER) that it will present, if it serves TLS.
    pub certificate: Option<Vec<u8>>,
}

impl Options {
    /// A client for the server at `url`.
    pub fn client(&self, url: &str, key: Option<&str>) -> Client {
        match &self.certificate {
            Some(certificate) => Client::with_certificate(url, key, certificate),
            None => Client::new(url, key),
        }
    }
}

/// A running server; killed when dropped, except where coverage is measured: then it is asked to stop, because it
/// writes which lines it ran when it stops.
#[derive(Debug)]
pub struct Server {
    child: Child,
    url: String,
    /// What it printed to standard output when it started.
    greeting: String,
    log: std::path::PathBuf,
    /// The time from its start until it reported that it is ready.
    pub started_in: Duration,
}

impl Server {
    /// Starts a server on a free port of this machine and waits until it is ready.
    pub fn start(place: &Place, options: &Options) -> Self {
        let started = Instant::now();
        let child = spawn(place, options);
        let mut server = Self {
            child,
            url: String::new(),
            greeting: String::new(),
            log: place.log(),
            started_in: Duration::ZERO,
        };
        server.greeting = until("the server's greeting", DEADLINE, || {
            server.check_alive();
            greeting(place)
        });
        let first_line = server.greeting.lines().next().unwrap_or_default();
        server.url = first_line.replace("Weir is at ", "").trim().to_owned();
        let client = options.client(&server.url, None);
        until("the server to be ready", DEADLINE, || {
            server.check_alive();
            let answer = client.get("/readyz").try_send().ok()?;
            (answer.status == 200).then_some(())
        });
        server.started_in = started.elapsed();
        server
    }

    /// Its address.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The process's id.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Asks the server to read its certificate again (SIGHUP).
    pub fn hang_up(&self) {
        self.signal("HUP");
    }

    /// What the start printed after a label, such as `setup link` or `ingest key`.
    pub fn printed(&self, name: &str) -> Option<String> {
        let mut lines = self.greeting.lines().map(str::trim);
        lines.find_map(|line| Some(line.strip_prefix(name)?.trim().to_owned()))
    }

    /// Kills the process, as `kill -9` does.
    pub fn kill(mut self) {
        self.child.kill().expect("the server runs");
        self.child.wait().expect("the server ends");
    }

    /// Asks the server to stop (SIGTERM) and waits until it has.
    pub fn stop(mut self) -> ExitStatus {
        self.signal("TERM");
        until("the server to stop", DEADLINE, || {
            self.child.try_wait().expect("the server can be waited for")
        })
    }

    /// Asks the server to stop, and waits until it has, or for as long as this.
    fn stop_within(&mut self, most: Duration) {
        let begun = Instant::now();
        if !matches!(self.child.try_wait(), Ok(None)) {
            return;
        }
        self.signal("TERM");
        while matches!(self.child.try_wait(), Ok(None)) && begun.elapsed() < most {
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// The standard library can send only SIGKILL; every shell has `kill`.
    fn signal(&self, name: &str) {
        let asked = Command::new("sh")
            .args(["-c", "kill -\"$0\" \"$1\"", name, &self.pid().to_string()])
            .status();
        assert!(asked.expect("there is a shell").success());
    }

    /// Everything that it wrote to its log.
    pub fn log(&self) -> String {
        fs::read_to_string(&self.log).unwrap_or_default()
    }

    fn check_alive(&mut self) {
        if let Ok(Some(status)) = self.child.try_wait() {
            panic!("the server ended at its start: {status}\n{}", self.tail());
        }
    }

    /// The end of its log.
    fn tail(&self) -> String {
        let log = fs::read_to_string(&self.log).unwrap_or_default();
        let lines: Vec<&str> = log.lines().collect();
        lines[lines.len().saturating_sub(20)..].join("\n")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // What follows fails if it has already ended, which is fine.
        if env::var_os("LLVM_PROFILE_FILE").is_some() {
            self.stop_within(DEADLINE);
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
        if thread::panicking() {
            eprintln!("the server's log ended with:\n{}", self.tail());
        }
    }
}

fn spawn(place: &Place, options: &Options) -> Child {
    let (out, log) = place.files();
    let mut command = weir(&["serve", "--listen", "127.0.0.1:0"]);
    command
        .arg("--data-dir")
        .arg(place.data())
        .env("WEIR_LOG", "warn")
        // Tests send more requests than people; tests of the limits set them again.
        .envs(UNLIMITED.map(|name| (name, "0")))
        // Events in tests happened long ago: executions would be stale immediately.
        .env("WEIR_EXECUTIONS_STALE_AFTER", "100000d");
    if let Some(key) = &options.key {
        command.env("WEIR_BOOTSTRAP_API_KEY", key);
    }
    for (name, value) in &options.environment {
        command.env(name, value);
    }
    let child = command.stdout(out).stderr(log).spawn();
    child.expect("the program can be started")
}

/// The greeting, once it is complete: it is written in one piece.
fn greeting(place: &Place) -> Option<String> {
    let greeting = fs::read_to_string(place.out()).ok()?;
    (greeting.starts_with("Weir is at ") && greeting.ends_with('\n')).then_some(greeting)
}
