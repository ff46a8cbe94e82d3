//! How people like the application, in any browser.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use weir_meta::StoredPreferences;
use weir_model::Timestamp;
use weir_query::validate::Length;

use super::{App, AppError, ErrorCode, profile::Oneself};

/// The most columns of a list.
const COLUMNS: usize = 50;
/// The longest name of a column or page, in bytes.
const WORD_BYTES: usize = 300;

/// The colours of the application.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    /// Those that the device prefers.
    System,
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

/// How a person likes the application. What is absent or null is left to the application.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = PreferencesInput)]
pub struct Preferences {
    /// The colours.
    #[serde(default)]
    pub theme: Option<Theme>,
    /// The IANA time zone of pages that name none.
    #[serde(default)]
    #[schema(example = "Europe/Amsterdam")]
    pub timezone: Option<String>,
    /// The range of pages that name none: a length that ends now, such as `7d`, or `all`.
    #[serde(default)]
    #[schema(example = "7d")]
    pub range: Option<String>,
    /// The page after login: the name of a page, such as `executions`, or `view:` and the id of a saved view.
    #[serde(default)]
    #[schema(example = "executions")]
    pub start_page: Option<String>,
    /// The columns of the list of executions, in their order.
    #[serde(default)]
    pub execution_columns: Option<Vec<String>>,
}

/// The preferences of a person, with their revision.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Preferences)]
pub struct PreferencesView {
    /// The colours; null leaves them to the device.
    pub theme: Option<Theme>,
    /// The time zone of pages that name none.
    pub timezone: Option<String>,
    /// The range of pages that name none.
    pub range: Option<String>,
    /// The page after login.
    pub start_page: Option<String>,
    /// The columns of the list of executions, in their order.
    pub execution_columns: Option<Vec<String>>,
    /// 0 until they are set; each change adds 1. In quotes, it is the `ETag`.
    pub revision: i64,
    /// When they were last changed; null if they never were.
    #[schema(value_type = Option<String>, format = "date-time")]
    pub updated_at: Option<Timestamp>,
}

impl App {
    /// A person's preferences. Fails if control data cannot be read.
    pub async fn preferences(&self, me: Oneself<'_>) -> Result<PreferencesView, AppError> {
        view(self.meta.preferences(me.person).await?)
    }

    /// Replaces a person's preferences; with `expected`, only if that is their revision. Fails if one is not
    /// valid, or they are at another revision.
    pub async fn put_preferences(
        &self,
        me: Oneself<'_>,
        input: &Preferences,
        expected: Option<i64>,
    ) -> Result<PreferencesView, AppError> {
        input.check()?;
        let content = serde_json::to_string(input).map_err(AppError::internal)?;
        let put = self
            .meta
            .put_preferences(me.principal, me.person, &content, expected, me.origin);
        match put.await? {
            true => self.preferences(me).await,
            false => {
                let detail = "The preferences are not at the revision that you named.";
                Err(AppError::new(ErrorCode::PreconditionFailed, detail)
                    .fix("Read them again and apply your change to them."))
            }
        }
    }
}

impl Preferences {
    fn check(&self) -> Result<(), AppError> {
        if let Some(zone) = &self.timezone {
            weir_query::Zone::parse(zone)?;
        }
        if let Some(range) = &self.range
            && range != "all"
        {
            Length::parse(range).map_err(|error| AppError::from(error).field("range"))?;
        }
        if let Some(page) = &self.start_page
            && !is_page(page)
        {
            let error = wrong("startPage", &format!("{page:?} is not a page."));
            return Err(error.fix("the name of a page, or `view:` and the id of a saved view"));
        }
        let columns = self.execution_columns.iter().flatten();
        if columns.clone().count() > COLUMNS {
            let error = wrong("executionColumns", "There are too many columns.");
            return Err(error.fix(format!("up to {COLUMNS}")));
        }
        columns
            .into_iter()
            .try_for_each(|column| word("executionColumns", column))
    }
}

/// The name of a page, such as `executions`, or `view:` and the id of a saved view.
fn is_page(text: &str) -> bool {
    match text.strip_prefix("view:") {
        Some(id) => id.parse::<uuid::Uuid>().is_ok(),
        None => {
            let simple = |byte: u8| byte.is_ascii_lowercase() || byte == b'-';
            (1..=64).contains(&text.len()) && text.bytes().all(simple)
        }
    }
}

fn word(field: &str, text: &str) -> Result<(), AppError> {
    if text.is_empty() || text.len() > WORD_BYTES || text.chars().any(char::is_control) {
        let error = wrong(field, &format!("{text:?} is not a name."));
        return Err(error.fix(format!("1 to {WORD_BYTES} bytes of text")));
    }
    Ok(())
}

fn view(stored: Option<StoredPreferences>) -> Result<PreferencesView, AppError> {
    let (revision, updated_at) = match &stored {
        Some(stored) => (stored.revision, Some(stored.updated_at)),
        None => (0, None),
    };
    let held: Preferences = match stored {
        Some(stored) => serde_json::from_str(&stored.content).map_err(AppError::internal)?,
        None => Preferences::default(),
    };
    Ok(PreferencesView {
        theme: held.theme,
        timezone: held.timezone,
        range: held.range,
        start_page: held.start_page,
        execution_columns: held.execution_columns,
        revision,
        updated_at,
    })
}

fn wrong(field: &str, detail: &str) -> AppError {
    AppError::new(ErrorCode::InvalidParameter, detail).field(field)
}
