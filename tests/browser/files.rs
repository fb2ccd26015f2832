//! What goes into the page and comes out of it: files and links.

use fantoccini::Locator;
use serde_json::Value as Json;

use crate::page::Page;
use crate::poll::until;

impl Page {
    /// Gives the page a file, whatever is in it.
    pub async fn open_file(&self, name: &str, contents: &str) {
        let input = self.named("input[type=file]", "Open file").await;
        input.send_keys(&self.driver.write_file(name, contents)).await.unwrap();
    }

    /// Opens a scenario file and waits until its title is there.
    pub async fn open_scenario(&self, scenario: &Json) {
        self.open_file("scenario.json", &scenario.to_string()).await;
        until("the opened scenario", async || (self.title().await == scenario["title"]).then_some(())).await;
    }

    /// The heading of the page, which is the scenario's title.
    async fn title(&self) -> String {
        let heading = self.driver.client.find(Locator::Css("h1")).await.unwrap();
        heading.text().await.unwrap()
    }

    /// Presses a button that downloads a file, and gives its bytes.
    pub async fn download(&self, button: &str) -> Vec<u8> {
        self.click(button).await;
        until("the download", async || {
            let files = std::fs::read_dir(self.driver.downloads()).ok()?.flatten();
            // While it is being written it has another ending.
            let done =
                files.map(|file| file.path()).find(|path| path.extension().is_some_and(|e| e == "json"))?;
            std::fs::read(done).ok().filter(|bytes| !bytes.is_empty())
        })
        .await
    }

    /// The link in the dialog behind "Share".
    pub async fn share(&self) -> String {
        self.click("Share").await;
        until("a link", async || self.link().await).await
    }

    /// The text in the field "Link", if there is one.
    pub async fn link(&self) -> Option<String> {
        let field = self.find("input, textarea", "Link").await?;
        field.prop("value").await.ok().flatten().filter(|link| !link.is_empty())
    }
}
