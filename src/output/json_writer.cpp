#include "output/json_writer.h"

#include <algorithm>
#include <array>

#include "output/alert_parts.h"

namespace gander::output {
namespace {

using model::Field;

constexpr std::array<std::string_view, 31> kOwnKeys = {
    "rule",         "id",       "TimeStamp",       "decoder", "decoder_parent", "action",  "protocol",     "srcip",
    "srcgeoip",     "srcport",  "srcuser",         "dstip",   "dstgeoip",       "dstport", "dstuser",      "location",
    "full_log",     "hostname", "previous_output", "status",  "program_name",   "command", "SyscheckFile", "url",
    "decoder_desc", "data",     "systemname",      "agentip", "agent_name",     "logfile", "timestamp"};
constexpr std::array<std::string_view, 9> kRuleKeys = {"level",     "comment",    "sidid", "cve",   "info",
                                                       "frequency", "firedtimes", "group", "groups"};

template <class Keys>
bool is_one_of(const Keys& keys, std::string_view name) {
  return std::find(keys.begin(), keys.end(), name) != keys.end();
}

constexpr std::string_view kPci = "pci_dss_";
constexpr std::string_view kCis = "cis_";

std::string_view trimmed(std::string_view text) {
  const size_t begin = text.find_first_not_of(' ');
  return begin == std::string_view::npos ? std::string_view{}
                                         : text.substr(begin, text.find_last_not_of(' ') - begin + 1);
}

bool has_group(std::string_view groups, std::string_view wanted) {
  bool found = false;
  each_group(groups, [&](std::string_view g) { found |= g == wanted; });
  return found;
}

}  // namespace

JsonWriter::JsonWriter(model::Compat compat, base::TimeZone zone)
    : mended_(compat == model::Compat::Mended), time_(std::move(zone)) {}

void JsonWriter::alert(std::string& out, const model::Alert& a) {
  const model::Event& e = *a.event;
  base::JsonBuilder json(out, mended_ ? base::DamagedUtf8::Replace : base::DamagedUtf8::Keep);
  json.open_object();
  rule(json, *a.rule, a.fired_times, e.full_log);
  const int64_t seconds = base::unix_seconds(e.time);
  id_.clear();
  base::append_number(id_, seconds);
  id_.push_back('.');
  base::append_number(id_, a.number);
  json.string("id", id_);
  json.number("TimeStamp", seconds * 1000);
  event_fields(json, a);
  named_fields(json, e);
  decoder_description(json, e.decoder, "decoder_desc");
  const AgentParts agent = agent_parts(e);
  json.string_if_set("agent_name", agent.name);
  json.string_if_set("agentip", agent.ip);
  json.string("timestamp", time_.ossec(e.time));
  json.string_if_set("logfile", agent.file);
  json.close_object();
  out.push_back('\n');
}

void JsonWriter::archive(std::string& out, const model::Event& e, const model::Alert* alert) {
  base::JsonBuilder json(out, mended_ ? base::DamagedUtf8::Replace : base::DamagedUtf8::Keep);
  json.open_object();
  json.string_if_set("program_name", e.program_name);
  json.string_if_set("log", e.log);
  static constexpr std::array<std::pair<std::string_view, Field>, 12> kFields = {{{"srcip", Field::SrcIp},
                                                                                  {"dstip", Field::DstIp},
                                                                                  {"srcport", Field::SrcPort},
                                                                                  {"dstport", Field::DstPort},
                                                                                  {"protocol", Field::Protocol},
                                                                                  {"action", Field::Action},
                                                                                  {"srcuser", Field::SrcUser},
                                                                                  {"dstuser", Field::DstUser},
                                                                                  {"id", Field::Id},
                                                                                  {"status", Field::Status},
                                                                                  {"url", Field::Url},
                                                                                  {"data", Field::Data}}};
  for (const auto& [key, f] : kFields) json.string_if_set(key, e.field(f));
  json.string_if_set("systemname", e.field(Field::SystemName));
  if (e.file) {
    json.string("filename", e.file->path);
    file_keys(json, *e.file);
  }
  if (alert) rule(json, *alert->rule, alert->fired_times, e.full_log);
  named_fields(json, e);
  decoder_description(json, e.decoder, "decoder");
  json.string_if_set("full_log", e.full_log);
  const AgentParts agent = agent_parts(e);
  json.string("timestamp", time_.ossec(e.time));
  json.string_if_set("agent_name", agent.name);
  json.string_if_set("agentip", agent.ip);
  json.string_if_set("logfile", agent.file);
  json.close_object();
  out.push_back('\n');
}

void JsonWriter::rule(base::JsonBuilder& json, const model::RuleInfo& r, uint64_t fired_times, std::string_view log) {
  json.open_object("rule");
  if (r.level != 0) json.number("level", r.level);
  if (r.description) json.string("comment", *r.description);
  json.number("sidid", r.id);
  json.string_if_any("cve", r.cve_text);
  json.string_if_any("info", r.info_text);
  if (r.frequency != 0) json.number("frequency", r.frequency);
  if (fired_times != 0) json.number("firedtimes", fired_times);
  names_.clear();
  if (!r.group.empty()) {
    json.string("group", r.group);
    json.open_array("groups");
    each_group(r.group, [&](std::string_view g) {
      if (!g.starts_with(kPci) && !g.starts_with(kCis)) json.element(g);
    });
    json.close_array();
    compliance(json, r.group);
    if (has_group(r.group, "rootcheck")) rootcheck_lists(json, log);
  }
  json.close_object();
}

void JsonWriter::compliance(base::JsonBuilder& json, std::string_view groups) {
  const auto list = [&](std::string_view key, std::string_view prefix) {
    bool any = false;
    each_group(groups, [&](std::string_view g) {
      if (!g.starts_with(prefix)) return;
      if (!any) {
        json.open_array(key);
        names_.emplace(key, 1);
      }
      any = true;
      json.element(g.substr(prefix.size()));
    });
    if (any) json.close_array();
  };
  list("PCI_DSS", kPci);
  list("CIS", kCis);
}

// "{CIS: 1.2, 3.4} {PCI_DSS: 2.2.4}" in the text of a root check.
void JsonWriter::rootcheck_lists(base::JsonBuilder& json, std::string_view log) {
  for (size_t open = log.find('{'); open != std::string_view::npos; open = log.find('{', open + 1)) {
    const size_t close = log.find('}', open);
    if (close == std::string_view::npos) return;
    const std::string_view inside = log.substr(open + 1, close - open - 1);
    const size_t colon = inside.find(':');
    if (colon == std::string_view::npos) continue;
    const std::string_view name = inside.substr(0, colon);
    if (mended_ && (is_one_of(kRuleKeys, name) || !names_.emplace(name, 1).second)) continue;
    json.open_array(name);
    each_group(inside.substr(colon + 1), [&](std::string_view v) { json.element(trimmed(v)); });
    json.close_array();
    open = close;
  }
}

void JsonWriter::event_fields(base::JsonBuilder& json, const model::Alert& a) {
  const model::Event& e = *a.event;
  if (e.decoder) {
    json.string("decoder", e.decoder->name);
    json.string_if_any("decoder_parent", e.decoder->parent);
  }
  const auto field = [&](std::string_view key, Field f) { json.string_if_set(key, e.field(f)); };
  field("action", Field::Action);
  field("protocol", Field::Protocol);
  field("srcip", Field::SrcIp);
  field("srcport", Field::SrcPort);
  field("srcuser", Field::SrcUser);
  field("dstip", Field::DstIp);
  field("dstport", Field::DstPort);
  field("dstuser", Field::DstUser);
  json.string_if_set("location", e.location);
  json.string_if_set("full_log", e.full_log);
  if (a.previous.size() > 1) json.string_if_any("previous_output", a.previous[1]);
  if (e.file) {
    json.open_object("SyscheckFile");
    json.string("path", e.file->path);
    file_keys(json, *e.file);
    actor_keys(json, e);
    json.close_object();
  } else if (e.has(Field::Filename) || (e.actor && mended_)) {
    json.open_object("SyscheckFile");
    field("path", Field::Filename);
    actor_keys(json, e);
    json.close_object();
  }
  json.string_if_set("hostname", e.hostname);
  json.string_if_set("program_name", e.program_name);
  field("status", Field::Status);
  field("url", Field::Url);
  field("data", Field::Data);
  field("systemname", Field::SystemName);
}

void JsonWriter::named_fields(base::JsonBuilder& json, const model::Event& e) {
  if (e.named.empty()) return;
  names_.clear();
  for (const model::NamedField& f : e.named) {
    if (f.value.data() != nullptr) json.string(mended_ ? free_name(f.name) : f.name, f.value);
  }
}

// `name`, or "fields.NAME", "fields.NAME.2" … when it is taken. The count of each name says where to go on, so that a
// name that comes a thousand times is not searched for a thousand times.
std::string_view JsonWriter::free_name(std::string_view name) {
  const auto place = names_.find(name);
  if (place == names_.end() && !is_one_of(kOwnKeys, name)) return names_.emplace(name, 0).first->first;
  unsigned& seen = place != names_.end() ? place->second : names_.emplace(name, 0).first->second;
  for (;;) {
    std::string candidate = "fields." + std::string(name);
    if (++seen > 1) candidate += "." + std::to_string(seen);
    const auto [taken, is_new] = names_.emplace(std::move(candidate), 0);
    if (is_new) return taken->first;
  }
}

// Pairs only where they differ; what came to be alone where there was nothing before.
void JsonWriter::file_keys(base::JsonBuilder& json, const model::FileChange& file) {
  const auto pair = [&](const std::string& key, const model::FileChange::Pair& p) {
    if (p.before && p.after && *p.before == *p.after) return;
    if (p.before && p.after) json.string(key + "_before", *p.before);
    if (p.after) json.string(key + "_after", *p.after);
  };
  pair("md5", file.md5);
  pair("sha1", file.sha1);
  pair("sha256", file.sha256);
  pair("owner", file.owner);
  pair("gowner", file.group);
  const auto& p = file.permissions;
  if (p.before && p.after && *p.before == *p.after) return;
  if (p.before && p.after) json.number("perm_before", *p.before);
  if (p.after) json.number("perm_after", *p.after);
}

// OSSEC does not know who it was. In the object of the file: a decoder may have fields of its own named "user".
void JsonWriter::actor_keys(base::JsonBuilder& json, const model::Event& e) const {
  if (e.actor && mended_) e.actor->members(json);
}

void JsonWriter::decoder_description(base::JsonBuilder& json, const model::DecoderInfo* decoder, std::string_view key) {
  json.open_object(key);
  if (decoder) {
    if (decoder->fts != 0) json.number("fts", decoder->fts);
    if (decoder->accumulate) json.number("accumulate", 1);
    json.string_if_any("parent", decoder->parent);
    json.string("name", decoder->name);
    json.string_if_any("ftscomment", decoder->fts_comment);
  }
  json.close_object();
}

}  // namespace gander::output
