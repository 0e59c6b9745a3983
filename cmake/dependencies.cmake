# Debian packages, found by CMake files or pkg-config. tools/bootstrap installs them.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(fmt REQUIRED)
find_package(CLI11 REQUIRED)
find_package(simdjson REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(ZLIB REQUIRED)
find_package(Boost 1.74 REQUIRED)  # headers alone
pkg_check_modules(PCRE2 REQUIRED IMPORTED_TARGET libpcre2-8)
pkg_check_modules(ZSTD REQUIRED IMPORTED_TARGET libzstd)
pkg_check_modules(SQLITE REQUIRED IMPORTED_TARGET sqlite3>=3.34)
pkg_check_modules(XXHASH REQUIRED IMPORTED_TARGET libxxhash)
# The journal as a source; without it journald blocks are refused with a message.
pkg_check_modules(SYSTEMD IMPORTED_TARGET libsystemd)
pkg_check_modules(SECCOMP REQUIRED IMPORTED_TARGET libseccomp)
pkg_check_modules(LIBCAP REQUIRED IMPORTED_TARGET libcap)
pkg_check_modules(CURL REQUIRED libcurl)  # its header: it is loaded when it is needed
if(GANDER_TESTS)
  find_package(GTest REQUIRED)
  find_package(benchmark REQUIRED)
endif()
