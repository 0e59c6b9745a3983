#include "cli/alert_record.h"

#include <fmt/format.h>

namespace gander::cli {
namespace {

std::optional<std::string> field_of(const model::Event& event, model::Field field) {
  const std::string_view value = event.field(field);
  if (!value.data()) return std::nullopt;
  return std::string(value);
}

}  // namespace

const model::StoredAlert& AlertRecord::of(const model::Alert& alert) {
  const model::Event& event = *alert.event;
  const base::Civil c = zone_.civil(event.time);
  stored_ = {};
  stored_.id = fmt::format("{}.{}", base::unix_seconds(event.time), alert.number);
  stored_.mail = alert.rule->mail;
  stored_.group = " " + alert.rule->group;
  stored_.date = fmt::format("{:04} {} {:02} {:02}:{:02}:{:02}", c.year, base::month_name(c.month), c.day, c.hour,
                             c.minute, c.second);
  stored_.location = event.location;
  if (!event.location.starts_with('(')) stored_.location = std::string(event.hostname) + "->" + stored_.location;
  stored_.rule = alert.rule->id;
  stored_.level = alert.rule->level;
  stored_.description = alert.rule->description;
  stored_.src_ip = field_of(event, model::Field::SrcIp);
  stored_.src_port = field_of(event, model::Field::SrcPort);
  stored_.dst_ip = field_of(event, model::Field::DstIp);
  stored_.dst_port = field_of(event, model::Field::DstPort);
  stored_.user = field_of(event, model::Field::DstUser);
  stored_.log.emplace_back(event.full_log);
  return stored_;
}

}  // namespace gander::cli
