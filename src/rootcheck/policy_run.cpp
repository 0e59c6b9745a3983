#include "rootcheck/policy_run.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <optional>

#include "base/descriptor.h"
#include "base/file.h"
#include "rootcheck/presence.h"

namespace gander::rootcheck {
namespace {

constexpr size_t kMostFindings = 255;
constexpr size_t kMostMessage = 1023;
constexpr size_t kMostRead = size_t{64} << 20;
constexpr int kMostDepth = 256;

bool is_number(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

// The content of a regular file; nothing when it is none or cannot be read.
std::optional<std::string> content_of(const std::string& path) {
  const base::Descriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  struct stat s {};
  if (!fd || ::fstat(fd.get(), &s) != 0 || !S_ISREG(s.st_mode)) return std::nullopt;
  std::string out;
  char buffer[32 * 1024];
  while (out.size() < kMostRead) {
    const ssize_t got = ::read(fd.get(), buffer, sizeof buffer);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return std::nullopt;
    if (got == 0) break;
    out.append(buffer, static_cast<size_t>(got));
  }
  return out;
}

class Run {
 public:
  Run(std::string_view prefix, const Settings& settings, Sink& sink)
      : prefix_(prefix), settings_(settings), sink_(sink) {}

  void run(const Policy& policy) {
    for (const PolicyEntry& entry : policy.entries) {
      if (!sink_.go_on()) return;
      findings_.clear();
      const bool holds = satisfied(entry);
      if (stopped_) return;
      if (holds) tell(entry);
      if (!holds && entry.required) return;
    }
  }

 private:
  struct Finding {
    bool is_process = false;
    std::string what;
    bool operator==(const Finding&) const = default;
  };

  bool satisfied(const PolicyEntry& entry) {
    bool any = false;
    for (const PolicyTest& test : entry.tests) {
      const bool held = holds(test) != test.negated;
      if (stopped_) return false;
      if (!held && entry.condition == PolicyEntry::Condition::All) return false;
      any = any || held;
    }
    return any;
  }

  bool holds(const PolicyTest& test) {
    bool found = false;
    switch (test.kind) {
      case PolicyTest::Kind::File:
        for (const std::string& file : test.targets) found = file_holds(test, file) || found;
        break;
      case PolicyTest::Kind::Directory:
        for (const std::string& directory : test.targets) found = directory_holds(test, directory, 0) || found;
        break;
      case PolicyTest::Kind::Process:
        found = process_holds(test);
        break;
      case PolicyTest::Kind::Registry:
        break;
    }
    return found;
  }

  void note(const PolicyTest& test, bool is_process, const std::string& what) {
    Finding f{is_process, what};
    if (test.negated || findings_.size() >= kMostFindings) return;
    if (std::find(findings_.begin(), findings_.end(), f) == findings_.end()) findings_.push_back(std::move(f));
  }

  bool file_holds(const PolicyTest& test, const std::string& file) {
    stopped_ = stopped_ || !sink_.go_on();
    if (stopped_) return false;
    const bool held = test.pattern ? lines_hold(test, file) : is_present(file);
    if (held) note(test, false, file);
    return held;
  }

  bool lines_hold(const PolicyTest& test, const std::string& file) {
    const std::optional<std::string> content = content_of(file);
    if (!content) return false;
    const bool every = test.pattern->all_negated();
    std::string_view rest = *content;
    while (!rest.empty()) {
      const size_t end = std::min(rest.find('\n'), rest.size());
      std::string_view line = rest.substr(0, end);
      rest.remove_prefix(std::min(end + 1, rest.size()));
      if (line.ends_with('\r') && !settings_.exact()) line.remove_suffix(1);
      const bool matched = test.pattern->matches(line, context_);
      if (matched != every) return matched;
    }
    return every;
  }

  bool directory_holds(const PolicyTest& test, const std::string& directory, int depth) {
    stopped_ = stopped_ || !sink_.go_on();
    if (stopped_ || depth > kMostDepth) return false;
    bool found = false;
    // Links are not entered; a target may be one.
    base::Descriptor fd(
        ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NONBLOCK | (depth > 0 ? O_NOFOLLOW : 0)));
    if (!fd) return false;
    std::vector<std::string> names;
    DIR* const listed = ::fdopendir(fd.get());
    if (!listed) return false;
    static_cast<void>(fd.release());
    while (const dirent* e = ::readdir(listed)) {
      const std::string_view name = e->d_name;
      if (name != "." && name != "..") names.emplace_back(name);
    }
    ::closedir(listed);
    std::sort(names.begin(), names.end());
    for (const std::string& name : names) {
      const std::string path = directory.ends_with('/') ? directory + name : directory + "/" + name;
      struct stat s {};
      if (::lstat(path.c_str(), &s) != 0) continue;
      if (test.name->matches(text::Subject::of(name), context_)) {
        if (!test.pattern || (S_ISREG(s.st_mode) && lines_hold(test, path))) {
          note(test, false, path);
          found = true;
        }
      }
      if (S_ISDIR(s.st_mode)) found = directory_holds(test, path, depth + 1) || found;
      if (stopped_) return false;
    }
    return found;
  }

  bool process_holds(const PolicyTest& test) {
    bool found = false;
    std::error_code ignored;
    for (const auto& entry : std::filesystem::directory_iterator(settings_.proc, ignored)) {
      if (!is_number(entry.path().filename().native())) continue;
      stopped_ = stopped_ || !sink_.go_on();
      if (stopped_) return false;
      const Result<std::string> comm = base::read_file(entry.path().native() + "/comm");
      if (!comm) continue;
      const std::string name = comm->substr(0, comm->find('\n'));
      if (!test.pattern->matches(name, context_)) continue;
      note(test, true, name);
      found = true;
    }
    return found;
  }

  void tell(const PolicyEntry& entry) {
    const bool all = entry.tests.back().kind == PolicyTest::Kind::Directory;
    const size_t most = all ? std::max<size_t>(1, findings_.size()) : 1;
    for (size_t i = 0; i < most; ++i) {
      std::string text = std::string(prefix_) + ": " + entry.name + ".";
      if (i < findings_.size()) text += (findings_[i].is_process ? " Process: " : " File: ") + findings_[i].what + ".";
      if (!entry.reference.empty()) text += " Reference: " + entry.reference + " .";
      if (settings_.exact()) text.resize(std::min(text.size(), kMostMessage));
      sink_.finding(std::move(text));
    }
  }

  std::string_view prefix_;
  const Settings& settings_;
  Sink& sink_;
  text::MatchContext context_;
  std::vector<Finding> findings_;
  bool stopped_ = false;
};

}  // namespace

void run_policy(const Policy& policy, std::string_view prefix, const Settings& settings, Sink& sink) {
  Run(prefix, settings, sink).run(policy);
}

}  // namespace gander::rootcheck
