//! Clients that try to overload the server. Each of them is limited, on loopback, and harms only its own
//! requests.

use std::{
    fs,
    io::{Read, Write},
    net::TcpStream,
    os::unix::fs::PermissionsExt,
    thread,
    time::{Duration, Instant},
};

use flate2::{Compression, write::GzEncoder};
use serde_json::Value;
use weir_e2e::{Ended, TestApp, events::execution, run, say, until, weir};

use crate::live;

const TIME: &str = "2024-03-04T10:00:00Z";
const MIB: usize = 1 << 20;

fn good(id: &str) -> Value {
    execution("flow", id, "completed", TIME)
}

/// The memory of the server's process in MiB: `VmRSS`, or `VmHWM` for its peak.
fn memory(app: &TestApp, figure: &str) -> usize {
    let status = fs::read_to_string(format!("/proc/{}/status", app.server().pid())).unwrap();
    let line = status
        .lines()
        .find(|line| line.starts_with(figure))
        .unwrap();
    let kilobytes: usize = line.split_whitespace().nth(1).unwrap().parse().unwrap();
    kilobytes / 1024
}

/// A figure of `/metrics`.
fn metric(app: &TestApp, name: &str) -> f64 {
    let text = app.get("/metrics").text();
    let mut lines = text.lines();
    let line = lines.find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    line.unwrap_or_else(|| panic!("there is no {name}"))
        .parse()
        .unwrap()
}

/// A connection on which the head of a POST request was sent.
pub fn head(app: &TestApp, length: usize) -> TcpStream {
    let address = app.server().url().trim_start_matches("http://");
    let mut stream = TcpStream::connect(address).unwrap();
    let head = format!(
        "POST /api/v1/events HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer {}\r\n\
         content-type: application/json\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n",
        app.key(),
    );
    stream.write_all(head.as_bytes()).unwrap();
    stream
}

/// White space that decompresses to `bytes` bytes.
fn gzip_bomb(bytes: usize) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    let block = vec![b' '; MIB];
    for _ in 0..bytes / block.len() {
        encoder.write_all(&block).unwrap();
    }
    encoder.finish().unwrap()
}

fn zstd_bomb(bytes: usize) -> Vec<u8> {
    let mut encoder = zstd::stream::Encoder::new(Vec::new(), 3).unwrap();
    let block = vec![b' '; MIB];
    for _ in 0..bytes / block.len() {
        encoder.write_all(&block).unwrap();
    }
    encoder.finish().unwrap()
}

/// Sends 32 bodies at once, and small posts while they are processed. Returns how many MiB more the server used
/// at its peak.
fn besieged(app: &TestApp, encoding: &'static str, bomb: &[u8]) -> usize {
    app.take(&good("before"));
    let before = memory(app, "VmHWM");
    thread::scope(|scope| {
        let sent: Vec<_> = (0..32)
            .map(|_| {
                scope.spawn(|| {
                    let call = app.client().post("/api/v1/events").body(bomb);
                    let call = call.header("content-type", "application/json");
                    call.header("content-encoding", encoding).send().status
                })
            })
            .collect();
        for number in 0..10 {
            let answer = app.post_events(&good(&format!("{encoding}-{number}")));
            assert_eq!(answer.status, 200, "{}", answer.text());
        }
        for status in sent {
            // It is white space, so a body that was read completely is not JSON.
            let status = status.join().unwrap();
            assert!([400, 413, 503].contains(&status), "{status}");
        }
    });
    memory(app, "VmHWM") - before
}

/// The memory in MiB that the server may use in addition to bodies: stacks, buffers of connections, the stores.
const BESIDE: usize = 160;

#[test]
fn bombs_take_no_more_memory_than_bodies_may() {
    for (encoding, bomb) in [("gzip", gzip_bomb(64 * MIB)), ("zstd", zstd_bomb(64 * MIB))] {
        assert!(bomb.len() < 100_000);
        let app = TestApp::configured(&[("WEIR_INTAKE_MEMORY_BYTES", "67108864")]);
        let took = besieged(&app, encoding, &bomb);
        say(&format!(
            "32 bombs in {encoding}, refused by ratio: {took} MiB"
        ));
        assert!(took < 64 + BESIDE, "{took} MiB");
        assert!(metric(&app, "weir_intake_bodies_expanding_total") >= 32.0);
    }
    let app = TestApp::configured(&[
        ("WEIR_INTAKE_MEMORY_BYTES", "67108864"),
        ("WEIR_INTAKE_DECODED_RATIO", "100000"),
    ]);
    let took = besieged(&app, "gzip", &gzip_bomb(32 * MIB));
    say(&format!(
        "32 bombs that fit into memory one at a time: {took} MiB"
    ));
    assert!(took < 64 + BESIDE, "{took} MiB");
    until("all memory to be released", Duration::from_secs(30), || {
        (metric(&app, "weir_intake_held_bytes") == 0.0).then_some(())
    });
}

/// A body of empty objects uses memory in proportion to its bytes, not many times that.
#[test]
fn a_body_of_very_many_tiny_records_uses_little_more_memory_than_its_size() {
    const RECORDS: usize = 3_000_000;
    let app = TestApp::start();
    let post = |records: usize| {
        let call = app
            .client()
            .post("/api/v1/events")
            .body("1\n".repeat(records));
        let answer = call.header("content-type", "application/x-ndjson").send();
        assert_eq!(answer.status, 422, "{}", answer.text());
        assert_eq!(answer.json()["rejected"], records);
    };
    // The memory that a first body uses for threads, caches and stores is not due to the records.
    app.take(&good("before"));
    post(RECORDS / 100);
    let before = memory(&app, "VmHWM");
    post(RECORDS);
    let took = memory(&app, "VmHWM") - before;
    say(&format!(
        "{RECORDS} records in {} bytes: {took} MiB",
        2 * RECORDS
    ));
    assert!(took < 80, "{took} MiB");
}

#[test]
fn connections_that_announce_large_bodies_and_send_nothing_block_no_one() {
    let app = TestApp::start();
    let held: Vec<TcpStream> = (0..16).map(|_| head(&app, 32 * MIB)).collect();
    let mut slowest = Duration::ZERO;
    let mut post = |id: String| {
        let started = Instant::now();
        let answer = app.post_events(&good(&id));
        assert_eq!(answer.status, 200, "{}", answer.text());
        slowest = slowest.max(started.elapsed());
    };
    (0..50).for_each(|number| post(format!("announced-{number}")));
    // And some that send a part and stop.
    let stopped = (0..16).map(|_| {
        let mut stream = head(&app, 32 * MIB);
        stream.write_all(&vec![b' '; MIB]).unwrap();
        stream
    });
    let stopped: Vec<TcpStream> = stopped.collect();
    until("the parts to arrive", Duration::from_secs(30), || {
        (metric(&app, "weir_intake_held_bytes") >= 16e6).then_some(())
    });
    (0..50).for_each(|number| post(format!("stopped-{number}")));
    say(&format!(
        "with 32 stalled posts, a small one took {slowest:.1?} at most"
    ));
    assert!(slowest < Duration::from_secs(2), "{slowest:?}");
    drop((held, stopped));
}

#[test]
fn a_body_that_stops_arriving_is_abandoned_and_its_memory_is_released() {
    let app = TestApp::start();
    let mut stream = head(&app, MIB);
    stream.write_all(&[b' '; 1000]).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 400 "), "{answer}");
    assert!(answer.contains("incomplete_body") && answer.contains("4096 bytes per second"));
    assert_eq!(metric(&app, "weir_intake_bodies_too_slow_total"), 1.0);
    assert_eq!(metric(&app, "weir_intake_held_bytes"), 0.0);
}

/// A small version of thousands of pages on machines that are asleep.
#[test]
fn streams_that_no_one_reads_use_little_memory_and_are_closed() {
    const CLIENTS: usize = 300;
    let app = TestApp::configured(&[("WEIR_LIMITS_UNREAD_SECONDS", "3")]);
    let path = live::path(&app);
    let address = app.server().url().trim_start_matches("http://").to_owned();
    let streams: Vec<TcpStream> = (0..CLIENTS)
        .map(|_| {
            let mut stream = TcpStream::connect(&address).unwrap();
            let key = app.key();
            let head = format!(
                "GET {path} HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer {key}\r\n\
                 accept: text/event-stream\r\n\r\n"
            );
            stream.write_all(head.as_bytes()).unwrap();
            stream
        })
        .collect();
    let following = || metric(&app, "weir_live_subscribers");
    until("all to follow", Duration::from_secs(60), || {
        (following() >= CLIENTS as f64).then_some(())
    });
    let before = memory(&app, "VmRSS");
    let (mut slowest, mut highest, mut batch) = (Duration::ZERO, 0, 0);
    until(
        "unread streams to be closed",
        Duration::from_secs(120),
        || {
            let runs: Value = (0..100)
                .map(|n| live::run_of("w", &format!("{batch}-{n}"), "completed"))
                .collect();
            batch += 1;
            let started = Instant::now();
            app.take(&runs);
            slowest = slowest.max(started.elapsed());
            highest = highest.max(memory(&app, "VmRSS"));
            (following() == 0.0).then_some(())
        },
    );
    let given_up = metric(&app, "weir_connections_given_up_total");
    assert!(given_up >= CLIENTS as f64, "{given_up}");
    say(&format!(
        "{CLIENTS} streams that no one reads: {} MiB more, posts of 100 within {slowest:.1?}, \
         {batch} posts until all were given up",
        highest.saturating_sub(before)
    ));
    drop(streams);
}

fn answer_to_head_of(app: &TestApp, bytes: usize) -> String {
    let address = app.server().url().trim_start_matches("http://").to_owned();
    let mut stream = TcpStream::connect(&address).unwrap();
    let begin =
        format!("GET /healthz HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\nx-long: ");
    let filler = "x".repeat(bytes - begin.len() - 4);
    let _ = stream.write_all(format!("{begin}{filler}\r\n\r\n").as_bytes());
    let mut answer = String::new();
    let _ = stream.read_to_string(&mut answer);
    answer
}

#[test]
fn a_head_can_have_64_kib_and_not_a_byte_more() {
    let app = TestApp::start();
    let whole = answer_to_head_of(&app, 64 * 1024);
    assert!(whole.starts_with("HTTP/1.1 200 "), "{whole}");
    for bytes in [64 * 1024 + 1, 70_000, 71_680] {
        let refused = answer_to_head_of(&app, bytes);
        assert!(refused.starts_with("HTTP/1.1 431 "), "{bytes}: {refused}");
        assert!(refused.contains("head_too_large"), "{bytes}: {refused}");
    }
    let refused = answer_to_head_of(&app, 200_000);
    assert!(
        refused.is_empty() || refused.starts_with("HTTP/1.1 431 "),
        "{refused}"
    );
}

#[test]
fn metrics_of_the_server_can_require_a_key() {
    let app = TestApp::configured(&[("WEIR_METRICS_KEY", "a-key-for-figures")]);
    let shown = |key| app.client().with_key(key).get("/metrics").send().status;
    assert_eq!(shown(Some("a-key-for-figures")), 200);
    for wrong in [None, Some("another"), Some(app.key())] {
        assert_eq!(shown(wrong), 401, "{wrong:?}");
    }
}

#[test]
fn only_the_owner_can_access_the_files_of_the_server() {
    let mut app = TestApp::start();
    app.take(&good("one"));
    let folder = app.place().data();
    let modes = || {
        let entries = fs::read_dir(&folder).unwrap();
        let paths = entries.map(|entry| entry.unwrap().path());
        paths
            .chain([folder.clone()])
            .map(|path| {
                (
                    path.clone(),
                    fs::metadata(path).unwrap().permissions().mode(),
                )
            })
            .filter(|(_, mode)| mode & 0o077 != 0)
            .collect::<Vec<_>>()
    };
    assert_eq!(modes(), []);
    assert!(app.stop().success());
    // As an earlier version created them.
    fs::set_permissions(
        folder.join("events.duckdb"),
        PermissionsExt::from_mode(0o644),
    )
    .unwrap();
    fs::set_permissions(&folder, PermissionsExt::from_mode(0o755)).unwrap();
    let doctor = app.place().weir(&["doctor"]);
    assert!(
        doctor.out.contains("events.duckdb has 644"),
        "{}",
        doctor.out
    );
    app.start_again();
    assert_eq!(modes(), []);
}

fn doctor(app: &TestApp) -> Ended {
    // Another process may use the default port.
    let listen = [("WEIR_LISTEN", "127.0.0.1:0")];
    app.place().weir_with(&["doctor"], &listen)
}

#[test]
fn the_doctor_reports_a_store_in_use_and_damage() {
    let mut app = TestApp::start();
    app.take(&good("one"));
    let used = doctor(&app);
    assert!(used.out.contains(app.server().url()), "{}", used.out);
    assert_eq!(used.code, Some(0), "{}", used.out);
    assert!(app.stop().success());
    let well = doctor(&app);
    assert_eq!(well.code, Some(0), "{}", well.out);
    for line in [
        "in use          no\n",
        "rows can be read",
        "MiB",
        "its pages are consistent",
    ] {
        assert!(well.out.contains(line), "{line}: {}", well.out);
    }
    let data = app.place().data();
    for name in ["events.duckdb", "meta.sqlite"] {
        let path = data.join(name);
        let whole = fs::read(&path).unwrap();
        let mut damaged = whole.clone();
        for byte in damaged.iter_mut().skip(12_000).step_by(64) {
            *byte ^= 0x55;
        }
        fs::write(&path, &damaged).unwrap();
        let found = doctor(&app);
        assert_eq!(found.code, Some(1), "{name}: {}", found.out);
        let line = found.out.lines().find(|line| line.starts_with("FAIL"));
        assert!(line.unwrap().contains(name), "{}", found.out);
        fs::write(&path, &whole).unwrap();
    }
    let ahead = run(weir(&["doctor"])
        .arg("--data-dir")
        .arg(&data)
        .env("WEIR_LISTEN", "127.0.0.1:0")
        .env("WEIR_INTAKE_BODY_BYTE", "1"));
    assert!(
        ahead.out.contains("WEIR_INTAKE_BODY_BYTES?"),
        "{}",
        ahead.out
    );
    let file = fs::File::options()
        .append(true)
        .open(data.join("events.duckdb"))
        .unwrap();
    let tomorrow = std::time::SystemTime::now() + Duration::from_secs(86_400);
    file.set_modified(tomorrow).unwrap();
    let clock = doctor(&app);
    assert_eq!(clock.code, Some(1), "{}", clock.out);
    assert!(clock.out.contains("FAIL  clock"), "{}", clock.out);
}

#[test]
fn the_setup_link_of_a_new_organisation_has_the_address_of_the_server() {
    let app = TestApp::start();
    let made = app.place().weir(&["tenant", "create", "Another"]);
    let link = format!("{}/setup#", app.server().url());
    assert!(made.out.contains(&link), "{}", made.out);
}
