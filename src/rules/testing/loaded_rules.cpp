#include "rules/testing/loaded_rules.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "config/xml.h"

namespace gander::rules::testing {

const std::string_view kRoots = R"(<group name="base,">
  <rule id="1" level="0" noalert="1"><category>syslog</category><description>syslog root</description></rule>
  <rule id="2" level="0" noalert="1"><category>firewall</category><description>firewall root</description></rule>
  <rule id="3" level="0" noalert="1"><category>ids</category><description>ids root</description></rule>
  <rule id="4" level="0" noalert="1"><category>web-log</category><description>web root</description></rule>
</group>
)";

TempFolder::TempFolder() {
  std::string pattern = (std::filesystem::temp_directory_path() / "gander-rules-XXXXXX").string();
  path_ = ::mkdtemp(pattern.data());
}

TempFolder::~TempFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::string TempFolder::write(const std::string& name, std::string_view content) const {
  std::ofstream(path(name), std::ios::binary) << content;
  return path(name);
}

RuleLoaderOptions options_for(model::Compat compat) {
  RuleLoaderOptions options;
  options.compat = compat;
  options.decoder_identities = {{"app", 1}, {"fw", 2}};
  return options;
}

const Rule& Loaded::rule(RuleId id) const {
  const Rule* const found = tree.find(id);
  static const Rule kNone;
  EXPECT_NE(found, nullptr) << "no rule " << id;
  return found ? *found : kNone;
}

std::vector<std::string> Loaded::ossec_lines() const {
  std::vector<std::string> lines;
  for (const Diagnostic& d : diagnostics.entries()) {
    lines.insert(lines.end(), d.ossec_lines.begin(), d.ossec_lines.end());
    if (d.severity == Severity::Error) break;
  }
  return lines;
}

std::vector<std::string> Loaded::codes() const {
  std::vector<std::string> codes;
  for (const Diagnostic& d : diagnostics.entries()) codes.emplace_back(d.code);
  return codes;
}

namespace {

std::string shown(const std::vector<std::unique_ptr<RuleNode>>& siblings) {
  std::string out;
  for (const auto& node : siblings) {
    if (!out.empty()) out += " ";
    out += std::to_string(node->rule->info.id);
    if (!node->children.empty()) out += "(" + shown(node->children) + ")";
  }
  return out;
}

}  // namespace

std::string Loaded::places() const {
  return shown(tree.roots);
}

std::string Loaded::tests(RuleId id) const {
  std::string out;
  for (const auto& c : rule(id).conditions) out += std::string(c->element()) + "=" + c->wanted() + " ";
  if (!rule(id).list_conditions.empty()) out += "; ";
  for (const auto& c : rule(id).list_conditions) out += std::string(c->element()) + "=" + c->wanted() + " ";
  if (!out.empty()) out.pop_back();
  return out;
}

Loaded load(const std::vector<std::string>& files, const RuleLoaderOptions& options) {
  const TempFolder folder;
  std::vector<RuleFile> list;
  for (size_t i = 0; i < files.size(); ++i) {
    const std::string name = files.size() == 1 ? "rules.xml" : "rules" + std::to_string(i) + ".xml";
    list.push_back({name, folder.write(name, files[i]), "rules//" + name});
  }
  Loaded loaded;
  loaded.tree = load_rules(list, options, loaded.diagnostics);
  return loaded;
}

Loaded load_file_text(std::string_view file, model::Compat compat) {
  return load({std::string(file)}, options_for(compat));
}

Loaded load_rules_text(std::string_view rules, model::Compat compat) {
  return load_file_text(std::string(kRoots) + "<group name=\"t,\">\n" + std::string(rules) + "\n</group>\n", compat);
}

void add_decoder_names(const std::string& path, RuleLoaderOptions& options) {
  const auto document = config::load_xml(path, path, config::Variables::Apply);
  ASSERT_TRUE(document.has_value()) << path << ": " << document.error().text;
  for (const config::XmlElement& decoder : document->roots) {
    for (const config::XmlAttribute& a : decoder.attributes) {
      const int next = static_cast<int>(options.decoder_identities.size()) + 1;
      if (a.name == "name") options.decoder_identities.try_emplace(a.value, next);
    }
  }
}

model::Event event_of(std::string_view log) {
  model::Event event;
  event.full_log = event.keep(log);
  event.log = event.full_log;
  event.encoding = event.log_encoding = text::encoding_of(event.log);
  event.hostname = event.keep("h1");
  return event;
}

bool holds(const Rule& rule, const model::Event& event) {
  text::MatchContext context;
  for (const auto& condition : rule.conditions) {
    if (!condition->holds(event, context)) return false;
  }
  for (const auto& condition : rule.list_conditions) {
    if (!condition->holds(event, context)) return false;
  }
  return true;
}

}  // namespace gander::rules::testing
