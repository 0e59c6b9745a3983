#include "config/config_reference.h"

#include <algorithm>

#include "config/internal_options.h"
#include "config/section_table.h"

namespace gander::config {
namespace {

std::string_view type_name(Kind kind) {
  switch (kind) {
    case Kind::Text:
      return "text";
    case Kind::Path:
      return "path";
    case Kind::YesNo:
      return "yes/no";
    case Kind::OnlyYes:
      return "yes or anything else";
    case Kind::Present:
      return "present or not";
    case Kind::Number:
      return "number";
    case Kind::Seconds:
      return "seconds";
    case Kind::Words:
      return "word";
    case Kind::AnyCaseWord:
      return "word, any case";
    case Kind::Numbers:
      return "numbers";
    case Kind::Mail:
      return "mail address";
    case Kind::Address:
      return "address or network";
    case Kind::HostAddress:
      return "address";
    case Kind::Match:
      return "match pattern";
    case Kind::Regex:
      return "regex";
    case Kind::Time:
      return "time of day";
    case Kind::Days:
      return "days";
    case Kind::Special:
      return "text";
  }
  return "text";
}

std::string replaced(std::string text, std::string_view what, std::string_view with) {
  for (size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size())) {
    text.replace(at, what.size(), with);
  }
  return text;
}

std::string shown_allowed(std::string_view allowed) {
  return replaced(replaced(std::string(allowed), "|", ", "), "..", "-");
}

std::string shown_help(const OptionInfo& o) {
  std::string out(o.help);
  if (o.repeats == Repeats::Appends) out += " May be repeated.";
  if (o.repeats == Repeats::FirstWins) out += " The first one counts.";
  if (!o.build.empty()) out += " OSSEC knows it only when built with " + std::string(o.build) + ".";
  return out;
}

std::string cell(const std::string& text) {
  return text.empty() ? "–" : replaced(text, "|", "\\|");
}

std::string name_of(const ReferenceRow& row) {
  return row.attribute.empty() ? "`" + row.element + "`" : "`" + row.element + "` `" + row.attribute + "=`";
}

void append_table_row(const ReferenceRow& row, std::string& out) {
  out += "| " + name_of(row) + " | " + cell(row.type) + " | " + cell(row.allowed) + " | " + cell(row.fallback) + " | " +
         cell(row.help) + " |\n";
}

bool concerns(const ReferenceRow& row, std::string_view name) {
  return name.empty() || row.section == name || row.element == name || row.attribute == name;
}

void append_plain(const ReferenceRow& row, std::string& out) {
  if (row.element.empty()) {
    out += (out.empty() ? "<" : "\n<") + row.section + ">  " + row.help + "\n";
    return;
  }
  out += row.section == "internal" ? "  " + row.element
         : row.attribute.empty()   ? "  <" + row.element + ">"
                                   : "  <" + row.element + " " + row.attribute + "=\"\">";
  out += "  " + row.type;
  if (!row.allowed.empty()) out += " (" + row.allowed + ")";
  if (!row.fallback.empty()) out += ", default " + row.fallback;
  out += "\n      " + row.help + "\n";
}

}  // namespace

std::vector<ReferenceRow> config_rows() {
  std::vector<ReferenceRow> out;
  for (const Section& s : sections()) {
    const std::string section(s.name);
    out.push_back({section, "", "", "", "", "", std::string(s.help)});
    for (const OptionInfo& o : s.options()) {
      out.push_back({section, std::string(o.name), "", std::string(type_name(o.kind)), shown_allowed(o.allowed),
                     std::string(o.fallback), shown_help(o)});
      for (const AttributeInfo& a : s.attributes) {
        if (a.element != o.name) continue;
        out.push_back({section, std::string(a.element), std::string(a.name), "text", shown_allowed(a.allowed),
                       std::string(a.fallback), std::string(a.help)});
      }
    }
  }
  return out;
}

std::vector<ReferenceRow> internal_option_rows() {
  std::vector<ReferenceRow> out;
  for (const InternalOption& o : internal_option_table()) {
    out.push_back({"internal", std::string(o.name), "", "number",
                   std::to_string(o.least) + "-" + std::to_string(o.most), std::to_string(o.fallback),
                   std::string(o.help)});
  }
  return out;
}

std::string config_reference_text(std::string_view name) {
  std::vector<ReferenceRow> rows = config_rows();
  const std::vector<ReferenceRow> internal = internal_option_rows();
  rows.insert(rows.end(), internal.begin(), internal.end());
  std::string out;
  const ReferenceRow* section = nullptr;
  for (const ReferenceRow& row : rows) {
    if (row.element.empty()) section = &row;
    if (!concerns(row, name)) continue;
    if (!row.element.empty() && section != nullptr && section->section == row.section) append_plain(*section, out);
    section = nullptr;
    append_plain(row, out);
  }
  return out;
}

std::string config_reference_markdown() {
  std::string out =
      "# Elements of ossec.conf\n\nMade by `gander explain` from the option tables; not edited by hand.\n";
  for (const ReferenceRow& row : config_rows()) {
    if (row.element.empty()) {
      out += "\n## `<" + row.section + ">`\n\n" + row.help +
             "\n\n| element | type | allowed | default | meaning |\n|---|---|---|---|---|\n";
    } else {
      append_table_row(row, out);
    }
  }
  return out;
}

std::string internal_options_markdown() {
  std::string out =
      "# Internal options\n\nMade by `gander explain` from the option table; not edited by hand. Lines `name=value` of "
      "`local_internal_options.conf` win over `internal_options.conf`; the first line of a file counts.\n\n"
      "| option | type | allowed | default | meaning |\n|---|---|---|---|---|\n";
  for (const ReferenceRow& row : internal_option_rows()) append_table_row(row, out);
  return out;
}

}  // namespace gander::config
