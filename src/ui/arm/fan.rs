//! The fan-out.

use leptos::prelude::*;

use crate::engine::patterns::Planned;
use crate::picture;
use crate::scenario::ArmKind;
use crate::timeline::fan::{HEIGHT, WIDTH, fan};
use crate::ui::parts::painted::{Markup, painted};
use crate::ui::workspace::Workspace;

#[component]
pub fn FanPicture(kind: ArmKind) -> impl IntoView {
    let picture = Workspace::expect().picture(kind, picture);
    view! { <svg class="fan" viewBox=format!("0 0 {WIDTH} {HEIGHT}") aria-hidden="true" use:painted=picture></svg> }
        .into_any()
}

fn picture(workspace: Workspace, kind: ArmKind) -> Vec<Markup> {
    let draw = |plan: &[Planned]| fan(plan, kind == ArmKind::Voting && !plan.is_empty());
    // What ran says which result went where; before that the plan has to do.
    let seen = workspace.shown[kind.index()].with(|shown| Some(draw(&shown.as_ref()?.recording.plan)));
    let fan = seen.unwrap_or_else(|| {
        let plan = workspace.checked.with(|(scenario, _)| Some(scenario.arm(kind)?.plan()));
        draw(&plan.unwrap_or_default())
    });
    picture::fan::picture(fan, &workspace.stories(kind), workspace.playhead.get())
}
