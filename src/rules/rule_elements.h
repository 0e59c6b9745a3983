// The elements of <rule>: one table line each, with the function that reads it.
//
// Threads: functions of their arguments.
// Fails:   findings are reported and mark the draft as broken.
// OSSEC:   the vocabulary of 4.3; a line more adds an element to the language and to its manual.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "config/xml.h"
#include "rules/rule_draft.h"
#include "rules/rule_findings.h"
#include "rules/rule_loader.h"

namespace gander::rules {

struct RuleElement;

// One element in hand.
struct ElementReading {
  const RuleElement& kind;
  const config::XmlElement& element;
  RuleDraft& draft;
  RuleFindings& findings;
  const RuleLoaderOptions& options;

  // Reports an error about the element's content.
  void wrong(ErrorCode code, std::string message, std::vector<std::string> lines, std::string hint = {});
  // The same about one attribute.
  void wrong(ErrorCode code, std::string message, const config::XmlAttribute& a, std::vector<std::string> lines,
             std::string hint = {});
  // False: 4.3 drops an element of this length, which has been said; mended, none is dropped.
  bool fits(size_t limit) const;
  // Appends the content to `text`.
  void join(std::optional<JoinedText>& text) const;
};

constexpr size_t kFirstTextLimit = 2047;  // bytes of an element's content; longer ones are dropped by 4.3
constexpr size_t kLaterTextLimit = 2048;  // the same when it is appended to an earlier text

enum class NameCase { Any, Exact };

struct RuleElement {
  std::string_view name;
  void (*read)(ElementReading& reading);
  std::string_view engine;  // what the content is: "os_match", "addresses", "flag"
  std::string_view help;
  NameCase name_case = NameCase::Any;
};

std::span<const RuleElement> rule_elements();
const RuleElement* find_rule_element(std::string_view name);

// Reads one child of a rule, an unknown one included.
void read_rule_element(const config::XmlElement& element, RuleDraft& draft, RuleFindings& findings,
                       const RuleLoaderOptions& options);

}  // namespace gander::rules
