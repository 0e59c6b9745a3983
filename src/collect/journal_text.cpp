#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "collect/journal_source.h"

namespace gander::collect {

void append_journal_text(std::string& out, const JournalEntry& entry, const base::TimeZone& zone,
                         model::Compat compat) {
  const bool ossec = compat == model::Compat::Ossec43;
  const base::Civil c = zone.civil(entry.time);
  const auto minutes = static_cast<int>(std::llabs(c.offset) / 60);
  char time[64];
  // OSSEC 4.3 prints the minutes of every zone as 00.
  std::snprintf(time, sizeof time, "%04d-%02d-%02dT%02d:%02d:%02d%c%02d:%02d ", c.year, c.month, c.day, c.hour,
                c.minute, c.second, c.offset < 0 ? '-' : '+', minutes / 60, ossec ? 0 : minutes % 60);
  const size_t begin = out.size();
  out.append(time).append(entry.host).append(" ").append(entry.identifier).append(": ").append(entry.message);
  if (ossec) out.push_back('\n');
  std::replace(out.begin() + static_cast<std::ptrdiff_t>(begin), out.end(), '\0', ' ');
}

}  // namespace gander::collect
