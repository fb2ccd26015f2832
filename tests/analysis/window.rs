//! Nearer to the time axis and along it, and which calls are then in sight.

use fanout::timeline::axis::{Axis, Place, WHOLE};
use fanout::timeline::sight::Sight;
use fanout::timeline::window::Window;

const WHOLE_WINDOW: Window = Window { from_us: 0, length_us: 1_000_000 };

fn window(from_us: u64, length_us: u64) -> Window {
    Window { from_us, length_us }
}

fn check_scaled(before: Window, percent: u32, kept: u32, after: Window) {
    assert_eq!(
        before.scaled(percent, Place(kept), WHOLE_WINDOW),
        after,
        "{before:?} to {percent} % at {kept}"
    );
}

#[test]
fn what_is_pointed_at_stays_where_it_is() {
    check_scaled(WHOLE_WINDOW, 50, 0, window(0, 500_000));
    check_scaled(WHOLE_WINDOW, 50, WHOLE / 2, window(250_000, 500_000));
    check_scaled(WHOLE_WINDOW, 50, WHOLE, window(500_000, 500_000));
    check_scaled(window(250_000, 500_000), 50, WHOLE / 5, window(300_000, 250_000));
}

/// Guards against a part that leaves the run or becomes nothing.
#[test]
fn no_zoom_leaves_the_whole() {
    check_scaled(window(0, 500_000), 200, WHOLE, WHOLE_WINDOW);
    check_scaled(window(900_000, 100_000), 133, 0, window(867_000, 133_000));
    check_scaled(window(999_000, 1_000), 1, WHOLE, window(999_000, 1_000));
    let mut near = WHOLE_WINDOW;
    for i in 0..200 {
        near = near.scaled(if i < 100 { 75 } else { 133 }, Place(i * 499), WHOLE_WINDOW);
        assert!(near.length_us >= 1_000 && near.to_us() <= WHOLE_WINDOW.length_us, "{near:?}");
    }
    assert_eq!(near, WHOLE_WINDOW);
}

#[test]
fn a_part_is_moved_up_to_the_ends() {
    let part = window(400_000, 200_000);
    for (share, from_us) in
        [(WHOLE as i32 / 2, 500_000), (-(WHOLE as i32), 200_000), (i32::MAX, 800_000), (i32::MIN, 0)]
    {
        assert_eq!(part.moved(share, WHOLE_WINDOW), window(from_us, 200_000), "by {share}");
    }
    // A run that became shorter.
    assert_eq!(window(800_000, 200_000).within(window(0, 300_000)), window(100_000, 200_000));
}

#[test]
fn two_fingers_hold_what_they_are_on() {
    let at = |percent: [u32; 2]| percent.map(|percent| Place(WHOLE / 100 * percent));
    for (before, now, from_us, length_us) in [
        // Apart: nearer, about their middle.
        ([40, 60], [30, 70], 250_000, 500_000),
        // Along.
        ([40, 60], [20, 80], 333_333, 333_333),
        ([20, 40], [40, 80], 0, 500_000),
        // Together: farther, up to the whole; and no nearer than there is to see.
        ([10, 90], [49, 51], 0, 1_000_000),
        ([50, 50], [0, 100], 499_500, 1_000),
    ] {
        let held = WHOLE_WINDOW.held(at(before), at(now), WHOLE_WINDOW);
        assert!(held.from_us.abs_diff(from_us) <= 1 && held.length_us.abs_diff(length_us) <= 1, "{held:?}");
    }
}

#[test]
fn the_ticks_of_a_part_stand_at_the_same_round_times() {
    let axis = Axis::of(window(1_234_567, 2_000_000));
    assert_eq!(axis.ticks_us, [1_500_000, 2_000_000, 2_500_000, 3_000_000]);
    assert_eq!(axis.place(1_234_567), Place(0));
    assert_eq!(axis.place(2_234_567), Place(WHOLE / 2));
    assert_eq!((axis.place(0), axis.place(u64::MAX)), (Place(0), Place(WHOLE)));
}

/// All ten thousand calls in a frame of 500 pixels, then nearer.
#[test]
fn the_nearer_the_higher_is_a_call_up_to_a_row() {
    let sight = |length_us| Sight::new(10_000, 500, window(0, length_us), WHOLE_WINDOW);
    assert_eq!((sight(1_000_000).field, sight(1_000_000).calls()), (500, 0..10_000));
    assert_eq!((sight(500_000).field, sight(500_000).calls()), (1000, 0..5000));
    assert_eq!((sight(1_000).field, sight(1_000).calls()), (180_000, 0..28));
    // A few calls do not need the frame.
    let few = Sight::new(3, 500, WHOLE_WINDOW, WHOLE_WINDOW);
    assert_eq!((few.field, few.calls()), (54, 0..3));
}

#[test]
fn what_is_looked_at_stays_in_the_frame() {
    let far = Sight::new(10_000, 500, WHOLE_WINDOW, WHOLE_WINDOW);
    let near = |kept| Sight::new(10_000, 500, window(0, 100_000), WHOLE_WINDOW).kept(far, Place(kept));
    assert_eq!(near(0).calls(), 0..1000);
    assert_eq!(near(WHOLE / 2).calls(), 4500..5500);
    assert_eq!(near(WHOLE).calls(), 9000..10_000);
    // A call in the middle of it, as far as that can be.
    assert_eq!([0, 7000, 9999].map(|call| near(0).around(call).calls()), [0..1000, 6500..7500, 9000..10_000]);
    // Back again, and before there was anything.
    assert_eq!(far.kept(near(WHOLE), Place(0)).top, 0);
    assert_eq!(far.kept(Sight::default(), Place(WHOLE)).calls(), 0..10_000);
}

/// Guards against labels on top of each other, and against one for each of ten thousand calls.
#[test]
fn labels_have_room() {
    for length_us in [1_000_000, 400_000, 50_000, 1_000] {
        let far = Sight::new(10_000, 500, WHOLE_WINDOW, WHOLE_WINDOW);
        let sight = Sight::new(10_000, 500, window(0, length_us), WHOLE_WINDOW).kept(far, Place(WHOLE / 3));
        let places: Vec<u64> = sight.labelled().map(|call| sight.place(call)).collect();
        assert!((20..=29).contains(&places.len()), "{length_us}: {places:?}");
        assert!(places.windows(2).all(|pair| pair[1] - pair[0] >= 17), "{length_us}: {places:?}");
    }
}
