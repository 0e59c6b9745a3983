#include "cli/stored_alert_view.h"

#include <array>
#include <charconv>
#include <utility>

namespace gander::cli {
namespace {

using Text = std::optional<std::string> model::StoredAlert::*;

// Lines of an integrity alert that are kept as fields, in the order in which they were written.
constexpr std::array<std::pair<std::string_view, Text>, 8> kIntegrityLines = {
    {{"Size changed from ", &model::StoredAlert::size_change},
     {"Permissions changed from ", &model::StoredAlert::permissions_change},
     {"Ownership was ", &model::StoredAlert::owner_change},
     {"Group ownership was ", &model::StoredAlert::group_change},
     {"Old md5sum was: ", &model::StoredAlert::old_md5},
     {"New md5sum is : ", &model::StoredAlert::new_md5},
     {"Old sha1sum was: ", &model::StoredAlert::old_sha1},
     {"New sha1sum is : ", &model::StoredAlert::new_sha1}}};

}  // namespace

const model::Alert& StoredAlertView::of(const model::StoredAlert& stored) {
  rule_ = {};
  rule_.id = stored.rule;
  rule_.level = stored.level;
  rule_.description = stored.description;
  rule_.mail = stored.mail;
  rule_.group = stored.group.value_or("");
  if (rule_.group.starts_with(' ')) rule_.group.erase(0, 1);
  event_.reset();
  event_.time = stored.time;
  const std::string_view place = stored.location;
  const size_t arrow = place.starts_with('(') ? std::string_view::npos : place.find("->");
  event_.location = event_.keep(arrow == std::string_view::npos ? place : place.substr(arrow + 2));
  event_.hostname = arrow == std::string_view::npos ? event_.location : event_.keep(place.substr(0, arrow));
  const auto set = [&](model::Field field, const std::optional<std::string>& text) {
    if (text) event_.set(field, event_.keep(*text));
  };
  set(model::Field::SrcIp, stored.src_ip);
  set(model::Field::SrcPort, stored.src_port);
  set(model::Field::DstIp, stored.dst_ip);
  set(model::Field::DstPort, stored.dst_port);
  set(model::Field::DstUser, stored.user);
  set(model::Field::Filename, stored.filename);
  const auto set_any = [&](model::Field field, const std::string& text) {
    if (!text.empty()) event_.set(field, event_.keep(text));
  };
  set_any(model::Field::SrcUser, stored.src_user);
  set_any(model::Field::Url, stored.url);
  set_any(model::Field::Action, stored.action);
  set_any(model::Field::Status, stored.status);
  if (!stored.program.empty()) event_.program_name = event_.keep(stored.program);
  decoder_.name = stored.decoder;
  event_.decoder = stored.decoder.empty() ? nullptr : &decoder_;
  actor_ = stored.actor.empty() ? std::nullopt : model::actor_from(stored.actor);
  event_.actor = actor_ ? &*actor_ : nullptr;
  if (!stored.stable_id.empty()) event_.named.push_back({"stable_id", event_.keep(stored.stable_id)});
  log_of(stored);
  alert_ = {};
  const size_t point = stored.id.find('.');
  if (point != std::string::npos) {
    std::from_chars(stored.id.data() + point + 1, stored.id.data() + stored.id.size(), alert_.number);
  }
  alert_.rule = &rule_;
  alert_.event = &event_;
  alert_.previous = previous_;
  return alert_;
}

void StoredAlertView::log_of(const model::StoredAlert& stored) {
  previous_.clear();
  std::string text = stored.log.empty() ? std::string() : stored.log.front();
  const bool integrity = rule_.group.find("syscheck") != std::string::npos;
  if (integrity) {
    for (const auto& [mark, member] : kIntegrityLines) {
      if (stored.*member) text.append("\n").append(mark).append(*(stored.*member));
    }
  }
  for (size_t i = 1; i < stored.log.size(); ++i) {
    if (integrity) {
      text.append("\n").append(stored.log[i]);
    } else {
      previous_.push_back(event_.keep(stored.log[i]));
    }
  }
  event_.full_log = event_.keep(text);
  event_.log = event_.full_log;
}

}  // namespace gander::cli
