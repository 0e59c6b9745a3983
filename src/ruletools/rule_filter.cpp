#include "ruletools/rule_filter.h"

#include <algorithm>
#include <cctype>

#include "ruletools/rule_texts.h"

namespace gander::ruletools {
namespace {

bool holds_word(std::string_view text, std::string_view word) {
  const auto equal = [](char a, char b) {
    return std::tolower(static_cast<unsigned char>(a)) == std::tolower(static_cast<unsigned char>(b));
  };
  return std::search(text.begin(), text.end(), word.begin(), word.end(), equal) != text.end();
}

// "T1110" asks for its sub-techniques, too, but not for T11100.
bool tag_fits(std::string_view tag, std::string_view wanted) {
  if (!tag.starts_with(wanted)) return false;
  return tag.size() == wanted.size() || std::isalnum(static_cast<unsigned char>(tag[wanted.size()])) == 0;
}

}  // namespace

bool RuleFilter::fits(const rules::Rule& rule) const {
  if (rule.info.level < level) return false;
  if (!ids.empty() && std::find(ids.begin(), ids.end(), rule.info.id) == ids.end()) return false;
  const std::vector<std::string_view> groups = groups_of(rule);
  if (!group.empty() && std::find(groups.begin(), groups.end(), group) == groups.end()) return false;
  const auto has_tag = [&](std::string_view g) {
    return is_tag(g) && (tag_fits(g, tag) || tag_fits(technique_of(g), tag));
  };
  if (!tag.empty() && std::none_of(groups.begin(), groups.end(), has_tag)) return false;
  if (!file.empty() && rule.info.at.file.find(file) == std::string::npos) return false;
  return std::all_of(words.begin(), words.end(), [&](const std::string& word) {
    if (holds_word(rule.info.description.value_or(""), word) || holds_word(rule.info.group, word)) return true;
    const std::vector<std::string> tests = tests_of(rule);
    return std::any_of(tests.begin(), tests.end(), [&](const std::string& test) { return holds_word(test, word); });
  });
}

std::vector<const rules::Rule*> rules_that_fit(const rules::RuleTree& tree, const RuleFilter& filter) {
  std::vector<const rules::Rule*> out;
  for (const auto& rule : tree.rules) {
    if (filter.fits(*rule)) out.push_back(rule.get());
  }
  std::stable_sort(out.begin(), out.end(),
                   [](const rules::Rule* a, const rules::Rule* b) { return a->info.id < b->info.id; });
  return out;
}

}  // namespace gander::ruletools
