// Any bytes as a rule file behind the roots: it loads, or every finding has words and a code; and what loads can be
// asked about any event. Bytes behind the first NUL are the event's text.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "rules/rule_documents.h"
#include "rules/rule_dump.h"

namespace {

using namespace gander;

constexpr std::string_view kRoots = R"(<group name="base,">
<rule id="1" level="0" noalert="1"><category>syslog</category><description>root</description></rule>
<rule id="2" level="0" noalert="1"><category>firewall</category><description>root</description></rule>
</group>)";

void require(bool holds) {
  if (!holds) std::abort();
}

model::Event event_of(std::string_view text) {
  model::Event event;
  event.full_log = event.keep(text);
  event.log = event.full_log;
  event.encoding = event.log_encoding = text::encoding_of(event.log);
  event.hostname = event.keep(text.substr(0, 8));
  event.program_name = event.hostname;
  for (size_t f = 0; f < model::kFieldCount; ++f) event.fields[f] = event.log;
  event.named = {{"name", event.log}};
  return event;
}

void ask(const rules::RuleTree& tree, const model::Event& event) {
  text::MatchContext context({.match = 20'000, .depth = 20'000});
  for (const auto& rule : tree.rules) {
    for (const auto* tests : {&rule->conditions, &rule->list_conditions}) {
      for (const auto& test : *tests) {
        test->holds(event, context);
        require(!test->element().empty() && test->equals(*test));
      }
    }
  }
}

void load(std::string_view rules, model::Compat compat, const model::Event& event) {
  rules::RuleLoaderOptions options;
  options.compat = compat;
  options.decoder_identities = {{"app", 1}, {"fw", 2}};
  Diagnostics diagnostics;
  rules::ListCatalogue lists;
  lists.declare("rules/gone", "/nonexistent/gone.cdb", diagnostics);
  options.lists = &lists;
  const std::vector<rules::RuleFile> files = {{"roots.xml", "roots.xml", "rules//roots.xml"},
                                              {"fuzz.xml", "fuzz.xml", "rules//fuzz.xml"}};
  const std::vector<rules::RuleDocument> documents = {config::parse_xml(kRoots, "roots.xml", config::Variables::Apply),
                                                      config::parse_xml(rules, "fuzz.xml", config::Variables::Apply)};
  const rules::RuleTree tree = rules::load_rule_documents(files, documents, options, diagnostics);
  for (const Diagnostic& d : diagnostics.entries()) {
    require(!d.code.empty() && !d.message.empty());
    require(d.severity != Severity::Error || !d.ossec_lines.empty());
  }
  if (diagnostics.has_errors()) return;
  for (size_t i = 0; i < tree.rules.size(); ++i) require(tree.rules[i]->index == i);
  require(!rules::dump_rules(tree, rules::DumpDetail::Conditions).empty());
  ask(tree, event);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const size_t nul = input.find('\0');
  const std::string_view rules = input.substr(0, nul);
  const model::Event event = event_of(nul == std::string_view::npos ? "failed login" : input.substr(nul + 1));
  load(rules, model::Compat::Ossec43, event);
  load(rules, model::Compat::Mended, event);
  return 0;
}
