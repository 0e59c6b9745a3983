#include "integrity/watch_plan.h"

#include <glob.h>

#include <algorithm>
#include <memory>

namespace gander::integrity {
namespace {

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

bool starts_with_caseless(std::string_view text, std::string_view lower_prefix) {
  return text.size() >= lower_prefix.size() && std::equal(lower_prefix.begin(), lower_prefix.end(), text.begin(),
                                                          [](char a, char b) { return a == lower(b); });
}

std::string without_end_slashes(std::string_view path) {
  while (path.size() > 1 && path.back() == '/') path.remove_suffix(1);
  return std::string(path);
}

std::vector<std::string> expand(const std::string& path) {
  if (path.find_first_of("*?[") == std::string::npos) return {path};
  std::vector<std::string> out;
  glob_t found{};
  if (::glob(path.c_str(), 0, nullptr, &found) == 0) {
    for (size_t i = 0; i < found.gl_pathc; ++i) out.emplace_back(found.gl_pathv[i]);
  }
  ::globfree(&found);
  return out;
}

}  // namespace

bool is_below(std::string_view path, std::string_view root) {
  if (root == "/") return path.starts_with('/');
  return path.starts_with(root) && (path.size() == root.size() || path[root.size()] == '/');
}

std::string child_path(std::string_view directory, std::string_view name) {
  std::string out;
  out.reserve(directory.size() + 1 + name.size());
  out += directory;
  if (directory != "/") out += '/';
  out += name;
  return out;
}

std::pair<std::string_view, std::string_view> split_path(std::string_view path) {
  const size_t slash = path.rfind('/');
  if (slash == std::string_view::npos) return {".", path};
  return {path.substr(0, slash == 0 ? 1 : slash), path.substr(slash + 1)};
}

WatchPlan WatchPlan::make(const config::Syscheck& settings, model::Compat compat, Diagnostics& findings) {
  WatchPlan plan;
  plan.compat_ = compat;
  plan.skip_network_ = settings.skip_nfs;
  plan.add_rules(settings.ignore, plan.ignore_, findings);
  plan.add_rules(settings.nodiff, plan.nodiff_, findings);
  for (const config::WatchedPaths& element : settings.directories) {
    const text::Pattern* restrict_to = nullptr;
    if (!element.restrict_to.empty()) {
      auto pattern = text::Pattern::compile(
          text::Dialect::OsMatch, element.restrict_to,
          compat == model::Compat::Ossec43 ? text::OnInvalidUtf8::NoMatch : text::OnInvalidUtf8::SearchBytes);
      if (!pattern) {
        findings.error("C011", "the pattern of restrict does not compile: " + pattern.error().message, element.at);
        continue;
      }
      plan.patterns_.push_back(std::make_unique<text::Pattern>(std::move(*pattern)));
      restrict_to = plan.patterns_.back().get();
    }
    plan.add_paths(element, restrict_to, findings);
  }
  return plan;
}

void WatchPlan::add_paths(const config::WatchedPaths& element, const text::Pattern* restrict_to,
                          Diagnostics& findings) {
  for (const std::string& written : element.paths) {
    const std::vector<std::string> paths = expand(written);
    if (paths.empty()) {
      findings.warning("I025", "'" + written + "' matches nothing now; it is looked at again at each start", element.at,
                       "", {"ossec-syscheckd(1121): ERROR: Glob error. Invalid pattern: '" + written + "'."});
      // 4.3 leaves the rest of the element out.
      if (compat_ == model::Compat::Ossec43) return;
    }
    for (const std::string& path : paths) {
      const std::string clean = without_end_slashes(path);
      const bool known =
          std::any_of(roots_.begin(), roots_.end(), [&](const WatchRoot& root) { return root.path == clean; });
      if (!known) roots_.push_back({clean, element.checks, restrict_to});
    }
  }
}

void WatchPlan::add_rules(const std::vector<config::PathPattern>& from, std::vector<Rule>& to,
                          Diagnostics& findings) const {
  for (const config::PathPattern& entry : from) {
    Rule rule;
    if (entry.kind == config::PathPattern::Kind::Match) {
      auto pattern = text::Pattern::compile(
          text::Dialect::OsMatch, entry.text,
          compat_ == model::Compat::Ossec43 ? text::OnInvalidUtf8::NoMatch : text::OnInvalidUtf8::SearchBytes);
      if (!pattern) {
        findings.error("C011", "the pattern does not compile: " + pattern.error().message, entry.at);
        continue;
      }
      rule.pattern.emplace(std::move(*pattern));
    } else {
      for (const char c : entry.text) rule.prefix += lower(c);
    }
    to.push_back(std::move(rule));
  }
}

bool WatchPlan::any(const std::vector<Rule>& rules, std::string_view path, text::MatchContext& context) {
  return std::any_of(rules.begin(), rules.end(), [&](const Rule& rule) {
    return rule.pattern ? rule.pattern->matches(text::Subject::of(path), context)
                        : starts_with_caseless(path, rule.prefix);
  });
}

bool WatchPlan::ignored(std::string_view path, text::MatchContext& context) const {
  return !ignore_.empty() && any(ignore_, path, context);
}

bool WatchPlan::hides_content(std::string_view path, text::MatchContext& context) const {
  return !nodiff_.empty() && any(nodiff_, path, context);
}

bool WatchPlan::takes(const WatchRoot& root, std::string_view path, text::MatchContext& context) const {
  if (path.size() != root.path.size() && ignored(path, context)) return false;
  return root.restrict_to == nullptr || root.restrict_to->matches(text::Subject::of(path), context);
}

const WatchRoot* WatchPlan::root_of(std::string_view path, text::MatchContext& context) const {
  for (const WatchRoot& root : roots_) {
    if (!is_below(path, root.path) || !takes(root, path, context)) continue;
    const size_t base = root.path == "/" ? 0 : root.path.size();
    if (!root.recurses() && path.size() > base && path.find('/', base + 1) != std::string_view::npos) continue;
    bool open = true;
    // An ignored directory on the way hides what is below it.
    for (size_t slash = path.find('/', base + 1); open && base < path.size() && slash != std::string_view::npos;
         slash = path.find('/', slash + 1)) {
      open = !ignored(path.substr(0, slash), context);
    }
    if (open) return &root;
  }
  return nullptr;
}

}  // namespace gander::integrity
