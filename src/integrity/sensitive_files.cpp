#include "integrity/sensitive_files.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>

#include "base/descriptor.h"
#include "integrity/change.h"
#include "integrity/change_text.h"
#include "integrity/watch_plan.h"

namespace gander::integrity {
namespace {

constexpr std::string_view kHead = "gander: sensitive data: ";

std::string line_of(const sensitive::Finding& f, std::string_view shown_path) {
  return std::string(kHead) + std::string(sensitive::word_of(f.kind)) + " (" + std::string(f.what) + ") in '" +
         std::string(shown_path) + "' line " + std::to_string(f.line) + ": " + f.masked;
}

}  // namespace

SensitiveFiles::SensitiveFiles(const config::Sensitive& settings)
    : directories_(settings.directories),
      max_size_(settings.max_size),
      detector_(settings.kinds),
      scan_(detector_, kMostFindings) {}

std::unique_ptr<SensitiveFiles> SensitiveFiles::make(const config::Sensitive& settings, Diagnostics& findings) {
  if (!settings.looks_at_files()) return nullptr;
  std::unique_ptr<SensitiveFiles> made(new SensitiveFiles(settings));
  for (const config::PathPattern& entry : settings.ignore) {
    if (entry.kind == config::PathPattern::Kind::Prefix) {
      made->ignored_.push_back(entry.text);
      continue;
    }
    auto pattern = text::Pattern::compile(text::Dialect::OsMatch, entry.text, text::OnInvalidUtf8::SearchBytes);
    if (pattern) {
      made->ignored_patterns_.push_back(std::move(*pattern));
    } else {
      findings.error("C011", "the pattern of <ignore> does not compile: " + pattern.error().message, entry.at);
    }
  }
  return made;
}

bool SensitiveFiles::takes(std::string_view path) const {
  const auto below = [&](const std::string& top) { return is_below(path, top); };
  if (!directories_.empty() && std::none_of(directories_.begin(), directories_.end(), below)) return false;
  const auto begins = [&](const std::string& prefix) { return path.starts_with(prefix); };
  if (std::any_of(ignored_.begin(), ignored_.end(), begins)) return false;
  const text::Subject subject = text::Subject::of(path);
  return std::none_of(ignored_patterns_.begin(), ignored_patterns_.end(),
                      [&](const text::Pattern& pattern) { return pattern.matches(subject, context_); });
}

std::vector<std::string> SensitiveFiles::look(int directory, const char* name, std::string_view path) {
  std::vector<std::string> lines;
  if (!takes(path)) return lines;
  const base::Descriptor fd(::openat(directory, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  struct stat info {};
  if (!fd || ::fstat(fd.get(), &info) != 0 || !S_ISREG(info.st_mode)) return lines;
  if (static_cast<uint64_t>(info.st_size) > max_size_) return lines;
  sensitive::FileFindings found;
  // What was found before a read failed stays found.
  static_cast<void>(scan_.scan(fd.get(), found));
  const std::string shown = encode_path(path);
  for (const sensitive::Finding& f : found.findings) lines.push_back(line_of(f, shown));
  if (found.left_out != 0) {
    lines.push_back(std::string(kHead) + std::to_string(found.left_out) + " more in '" + shown + "'");
  }
  return lines;
}

std::vector<std::string> SensitiveFiles::look(const std::string& path) {
  return look(AT_FDCWD, path.c_str(), path);
}

std::string SensitiveFiles::masked(std::string_view difference) const {
  return sensitive::masked_text(difference, detector_);
}

std::string sensitive_message(std::string_view line) {
  return "1:sensitive:" + std::string(line);
}

}  // namespace gander::integrity
