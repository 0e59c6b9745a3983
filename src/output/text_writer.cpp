#include "output/text_writer.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

#include "base/json_text.h"
#include "output/alert_parts.h"

namespace gander::output {
namespace {

// What a reader of the format takes for more than a log line.
constexpr std::array<std::string_view, 7> kFrameWords = {
    "** Alert", "Rule: ", "Src IP: ", "Src Port: ", "Dst IP: ", "Dst Port: ", "User: "};

bool looks_like_frame(std::string_view line) {
  // Two letters tell nearly all lines apart.
  return line.size() > 1 && std::any_of(kFrameWords.begin(), kFrameWords.end(), [&](std::string_view word) {
           return line[0] == word[0] && line[1] == word[1] && line.starts_with(word);
         });
}

bool is_control(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte < 0x20 || byte == 0x7F;
}

// Eight bytes at a time: nearly no value holds any.
bool holds_control(std::string_view text) {
  constexpr uint64_t kOnes = 0x0101010101010101;
  constexpr uint64_t kHigh = 0x80 * kOnes;
  const auto below = [](uint64_t bytes, uint64_t limit) { return (bytes - limit * kOnes) & ~bytes & kHigh; };
  while (!text.empty()) {
    uint64_t bytes = ' ' * kOnes;
    const size_t size = std::min(text.size(), sizeof bytes);
    std::memcpy(&bytes, text.data(), size);
    if (below(bytes, 0x20) | below(bytes ^ 0x7F * kOnes, 1)) return true;
    text.remove_prefix(size);
  }
  return false;
}

std::string_view or_none(std::string_view value) {
  return value.data() == nullptr ? "None" : value;
}

}  // namespace

TextWriter::TextWriter(model::Compat compat, base::TimeZone zone, std::string custom_format)
    : mended_(compat == model::Compat::Mended), time_(std::move(zone)), custom_format_(std::move(custom_format)) {}

void TextWriter::alert(std::string& out, const model::Alert& alert) {
  if (custom_format_.empty()) {
    usual(out, alert);
  } else {
    custom(out, alert);
  }
}

const TextWriter::RuleText& TextWriter::rule_text(const model::RuleInfo& rule) {
  const auto [it, added] = rule_texts_.try_emplace(&rule);
  RuleText& text = it->second;
  if (!added) return text;
  text.head = rule.mail ? ": mail  - " : ": - ";
  one_line(text.head, rule.group);
  text.head += '\n';
  text.rule = "\nRule: " + std::to_string(rule.id) + " (level " + std::to_string(rule.level) + ") -> '";
  one_line(text.rule, description_or(rule, "(null)"));
  text.rule += "'\n";
  return text;
}

std::string_view TextWriter::opening(base::Instant time) {
  const int64_t second = base::unix_seconds(time);
  if (opening_second_ != second) {
    opening_second_ = second;
    opening_ = "** Alert " + std::to_string(second) + ".";
  }
  return opening_;
}

void TextWriter::usual(std::string& out, const model::Alert& a) {
  const model::Event& e = *a.event;
  const RuleText& rule = rule_text(*a.rule);
  out.append(opening(e.time));
  base::append_number(out, a.number);
  out.append(rule.head).append(time_.ossec(e.time)).push_back(' ');
  origin(out, e);
  out.append(rule.rule);
  value(out, "Src IP: ", e.field(model::Field::SrcIp));
  value(out, "Src Port: ", e.field(model::Field::SrcPort));
  value(out, "Dst IP: ", e.field(model::Field::DstIp));
  value(out, "Dst Port: ", e.field(model::Field::DstPort));
  value(out, "User: ", e.field(model::Field::DstUser));
  log_text(out, e.full_log, a.previous.empty() ? Place::Only : Place::First);
  for (const std::string_view& line : a.previous) {
    log_text(out, line, &line == &a.previous.back() ? Place::Last : Place::Middle);
  }
  out.push_back('\n');
}

void TextWriter::origin(std::string& out, const model::Event& e) {
  if (!origin_is_location(e)) {
    one_line(out, e.hostname);
    out.append("->");
  }
  one_line(out, e.location);
}

void TextWriter::value(std::string& out, std::string_view name, std::string_view text) {
  if (text.data() == nullptr) return;
  out.append(name);
  one_line(out, text);
  out.push_back('\n');
}

void TextWriter::one_line(std::string& out, std::string_view text) {
  const size_t begin = out.size();
  out.append(text);
  if (mended_ && holds_control(text))
    std::replace_if(out.begin() + static_cast<std::ptrdiff_t>(begin), out.end(), is_control, '?');
}

// Texts that the server built itself hold line feeds. An empty line ends an alert, so only the first line of the alert
// and what follows its last text may be empty.
void TextWriter::log_text(std::string& out, std::string_view text, Place place) {
  if (!mended_) {
    out.append(text.substr(0, kOssecLogCut)).push_back('\n');
    return;
  }
  if (!text.empty() && text.find('\n') == std::string_view::npos) {
    if (looks_like_frame(text)) out.push_back(' ');
    out.append(text).push_back('\n');
    return;
  }
  const bool opens = place == Place::Only || place == Place::First;
  const bool closes = place == Place::Only || place == Place::Last;
  const size_t kept = text.empty() ? 0 : text.find_last_not_of('\n') + 1;
  for (size_t begin = 0;;) {
    const size_t end = std::min(text.find('\n', begin), text.size());
    const std::string_view line = text.substr(begin, end - begin);
    const bool may_be_empty = (opens && begin == 0) || (closes && !text.empty() && begin >= kept);
    if (line.empty() ? !may_be_empty : looks_like_frame(line)) out.push_back(' ');
    out.append(line).push_back('\n');
    if (end == text.size()) return;
    begin = end + 1;
  }
}

struct TextWriter::Token {
  std::string_view name;
  std::string_view value;
};

void TextWriter::custom(std::string& out, const model::Alert& a) {
  const model::Event& e = *a.event;
  const auto cut = [&](std::string_view text) { return mended_ ? text : text.substr(0, kOssecCustomCut); };
  const std::string seconds = std::to_string(base::unix_seconds(e.time));
  const std::string number = std::to_string(a.number);
  const std::string id = std::to_string(a.rule->id);
  const std::string level = std::to_string(a.rule->level);
  std::string log;
  for (const char c : e.full_log) c == '\n' ? void(log.append("\\n")) : log.push_back(c);
  const std::array<Token, 12> tokens = {{{"$TIMESTAMP", seconds},
                                         {"$FTELL", number},
                                         {"$RULEALERT", a.rule->mail ? "mail " : ""},
                                         {"$HOSTNAME", cut(or_none(e.hostname))},
                                         {"$LOCATION", cut(or_none(e.location))},
                                         {"$RULEID", id},
                                         {"$RULELEVEL", level},
                                         {"$SRCIP", cut(or_none(e.field(model::Field::SrcIp)))},
                                         {"$DSTUSER", cut(or_none(e.field(model::Field::DstUser)))},
                                         {"$FULLLOG", log},
                                         {"$RULECOMMENT", cut(description_or(*a.rule, "(null)"))},
                                         {"$RULEGROUP", cut(a.rule->group)}}};
  if (mended_) {
    fill_at_once(out, tokens);
  } else {
    fill_in_turn(out, tokens);
  }
  out.push_back('\n');
}

// One token after the other, so that a value may hold tokens that come later.
void TextWriter::fill_in_turn(std::string& out, std::span<const Token> tokens) {
  std::string text = custom_format_;
  for (const Token& token : tokens) {
    for (size_t at = text.find(token.name); at != std::string::npos; at = text.find(token.name, at)) {
      text.replace(at, token.name.size(), token.value);
      at += token.value.size();
    }
  }
  out.append(text);
}

// Only the format's own tokens; what a log line holds stays as it is.
void TextWriter::fill_at_once(std::string& out, std::span<const Token> tokens) {
  const std::string_view format = custom_format_;
  for (size_t at = 0; at < format.size();) {
    const auto token = std::find_if(tokens.begin(), tokens.end(),
                                    [&](const Token& t) { return format.substr(at).starts_with(t.name); });
    if (token == tokens.end()) {
      out.push_back(format[at++]);
    } else {
      one_line(out, token->value);
      at += token->name.size();
    }
  }
}

}  // namespace gander::output
