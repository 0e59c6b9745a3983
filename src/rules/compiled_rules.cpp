#include "rules/compiled_rules.h"

#include <algorithm>

#include "config/xml.h"
#include "rules/text_condition.h"

namespace gander::rules {
namespace {

using model::Event;
using model::Field;

bool same_users(const Event& event, Resolver*) {
  if (!event.has(Field::SrcUser) || !event.has(Field::DstUser)) return true;
  return event.field(Field::SrcUser) == event.field(Field::DstUser);
}

bool long_id(const Event& event, Resolver*) {
  constexpr size_t kLeast = 10;
  return event.has(Field::Id) && event.field(Field::Id).size() >= kLeast;
}

bool simple_http_request(const Event& event, Resolver*) {
  if (!event.has(Field::Url)) return false;
  if (event.has(Field::Action) && !config::same_name(event.field(Field::Action), "GET")) return false;
  return event.field(Field::Url).find('?') == std::string_view::npos;
}

// What follows the colon behind `name`; null data: there is none.
std::string_view behind_colon(std::string_view log, std::string_view name) {
  const size_t at = log.find(name);
  const size_t colon = at == std::string_view::npos ? at : log.find(':', at + name.size());
  return colon == std::string_view::npos ? std::string_view() : log.substr(colon + 1);
}

bool windows_users_differ(const Event& event, Resolver*) {
  const std::string_view target = behind_colon(event.log, "Target Account Name");
  const std::string_view caller = behind_colon(event.log, "Caller User Name");
  if (!target.data() || !caller.data()) return false;
  const auto byte = [](std::string_view text, size_t i) { return i < text.size() ? text[i] : '\0'; };
  for (size_t i = 0; i <= target.size(); ++i) {
    const char t = byte(target, i);
    if (t == '\t' || (t == ' ' && byte(target, i + 1) == ' ')) return false;
    if (t != byte(caller, i)) return true;
  }
  return false;
}

// The longest text that may go to the name service: it comes from whoever wrote the log line.
bool looks_like_ipv4(std::string_view text) {
  constexpr size_t kLongest = 15;
  return !text.empty() && text.size() <= kLongest && text.find_first_not_of("0123456789.") == std::string_view::npos &&
         std::count(text.begin(), text.end(), '.') == 3;
}

bool valid_crawler(const Event& event, Resolver* resolver) {
  static constexpr std::string_view kKnown[] = {"72.14.", "209.85.", "65.55.", "207.46.", "74.6.", "72.30.", "67.195."};
  for (const std::string_view prefix : kKnown) {
    if (event.log.starts_with(prefix)) return true;
  }
  return resolver && looks_like_ipv4(event.log) &&
         resolver->reverse_name_holds(std::string(event.log), "googlebot.com");
}

constexpr CompiledRule kCompiledRules[] = {
    {"comp_srcuser_dstuser", &same_users, "source and destination user are equal, or one of them is missing"},
    {"check_id_size", &long_id, "the id has ten bytes or more"},
    {"comp_mswin_targetuser_calleruser_diff", &windows_users_differ,
     "target account and caller of a Windows event differ"},
    {"is_simple_http_request", &simple_http_request, "a GET request (or no method) without a query"},
    {"is_valid_crawler", &valid_crawler, "the log text is an address of a known search engine"},
};

}  // namespace

const CompiledRule* find_compiled_rule(std::string_view name) {
  for (const CompiledRule& rule : kCompiledRules) {
    if (rule.name == name) return &rule;
  }
  return nullptr;
}

std::vector<std::string> compiled_rule_names() {
  std::vector<std::string> names;
  for (const CompiledRule& rule : kCompiledRules) names.emplace_back(rule.name);
  return names;
}

std::span<const CompiledRule> compiled_rules() {
  return kCompiledRules;
}

bool CompiledRuleCondition::equals(const Condition& other) const {
  const auto* const o = dynamic_cast<const CompiledRuleCondition*>(&other);
  return o && &rule_ == &o->rule_;
}

size_t CompiledRuleCondition::hash() const {
  return mix_hash(7000, text_hash(rule_.name));
}

}  // namespace gander::rules
