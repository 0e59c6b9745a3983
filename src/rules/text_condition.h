// TextCondition: a pattern searched in one text of the event; ExactCondition: <action>, compared byte for byte.
//
// Threads: immutable.
// Cost:    one search. The encoding of a field is looked at again here: a decoder may unescape, or another message may
//          have filled it, so the message's own encoding does not tell.
// Fails:   cannot; an event without the text does not match.
#pragma once

#include <string>
#include <string_view>

#include "rules/condition.h"

namespace gander::rules {

enum class TextSource {
  Log,
  ProgramName,
  Hostname,
  Id,
  Url,
  UrlOrPlain,  // the URL, or that text with its escapes undone (Event::plain_url)
  Status,
  ExtraData,
  User,         // dstuser; only without one, srcuser
  UserOfLists,  // srcuser; only without one, dstuser
  SrcIp,
  DstIp,
  SrcPort,
  DstPort,
  Action,
  Geo,  // no event carries the geographic text of an address
};

// Null data: the event does not carry it.
std::string_view text_of(const model::Event& event, TextSource source);

class TextCondition final : public Condition {
 public:
  // `element`: as in the rule, a string literal.
  TextCondition(std::string_view element, TextSource source, text::Pattern pattern);

  bool holds(const model::Event& event, text::MatchContext& context) const noexcept override;
  std::string_view element() const override { return element_; }
  std::string wanted() const override { return pattern_.text(); }
  std::string_view looked_at(const model::Event& event) const override { return text_of(event, source_); }
  const text::Pattern* log_pattern() const override { return source_ == TextSource::Log ? &pattern_ : nullptr; }
  const text::Pattern* url_pattern() const override {
    return source_ == TextSource::Url || source_ == TextSource::UrlOrPlain ? &pattern_ : nullptr;
  }
  bool equals(const Condition& other) const override;
  size_t hash() const override;

 private:
  std::string_view element_;
  TextSource source_;
  text::Pattern pattern_;
};

class ExactCondition final : public Condition {
 public:
  ExactCondition(std::string_view element, TextSource source, std::string text);

  bool holds(const model::Event& event, text::MatchContext& context) const noexcept override;
  std::string_view element() const override { return element_; }
  std::string wanted() const override { return text_; }
  std::string_view looked_at(const model::Event& event) const override { return text_of(event, source_); }
  bool equals(const Condition& other) const override;
  size_t hash() const override;

 private:
  std::string_view element_;
  TextSource source_;
  std::string text_;
};

// Hashes of the parts of a condition, mixed.
size_t mix_hash(size_t a, size_t b);
size_t text_hash(std::string_view text);

}  // namespace gander::rules
