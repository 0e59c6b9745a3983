// SensitiveFiles: which new and changed files are looked through for sensitive data (<sensitive>), and what is told.
//
// What a look finds becomes lines for analysis, one a finding:
//     gander: sensitive data: card (Visa card) in '/srv/a.csv' line 12: 4111********1111
// The scanner asks it for each file whose content is new (ScanOptions::sensitive) and puts the lines into
// Change::sensitive. Whoever delivers changes sends them behind the change, each as a message of its own
// (sensitive_message()), to the ordinary queue: decoder `gander-sensitive` and rules 67000-67019 know them.
//
// Owns:    compiled patterns, a buffer of 1 MiB.
// Threads: one thread at a time.
// Cost:    one read of the file.
// Fails:   look() says nothing of files that cannot be read: the scanner does.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.h"
#include "config/sections.h"
#include "sensitive/file_scan.h"
#include "text/pattern.h"

namespace gander::integrity {

class SensitiveFiles {
 public:
  static constexpr size_t kMostFindings = 20;  // told of one file; the rest is counted

  // Null when the section does not ask for it. Findings: patterns that do not compile.
  static std::unique_ptr<SensitiveFiles> make(const config::Sensitive& settings, Diagnostics& findings);

  bool takes(std::string_view path) const;
  // The lines for the file `name` of the open directory; a link is not followed, only a regular file is read.
  std::vector<std::string> look(int directory, const char* name, std::string_view path);
  // The same for a path by itself.
  std::vector<std::string> look(const std::string& path);
  // A difference (report_changes) as it may be told.
  std::string masked(std::string_view difference) const;

 private:
  explicit SensitiveFiles(const config::Sensitive& settings);

  std::vector<std::string> directories_;
  std::vector<std::string> ignored_;
  std::vector<text::Pattern> ignored_patterns_;
  uint64_t max_size_;
  sensitive::Detector detector_;
  sensitive::FileScan scan_;
  mutable text::MatchContext context_;
};

// "1:sensitive:LINE", as the queue carries it.
std::string sensitive_message(std::string_view line);

}  // namespace gander::integrity
