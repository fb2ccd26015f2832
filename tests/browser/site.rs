//! The built page on a static file server of its own.

use std::path::{Path, PathBuf};

use axum::Router;
use axum::http::{StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// A static host that knows nothing of the page but its files. It lives as long as the test.
pub struct Site {
    /// Where the page is, with a slash at the end.
    pub url: String,
    serving: JoinHandle<()>,
}

impl Site {
    /// Serves the built page at the root.
    pub async fn start() -> Site {
        Site::serve("/", false).await
    }

    /// Serves the built page under `prefix` and nothing anywhere else, so that a path the page takes
    /// from the root is not found. Before anything of the page runs, guard.js does.
    pub async fn watched(prefix: &'static str) -> Site {
        Site::serve(prefix, true).await
    }

    async fn serve(prefix: &'static str, is_watched: bool) -> Site {
        let folder = PathBuf::from(std::env::var_os("FANOUT_DIST").unwrap_or_else(|| "dist".into()));
        assert!(
            folder.join("index.html").is_file(),
            "no page in {}: build it first or name it in FANOUT_DIST",
            folder.display()
        );
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}{prefix}", listener.local_addr().unwrap());
        let files = Router::new().fallback(move |uri: Uri| answer(folder.clone(), prefix, is_watched, uri));
        let serving = tokio::spawn(async move {
            let _ = axum::serve(listener, files).await;
        });
        Site { url, serving }
    }

    /// Takes no connection any more.
    pub fn stop(&self) {
        self.serving.abort();
    }
}

/// Where a watched page's guard is.
const GUARD: &str = "guard.js";

async fn answer(folder: PathBuf, prefix: &str, is_watched: bool, uri: Uri) -> Response {
    match uri.path().strip_prefix(prefix) {
        Some(GUARD) if is_watched => response(Path::new(GUARD), include_bytes!("guard.js").to_vec()),
        Some("") if is_watched => watched_page(&folder).await,
        Some("") => file(&folder, Path::new("index.html")).await,
        Some(path) if !path.contains("..") => file(&folder, Path::new(path)).await,
        _ => StatusCode::NOT_FOUND.into_response(),
    }
}

async fn watched_page(folder: &Path) -> Response {
    let path = Path::new("index.html");
    let page = tokio::fs::read_to_string(folder.join(path)).await.unwrap();
    let watched = page.replacen("<head>", &format!("<head><script src=\"{GUARD}\"></script>"), 1);
    assert_ne!(watched, page, "no head to put the guard into");
    response(path, watched.into_bytes())
}

async fn file(folder: &Path, path: &Path) -> Response {
    match tokio::fs::read(folder.join(path)).await {
        Ok(bytes) => response(path, bytes),
        Err(_) => StatusCode::NOT_FOUND.into_response(),
    }
}

fn response(path: &Path, bytes: Vec<u8>) -> Response {
    ([(header::CONTENT_TYPE, content_type(path))], bytes).into_response()
}

fn content_type(path: &Path) -> &'static str {
    match path.extension().and_then(|extension| extension.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("json") => "application/json",
        Some("webmanifest") => "application/manifest+json",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("ico") => "image/x-icon",
        Some("woff2") => "font/woff2",
        Some("wasm") => "application/wasm",
        _ => "application/octet-stream",
    }
}
