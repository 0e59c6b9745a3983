// Records of several lines that are joined: multi-line:N, multi-line_indented, mssql_log, postgresql_log, snort-full.
#include <algorithm>

#include "collect/open_record.h"
#include "collect/record_cutter.h"

namespace gander::collect {
namespace {

using model::Compat;
constexpr size_t kOssecRecord = 5887;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

class GroupCutter : public RecordCutter {
 public:
  explicit GroupCutter(const CutterOptions& o)
      : compat_(o.compat), open_(o.compat == Compat::Ossec43 ? kOssecRecord : o.longest) {}

  void finish(CutList& out) override { open_.send(out); }
  std::optional<uint64_t> open_at() const override { return open_.at(); }
  void forget() override { open_.drop(); }

 protected:
  Compat compat_;
  OpenRecord open_;
};

class CountedLines final : public GroupCutter {
 public:
  explicit CountedLines(const CutterOptions& o) : GroupCutter(o), wanted_(std::max(o.lines, 1)) {}

  void line(std::string_view line, uint64_t at, CutList& out) override {
    if (open_.is_open()) {
      open_.append(line);
    } else {
      open_.begin(line, at);
    }
    if (++count_ < wanted_) return;
    open_.send(out);
    // OSSEC 4.3 counts on to the end of the pass: each further line is an event.
    if (compat_ == Compat::Mended) count_ = 0;
  }
  void finish(CutList& out) override {
    GroupCutter::finish(out);
    count_ = 0;
  }
  void forget() override {
    GroupCutter::forget();
    count_ = 0;
  }
  void end_pass(CutList& /*out*/) override { forget(); }
  Unfinished unfinished() const override { return Unfinished::AtRotation; }

 private:
  int wanted_;
  int count_ = 0;
};

class IndentedLines final : public GroupCutter {
 public:
  using GroupCutter::GroupCutter;

  void line(std::string_view line, uint64_t at, CutList& out) override {
    const bool indented = !line.empty() && (line[0] == ' ' || line[0] == '\t');
    if (indented && open_.is_open()) {
      compat_ == Compat::Ossec43 ? open_.append_if_fits(line) : open_.append(line);
      return;
    }
    open_.send(out);
    if (!line.empty()) open_.begin(line, at);
  }
};

class MssqlLines final : public GroupCutter {
 public:
  using GroupCutter::GroupCutter;

  void line(std::string_view line, uint64_t at, CutList& out) override {
    if (is_stamped(line)) {
      open_.send(out);
      open_.begin(line, at);
    } else if (line.size() >= 2) {
      open_.is_open() ? open_.append(line) : open_.begin(line, at);
    } else if (!line.empty()) {
      out.refuse();
    }
  }

 private:
  static bool is_stamped(std::string_view l) {
    return l.size() >= 19 && std::all_of(l.begin(), l.begin() + 4, is_digit) && l[4] == '-' && l[7] == '-' &&
           l[10] == ' ' && l[13] == ':' && l[16] == ':';
  }
};

class PostgresqlLines final : public GroupCutter {
 public:
  using GroupCutter::GroupCutter;

  void line(std::string_view line, uint64_t at, CutList& out) override {
    if (is_stamped(line)) {
      open_.send(out);
      open_.begin(line, at);
    } else if (open_.is_open() && line.size() >= 2 && line[0] == '\t') {
      open_.append(line);
    } else {
      out.refuse();
    }
  }

 private:
  static bool is_stamped(std::string_view l) {
    return l.size() >= 32 && l[0] == '[' && is_digit(l[1]) && l[5] == '-' && l[8] == '-' && l[11] == ' ' &&
           is_digit(l[12]) && l[14] == ':' && l[17] == ':';
  }
};

// Snort's full alerts: name, class, then date and addresses; what follows (protocol, references) is passed over.
class SnortAlerts final : public GroupCutter {
 public:
  using GroupCutter::GroupCutter;

  void line(std::string_view line, uint64_t at, CutList& out) override {
    if (line.starts_with("[**] [")) {
      if (open_.is_open()) refuse_open(out);
      open_.begin(line, at);
      has_class_ = false;
      return;
    }
    if (!open_.is_open()) return;
    if (!has_class_ && line.starts_with("[Classification: ")) {
      open_.append(line, {});
      has_class_ = true;
    } else if (!has_class_ && line.starts_with("[Priority: ")) {
      open_.append(kNoClass, {});
      has_class_ = true;
    } else if (is_date(line)) {
      if (!has_class_) open_.append(kNoClass, {});
      open_.append(line.substr(line.find(' ') + 1), {});
      open_.send(out);
    } else {
      out.refuse();
      refuse_open(out);
    }
  }

 private:
  static constexpr std::string_view kNoClass = "[Classification: Preprocessor] [Priority: 3] ";

  static bool is_date(std::string_view l) {
    return l.size() > 6 && l[2] == '/' && l[5] == '-' && l.find(' ') != std::string_view::npos;
  }
  void refuse_open(CutList& out) {
    out.refuse("Bad formatted snort full file.");
    open_.drop();
  }

  bool has_class_ = false;
};

}  // namespace

std::unique_ptr<RecordCutter> make_group_cutter(std::string_view log_format, const CutterOptions& options) {
  if (log_format == "multi-line") return std::make_unique<CountedLines>(options);
  if (log_format == "multi-line_indented") return std::make_unique<IndentedLines>(options);
  if (log_format == "mssql_log") return std::make_unique<MssqlLines>(options);
  if (log_format == "postgresql_log") return std::make_unique<PostgresqlLines>(options);
  if (log_format == "snort-full" && options.compat == Compat::Mended) return std::make_unique<SnortAlerts>(options);
  return nullptr;
}

}  // namespace gander::collect
