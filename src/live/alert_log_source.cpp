#include "live/alert_log_source.h"

#include <utility>

#include "base/file.h"
#include "collect/feed_file.h"
#include "report/alert_reader.h"
#include "store/dated_log.h"

namespace gander::live {
namespace {

// The file of this kind and day, plain or compressed; empty when there is none.
std::string file_of(const std::string& home, store::LogKind kind, const store::Day& day) {
  const std::string path = base::join(home, store::dated_name(kind, day));
  for (const char* const tail : {"", ".gz"}) {
    if (base::exists(path + tail)) return path + tail;
  }
  return {};
}

}  // namespace

store::LogOfDay log_of_day(std::string home) {
  return [home = std::move(home)](const store::Day& day, uint64_t most, const store::AlertTake& take) -> Result<void> {
    std::string file = file_of(home, store::LogKind::Alerts, day);
    if (file.empty()) file = file_of(home, store::LogKind::AlertsJson, day);
    if (file.empty()) return {};
    report::AlertReader reader(
        model::Compat::Mended, "gander", [&](const model::StoredAlert& alert) { take(alert); },
        [](const std::string&) {});
    uint64_t left = most;
    const Result<void> read = collect::feed_file(file, [&](std::string_view bytes) {
      bytes = bytes.substr(0, left);
      left -= bytes.size();
      reader.feed(bytes);
    });
    reader.finish();
    return read;
  };
}

}  // namespace gander::live
