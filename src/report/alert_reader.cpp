#include "report/alert_reader.h"

#include <optional>
#include <utility>

#include "report/alert_assembler.h"
#include "report/json_alert.h"
#include "report/line_pieces.h"

namespace gander::report {

struct AlertReader::Impl {
  enum class Form { Unknown, Text, Json };

  Impl(model::Compat c, std::string name, Sink s, Problem p)
      : compat(c), program(std::move(name)), sink(std::move(s)), problem(std::move(p)), pieces(compat, kMaxLine) {
    form = compat == model::Compat::Ossec43 ? Form::Text : Form::Unknown;
    if (compat == model::Compat::Ossec43) {
      text = std::make_unique<OssecAssembler>(program, counters, sink, problem);
    } else {
      text = std::make_unique<MendedAssembler>(program, counters, sink, problem);
    }
  }

  void look_at(std::string_view bytes) {
    const size_t first = bytes.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos) return;
    form = bytes[first] == '{' || bytes[first] == '[' ? Form::Json : Form::Text;
    pieces.set_limit(form == Form::Json ? kMaxAlert : kMaxLine);
  }

  void line(std::string_view bytes) {
    ++counters.lines;
    if (form != Form::Json) {
      text->line(bytes);
      return;
    }
    const bool good = json.read(bytes, [this](const model::StoredAlert& alert) {
      ++counters.alerts;
      sink(alert);
    });
    if (!good && ++counters.damaged <= MendedAssembler::kMostMessages) {
      problem(program + ": ERROR: line " + std::to_string(counters.lines) + ": not an alert in JSON; it is left out");
    }
  }

  model::Compat compat;
  std::string program;
  Sink sink;
  Problem problem;
  ReadCounters counters;
  LinePieces pieces;
  Form form = Form::Unknown;
  std::unique_ptr<AlertAssembler> text;
  JsonAlerts json;
};

AlertReader::AlertReader(model::Compat compat, std::string program, Sink sink, Problem problem)
    : impl_(std::make_unique<Impl>(compat, std::move(program), std::move(sink), std::move(problem))) {}
AlertReader::AlertReader(AlertReader&&) noexcept = default;
AlertReader::~AlertReader() = default;

void AlertReader::feed(std::string_view bytes) {
  if (impl_->form == Impl::Form::Unknown) impl_->look_at(bytes);
  const uint64_t cut = impl_->pieces.cut();
  impl_->pieces.feed(bytes, [this](std::string_view line) { impl_->line(line); });
  impl_->counters.cut += impl_->pieces.cut() - cut;
}

void AlertReader::finish() {
  impl_->pieces.finish([this](std::string_view line) { impl_->line(line); });
  impl_->text->finish();
  if (impl_->compat == model::Compat::Mended) impl_->form = Impl::Form::Unknown;
}

const ReadCounters& AlertReader::counters() const {
  return impl_->counters;
}

}  // namespace gander::report
