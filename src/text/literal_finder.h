// LiteralFinder: one text searched in another without ASCII case, bytewise.
//
// Threads: immutable; find() from any thread.
// Cost:    looks for the rarest byte of the text with memchr and compares only there; no allocation.
// Fails:   cannot.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace gander::text {

class LiteralFinder {
 public:
  static constexpr size_t npos = std::string_view::npos;

  // How common a byte (in lower case) is in logs, roughly.
  static int commonness(char lower);

  explicit LiteralFinder(std::string_view literal);

  // Where the literal first occurs; npos when it does not.
  size_t find(std::string_view text) const noexcept;
  const std::string& lower() const { return lower_; }

 private:
  std::string lower_;
  size_t rare_ = 0;  // place of the byte that is looked for
  char rare_lower_ = 0;
  char rare_upper_ = 0;
};

}  // namespace gander::text
