// Detector: finds payment card numbers, IBANs, US social security numbers, private keys, tokens of services, and
// passwords in URLs and configuration, in any bytes.
//
// One pass: a prefilter (prefilter.h) names the few places where something can begin, and only there checks are made:
// checksums (Luhn, mod 97, CRC-32), issuer ranges and lengths, documented formats, entropy, and lists of what
// people write where a secret would stand. docs/sensitive.md lists all of it.
//
// Threads: immutable; scan() from any thread.
// Cost:    no allocation but for findings. Each check looks at a bounded stretch around its place.
// Fails:   cannot; total over all byte strings.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sensitive/finding.h"
#include "sensitive/kinds.h"

namespace gander::sensitive {

class Detector {
 public:
  explicit Detector(KindSet kinds = KindSet::all()) : kinds_(kinds) {}

  KindSet kinds() const { return kinds_; }

  // All findings in order of their places; none overlaps another. Lines are counted from 1.
  std::vector<Finding> scan(std::string_view text) const;
  // The same; `near_misses` grows by the numbers that would be bare cards but for their checksum. One number in ten has
  // a good checksum by chance: where misses prevail, the hits are chance, too (FileScan).
  std::vector<Finding> scan(std::string_view text, uint64_t& near_misses) const;
  // Whether scan() would find something: ends at the first.
  bool any(std::string_view text) const noexcept;

  // The same with the prefilter written as simply as can be (tests compare).
  std::vector<Finding> scan_slow(std::string_view text) const;

 private:
  KindSet kinds_;
};

// `text` with each finding replaced by its masked form; of `findings` as scan() gives them for this very text.
std::string masked_text(std::string_view text, const std::vector<Finding>& findings);
// `text`, scanned and masked.
std::string masked_text(std::string_view text, const Detector& detector);

}  // namespace gander::sensitive
