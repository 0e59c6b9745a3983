#include "live/source_status.h"

namespace gander::live {
namespace {

std::string_view word(collect::SourceState state) {
  switch (state) {
    case collect::SourceState::Following:
      return "following";
    case collect::SourceState::Missing:
      return "missing";
    case collect::SourceState::Unreadable:
      return "unreadable";
    case collect::SourceState::GivenUp:
      return "given up";
  }
  return "?";
}

}  // namespace

void append_sources(base::JsonBuilder& json, std::string_view key, const std::vector<collect::SourceStatus>& sources) {
  json.open_array(key);
  for (const collect::SourceStatus& s : sources) {
    json.open_object();
    json.string("source", s.source);
    json.string("name", s.name);
    json.string("state", word(s.state));
    json.string_if_any("trouble", s.trouble);
    json.number("waiting_bytes", s.waiting_bytes);
    json.number("truncated", s.counts.truncated);
    if (s.runs + s.failed_runs > 0) {
      json.number("runs", s.runs);
      json.number("failed_runs", s.failed_runs);
    }
    json.close_object();
  }
  json.close_array();
}

Severity severity_of(collect::NoticeLevel level) {
  switch (level) {
    case collect::NoticeLevel::Debug:
    case collect::NoticeLevel::Info:
      return Severity::Note;
    case collect::NoticeLevel::Warning:
      return Severity::Warning;
    case collect::NoticeLevel::Error:
      return Severity::Error;
  }
  return Severity::Note;
}

}  // namespace gander::live
