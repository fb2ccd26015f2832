//! What a link says apart from the scenario: how it is looked at, and in which surroundings.

use super::ArmKind;
use super::forbidden::is_forbidden;
use super::link;
use super::readable;

/// The surroundings of the arms.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Stage {
    /// The page with all it has.
    #[default]
    Page,
    /// In a frame of somebody's page: looks only, keeps nothing.
    Embedded,
    /// Before an audience.
    Presented,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Theme {
    Light,
    Dark,
}

/// How a scenario is looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct View {
    pub stage: Stage,
    /// Calls as a list, not as a waterfall.
    pub as_list: bool,
    /// The one arm that is shown.
    pub arm: Option<ArmKind>,
    /// The instant that is shown; none is the end.
    pub at_ms: Option<u64>,
    /// The call that is inspected: its arm, and its number within the arm from 0.
    pub call: Option<(ArmKind, usize)>,
    /// None follows the system.
    pub theme: Option<Theme>,
    /// Parts that are not shown, of [`PARTS`].
    pub hidden: Vec<&'static str>,
}

/// Parts of the page that `hide=` can name.
pub const PARTS: [&str; 9] =
    ["title", "verdict", "layout", "picture", "metrics", "outcome", "answers", "legend", "transport"];

impl Stage {
    pub fn as_str(self) -> &'static str {
        match self {
            Stage::Page => "page",
            Stage::Embedded => "embed",
            Stage::Presented => "present",
        }
    }
}

impl Theme {
    pub fn as_str(self) -> &'static str {
        match self {
            Theme::Light => "light",
            Theme::Dark => "dark",
        }
    }
}

impl View {
    /// Reads what a fragment says of the view, and puts into `notices` what it does not know.
    pub fn parse(fragment: &str, notices: &mut Vec<String>) -> View {
        let repaired = link::repair(fragment);
        let takes_settings = matches!(readable::parse(fragment), Ok(Some(_)));
        let mut view = View::default();
        for (name, value) in link::pairs(&repaired) {
            let is_known = view.read(name, value).is_some() || takes_settings && readable::is_setting(name);
            if !is_known {
                // What may be a secret is not shown again.
                let named = if is_forbidden(name) { name.to_string() } else { format!("{name}={value}") };
                notices.push(format!("{named} means nothing here; left out."));
            }
        }
        view
    }

    fn read(&mut self, name: &str, value: &str) -> Option<()> {
        match (name, value) {
            ("v", "wf") => {}
            ("v", "list") => self.as_list = true,
            ("arm", number) => self.arm = Some(arm(number)?),
            ("t", ms) => self.at_ms = Some(ms.parse().ok()?),
            ("sel", place) => {
                let (number, call) = place.split_once('.')?;
                self.call = Some((arm(number)?, call.parse::<usize>().ok()?.checked_sub(1)?));
            }
            ("embed", "1") => self.stage = Stage::Embedded,
            // A frame has no audience of its own.
            ("present", "1") if self.stage == Stage::Embedded => {}
            ("present", "1") => self.stage = Stage::Presented,
            ("theme", "light") => self.theme = Some(Theme::Light),
            ("theme", "dark") => self.theme = Some(Theme::Dark),
            // The page waits before the program is there to read this.
            ("load", "click") => {}
            ("hide", names) => {
                let known = |name: &str| PARTS.into_iter().find(|part| *part == name);
                self.hidden = names.split(',').filter_map(known).collect();
                (self.hidden.len() == names.split(',').count()).then_some(())?;
            }
            _ => return None,
        }
        Some(())
    }

    /// What stands behind the scenario in a link.
    pub fn write(&self) -> String {
        let mut text = String::new();
        let mut put = |name: &str, value: Option<String>| {
            if let Some(value) = value {
                text.push_str(&format!("&{name}={value}"));
            }
        };
        let number = |kind: ArmKind| kind.index() + 1;
        put("v", self.as_list.then(|| "list".to_string()));
        put("arm", self.arm.map(|kind| number(kind).to_string()));
        put("t", self.at_ms.map(|ms| ms.to_string()));
        put("sel", self.call.map(|(kind, call)| format!("{}.{}", number(kind), call + 1)));
        text
    }
}

/// The fragment of a page that shows the same and is no embedded one.
pub fn in_full(fragment: &str) -> String {
    without(fragment, &|name| ["embed", "hide", "theme", "load"].contains(&name))
}

/// The fragment of a page that shows the same to one person, not to an audience.
pub fn without_stage(fragment: &str) -> String {
    without(fragment, &|name| name == "present")
}

/// The same fragment without what may be a secret; none where it holds nothing of the kind.
pub fn without_secrets(fragment: &str) -> Option<String> {
    let has_secret = link::pairs(&link::repair(fragment)).any(|(name, _)| is_forbidden(name));
    has_secret.then(|| without(fragment, &is_forbidden))
}

fn without(fragment: &str, goes: &dyn Fn(&str) -> bool) -> String {
    let repaired = link::repair(fragment);
    let kept = link::pairs(&repaired).filter(|(name, _)| !goes(name));
    let kept: String = kept.map(|(name, value)| format!("&{name}={value}")).collect();
    format!("/{}{kept}", link::body(&repaired))
}

/// Arms are counted from 1, as on the page.
fn arm(number: &str) -> Option<ArmKind> {
    ArmKind::ALL.get(number.parse::<usize>().ok()?.checked_sub(1)?).copied()
}
