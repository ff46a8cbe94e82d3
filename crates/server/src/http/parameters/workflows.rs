//! Parameters of comparisons, grids, versions, documents and queues.

use serde::Deserialize;
use utoipa::IntoParams;
use weir_insights::views::{Frame, comparison::ComparisonWanted, output::OutputWanted};

use super::extract::given;

parameters! {
    /// Parameters of comparisons of workflows, or of versions of one workflow.
    ComparisonParameters of a range {
        /// The workflow whose versions are compared.
        workflow_id: Option<String>,
        /// Versions to compare, separated by commas, the baseline first. By default, the newest 10 versions
        /// that ran, the oldest first.
        versions: Option<String>,
        /// Up to 10 workflows to compare, separated by commas, the baseline first.
        #[serde(alias = "workflowIds", alias = "ids")]
        workflows: Option<String>,
    }
}

parameters! {
    /// Parameters of the grid of a workflow.
    GridParameters of a range {
        /// How many of the newest executions: 1 to 200; 50 by default.
        runs: Option<u32>,
    }
}

parameters! {
    /// Parameters of the versions of a workflow.
    VersionParameters of a range {}
}

macro_rules! of_one_workflow {
    ($($name:ident)*) => {$(
        impl $name {
            /// What the view of a workflow covers.
            pub(in crate::http) fn frame(&self, workflow: &str) -> Frame {
                Frame {
                    workflow: Some(workflow.to_owned()),
                    ..self.of_range()
                }
            }
        }
    )*};
}

of_one_workflow! { GridParameters VersionParameters }

parameters! {
    /// Parameters of documents and queues.
    OutputParameters {
        /// A range that ends now: 1d, 7d (the default), 30d or any other length.
        window: Option<String>,
        /// The length of buckets: 1m, 5m, 1h or 1d; the default depends on the length of the range.
        bucket: Option<String>,
        /// Only this workflow.
        workflow_id: Option<String>,
        /// Start of the range (inclusive), RFC 3339.
        from: Option<String>,
        /// End of the range (exclusive), RFC 3339.
        to: Option<String>,
        /// The same as `window`.
        last: Option<String>,
    }
}

of_range! { OutputParameters }

impl OutputParameters {
    fn frame(&self) -> Frame {
        Frame {
            workflow: given(&self.workflow_id),
            ..self.of_range()
        }
    }
}

impl ComparisonParameters {
    fn frame(&self) -> Frame {
        Frame {
            workflow: given(&self.workflow_id),
            ..self.of_range()
        }
    }

    /// What to compare.
    pub(in crate::http) fn wanted(&self) -> ComparisonWanted {
        ComparisonWanted {
            frame: self.frame(),
            versions: listed(&self.versions),
            workflows: listed(&self.workflows),
        }
    }
}

impl OutputParameters {
    /// What the view covers.
    pub(in crate::http) fn wanted(&self) -> OutputWanted {
        OutputWanted {
            window: given(&self.window),
            bucket: given(&self.bucket),
            frame: self.frame(),
        }
    }
}

/// The words of a comma-separated list, without repetitions.
fn listed(parameter: &Option<String>) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let text = parameter.as_deref().unwrap_or_default();
    for word in text
        .split(',')
        .map(str::trim)
        .filter(|word| !word.is_empty())
    {
        if !words.iter().any(|known| known == word) {
            words.push(word.to_owned());
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_has_each_word_once_in_the_order_given() {
        let of = |text: &str| listed(&Some(text.to_owned()));
        assert_eq!(of("2, 1,2,,3"), ["2", "1", "3"]);
        assert!(of("").is_empty() && listed(&None).is_empty());
    }
}
