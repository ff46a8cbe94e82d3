//! The rules of a project and their versions.

use serde::Serialize;
use utoipa::ToSchema;
use weir_analysis::{Fingerprinter, Rule, RuleError};
use weir_meta::{ErrorRules, ErrorSettings};
use weir_model::Timestamp;

use super::{Keying, Preview, keying::rules_of};
use crate::{AppError, ErrorCode, Reading, privacy::Viewer};

/// The current rules, or an earlier version of them.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ErrorRules)]
pub struct Rules {
    /// The version; 0 if rules were never set.
    pub version: i64,
    /// The rules, in the order of application.
    pub rules: Vec<Rule>,
    /// Every version, newest first.
    pub versions: Vec<RuleVersion>,
}

/// A version of the rules.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ErrorRuleVersion)]
pub struct RuleVersion {
    /// Starts at 1.
    pub version: i64,
    /// Number of rules.
    pub rules: usize,
    /// The reason for the change.
    pub note: Option<String>,
    /// Who made the change.
    pub author: Option<String>,
    /// When the change was made.
    #[schema(value_type = String, format = "date-time")]
    pub created_at: Timestamp,
}

impl Reading {
    /// The rules of a project: the current ones, or those of a version. Fails if there is no such version.
    pub async fn error_rules(
        &self,
        viewer: Viewer,
        version: Option<i64>,
    ) -> Result<Rules, AppError> {
        let versions = self.control.error_rules(viewer.scope()).await?;
        let wanted = version.or_else(|| versions.first().map(|newest| newest.version));
        let found = versions.iter().find(|known| Some(known.version) == wanted);
        if found.is_none() && version.is_some_and(|version| version != 0) {
            let detail = "There is no such version of the rules.";
            return Err(AppError::new(ErrorCode::NotFound, detail).field("version"));
        }
        let mut rules = Rules {
            version: found.map_or(0, |found| found.version),
            rules: found.map(read).unwrap_or_default(),
            versions: versions.iter().map(RuleVersion::of).collect(),
        };
        let texts = rules.rules.iter_mut().flat_map(|rule| {
            let pattern = Some(&mut rule.pattern);
            [
                rule.note.as_mut(),
                pattern,
                rule.replace.as_mut(),
                rule.group.as_mut(),
            ]
        });
        let notes = rules
            .versions
            .iter_mut()
            .map(|version| version.note.as_mut());
        self.veil(viewer, texts.chain(notes).flatten().collect())
            .await?;
        Ok(rules)
    }

    /// The effect that rules would have, without applying them. Fails if a rule is not valid.
    pub async fn try_error_rules(
        &self,
        viewer: Viewer,
        rules: &[Rule],
    ) -> Result<Preview, AppError> {
        let scope = viewer.scope();
        let fingerprinter = compiled(rules)?;
        let settings = self.control.error_settings(scope).await?;
        let proposed = Keying::new(fingerprinter, &settings.groups, settings.generation);
        let mut preview = self.keyings.preview(scope, &proposed).await?;
        let texts = preview.moves.iter_mut().flat_map(|moved| {
            let titles = [&mut moved.from_title, &mut moved.to_title];
            titles.into_iter().chain(moved.sample_message.as_mut())
        });
        self.veil(viewer, texts.collect()).await?;
        Ok(preview)
    }
}

impl RuleVersion {
    fn of(stored: &ErrorRules) -> Self {
        Self {
            version: stored.version,
            rules: read(stored).len(),
            note: stored.note.clone(),
            author: stored.author.clone(),
            created_at: stored.created_at,
        }
    }
}

fn read(stored: &ErrorRules) -> Vec<Rule> {
    rules_of(&ErrorSettings {
        rules: Some(stored.clone()),
        ..ErrorSettings::default()
    })
}

/// The current version; 0 if rules were never set.
pub fn version_of(settings: &ErrorSettings) -> i64 {
    settings.rules.as_ref().map_or(0, |rules| rules.version)
}

/// Rules ready to be applied. Fails at the first invalid rule and names its field.
pub fn compiled(rules: &[Rule]) -> Result<Fingerprinter, AppError> {
    Fingerprinter::new(rules).map_err(
        |RuleError {
             index,
             field,
             detail,
         }| {
            let sentence = format!("The rule is not valid: {detail}.");
            AppError::new(ErrorCode::InvalidParameter, sentence)
                .field(format!("rules[{index}].{field}"))
        },
    )
}
