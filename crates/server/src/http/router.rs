//! Every route.

use std::{sync::Arc, time::Duration};

use axum::{
    Router,
    http::{HeaderName, HeaderValue, Method, header},
    middleware,
};
use tower_http::{
    catch_panic::CatchPanicLayer,
    compression::{
        CompressionLayer,
        predicate::{NotForContentType, Predicate, SizeAbove},
    },
    cors::{AllowOrigin, CorsLayer},
};
use utoipa::openapi::OpenApi;

use super::{
    document, frame,
    guard::{Routes, routes},
    routes as r, visit, web,
};
use crate::app::App;

/// The OpenAPI document.
pub fn openapi() -> OpenApi {
    api().into_openapi()
}

/// The routes that the OpenAPI document describes.
fn api() -> Routes {
    let routes = executions(Routes::described_by(document::base()));
    let routes = figures(workflows(routes));
    accounts(administration(privacy(routes))).documented(document::describe_rate_limit)
}

/// Events, queries, executions and their errors.
fn executions(routes: Routes) -> Routes {
    routes
        .routes(routes!(r::events::send_events))
        .routes(routes!(r::query::query))
        .routes(routes!(r::catalog::read_catalog))
        .routes(routes!(r::execution_list::list_executions))
        .routes(routes!(r::execution_histogram::execution_histogram))
        .routes(routes!(r::execution_comparison::compare_executions))
        .routes(routes!(r::execution_detail::show_execution))
        .routes(routes!(r::execution_neighbours::execution_neighbours))
        .routes(routes!(r::execution_norms::execution_norms))
        .routes(routes!(r::execution_tree::execution_tree))
        .routes(routes!(r::executions::executions))
        .routes(routes!(r::execution_summary::execution_summary))
        .routes(routes!(r::execution_errors::execution_errors))
        .routes(routes!(r::error_groups::error_groups))
        .routes(routes!(
            r::error_group::error_group,
            r::error_group_rename::rename_error_group
        ))
        .routes(routes!(r::error_triage::decide_error_group))
        .routes(routes!(r::error_triage::assign_error_group))
        .routes(routes!(r::error_triage::error_assignees))
        .routes(routes!(r::error_group_merge::merge_error_groups))
        .routes(routes!(r::error_group_split::split_error_group))
        .routes(routes!(
            r::error_rules::error_rules,
            r::error_rules_put::put_error_rules
        ))
        .routes(routes!(r::error_rules_try::try_error_rules))
        .routes(routes!(r::observability_errors::observability_errors))
}

/// Workflows: how they perform, what changed, and the ways that executions go.
fn workflows(routes: Routes) -> Routes {
    routes
        .routes(routes!(r::workflow_performance::workflow_performance))
        .routes(routes!(r::workflow_steps::workflow_steps))
        .routes(routes!(r::workflow_rankings::workflow_rankings))
        .routes(routes!(r::workflow_comparison::workflow_comparison))
        .routes(routes!(r::changes::changes))
        .routes(routes!(r::workflow_map::workflow_map))
        .routes(routes!(r::workflow_variants::workflow_variants))
        .routes(routes!(r::workflow_variants::variant_comparison))
        .routes(routes!(
            r::workflow_conformance::workflow_conformance,
            r::workflow_conformance::try_conformance
        ))
        .routes(routes!(
            r::workflow_rules::workflow_rules,
            r::workflow_rules::put_workflow_rules
        ))
        .routes(routes!(r::workflow_grid::workflow_grid))
        .routes(routes!(r::workflow_versions::workflow_versions))
}

/// The other figures, and the health of the server.
fn figures(routes: Routes) -> Routes {
    routes
        .routes(routes!(r::documents::documents))
        .routes(routes!(r::queues::queues))
        .routes(routes!(r::costs::costs))
        .routes(routes!(r::cost_breakdown::cost_breakdown))
        .routes(routes!(r::cost_forecast::cost_forecast))
        .routes(routes!(r::workflow_analytics::workflow_analytics))
        .routes(routes!(
            r::workflow_funnel::workflow_funnel,
            r::workflow_funnel::ask_workflow_funnel
        ))
        .routes(routes!(r::workflow_actions::workflow_actions))
        .routes(routes!(r::workflow_refresh::refresh_workflow_analytics))
        .routes(routes!(
            r::budgets_show::budgets,
            r::budgets_put::put_budgets
        ))
        .routes(routes!(r::worth::list_worths))
        .routes(routes!(
            r::worth::workflow_worth,
            r::worth::put_workflow_worth
        ))
        .routes(routes!(r::worth::goal_worth, r::worth::put_goal_worth))
        .routes(routes!(
            r::price_book_show::price_book,
            r::price_book_put::change_prices
        ))
        .routes(routes!(
            r::price_book_starter::starter_prices,
            r::price_book_starter::adopt_starter_prices
        ))
        .routes(routes!(
            r::annotations::list_annotations,
            r::annotations::add_annotation
        ))
        .routes(routes!(
            r::annotations::read_annotation,
            r::annotations::change_annotation,
            r::annotations::delete_annotation
        ))
        .routes(routes!(r::sli_overview::sli_overview))
        .routes(routes!(r::sli_timeseries::sli_timeseries))
        .routes(routes!(r::sli_report::sli_report))
        .routes(routes!(r::sli_standings::sli_standings))
        .routes(routes!(r::sli_config::set_sli_config))
        .routes(routes!(r::activity::activity))
        .routes(routes!(r::activity_user::activity_user))
        .routes(routes!(r::activity_trail::activity_trail))
        .routes(routes!(r::activity_sessions::user_sessions))
        .routes(routes!(r::engagement::engagement))
        .routes(routes!(
            r::engagement_rule::engagement_rule,
            r::engagement_rule::put_engagement_rule
        ))
        .routes(routes!(
            r::segment_list::list_segments,
            r::segment_create::create_segment
        ))
        .routes(routes!(
            r::segment_show::show_segment,
            r::segment_change::change_segment,
            r::segment_delete::delete_segment
        ))
        .routes(routes!(r::segment_members::segment_members))
        .routes(routes!(r::segment_members::preview_segment))
        .routes(routes!(r::retention::retention))
        .routes(routes!(r::observability_overview::observability_overview))
        .routes(routes!(r::observability_kpis::observability_kpis))
        .routes(routes!(r::observability_workflows::observability_workflows))
        .routes(routes!(
            r::observability_environments::observability_environments
        ))
        .routes(routes!(r::observability_status::observability_status))
        .routes(routes!(r::usage_nodes::usage_nodes))
        .routes(routes!(r::usage_workflows::usage_workflows))
        .routes(routes!(r::usage_performance::usage_performance))
        .routes(routes!(r::usage_costs::usage_costs))
        .routes(routes!(r::live_counts::live_counts))
        .routes(routes!(r::live_workflow::live_workflow))
        .routes(routes!(r::healthz::is_alive))
        .routes(routes!(r::readyz::is_ready))
        .routes(routes!(r::metrics::read_metrics))
        .routes(routes!(r::openapi::describe_api))
}

/// Projects, API keys, members, invitations and the audit log.
fn administration(routes: Routes) -> Routes {
    routes
        .routes(routes!(
            r::projects::list_projects,
            r::project_change::create_project
        ))
        .routes(routes!(r::project_change::change_project))
        .routes(routes!(
            r::api_keys::list_api_keys,
            r::api_keys::create_api_key
        ))
        .routes(routes!(r::api_keys::revoke_api_key))
        .routes(routes!(r::api_keys::rotate_api_key))
        .routes(routes!(r::people::list_people))
        .routes(routes!(r::people::remove_person))
        .routes(routes!(r::people::set_roles))
        .routes(routes!(
            r::invitations::list_invitations,
            r::invitations::invite
        ))
        .routes(routes!(r::invitations::withdraw_invitation))
        .routes(routes!(r::invitation_accept::show_invitation))
        .routes(routes!(r::invitation_accept::accept_invitation))
        .routes(routes!(r::roles::list_roles))
        .routes(routes!(
            r::saved_views::list_saved_views,
            r::saved_views::add_saved_view
        ))
        .routes(routes!(
            r::saved_views::change_saved_view,
            r::saved_views::delete_saved_view
        ))
        .routes(routes!(
            r::preferences::read_preferences,
            r::preferences::put_preferences
        ))
        .routes(routes!(r::announcement::read_announcement))
        .routes(routes!(r::server::read_server))
        .routes(routes!(r::audit_log::audit_log))
}

/// Login, and the caller's own account.
fn accounts(routes: Routes) -> Routes {
    routes
        .routes(routes!(
            r::session_open::log_in,
            r::session_show::show_session,
            r::session_close::log_out
        ))
        .routes(routes!(r::session_tenant::switch_tenant))
        .routes(routes!(
            r::session_list::list_sessions,
            r::session_list::end_sessions
        ))
        .routes(routes!(r::session_list::end_session))
        .routes(routes!(r::setup::show_setup, r::setup::set_up))
        .routes(routes!(r::profile::change_profile))
        .routes(routes!(r::profile::change_password))
        .routes(routes!(
            r::second_factor::begin_second_factor,
            r::second_factor::confirm_second_factor,
            r::second_factor::end_second_factor
        ))
        .routes(routes!(r::second_factor::renew_recovery_codes))
        .routes(routes!(r::password_reset::ask_for_reset))
        .routes(routes!(r::password_reset::redeem_reset))
        .routes(routes!(
            r::identity_provider::show_identity_provider,
            r::identity_provider::put_identity_provider,
            r::identity_provider::delete_identity_provider
        ))
        .routes(routes!(r::login_options::login_options))
        .routes(routes!(r::oidc::begin_sign_in))
        .routes(routes!(r::oidc::end_sign_in))
}

/// Redaction, pseudonyms, erasure, and the export of the audit log.
fn privacy(routes: Routes) -> Routes {
    routes
        .routes(routes!(r::audit_export::export_audit))
        .routes(routes!(
            r::redaction::redaction,
            r::redaction::put_redaction
        ))
        .routes(routes!(r::redaction::preview_redaction))
        .routes(routes!(
            r::dimensions::read_dimensions,
            r::dimensions::put_dimensions
        ))
        .routes(routes!(r::privacy::privacy, r::privacy::put_privacy))
        .routes(routes!(r::erasures::erasures, r::erasures::erase_user))
}

/// The router of the whole server.
pub fn router(app: Arc<App>) -> Router {
    let router = api()
        .page("/reference", r::reference::read_reference)
        .page("/reference/script.js", r::reference::reference_script)
        .page("/reference/style.css", r::reference::reference_style)
        .into_router(web::page)
        .layer(CatchPanicLayer::custom(frame::panicked))
        .layer(middleware::from_fn_with_state(
            Arc::clone(&app),
            visit::follow,
        ))
        .layer(middleware::from_fn_with_state(
            Arc::clone(&app),
            frame::frame,
        ))
        .layer(CompressionLayer::new().compress_when(worth_compressing()));
    let router = match cors(&app.settings.cors_origins) {
        Some(cors) => router.layer(cors),
        None => router,
    };
    router.with_state(app)
}

/// Lets scripts of these sites read answers. They need an API key, because the session cookie is never sent
/// from another site. Without sites, there are no CORS headers, so browsers refuse.
fn cors(sites: &[String]) -> Option<CorsLayer> {
    if sites.is_empty() {
        return None;
    }
    let origins = sites
        .iter()
        .filter_map(|site| HeaderValue::from_str(site).ok());
    let exposed = [
        "etag",
        "ratelimit",
        "ratelimit-policy",
        "retry-after",
        "x-request-id",
    ];
    let layer = CorsLayer::new()
        .allow_origin(AllowOrigin::list(origins))
        .allow_methods([
            Method::GET,
            Method::POST,
            Method::PUT,
            Method::PATCH,
            Method::DELETE,
        ])
        .allow_headers([
            header::AUTHORIZATION,
            header::CONTENT_TYPE,
            header::CONTENT_ENCODING,
            header::IF_MATCH,
            header::IF_NONE_MATCH,
            header::CACHE_CONTROL,
            HeaderName::from_static("x-request-id"),
        ])
        .expose_headers(exposed.map(HeaderName::from_static))
        .max_age(Duration::from_secs(600));
    Some(layer)
}

/// Small answers, streams, and what is compressed already are sent uncompressed.
fn worth_compressing() -> impl Predicate {
    SizeAbove::new(1024)
        .and(NotForContentType::IMAGES)
        .and(NotForContentType::SSE)
        .and(NotForContentType::const_new("font/"))
}
