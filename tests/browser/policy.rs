//! The page's Content-Security-Policy: in the way of what must not happen, and of nothing else.

use serde_json::json;

use crate::page::Page;
use crate::poll::until;
use crate::provider::{Answer, Provider};
use crate::scenario::scenario;
use crate::site::Site;

#[tokio::test]
async fn ordinary_use_breaks_no_policy() {
    let site = Site::watched("/").await;
    let provider = Provider::start(|_| Answer::ok(10, "# An answer\n\n- [a](https://a.example) **b**")).await;
    let page = Page::open(&site.url).await;
    page.wait_for_state("done").await;
    page.set_slider("Concurrency", 3).await;
    page.open_scenario(&scenario()).await;
    page.read("document.querySelectorAll('details').forEach((part) => { part.open = true; })", vec![]).await;
    let topic = page.named("input, textarea", "Topic").await;
    topic.send_keys(" of Europe").await.unwrap();
    page.wait_for_state("done").await;
    page.share().await;
    page.click("Done").await;
    page.download("Download scenario").await;
    page.set_endpoint(&provider.base_url, true).await;
    page.choose_live().await;
    page.read("watchStates()", vec![]).await;
    page.run_all_live().await;
    page.wait_for_end("done").await;
    page.assert_quiet(&[&site.url, &provider.base_url], "in ordinary use").await;
}

/// Guards against a policy that is there and lets everything through.
#[tokio::test]
async fn what_the_policy_is_for_is_stopped() {
    let site = Site::watched("/").await;
    let page = Page::open(&site.url).await;
    page.wait_for_state("done").await;
    page.assert_quiet(&[&site.url], "at first").await;
    for (what, script) in [
        ("HTML that runs", "document.body.innerHTML += '<img src=x onerror=\"window.__pwned = 1\">'"),
        (
            "HTML that loads",
            "document.querySelector('h1').innerHTML = '<iframe src=\"https://evil.example\"></iframe>'",
        ),
        (
            "HTML with a link that runs",
            "document.querySelector('h1').innerHTML = '<a href=\"javascript:1\">a</a>'",
        ),
        ("code from a text", "new window.Function('window.__pwned = 1')()"),
        ("code later on", "setTimeout('window.__pwned = 1')"),
        (
            "a script from elsewhere",
            "const s = document.createElement('script'); s.src = 'https://evil.example/x.js'",
        ),
        (
            "a handler as an attribute",
            "document.body.setAttribute('onclick', 'window.__pwned = 1'); document.body.click()",
        ),
        ("a picture from elsewhere", "new Image().src = 'https://evil.example/x.png'"),
        ("a picture as data", "new Image().src = 'data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA='"),
        ("a style as an attribute", "document.body.setAttribute('style', 'display: none')"),
        (
            "a style sheet",
            "const s = document.createElement('style'); s.append('*{}'); document.head.append(s)",
        ),
        (
            "a frame",
            "const f = document.createElement('iframe'); f.src = 'https://evil.example'; document.body.append(f)",
        ),
        (
            "an object",
            "const o = document.createElement('object'); o.data = 'https://evil.example'; document.body.append(o)",
        ),
        (
            "another base",
            "const b = document.createElement('base'); b.href = 'https://evil.example/'; document.head.append(b)",
        ),
        (
            "a form",
            "const f = document.createElement('form'); f.action = 'https://evil.example'; document.body.append(f); f.submit()",
        ),
        ("a request in the clear", "fetch('http://evil.example').catch(() => {})"),
        ("a policy of one's own", "trustedTypes.createPolicy('mine', { createHTML: (html) => html })"),
    ] {
        page.read("window.noted.length = 0", vec![]).await;
        // In a task of its own, and by the page's own `Function`: what WebDriver runs itself may make
        // code of texts.
        let script = format!(
            "setTimeout(() => {{ try {{ {script} }} catch (error) {{ window.noted.push('policy: ' + error) }} }})"
        );
        page.driver.client.execute(&script, vec![]).await.unwrap();
        until(&format!("a refusal of {what}"), async || {
            let noted = page.read("return window.noted", vec![]).await;
            let noted: Vec<String> = serde_json::from_value(noted).unwrap();
            assert!(!noted.contains(&"ran".to_string()), "{what} ran");
            noted.iter().any(|note| note.starts_with("policy:")).then_some(())
        })
        .await;
    }
    // Chromium leaves an inline script out without a word.
    let inline = "const script = document.createElement('script');
        script.append('window.__pwned = 1');
        document.body.append(script)";
    page.driver.client.execute(inline, vec![]).await.unwrap();
    let noted = page.read("return window.noted", vec![]).await;
    assert!(!noted.as_array().is_some_and(|noted| noted.contains(&json!("ran"))), "{noted}");
    assert_eq!(page.read("return document.baseURI.startsWith('http://127')", vec![]).await, json!(true));
}
