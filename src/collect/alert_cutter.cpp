// ossecalert: the alerts.log of another installation; each alert becomes one line that the analysis takes over.
#include <algorithm>

#include "collect/record_cutter.h"

namespace gander::collect {
namespace {

using model::Compat;

class AlertBlocks final : public RecordCutter {
 public:
  explicit AlertBlocks(const CutterOptions& o) : compat_(o.compat), longest_(o.longest) {}

  void line(std::string_view line, uint64_t at, CutList& out) override {
    if (line.starts_with("** Alert ")) {
      finish(out);
      begin(at);
    } else if (next_ == Next::Nothing) {
      if (!line.empty()) out.refuse();
    } else if (line.empty()) {
      finish(out);
    } else {
      take(line, out);
    }
  }
  void finish(CutList& out) override {
    if (next_ == Next::Nothing) return;
    if (next_ == Next::Fields) {
      send(out);
    } else {
      out.refuse();
    }
    forget();
  }
  std::optional<uint64_t> open_at() const override {
    return next_ == Next::Nothing ? std::nullopt : std::optional(at_);
  }
  void forget() override {
    next_ = Next::Nothing;
    std::string().swap(log_);
  }
  Unfinished unfinished() const override { return Unfinished::AtRotation; }
  void end_pass(CutList& /*out*/) override {}
  bool one_a_pass() const override { return true; }

 private:
  enum class Next { Nothing, Place, Rule, Fields };
  static constexpr size_t kOssecLog = 1594;
  static constexpr size_t kOssecText = 2048;

  void begin(uint64_t at) {
    next_ = Next::Place;
    at_ = at;
    lines_ = 0;
    srcip_.clear();
    user_.clear();
    cut_ = false;
  }
  void take(std::string_view line, CutList& out) {
    switch (next_) {
      case Next::Place:
        if (line.size() <= kDate) return damaged(out);
        location_.assign(line.substr(kDate));
        next_ = Next::Rule;
        return;
      case Next::Rule:
        if (!take_rule(line)) return damaged(out);
        next_ = Next::Fields;
        return;
      default:
        if (lines_ == 0 && take_field(line)) return;
        ++lines_;
        if (log_.size() + line.size() + 1 > longest_) {
          cut_ = true;
          line = line.substr(0, longest_ - std::min(longest_, log_.size() + 1));
        }
        log_.append(line).push_back('\n');
    }
  }
  void damaged(CutList& out) {
    out.refuse();
    forget();
  }
  // "Rule: 5715 (level 3) -> 'Words'"
  bool take_rule(std::string_view line) {
    constexpr std::string_view kRule = "Rule: ";
    constexpr std::string_view kLevel = " (level ";
    constexpr std::string_view kArrow = ") -> '";
    const size_t level = line.find(kLevel);
    const size_t arrow = line.find(kArrow);
    if (!line.starts_with(kRule) || level == std::string_view::npos || arrow == std::string_view::npos || arrow < level)
      return false;
    rule_.assign(line.substr(kRule.size(), level - kRule.size()));
    level_.assign(line.substr(level + kLevel.size(), arrow - level - kLevel.size()));
    words_.assign(line.substr(arrow + kArrow.size()));
    if (words_.ends_with('\'')) words_.pop_back();
    return true;
  }
  // Headings come before the log only: what an attacker writes into a log is none.
  bool take_field(std::string_view line) {
    constexpr std::string_view kSource = "Src IP: ";
    constexpr std::string_view kUser = "User: ";
    constexpr std::string_view kOthers[] = {"Src Location: ", "Src Port: ", "Dst IP: ", "Dst Location: ", "Dst Port: "};
    if (line.starts_with(kSource)) {
      srcip_.assign(line.substr(kSource.size()));
      return true;
    }
    if (line.starts_with(kUser)) {
      user_.assign(line.substr(kUser.size()));
      return true;
    }
    return std::any_of(std::begin(kOthers), std::end(kOthers), [&](std::string_view o) { return line.starts_with(o); });
  }
  void send(CutList& out) {
    text_.assign("ossec: Alert Level: ").append(level_).append("; Rule: ").append(rule_);
    text_.append(" - ").append(words_).append("; Location: ").append(location_).append("; ");
    if (!srcip_.empty() && !srcip_.starts_with("(no")) text_.append("srcip: ").append(srcip_).append("; ");
    if (!user_.empty() && !user_.starts_with("(no")) text_.append("user: ").append(user_).append("; ");
    if (lines_ == 1) log_.pop_back();
    if (compat_ == Compat::Ossec43 && log_.size() > kOssecLog) {
      log_.resize(kOssecLog);
      log_.append("...");
    }
    text_.append(" ").append(log_);
    if (compat_ == Compat::Ossec43 && text_.size() > kOssecText) text_.resize(kOssecText);
    out.add_copy(text_, at_);
    if (cut_) ++out.truncated;
  }

  static constexpr size_t kDate = 21;  // "2024 Mar 05 10:00:00 "

  Compat compat_;
  size_t longest_;
  Next next_ = Next::Nothing;
  uint64_t at_ = 0;
  int lines_ = 0;
  bool cut_ = false;
  std::string location_;
  std::string rule_;
  std::string level_;
  std::string words_;
  std::string srcip_;
  std::string user_;
  std::string log_;
  std::string text_;
};

}  // namespace

std::unique_ptr<RecordCutter> make_alert_cutter(std::string_view log_format, const CutterOptions& options) {
  if (log_format == "ossecalert") return std::make_unique<AlertBlocks>(options);
  return nullptr;
}

}  // namespace gander::collect
