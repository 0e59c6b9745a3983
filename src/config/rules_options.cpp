// <rules>: which decoder files, lists and rule files are loaded, in which order.
#include <algorithm>

#include "config/option_table.h"
#include "config/section_table.h"
#include "text/pattern.h"

namespace gander::config {
namespace {

// One block's entries; a block may replace those of earlier ones.
struct Block {
  std::vector<RuleSource> decoders;
  std::vector<RuleSource> rules;
  std::vector<Located> lists;
};

RuleSource source(RuleSource::Kind kind, const Value& value, SectionReader& reader) {
  RuleSource out;
  out.kind = kind;
  out.text = std::string(value.text);
  out.at = reader.content_at(value.element);
  return out;
}

bool pattern_compiles(const XmlAttribute& attribute, SectionReader& reader) {
  const auto pattern =
      text::Pattern::compile(text::Dialect::OsRegex, attribute.value, text::OnInvalidUtf8::SearchBytes);
  if (pattern) return true;
  reader.error({"C011",
                "the pattern '" + attribute.value + "' does not compile: " + pattern.error().message,
                reader.at(attribute),
                1,
                {},
                {reader.error_line(1202, "Configuration error at 'pattern in rules_dir does not compile'. Exiting."),
                 reader.error_line(0, "Regex would not compile")}});
  return false;
}

void keep_directory(std::vector<RuleSource>& list, const Value& value, SectionReader& reader) {
  RuleSource entry = source(RuleSource::Kind::Directory, value, reader);
  reader.unused_attributes(value.element, {"pattern"});
  for (const XmlAttribute& a : value.element.attributes) {
    if (a.name != "pattern") continue;
    entry.matches_nothing =
        reader.exact() && std::any_of(list.begin(), list.end(), [](const RuleSource& s) { return s.own_pattern; });
    entry.own_pattern = true;
    entry.pattern = a.value;
    if (!entry.matches_nothing && !pattern_compiles(a, reader)) return;
  }
  list.push_back(std::move(entry));
}

void keep_rule_file(Block& b, const Value& v, SectionReader& r) {
  b.rules.push_back(source(RuleSource::Kind::File, v, r));
}

void keep_decoder_file(Block& b, const Value& v, SectionReader& r) {
  b.decoders.push_back(source(RuleSource::Kind::File, v, r));
}

void keep_rule_directory(Block& b, const Value& v, SectionReader& r) {
  keep_directory(b.rules, v, r);
}

void keep_decoder_directory(Block& b, const Value& v, SectionReader& r) {
  keep_directory(b.decoders, v, r);
}

void keep_list(Block& b, const Value& v, SectionReader& r) {
  b.lists.push_back({std::string(v.text), r.content_at(v.element)});
}

constexpr Option<Block> kRulesOptions[] = {
    {{"include", Kind::Path, "", "", "Rule file; without a slash below rules/, else below the home.", Repeats::Appends},
     keep_rule_file},
    {{"rule", Kind::Path, "", "", "The same as include.", Repeats::Appends}, keep_rule_file},
    {{"rule_dir", Kind::Path, "", "", "Directory of rule files, read in byte order of their names.", Repeats::Appends,
      NameCase::Exact, ReadBy::Analysis, BadValue::Usual1235, Attributes::Some},
     keep_rule_directory},
    {{"decoder", Kind::Path, "", "etc/decoder.xml and etc/local_decoder.xml", "Decoder file below the home.",
      Repeats::Appends},
     keep_decoder_file},
    {{"decoder_dir", Kind::Path, "", "", "Directory of decoder files, read in byte order of their names.",
      Repeats::Appends, NameCase::Exact, ReadBy::Analysis, BadValue::Usual1235, Attributes::Some},
     keep_decoder_directory},
    {{"list", Kind::Path, "", "", "Look-up list; without a slash below rules/.", Repeats::Appends}, keep_list},
};

constexpr AttributeInfo kRulesAttributes[] = {
    {"rule_dir", "pattern", "OSSEC regex", ".xml$", "Which DIR/NAME are read."},
    {"decoder_dir", "pattern", "OSSEC regex", ".xml$", "Which DIR/NAME are read."},
};

// 4.3 starts each kind of list again with every block that has entries of the kind; mended, blocks add up.
template <class T>
bool merge(std::vector<T>& into, std::vector<T>&& block, bool exact) {
  const bool both = !into.empty() && !block.empty();
  if (both && exact) into.clear();
  into.insert(into.end(), std::make_move_iterator(block.begin()), std::make_move_iterator(block.end()));
  return both;
}

void read_rules(const XmlElement& section, Config& config, SectionReader& reader) {
  Block block;
  read_options(kRulesOptions, section, block, reader);
  const bool exact = reader.exact();
  const bool rules = merge(config.rules.rules, std::move(block.rules), exact);
  const bool decoders = merge(config.rules.decoders, std::move(block.decoders), exact);
  const bool lists = merge(config.rules.lists, std::move(block.lists), exact);
  if (!rules && !decoders && !lists) return;
  const std::string what = exact ? "this <rules> block replaces the files of the earlier one"
                                 : "this <rules> block adds to the earlier one; OSSEC 4.3 would replace its files";
  reader.warning({"C101", what, reader.at(section), static_cast<int>(section.name.size())});
}

std::vector<OptionInfo> rules_infos() {
  return infos<Block>(kRulesOptions);
}

}  // namespace

Section rules_section() {
  return {"rules", Pass::Settings, "Decoder files, lists and rule files.", read_rules, rules_infos, kRulesAttributes};
}

}  // namespace gander::config
