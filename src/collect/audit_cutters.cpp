// Records held together by an id of their own: the kernel's audit log and ModSecurity's.
#include <algorithm>

#include "collect/open_record.h"
#include "collect/record_cutter.h"

namespace gander::collect {
namespace {

using model::Compat;
constexpr size_t kOssecDatagram = 6143;

class AuditLines final : public RecordCutter {
 public:
  explicit AuditLines(const CutterOptions& o)
      : compat_(o.compat), open_(o.compat == Compat::Ossec43 ? kOssecDatagram : o.longest) {}

  void line(std::string_view line, uint64_t at, CutList& out) override {
    const std::string_view id = id_of(line);
    if (id.data() == nullptr) {
      finish(out);
      out.refuse("discarding audit message because of invalid syntax");
      return;
    }
    if (open_.is_open() && id == id_) {
      if (compat_ == Compat::Ossec43 && ++lines_ > kOssecLines) {
        out.refuse("discarding audit message because cache is full");
        return;
      }
      open_.append(line);
    } else {
      finish(out);
      open_.begin(line, at);
      id_.assign(id);
      lines_ = 1;
    }
    if (compat_ == Compat::Mended && line.starts_with("type=EOE ")) finish(out);
  }
  void finish(CutList& out) override { open_.send(out); }
  std::optional<uint64_t> open_at() const override { return open_.at(); }
  void forget() override { open_.drop(); }

 private:
  static constexpr int kOssecLines = 16;
  static constexpr size_t kOssecId = 63;

  std::string_view id_of(std::string_view line) const {
    constexpr std::string_view kBegin = "msg=audit(";
    if (!line.starts_with("type=")) return {};
    const size_t begin = line.find(kBegin);
    if (begin == std::string_view::npos) return {};
    const std::string_view rest = line.substr(begin + kBegin.size());
    const size_t end = rest.find("): ");
    // auditd writes "type=EOE msg=audit(…): " with the blank; tools that trim lines leave it out.
    const size_t size = end != std::string_view::npos ? end : rest.ends_with("):") ? rest.size() - 2 : end;
    if (size == std::string_view::npos) return {};
    return rest.substr(0, compat_ == Compat::Ossec43 ? std::min(size, kOssecId) : size);
  }

  Compat compat_;
  OpenRecord open_;
  std::string id_;
  int lines_ = 0;
};

// From `--ID-A--` to `--ID-Z--` of the same id; boundaries with other ids inside are content that a client sent.
class ModsecEntries final : public RecordCutter {
 public:
  explicit ModsecEntries(const CutterOptions& o)
      : compat_(o.compat), open_(o.compat == Compat::Ossec43 ? kOssecDatagram : o.longest) {}

  void line(std::string_view line, uint64_t at, CutList& out) override {
    const Boundary b = boundary(line);
    if (!open_.is_open()) {
      if (b.section != 'A') {
        if (!line.empty()) out.refuse();
        return;
      }
      open_.begin(line, at);
      id_.assign(b.id);
      lines_ = 1;
      return;
    }
    if (compat_ == Compat::Ossec43) {
      if (++lines_ > kOssecLines) {
        out.refuse("ModSecurity audit entry exceeded 96 lines");
        open_.drop();
        return;
      }
      open_.append_if_fits(line);
    } else {
      open_.append(line);
    }
    // An entry that never ends (its server died) must not swallow all that follow.
    const bool endless = compat_ == Compat::Mended && open_.is_full();
    if (endless || (b.section == 'Z' && b.id == id_)) open_.send(out);
  }
  void finish(CutList& out) override { open_.send(out); }
  std::optional<uint64_t> open_at() const override { return open_.at(); }
  void forget() override { open_.drop(); }
  void end_pass(CutList& /*out*/) override {}  // the entry waits for its end
  Unfinished unfinished() const override { return Unfinished::AtRotation; }

 private:
  static constexpr int kOssecLines = 96;
  static constexpr size_t kLongestId = 63;
  struct Boundary {
    std::string_view id;
    char section = 0;
  };

  static Boundary boundary(std::string_view line) {
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.size() < 7 || !line.starts_with("--") || !line.ends_with("--")) return {};
    line.remove_prefix(2);
    line.remove_suffix(2);
    const size_t id = line.size() - 2;
    if (line[id] != '-' || id == 0 || id > kLongestId) return {};
    const bool plain = std::all_of(line.begin(), line.begin() + static_cast<std::ptrdiff_t>(id), [](char c) {
      return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    });
    if (!plain) return {};
    return {line.substr(0, id), line[id + 1]};
  }

  Compat compat_;
  OpenRecord open_;
  std::string id_;
  int lines_ = 0;
};

}  // namespace

std::unique_ptr<RecordCutter> make_audit_cutter(std::string_view log_format, const CutterOptions& options) {
  if (log_format == "audit") return std::make_unique<AuditLines>(options);
  if (log_format == "modsec-audit") return std::make_unique<ModsecEntries>(options);
  return nullptr;
}

}  // namespace gander::collect
