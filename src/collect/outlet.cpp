#include "collect/outlet.h"

#include <system_error>

namespace gander::collect {

Counts& Counts::operator+=(const Counts& other) {
  lines += other.lines;
  records += other.records;
  bytes += other.bytes;
  truncated += other.truncated;
  refused += other.refused;
  lost += other.lost;
  return *this;
}

void Outlet::send(Batch batch) {
  batch.number = ++last_;
  size_t bytes = batch.place.size();
  for (const Record& r : batch.records) bytes += r.text.size() + r.location.size() + sizeof(Record);
  sent_.push_back({batch.number, bytes});
  unacknowledged_ += bytes;
  sink_->take(batch);
}

void Outlet::acknowledge(uint64_t number) {
  while (!sent_.empty() && sent_.front().number <= number) {
    unacknowledged_ -= sent_.front().bytes;
    sent_.pop_front();
  }
}

std::string log_line(int number, std::string_view level, const std::string& text) {
  std::string line = "ossec-logcollector";
  if (number != 0) line.append("(").append(std::to_string(number)).append(")");
  return line.append(": ").append(level).append(": ").append(text);
}

std::string could_not_open(const std::string& path, int error) {
  return log_line(1103, "ERROR",
                  "Could not open file '" + path + "' due to [(" + std::to_string(error) + ")-(" +
                      std::generic_category().message(error) + ")].");
}

}  // namespace gander::collect
