// CompiledRuleCondition: <compiled_rule>, tests that OSSEC has as code.
//
// Threads: immutable; is_valid_crawler asks the Resolver, which may wait for the name service.
// Fails:   cannot; a missing part is "no", but for comp_srcuser_dstuser.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "rules/condition.h"
#include "rules/rule_loader.h"

namespace gander::rules {

struct CompiledRule {
  std::string_view name;
  bool (*holds)(const model::Event& event, Resolver* resolver);
  std::string_view help;
};

// Null: there is none of this name.
const CompiledRule* find_compiled_rule(std::string_view name);
std::vector<std::string> compiled_rule_names();
std::span<const CompiledRule> compiled_rules();

class CompiledRuleCondition final : public Condition {
 public:
  CompiledRuleCondition(const CompiledRule& rule, Resolver* resolver) : rule_(rule), resolver_(resolver) {}

  bool holds(const model::Event& event, text::MatchContext&) const noexcept override {
    return rule_.holds(event, resolver_);
  }
  std::string_view element() const override { return "compiled_rule"; }
  std::string wanted() const override { return std::string(rule_.name); }
  std::string_view looked_at(const model::Event& event) const override { return event.log; }
  bool equals(const Condition& other) const override;
  size_t hash() const override;

 private:
  const CompiledRule& rule_;
  Resolver* resolver_;
};

}  // namespace gander::rules
