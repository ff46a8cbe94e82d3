//! The catalogue and the definitions as a page of Markdown: `docs/metrics.md`.

use weir_model::cube::{Dimension, Family};

use super::{
    Bound, Definition, Formula, GoodDirection, METRICS, Metric, TOPICS, Term, Unit, Weight,
};

const HEAD: &str = "# Metrics and definitions

<!-- Generated from the catalogue by `make docs`; change the code, not this page. -->

Every figure in Weir is either a metric of the catalogue, computed by a query, or one of the definitions below. Rates are percentages, durations \
milliseconds. An unknown figure is null, not 0. Percentiles come from merged sketches and are accurate within 1 %.
`GET /api/v1/catalog` returns the same information for programs.

## Metrics

In a formula, `count` is the number of facts of the family, and `count[status = completed]` the number of facts with that value. The \
metrics of a family can be grouped and filtered by its dimensions.
";

const DECLARED: &str = "
### Declared dimensions

A project can turn keys of `metadata` into dimensions with `PUT /api/v1/projects/{id}/dimensions`. The dimension of the key `client` is \
`metadata.client`; every metric has it. [events.md](events.md) explains which fact has which value. `GET /api/v1/catalog` lists the declared dimensions of a project.
";

/// The page, in Markdown.
pub fn document() -> String {
    let mut page = HEAD.to_owned();
    for &family in Family::ALL {
        page.push_str(&family_section(family));
    }
    page.push_str("\n## Dimensions\n\n| name | label | meaning |\n|---|---|---|\n");
    for dimension in Dimension::ALL {
        let (name, label) = (dimension.name(), dimension.label());
        let meaning = cell(dimension.description());
        page.push_str(&format!("| `{name}` | {label} | {meaning} |\n"));
    }
    page.push_str(DECLARED);
    page.push_str(
        "\n## Definitions\n\nFigures computed from several answers, over time or by a model.\n",
    );
    for topic in TOPICS.iter().filter(|topic| !topic.definitions.is_empty()) {
        page.push_str(&format!("\n### {}\n", topic.title));
        let definitions = topic.definitions.iter().map(definition);
        page.extend(definitions);
    }
    page
}

fn family_section(family: Family) -> String {
    let dimensions: Vec<String> = family
        .dimensions()
        .iter()
        .map(|dimension| format!("`{}`", dimension.name()))
        .collect();
    let metrics = METRICS.iter().filter(|metric| metric.family == family);
    let rows: String = metrics.map(row).collect();
    format!(
        "\n### {}\n\nDimensions: {}.\n\n| metric | label | unit | formula | better | meaning |\n|---|---|---|---|---|---|\n{rows}",
        family.name(),
        dimensions.join(", "),
    )
}

fn row(metric: &Metric) -> String {
    format!(
        "| `{}` | {} | {} | {} | {} | {} |\n",
        metric.name,
        metric.label,
        unit(metric.unit),
        cell(&formula(metric.formula)),
        better(metric.good),
        cell(metric.description),
    )
}

fn definition(definition: &Definition) -> String {
    format!(
        "\n**{}** (`{}`, {}): `{}`. {} Source: {}.\n",
        definition.label,
        definition.name,
        definition.unit,
        definition.formula,
        definition.description,
        definition.source.trim_end_matches('.'),
    )
}

fn unit(unit: Unit) -> String {
    let word = serde_json::to_value(unit).unwrap_or_default();
    word.as_str().unwrap_or_default().to_owned()
}

fn better(good: GoodDirection) -> &'static str {
    match good {
        GoodDirection::Up => "more",
        GoodDirection::Down => "less",
        GoodDirection::Neutral => "",
    }
}

fn formula(formula: Formula) -> String {
    match formula {
        Formula::Sum(sum) => term(sum),
        Formula::Difference(first, second) => format!("{} - {}", term(first), term(second)),
        Formula::Percent(first, second) => format!("100 x {} / {}", term(first), term(second)),
        Formula::Mean(first, second) => format!("{} / {}", term(first), term(second)),
        Formula::MeanDifference([first, second], count) => {
            format!("({} - {}) / {}", term(first), term(second), term(count))
        }
        Formula::Return {
            saved,
            reached: (_, reached),
            spent: (_, spent),
        } => format!(
            "100 x ({} + {} - {spent}) / {spent}",
            term(saved),
            term(reached),
            spent = term(spent)
        ),
        Formula::PerFact((_, sum), count) => format!("{} / {}", term(sum), term(count)),
        Formula::Quantile(q) => format!("quantile {q} of durations"),
        Formula::Max => "largest duration".to_owned(),
        Formula::Deviation => "standard deviation of durations".to_owned(),
        Formula::QuantileBound(q, Bound::Lower) => format!("lower bound of quantile {q} at 95 %"),
        Formula::QuantileBound(q, Bound::Upper) => format!("upper bound of quantile {q} at 95 %"),
        Formula::Within => "durations within the threshold".to_owned(),
        Formula::WithinPercent => "100 x durations within the threshold / durations".to_owned(),
        Formula::Distinct(dimension) => format!("distinct values of {}", dimension.name()),
    }
}

fn term(term: Term) -> String {
    let sum = match term.only {
        None => term.measure.to_owned(),
        Some((dimension, values)) => {
            let values = values.join(", ");
            format!("{}[{} = {values}]", term.measure, dimension.name())
        }
    };
    match term.weight {
        None => sum,
        Some(Weight::Time) => format!("{sum} x minutes saved per run of the workflow"),
        Some(Weight::Money) => {
            format!("{sum} x minutes saved per run x hourly rate of the workflow / 60")
        }
        Some(Weight::GoalMoney) => format!("(count x worth of the goal, or {sum})"),
    }
}

/// A text escaped for a cell of a table.
fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::definitions;

    #[test]
    fn every_metric_dimension_and_definition_is_on_the_page() {
        let page = document();
        let metrics = METRICS.iter().map(|metric| metric.name);
        let dimensions = Dimension::ALL.iter().map(|dimension| dimension.name());
        let defined = definitions().map(|definition| definition.name);
        for name in metrics.chain(dimensions).chain(defined) {
            assert!(page.contains(&format!("`{name}`")), "{name} is missing");
        }
    }

    #[test]
    fn a_formula_is_written_as_it_is_computed() {
        let written = |name: &str| formula(Metric::find(name).unwrap().formula);
        assert_eq!(
            written("success_rate"),
            "100 x count[status = completed] / count[status = completed, failed, crashed]"
        );
        assert_eq!(written("duration_avg"), "duration_sum / duration_count");
        assert_eq!(written("duration_p95"), "quantile 0.95 of durations");
        assert_eq!(written("users"), "distinct values of user");
    }

    #[test]
    fn a_row_of_a_table_has_as_many_cells_as_its_heading() {
        for line in document().lines().filter(|line| line.starts_with("| `")) {
            let cells = line.replace("\\|", "").matches('|').count() - 1;
            assert!(cells == 6 || cells == 3, "{line}");
        }
    }
}
