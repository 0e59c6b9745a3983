// HashAllowlist: MD5 sums of files that nobody wants to hear of (<md5_allowlist>: SQLite, table files(md5sum)).
//
// Owns:    the open database; none for an empty name.
// Threads: one thread.
// Fails:   a file that cannot be opened or has no such table knows nothing; note() says why.
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace gander::integrity {

class HashAllowlist {
 public:
  explicit HashAllowlist(const std::string& file);
  ~HashAllowlist();
  HashAllowlist(HashAllowlist&&) noexcept;

  bool used() const { return impl_ != nullptr; }
  bool knows(std::string_view md5);
  const std::string& note() const { return note_; }

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
  std::string note_;
};

}  // namespace gander::integrity
