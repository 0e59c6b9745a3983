#include "output/record_writer.h"

#include <array>

#include "model/alert_record.h"
#include "output/alert_parts.h"

namespace gander::output {
namespace {

using model::Field;
using model::RecordField;

constexpr std::string_view kFileMark = "Integrity checksum changed for: '";

struct IntegrityLine {
  std::string_view mark;
  RecordField field;
};
// Lines of an integrity alert that readers take for fields (docs/formats/alerts-log.md).
constexpr std::array<IntegrityLine, 8> kIntegrityLines = {
    {{"Old md5sum was: ", RecordField::OldMd5},
     {"New md5sum is : ", RecordField::NewMd5},
     {"Old sha1sum was: ", RecordField::OldSha1},
     {"New sha1sum is : ", RecordField::NewSha1},
     {"Size changed from ", RecordField::SizeChange},
     {"Ownership was ", RecordField::OwnerChange},
     {"Group ownership was ", RecordField::GroupChange},
     {"Permissions changed from ", RecordField::PermissionsChange}}};

const IntegrityLine* integrity_line(std::string_view line) {
  for (const IntegrityLine& known : kIntegrityLines) {
    if (line.starts_with(known.mark)) return &known;
  }
  return nullptr;
}

// Calls take(line) for each line; the line feed at the end of a text that the server built is no line of its own.
template <class Take>
void each_line(std::string_view text, Take take) {
  if (text.ends_with('\n')) text.remove_suffix(1);
  for (size_t begin = 0;;) {
    const size_t end = text.find('\n', begin);
    take(text.substr(begin, end == std::string_view::npos ? end : end - begin));
    if (end == std::string_view::npos) return;
    begin = end + 1;
  }
}

// Appends fields as long as there is room, and remembers when there was none.
class Fields {
 public:
  explicit Fields(std::string& out) : out_(out), begin_(out.size()) {}

  bool cut() const { return cut_; }
  void always(RecordField field, std::string_view text) {
    if (out_.size() - begin_ + text.size() + kRoom <= model::kMaxRecord) {
      model::append_record_field(out_, field, text);
    } else {
      cut_ = true;
    }
  }
  // Fields with their tags and lengths.
  void encoded(std::string_view fields) {
    if (out_.size() - begin_ + fields.size() + kRoom <= model::kMaxRecord) {
      out_.append(fields);
    } else {
      cut_ = true;
    }
  }
  void if_set(RecordField field, std::string_view text) {
    if (text.data() != nullptr) always(field, text);
  }
  void if_any(RecordField field, std::string_view text) {
    if (!text.empty()) always(field, text);
  }

 private:
  static constexpr size_t kRoom = 64;  // the head, and one field's own bytes

  std::string& out_;
  size_t begin_;
  bool cut_ = false;
};

}  // namespace

void RecordWriter::alert(std::string& out, const model::Alert& alert, const RecordExtras& extras) {
  model::RecordHead head;
  head.mail = alert.rule->mail;
  head.level = alert.rule->level;
  head.rule = alert.rule->id;
  head.time = alert.event->time;
  head.stored_time = extras.stored_time;
  head.number = alert.number;
  head.id = extras.id;
  const size_t begin = out.size();
  model::append_record_head(out, head);
  if (texts(out, alert)) return;
  // The head again, with the mark that something is missing.
  head.cut = true;
  joined_.clear();
  model::append_record_head(joined_, head);
  out.replace(begin, joined_.size(), joined_);
}

const RecordWriter::Front& RecordWriter::front_of(const model::Alert& a) {
  const model::Event& e = *a.event;
  const auto [it, is_new] = fronts_.try_emplace(a.rule);
  Front& front = it->second;
  if (is_new) front.integrity = a.rule->group.find("syscheck") != std::string::npos;
  const int64_t second = base::unix_seconds(e.time);
  const bool one_text = origin_is_location(e);
  const bool same = front.second == second && front.origin_is_location == one_text && front.location == e.location &&
                    front.hostname == e.hostname;
  if (same && !front.bytes.empty()) return front;
  front.second = second;
  front.origin_is_location = one_text;
  front.hostname = e.hostname;
  front.location = e.location;
  front.bytes.clear();
  model::append_record_field(front.bytes, RecordField::Group, joined_.assign(" ").append(a.rule->group));
  model::append_record_field(front.bytes, RecordField::Date, time_.ossec(e.time));
  joined_.clear();
  if (!one_text) joined_.append(e.hostname).append("->");
  model::append_record_field(front.bytes, RecordField::Location, joined_.append(e.location));
  if (a.rule->description) model::append_record_field(front.bytes, RecordField::Description, *a.rule->description);
  return front;
}

bool RecordWriter::texts(std::string& out, const model::Alert& a) {
  const model::Event& e = *a.event;
  Fields fields(out);
  const Front& front = front_of(a);
  fields.encoded(front.bytes);
  fields.if_set(RecordField::SrcIp, e.field(Field::SrcIp));
  fields.if_set(RecordField::SrcPort, e.field(Field::SrcPort));
  fields.if_set(RecordField::DstIp, e.field(Field::DstIp));
  fields.if_set(RecordField::DstPort, e.field(Field::DstPort));
  fields.if_set(RecordField::User, e.field(Field::DstUser));
  fields.if_any(RecordField::SrcUser, e.field(Field::SrcUser));
  fields.if_any(RecordField::Url, e.field(Field::Url));
  fields.if_any(RecordField::Action, e.field(Field::Action));
  fields.if_any(RecordField::Status, e.field(Field::Status));
  fields.if_any(RecordField::Host, agent_parts(e).name);
  fields.if_any(RecordField::Program, e.program_name);
  if (e.decoder) fields.if_any(RecordField::Decoder, e.decoder->name);
  if (e.actor) fields.always(RecordField::Actor, e.actor->json());

  bool first = true;
  each_line(e.full_log, [&](std::string_view line) {
    const IntegrityLine* const known = front.integrity ? integrity_line(line) : nullptr;
    if (known != nullptr) return fields.always(known->field, line.substr(known->mark.size()));
    if (front.integrity && first && line.size() > kFileMark.size() && line.starts_with(kFileMark)) {
      fields.always(RecordField::Filename, line.substr(kFileMark.size(), line.size() - kFileMark.size() - 1));
    }
    fields.always(RecordField::Log, line);
    first = false;
  });
  for (const std::string_view text : a.previous) {
    each_line(text, [&](std::string_view line) { fields.always(RecordField::Log, line); });
  }
  return !fields.cut();
}

}  // namespace gander::output
