// JsonWriter: alerts.json and archives.json, one object a line, to the byte.
//
// Under Compat::Ossec43 the bytes are OSSEC's. Mended, the output is always valid JSON in UTF-8 and no key occurs
// twice: a decoder's field that has the name of another key is put under "fields.NAME".
//
// Owns:    its settings and working memory.
// Threads: one thread.
// Source:  docs/formats/alerts-json.md, archives.md.
#pragma once

#include <map>

#include "base/json_text.h"
#include "output/alert_time.h"
#include "output/alert_writer.h"

namespace gander::output {

class JsonWriter final : public AlertWriter {
 public:
  JsonWriter(model::Compat compat, base::TimeZone zone);

  void begin(std::string&) override {}
  void alert(std::string& out, const model::Alert& alert) override;
  void end(std::string&) override {}
  // One line of archives.json; `alert` is null for an event that raised none.
  void archive(std::string& out, const model::Event& event, const model::Alert* alert);

 private:
  void rule(base::JsonBuilder& json, const model::RuleInfo& rule, uint64_t fired_times, std::string_view log);
  void compliance(base::JsonBuilder& json, std::string_view groups);
  void rootcheck_lists(base::JsonBuilder& json, std::string_view log);
  void event_fields(base::JsonBuilder& json, const model::Alert& alert);
  void named_fields(base::JsonBuilder& json, const model::Event& event);
  std::string_view free_name(std::string_view name);
  void file_keys(base::JsonBuilder& json, const model::FileChange& file);
  void actor_keys(base::JsonBuilder& json, const model::Event& e) const;
  void decoder_description(base::JsonBuilder& json, const model::DecoderInfo* decoder, std::string_view key);

  bool mended_;
  AlertTime time_;
  std::string id_;
  std::map<std::string, unsigned, std::less<>> names_;  // given out in one object, with the repeats of each
};

}  // namespace gander::output
