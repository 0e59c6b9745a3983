#include "report/report_options.h"

#include <algorithm>
#include <vector>

namespace gander::report {
namespace {

constexpr std::array<std::string_view, kItemCount> kWords = {"srcip",    "user", "level",   "group",
                                                             "location", "rule", "filename"};

tl::unexpected<Diagnostic> refuse(const std::string& program, ErrorCode code, std::string message, std::string hint,
                                  const std::string& ossec_text) {
  Diagnostic d;
  d.code = code;
  d.message = std::move(message);
  d.hint = std::move(hint);
  d.ossec_lines = {program + ": ERROR: " + ossec_text,
                   program + "(1202): ERROR: Configuration error at 'user argument'. Exiting."};
  return tl::unexpected<Diagnostic>(std::move(d));
}

std::string known_words(std::string_view given) {
  const std::vector<std::string> words(kWords.begin(), kWords.end());
  std::string hint = nearest_hint(given, words);
  if (!hint.empty()) return hint;
  hint = "allowed:";
  for (const std::string& word : words) hint.append(hint.back() == ':' ? " " : ", ").append(word);
  return hint;
}

bool only_of(std::string_view text, std::string_view allowed) {
  return !text.empty() && text.find_first_not_of(allowed) == std::string_view::npos;
}

// OSSEC takes what it can of a value and finds nothing with the rest; mended, such a value is refused.
std::string wrong_value(Item item, std::string_view value) {
  constexpr std::string_view kDigits = "0123456789";
  if (item == Item::Level && !only_of(value, kDigits)) return "a level is a number";
  if (item == Item::Rule && !only_of(value, "0123456789, ")) return "rules are numbers with commas between them";
  return value.empty() ? "the value is empty" : "";
}

}  // namespace

std::string_view item_word(Item item) {
  return kWords[static_cast<size_t>(item)];
}

std::optional<Item> item_from(std::string_view word) {
  const auto found = std::find(kWords.begin(), kWords.end(), word);
  if (found == kWords.end()) return std::nullopt;
  return static_cast<Item>(found - kWords.begin());
}

ReportOptions::SetResult ReportOptions::set_filter(std::string_view name, std::string_view value) {
  const std::string shown(name);
  const std::optional<Item> item = item_from(name);
  if (!item) {
    return refuse(program, "A100", "no filter is called '" + shown + "'", known_words(name),
                  "Invalid filter '" + shown + "'.");
  }
  if (compat == model::Compat::Mended) {
    const std::string wrong = wrong_value(*item, value);
    if (!wrong.empty()) {
      return refuse(program, "A103", "filter " + shown + " cannot be '" + std::string(value) + "'", wrong,
                    "Invalid filter '" + shown + "'.");
    }
  }
  filters[static_cast<size_t>(*item)] = std::string(value);
  return {};
}

ReportOptions::SetResult ReportOptions::set_relation(std::string_view name, std::string_view related) {
  const std::optional<Item> of = item_from(name);
  if (!of) {
    const std::string shown(name);
    return refuse(program, "A101", "no table is called '" + shown + "'", known_words(name),
                  "Invalid related entry '" + shown + "'.");
  }
  const std::optional<Item> with = item_from(related);
  if (!with) {
    const std::string shown(related);
    return refuse(program, "A102", "nothing that can be related is called '" + shown + "'", known_words(related),
                  "Invalid relation '" + shown + "'.");
  }
  relations[static_cast<size_t>(*of)][static_cast<size_t>(*with)] = true;
  return {};
}

}  // namespace gander::report
