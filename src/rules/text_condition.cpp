#include "rules/text_condition.h"

#include <functional>
#include <utility>

namespace gander::rules {

using model::Field;

std::string_view text_of(const model::Event& event, TextSource source) {
  switch (source) {
    case TextSource::Log:
      return event.log;
    case TextSource::ProgramName:
      return event.program_name;
    case TextSource::Hostname:
      return event.hostname;
    case TextSource::Id:
      return event.field(Field::Id);
    case TextSource::Url:
    case TextSource::UrlOrPlain:
      return event.field(Field::Url);
    case TextSource::Status:
      return event.field(Field::Status);
    case TextSource::ExtraData:
      return event.field(Field::Data);
    case TextSource::User:
      return event.has(Field::DstUser) ? event.field(Field::DstUser) : event.field(Field::SrcUser);
    case TextSource::UserOfLists:
      return event.has(Field::SrcUser) ? event.field(Field::SrcUser) : event.field(Field::DstUser);
    case TextSource::SrcIp:
      return event.field(Field::SrcIp);
    case TextSource::DstIp:
      return event.field(Field::DstIp);
    case TextSource::SrcPort:
      return event.field(Field::SrcPort);
    case TextSource::DstPort:
      return event.field(Field::DstPort);
    case TextSource::Action:
      return event.field(Field::Action);
    case TextSource::Geo:
      break;
  }
  return {};
}

size_t mix_hash(size_t a, size_t b) {
  return a ^ (b + 0x9e3779b97f4a7c15ULL + (a << 6) + (a >> 2));
}

size_t text_hash(std::string_view text) {
  return std::hash<std::string_view>{}(text);
}

TextCondition::TextCondition(std::string_view element, TextSource source, text::Pattern pattern)
    : element_(element), source_(source), pattern_(std::move(pattern)) {}

bool TextCondition::holds(const model::Event& event, text::MatchContext& context) const noexcept {
  if (source_ == TextSource::Log) return pattern_.matches(event.log_subject(), context);
  const std::string_view text = text_of(event, source_);
  if (!text.data()) return false;
  if (pattern_.matches(text::Subject::of(text), context)) return true;
  return source_ == TextSource::UrlOrPlain && event.plain_url.data() &&
         pattern_.matches(text::Subject::of(event.plain_url), context);
}

bool TextCondition::equals(const Condition& other) const {
  const auto* const o = dynamic_cast<const TextCondition*>(&other);
  return o && source_ == o->source_ && pattern_.dialect() == o->pattern_.dialect() &&
         pattern_.text() == o->pattern_.text();
}

size_t TextCondition::hash() const {
  const size_t kind = mix_hash(static_cast<size_t>(source_), static_cast<size_t>(pattern_.dialect()));
  return mix_hash(kind, text_hash(pattern_.text()));
}

ExactCondition::ExactCondition(std::string_view element, TextSource source, std::string text)
    : element_(element), source_(source), text_(std::move(text)) {}

bool ExactCondition::holds(const model::Event& event, text::MatchContext&) const noexcept {
  const std::string_view text = text_of(event, source_);
  return text.data() && text == text_;
}

bool ExactCondition::equals(const Condition& other) const {
  const auto* const o = dynamic_cast<const ExactCondition*>(&other);
  return o && source_ == o->source_ && text_ == o->text_;
}

size_t ExactCondition::hash() const {
  return mix_hash(1000 + static_cast<size_t>(source_), text_hash(text_));
}

}  // namespace gander::rules
