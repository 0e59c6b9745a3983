// WatchPlan: what of the file system is watched, and how: the <syscheck> section made ready to be asked.
//
// Owns:    its paths and compiled patterns.
// Threads: immutable after make(); questions need a MatchContext of the asking thread.
// Fails:   make() adds findings of globs without a match and of patterns to Diagnostics, and goes on.
// OSSEC:   options, prefixes without case and order of entries as there; differences in docs/compat.md#integrity.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.h"
#include "config/sections.h"
#include "model/compat.h"
#include "text/pattern.h"

namespace gander::integrity {

// One path of a <directories> element; a glob gives several.
struct WatchRoot {
  std::string path;     // absolute, without a slash at its end (but "/")
  unsigned checks = 0;  // Check bits
  const text::Pattern* restrict_to = nullptr;

  bool recurses() const { return (checks & config::WatchedPaths::NoRecurse) == 0; }
};

class WatchPlan {
 public:
  static WatchPlan make(const config::Syscheck& settings, model::Compat compat, Diagnostics& findings);
  WatchPlan(WatchPlan&&) = default;
  WatchPlan& operator=(WatchPlan&&) = default;

  const std::vector<WatchRoot>& roots() const { return roots_; }
  model::Compat compat() const { return compat_; }
  bool skip_network() const { return skip_network_; }

  // <ignore>: of files and of directories below a root.
  bool ignored(std::string_view path, text::MatchContext& context) const;
  // <nodiff>.
  bool hides_content(std::string_view path, text::MatchContext& context) const;
  // The first root that watches the file, or null: below it, not ignored on the way, restrict holds, no_recurse kept.
  const WatchRoot* root_of(std::string_view path, text::MatchContext& context) const;
  // Whether `root` itself (not an earlier one) would look at the file `path` below it, its directories being watched.
  bool takes(const WatchRoot& root, std::string_view path, text::MatchContext& context) const;

 private:
  struct Rule {
    std::string prefix;  // in lower case; empty: `pattern`
    std::optional<text::Pattern> pattern;
  };

  WatchPlan() = default;
  void add_rules(const std::vector<config::PathPattern>& from, std::vector<Rule>& to, Diagnostics& findings) const;
  void add_paths(const config::WatchedPaths& element, const text::Pattern* restrict_to, Diagnostics& findings);
  static bool any(const std::vector<Rule>& rules, std::string_view path, text::MatchContext& context);

  model::Compat compat_ = model::Compat::Mended;
  bool skip_network_ = false;
  std::vector<WatchRoot> roots_;
  std::vector<Rule> ignore_;
  std::vector<Rule> nodiff_;
  std::vector<std::unique_ptr<text::Pattern>> patterns_;
};

// Whether `path` is `root` or lies below it.
bool is_below(std::string_view path, std::string_view root);
// "/a" + "b" → "/a/b", "/" + "b" → "/b".
std::string child_path(std::string_view directory, std::string_view name);
// "/a/b" → {"/a", "b"}, "/b" → {"/", "b"}.
std::pair<std::string_view, std::string_view> split_path(std::string_view path);

}  // namespace gander::integrity
