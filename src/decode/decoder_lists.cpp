#include "decode/decoder_lists.h"

#include <algorithm>

namespace gander::decode {
namespace {

using model::Field;

// Parts between commas; the last of `most` keeps the rest.
std::vector<std::string_view> split(std::string_view text, size_t most) {
  std::vector<std::string_view> out;
  for (;;) {
    const size_t comma = text.find(',');
    if (comma == std::string_view::npos || out.size() + 1 == most) {
      out.push_back(text);
      return out;
    }
    out.push_back(text.substr(0, comma));
    text.remove_prefix(comma + 1);
  }
}

struct OrderWord {
  std::string_view word;
  Field field;
};
constexpr OrderWord kOrderWords[] = {
    {"dstuser", Field::DstUser}, {"user", Field::DstUser},      {"srcuser", Field::SrcUser},
    {"srcip", Field::SrcIp},     {"dstip", Field::DstIp},       {"srcport", Field::SrcPort},
    {"dstport", Field::DstPort}, {"protocol", Field::Protocol}, {"action", Field::Action},
    {"id", Field::Id},           {"url", Field::Url},           {"status", Field::Status},
    {"data", Field::Data},       {"extra_data", Field::Data},   {"system_name", Field::SystemName},
};

OrderItem item_for(std::string_view part, std::string_view word) {
  for (const OrderWord& known : kOrderWords) {
    if (known.word == word) return {known.field, std::string(label_of(known.field))};
  }
  if (word.find("filename") != std::string_view::npos) return {Field::Filename, std::string(label_of(Field::Filename))};
  // A dynamic field's name runs from the comma, less one blank, to the end of the word.
  const size_t end = static_cast<size_t>(word.data() - part.data()) + word.size();
  std::string_view name = part.substr(0, end);
  if (name.starts_with(' ')) name.remove_prefix(1);
  return {std::nullopt, std::string(name)};
}

struct FtsWord {
  std::string_view word;
  uint32_t item;
};
// In the order in which they are looked for inside a part.
constexpr FtsWord kFtsWords[] = {
    {"dstuser", model::kFtsDstUser}, {"user", model::kFtsDstUser},
    {"srcip", model::kFtsSrcIp},     {"dstip", model::kFtsDstIp},
    {"id", model::kFtsId},           {"location", model::kFtsLocation},
    {"data", model::kFtsData},       {"system_name", model::kFtsSystemName},
    {"name", model::kFtsName},
};

}  // namespace

bool read_order(const LoadContext& context, const config::XmlElement& e, const std::string& decoder,
                std::vector<OrderItem>& order) {
  constexpr size_t kMost = 1024;
  const std::vector<std::string_view> parts = split(e.content, kMost);
  order.clear();
  if (parts.size() > static_cast<size_t>(std::max(context.options.order_size, 0))) {
    context.refuse("D011", "<order> names " + std::to_string(parts.size()) + " fields", context.content_of(e),
                   "at most " + std::to_string(context.options.order_size) + " (analysisd.decoder_order_size)",
                   {"ossec-analysisd: ERROR: Order has too many fields."}, Closing::No);
    return false;
  }
  for (const std::string_view part : parts) {
    const size_t begin = std::min(part.find_first_not_of(' '), part.size());
    const size_t end = std::min(part.find(' ', begin), part.size());
    const std::string_view word = part.substr(begin, end - begin);
    if (word.empty()) {
      context.refuse("D012", "<order> of decoder '" + decoder + "' has an empty name", context.content_of(e),
                     "names stand between commas",
                     {"decode-xml: Wrong field '' in the order of decoder '" + decoder + "'"}, Closing::No);
      return false;
    }
    order.push_back(item_for(part, word));
  }
  return true;
}

bool read_fts(const LoadContext& context, const config::XmlElement& e, const std::string& decoder, uint32_t& fts) {
  constexpr size_t kMost = 8;
  for (const std::string_view part : split(e.content, kMost)) {
    const auto* const known = std::find_if(std::begin(kFtsWords), std::end(kFtsWords), [&](const FtsWord& w) {
      return part.find(w.word) != std::string_view::npos;
    });
    if (known == std::end(kFtsWords)) {
      const std::string shown(part);
      context.refuse("D013", "'" + shown + "' cannot be an item of <fts>", context.content_of(e),
                     "allowed: name, id, user, dstuser, srcip, dstip, location, extra_data, system_name",
                     {"decode-xml: Wrong field '" + shown + "' in the fts decoder '" + decoder + "'"}, Closing::No);
      return false;
    }
    fts |= known->item;
  }
  return true;
}

}  // namespace gander::decode
