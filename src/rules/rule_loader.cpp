#include "rules/rule_loader.h"

#include <memory>
#include <unordered_set>
#include <utility>

#include "rules/rule_attributes.h"
#include "rules/rule_conditions.h"
#include "rules/rule_documents.h"
#include "rules/rule_draft.h"
#include "rules/rule_elements.h"
#include "rules/rule_findings.h"
#include "rules/rule_lint.h"
#include "rules/rule_overwrite.h"
#include "rules/tree_builder.h"

namespace gander::rules {
namespace {

class Loader {
 public:
  Loader(const RuleLoaderOptions& options, const RulePositions& positions, Diagnostics& diagnostics)
      : options_(options), diagnostics_(diagnostics), builder_(tree_, positions) {}

  void load(const RuleFile& file, const RuleDocument& document);
  RuleTree finish() {
    for (size_t i = 0; i < sets_.size(); ++i) sets_[i].apply_to(*tree_.rules[i]);
    return std::move(tree_);
  }

 private:
  void report(const RuleFile& file, const config::XmlError& error);
  void load_group(const config::XmlElement& group, RuleFindings& findings);
  void load_rule(const config::XmlElement& element, const config::XmlElement& group, size_t position,
                 RuleFindings& findings);
  bool read_head(const config::XmlElement& element, size_t position, RuleFindings& findings, RuleDraft& draft);
  void read_children(const config::XmlElement& element, RuleFindings& findings, RuleDraft& draft);
  void add(RuleDraft& draft, RuleFindings& findings);
  void overwrite(RuleDraft& draft, std::unique_ptr<Rule> rule, const ConditionSet& set, RuleFindings& findings);

  const RuleLoaderOptions& options_;
  Diagnostics& diagnostics_;
  RuleTree tree_;
  TreeBuilder builder_;
  std::vector<ConditionSet> sets_;  // by Rule::index
  std::unordered_set<RuleId> ids_;
};

void Loader::report(const RuleFile& file, const config::XmlError& error) {
  static const config::XmlDocument kNone;
  RuleFindings findings(file, kNone, options_.program, diagnostics_);
  builder_.forgive_all();
  const Span where{error.at, 1};
  if (error.kind == config::XmlError::Kind::Variable) {
    findings.error(
        "X003", error.text, where,
        {"ossec-analysisd(1227): ERROR: Error applying XML variables '" + file.shown + "': " + error.text + "."});
    return;
  }
  const bool missing = error.kind == config::XmlError::Kind::Missing;
  findings.error(missing ? "X001" : "X002", missing ? "cannot read the rule file " + file.path : error.text, where,
                 {"ossec-analysisd(1226): ERROR: Error reading XML file '" + file.shown + "': " + error.text +
                  " (line " + std::to_string(error.line) + ")."},
                 error.hint);
}

void Loader::load(const RuleFile& file, const RuleDocument& document) {
  if (!document) return report(file, document.error());
  RuleFindings findings(file, *document, options_.program, diagnostics_);
  if (document->roots.empty()) {
    findings.error("R001", "the file holds no rules", {{file.path, 0, 0}, 1},
                   {"ossec-analysisd(1202): ERROR: Configuration error at '" + file.shown + "'. Exiting."});
    return;
  }
  for (const config::XmlElement& root : document->roots) load_group(root, findings);
}

void Loader::load_group(const config::XmlElement& group, RuleFindings& findings) {
  if (!config::same_name(group.name, "group")) {
    findings.error("R002", "only <group> may stand here, not <" + group.name + ">", findings.name(group),
                   {"rules_op: Invalid root element \"" + group.name + "\".Only \"group\" is allowed"});
    return;
  }
  const bool one_name = group.attributes.size() == 1 && config::same_name(group.attributes[0].name, "name");
  if (!one_name) {
    findings.error("R003", "a group has exactly one attribute, name", findings.name(group),
                   {"rules_op: Invalid root element '" + group.name + "'.Only the group name is allowed"});
    return;
  }
  if (group.children.empty()) {
    findings.error("R004", "the group holds no rule", findings.name(group),
                   {"ossec-analysisd: Group '" + group.name + "' without any rule."});
    return;
  }
  for (size_t i = 0; i < group.children.size(); ++i) load_rule(group.children[i], group, i, findings);
}

// Attributes, id and level. False: there is nothing to go on with.
bool Loader::read_head(const config::XmlElement& element, size_t position, RuleFindings& findings, RuleDraft& draft) {
  const std::string number = std::to_string(position);
  if (!config::same_name(element.name, "rule")) {
    findings.error("R005", "only <rule> may stand in a group, not <" + element.name + ">", findings.name(element),
                   {"ossec-analysisd: Invalid configuration. '" + element.name + "' is not a valid element."});
    return false;
  }
  if (element.attributes.empty()) {
    findings.error("R006", "a rule needs the attributes id and level", findings.name(element),
                   {"ossec-analysisd: Invalid rule '" + number + "'. You must specify an ID and a level at least."});
    return false;
  }
  draft.broken = !read_rule_attributes(element, findings, draft);
  if (draft.broken && !draft.id) return false;
  if (!draft.broken && (!draft.id || !draft.level)) {
    draft.broken = true;
    findings.error("R007", draft.id ? "the rule has no level" : "the rule has no id", findings.name(element),
                   {"ossec-analysisd: No rule id or level specified for rule '" + number + "'."});
  }
  return draft.id.has_value();
}

void Loader::read_children(const config::XmlElement& element, RuleFindings& findings, RuleDraft& draft) {
  const std::string id = std::to_string(*draft.id);
  draft.mail = draft.level.value_or(0) >= options_.email_alert_level;
  draft.log = draft.level.value_or(0) >= options_.log_alert_level;
  if (element.children.empty()) {
    draft.broken = true;
    findings.error("R012", "rule " + id + " has no elements: it would match every event", findings.name(element),
                   {"ossec-analysisd: Rule '" + id +
                    "' without any option. It may lead to false positives and some other problems for the system. "
                    "Exiting."});
  }
  for (const config::XmlElement& child : element.children) read_rule_element(child, draft, findings, options_);
  if (draft.if_sid && draft.if_sid->elements > 1) {
    findings.warning("R105", "several <if_sid> are joined to one text: '" + draft.if_sid->text + "'",
                     draft.if_sid->where, {}, "write all ids into one element");
  }
  const bool counts = draft.frequency > 0 || draft.context_asked;
  if (counts && !draft.if_matched && !draft.check_diff) {
    draft.broken = true;
    findings.error(
        "R020", "rule " + id + " counts events (frequency, same_*, different_*) but names none to count",
        findings.name(element),
        {"ossec-analysisd: Invalid use of frequency/context options. Missing if_matched on rule '" + id + "'."},
        "add if_matched_sid, if_matched_group or if_matched_regex");
  }
}

void Loader::load_rule(const config::XmlElement& element, const config::XmlElement& group, size_t position,
                       RuleFindings& findings) {
  RuleDraft draft;
  draft.where = findings.name(element);
  draft.timeframe = options_.default_timeframe;
  draft.group = group.attributes[0].value;
  if (!read_head(element, position, findings, draft)) return;
  if (!draft.overwrite && ids_.contains(*draft.id)) {
    const Rule* const first = tree_.find(*draft.id);
    const std::string where =
        first ? "first defined at " + first->info.at.file + ":" + std::to_string(first->info.at.line) : "";
    findings.error("R011", "rule " + std::to_string(*draft.id) + " is defined twice", draft.where,
                   {"ossec-analysisd: Duplicate rule ID:" + std::to_string(*draft.id)}, where);
    return;
  }
  read_children(element, findings, draft);
  add(draft, findings);
}

void Loader::add(RuleDraft& draft, RuleFindings& findings) {
  auto rule = std::make_unique<Rule>();
  ConditionSet set = compile_conditions(draft, findings, options_);
  fill_rule(*rule, draft, findings, options_);
  const RuleId id = rule->info.id;
  if (draft.broken) builder_.forgive(id);
  constexpr RuleId kFirstChild = 10;
  if (draft.overwrite && id >= kFirstChild) return overwrite(draft, std::move(rule), set, findings);
  if (builder_.place(*rule, draft, findings) == TreeBuilder::Placing::Dropped) {
    builder_.forgive(id);
    return;
  }
  ids_.insert(id);
  rule->index = static_cast<uint32_t>(tree_.rules.size());
  tree_.by_id.try_emplace(id, rule.get());
  Rule& placed = *rule;
  tree_.rules.push_back(std::move(rule));
  sets_.push_back(std::move(set));
  builder_.bind_correlation(placed);
}

void Loader::overwrite(RuleDraft& draft, std::unique_ptr<Rule> rule, const ConditionSet& set, RuleFindings& findings) {
  const auto found = tree_.by_id.find(rule->info.id);
  if (found == tree_.by_id.end()) {
    const std::string id = std::to_string(rule->info.id);
    if (builder_.forgives(rule->info.id)) return;
    builder_.forgive(rule->info.id);
    findings.error("R019", "rule " + id + " is to be overwritten, but no earlier rule has this id", draft.where,
                   {"ossec-analysisd: Overwrite rule '" + id + "' not found."},
                   "load the file of the rule before this one, or leave overwrite out");
    return;
  }
  Rule& target = *found->second;
  warn_of_lost_elements(target, draft, findings);
  overwrite_rule(target, *rule);
  overwrite_conditions(sets_[target.index], set);
  const auto base = tree_.by_id.find(rule->matched_sid);
  if (rule->composite == Composite::Sid && base != tree_.by_id.end()) base->second->keeps_sid_list = true;
}

// Where the rules of all files stand, for hints; whatever is wrong with them is said when they are read.
RulePositions positions_of(const std::vector<RuleDocument>& documents) {
  RulePositions positions;
  for (const RuleDocument& document : documents) {
    if (!document) continue;
    for (const config::XmlElement& group : document->roots) {
      for (const config::XmlElement& rule : group.children) {
        for (const config::XmlAttribute& a : rule.attributes) {
          const bool is_id = config::same_name(a.name, "id") && !a.value.empty() && a.value.size() <= 6 &&
                             a.value.find_first_not_of("0123456789") == std::string::npos;
          if (is_id) positions.try_emplace(std::stoi(a.value), document->at(rule));
        }
      }
    }
  }
  return positions;
}

}  // namespace

RuleTree load_rule_documents(const std::vector<RuleFile>& files, const std::vector<RuleDocument>& documents,
                             const RuleLoaderOptions& options, Diagnostics& diagnostics) {
  const RulePositions positions = positions_of(documents);
  Loader loader(options, positions, diagnostics);
  for (size_t i = 0; i < files.size(); ++i) loader.load(files[i], documents[i]);
  RuleTree tree = loader.finish();
  if (!diagnostics.has_errors()) lint_rules(tree, diagnostics);
  return tree;
}

std::vector<RuleDocument> read_rule_documents(const std::vector<RuleFile>& files) {
  std::vector<RuleDocument> documents;
  for (const RuleFile& file : files) {
    documents.push_back(config::load_xml(file.path, file.shown, config::Variables::Apply));
  }
  return documents;
}

RuleTree load_rules(const std::vector<RuleFile>& files, const RuleLoaderOptions& options, Diagnostics& diagnostics) {
  return load_rule_documents(files, read_rule_documents(files), options, diagnostics);
}

}  // namespace gander::rules
