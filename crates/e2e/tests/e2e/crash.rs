//! The server is killed again and again while events arrive, on one data directory.

mod producer;

use std::{
    env, thread,
    time::{Duration, Instant},
};

use producer::{Ledger, Producer, Retries, add};
use rand::{Rng, SeedableRng, rngs::StdRng};
use serde_json::{Value, json};
use weir_e2e::{Client, Options, Place, Server, events, say};

const KEY: &str = "weir_crash_0c7f41d95b2e8a36";
/// 2024-05-01: of events that are this old, only days and hours are rolled up.
const LONG_AGO: i64 = 1_714_521_600_000;
/// Six hours: of events that are this recent, minutes are rolled up too.
const LATELY: i64 = 6 * 3_600_000;
/// The number of rounds after which the figures are compared.
const CHECK_EVERY: u32 = 5;
/// The number of rounds after which the rollups are verified; that also closes the store cleanly, so
/// that kills occur with short logs and long ones.
const VERIFY_EVERY: u32 = 20;
/// The number of rounds after which the server runs for more than a second, so that compaction runs.
const LONG_EVERY: u32 = 10;

/// The variables of an encrypted store.
const ENCRYPTED: &[(&str, &str)] = &[
    ("WEIR_ENCRYPT_STORE", "true"),
    ("WEIR_CRYPTO_MODULE", "builtin"),
];

#[test]
fn every_acknowledged_event_is_stored_once_after_repeated_kills() {
    let rounds = number("WEIR_CRASH_ROUNDS", 50) as u32;
    kill_again_and_again(&[], rounds);
}

#[test]
fn an_encrypted_store_survives_kills_like_an_unencrypted_one() {
    let rounds = number("WEIR_CRASH_ROUNDS", 50) as u32;
    kill_again_and_again(ENCRYPTED, rounds.div_ceil(5));
}

fn kill_again_and_again(environment: Environment, rounds: u32) {
    let seed = number("WEIR_CRASH_SEED", 1);
    let mut run = Crashes::new(seed, environment);
    for round in 1..=rounds {
        run.round(round);
        if round.is_multiple_of(VERIFY_EVERY) {
            run.verify(&format!("after kill {round}"));
        }
    }
    run.verify("after the last kill");
    let server = run.start();
    run.recover_and_check(&server);
    assert!(server.stop().success());
    run.verify("after an orderly stop");
    run.report(seed, rounds);
}

/// A number from an environment variable, or the default.
fn number(variable: &str, default: u64) -> u64 {
    env::var(variable).map_or(default, |text| text.parse().expect(variable))
}

type Environment = &'static [(&'static str, &'static str)];

struct Crashes {
    place: Place,
    environment: Environment,
    random: StdRng,
    producers: Vec<Producer>,
    starts: Vec<Duration>,
    began: Instant,
}

impl Crashes {
    fn new(seed: u64, environment: Environment) -> Self {
        let lately = events::now() - LATELY;
        let producer = |(index, base)| Producer::new(&format!("flow-{index}"), seed + index, base);
        Self {
            place: Place::new(),
            environment,
            random: StdRng::seed_from_u64(seed),
            producers: (0..)
                .zip([LONG_AGO, lately, lately])
                .map(producer)
                .collect(),
            starts: Vec::new(),
            began: Instant::now(),
        }
    }

    fn start(&mut self) -> Server {
        let given = self.environment.iter();
        let environment = given.chain(&[("WEIR_STORE_COMPACTION_SECONDS", "1")]);
        let options = Options {
            key: Some(KEY.to_owned()),
            environment: environment
                .map(|&(name, value)| (name, value.to_owned()))
                .collect(),
            ..Options::default()
        };
        let server = Server::start(&self.place, &options);
        self.starts.push(server.started_in);
        server
    }

    /// Starts the server, lets the producers work, and kills it at a random moment.
    fn round(&mut self, round: u32) {
        let server = self.start();
        if round.is_multiple_of(CHECK_EVERY) {
            self.check_that_nothing_is_lost(&server);
            self.recover_and_check(&server);
        } else {
            self.recover(&server);
        }
        let life = match round.is_multiple_of(LONG_EVERY) {
            true => self.random.random_range(1_000..1_600),
            false => self.random.random_range(5..=150),
        };
        let url = server.url().to_owned();
        thread::scope(|scope| {
            for producer in &mut self.producers {
                let client = Client::new(&url, Some(KEY));
                scope.spawn(move || producer.work(&client));
            }
            // This is not a wait for a state: the kill must come at a random moment.
            thread::sleep(Duration::from_millis(life));
            server.kill();
        });
    }

    fn recover(&mut self, server: &Server) {
        let client = Client::new(server.url(), Some(KEY));
        for producer in &mut self.producers {
            producer.recover(&client);
        }
    }

    /// Before anything is sent again: the stored events are at least those acknowledged and at most those
    /// sent.
    fn check_that_nothing_is_lost(&self, server: &Server) {
        let acknowledged = self.ledger().get("events").copied().unwrap_or(0);
        let unanswered: i64 = self.producers.iter().map(Producer::unanswered).sum();
        let stored = figures(server, &Ledger::from([("events", 0)]))["events"];
        assert!(
            (acknowledged..=acknowledged + unanswered).contains(&stored),
            "{stored} events are stored; {acknowledged} were acknowledged, {unanswered} more sent"
        );
    }

    /// After everything unanswered was sent again: every figure matches the acknowledged events.
    fn recover_and_check(&mut self, server: &Server) {
        self.recover(server);
        let expected = self.ledger();
        assert_eq!(figures(server, &expected), expected);
    }

    fn verify(&self, when: &str) {
        let ended = self
            .place
            .weir_with(&["rollup", "verify"], self.environment);
        assert_eq!(ended.code, Some(0), "{when}: {}{}", ended.out, ended.err);
        assert!(ended.out.contains("no difference"), "{when}: {}", ended.out);
    }

    fn ledger(&self) -> Ledger {
        let mut all = Ledger::new();
        for producer in &self.producers {
            add(&mut all, &producer.ledger);
        }
        all
    }

    /// Prints what happened, and asserts that the kills interrupted batches.
    fn report(&self, seed: u64, rounds: u32) {
        let retries = self.producers.iter().map(|producer| producer.retries);
        let Retries { stored, lost } = retries.fold(Retries::default(), |all, one| Retries {
            stored: all.stored + one.stored,
            lost: all.lost + one.lost,
        });
        let events = self.ledger()["events"];
        say(&format!(
            "seed {seed}: {rounds} kills in {:.0?}, {events} events acknowledged; of the batches \
             unanswered at a kill {stored} were stored and {lost} were not; \
             starts took (ms) {:?}",
            self.began.elapsed(),
            milliseconds(&self.starts),
        ));
        let interrupted = stored + lost;
        assert!(
            interrupted >= rounds as usize,
            "only {interrupted} batches were interrupted: the kills occurred while nothing was sent"
        );
    }
}

/// The server's figures for the metrics of a ledger.
fn figures(server: &Server, metrics: &Ledger) -> Ledger {
    let names: Vec<&str> = metrics.keys().copied().collect();
    let client = Client::new(server.url(), Some(KEY));
    let answer = client.query(&json!({"metrics": names, "range": {"all": true}}));
    let row = &answer["rows"][0];
    let whole = |value: &Value| value.as_f64().map_or(i64::MIN, |figure| figure as i64);
    names
        .iter()
        .map(|&name| (name, whole(&row[name])))
        .collect()
}

fn milliseconds(times: &[Duration]) -> Vec<u128> {
    times.iter().map(Duration::as_millis).collect()
}
