//! The built page on a static file server of its own.

use std::path::{Path, PathBuf};

use axum::Router;
use axum::http::{StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use url::Url;

use crate::tls::Tls;

/// A static host that knows nothing of the page but its files. It lives as long as the test.
pub struct Site {
    /// Where the page is, with a slash at the end.
    pub url: String,
    serving: JoinHandle<()>,
    _tls: Option<Tls>,
}

impl Site {
    /// Serves the built page at the root.
    pub async fn start() -> Site {
        Site::start_under("/").await
    }

    /// Serves the built page under `prefix` and nothing anywhere else, so that a path the page takes
    /// from the root is not found.
    pub async fn start_under(prefix: &'static str) -> Site {
        Site::serve(prefix, None).await
    }

    /// Serves the built page over https, with a certificate that nobody vouches for.
    pub async fn start_secure() -> Site {
        let site = Site::start().await;
        let tls = Tls::before(site.port()).await;
        Site { url: format!("https://127.0.0.1:{}/", tls.port), _tls: Some(tls), ..site }
    }

    /// Serves the built page at the root, and has a script run before anything of the page does.
    pub async fn start_with(script: &'static str) -> Site {
        Site::serve("/", Some(script)).await
    }

    /// As `start_under`, and guard.js watches the page.
    pub async fn watched(prefix: &'static str) -> Site {
        Site::serve(prefix, Some(include_str!("guard.js"))).await
    }

    async fn serve(prefix: &'static str, first: Option<&'static str>) -> Site {
        let folder = PathBuf::from(std::env::var_os("FANOUT_DIST").unwrap_or_else(|| "dist".into()));
        assert!(
            folder.join("index.html").is_file(),
            "no page in {}: build it first or name it in FANOUT_DIST",
            folder.display()
        );
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}{prefix}", listener.local_addr().unwrap());
        let files = Router::new().fallback(move |uri: Uri| answer(folder.clone(), prefix, first, uri));
        let serving = tokio::spawn(async move {
            let _ = axum::serve(listener, files).await;
        });
        Site { url, serving, _tls: None }
    }

    pub fn port(&self) -> u16 {
        Url::parse(&self.url).unwrap().port().unwrap()
    }

    /// Takes no connection any more.
    pub fn stop(&self) {
        self.serving.abort();
    }
}

/// Where the script is that runs first. The page's policy lets it in, as it is from the page's origin.
const FIRST: &str = "first.js";

async fn answer(folder: PathBuf, prefix: &str, first: Option<&'static str>, uri: Uri) -> Response {
    match (uri.path().strip_prefix(prefix), first) {
        (Some(FIRST), Some(script)) => response(Path::new(FIRST), script.into()),
        (Some(""), Some(_)) => page_with_script(&folder).await,
        (Some(""), None) => file(&folder, Path::new("index.html")).await,
        (Some(path), _) if !path.contains("..") => file(&folder, Path::new(path)).await,
        _ => StatusCode::NOT_FOUND.into_response(),
    }
}

async fn page_with_script(folder: &Path) -> Response {
    let path = Path::new("index.html");
    let page = tokio::fs::read_to_string(folder.join(path)).await.unwrap();
    let with_script = page.replacen("<head>", &format!("<head><script src=\"{FIRST}\"></script>"), 1);
    assert_ne!(with_script, page, "the page has no head");
    response(path, with_script.into())
}

async fn file(folder: &Path, path: &Path) -> Response {
    match tokio::fs::read(folder.join(path)).await {
        Ok(bytes) => response(path, bytes),
        // As static hosts do.
        Err(_) => match tokio::fs::read(folder.join("404.html")).await {
            Ok(page) => (StatusCode::NOT_FOUND, response(Path::new("404.html"), page)).into_response(),
            Err(_) => StatusCode::NOT_FOUND.into_response(),
        },
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
