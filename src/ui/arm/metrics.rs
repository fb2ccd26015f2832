//! The numbers of an arm.

use leptos::prelude::*;

use crate::picture::metrics::list;
use crate::scenario::ArmKind;
use crate::ui::parts::painted::{Markup, painted};
use crate::ui::workspace::Workspace;

#[component]
pub fn MetricList(kind: ArmKind) -> impl IntoView {
    let workspace = Workspace::expect();
    view! { <dl class="metrics" use:painted=workspace.picture(kind, metrics)></dl> }.into_any()
}

fn metrics(workspace: Workspace, kind: ArmKind) -> Vec<Markup> {
    list(workspace.numbers(kind).as_ref(), workspace.before(kind))
}
