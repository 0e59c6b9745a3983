#include "output/archive_writer.h"

#include <algorithm>
#include <utility>

#include "output/alert_parts.h"

namespace gander::output {

using model::Field;

ArchiveWriter::ArchiveWriter(model::Compat compat, base::TimeZone zone)
    : mended_(compat == model::Compat::Mended), time_(std::move(zone)) {}

void ArchiveWriter::event(std::string& out, const model::Event& event) {
  head(out, event);
  text(out, event.full_log);
  out.push_back('\n');
}

void ArchiveWriter::firewall(std::string& out, const model::Event& event) {
  const auto port = [&](Field f) { return event.has(f) ? event.field(f) : std::string_view("0"); };
  head(out, event);
  text(out, event.field(Field::Action));
  out.push_back(' ');
  text(out, event.field(Field::Protocol));
  out.push_back(' ');
  text(out, event.field(Field::SrcIp));
  out.push_back(':');
  text(out, port(Field::SrcPort));
  out.append("->");
  text(out, event.field(Field::DstIp));
  out.push_back(':');
  text(out, port(Field::DstPort));
  out.push_back('\n');
}

void ArchiveWriter::head(std::string& out, const model::Event& event) {
  out.append(time_.ossec(event.time)).push_back(' ');
  if (!origin_is_location(event)) {
    text(out, event.hostname);
    out.append("->");
  }
  text(out, event.location);
  out.push_back(' ');
}

// Integrity texts hold line feeds, written as they are by OSSEC; mended, each becomes a blank.
void ArchiveWriter::text(std::string& out, std::string_view text) const {
  const size_t begin = out.size();
  out.append(text);
  if (mended_) std::replace(out.begin() + static_cast<std::ptrdiff_t>(begin), out.end(), '\n', ' ');
}

}  // namespace gander::output
