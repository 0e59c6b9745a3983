#include "output/csv_writer.h"

#include <algorithm>

#include "base/json_text.h"
#include "output/alert_parts.h"

namespace gander::output {
namespace {

using model::Field;

constexpr std::string_view kHeader =
    "time,id,level,rule,description,groups,host,location,srcip,srcport,dstip,dstport,user,srcuser,program,decoder,"
    "action,protocol,status,url,log,previous\n";

// Semicolons and tabs are separators where commas are decimal signs.
bool needs_quotes(std::string_view text) {
  return text.find_first_of(",;\"\n\t") != std::string_view::npos || text.starts_with(' ') || text.ends_with(' ');
}

bool starts_formula(std::string_view text) {
  return !text.empty() && std::string_view("=+-@\t").find(text.front()) != std::string_view::npos;
}

// Line feeds stay (the record is quoted), other control characters do not.
void append_cell_text(std::string& out, std::string_view text) {
  const size_t begin = out.size();
  base::append_valid_utf8(out, text);
  std::replace_if(
      out.begin() + static_cast<std::ptrdiff_t>(begin), out.end(),
      [](char c) { return c != '\n' && c != '\t' && (static_cast<unsigned char>(c) < 0x20 || c == 0x7F); }, '?');
}

}  // namespace

void CsvWriter::begin(std::string& out) {
  out.append(kHeader);
}

void CsvWriter::value(std::string& out, std::string_view text) {
  shown_.clear();
  if (starts_formula(text)) shown_.push_back('\'');
  append_cell_text(shown_, text);
  if (!needs_quotes(shown_)) {
    out.append(shown_);
    return;
  }
  out.push_back('"');
  for (const char c : shown_) {
    if (c == '"') out.push_back('"');
    out.push_back(c);
  }
  out.push_back('"');
}

void CsvWriter::alert(std::string& out, const model::Alert& a) {
  const model::Event& e = *a.event;
  const auto cell = [&](std::string_view text) {
    out.push_back(',');
    value(out, text);
  };
  const auto number = [&](auto n) {
    out.push_back(',');
    base::append_number(out, n);
  };
  out.append(time_.iso(e.time)).push_back(',');
  base::append_number(out, base::unix_seconds(e.time));
  out.push_back('.');
  base::append_number(out, a.number);
  number(a.rule->level);
  number(a.rule->id);
  cell(description_or(*a.rule, ""));
  joined_.clear();
  each_group(a.rule->group, [&](std::string_view g) { joined_.append(joined_.empty() ? "" : " ").append(g); });
  cell(joined_);
  const AgentParts agent = agent_parts(e);
  cell(agent.name);
  cell(agent.file);
  for (const Field f : {Field::SrcIp, Field::SrcPort, Field::DstIp, Field::DstPort, Field::DstUser, Field::SrcUser}) {
    cell(e.field(f));
  }
  cell(e.program_name);
  cell(e.decoder ? std::string_view(e.decoder->name) : std::string_view{});
  for (const Field f : {Field::Action, Field::Protocol, Field::Status, Field::Url}) cell(e.field(f));
  cell(e.full_log);
  joined_.clear();
  for (const std::string_view line : a.previous) joined_.append(joined_.empty() ? "" : "\n").append(line);
  cell(joined_);
  out.push_back('\n');
}

}  // namespace gander::output
