#include "notify/mail_digest.h"

#include <algorithm>

#include "model/compat.h"
#include "notify/mail_text.h"

namespace gander::notify {
namespace {

constexpr auto kMended = model::Compat::Mended;
constexpr size_t kMostText = 300;  // of one name in a line

std::string cut(std::string_view text) {
  return one_line(text.substr(0, kMostText), kMended);
}

std::string rule_line(const model::StoredAlert& a) {
  return "\r\nRule: " + std::to_string(a.rule) + " (level " + std::to_string(a.level) + ") -> \"" +
         cut(a.description.value_or("(null)")) + "\"\r\n";
}

std::string alert_lines(const model::StoredAlert& a) {
  std::string out = cut(a.date.value_or("")) + "  " + cut(a.location);
  if (a.src_ip) out += "  Src IP: " + cut(*a.src_ip);
  if (a.dst_ip) out += "  Dst IP: " + cut(*a.dst_ip);
  if (a.user) out += "  User: " + cut(*a.user);
  out += "  Alert: " + cut(a.id) + "\r\n";
  if (!a.log.empty()) out += "    " + cut(a.log.front().substr(0, a.log.front().find('\n'))) + "\r\n";
  return out;
}

std::string heading(size_t count, int most_an_hour) {
  return "\r\nOSSEC HIDS Notification.\r\nDigest of " + std::to_string(count) + (count == 1 ? " alert" : " alerts") +
         " that came after " + std::to_string(most_an_hour) + " mails within an hour.\r\n";
}

bool same_rule(const model::StoredAlert& a, const model::StoredAlert& b) {
  return a.rule == b.rule && a.level == b.level && a.description == b.description;
}

}  // namespace

std::vector<DigestPart> digest(std::span<const model::StoredAlert* const> alerts, int most_an_hour, size_t most_bytes) {
  std::vector<const model::StoredAlert*> order(alerts.begin(), alerts.end());
  std::stable_sort(order.begin(), order.end(), [](const model::StoredAlert* a, const model::StoredAlert* b) {
    if (a->level != b->level) return a->level > b->level;
    if (a->rule != b->rule) return a->rule < b->rule;
    return a->description < b->description;
  });
  std::vector<DigestPart> parts;
  std::vector<size_t> counts;
  const model::StoredAlert* before = nullptr;
  for (const model::StoredAlert* const a : order) {
    if (parts.empty() || parts.back().text.size() > most_bytes) {
      parts.push_back({mail_subject(*a, SubjectForm::Long, kMended), ""});
      counts.push_back(0);
      before = nullptr;
    }
    DigestPart& part = parts.back();
    if (before == nullptr || !same_rule(*before, *a)) part.text += rule_line(*a);
    part.text += alert_lines(*a);
    before = a;
    ++counts.back();
  }
  for (size_t i = 0; i < parts.size(); ++i) {
    std::string head = heading(order.size(), most_an_hour);
    if (parts.size() > 1) {
      head += "Part " + std::to_string(i + 1) + " of " + std::to_string(parts.size()) + ", with " +
              std::to_string(counts[i]) + " of them.\r\n";
    }
    parts[i].text = head + parts[i].text + "\r\n\r\n --END OF NOTIFICATION\r\n\r\n\r\n";
    if (order.size() > 1) parts[i].subject += " (and " + std::to_string(order.size() - 1) + " more)";
  }
  return parts;
}

}  // namespace gander::notify
