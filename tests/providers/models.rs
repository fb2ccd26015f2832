//! Lists of models, as endpoints give them.

use fanout::engine::price::Price;
use fanout::providers::models::{Listed, read_list};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

#[track_caller]
fn check(list: &str, expected: Option<&[&str]>) {
    let names = read_list(list).map(|models| models.into_iter().map(|model| model.name).collect::<Vec<_>>());
    let expected = expected.map(|names| names.iter().map(|name| name.to_string()).collect::<Vec<_>>());
    assert_eq!(names, expected, "{list}");
}

#[test]
fn every_shape_of_a_list_is_read() {
    let both = Some(&["a", "b"][..]);
    check(r#"{"object":"list","data":[{"id":"b","object":"model"},{"id":"a"}]}"#, both);
    check(r#"{"data":[{"id":"b","type":"model","display_name":"B"},{"id":"a"}],"has_more":false}"#, both);
    check(
        r#"{"models":[{"name":"models/b","supportedGenerationMethods":["generateContent"]},
            {"name":"models/e","supportedGenerationMethods":["embedContent"]},{"name":"models/a"}]}"#,
        both,
    );
    check(r#"[{"id":"b"},{"id":"a"},{"id":"b"}]"#, both);
    check(r#"{"models":[{"name":"b","model":"b"},{"name":"a"}]}"#, both);
    check(r#"{"data":[]}"#, Some(&[]));
}

#[test]
fn what_is_no_list_is_none() {
    for other in ["", "<html>", "{}", r#"{"data":null}"#, r#"{"error":{"message":"no"}}"#, "3"] {
        check(other, None);
    }
    check(r#"{"data":[{"object":"model"},7,null]}"#, Some(&[]));
}

#[test]
fn a_list_may_say_what_a_model_costs() {
    let list = r#"{"data":[{"id":"a","pricing":{"prompt":"0.0000001","completion":"0.0000005","input_cache_read":"0.00000001"}},
        {"id":"b","pricing":{"prompt":"-1","completion":"-1"}},{"id":"c","pricing":{}}]}"#;
    let price =
        Price { input_nano_usd: 100, cached_nano_usd: 10, cache_write_nano_usd: 100, output_nano_usd: 500 };
    let listed = |name: &str, price| Listed { name: name.to_string(), price };
    assert_eq!(read_list(list), Some(vec![listed("a", Some(price)), listed("b", None), listed("c", None)]));
}
