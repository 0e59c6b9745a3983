#include "decode/json_decoder.h"

#include <simdjson.h>

#include <array>
#include <cstring>
#include <memory>

#include "base/utf8.h"
#include "decode/json_text.h"

namespace gander::decode {

namespace ondemand = simdjson::ondemand;
using model::Field;

struct JsonWork {
  static constexpr size_t kKeep = size_t{256} * 1024;  // bytes of memory kept from one document to the next

  ondemand::parser parser;
  std::string document;
  std::string name;                       // dotted name of the member being read
  std::string text;                       // value being read
  std::vector<model::NamedField> fields;  // views into the event's arena

  void give_back() {
    if (document.capacity() <= kKeep) return;
    document = {};
    parser = ondemand::parser();
  }
};

namespace {

enum class Outcome { Good, Broken };

class JsonReader {
 public:
  JsonReader(JsonWork& work, model::Event& event) : work_(work), event_(event) {}

  // False when `document` is no JSON object.
  bool read() {
    ondemand::document document;
    ondemand::object object;
    const simdjson::padded_string_view padded(work_.document.data(), work_.document.size() - simdjson::SIMDJSON_PADDING,
                                              work_.document.size());
    if (work_.parser.iterate(padded).get(document) || document.get_object().get(object)) return false;
    if (read_object(object, 1) != Outcome::Good) return false;
    return document.current_location().error() == simdjson::OUT_OF_BOUNDS;
  }

 private:
  // Adds `.part` to the name as long as it lives.
  class Part {
   public:
    explicit Part(std::string& name) : name_(name), size_(name.size()) {
      if (size_ > 0) name_ += '.';
    }
    ~Part() { name_.resize(size_); }
    Part(const Part&) = delete;
    Part& operator=(const Part&) = delete;

   private:
    std::string& name_;
    size_t size_;
  };

  Outcome read_object(ondemand::object object, int depth) {
    for (auto member : object) {
      ondemand::field field;
      if (std::move(member).get(field)) return Outcome::Broken;
      const Part part(work_.name);
      append_unquoted(work_.name, from_quote(field.key().raw()));
      ondemand::value value = field.value();
      if (read_value(value, depth) != Outcome::Good) return Outcome::Broken;
    }
    return Outcome::Good;
  }

  // The key from its opening quote to the end of the document.
  std::string_view from_quote(const char* behind) const {
    const char* const end = work_.document.data() + work_.document.size();
    return {behind - 1, static_cast<size_t>(end - behind) + 1};
  }

  Outcome read_value(ondemand::value& value, int depth) {
    ondemand::json_type type{};
    if (value.type().get(type)) return Outcome::Broken;
    if (type == ondemand::json_type::object) {
      ondemand::object object;
      if (value.get_object().get(object)) return Outcome::Broken;
      return depth < static_cast<int>(JsonLimits::kDepth) ? read_object(object, depth + 1) : keep_raw(object);
    }
    if (type == ondemand::json_type::array) {
      ondemand::array array;
      if (value.get_array().get(array)) return Outcome::Broken;
      return depth < static_cast<int>(JsonLimits::kDepth) ? read_array(array, depth + 1) : keep_raw(array);
    }
    work_.text.clear();
    bool null = false;
    if (append_scalar(value, null) != Outcome::Good) return Outcome::Broken;
    if (!null) add(work_.text);
    return Outcome::Good;
  }

  template <class Nested>
  Outcome keep_raw(Nested nested) {
    std::string_view raw;
    if (nested.raw_json().get(raw)) return Outcome::Broken;
    add(raw.substr(0, raw.find_last_of("}]") + 1));
    return Outcome::Good;
  }

  // Scalars are joined under the array's own name, the rest has its index for a name.
  Outcome read_array(ondemand::array array, int depth) {
    std::string joined;
    bool any = false;
    size_t index = 0;
    for (auto element : array) {
      ondemand::value value;
      ondemand::json_type type{};
      if (element.get(value) || value.type().get(type)) return Outcome::Broken;
      if (type == ondemand::json_type::object || type == ondemand::json_type::array) {
        const Part part(work_.name);
        work_.name += std::to_string(index);
        if (read_value(value, depth) != Outcome::Good) return Outcome::Broken;
      } else {
        work_.text.clear();
        bool null = false;
        if (append_scalar(value, null) != Outcome::Good) return Outcome::Broken;
        if (any) joined += ',';
        joined += work_.text;
        any = true;
      }
      ++index;
    }
    if (any) add(joined);
    return Outcome::Good;
  }

  Outcome append_scalar(ondemand::value& value, bool& null) {
    std::string_view token = value.raw_json_token();
    if (token.empty()) return Outcome::Broken;
    if (token.front() == '"') {
      append_unquoted(work_.text, token);
      return Outcome::Good;
    }
    token = token.substr(0, token.find_last_not_of(" \t\r\n") + 1);
    null = token == "null";
    if (!null && token != "true" && token != "false" && !is_json_number(token)) return Outcome::Broken;
    if (!null) work_.text += token;
    return Outcome::Good;
  }

  // The last of members with one name counts.
  void add(std::string_view value) {
    if (work_.name.empty() || work_.name.size() > JsonLimits::kName) return;
    for (model::NamedField& known : work_.fields) {
      if (known.name != work_.name) continue;
      known.value = event_.keep(value);
      return;
    }
    if (work_.fields.size() < JsonLimits::kFields)
      work_.fields.push_back({event_.keep(work_.name), event_.keep(value)});
  }

  JsonWork& work_;
  model::Event& event_;
};

struct FixedName {
  std::string_view name;
  Field field;
};
// Names with one meaning; the first one that is there fills the field.
constexpr std::array<FixedName, 32> kFixedNames = {{
    {"srcip", Field::SrcIp},
    {"src_ip", Field::SrcIp},
    {"source.ip", Field::SrcIp},
    {"dstip", Field::DstIp},
    {"dst_ip", Field::DstIp},
    {"dest_ip", Field::DstIp},
    {"destination.ip", Field::DstIp},
    {"srcport", Field::SrcPort},
    {"src_port", Field::SrcPort},
    {"source.port", Field::SrcPort},
    {"dstport", Field::DstPort},
    {"dst_port", Field::DstPort},
    {"dest_port", Field::DstPort},
    {"destination.port", Field::DstPort},
    {"srcuser", Field::SrcUser},
    {"dstuser", Field::DstUser},
    {"user", Field::DstUser},
    {"protocol", Field::Protocol},
    {"proto", Field::Protocol},
    {"network.transport", Field::Protocol},
    {"action", Field::Action},
    {"event.action", Field::Action},
    {"id", Field::Id},
    {"url", Field::Url},
    {"url.original", Field::Url},
    {"status", Field::Status},
    {"extra_data", Field::Data},
    {"data", Field::Data},
    {"system_name", Field::SystemName},
    {"filename", Field::Filename},
    {"http.response.status_code", Field::Status},
    {"event.code", Field::Id},
}};

void fill_fixed(model::Event& event, const std::vector<model::NamedField>& fields) {
  for (const FixedName& fixed : kFixedNames) {
    if (event.has(fixed.field)) continue;
    for (const model::NamedField& f : fields) {
      if (f.name == fixed.name) event.set(fixed.field, f.value);
    }
  }
}

std::string_view object_text(std::string_view text) {
  const size_t begin = text.find_first_not_of(' ');
  if (begin == std::string_view::npos || text[begin] != '{') return {};
  text = text.substr(begin, text.find_last_not_of(' ') + 1 - begin);
  return text.back() == '}' && text.size() <= JsonLimits::kDocument ? text : std::string_view();
}

// A copy with room behind it for the parser; bytes that are no UTF-8 become `?`.
void copy_document(std::string_view text, text::Encoding encoding, std::string& out) {
  out.assign(text);
  if (encoding == text::Encoding::Invalid) {
    for (size_t i = 0; i < text.size();) {
      const size_t length = base::utf8_at(text, i).length;
      if (length == 0) out[i] = '?';
      i += length == 0 ? 1 : length;
    }
  }
  out.append(simdjson::SIMDJSON_PADDING, ' ');
}

bool decode_text(std::string_view text, model::Event& event, JsonWork& work) {
  text = object_text(text);
  if (text.empty()) return false;
  copy_document(text, event.encoding, work.document);
  work.name.clear();
  work.fields.clear();
  return JsonReader(work, event).read();
}

}  // namespace

DecodeScratch::DecodeScratch(text::MatchContext::Limits limits) : context(limits) {}
DecodeScratch::DecodeScratch(DecodeScratch&&) noexcept = default;
DecodeScratch& DecodeScratch::operator=(DecodeScratch&&) noexcept = default;
DecodeScratch::~DecodeScratch() = default;

bool decode_json(const model::DecoderInfo& info, model::Event& event, DecodeScratch& scratch) {
  if (event.full_log.find('{') == std::string_view::npos) return false;
  if (!scratch.json) scratch.json = std::make_unique<JsonWork>();
  JsonWork& work = *scratch.json;
  const bool found = decode_text(event.log, event, work) || decode_text(event.full_log, event, work);
  if (found) {
    event.decoder = &info;
    event.category = info.category;
    event.named.assign(work.fields.begin(), work.fields.end());
    fill_fixed(event, work.fields);
    if (scratch.filled) {
      for (const model::NamedField& f : work.fields) scratch.filled->push_back({f.name, f.value});
    }
    // An escape can bring in what the text itself does not hold.
    if (event.encoding == text::Encoding::Ascii && event.full_log.find("\\u") != std::string_view::npos)
      event.encoding = text::Encoding::Utf8;
  }
  work.give_back();
  return found;
}

}  // namespace gander::decode
