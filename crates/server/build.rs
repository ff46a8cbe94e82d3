//! Sets the path of the built web application. Creates an empty folder if it has not been built; the server
//! then explains how to build it.

use std::{env, fs, path::PathBuf};

fn main() {
    println!("cargo:rerun-if-env-changed=WEIR_WEB_DIST");
    println!("cargo:rerun-if-changed=assets");
    let crate_folder = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let folder = env::var_os("WEIR_WEB_DIST")
        .map_or_else(|| crate_folder.join("../../web/dist"), PathBuf::from);
    if let Err(error) = fs::create_dir_all(&folder) {
        println!(
            "cargo:warning={} cannot be created: {error}",
            folder.display()
        );
    }
    println!("cargo:rerun-if-changed={}", folder.display());
    println!("cargo:rustc-env=WEIR_WEB_DIST={}", folder.display());
}
