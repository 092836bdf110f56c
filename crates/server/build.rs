//! Lets the binary find the DuckDB library it was linked with, without `LD_LIBRARY_PATH`.

fn main() {
    println!("cargo:rerun-if-env-changed=DUCKDB_LIB_DIR");
    if let Ok(directory) = std::env::var("DUCKDB_LIB_DIR") {
        println!("cargo:rustc-link-arg=-Wl,-rpath,{directory}");
        // Beside the binary, too: that is where a container image puts it.
        println!("cargo:rustc-link-arg=-Wl,-rpath,$ORIGIN");
    }
    for folder in ["../../ui/dist", "../../tracker/dist"] {
        println!("cargo:rerun-if-changed={folder}");
        // A build without the UI is possible; the server then says so.
        if let Err(cause) = std::fs::create_dir_all(folder) {
            println!("cargo:warning=`{folder}` cannot be made: {cause}");
        }
    }
}
