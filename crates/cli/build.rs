//! Lets the binary find libduckdb in its own folder, so that `bin/` can be moved as a whole.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rustc-link-arg-bins=-Wl,-rpath,$ORIGIN");
}
