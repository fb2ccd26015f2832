//! The view in a link: what is looked at, and in which surroundings.

use fanout::scenario::ArmKind;
use fanout::scenario::view::{PARTS, Stage, Theme, View, in_full, without_secrets};

/// Parses to what is expected, without a word.
fn check(fragment: &str, expected: View) {
    let mut notices = Vec::new();
    assert_eq!(View::parse(fragment, &mut notices), expected, "{fragment}");
    assert_eq!(notices, [""; 0], "{fragment}");
}

#[test]
fn every_view_comes_back() {
    let view = View {
        as_list: true,
        arm: Some(ArmKind::Voting),
        at_ms: Some(1200),
        call: Some((ArmKind::MapReduce, 6)),
        ..View::default()
    };
    assert_eq!(view.write(), "&v=list&arm=2&t=1200&sel=3.7");
    check(&format!("#/s1z.abc{}", view.write()), view);
    assert_eq!(View::default().write(), "");
}

#[test]
fn surroundings_are_read_from_any_link() {
    for body in ["", "gettysburg.1&cap=4&sum=0000", "s1z.abc"] {
        check(&format!("#/{body}&v=wf&load=click"), View::default());
        check(&format!("#/{body}&present=1"), View { stage: Stage::Presented, ..View::default() });
        // An embedded page asks for no keyboard and no screen, whatever else the link says.
        check(
            &format!("#/{body}&embed=1&present=1&theme=dark&hide=metrics,legend"),
            View {
                stage: Stage::Embedded,
                theme: Some(Theme::Dark),
                hidden: vec!["metrics", "legend"],
                ..View::default()
            },
        );
    }
    check(&format!("#/&hide={}", PARTS.join(",")), View { hidden: PARTS.to_vec(), ..View::default() });
}

#[test]
fn what_it_does_not_know_is_said() {
    for pair in
        ["v=", "arm=0", "arm=4", "t=-1", "t=1s", "sel=2", "sel=2.0", "sel=x.1", "embed=yes", "theme=", "x"]
    {
        let mut notices = Vec::new();
        assert_eq!(View::parse(&format!("#/&{pair}"), &mut notices), View::default(), "{pair}");
        assert_eq!(notices.len(), 1, "{pair}: {notices:?}");
    }
}

/// Guards against a key in a link that is shown to a whole class.
#[test]
fn what_may_be_a_secret_is_named_and_not_shown() {
    for name in ["key", "api_key", "Authorization", "base_url"] {
        let mut notices = Vec::new();
        View::parse(&format!("#/&{name}=sk-live-0123456789"), &mut notices);
        assert_eq!(notices, [format!("{name} means nothing here; left out.")]);
    }
}

/// Guards against a key that stays in the address bar, where it is copied from.
#[test]
fn what_may_be_a_secret_goes_and_all_else_stays() {
    for (fragment, clean) in [
        (
            "#/gettysburg.1&cap=4&key=sk-live-0123456789&sum=0a1b&arm=2",
            Some("/gettysburg.1&cap=4&sum=0a1b&arm=2"),
        ),
        ("#/&Base_URL=https://example.com&token=abc", Some("/")),
        ("#/gettysburg.1&cap=4&colour=red", None),
        ("", None),
    ] {
        assert_eq!(without_secrets(fragment).as_deref(), clean, "{fragment}");
    }
}

#[test]
fn in_full_is_the_same_without_the_frame() {
    for (embedded, full) in [
        (
            "#/gettysburg.1&cap=4&sum=0a1b&embed=1&hide=legend&theme=dark&load=click&arm=2",
            "/gettysburg.1&cap=4&sum=0a1b&arm=2",
        ),
        ("#/s1z.abc&embed=1", "/s1z.abc"),
        ("#/&embed=1", "/"),
    ] {
        assert_eq!(in_full(embedded), full);
    }
}
