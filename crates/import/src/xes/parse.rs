//! The XML of a log, read as a stream of traces.

use quick_xml::Reader;
use quick_xml::XmlVersion;
use quick_xml::errors::SyntaxError;
use quick_xml::events::{BytesStart, Event};

use crate::cases::{Attributes, LogEvent, Trace, Unread};
use crate::error::ImportError;
use crate::input::{Input, Lines};
use crate::record::Setting;

use super::event::{log_event, typed};

/// An item at the top level of a log.
pub(crate) enum Item {
    LogName(String),
    Trace(Trace),
    OrphanEvent(u64),
    End,
}

/// An element boundary, owned; text, comments and declarations have no meaning in XES.
enum Token {
    Open(Element),
    Close,
    End,
}

struct Element {
    tag: String,
    key: Option<String>,
    value: Option<String>,
    line: u64,
}

pub(crate) struct Parser<'a> {
    input: &'a mut Input,
    xml: Reader<Lines>,
    buffer: Vec<u8>,
    setting: &'a Setting<'a>,
    /// The number of open elements around the next token.
    depth: usize,
}

impl<'a> Parser<'a> {
    pub fn new(input: &'a mut Input, setting: &'a Setting<'a>) -> Self {
        let mut xml = Reader::from_reader(input.take_text());
        xml.config_mut().expand_empty_elements = true;
        Self {
            input,
            xml,
            buffer: Vec::new(),
            setting,
            depth: 0,
        }
    }

    /// The next item of the log; traces are complete. Fails if the XML is truncated or malformed.
    pub fn next(&mut self) -> Result<Item, ImportError> {
        loop {
            let element = match self.token()? {
                Token::End if self.depth > 0 => return Err(self.cut_off("the log")),
                Token::End => return Ok(Item::End),
                Token::Close => continue,
                Token::Open(element) => element,
            };
            if self.depth == 1 {
                self.expect_log(&element)?;
                continue;
            }
            match element.tag.as_str() {
                "trace" => return Ok(Item::Trace(self.trace(element.line)?)),
                "event" => {
                    self.skip(&element)?;
                    return Ok(Item::OrphanEvent(element.line));
                }
                _ => {
                    self.skip(&element)?;
                    if let (Some("concept:name"), Some(name)) =
                        (element.key.as_deref(), element.value)
                    {
                        return Ok(Item::LogName(name));
                    }
                }
            }
        }
    }

    fn expect_log(&self, root: &Element) -> Result<(), ImportError> {
        if root.tag == "log" {
            return Ok(());
        }
        Err(self.input.malformed(
            root.line,
            format!(
                "not an XES log: the root element is <{}>, not <log>",
                root.tag
            ),
        ))
    }

    fn trace(&mut self, line: u64) -> Result<Trace, ImportError> {
        let mut trace = Trace {
            line,
            ..Trace::default()
        };
        let mut index = 0;
        let what = format!("the trace in line {line}");
        loop {
            match self.token()? {
                Token::End => return Err(self.cut_off(&what)),
                Token::Close => break,
                Token::Open(element) if element.tag == "event" => {
                    match self.event(element.line, index)? {
                        Ok(event) => trace.events.push(event),
                        Err(unread) => trace.refused.push(unread),
                    }
                    index += 1;
                }
                Token::Open(element) => self.attribute(element, "", &mut trace.attributes)?,
            }
        }
        trace.end_line = self.xml.get_ref().line();
        trace.name = trace.attributes.take_text("concept:name");
        Ok(trace)
    }

    fn event(&mut self, line: u64, index: usize) -> Result<Result<LogEvent, Unread>, ImportError> {
        let mut attributes = Attributes::default();
        let what = format!("the event in line {line}");
        loop {
            match self.token()? {
                Token::End => return Err(self.cut_off(&what)),
                Token::Close => break,
                Token::Open(element) => self.attribute(element, "", &mut attributes)?,
            }
        }
        Ok(log_event(line, index, attributes, self.setting))
    }

    /// Reads an attribute and those nested in it, which are named by the path of their keys.
    fn attribute(
        &mut self,
        element: Element,
        parent: &str,
        into: &mut Attributes,
    ) -> Result<(), ImportError> {
        let path = match &element.key {
            Some(key) if parent.is_empty() => key.clone(),
            Some(key) => format!("{parent}/{key}"),
            None => parent.to_owned(),
        };
        if let Some(value) = element.value {
            into.add(&path, typed(&element.tag, value));
        }
        loop {
            match self.token()? {
                Token::End => {
                    return Err(self.cut_off(&format!("the attribute in line {}", element.line)));
                }
                Token::Close => return Ok(()),
                Token::Open(child) => self.attribute(child, &path, into)?,
            }
        }
    }

    fn skip(&mut self, element: &Element) -> Result<(), ImportError> {
        let outside = self.depth - 1;
        while self.depth > outside {
            if let Token::End = self.token()? {
                return Err(self.cut_off(&format!("<{}> in line {}", element.tag, element.line)));
            }
        }
        Ok(())
    }

    fn token(&mut self) -> Result<Token, ImportError> {
        loop {
            self.buffer.clear();
            let token = match self.xml.read_event_into(&mut self.buffer) {
                Err(error) => return Err(self.xml_error(&error)),
                Ok(Event::Start(start)) => element(&start).map(Token::Open),
                Ok(Event::End(_)) => Ok(Token::Close),
                Ok(Event::Eof) => Ok(Token::End),
                Ok(_) => continue,
            };
            let line = self.xml.get_ref().line();
            let mut token = token.map_err(|detail| self.input.malformed(line, detail))?;
            match &mut token {
                Token::Open(element) => {
                    self.depth += 1;
                    element.line = line;
                }
                Token::Close => self.depth -= 1,
                Token::End => {}
            }
            return Ok(token);
        }
    }

    fn xml_error(&self, error: &quick_xml::Error) -> ImportError {
        let line = self.xml.get_ref().line();
        match error {
            quick_xml::Error::Io(source) => self.input.read_error(line, source),
            quick_xml::Error::Syntax(syntax)
                if !matches!(syntax, SyntaxError::InvalidBangMarkup) =>
            {
                self.input
                    .truncated(line, format!("the XML is incomplete ({syntax})"))
            }
            quick_xml::Error::Encoding(_) => self.input.malformed(
                line,
                "the text is not UTF-8: set --encoding to its encoding, for example windows-1252",
            ),
            other => self
                .input
                .malformed(line, format!("the XML is not well-formed: {other}")),
        }
    }

    fn cut_off(&self, open: &str) -> ImportError {
        self.input
            .truncated(self.xml.get_ref().line(), format!("{open} is not closed"))
    }
}

fn element(start: &BytesStart<'_>) -> Result<Element, String> {
    let mut element = Element {
        tag: text(start.local_name().as_ref())?,
        key: None,
        value: None,
        line: 0,
    };
    for attribute in start.attributes().with_checks(false) {
        let attribute =
            attribute.map_err(|error| format!("the XML is not well-formed: {error}"))?;
        let slot = match text(attribute.key.as_ref())?.as_str() {
            "key" => &mut element.key,
            "value" => &mut element.value,
            _ => continue,
        };
        let value = attribute.normalized_value(XmlVersion::Implicit1_0);
        *slot = Some(
            value
                .map_err(|error| format!("the XML is not well-formed: {error}"))?
                .into_owned(),
        );
    }
    Ok(element)
}

fn text(name: impl AsRef<[u8]>) -> Result<String, String> {
    String::from_utf8(name.as_ref().to_vec()).map_err(|_| "a name that is not UTF-8".to_owned())
}
