// <alerts>: from which level alerts are written and mailed.
#include "config/option_table.h"
#include "config/section_table.h"

namespace gander::config {
namespace {

template <auto Member>
void keep_level(Alerts& a, const Value& value, SectionReader& reader) {
  a.*Member = reader.exact() ? value.number & 0xff : value.number;
  if (value.number > 0xff && !reader.exact()) {
    reader.warning({"C105", "level " + std::string(value.text) + " does not fit OSSEC's 8 bits; kept as written",
                    reader.content_at(value.element)});
  }
}

constexpr Option<Alerts> kAlertsOptions[] = {
    {{"log_alert_level", Kind::Number, "", "1", "Least level of alerts that are written."},
     keep_level<&Alerts::log_alert_level>},
    {{"email_alert_level", Kind::Number, "", "7", "Least level of alerts that are mailed."},
     keep_level<&Alerts::email_alert_level>},
    {{"use_geoip", Kind::YesNo, "", "no", "Add the location of addresses to alerts.", Repeats::LastWins,
      NameCase::Exact, ReadBy::Analysis, BadValue::Usual1235, Attributes::None, "GeoIP"},
     keep<&Alerts::use_geoip>},
};

void read_alerts(const XmlElement& section, Config& config, SectionReader& reader) {
  read_options(kAlertsOptions, section, config.alerts, reader);
}

std::vector<OptionInfo> alerts_infos() {
  return infos<Alerts>(kAlertsOptions);
}

}  // namespace

Section alerts_section() {
  return {"alerts", Pass::Settings, "Levels for output.", read_alerts, alerts_infos, {}};
}

}  // namespace gander::config
