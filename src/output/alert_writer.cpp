#include "output/alert_writer.h"

#include <array>
#include <utility>

#include "output/csv_writer.h"
#include "output/ecs_writer.h"
#include "output/json_writer.h"
#include "output/line_writer.h"
#include "output/text_writer.h"

namespace gander::output {
namespace {

constexpr std::array<std::pair<std::string_view, Format>, 5> kFormats = {{{"text", Format::Text},
                                                                          {"json", Format::Json},
                                                                          {"ndjson", Format::Ndjson},
                                                                          {"csv", Format::Csv},
                                                                          {"line", Format::Line}}};
constexpr std::array<std::pair<std::string_view, Schema>, 2> kSchemas = {
    {{"ossec", Schema::Ossec}, {"ecs", Schema::Ecs}}};

template <class Table>
auto find_word(const Table& table, std::string_view word) -> std::optional<decltype(table[0].second)> {
  for (const auto& [name, value] : table) {
    if (name == word) return value;
  }
  return std::nullopt;
}

// One array around the objects of another writer.
class ArrayWriter final : public AlertWriter {
 public:
  explicit ArrayWriter(std::unique_ptr<AlertWriter> objects) : objects_(std::move(objects)) {}

  void begin(std::string& out) override {
    out.push_back('[');
    empty_ = true;
  }
  void alert(std::string& out, const model::Alert& alert) override {
    out.append(empty_ ? "\n" : ",\n");
    empty_ = false;
    objects_->alert(out, alert);
    out.pop_back();  // the object's line feed
  }
  void end(std::string& out) override { out.append(empty_ ? "]\n" : "\n]\n"); }

 private:
  std::unique_ptr<AlertWriter> objects_;
  bool empty_ = true;
};

std::unique_ptr<AlertWriter> make_objects(Schema schema, WriterOptions options) {
  if (schema == Schema::Ecs) return std::make_unique<EcsWriter>();
  return std::make_unique<JsonWriter>(options.compat, std::move(options.zone));
}

}  // namespace

std::optional<Format> format_from(std::string_view word) {
  return find_word(kFormats, word);
}

std::optional<Schema> schema_from(std::string_view word) {
  return find_word(kSchemas, word);
}

std::unique_ptr<AlertWriter> make_alert_writer(Format format, Schema schema, WriterOptions options) {
  switch (format) {
    case Format::Json:
      return std::make_unique<ArrayWriter>(make_objects(schema, std::move(options)));
    case Format::Ndjson:
      return make_objects(schema, std::move(options));
    case Format::Csv:
      return std::make_unique<CsvWriter>(std::move(options.zone));
    case Format::Line:
      return std::make_unique<LineWriter>(std::move(options.zone), options.colour, options.width);
    case Format::Text:
      break;
  }
  return std::make_unique<TextWriter>(options.compat, std::move(options.zone), std::move(options.custom_format));
}

}  // namespace gander::output
