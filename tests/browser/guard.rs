//! A page that is watched for everything that text from outside must not bring about. Its site has to
//! serve it so: `Site::watched`.

use serde_json::Value as Json;

use crate::page::Page;

impl Page {
    /// What the watch noted and the browser reported since the page was loaded.
    pub async fn noted(&self) -> Vec<String> {
        let mut noted = texts(self.read("return window.noted", vec![]).await);
        noted.extend(self.driver.log_errors().await);
        noted
    }

    /// Asserts that nothing ran, was added, was blocked or went to another host than these.
    pub async fn assert_quiet(&self, hosts: &[&str], when: &str) {
        assert_eq!(self.noted().await, [""; 0], "{when}");
        let asked = texts(self.read("return [...window.hosts]", vec![]).await);
        for host in asked {
            let is_known = hosts.iter().any(|url| url.contains(&format!("//{host}/")));
            assert!(is_known, "{when}: a request to {host}");
        }
        let crashed = self.read("return document.getElementById('crashed').hidden", vec![]).await;
        assert_eq!(crashed, true, "{when}: the page broke down");
    }
}

fn texts(value: Json) -> Vec<String> {
    serde_json::from_value(value).expect("a list of texts: the page was left")
}
