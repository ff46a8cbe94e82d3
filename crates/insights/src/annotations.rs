//! Annotations: releases, incidents and notes on a project's timeline.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use weir_meta::{Annotation, AnnotationFilter, AnnotationKind, StoredAnnotation};
use weir_model::Timestamp;

use crate::{AppError, ErrorCode, Reading, cursor::Cursor, privacy::Viewer};

/// The default and the maximum number of annotations on a page.
const PAGE: u32 = 100;
const MOST_PAGE: u32 = 1_000;
/// The longest title, in bytes.
const TITLE_BYTES: usize = 200;
/// The longest description, in bytes.
const DESCRIPTION_BYTES: usize = 4_000;
/// The longest URL, in bytes.
const URL_BYTES: usize = 2_000;
/// The longest id of a workflow, environment or version, in bytes, as in events.
const ID_BYTES: usize = 256;

/// What an annotation is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = AnnotationKind)]
pub enum Kind {
    /// A version was released.
    Release,
    /// Something was wrong. Without an end, it still is.
    Incident,
    /// Anything else worth remembering.
    Note,
}

impl From<Kind> for AnnotationKind {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Release => Self::Release,
            Kind::Incident => Self::Incident,
            Kind::Note => Self::Note,
        }
    }
}

impl From<AnnotationKind> for Kind {
    fn from(kind: AnnotationKind) -> Self {
        match kind {
            AnnotationKind::Release => Self::Release,
            AnnotationKind::Incident => Self::Incident,
            AnnotationKind::Note => Self::Note,
        }
    }
}

/// An annotation to store.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AnnotationInput {
    /// What it is about.
    pub kind: Kind,
    /// One line of 1 to 200 bytes.
    #[schema(example = "Invoice capture EMEA 9 released")]
    pub title: String,
    /// More about it: up to 4,000 bytes.
    pub description: Option<String>,
    /// An http or https URL of a page about it, such as a commit or a ticket.
    pub url: Option<String>,
    /// The workflow that it concerns; without one, it concerns all.
    pub workflow_id: Option<String>,
    /// The environment that it concerns; without one, it concerns all.
    pub environment: Option<String>,
    /// The version that was released.
    pub version: Option<String>,
    /// When it happened or began; now by default.
    #[schema(value_type = Option<String>, format = "date-time")]
    pub starts_at: Option<Timestamp>,
    /// When it was over. Without an end, a release or note is a moment, and an incident is still open.
    #[schema(value_type = Option<String>, format = "date-time")]
    pub ends_at: Option<Timestamp>,
}

/// A stored annotation.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Annotation)]
pub struct AnnotationView {
    /// Its id, a UUID.
    #[schema(format = "uuid")]
    pub id: String,
    /// What it is about.
    pub kind: Kind,
    /// One line.
    pub title: String,
    /// More about it.
    pub description: Option<String>,
    /// A page about it.
    pub url: Option<String>,
    /// The workflow that it concerns; null concerns all.
    pub workflow_id: Option<String>,
    /// The environment that it concerns; null concerns all.
    pub environment: Option<String>,
    /// The version that was released.
    pub version: Option<String>,
    /// When it happened or began.
    #[schema(value_type = String, format = "date-time")]
    pub starts_at: Timestamp,
    /// When it was over; null for a moment or an open incident.
    #[schema(value_type = Option<String>, format = "date-time")]
    pub ends_at: Option<Timestamp>,
    /// Who added it: an e-mail address, or `key` and the key's id.
    pub author: String,
    /// Starts at 1; each change adds 1. In quotes, it is the `ETag`.
    pub revision: i64,
    /// When it was added.
    #[schema(value_type = String, format = "date-time")]
    pub created_at: Timestamp,
    /// When it was last changed.
    #[schema(value_type = String, format = "date-time")]
    pub updated_at: Timestamp,
    /// Whether its author saw pseudonyms: it is shown as they typed it.
    #[serde(skip)]
    veiled: bool,
}

/// A page of a project's annotations.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AnnotationPage {
    /// The annotations; those that start last come first.
    pub annotations: Vec<AnnotationView>,
    /// The `cursor` of the next page; null on the last page.
    pub next_cursor: Option<String>,
}

/// Which annotations to list, as the viewer names them.
#[derive(Clone, Debug, Default)]
pub struct AnnotationsWanted {
    /// Conditions on the annotations.
    pub filter: AnnotationFilter,
    /// Where the previous page ended.
    pub cursor: Option<String>,
    /// The maximum number on the page.
    pub limit: Option<u32>,
}

impl Reading {
    /// A page of a project's annotations. Fails if the page is not valid or control data cannot be read.
    pub async fn annotations(
        &self,
        viewer: Viewer,
        wanted: AnnotationsWanted,
    ) -> Result<AnnotationPage, AppError> {
        let limit = wanted.limit.unwrap_or(PAGE);
        if !(1..=MOST_PAGE).contains(&limit) {
            let detail = "The number of annotations is out of range.";
            return Err(wrong("limit", detail).fix(format!("1 to {MOST_PAGE}")));
        }
        let mut filter = wanted.filter;
        let values = [&mut filter.workflow, &mut filter.environment];
        for value in values.into_iter().flatten() {
            *value = self.stored_text(viewer, value).await?;
        }
        let cursor = wanted.cursor.as_deref().map(Cursor::parse).transpose()?;
        let after = cursor.as_ref().map(|at| (at.timestamp, at.id.as_str()));
        // One more than requested, to know whether there are more.
        let mut found = self
            .control
            .annotations(viewer.scope(), &filter, after, limit as usize + 1)
            .await?;
        let more = found.len() > limit as usize;
        found.truncate(limit as usize);
        let next_cursor = found.last().filter(|_| more).map(|last| {
            let cursor = Cursor {
                timestamp: last.annotation.starts_at,
                id: last.id.to_string(),
            };
            cursor.encode()
        });
        let mut annotations: Vec<_> = found.into_iter().map(AnnotationView::from).collect();
        let texts = annotations.iter_mut().flat_map(AnnotationView::texts);
        self.veil(viewer, texts.collect()).await?;
        Ok(AnnotationPage {
            annotations,
            next_cursor,
        })
    }

    /// One annotation. Fails if the project has none with this id.
    pub async fn annotation(&self, viewer: Viewer, id: &str) -> Result<AnnotationView, AppError> {
        let id: Uuid = id.parse().map_err(|_| unknown_annotation())?;
        let stored = self.control.annotation(viewer.scope(), id).await?;
        self.shown_annotation(viewer, stored.ok_or_else(unknown_annotation)?)
            .await
    }

    /// A stored annotation as the viewer is allowed to see it. Fails if the users cannot be read.
    pub async fn shown_annotation(
        &self,
        viewer: Viewer,
        stored: StoredAnnotation,
    ) -> Result<AnnotationView, AppError> {
        let mut view = AnnotationView::from(stored);
        self.veil(viewer, view.texts().collect()).await?;
        Ok(view)
    }

    /// The annotation to store. Fails at a field that is not valid.
    pub fn checked_annotation(
        &self,
        viewer: Viewer,
        input: AnnotationInput,
    ) -> Result<Annotation, AppError> {
        Ok(Annotation {
            veiled: viewer.is_veiled(),
            ..input.checked(self.clock.now())?
        })
    }
}

impl AnnotationInput {
    fn checked(self, now: Timestamp) -> Result<Annotation, AppError> {
        let starts_at = self.starts_at.unwrap_or(now);
        if self.ends_at.is_some_and(|end| end <= starts_at) {
            let detail = "The end is not after the start.";
            return Err(wrong("endsAt", detail).fix("Send a later endsAt, or leave it out."));
        }
        Ok(Annotation {
            kind: self.kind.into(),
            title: line("title", self.title.trim(), TITLE_BYTES)?,
            description: optional(self.description, |text| described(&text))?,
            url: optional(self.url, |text| page("url", &text))?,
            workflow: optional(self.workflow_id, |id| line("workflowId", &id, ID_BYTES))?,
            environment: optional(self.environment, |id| line("environment", &id, ID_BYTES))?,
            version: optional(self.version, |id| line("version", &id, ID_BYTES))?,
            starts_at,
            ends_at: self.ends_at,
            veiled: false,
        })
    }
}

impl AnnotationView {
    /// Texts that can mention users. What someone typed who saw pseudonyms has none of their ids to hide, and to
    /// replace those that they guessed would tell them which ones exist.
    fn texts(&mut self) -> impl Iterator<Item = &mut String> {
        let typed = [
            Some(&mut self.title),
            self.description.as_mut(),
            self.url.as_mut(),
            self.workflow_id.as_mut(),
            self.environment.as_mut(),
            self.version.as_mut(),
        ];
        let typed = typed.into_iter().flatten().filter(|_| !self.veiled);
        typed.chain([&mut self.author])
    }
}

impl From<StoredAnnotation> for AnnotationView {
    fn from(stored: StoredAnnotation) -> Self {
        let said = stored.annotation;
        Self {
            id: stored.id.to_string(),
            kind: said.kind.into(),
            title: said.title,
            description: said.description,
            url: said.url,
            workflow_id: said.workflow,
            environment: said.environment,
            version: said.version,
            starts_at: said.starts_at,
            ends_at: said.ends_at,
            author: stored.author,
            revision: stored.revision,
            created_at: stored.created_at,
            updated_at: stored.updated_at,
            veiled: said.veiled,
        }
    }
}

/// The checked text; none if it is absent or empty.
fn optional(
    text: Option<String>,
    check: impl Fn(String) -> Result<String, AppError>,
) -> Result<Option<String>, AppError> {
    let given = text.filter(|text| !text.trim().is_empty());
    given.map(check).transpose()
}

fn line(field: &str, text: &str, most: usize) -> Result<String, AppError> {
    if text.is_empty() || text.len() > most || text.chars().any(char::is_control) {
        let detail = format!("`{field}` is empty, too long, or has control characters.");
        return Err(wrong(field, &detail).fix(format!("1 to {most} bytes of text in one line")));
    }
    Ok(text.to_owned())
}

fn described(text: &str) -> Result<String, AppError> {
    let control = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t');
    if text.len() > DESCRIPTION_BYTES || text.chars().any(control) {
        let detail = "The description is too long or has control characters.";
        let error = wrong("description", detail);
        return Err(error.fix(format!("up to {DESCRIPTION_BYTES} bytes of text")));
    }
    Ok(text.trim().to_owned())
}

/// A URL that a page can link to: no scheme runs anything in a browser.
fn page(field: &str, text: &str) -> Result<String, AppError> {
    let text = text.trim();
    let lower = text.to_ascii_lowercase();
    let rest = ["https://", "http://"]
        .iter()
        .find_map(|scheme| lower.strip_prefix(scheme));
    let usable = rest.is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/'));
    let plain = !text.chars().any(|c| c.is_control() || c.is_whitespace());
    if !usable || !plain || text.len() > URL_BYTES {
        let error = wrong(field, "This is not a URL of a page.");
        return Err(error.fix(format!("an http or https URL of up to {URL_BYTES} bytes")));
    }
    Ok(text.to_owned())
}

/// The error for an unknown annotation.
pub fn unknown_annotation() -> AppError {
    AppError::new(
        ErrorCode::NotFound,
        "The project has no annotation with this id.",
    )
    .field("id")
    .fix("GET /api/v1/annotations lists them.")
}

fn wrong(field: &str, detail: &str) -> AppError {
    AppError::new(ErrorCode::InvalidParameter, detail).field(field)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn input(json: serde_json::Value) -> Result<Annotation, AppError> {
        let input: AnnotationInput = serde_json::from_value(json).unwrap();
        input.checked(Timestamp(1_000))
    }

    #[test]
    fn only_kind_and_title_are_required_and_it_happens_now() {
        let json = serde_json::json!({"kind": "release", "title": " 9 is out ", "url": "", "version": "9"});
        let checked = input(json).unwrap();
        assert_eq!((checked.title.as_str(), checked.url), ("9 is out", None));
        assert_eq!(checked.version.as_deref(), Some("9"));
        assert_eq!(
            (checked.starts_at, checked.ends_at),
            (Timestamp(1_000), None)
        );
    }

    #[test]
    fn a_field_that_is_not_valid_is_named() {
        let long = "x".repeat(201);
        for (field, value) in [
            ("title", ""),
            ("title", "two\nlines"),
            ("title", long.as_str()),
            ("url", "javascript:alert(1)"),
            ("url", "https://"),
            ("url", "http:///x"),
            ("url", "https://a b"),
            ("url", "data:text/html,x"),
            ("workflowId", "a\u{0}b"),
            ("description", "a\u{7}b"),
            ("endsAt", "1970-01-01T00:00:01Z"),
        ] {
            let mut json = serde_json::json!({"kind": "note", "title": "t"});
            json[field] = value.into();
            let error = input(json).unwrap_err();
            assert_eq!(error.field.as_deref(), Some(field), "{value:?}");
            assert!(error.fix.is_some(), "{value:?}");
        }
    }
}
