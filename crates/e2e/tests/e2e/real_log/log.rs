//! The log, read independently: a small XES reader, and the figures of the file. It shares no
//! code with the importer.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    fs::File,
    io::BufReader,
    path::Path,
};

use flate2::read::GzDecoder;
use quick_xml::{
    Reader,
    events::{BytesStart, Event},
};

/// The figures of the file.
#[derive(Default)]
pub struct Log {
    pub executions: usize,
    pub events: usize,
    /// Log events by activity.
    pub activities: BTreeMap<String, u64>,
    /// Log events by transition, in lower case.
    pub transitions: BTreeMap<String, u64>,
    /// Ends of steps by activity.
    pub steps: BTreeMap<String, u64>,
    pub users: BTreeSet<String>,
    /// Milliseconds from START to COMPLETE by activity, ascending.
    pub step_durations: BTreeMap<String, Vec<i64>>,
    /// Milliseconds from the first to the last event of each trace, ascending.
    pub execution_durations: Vec<i64>,
    /// Log events by day in the bank's zone.
    pub days: BTreeMap<String, u64>,
    /// The first and the last moment.
    pub range: (i64, i64),
    /// Users with the time of each activity, and its day since 1970 in the bank's zone.
    pub acts: Vec<(String, i64, i64)>,
    /// The log events of each trace, in the order of the file.
    pub traces: Vec<Vec<LogMark>>,
}

/// An event of a trace.
#[derive(Debug)]
pub struct LogMark {
    pub activity: String,
    pub transition: String,
    pub at: i64,
    /// The day in the bank's zone.
    pub day: String,
}

/// An event of the log.
#[derive(Default)]
struct LogEvent {
    activity: String,
    transition: String,
    user: Option<String>,
    /// As written, with the bank's offset.
    time: String,
}

impl Log {
    /// Reads a compressed XES file.
    pub fn read(path: &Path) -> Self {
        let file = File::open(path).unwrap();
        let mut xml = Reader::from_reader(BufReader::new(GzDecoder::new(file)));
        let mut log = Self {
            range: (i64::MAX, i64::MIN),
            ..Self::default()
        };
        let (mut trace, mut event) = (Vec::new(), None::<LogEvent>);
        let mut buffer = Vec::new();
        loop {
            buffer.clear();
            match xml.read_event_into(&mut buffer).unwrap() {
                Event::Start(tag) if tag.name().as_ref() == "event" => {
                    event = Some(LogEvent::default())
                }
                Event::Start(tag) | Event::Empty(tag) => {
                    if let Some(event) = &mut event {
                        event.read(&tag);
                    }
                }
                Event::End(tag) if tag.name().as_ref() == "event" => trace.extend(event.take()),
                Event::End(tag) if tag.name().as_ref() == "trace" => {
                    log.add(&std::mem::take(&mut trace))
                }
                Event::Eof => break,
                _ => {}
            }
        }
        log.execution_durations.sort_unstable();
        log.step_durations
            .values_mut()
            .for_each(|durations| durations.sort_unstable());
        log
    }

    fn add(&mut self, trace: &[LogEvent]) {
        self.executions += 1;
        self.events += trace.len();
        // Open starts by activity; an end belongs to the newest.
        let mut open: HashMap<&str, Vec<i64>> = HashMap::new();
        for event in trace {
            let time = milliseconds(&event.time);
            self.range = (self.range.0.min(time), self.range.1.max(time));
            *self.activities.entry(event.activity.clone()).or_default() += 1;
            let transition = event.transition.to_lowercase();
            *self.transitions.entry(transition).or_default() += 1;
            *self.days.entry(event.time[..10].to_owned()).or_default() += 1;
            self.users.extend(event.user.clone());
            let user = event.user.iter();
            self.acts
                .extend(user.map(|user| (user.clone(), time, bank_day(&event.time))));
            match event.transition.as_str() {
                "START" => open.entry(&event.activity).or_default().push(time),
                "COMPLETE" => {
                    *self.steps.entry(event.activity.clone()).or_default() += 1;
                    if let Some(start) = open.get_mut(event.activity.as_str()).and_then(Vec::pop) {
                        let durations = self.step_durations.entry(event.activity.clone());
                        durations.or_default().push(time - start);
                    }
                }
                _ => {}
            }
        }
        self.traces.push(trace.iter().map(LogEvent::mark).collect());
        let times = trace.iter().map(|event| milliseconds(&event.time));
        let (first, last) = (times.clone().min().unwrap(), times.max().unwrap());
        self.execution_durations.push(last - first);
    }
}

impl LogEvent {
    fn mark(&self) -> LogMark {
        LogMark {
            activity: self.activity.clone(),
            transition: self.transition.clone(),
            at: milliseconds(&self.time),
            day: self.time[..10].to_owned(),
        }
    }

    /// Reads an attribute of the event.
    fn read(&mut self, tag: &BytesStart<'_>) {
        let text = |name: &str| {
            let attribute = tag.try_get_attribute(name).unwrap()?;
            let text = attribute.value.into_owned();
            assert!(!text.contains('&'), "an entity in {text}");
            Some(text)
        };
        let (Some(key), Some(value)) = (text("key"), text("value")) else {
            return;
        };
        match key.as_str() {
            "concept:name" => self.activity = value,
            "lifecycle:transition" => self.transition = value,
            "org:resource" => self.user = Some(value),
            "time:timestamp" => self.time = value,
            _ => {}
        }
    }
}

/// Milliseconds since 1970 of `2011-10-01T00:38:44.546+02:00`.
fn milliseconds(text: &str) -> i64 {
    let number = |from: usize, to: usize| text[from..to].parse::<i64>().unwrap();
    let (year, month, day) = (number(0, 4), number(5, 7), number(8, 10));
    let clock = (number(11, 13) * 60 + number(14, 16)) * 60 + number(17, 19);
    let offset = (number(24, 26) * 60 + number(27, 29)) * 60;
    let offset = if &text[23..24] == "-" {
        -offset
    } else {
        offset
    };
    (days(year, month, day) * 86_400 + clock - offset) * 1000 + number(20, 23)
}

/// The day of a time as written, since 1970-01-01.
fn bank_day(text: &str) -> i64 {
    let number = |from: usize, to: usize| text[from..to].parse::<i64>().unwrap();
    days(number(0, 4), number(5, 7), number(8, 10))
}

/// Days from 1970-01-01 to a date after 1901, by counting leap years.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let leap = |year: i64| year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let lengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let before: i64 = (1970..year)
        .map(|year| if leap(year) { 366 } else { 365 })
        .sum();
    let months: i64 = lengths[..month as usize - 1].iter().sum();
    before + months + i64::from(month > 2 && leap(year)) + day - 1
}

/// The smallest value that is at least as large as a share `q` of all values: the nearest-rank rule.
pub fn quantile(sorted: &[i64], q: f64) -> i64 {
    let rank = (q * sorted.len() as f64).ceil() as usize;
    sorted[rank.max(1) - 1]
}

#[test]
fn a_moment_is_read_with_its_offset() {
    assert_eq!(
        milliseconds("2011-10-01T00:38:44.546+02:00"),
        1_317_422_324_546
    );
    assert_eq!(
        milliseconds("2012-02-29T12:00:00.000+01:00"),
        1_330_513_200_000
    );
    assert_eq!(
        milliseconds("2012-03-01T00:00:00.001-00:30"),
        1_330_561_800_001
    );
}

#[test]
fn a_quantile_is_the_value_at_its_nearest_rank() {
    let sorted = [10, 20, 30, 40, 50];
    assert_eq!(
        [0.0, 0.2, 0.5, 0.95, 1.0].map(|q| quantile(&sorted, q)),
        [10, 10, 30, 50, 50]
    );
}
