//! A client of server-sent events that behaves like a browser's.

use std::{
    io::{BufRead, BufReader},
    time::Instant,
};

use serde_json::Value;
use ureq::BodyReader;

use crate::{Answer, Call};

/// An open stream of events.
pub struct Follow {
    lines: BufReader<BodyReader<'static>>,
    /// The id of the last event.
    pub last_id: String,
}

/// An event of a stream.
#[derive(Clone, Debug)]
pub struct News {
    /// The id after which to resume.
    pub id: String,
    /// Its type.
    pub event: String,
    /// Its data.
    pub data: Value,
    /// When it arrived.
    pub at: Instant,
}

impl Call<'_> {
    /// Opens a stream, from the present or after the last event of another.
    ///
    /// # Errors
    /// Returns the response if it is not a stream.
    pub fn follow(self, last_id: Option<&str>) -> Result<Follow, Box<Answer>> {
        let call = self.header("accept", "text/event-stream");
        let call = match last_id {
            Some(id) => call.header("last-event-id", id),
            None => call,
        };
        let response = call.response().expect("the server answers");
        let kind = response.headers().get("content-type");
        let streams = kind.is_some_and(|kind| kind == "text/event-stream");
        if response.status() != 200 || !streams {
            return Err(Box::new(
                Answer::of(response).expect("the response arrives"),
            ));
        }
        Ok(Follow {
            lines: BufReader::new(response.into_body().into_reader()),
            last_id: last_id.unwrap_or_default().to_owned(),
        })
    }
}

impl Follow {
    /// The next event; `None` if the stream has ended, cleanly or not.
    pub fn next_news(&mut self) -> Option<News> {
        let (mut event, mut data) = (String::new(), String::new());
        loop {
            let mut line = String::new();
            if self.lines.read_line(&mut line).ok()? == 0 {
                return None;
            }
            let line = line.trim_end_matches(['\r', '\n']);
            match line.split_once(": ").unwrap_or((line, "")) {
                ("id", id) => id.clone_into(&mut self.last_id),
                ("event", name) => name.clone_into(&mut event),
                ("data", text) => data.push_str(text),
                ("", _) if !data.is_empty() => {
                    return Some(News {
                        id: self.last_id.clone(),
                        event,
                        data: serde_json::from_str(&data).expect("data is JSON"),
                        at: Instant::now(),
                    });
                }
                _ => {}
            }
        }
    }

    /// The next event of a type; others before it are skipped.
    ///
    /// # Panics
    /// If the stream ends first.
    pub fn next_of(&mut self, event: &str) -> News {
        loop {
            let news = self.next_news();
            let news = news.unwrap_or_else(|| panic!("the stream ended before {event}"));
            if news.event == event {
                return news;
            }
        }
    }
}
